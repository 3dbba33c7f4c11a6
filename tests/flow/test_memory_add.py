"""Something is to be remembered: of a message, of what is typed, and only once it is confirmed."""

import asyncio
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.contract.residents import in_private, saying
from tests.flow.dialogue import DONE, Dialogue, change, create, starting
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC
from tzurot.session.v1.utterance_pb2 import Proxy


@pytest.fixture
async def lilith(mira: Client) -> Any:
    return await create(mira, name=f"Lilith {uuid4().hex[:8]}")


async def said(client: Client, character: Any) -> list[Any]:
    """The messages of a talk, oldest first: something that was said, and its answer."""
    told = await client.call("Chat", saying("I keep bees.", character.id))
    conversation_id = told[0].event.started.conversation_id
    listed = request_for("ListMessages", conversation_id=conversation_id)
    return list(reversed((await client.call("ListMessages", listed)).messages))


async def remembered(client: Client, character: Any, *personas: str) -> list[str]:
    """Of these personas; of all, if none is named."""
    request = request_for("ListMemories", personality_id=character.id)
    request.filter.persona_ids.extend(personas)
    return [it.utterances[0].text for it in (await client.call("ListMemories", request)).memories]


async def test_what_is_named_is_kept_once_it_is_confirmed(mira: Client, lilith: Any) -> None:
    add = await Dialogue.start(mira, "memory add", character=lilith.slug, text="I keep bees.")
    assert add.view.title == f"Is {lilith.name} to remember this of you?"
    assert add.view.body.startswith("I keep bees.\n\n")
    assert f"where {lilith.name} and you are alone" in add.view.body
    assert await remembered(mira, lilith) == []
    await add.answer("keep")
    assert (add.flow.state, add.view.title) == (DONE, f"{lilith.name} remembers it")
    assert "`memory browse`" in add.view.body
    assert await remembered(mira, lilith) == ["I keep bees."]


async def test_what_is_missing_is_asked_and_what_is_there_can_be_changed(
    mira: Client, lilith: Any
) -> None:
    add = await Dialogue.start(mira, "memory add", text="I keep bees.")
    assert add.actions == ["fill", "close"]
    assert list(add.field("text").values) == ["I keep bees."]
    await add.answer("fill", character="nobody at all", text="I keep bees.")
    assert add.field("character").error
    await add.answer("fill", character=lilith.slug, text="  \n ")
    assert add.field("text").error == "This is needed."
    await add.answer("fill", character=lilith.slug, text="I keep bees.")
    await add.answer("fill", text="I keep goats.")
    await add.answer("keep")
    assert await remembered(mira, lilith) == ["I keep goats."]


async def test_of_a_message_its_words_are_taken_and_who_said_or_heard_them(
    mira: Client, lilith: Any
) -> None:
    for message in await said(mira, lilith):
        add = await Dialogue.start(mira, "memory add", message=message.id, text="no matter")
        assert add.view.title == f"Is {lilith.name} to remember this of you?"
        assert list(add.field("text").values) == [message.text]


async def test_another_character_than_that_of_the_message_can_be_named(
    mira: Client, lilith: Any
) -> None:
    bambi = await create(mira, name=f"Bambi {uuid4().hex[:8]}")
    message, _ = await said(mira, lilith)
    add = await Dialogue.start(mira, "memory add", message=message.id, character=bambi.slug)
    await add.answer("keep")
    assert await remembered(mira, bambi) == ["I keep bees."]


async def test_a_platform_s_id_is_known_where_it_is_shown(mira: Client, lilith: Any) -> None:
    *_, reply = await said(mira, lilith)
    shown = request_for("ReportDelivery", turn_id=reply.turn_id, platform_message_ids=["4712"])
    await mira.call("ReportDelivery", shown)
    request = starting("memory add", message="4712")
    request.place.CopyFrom(in_private())
    add = Dialogue(mira, (await mira.call("StartFlow", request)).flow)
    assert list(add.field("text").values) == [reply.text]


async def test_of_a_message_that_is_somebody_else_s_only_what_the_client_tells_is_known(
    mira: Client, kael: Client, lilith: Any
) -> None:
    message, _ = await said(mira, lilith)
    add = await Dialogue.start(kael, "memory add", message=message.id, text="They keep bees.")
    assert list(add.field("text").values) == ["They keep bees."]
    assert list(add.field("character").values) == []


async def test_a_double_click_keeps_it_once(mira: Client, lilith: Any) -> None:
    add = await Dialogue.start(mira, "memory add", character=lilith.slug, text="I keep bees.")
    request = add.submission("keep")
    answers = await asyncio.gather(
        *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3
    assert await remembered(mira, lilith) == ["I keep bees."]


async def test_it_is_remembered_under_the_persona_that_was_shown(mira: Client, lilith: Any) -> None:
    greeting: Any = saying("Hi.", lilith.id)
    proxy = {"service": "pluralkit", "member_id": "gale", "member_name": "Gale", "verified": True}
    greeting.utterance.proxy.CopyFrom(Proxy(**proxy))  # who speaks for the first time is met so
    await mira.call("Chat", greeting)
    personas = (await mira.call("ListPersonas")).personas
    (gale,) = [it for it in personas if it.name == "Gale"]
    add = await Dialogue.start(mira, "memory add", character=lilith.slug, text="I keep bees.")
    shown = add.submission("keep")
    await mira.call("SetFront", request_for("SetFront", persona_id=gale.id))
    add.flow = (await mira.call("SubmitFlow", shown)).flow
    assert add.view.title == f"Is {lilith.name} to remember this of Gale?"
    await add.answer("keep")
    assert await remembered(mira, lilith, gale.id) == ["I keep bees.", "Hi."]
    (usual,) = [it for it in personas if it.is_default]
    assert await remembered(mira, lilith, usual.id) == []


async def test_whoever_loses_sight_of_the_character_keeps_nothing(
    mira: Client, kael: Client
) -> None:
    lilith = await create(kael, visibility=VISIBILITY_PUBLIC)
    add = await Dialogue.start(mira, "memory add", character=lilith.slug, text="I keep bees.")
    await change(kael, lilith.id, visibility=VISIBILITY_PRIVATE)
    await add.answer("keep")
    assert add.flow.state == DONE
    assert await remembered(mira, lilith) == []


async def test_characters_and_messages_are_offered(mira: Client, lilith: Any) -> None:
    message, _ = await said(mira, lilith)
    for key, typed, value in (
        ("character", lilith.name, lilith.slug),
        ("message", "keep bees", message.id),
    ):
        asked = request_for("CompleteFlowArgument", path="memory add", key=key, typed=typed)
        assert value in {
            it.value for it in (await mira.call("CompleteFlowArgument", asked)).choices
        }
