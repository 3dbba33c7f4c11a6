"""What README and docs tell people to type works, and the pages that are written are fresh."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from docs.generate import PAGE, PARAMETERS_PAGE, parameters_page, settings_page
from tests import executable
from tests.clients.cli.running import tzurot
from tests.conftest import RunningServer, an_empty_database

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
BIN = Path(sys.executable).parent
FIRST = ("migrate", "token", "serve", "worker")


def commands(page: Path) -> list[list[str]]:
    """The command lines of a page's shell blocks, in order, as words."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.S)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line, comments=True) for line in lines if shlex.split(line, comments=True)]


def rows_of(page: Path) -> set[str]:
    """The lines of a page, however wide their columns are."""
    return {" ".join(line.split()) for line in page.read_text().splitlines()}


def program(command: list[str]) -> str:
    return Path(command[0]).name


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [str(BIN / program(command)), *command[1:]],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def empty_url(postgres: str) -> AsyncIterator[str]:
    async with an_empty_database(postgres) as url:
        yield url


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"`make ([a-z]+)|^make ([a-z]+)", page.read_text(), flags=re.M)
        for target in target
        if target
    }
    assert {"chat", "test", "up"} <= named
    assert named <= targets


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/tutorial/README.md",
        "docs/how-to/discord-bot.md",
        "docs/how-to/moving-from-shapes.md",
        "docs/how-to/bringing-sillytavern.md",
        "docs/how-to/giving-a-character-a-world.md",
        "docs/how-to/your-first-server.md",
        "docs/how-to/your-memories.md",
        "docs/how-to/bringing-memories.md",
    ],
)
async def test_the_clients_commands_of_a_page_work(
    running_server: RunningServer, page: str, tmp_path: Path
) -> None:
    token = {"TZUROT_HOME": str(tmp_path), "TZUROT_TOKEN": running_server.token}
    typed = [c for c in commands(ROOT / page) if program(c) == "tzurot"]
    assert typed
    for command in typed:
        said = "Hello, who are you?\n" if "chat" in command else ""
        words = [str(tmp_path) if word == "/tmp" else word for word in command]  # noqa: S108
        done = await tzurot(
            *words[1:], home=tmp_path, address=running_server.address, said=said, env=token
        )
        assert done.code == 0, f"{' '.join(command)}\n{done.err}"
        if command[1:3] == ["lorebook", "test"] and "--character" in command:
            shown = {" ".join(row.split()) for row in done.out.splitlines() if row.strip()}
            assert shown <= rows_of(ROOT / page)


async def test_the_servers_commands_of_readme_work(empty_url: str) -> None:
    """The executable itself: other tests fork theirs."""
    for command in servers_commands(ROOT / "README.md", *FIRST):
        done = run(without_serving(command), TZUROT_DATABASE_URL=empty_url)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"


async def test_the_servers_commands_of_production_work(empty_url: str, tmp_path: Path) -> None:
    settings = {
        "database_url": empty_url,
        "weaviate_url": "http://127.0.0.1:9",  # nobody is asked there
    }
    page = ROOT / "docs/how-to/production.md"
    for command in servers_commands(page, *FIRST, "rotate-keys", "reindex", "reindex"):
        words = without_serving(command)[1:]
        done = await executable.run(*words, home=tmp_path, **settings)
        assert done.code == 0, f"{' '.join(command)}\n{done.err}"


def servers_commands(page: Path, *words: str) -> list[list[str]]:
    """The page's command lines of the server, which are these."""
    typed = [c for c in commands(page) if program(c) == "tzurot-server"]
    assert [c[1] for c in typed] == [*words]
    return typed


def without_serving(command: list[str]) -> list[str]:
    """What ends by itself stays, of what does not only the help is asked."""
    return [*command, "--help"] if command[1] in ("serve", "worker") else command


def test_the_page_of_the_parameters_is_what_their_declarations_say() -> None:
    assert PARAMETERS_PAGE.read_text() == parameters_page(), "run make docs"


def test_the_page_of_the_settings_is_what_their_declarations_say() -> None:
    assert PAGE.read_text() == settings_page(), "run make docs"
