"""Which memories are meant: the options of every command that takes some of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from tzurot_cli import durations
from tzurot_cli.calling import collect
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.account.v1 import ListPersonasRequest, Persona
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.memory.v1 import MemoryFilter, Sector

_PERSONAS = 1_000  # that are looked through for a name
_MOMENTS = "2026-07-31, 2026-07-31T18:30, or how long ago: 10m, 6h, 7d, 2w"


class SectorName(StrEnum):
    """A kind of thing that memories tell."""

    EPISODIC = "episodic"
    SEMANTIC = "semantic"
    PROCEDURAL = "procedural"
    EMOTIONAL = "emotional"
    REFLECTIVE = "reflective"


class VenueName(StrEnum):
    """A kind of place where something was said."""

    DIRECT = "direct"
    PRIVATE_CHANNEL = "private"
    PUBLIC_CHANNEL = "public"


def _moment(text: str) -> datetime:
    """A time as somebody types it, in this machine's zone unless it names one."""
    try:
        if ago := durations.typed(text):
            return datetime.now().astimezone() - ago
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{text!r} is no time: it must be {_MOMENTS}.") from error


Sectors = Annotated[
    list[SectorName] | None,
    typer.Option("--sector", help="Only what tells this kind of thing above all; repeatable."),
]
Venues = Annotated[
    list[VenueName] | None,
    typer.Option("--venue", help="Only what was said in this kind of place; repeatable."),
]
Personas = Annotated[
    list[str] | None,
    typer.Option("--persona", help="Only of this persona of yours (id or name); repeatable."),
]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        parser=_moment,
        metavar="TIME",
        help=f"Only what was said then or later: {_MOMENTS}.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", parser=_moment, metavar="TIME", help="Only what was said before."),
]
Locked = Annotated[
    bool | None,
    typer.Option("--locked/--not-locked", help="Only what is locked, or what is not."),
]


async def filter_of(  # noqa: PLR0913  one for each field of the contract
    client: Client,
    *,
    sectors: Sequence[SectorName] | None,
    venues: Sequence[VenueName] | None,
    personas: Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
    locked: bool | None,
) -> MemoryFilter | None:
    """What these options say; None: all memories are meant.

    Raises:
        CommandFailed: no persona of the caller's has that name, or several have it.
    """
    if not (sectors or venues or personas or since or until) and locked is None:
        return None
    return MemoryFilter(
        persona_ids=await _persona_ids(client, personas or ()),
        sectors=[Sector[it.name] for it in dict.fromkeys(sectors or ())],
        venues=[Venue[it.name] for it in dict.fromkeys(venues or ())],
        occur_from=since,
        occur_until=until,
        locked=locked,
    )


async def _persona_ids(client: Client, named: Sequence[str]) -> list[str]:
    """Personas by id or name, each once."""
    ids = [_id(it) for it in named]
    if all(ids):
        return list(dict.fromkeys(ids))
    mine = await collect(
        _PERSONAS,
        lambda size, token: client.account.list_personas(
            ListPersonasRequest(page_size=size, page_token=token)
        ),
        lambda page: page.personas,
    )
    return list(dict.fromkeys(id_ or _called(it, mine) for id_, it in zip(ids, named, strict=True)))


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _called(name: str, mine: Sequence[Persona]) -> str:
    """The id of the one persona of this name."""
    wanted = name.strip().casefold()
    found = [it.id for it in mine if wanted in {it.name.casefold(), it.display_name.casefold()}]
    match found:
        case [one]:
            return one
        case []:
            raise CommandFailed(
                f"{name!r} is no persona of yours: `tzurot persona list` shows them."
            )
        case _:
            raise CommandFailed(
                f"Several of your personas are called {name!r}: name one by its id."
            )
