"""`tzurot setting`: what is decided about conversations, by whom, and what counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import betterproto2
import typer

from tzurot_cli import durations
from tzurot_cli.calling import Json, call, refer
from tzurot_cli.console import as_json, clean, moment, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.session.v1 import (
    ExplainedSetting,
    ExplainSettingsRequest,
    ListSettingsRequest,
    Off,
    Place,
    SetChannelSettingRequest,
    SetPersonalitySettingRequest,
    SetPersonSettingRequest,
    SetSystemSettingRequest,
    Setting,
    SettingKind,
    SettingTier,
    SettingValue,
)

app = typer.Typer(help="What people decide about conversations.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(metavar="KEY", help="As `setting list` shows it.")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="A number, a word, on or off.")]
With = Annotated[
    str | None, typer.Option("--character", help="With this character: its slug, id or name.")
]
Character = Annotated[
    str | None, typer.Option("--character", help="For all who talk with it: its slug, id or name.")
]
ForOne = Annotated[
    str | None,
    typer.Option(
        "--personality", "-p", help="For you, with this character alone: its slug, id or name."
    ),
]
Lasts = Annotated[
    timedelta | None,
    typer.Option(
        "--for",
        parser=durations.read,
        metavar="DURATION",
        help="For you, for so long: 10m, 2h, 7d. Without it: for good.",
    ),
]
Channel = Annotated[
    str | None, typer.Option("--channel", help="In this channel: its id on --platform.")
]
Platform = Annotated[
    str | None, typer.Option("--platform", help="The channel's platform, which has to be yours.")
]
Bound = Annotated[
    bool, typer.Option("--bound", help="With --channel: whatever persons decide for themselves.")
]
System = Annotated[bool, typer.Option("--system", help="For the whole server.")]

TIERS = {
    SettingTier.UNSPECIFIED: "default",
    SettingTier.SYSTEM: "server",
    SettingTier.PERSONALITY: "character",
    SettingTier.CHANNEL: "channel",
    SettingTier.PERSON: "you",
    SettingTier.PERSON_PERSONALITY: "you with it",
}
_FLAGS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class ForWhom:
    """For whom something is decided, as the options say."""

    character: str | None
    for_one: str | None
    place: Place | None
    bound: bool
    system: bool
    lasts: timedelta | None = None


@app.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List all that can be decided."""
    found = call(context, _settings)
    if json:
        show_json({"settings": [as_json(each) for each in found]})
        return
    show_table(
        ("setting", "can be", "default", "who decides", "what it decides"),
        ((s.key, _range(s), shown(s.default_value), _who(s), s.summary) for s in found),
    )


@app.command("show")
def show(
    context: typer.Context,
    character: With = None,
    channel: Channel = None,
    platform: Platform = None,
    json: Json = False,
) -> None:
    """Show what counts for you, and what was decided at each tier."""
    place = place_of(channel, platform)
    found = call(context, lambda client: _explained(client, character, place, quiet=json))
    if json:
        show_json({"settings": [as_json(each) for each in found]})
        return
    tiers = [tier for tier in TIERS if tier is not SettingTier.UNSPECIFIED]
    show_table(
        ("setting", "counts", *(TIERS[tier] for tier in tiers)),
        ((it.key, counted(it), *(_at(it, tier) for tier in tiers)) for it in found),
    )


@app.command("explain")
def explain(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    key: Key,
    character: With = None,
    channel: Channel = None,
    platform: Platform = None,
    json: Json = False,
) -> None:
    """Say what counts of a setting for you, and why."""
    place = place_of(channel, platform)

    async def asked(client: Client) -> tuple[Setting, ExplainedSetting]:
        setting = _named(await _settings(client), key)
        found = {it.key: it for it in await _explained(client, character, place, quiet=json)}
        return setting, found[key]

    setting, found = call(context, asked)
    if json:
        show_json({"setting": as_json(found)})
        return
    by = TIERS[found.source] + (" (bound)" if found.bound else "")
    told = {"setting": found.key, "value": counted(found), "decided by": by}
    if found.passed_over:
        over = (f"{shown(it.value)} (by: {TIERS[it.tier]})" for it in found.passed_over)
        told["gone, or not yours"] = ", ".join(over)
    if found.expire_time:
        told["until"] = moment(found.expire_time)
    show_fields(told)
    chain = [
        (SettingTier.UNSPECIFIED, shown(setting.default_value)),
        *((it.tier, _at(found, it.tier)) for it in found.decided),
    ]
    show_table(
        ("tier", "value", "counts"),
        ((TIERS[tier], value, tier is found.source) for tier, value in chain),
    )


@app.command("set")
def decide(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    key: Key,
    value: Value,
    character: Character = None,
    for_one: ForOne = None,
    channel: Channel = None,
    platform: Platform = None,
    bound: Bound = False,
    system: System = False,
    lasts: Lasts = None,
    json: Json = False,
) -> None:
    """Decide a setting: for you, or for whom an option says."""
    place = place_of(channel, platform)
    tier = unambiguous(ForWhom(character, for_one, place, bound, system, lasts))

    async def decided(client: Client) -> ExplainedSetting:
        setting = _named(await _settings(client), key)
        return await decided_at(client, tier, key, _parsed(setting, value), quiet=json)

    tell(call(context, decided), as_document=json)


@app.command("unset")
def undecide(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    key: Key,
    character: Character = None,
    for_one: ForOne = None,
    channel: Channel = None,
    platform: Platform = None,
    system: System = False,
    json: Json = False,
) -> None:
    """Take a decision back: what was decided before it counts again."""
    tier = unambiguous(ForWhom(character, for_one, place_of(channel, platform), False, system))
    done = call(context, lambda client: decided_at(client, tier, key, None, quiet=json))
    tell(done, as_document=json)


async def _settings(client: Client) -> list[Setting]:
    return (await client.setting.list_settings(ListSettingsRequest())).settings


async def _explained(
    client: Client, character: str | None, place: Place | None, *, quiet: bool
) -> list[ExplainedSetting]:
    who = await refer(client, character, quiet=quiet) if character else None
    request = ExplainSettingsRequest(personality=who, place=place)
    return (await client.setting.explain_settings(request)).settings


async def decided_at(
    client: Client, tier: ForWhom, key: str, value: SettingValue | None, *, quiet: bool
) -> ExplainedSetting:
    """Decide, or with no value take back; what counts for whom it was decided."""
    service = client.setting
    if tier.system:
        system = SetSystemSettingRequest(key=key, value=value)
        found = (await service.set_system_setting(system)).setting
    elif tier.place:
        channel = SetChannelSettingRequest(key=key, value=value, place=tier.place, bound=tier.bound)
        found = (await service.set_channel_setting(channel)).setting
    elif tier.character:
        personality = SetPersonalitySettingRequest(
            key=key, value=value, personality=await refer(client, tier.character, quiet=quiet)
        )
        found = (await service.set_personality_setting(personality)).setting
    else:
        who = await refer(client, tier.for_one, quiet=quiet) if tier.for_one else None
        person = SetPersonSettingRequest(key=key, value=value, personality=who, duration=tier.lasts)
        found = (await service.set_person_setting(person)).setting
    return found or ExplainedSetting()


def unambiguous(given: ForWhom) -> ForWhom:
    """The same, if it is clear for whom."""
    if sum(map(bool, (given.character, given.for_one, given.place, given.system))) > 1:
        raise CommandFailed("Decide for one: --character, --personality, --channel or --system.")
    if given.bound and not given.place:
        raise CommandFailed("Only what counts in a channel can be bound: give --channel, too.")
    if given.lasts and (given.character or given.place or given.system):
        raise CommandFailed("Only what you decide for yourself can be for a while.")
    return given


def place_of(channel: str | None, platform: str | None) -> Place | None:
    """The channel that the options name."""
    if (channel is None) != (platform is None):
        raise CommandFailed("A channel is one of a platform: give both --channel and --platform.")
    if channel is None or platform is None:
        return None
    return Place(platform=platform, channel_id=channel, venue=Venue.PUBLIC_CHANNEL)


def _named(settings: Sequence[Setting], key: str) -> Setting:
    for setting in settings:
        if setting.key == key:
            return setting
    sentence = f"There is no setting `{key}`; `tzurot setting list` shows them all."
    raise CommandFailed(sentence, reason="SETTING_NOT_FOUND")


def _parsed(setting: Setting, text: str) -> SettingValue:
    """A value of the setting's kind; whether it is in the range is the server's to say."""
    word = text.casefold()
    try:
        if setting.kind is SettingKind.FLAG:
            return SettingValue(flag=_FLAGS[word])
        if setting.kind is SettingKind.CHOICE:
            return SettingValue(choice=word)
        if word == "off":
            return SettingValue(off=Off())
        if setting.kind is SettingKind.PRESET:
            return SettingValue(choice=word)
        if setting.kind is SettingKind.WHOLE:
            return SettingValue(whole=_int64(word))
        return SettingValue(ratio=float(word))
    except (KeyError, ValueError) as error:
        raise CommandFailed(f"`{setting.key}` can be {_range(setting)}.") from error


def _int64(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _range(setting: Setting) -> str:
    if setting.kind is SettingKind.FLAG:
        return "on or off"
    if setting.kind is SettingKind.CHOICE:
        return ", ".join(setting.choices)
    if setting.kind is SettingKind.PRESET:
        return "a preset's id, or off"
    words = f"{setting.minimum:.12g} to {setting.maximum:.12g}"
    return f"{words}, or off" if setting.can_be_off else words


def _who(setting: Setting) -> str:
    """Who may decide it; all tiers alike are everybody."""
    if len(setting.deciders) == len(TIERS) - 1:
        return "everybody"
    return ", ".join(TIERS[tier] for tier in setting.deciders)


def tell(found: ExplainedSetting, *, as_document: bool) -> None:
    """Show what counts now."""
    if as_document:
        show_json({"setting": as_json(found)})
        return
    bound = " (bound)" if found.bound else ""
    until = f" until {moment(found.expire_time)}" if found.expire_time else ""
    typer.echo(f"{found.key} is {counted(found)} (by: {TIERS[found.source]}){bound}{until}.")


def _at(found: ExplainedSetting, tier: SettingTier) -> str:
    """What was decided at a tier; empty if nothing was."""
    for decided in found.decided:
        if decided.tier is tier:
            until = f" until {moment(decided.expire_time)}" if decided.expire_time else ""
            return shown(decided.value) + (" (bound)" if decided.bound else "") + until
    return ""


def counted(found: ExplainedSetting) -> str:
    """What counts, as it is typed; a preset by its name."""
    return clean(found.preset_name) or shown(found.value)


def shown(value: SettingValue | None) -> str:
    """A value as it is typed."""
    match betterproto2.which_one_of(value or SettingValue(), "kind"):
        case "flag", flag:
            return "on" if flag else "off"
        case "whole" | "ratio", number:
            return f"{number:.12g}"
        case "choice", word:
            return str(word)
        case _:
            return "off"
