"""`tzurot preset`: a model and how it is asked, and whom that counts for."""

from collections.abc import Awaitable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from tzurot_cli import handing, moving_in, setting
from tzurot_cli.calling import Json, call, collect
from tzurot_cli.console import as_json, clean, one_line, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.google.protobuf import FieldMask
from tzurot_client.gen.tzurot.session.v1 import ExplainedSetting, Off, SettingValue
from tzurot_client.gen.tzurot.wallet.v1 import (
    AdvancedParameters,
    ClonePresetRequest,
    CreatePresetRequest,
    DeletePresetRequest,
    ExplainPresetFileRequest,
    ExplainPresetFileResponse,
    ExportPresetRequest,
    GetPresetRequest,
    ListPresetsRequest,
    ListPresetsResponse,
    ModelProvider,
    Preset,
    PublishPresetRequest,
    UpdatePresetRequest,
)

app = typer.Typer(help="A model and how it is asked.", no_args_is_help=True)

_RATIOS = ("temperature", "top_p", "min_p", "top_a")
_PENALTIES = ("frequency_penalty", "presence_penalty", "repetition_penalty")
_WHOLE = ("top_k", "seed", "max_tokens")
_WORDS = ("verbosity", "reasoning")
_MOST = 10_000  # presets in a list
NAMES = tuple(sorted((*_RATIOS, *_PENALTIES, *_WHOLE, *_WORDS, "stop", "logit_bias")))


class Provider(StrEnum):
    """Where a model runs, as it is typed."""

    ANYWHERE = "anywhere"
    OPENROUTER = "openrouter"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    MISTRAL = "mistral"
    GEMINI = "gemini"
    COMPATIBLE = "compatible"
    CONFIGURED = "configured"
    OLLAMA = "ollama"


Which = Annotated[str, typer.Argument(metavar="PRESET", help="Its name or id.")]
Model = Annotated[str | None, typer.Option(help="The model; empty: whichever answers otherwise.")]
Where = Annotated[Provider | None, typer.Option("--provider", help="Where the model has to run.")]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A parameter, as `temperature=0.7`. Can be repeated."
    ),
]
NotSent = Annotated[
    list[str] | None,
    typer.Option("--off", metavar="NAME", help="Not sent at all. Can be repeated."),
]


@app.command("create")
def create(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    model: Model = None,
    provider: Where = None,
    sets: Sets = None,
    off: NotSent = None,
    json: Json = False,
) -> None:
    """Make a preset."""
    parameters = _changed(AdvancedParameters(), sets or [], off or [], [])
    preset = Preset(
        name=name, model=model or "", provider=_provider(provider), parameters=parameters
    )
    request = CreatePresetRequest(preset=preset, request_id=str(uuid4()))
    made = call(context, lambda client: client.preset.create_preset(request)).preset
    _tell(made or Preset(), as_document=json)


@app.command("show")
def show(context: typer.Context, which: Which, json: Json = False) -> None:
    """Show a preset, and what of it would come to nothing for you."""

    async def shown(client: Client) -> Preset:
        return await _whole(client, await _named(client, which))

    _tell(call(context, shown), as_document=json)


@app.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List your presets and those that are everybody's, newest first."""
    found = call(context, _all)
    if json:
        show_json({"presets": [as_json(it) for it in found]})
        return
    show_table(
        ("preset", "model", "sets", "whose"),
        ((it.name, it.model or "any", ", ".join(_said(it)), _whose(it)) for it in found),
    )


@app.command("edit")
def edit(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    which: Which,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    model: Model = None,
    provider: Where = None,
    sets: Sets = None,
    off: NotSent = None,
    unset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Said nothing of any more. Can be repeated."),
    ] = None,
    json: Json = False,
) -> None:
    """Change what the options name; the rest stays."""

    async def changed(client: Client) -> Preset:
        now = await _named(client, which)
        given = {"name": name, "model": model, "provider": provider}
        paths = [path for path, value in given.items() if value is not None]
        parameters = now.parameters or AdvancedParameters()
        if sets or off or unset:
            paths.append("parameters")
            parameters = _changed(parameters, sets or [], off or [], unset or [])
        if not paths:
            raise CommandFailed("Say what to change: --name, --model, --set, --off or --unset.")
        preset = Preset(
            name=name or "",
            model=now.model if model is None else model,
            provider=now.provider if provider is None else _provider(provider),
            parameters=parameters,
            etag=now.etag,
        )
        mask = FieldMask(paths=paths)
        request = UpdatePresetRequest(preset_id=now.id, preset=preset, update_mask=mask)
        return (await client.preset.update_preset(request)).preset or Preset()

    _tell(call(context, changed), as_document=json)


@app.command("clone")
def clone(
    context: typer.Context,
    which: Which,
    name: Annotated[str, typer.Option(help="What to call the new one.")] = "",
    json: Json = False,
) -> None:
    """Make one of your own that says the same."""

    async def cloned(client: Client) -> Preset:
        preset = await _named(client, which)
        request = ClonePresetRequest(preset_id=preset.id, name=name, request_id=str(uuid4()))
        return (await client.preset.clone_preset(request)).preset or Preset()

    _tell(call(context, cloned), as_document=json)


@app.command("delete")
def delete(context: typer.Context, which: Which, json: Json = False) -> None:
    """Delete one of yours. Wherever it was chosen, what was decided before counts again."""

    async def deleted(client: Client) -> Preset:
        preset = await _named(client, which)
        await client.preset.delete_preset(DeletePresetRequest(preset_id=preset.id))
        return preset

    gone = call(context, deleted)
    if json:
        show_json({"deleted": gone.id})
        return
    typer.echo(f"{clean(gone.name)} is deleted.")


@app.command("export")
def export(
    context: typer.Context, which: Which, output: moving_in.Output = None, json: Json = False
) -> None:
    """Write a preset to a file."""

    async def exported(client: Client) -> handing.Handed:
        preset = await _named(client, which)
        request = ExportPresetRequest(preset_id=preset.id)
        found = await client.preset.export_preset(request)
        return handing.Handed(found.file_name, found.content)

    file = call(context, exported)
    handing.tell_written([handing.write(file, output)], as_document=json)


@app.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Of Tzurot, or of SillyTavern.")],
    name: Annotated[str, typer.Option(help="What to call it, instead of its own name.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would come of it, and store nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a preset of a file: one of Tzurot's, or a chat completion preset of SillyTavern's."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path} can't be read: {error.strerror}.") from error

    async def brought(client: Client) -> ExplainPresetFileResponse:
        asked = ExplainPresetFileRequest(content=content, file_name=path.name)
        found = await client.preset.explain_preset_file(asked)
        found.preset = preset = found.preset or Preset()
        preset.name = name or preset.name
        if not preview:
            new = CreatePresetRequest(preset=preset, request_id=str(uuid4()))
            found.preset = (await client.preset.create_preset(new)).preset
        return found

    found = call(context, brought)
    if json:
        show_json(as_json(found))
        return
    _tell(found.preset or Preset(), as_document=False)
    for line in found.left_out:
        typer.echo(f"left out: {one_line(line)}")


@app.command("publish")
def publish(
    context: typer.Context,
    which: Which,
    private: Annotated[bool, typer.Option("--private", help="Yours alone again.")] = False,
    json: Json = False,
) -> None:
    """Make one of yours everybody's to use. For who runs the server."""

    async def published(client: Client) -> Preset:
        preset = await _named(client, which)
        request = PublishPresetRequest(preset_id=preset.id, published=not private)
        return (await client.preset.publish_preset(request)).preset or Preset()

    _tell(call(context, published), as_document=json)


@app.command("default")
def default(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    which: Annotated[
        str | None, typer.Argument(metavar="PRESET", help="Its name or id; off: none counts.")
    ] = None,
    unset: Annotated[
        bool, typer.Option("--unset", help="Decide nothing here any more, instead.")
    ] = False,
    character: setting.Character = None,
    for_one: setting.ForOne = None,
    channel: setting.Channel = None,
    platform: setting.Platform = None,
    bound: setting.Bound = False,
    system: setting.System = False,
    lasts: setting.Lasts = None,
    json: Json = False,
) -> None:
    """Have a preset count: for you, or for whom an option says."""
    place = setting.place_of(channel, platform)
    whom = setting.ForWhom(character, for_one, place, bound, system, lasts)
    tier = setting.unambiguous(whom)
    if (which is None) is not unset:
        raise CommandFailed("Name a preset, or take a decision back with --unset.")

    async def chosen(client: Client) -> ExplainedSetting:
        value = await _value(client, which) if which else None
        return await setting.decided_at(client, tier, "preset", value, quiet=json)

    setting.tell(call(context, chosen), as_document=json)


async def _value(client: Client, which: str) -> SettingValue:
    if which.casefold() == "off":
        return SettingValue(off=Off())
    return SettingValue(choice=(await _named(client, which)).id)


async def _named(client: Client, which: str) -> Preset:
    """The preset of this id or name: among one's own first, then everybody's."""
    if _is_id(which):
        return await _whole(client, Preset(id=which))
    found = [it for it in await _all(client) if it.name.casefold() == which.casefold()]
    if not found:
        sentence = f"There is no preset called {which}; `tzurot preset list` shows them all."
        raise CommandFailed(sentence, reason="PRESET_NOT_FOUND")
    return min(found, key=lambda it: not it.owned)


async def _whole(client: Client, preset: Preset) -> Preset:
    """The same with what of it would come to nothing."""
    request = GetPresetRequest(preset_id=preset.id)
    return (await client.preset.get_preset(request)).preset or Preset()


async def _all(client: Client) -> list[Preset]:
    def page(size: int, token: str) -> Awaitable[ListPresetsResponse]:
        request = ListPresetsRequest(page_size=size, page_token=token)
        return client.preset.list_presets(request)

    return await collect(_MOST, page, lambda found: found.presets)


def _changed(
    now: AdvancedParameters, sets: list[str], off: list[str], unset: list[str]
) -> AdvancedParameters:
    """The same with values, without others; what a value may be is the server's to say."""
    given = {name: text for name, _, text in (it.partition("=") for it in sets)}
    for name in (*given, *off, *unset):
        if name not in NAMES:
            raise CommandFailed(f"There is no parameter `{name}`: there are {', '.join(NAMES)}.")
    kept = _values(now)
    for name in (*off, *unset):
        kept.pop(name, None)
    kept |= {name: _read(name, text) for name, text in given.items()}
    stays = [name for name in now.off if name not in given and name not in unset]
    return AdvancedParameters(**kept, off=sorted({*stays, *off}))


def _values(own: AdvancedParameters) -> dict[str, Any]:
    """What has a value."""
    values = {name: getattr(own, name) for name in NAMES}
    return {name: value for name, value in values.items() if value not in (None, [], {})}


def _read(name: str, text: str) -> object:
    try:
        if name in _WHOLE:
            return int(text)
        if name in _WORDS:
            return text.casefold()
        if name == "stop":
            return [it.replace("\\n", "\n") for it in text.split("|")]
        if name == "logit_bias":
            pairs = (it.partition(":") for it in text.split(","))
            return {token.strip(): float(bias) for token, _, bias in pairs}
        return float(text)
    except ValueError as error:
        raise CommandFailed(f"`{name}` can't be {text}.") from error


def _provider(provider: Provider | None) -> ModelProvider:
    if provider in (None, Provider.ANYWHERE):
        return ModelProvider.UNSPECIFIED
    return ModelProvider[provider.name]


def _said(preset: Preset) -> list[str]:
    """What a preset sets, by name, as it is typed."""
    own = preset.parameters or AdvancedParameters()
    told = dict.fromkeys(own.off, "off")
    told |= {name: _typed(value) for name, value in _values(own).items()}
    return [f"{name}={told[name]}" for name in sorted(told)]


def _typed(value: float | str | list[str] | dict[str, float]) -> str:
    if isinstance(value, list):
        return "|".join(it.replace("\n", "\\n") for it in value)
    if isinstance(value, dict):
        return ",".join(f"{token}:{bias:.12g}" for token, bias in value.items())
    return value if isinstance(value, str) else f"{value:.12g}"


def _whose(preset: Preset) -> str:
    if not preset.id:
        return "nobody's yet"
    whose = "yours" if preset.owned else "everybody's"
    return "yours, everybody's to use" if preset.owned and preset.published else whose


def _tell(preset: Preset, *, as_document: bool) -> None:
    if as_document:
        show_json({"preset": as_json(preset)})
        return
    show_fields(
        {
            "preset": preset.name,
            "id": preset.id,
            "model": preset.model or "whichever answers otherwise",
            "sets": ", ".join(_said(preset)) or "nothing",
            "whose": _whose(preset),
        }
    )
    for warning in preset.warnings:
        typer.echo(f"note: {one_line(warning.message)}")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
