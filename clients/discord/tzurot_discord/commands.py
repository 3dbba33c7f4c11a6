"""Slash commands: `/chat`, and telling Discord about them where they have changed."""

import logging
from typing import Any
from uuid import UUID

import discord
from discord import app_commands
from discord.http import Route
from pydantic import JsonValue

from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.personality.v1 import (
    Personality,
    PersonalityRef,
    ResolvePersonalitiesRequest,
)
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Place, Utterance
from tzurot_discord import errors
from tzurot_discord.conversations import Conversations
from tzurot_discord.outgoing import Stage, refusals_logged
from tzurot_discord.stages import Stages
from tzurot_discord.subjects import direct_place, guild_place, request_id, subject_of
from tzurot_discord.webhooks import Channel

MAX_CHOICES = 25  # Discord "Application Commands", autocomplete
MAX_CHOICE = 100  # characters of a choice's name
MAX_PREFIX = 80  # characters; the contract's limit
COMPLETION_SECONDS = 2.0  # Discord waits 3

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]
Tree = app_commands.CommandTree[discord.Client]


class Commands:
    """The way in for slash commands."""

    def __init__(self, tzurot: Client, conversations: Conversations, stages: Stages) -> None:
        self._tzurot = tzurot
        self._conversations = conversations
        self._stages = stages

    def plant(self, client: discord.Client) -> Tree:
        """The command tree of the client."""

        @app_commands.describe(character="Who is to answer", message="What you say")
        async def chat(interaction: Interaction, character: str, message: str) -> None:
            with refusals_logged():
                await self._chat(interaction, character, message)

        command = app_commands.Command[Any, ..., None](  # Any: it belongs to no group
            name="chat", description="Talk to a character", callback=chat
        )
        command.autocomplete("character")(self._complete)
        tree = Tree(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        tree.add_command(command)
        return tree

    async def _chat(self, interaction: Interaction, character: str, message: str) -> None:
        await interaction.response.defer(thinking=True)
        stage = self._stages.command(interaction)
        person = self._person(interaction)
        place = _place(interaction)
        if self._conversations.closing:
            await stage.tell(errors.RESTARTING)
        elif place is None:
            await stage.tell(errors.NOT_HERE)
        elif (addressee := await _find(person, character, stage)) is not None:
            said = Utterance(text=message, speaker_name=interaction.user.display_name)
            request = ChatRequest(
                request_id=request_id("interaction", interaction.id),
                place=place,
                utterance=said,
                addressees=[addressee],
            )
            await self._conversations.hold(person, request, stage)

    async def _complete(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        query = ResolvePersonalitiesRequest(prefix=typed[:MAX_PREFIX], limit=MAX_CHOICES)
        service = self._person(interaction).personality
        try:
            found = await service.resolve_personalities(query, timeout=COMPLETION_SECONDS)
        except TzurotError as error:
            log.warning("no completion: %s", error.status.name)
            return []
        return _choices([match.personality for match in found.matches if match.personality])

    def _person(self, interaction: Interaction) -> Client:
        return self._tzurot.acting_for(subject_of(interaction.user))


async def tell_changes(tree: Tree) -> None:
    """Replace the commands that Discord has, if they differ: it counts and limits changes."""
    application = tree.client.application_id or 0
    path = "/applications/{application_id}/commands"
    known: JsonValue = await tree.client.http.request(
        Route("GET", path, application_id=application)
    )
    wanted: list[JsonValue] = [command.to_dict(tree) for command in tree.get_commands()]
    if not _covers(known, wanted):
        await tree.sync()


def _covers(told: JsonValue, wanted: JsonValue) -> bool:
    """Whether Discord has what is wanted; it adds ids, and defaults for what is not set."""
    match told, wanted:
        case dict(), dict():
            return all(
                _covers(told.get(key), value)
                for key, value in wanted.items()
                if key != "dm_permission"  # discord.py still sends it; `contexts` replaced it
            )
        case list(), list():
            return len(told) == len(wanted) and all(map(_covers, told, wanted))
        case _:
            return told == wanted or not (told or wanted)


async def _find(person: Client, character: str, stage: Stage) -> PersonalityRef | None:
    """The chosen completion, or whose name begins as typed; None (and told) if nobody."""
    try:
        return PersonalityRef(id=str(UUID(character)))
    except ValueError:
        query = ResolvePersonalitiesRequest(prefix=character[:MAX_PREFIX], limit=1)
    try:
        matches = (await person.personality.resolve_personalities(query)).matches
    except TzurotError as error:
        await stage.tell(errors.sentence_for(error))
        return None
    if not matches or matches[0].personality is None:
        await stage.tell(errors.NO_SUCH_CHARACTER)
        return None
    return PersonalityRef(id=matches[0].personality.id)


def _choices(found: list[Personality]) -> list[app_commands.Choice[str]]:
    """One choice for each; those of the same name show their slugs."""
    names = [personality.name for personality in found]
    return [
        app_commands.Choice(
            name=(p.name if names.count(p.name) == 1 else f"{p.name} ({p.slug})")[:MAX_CHOICE],
            value=p.id,
        )
        for p in found
    ]


def _place(interaction: Interaction) -> Place | None:
    if interaction.guild_id is None:
        return direct_place(interaction.channel_id) if interaction.channel_id else None
    channel = interaction.channel
    return guild_place(channel) if isinstance(channel, Channel) else None
