"""All that a person can have the server tell of a turn and of the characters around it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import grpc.aio
from google.protobuf.message import Message

from tests.calling import Client, request_for
from tests.session.stage import Told
from tzurot_client.gen.tzurot.personality.v1 import Personality

_QUESTION = "Where is the hive where my bees live?"


async def of_turn(client: Client, told: Told) -> dict[str, bytes]:
    """How a turn came about."""
    why = {"path": "turn why", "arguments": {"turn": told.turn_id}}
    return await _read(client, {"GetTurnTrace": {"turn_id": told.turn_id}, "StartFlow": why})


async def of_conversation(client: Client, told: Told) -> dict[str, bytes]:
    """What was said, as it is told again."""
    talk = {"conversation_id": told.conversation_id}
    return await _read(
        client,
        {
            "WatchTurn": {"turn_id": told.turn_id},
            "ListMessages": talk,
            "ExportConversation": talk,
        },
    )


async def of_character(client: Client, name: str, character: Personality) -> dict[str, bytes]:
    """What each call about a character answers, or how it refuses."""
    which = {"personality": {"id": character.id}}
    read = await _read(
        client,
        {
            "SearchMemories": {"personality_id": character.id, "query": _QUESTION},
            "ListMemories": {"personality_id": character.id},
            "GetPersonality": which,
            "GetPersonalityOverride": which,
            "ExportPersonality": {**which, "format": "EXPORT_FORMAT_TZUROT"},
            "TestLorebook": {**which, "messages": [_QUESTION]},
            "SearchKnowledge": {**which, "query": _QUESTION},
            "ListDocuments": which,
        },
    )
    return {f"{call} of {name}": told for call, told in read.items()}


async def _read(client: Client, asked: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    calls = [_one(client, name, fields) for name, fields in asked.items()]
    return dict(zip(asked, await asyncio.gather(*calls), strict=True))


async def _one(client: Client, name: str, fields: Mapping[str, Any]) -> bytes:
    try:
        told = await client.call(name, request_for(name, **fields))
    except grpc.aio.AioRpcError as refusal:
        return f"{refusal.details()} {refusal.trailing_metadata()}".encode()
    parts: list[Message] = told if isinstance(told, list) else [told]
    return b"".join(part.SerializeToString() for part in parts)
