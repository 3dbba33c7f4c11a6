"""Commands that let characters speak: `/chat`, `/scene` and `/chime-in`.

The words of a chat answer the command; what nobody has said anything for appears in the channel,
where each character has its own face. Who may do what is the server's decision.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import discord

from tzurot_client import Client
from tzurot_client.gen.tzurot.flow.v1 import Choice
from tzurot_client.gen.tzurot.personality.v1 import (
    Personality,
    PersonalityRef,
    PersonalityRole,
    ResolvePersonalitiesRequest,
)
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Greeting,
    Interjection,
    Scene,
    Utterance,
)
from tzurot_discord import errors
from tzurot_discord.catalogue import MAX_CHOICES, Json
from tzurot_discord.conversations import Conversations
from tzurot_discord.inputs import Command
from tzurot_discord.markup import clamp
from tzurot_discord.names import folded
from tzurot_discord.outgoing import Stage
from tzurot_discord.own_commands import OwnCommand, slash
from tzurot_discord.stages import Aside, Stages, may_speak
from tzurot_discord.subjects import Channel, interaction_place, request_id

CHAT, SCENE, CHIME_IN = "chat", "scene", "chime-in"
# And where people talk without the bot, if they have installed it.
_ANYWHERE: Final[Json] = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
_TEXT, _NUMBER = 3, 4  # Discord "Application Command Option Type"
MAX_REPLIES, MAX_TOPIC = 20, 2000  # the contract's limits
MAX_PREFIX, MAX_TYPED = 80, 255  # characters; as above
SHORT = 30  # characters of a name and of an owner's where a slug of 64 has to stand beside it


def _who(name: str, description: str, *, required: bool = True) -> Json:
    told: Json = {"type": _TEXT, "name": name, "description": description}
    return told | {"required": required, "autocomplete": True}


COMMANDS: Final[tuple[OwnCommand, ...]] = (
    slash(
        CHAT,
        "Talk to a character",
        _who("character", "Who is to answer"),
        {"type": _TEXT, "name": "message", "description": "What you say; nothing: it greets you"},
        where=_ANYWHERE,
    ),
    slash(
        SCENE,
        "Let characters talk with each other",
        _who("character", "Who begins"),
        _who("with", "Who answers"),
        _who("third", "Who joins in", required=False),
        {
            "type": _TEXT,
            "name": "topic",
            "description": "What about; nothing: whatever they like",
            "max_length": MAX_TOPIC,
        },
        {
            "type": _NUMBER,
            "name": "replies",
            "description": "How many replies at most",
            "min_value": 1,
            "max_value": MAX_REPLIES,
        },
    ),
    slash(
        CHIME_IN,
        "Let a character say something unasked",
        _who("character", "Who; nobody: all who are active here", required=False),
    ),
)
_NOBODY: Final[Mapping[str, str]] = {
    CHAT: errors.NO_GREETING,
    SCENE: errors.NOTHING_SAID,
    CHIME_IN: errors.NOBODY_ACTIVE,
}
NAMES: Final = tuple(_NOBODY)


class Chat:
    """The way in for these commands."""

    def __init__(self, conversations: Conversations, stages: Stages) -> None:
        self._conversations = conversations
        self._stages = stages

    async def take(self, interaction: discord.Interaction, command: Command, person: Client) -> str:
        """Let the chosen characters speak; what there is to say if none does.

        Raises:
            TzurotError: who was meant could not be found out.
        """
        stage = await self._stage(interaction, command.name, person)
        given, place = command.arguments, interaction_place(interaction)
        if place is None:
            return errors.NOT_HERE
        names = [given[key] for key in ("character", "with", "third") if key in given]
        addressees = [one for name in names if (one := await _found(person, name)) is not None]
        if len(addressees) < len(names):
            return errors.NO_SUCH_CHARACTER
        request = _asked(command.name, given, interaction.user.display_name)
        request.request_id = request_id("interaction", interaction.id)
        request.place, request.addressees = place, addressees
        if not await self._conversations.hold(person, request, stage):
            return _NOBODY[command.name]
        if isinstance(stage, Aside):
            await stage.close()
        return ""

    async def _stage(self, interaction: discord.Interaction, name: str, person: Client) -> Stage:
        channel, member = interaction.channel, interaction.is_guild_integration()
        if name == CHAT or not (member and isinstance(channel, Channel) and may_speak(channel)):
            await interaction.response.defer(thinking=True)
            return self._stages.command(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        place = self._stages.channel(channel, person, interaction.id)
        return Aside(interaction, place)


def _asked(name: str, given: Mapping[str, str], speaker: str) -> ChatRequest:
    """What a command asks of the characters."""
    match name:
        case "scene":
            replies, topic = int(given.get("replies", 0)), given.get("topic", "")
            return ChatRequest(scene=Scene(reply_limit=replies, topic=topic, speaker_name=speaker))
        case "chime-in":
            return ChatRequest(interjection=Interjection(speaker_name=speaker))
        case _ if message := given.get("message"):
            return ChatRequest(utterance=Utterance(text=message, speaker_name=speaker))
        case _:
            return ChatRequest(greeting=Greeting(speaker_name=speaker))


async def completions(person: Client, typed: str, seconds: float) -> list[Choice]:
    """Characters whose names begin so; of the same name they show their slugs and owners."""
    query = ResolvePersonalitiesRequest(prefix=typed[:MAX_PREFIX], limit=MAX_CHOICES)
    answer = await person.personality.resolve_personalities(query, timeout=seconds)
    found = [match.personality for match in answer.matches if match.personality]
    names = Counter(folded(personality.name) for personality in found)
    return [_choice(one, names[folded(one.name)] > 1) for one in found]


def _choice(one: Personality, has_namesake: bool) -> Choice:
    if not has_namesake:
        return Choice(label=one.name, description=one.slug, value=one.id)
    owner = one.owner_name and f"by {clamp(one.owner_name, SHORT)[0]}"
    whose = "yours" if one.role is PersonalityRole.OWNER else owner
    apart = ", ".join(filter(None, (one.slug, whose)))
    return Choice(label=f"{clamp(one.name, SHORT)[0]} ({apart})", value=one.id)


async def _found(person: Client, character: str) -> PersonalityRef | None:
    """Whom what was chosen or typed means, else whose name begins so; None if nobody."""
    queries = (
        ResolvePersonalitiesRequest(name=character[:MAX_TYPED], limit=1),
        ResolvePersonalitiesRequest(prefix=character[:MAX_PREFIX], limit=1),
    )
    for query in queries:
        for match in (await person.personality.resolve_personalities(query)).matches:
            if match.personality is not None:
                return PersonalityRef(id=match.personality.id)
    return None
