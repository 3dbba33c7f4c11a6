"""`tzurot channel`: who answers in channels without being named, for who moderates them."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli import places
from tzurot_cli.calling import Json, Limit, Named, call, collect, refer
from tzurot_cli.console import as_json, clean, show_fields, show_json, show_table
from tzurot_cli.failing import CommandFailed
from tzurot_cli.labels import label
from tzurot_cli.places import Adults, Where
from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import (
    ActivatePersonalityRequest,
    Activation,
    ActivationMode,
    AmbientMessage,
    Channel,
    ChannelRule,
    DeactivatePersonalityRequest,
    GetChannelRequest,
    ListChannelsRequest,
    Place,
    RecordMessagesRequest,
    ResetChannelRequest,
    SetNextSpeakerRequest,
)

app = typer.Typer(help="Who answers in channels without being named.", no_args_is_help=True)


class Mode(StrEnum):
    """What an active character answers."""

    EVERY = "every"
    NAMED = "named"
    MUTED = "muted"


_MODES = {
    Mode.EVERY: ActivationMode.EVERY_MESSAGE,
    Mode.NAMED: ActivationMode.WHEN_NAMED,
    Mode.MUTED: ActivationMode.MUTED,
}
_WORDS = {mode: word.value for word, mode in _MODES.items()}

Active = Annotated[
    str | None,
    typer.Argument(metavar="[PERSONALITY]", help="One that is active there: id, slug or name."),
]


@app.command("show")
def show(context: typer.Context, where: Where, json: Json = False) -> None:
    """Show who answers in a channel."""
    place = places.parsed(where)
    _show(call(context, lambda client: _channel(client, place)), as_document=json)


@app.command("list")
def list_all(
    context: typer.Context,
    server: Annotated[str, typer.Argument(metavar="PLATFORM:SPACE", help="Of which server.")],
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List the channels of a server that decided something, those changed last first."""
    platform, _, space = server.partition(":")
    found = call(
        context,
        lambda client: collect(
            limit,
            lambda size, token: client.channel.list_channels(
                ListChannelsRequest(
                    platform=platform, space_id=space, page_size=size, page_token=token
                )
            ),
            lambda page: page.channels,
        ),
    )
    if json:
        show_json({"channels": [as_json(each) for each in found]})
        return
    show_table(
        ("place", "active", "changed"),
        ((places.named(it.place), _active_in(it), it.update_time) for it in found),
    )


@app.command("activate")
def activate(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    where: Where,
    name: Named,
    mode: Annotated[Mode, typer.Option(help="What it answers.")] = Mode.EVERY,
    talkativeness: Annotated[
        float, typer.Option(min=0, max=1, help="How likely it answers what names nobody.")
    ] = 1.0,
    adults: Adults = False,
    json: Json = False,
) -> None:
    """Let a character answer in a channel, or change how. In a thread its channel's come along."""
    place = places.parsed(where, adults=adults)
    rule = ChannelRule(mode=_MODES[mode], talkativeness=talkativeness)

    async def activated(client: Client) -> Channel:
        who = await refer(client, name, quiet=json)
        request = ActivatePersonalityRequest(place=place, personality=who, rule=rule)
        return (await client.channel.activate_personality(request)).channel or Channel()

    _show(call(context, activated), as_document=json)


@app.command("deactivate")
def deactivate(
    context: typer.Context,
    where: Where,
    name: Active = None,
    everybody: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    json: Json = False,
) -> None:
    """Let a character, or with --all every one, answer only when named."""
    if (name is None) != everybody:
        raise CommandFailed("Name one character, or give --all.")
    place = places.parsed(where)

    async def deactivated(client: Client) -> Channel:
        who = await _id_of(client, place, name) if name else ""
        request = DeactivatePersonalityRequest(place=place, personality_id=who)
        return (await client.channel.deactivate_personality(request)).channel or Channel()

    _show(call(context, deactivated), as_document=json)


@app.command("next")
def choose_next(
    context: typer.Context, where: Where, name: Active = None, json: Json = False
) -> None:
    """Choose who alone answers the next message that names nobody; without one: whoever would."""
    place = places.parsed(where)

    async def chosen(client: Client) -> Channel:
        who = await _id_of(client, place, name) if name else ""
        request = SetNextSpeakerRequest(place=place, personality_id=who)
        return (await client.channel.set_next_speaker(request)).channel or Channel()

    _show(call(context, chosen), as_document=json)


@app.command("reset")
def reset(context: typer.Context, where: Where, json: Json = False) -> None:
    """Forget what a channel decided about who answers: a thread is as its channel again."""
    request = ResetChannelRequest(place=places.parsed(where))
    response = call(context, lambda client: client.channel.reset_channel(request))
    _show(response.channel or Channel(), as_document=json)


@app.command("record")
def record(  # noqa: PLR0913, PLR0917  one for each part of a message
    context: typer.Context,
    where: Where,
    message_id: Annotated[str, typer.Argument(help="The platform's id of the message.")],
    text: Annotated[str, typer.Argument(help="What was said.")],
    author: Annotated[str, typer.Option(help="Who said it, such as discord:123.")],
    name: Annotated[str, typer.Option(help="What they are called there.")] = "",
    json: Json = False,
) -> None:
    """Tell what was said just now to nobody in particular: active characters see it for hours."""
    said = AmbientMessage(
        platform_message_id=message_id,
        author_subject=author,
        author_name=name,
        text=text,
        create_time=datetime.now(UTC),
    )
    request = RecordMessagesRequest(place=places.parsed(where), messages=[said])
    response = call(context, lambda client: client.message.record_messages(request))
    if json:
        show_json(as_json(response))
        return
    kept = "is kept for some hours" if response.recorded_count else "is not kept"
    typer.echo(f"The message {clean(message_id)} {kept}.")


async def _channel(client: Client, place: Place) -> Channel:
    found = await client.channel.get_channel(GetChannelRequest(place=place))
    return found.channel or Channel()


async def _id_of(client: Client, place: Place, name: str) -> str:
    """The id of an active character: its id or slug counts before its name."""
    wanted = name.removeprefix("@").casefold()
    active = (await _channel(client, place)).activations
    for it in active:
        if wanted in {it.personality_id, it.personality_slug}:
            return it.personality_id
    for it in active:
        if it.personality_name.casefold() == wanted:
            return it.personality_id
    raise CommandFailed(
        f"No {name!r} is active in this channel; `tzurot channel show` shows who is.",
        reason="PERSONALITY_NOT_ACTIVE",
    )


def _show(channel: Channel, *, as_document: bool) -> None:
    if as_document:
        show_json({"channel": as_json(channel)})
        return
    turn = [it for it in channel.activations if it.personality_id == channel.next_speaker_id]
    show_fields(
        {
            "place": places.named(channel.place),
            "decided": "as in its channel" if channel.inherited else "here",
            "next speaker": _label(turn[0]) if turn else "",
            "changed": channel.update_time,
        }
    )
    show_table(
        ("id", "character", "answers", "talkativeness"),
        (
            (it.personality_id, _label(it), _WORDS.get(it.mode, ""), f"{it.talkativeness:.2g}")
            for it in channel.activations
        ),
    )


def _active_in(channel: Channel) -> str:
    return ", ".join(f"{_label(it)} {_WORDS.get(it.mode, '')}" for it in channel.activations)


def _label(it: Activation) -> str:
    return label(it.personality_name, it.personality_slug)
