"""The house stands as docs/decisions say: who may import whom, what is generated, what is written.

Import rules are in pyproject.toml, [tool.importlinter]; here it is tried that they hold, and that
each of them would notice a breach.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import lint
from tests.calling import declared_services
from tests.conftest import Served

ROOT = Path(__file__).parents[1]
ROOTS = (
    "server/tzurot",
    "clients/python/tzurot_client",
    "clients/python/tzurot_bots",
    "clients/cli/tzurot_cli",
    "clients/discord/tzurot_discord",
)
MOST_LINES = {  # hand-written and not blank
    "clients/python/tzurot_client": 350,  # any language can do with as little
    "clients/discord/tzurot_discord": 3_999,  # what does without Discord is in tzurot_bots
}

# What is planted into a copy, and the contract that must notice.
BREACHES = {
    "tzurot_client/errors.py": ("import tzurot.errors", "Clients know the contracts"),
    "tzurot_cli/screen.py": ("import tzurot_discord.bot", "The bot and the terminal know nothing"),
    "tzurot/storage/pagination.py": ("import tzurot.session.turns", "Layers"),
    "tzurot/wallet/paying.py": ("import tzurot.skill.skills", "Layers"),
    "tzurot/session/turn.py": ("import tzurot.memory.store", "are its own: memory"),
    "tzurot/session/prompt/prompt.py": ("import tzurot.account.tables", "are its own: account"),
    "tzurot/session/agent.py": ("import tzurot.personality.wire", "are its own: personality"),
    "tzurot/running.py": ("import tzurot.session.store", "are its own: session"),
    "tzurot/serving.py": ("import tzurot.skill.servicer", "are its own: skill"),
    "tzurot/home.py": ("import tzurot.wallet.wire", "are its own: wallet"),
    "tzurot/config.py": ("import tzurot.flow.store", "are its own: flow"),
    "tzurot/memory/recall.py": ("import tzurot.memory.v1.memory_pb2", "Messages stay at the edge"),
    "tzurot/memory/meaning.py": ("import openai", "library: openai"),
    "tzurot/memory/index/pgvector.py": ("import weaviate", "library: weaviate"),
    "tzurot/session/delivery/delivery.py": ("import discord", "library: discord"),
    "tzurot/skill/skills.py": ("import grpc", "library: grpc"),
    "tzurot/memory/index/outbox.py": ("import procrastinate", "library: procrastinate"),
}


def test_the_import_contracts_hold() -> None:
    result = _lint_imports(ROOT, os.environ)
    assert result.returncode == 0, result.stdout


def test_the_import_contracts_notice_every_planted_breach(tmp_path: Path) -> None:
    copies: dict[str, Path] = {}
    for root in ROOTS:
        copies[Path(root).name] = tmp_path / root
        shutil.copytree(ROOT / root, tmp_path / root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, (line, _) in BREACHES.items():
        package, _, path = name.partition("/")
        planted = copies[package] / path
        planted.write_text(f"{planted.read_text()}\n{line}\n")
    search = os.pathsep.join(str(copy.parent) for copy in copies.values())
    result = _lint_imports(tmp_path, {**os.environ, "PYTHONPATH": search})
    assert str(result.returncode) == "1", result.stdout
    broken = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    for name, (_, contract) in BREACHES.items():
        assert any(contract in line for line in broken), f"{name} went unnoticed by {contract}"
        assert _dotted(name) in result.stdout
    kept = [line for line in result.stdout.splitlines() if " KEPT" in line]
    assert kept == [], "no breach of these is planted"


def test_generated_code_is_what_the_contracts_give() -> None:
    assert lint.stale() == []


@pytest.mark.parametrize("root", ROOTS)
def test_every_package_says_what_it_is(root: str) -> None:
    for init in _written(root, "__init__.py"):
        assert _docstring(init), f"{init} has no docstring"


@pytest.mark.parametrize("root", ROOTS)
def test_every_module_says_what_it_owns(root: str) -> None:
    for module in _written(root, "*.py"):
        assert _docstring(module), f"{module} has no docstring"


@pytest.mark.parametrize("root", ROOTS)
def test_every_folder_with_code_is_a_package_that_the_import_rules_see(root: str) -> None:
    folders = {module.parent for module in _written(root, "*.py")}
    scripts = ROOT / "server/tzurot/storage/migrations"  # Alembic runs these, nobody imports them
    unseen = [
        folder
        for folder in folders
        if not (folder / "__init__.py").exists() and not folder.is_relative_to(scripts)
    ]
    assert unseen == []


@pytest.mark.parametrize("root", MOST_LINES)
def test_a_client_stays_small(root: str) -> None:
    lines = [
        line
        for module in _written(root, "*.py")
        for line in module.read_text().splitlines()
        if line.strip()
    ]
    assert len(lines) <= MOST_LINES[root]


async def test_every_declared_rpc_is_served_and_nothing_else(served: Served) -> None:
    declared = {service.full_name: service for service in declared_services()}
    parts = {it.descriptor.full_name: it for it in served.running.parts.services}
    assert parts.keys() == declared.keys()
    for name, service in declared.items():
        servicer = type(parts[name].servicer)
        for method in service.methods:
            own = next(it for it in servicer.__mro__ if method.name in vars(it))
            assert own is servicer, f"{method.full_name} is declared and not served"


def test_every_contract_file_is_in_a_service_that_is_served() -> None:
    services = sorted((ROOT / "proto/tzurot").rglob("*_service.proto"))
    files = {service.file.name for service in declared_services()}
    assert files == {str(path.relative_to(ROOT / "proto")) for path in services}


def test_every_setting_is_documented_where_it_is_declared() -> None:
    tree = ast.parse((ROOT / "server/tzurot/config.py").read_text())
    (settings,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    ]
    undocumented = [
        node.target.id
        for node, after in zip(settings.body, [*settings.body[1:], None], strict=True)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and not node.target.id.startswith("_")
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
    ]
    assert undocumented == []
    assert any(isinstance(node, ast.AnnAssign) for node in settings.body)


def _lint_imports(
    folder: Path, environment: "os._Environ[str] | dict[str, str]"
) -> "subprocess.CompletedProcess[str]":
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [tool, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _dotted(name: str) -> str:
    return name.removesuffix(".py").replace("/", ".")


def _written(root: str, pattern: str) -> Iterator[Path]:
    """Files of ours below `root`, generated ones left out."""
    for path in sorted((ROOT / root).rglob(pattern)):
        if not {"v1", "gen", "__pycache__"} & set(path.relative_to(ROOT).parts):
            yield path


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text()))
