"""A character that is deleted while people talk with it."""

import asyncio

from grpc.aio import AioRpcError

from tests.calling import Client, refusal_of, request_for
from tests.contract.residents import saying


async def test_its_turns_end_one_way_or_the_other_and_never_lock_the_deletion_out(
    mira: Client,
) -> None:
    for _ in range(3):
        personality = {"name": "Lilith", "visibility": "VISIBILITY_PUBLIC"}
        made = await mira.call("CreatePersonality", request_for("CreatePersonality", personality=personality))
        lilith = made.personality.id
        talk = [_chat(mira, f"Message {number}.", lilith) for number in range(5)]
        chats = [asyncio.create_task(it) for it in talk]
        await asyncio.sleep(0.02)
        deletion = request_for("DeletePersonality", personality={"id": lilith})
        await mira.call("DeletePersonality", deletion)
        reasons = {reason for reason in await asyncio.gather(*chats) if reason}
        assert reasons <= {"PERSONALITY_NOT_FOUND", "TURN_INTERRUPTED"}


async def _chat(client: Client, words: str, personality_id: str) -> str:
    """Why it was not answered; empty if it was, or if its turn said so itself."""
    try:
        await client.call("Chat", saying(words, personality_id))
    except AioRpcError as error:
        return refusal_of(error).reason
    return ""
