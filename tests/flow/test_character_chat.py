"""Somebody chooses with whom they talk in direct messages, and is greeted."""

from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, OPEN, Dialogue, create, delete
from tzurot.common.v1 import venue_pb2
from tzurot.session.v1.place_pb2 import Place

PATH = "character chat"


def direct() -> Place:
    """A direct place, as a platform of the test's names it."""
    return Place(platform="local", channel_id=uuid4().hex, venue=venue_pb2.VENUE_DIRECT)


async def begin(client: Client, place: Place | None, **arguments: str) -> Dialogue:
    request = request_for("StartFlow", path=PATH, arguments=arguments, place=place)
    return Dialogue(client, (await client.call("StartFlow", request)).flow)


async def says(client: Client, place: Place, words: str = "Hello.") -> list[str]:
    """Who answers when somebody says something to nobody."""
    request = request_for("Chat", place=place, utterance={"text": words})
    events = [told.event for told in await client.call("Chat", request)]
    return [event.started.personality_id for event in events if event.HasField("started")]


async def a_character(owner: Client, **fields: Any) -> Any:
    """One that all may talk with, and that is found by its name alone."""
    public = {"visibility": "VISIBILITY_PUBLIC", "name": f"Orla {uuid4().hex[:12]}"}
    return await create(owner, **public | fields)


async def find(flow: Dialogue, character: Any) -> None:
    """Search for a character in the list."""
    await flow.answer("search", query=character.name)


async def test_a_newcomer_is_offered_somebody_and_greeted(mira: Client, kael: Client) -> None:
    orla = await a_character(kael, greeting="The tide is out.")
    place = direct()
    assert await says(mira, place) == []
    flow = await begin(mira, place)
    assert flow.view.title == "With whom do you want to talk?"
    assert "begin a message with `@`" in flow.view.body
    await find(flow, orla)
    await flow.choose(orla.name)
    assert flow.flow.state == DONE
    assert flow.view.title == f"You talk with {orla.name} now"
    assert flow.view.body.startswith(f"**{orla.name}**: The tide is out.")
    assert await says(mira, place) == [orla.id]


async def test_what_it_greeted_with_is_said_in_the_conversation(mira: Client, kael: Client) -> None:
    orla, place = await a_character(kael, greeting="The tide is out."), direct()
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    listed = await mira.call(
        "ListConversations", request_for("ListConversations", personality_id=orla.id)
    )
    (conversation,) = listed.conversations
    request = request_for("ListMessages", conversation_id=conversation.id)
    messages = (await mira.call("ListMessages", request)).messages
    assert [message.text for message in messages] == ["The tide is out."]


async def test_who_is_named_is_asked_for_first(mira: Client, kael: Client) -> None:
    orla, place = await a_character(kael), direct()
    flow = await begin(mira, place, character=orla.slug)
    assert flow.view.title == f"Talk with {orla.name}?"
    assert await says(mira, place) == []
    await flow.answer("others")
    assert flow.view.title == "With whom do you want to talk?"
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    assert await says(mira, place) == [orla.id]


async def test_who_has_no_greeting_is_spoken_to_all_the_same(mira: Client, kael: Client) -> None:
    orla, place = await a_character(kael), direct()
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    assert flow.view.body.startswith("Just write")
    assert await says(mira, place) == [orla.id]


async def test_going_back_to_somebody_greets_no_second_time(mira: Client, kael: Client) -> None:
    place = direct()
    orla = await a_character(kael, greeting="The tide is out.")
    finn = await a_character(kael, greeting="Ahoy.")
    for one, greets in ((orla, True), (finn, True), (orla, False)):
        flow = await begin(mira, place, character=one.slug)
        await flow.answer("talk")
        assert (f"**{one.name}**" in flow.view.body) is greets
    assert await says(mira, place) == [orla.id]


async def test_a_choice_is_for_this_person_and_this_place(mira: Client, kael: Client) -> None:
    orla, place = await a_character(kael), direct()
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    assert await says(mira, direct()) == []
    assert await says(kael, place) == []


async def test_somebody_elses_private_character_is_not_offered(mira: Client, kael: Client) -> None:
    hidden = await a_character(kael, visibility="VISIBILITY_PRIVATE")
    flow = await begin(mira, direct())
    await find(flow, hidden)
    assert list(flow.view.items) == []
    asked = request_for("StartFlow", path=PATH, arguments={"character": hidden.slug})
    refusal = await mira.refused("StartFlow", asked)
    assert refusal.reason == "PERSONALITY_NOT_FOUND"


async def test_somebody_who_is_gone_meanwhile_is_told(mira: Client, kael: Client) -> None:
    orla, place = await a_character(kael), direct()
    flow = await begin(mira, place)
    await find(flow, orla)
    key = flow.item(orla.name).key
    await delete(kael, orla.id)
    view = await flow.answer("choose", item=key)
    assert flow.flow.state == OPEN
    assert view.notice
    assert await says(mira, place) == []


async def test_a_character_for_adults_asks_for_a_proof(mira: Client, kael: Client) -> None:
    orla = await a_character(kael, age_restricted=True, greeting="Psst.")
    place = direct()
    flow = await begin(mira, place, character=orla.slug)
    view = await flow.answer("talk")
    assert flow.flow.state == OPEN
    assert "Psst." not in view.body
    assert view.notice
    assert await says(mira, place) == []


@pytest.mark.parametrize("greeting", ["", "Psst."])
async def test_whoever_lost_the_proof_is_asked_again(
    greeting: str, mira: Client, kael: Client, served: Served
) -> None:
    orla, place = await a_character(kael, age_restricted=True, greeting=greeting), direct()
    adult = request_for("SetAgeStanding", subject=mira.subject, standing="AGE_STANDING_ADULT")
    await served.client().call("SetAgeStanding", adult)
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    assert flow.flow.state == DONE
    await mira.call("RevokeAgeVerification")
    flow = await begin(mira, place, character=orla.slug)
    await flow.answer("talk")
    assert flow.flow.state == OPEN


@pytest.mark.parametrize("venue", [None, venue_pb2.VENUE_PUBLIC_CHANNEL])
async def test_elsewhere_it_says_how_to_talk(venue: Any, mira: Client, kael: Client) -> None:
    orla = await a_character(kael)
    place = venue and Place(platform="local", space_id="s", channel_id=uuid4().hex, venue=venue)
    flow = await begin(mira, place)
    assert "begin your message with `@`" in flow.view.body
    assert flow.actions == ["close"]
    flow = await begin(mira, place, character=orla.slug)
    assert flow.view.body.startswith(f"Say hello: `@{orla.name} hello`")


async def test_the_list_tells_characters_of_one_name_apart(mira: Client, kael: Client) -> None:
    orla = await a_character(kael, definition_visible=True, description="A gull.")
    flow = await begin(mira, direct())
    await find(flow, orla)
    item = flow.item(orla.name)
    assert item.text.startswith(f"{orla.slug} · ")
    assert item.text.endswith("A gull.")
