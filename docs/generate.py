"""Writes what `make docs` writes: the page of the settings, and the pictures of Discord."""

import ast
from itertools import pairwise
from pathlib import Path

from docs.pictures.render import draw_all
from tzurot.config import Settings

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/reference/settings.md"
_HIDDEN = {"home"}  # its default is a function; its text says it


def settings_page() -> str:
    """The page, as Markdown."""
    lines = [
        "# Settings",
        "",
        "From the environment, else from `config.toml` in the home folder (there without the",
        "prefix, in lower case). Written by `make docs`.",
        "",
        "| variable | default | |",
        "| --- | --- | --- |",
    ]
    texts = _docstrings()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = str(getattr(alias, "choices", [f"TZUROT_{name.upper()}"])[0])
        default = "" if name in _HIDDEN or field.default is None else f"`{field.default}`"
        lines.append(f"| `{variable}` | {default} | {texts[name]} |")
    return "\n".join(lines) + "\n"


def _docstrings() -> dict[str, str]:
    """The string below each field: what the setting does."""
    tree = ast.parse((ROOT / "server/tzurot/config.py").read_text())
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Settings")
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


if __name__ == "__main__":
    PAGE.write_text(settings_page())
    draw_all()
