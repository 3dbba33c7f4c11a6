"""Writes what `make docs` writes: the settings, the commands, and the pictures of Discord."""

import ast
from itertools import pairwise
from pathlib import Path

from docs import commands
from docs.pictures.render import draw_all
from tzurot.config import Settings
from tzurot.llm import parameters
from tzurot.llm.parameters import PARAMETERS, Parameter
from tzurot.llm.speaker import Speaker, SpeakerKind
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
PARAMETERS_PAGE = ROOT / "docs/reference/advanced-parameters.md"
_PLACES = {
    "OpenAI": SpeakerKind.OPENAI,
    "Anthropic": SpeakerKind.ANTHROPIC,
    "Mistral": SpeakerKind.MISTRAL,
    "Gemini": SpeakerKind.GEMINI,
    "Ollama": SpeakerKind.OLLAMA,
    "GGUF file": SpeakerKind.GGUF,
}
_SETTLED_BEFORE = ("max_tokens", "reasoning")  # told to each in its own way
_PARAMETERS = """\
# Advanced parameters

Written by `make docs`.

What a [preset](../how-to/bring-your-own-key.md#presets) sets of a request. Of each, three things
can be said: nothing, so that this server's own value is sent, if it has one; a value, which is
sent as it is; off, so that none is sent and the provider's own counts. 0 and off are not the
same.

The ranges are those that [OpenRouter](https://openrouter.ai/docs/api_reference/parameters)
publishes. What a provider takes beyond its own range it refuses: then the parameter is left out
of that request, and the turn's trace says so.

| parameter | can be | can be off | |
| --- | --- | --- | --- |
{rows}

`max_tokens` can't be off: prompts and budgets reckon with the longest reply. Of it and the
setting `reply_limit` the lower one counts, and neither takes more than half of the model's
window; what a model thinks comes on top. `reasoning` counts where the setting of that name is
`auto`.

## Who knows what

What a model is known not to know is not sent, and a warning says so: where the preset is made,
changed or shown, and in the trace (`tzurot turn inspect`). OpenRouter tells of each model what it
takes. Of the others this is what they publish, and what it is called there. Where nothing is
known all is sent, and what is refused is left out.

| parameter | {places} |
| --- |{rule}
{known}

How much a model is to think is told to those families that [replies](replies.md) names.
"""
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


def parameters_page() -> str:
    """The page of what presets can set, as Markdown."""
    known = [_known(it.name) for it in PARAMETERS if it.name not in _SETTLED_BEFORE]
    return _PARAMETERS.format(
        rows="\n".join(_parameter(it) for it in PARAMETERS),
        places=" | ".join(_PLACES),
        rule=" --- |" * len(_PLACES),
        known="\n".join(known),
    )


def _parameter(it: Parameter) -> str:
    off = "yes" if it.can_be_off else "no"
    return f"| `{it.name}` | {it.range} | {off} | {it.summary} |"


def _known(name: str) -> str:
    """What is sent of a parameter to each provider: the name that it has there."""
    cells: list[str] = []
    for kind in _PLACES.values():
        speaker = Speaker(kind, "", "")
        (sent,) = parameters.fields(speaker, {name: None})
        known = not parameters.not_known(speaker, {name: 1})
        cells.append(("yes" if sent == name else f"`{sent}`") if known else "—")
    return f"| `{name}` | {' | '.join(cells)} |"


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
    PARAMETERS_PAGE.write_text(parameters_page())
    commands.PAGE.write_text(commands.commands_page())
    draw_all()
