"""Keeps the commands that Discord shows up to date: the bot's own, and one for each flow."""

import asyncio
import logging
from itertools import chain, repeat
from typing import Final

import discord
from discord.http import Route
from pydantic import JsonValue

from tzurot_client import Client, DeadlineExceeded, TzurotError, Unavailable
from tzurot_client.gen.tzurot.flow.v1 import FlowKind, ListFlowKindsRequest
from tzurot_discord import chat, cues
from tzurot_discord.catalogue import Json, commands_for
from tzurot_discord.outgoing import refusals_logged
from tzurot_discord.own_commands import SLASH
from tzurot_discord.subjects import subject_of

PAUSES = (1, 2, 4, 8, 15, 30, 60, 120)  # seconds until the server is asked again
LAST_PAUSE = 300
CATALOGUE_SECONDS = 5.0  # the start waits for the server no longer

OWN: Final = (*chat.COMMANDS, *cues.COMMANDS)
_COMMANDS = "/applications/{application_id}/commands"

log = logging.getLogger(__name__)


class Commands:
    """What Discord has been told."""

    def __init__(self, discord_: discord.Client, tzurot: Client) -> None:
        self.tzurot = tzurot
        self.moderated: set[str] | None = None
        """The kinds of flows for moderators only; None as long as nobody has told."""
        self._discord = discord_
        self._later: asyncio.Task[None] | None = None

    async def tell(self) -> None:
        """Tell Discord what has changed; with the server away, once it is back.

        Until then Discord keeps what it has.
        """
        if not await self._told():
            self._later = asyncio.create_task(self._tell_later())

    async def needs_moderator(self, path: str) -> bool:
        """Whether a kind of flow is for moderators only; it is if that can't be found out."""
        if self.moderated is None:
            await self._kinds()
        return self.moderated is None or path in self.moderated

    async def close(self) -> None:
        """Wait for the server no longer."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.wait({self._later})

    async def _tell_later(self) -> None:
        for pause in chain(PAUSES, repeat(LAST_PAUSE)):
            await asyncio.sleep(pause)
            if await self._told():
                return

    async def _told(self) -> bool:
        """Whether the server has said what there is; Discord then knows it, or has refused it."""
        kinds = await self._kinds()
        with refusals_logged():
            known = await self._known()
            if kinds is None and known:
                return False
            own = [one.declared for one in OWN]
            taken = [one["name"] for one in own if one["type"] == SLASH]
            wanted = [*own, *commands_for(kinds or [], taken)]
            if not _covers(known, list(wanted)):
                await self._replace(wanted)
        return kinds is not None

    async def _kinds(self) -> list[FlowKind] | None:
        """The catalogue; None if the server can't be reached.

        The bot asks as its own user: its token may act for Discord's people and is nobody's.
        """
        me = self._discord.user
        tzurot = self.tzurot.acting_for(subject_of(me)) if me else self.tzurot
        asked = tzurot.flow.list_flow_kinds(ListFlowKindsRequest(), timeout=CATALOGUE_SECONDS)
        try:
            kinds = (await asked).kinds
        except (Unavailable, DeadlineExceeded) as away:
            log.warning("the server is away, its commands are told later: %s", away.status.name)
            return None
        except TzurotError as refused:
            log.warning("no commands but ours: %s %s", refused.status.name, refused.reason.name)
            return []
        self.moderated = {kind.path for kind in kinds if kind.needs_moderator}
        return kinds

    async def _known(self) -> JsonValue:
        identity = self._discord.application_id or 0
        return await self._discord.http.request(Route("GET", _COMMANDS, application_id=identity))

    async def _replace(self, wanted: list[Json]) -> None:
        """All at once: Discord counts and limits changes."""
        identity = self._discord.application_id or 0
        route = Route("PUT", _COMMANDS, application_id=identity)
        await self._discord.http.request(route, json=wanted)
        log.info("told Discord of %d commands", len(wanted))


def _covers(told: JsonValue, wanted: JsonValue) -> bool:
    """Whether Discord has what is wanted; it adds ids, and defaults for what is not set.

    Permissions it is told as a number, and tells as text.
    """
    match told, wanted:
        case dict(), dict():
            return all(_covers(told.get(key), value) for key, value in wanted.items())
        case list(), list():
            return len(told) == len(wanted) and all(map(_covers, told, wanted))
        case _:
            return told in (wanted, str(wanted)) or not (told or wanted)
