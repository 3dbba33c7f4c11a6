"""`/chat`: its declaration, what it answers, and who can be chosen."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Final

import discord

from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.flow.v1 import Choice
from tzurot_client.gen.tzurot.personality.v1 import (
    Personality,
    PersonalityRef,
    PersonalityRole,
    ResolvePersonalitiesRequest,
)
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Greeting, Utterance
from tzurot_discord import errors
from tzurot_discord.catalogue import MAX_CHOICES, Json
from tzurot_discord.conversations import Conversations
from tzurot_discord.markup import clamp
from tzurot_discord.names import folded
from tzurot_discord.outgoing import Stage
from tzurot_discord.stages import Stages
from tzurot_discord.subjects import interaction_place, request_id

NAME: Final = "chat"
COMMAND: Final[Json] = {
    "type": 1,
    "contexts": [0, 1, 2],  # and where people talk without the bot, if they have installed it
    "integration_types": [0, 1],
    "name": NAME,
    "description": "Talk to a character",
    "options": [
        {
            "type": 3,
            "name": "character",
            "description": "Who is to answer",
            "required": True,
            "autocomplete": True,
        },
        {"type": 3, "name": "message", "description": "What you say; nothing: it greets you"},
    ],
}
MAX_PREFIX, MAX_TYPED = 80, 255  # characters; the contract's limits
SHORT = 30  # characters of a name and of an owner's where a slug of 64 has to stand beside it

log = logging.getLogger(__name__)


class Chat:
    """The way in for `/chat`."""

    def __init__(self, conversations: Conversations, stages: Stages) -> None:
        self._conversations = conversations
        self._stages = stages

    async def answer(
        self, interaction: discord.Interaction, given: Mapping[str, str], person: Client
    ) -> None:
        """Let the chosen character answer."""
        await interaction.response.defer(thinking=True)
        stage = self._stages.command(interaction)
        place = interaction_place(interaction)
        if place is None:
            await stage.tell(errors.NOT_HERE)
        elif (addressee := await _find(person, given["character"], stage)) is not None:
            request = ChatRequest(
                request_id=request_id("interaction", interaction.id),
                place=place,
                addressees=[addressee],
            )
            if message := given.get("message"):
                speaker = interaction.user.display_name
                request.utterance = Utterance(text=message, speaker_name=speaker)
            else:
                request.greeting = Greeting()
            if not await self._conversations.hold(person, request, stage):
                await stage.tell(errors.NO_GREETING)


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


async def _find(person: Client, character: str, stage: Stage) -> PersonalityRef | None:
    """Whom what was chosen or typed means, else whose name begins so; None (and told) if nobody."""
    queries = (
        ResolvePersonalitiesRequest(name=character[:MAX_TYPED], limit=1),
        ResolvePersonalitiesRequest(prefix=character[:MAX_PREFIX], limit=1),
    )
    try:
        for query in queries:
            for match in (await person.personality.resolve_personalities(query)).matches:
                if match.personality is not None:
                    return PersonalityRef(id=match.personality.id)
    except TzurotError as error:
        await stage.tell(errors.sentence_for(error))
        return None
    await stage.tell(errors.NO_SUCH_CHARACTER)
    return None
