"""Messages in flows: leafed through, chosen, put otherwise, edited, deleted."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.contract.residents import in_private, saying
from tests.flow.dialogue import DONE, Dialogue, create, starting
from tzurot.session.v1.place_pb2 import Place


@pytest.fixture
async def talk(mira: Client) -> list[Any]:
    """The messages of a talk, oldest first: something that was said, and its answer."""
    lilith = await create(mira, name=f"Lilith {uuid4().hex[:8]}")
    told = await mira.call("Chat", saying("I keep bees.", lilith.id))
    conversation_id = told[0].event.started.conversation_id
    listed = await mira.call(
        "ListMessages", request_for("ListMessages", conversation_id=conversation_id)
    )
    return list(reversed(listed.messages))


async def message(mira: Client, message_id: str) -> Any:
    request = request_for("GetMessage", message={"id": message_id})
    return (await mira.call("GetMessage", request)).message


async def test_alternatives_are_leafed_through_and_chosen(mira: Client, talk: list[Any]) -> None:
    first = talk[-1]
    look = await Dialogue.start(mira, "message alternatives", message=first.id)
    assert look.view.title.startswith("1/1: ")
    assert look.actions == ["add", "close"]
    assert look.view.message_id == first.id
    await look.answer("add", text="How many?")
    assert look.view.title.startswith("2/2: ")
    assert look.view.body.startswith("How many?")
    assert "choose" not in look.actions
    await look.answer("previous")
    assert look.view.title.startswith("1/2: ")
    assert look.view.message_id == ""
    await look.answer("choose")
    assert look.view.message_id == first.id
    assert (await message(mira, first.id)).chosen


async def test_a_message_is_edited(mira: Client, talk: list[Any]) -> None:
    edit = await Dialogue.start(mira, "message edit", message=talk[0].id)
    assert list(edit.field("text").values) == ["I keep bees."]
    await edit.answer("edit", text="I keep goats.")
    assert (edit.flow.state, edit.view.message_id) == (DONE, talk[0].id)
    assert (await message(mira, talk[0].id)).text == "I keep goats."


async def test_a_message_is_deleted_after_a_question(mira: Client, talk: list[Any]) -> None:
    delete = await Dialogue.start(mira, "message delete", message=talk[0].id)
    assert "I keep bees." in delete.view.body
    await delete.answer("delete")
    assert delete.flow.state == DONE
    assert delete.view.body == "Gone: 1 message and 1 memory."
    request = request_for("GetMessage", message={"id": talk[0].id})
    assert (await mira.refused("GetMessage", request)).reason == "MESSAGE_NOT_FOUND"


async def test_a_platform_s_id_is_known_where_it_is_shown(mira: Client, talk: list[Any]) -> None:
    shown = request_for("ReportDelivery", turn_id=talk[-1].turn_id, platform_message_ids=["4711"])
    await mira.call("ReportDelivery", shown)
    request = starting("message edit", message="4711")
    request.place.CopyFrom(in_private())
    edit = Dialogue(mira, (await mira.call("StartFlow", request)).flow)
    assert list(edit.field("text").values) == [talk[-1].text]
    request.place.CopyFrom(Place(platform="local", channel_id="elsewhere", venue="VENUE_DIRECT"))
    assert (await mira.refused("StartFlow", request)).reason == "MESSAGE_NOT_FOUND"


async def test_somebody_else_s_message_is_not_found(
    mira: Client, kael: Client, talk: list[Any]
) -> None:
    for path in ("message alternatives", "message edit", "message delete"):
        request = starting(path, message=talk[0].id)
        assert (await kael.refused("StartFlow", request)).reason == "MESSAGE_NOT_FOUND"


async def test_the_newest_messages_are_offered(mira: Client, talk: list[Any]) -> None:
    request = request_for(
        "CompleteFlowArgument", path="message edit", key="message", typed="keep bees"
    )
    found = (await mira.call("CompleteFlowArgument", request)).choices
    assert talk[0].id in {it.value for it in found}
