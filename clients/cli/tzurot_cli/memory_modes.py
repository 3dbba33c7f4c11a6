"""`tzurot memory incognito`, `fresh` and `forget`: what is kept, and what comes to mind."""

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli import durations
from tzurot_cli.calling import Json, call, refer
from tzurot_cli.console import as_json, moment, show_json
from tzurot_cli.counting import counted
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    ExplainedSetting,
    ExplainSettingsRequest,
    ForgetRecentMessagesRequest,
    ForgetRecentMessagesResponse,
    SetPersonSettingRequest,
    SettingTier,
    SettingValue,
)


class Switch(StrEnum):
    """What to do about a mode."""

    ON = "on"
    OFF = "off"
    SHOW = "show"


What = Annotated[Switch, typer.Argument(help="Switch it, or only show how it is.")]
With = Annotated[
    str | None,
    typer.Option("--personality", "-p", help="With this character alone: its slug, id or name."),
]
For = Annotated[
    timedelta | None,
    typer.Option(
        "--for",
        parser=durations.read,
        metavar="DURATION",
        help="For so long: 10m, 2h, 7d. Without it: until you say otherwise.",
    ),
]
_LEAST = timedelta(minutes=1)
_SAID = {
    "incognito": ("nothing is kept of what you say", "what you say is kept and remembered"),
    "fresh": ("nothing about you comes to mind", "what is remembered of you comes to mind"),
}


def incognito(
    context: typer.Context,
    what: What = Switch.SHOW,
    who: With = None,
    lasts: For = None,
    json: Json = False,
) -> None:
    """Talk without anything being kept: no messages, memories, facts or traces."""
    _mode(context, "incognito", what, (who, lasts), as_document=json)


def fresh(
    context: typer.Context,
    what: What = Switch.SHOW,
    who: With = None,
    lasts: For = None,
    json: Json = False,
) -> None:
    """Talk with a character to whom nothing about you comes to mind."""
    _mode(context, "fresh", what, (who, lasts), as_document=json)


def forget(
    context: typer.Context,
    last: Annotated[
        timedelta,
        typer.Option(
            "--last",
            parser=durations.read,
            metavar="DURATION",
            help="How far back, up to a day: 10m, 2h.",
        ),
    ],
    who: With = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Delete what you said lately and were answered, with all that is remembered of it."""
    if not yes:
        if json or not sys.stdin.isatty():
            raise CommandFailed("Forgetting cannot be undone: say --yes if you mean it.")
        whom = f" with {who}" if who else ""
        typer.confirm(
            f"Delete what you said{whom} in this time, with all that is remembered of it?",
            abort=True,
        )

    async def forgotten(client: Client) -> ForgetRecentMessagesResponse:
        whom = await refer(client, who, quiet=json) if who else None
        request = ForgetRecentMessagesRequest(duration=last, personality=whom)
        return await client.message.forget_recent_messages(request)

    gone = call(context, forgotten)
    if json:
        show_json(as_json(gone))
        return
    counts = (
        counted(gone.deleted_message_count, "message", "messages"),
        counted(gone.deleted_memory_count, "memory", "memories"),
        counted(gone.deleted_fact_count, "fact", "facts"),
    )
    typer.echo(f"Forgotten: {', '.join(counts)}.")


def _mode(
    context: typer.Context,
    key: str,
    what: Switch,
    how: tuple[str | None, timedelta | None],
    *,
    as_document: bool,
) -> None:
    who, lasts = how
    if lasts and what is not Switch.ON:
        raise CommandFailed("Only `on` can be for a while.")

    async def switched(client: Client) -> ExplainedSetting:
        whom = await refer(client, who, quiet=as_document) if who else None
        if what is Switch.SHOW:
            return await _shown(client, key, whom)
        if what is Switch.ON:
            return await _set(client, key, whom, on=True, lasts=lasts)
        found = await _set(client, key, whom, on=None)
        if found.value and found.value.flag:  # on with all, and here off for as long as that is
            found = await _set(client, key, whom, on=False, lasts=_left(found.expire_time))
        return found

    found = call(context, switched)
    if as_document:
        show_json({"setting": as_json(found)})
        return
    typer.echo(_told(key, found))


async def _shown(client: Client, key: str, whom: PersonalityRef | None) -> ExplainedSetting:
    asked = ExplainSettingsRequest(personality=whom)
    found = (await client.setting.explain_settings(asked)).settings
    return next((it for it in found if it.key == key), ExplainedSetting(key=key))


async def _set(
    client: Client,
    key: str,
    whom: PersonalityRef | None,
    *,
    on: bool | None,
    lasts: timedelta | None = None,
) -> ExplainedSetting:
    value = None if on is None else SettingValue(flag=on)
    request = SetPersonSettingRequest(key=key, value=value, personality=whom, duration=lasts)
    return (await client.setting.set_person_setting(request)).setting or ExplainedSetting(key=key)


def _left(until: datetime | None) -> timedelta | None:
    """The time until then; no less than the contract allows."""
    return max(until - datetime.now(UTC), _LEAST) if until else None


def _told(key: str, found: ExplainedSetting) -> str:
    on = bool(found.value and found.value.flag)
    state, meaning = ("on", _SAID[key][0]) if on else ("off", _SAID[key][1])
    until = f" until {moment(found.expire_time)}" if found.expire_time else ""
    where = " with this character" if found.source is SettingTier.PERSON_PERSONALITY else ""
    return f"{key} is {state}{where}{until}: {meaning}."
