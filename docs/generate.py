"""Writes what `make docs` writes: the settings, the commands, and the pictures of Discord."""

import ast
from itertools import pairwise
from pathlib import Path

from docs import commands
from docs.pictures.render import draw_all
from tzurot.config import Settings
from tzurot.session.settings.settings import SETTINGS, Deciders, Setting, Value

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/reference/settings.md"
_WHO = {
    Deciders.OPERATOR: "who runs the server",
    Deciders.MODERATORS: "they, and moderators of a channel",
    Deciders.EVERYBODY: "everybody",
    Deciders.EDITORS: "editors of the character",
    Deciders.PERSON: "each person for themselves",
}
_HIDDEN = {"home"}  # its default is a function; its text says it


def settings_page() -> str:
    """The page, as Markdown."""
    lines = [
        "# Settings",
        "",
        "Written by `make docs`.",
        "",
        "## Of the server",
        "",
        "From the environment, else from `config.toml` in the home folder (there without the",
        "prefix, in lower case).",
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
    lines += [
        "",
        "## Of conversations",
        "",
        "What people decide with `tzurot setting`, and who may decide it: whoever runs the server",
        "for all of it, moderators for a channel, and where it is everybody's, editors for a",
        "character and persons for themselves. Of two decisions the later one counts, in that",
        "order; what a moderator has bound counts before what persons decide. Of `channel_rate`",
        "the lower one counts. Rates fill up evenly: half of a minute's answers can come at once.",
        "What persons decide for themselves can end by itself (`--for 2h`): as long as it lasts it",
        "counts before what they have decided for good.",
        "",
        "| setting | can be | default | decided by | |",
        "| --- | --- | --- | --- | --- |",
        *(_row(setting) for setting in SETTINGS),
    ]
    return "\n".join(lines) + "\n"


def _row(setting: Setting) -> str:
    default, who = _shown(setting.default), _WHO[setting.deciders]
    return f"| `{setting.key}` | {setting.range} | {default} | {who} | {setting.summary} |"


def _shown(value: Value) -> str:
    match value:
        case None:
            return "off"
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case _:
            return f"{value:g}"


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
    commands.PAGE.write_text(commands.commands_page())
    draw_all()
