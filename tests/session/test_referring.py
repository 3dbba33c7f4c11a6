"""References at a real server: what of them is stored here, what is remembered, what is traced."""

from datetime import UTC, datetime

from tests.session.stage import Person, Stage, Told
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    AgeLimit,
    ChatRequest,
    MessageRef,
    Place,
    Reference,
    ReferenceKind,
    ReferenceState,
    Regeneration,
    ReportDeliveryRequest,
    Utterance,
)


def reference(text: str, message_id: str = "", **fields: object) -> Reference:
    made = Reference(
        kind=ReferenceKind.REPLY,
        state=ReferenceState.READ,
        platform_message_id=message_id,
        author_name="Bob",
        text=text,
        create_time=datetime(2026, 5, 17, tzinfo=UTC),
    )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


async def refers(
    who: Person, to: Personality, *found: Reference, text: str = "Hm?", place: Place | None = None
) -> Told:
    request = who.saying(text, to, place=place)
    request.utterance = Utterance(text=text, speaker_name=who.name, references=list(found))
    (told,) = await who.sends(request)
    return told


def told_of(stage: Stage) -> list[str]:
    """The lines about references in the last prompt."""
    lines = "\n".join(str(it["content"]) for it in stage.asked[-1].messages).splitlines()
    return [it for it in lines if it.startswith("- [")]


async def test_what_is_referred_to_is_told_traced_and_not_remembered(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await refers(ada, lilith, reference("The hive is empty."), text="I keep bees.")
    assert told_of(stage) == ['- [1] (replied to) "Bob", 2026-05-17: "The hive is empty."']
    sections = (await ada.trace(told.turn_id)).sections
    assert [it.text for it in sections if it.name == "reference"][1:] == told_of(stage)
    (memory,) = await stage.memories(told.turn_id)
    assert memory.person_text == "I keep bees."


async def test_a_message_that_only_refers_is_answered_and_not_remembered(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await refers(ada, lilith, reference("The hive is empty."), text="")
    assert told.how == "STOP"
    assert stage.asked[-1].last_user_text == "(no words with it)"
    assert await stage.memories(told.turn_id) == []


async def test_another_reply_is_asked_for_with_what_was_told_then(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await refers(ada, lilith, reference("The hive is empty."), reference("Bees!"))
    before = told_of(stage)
    assert told.finished.message
    message = MessageRef(id=told.finished.message.id)
    await ada.sends(ChatRequest(place=ada.direct, regeneration=Regeneration(message=message)))
    assert told_of(stage) == before
    assert len(before) == 2


async def test_its_own_reply_is_pointed_to_while_it_is_in_sight_and_is_its_own_later(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script("Bees are kind.")
    first = await ada.asks("Tell me.", lilith, place=stage.channel())
    place = await _place_of(stage, first)
    message_id = f"m-{first.turn_id[-12:]}"
    delivered = ReportDeliveryRequest(turn_id=first.turn_id, platform_message_ids=[message_id])
    await ada.client.session.report_delivery(delivered)
    found = reference("Bees are kind.", message_id, author_name="Lilith")

    await refers(ada, lilith, found, place=place)
    assert told_of(stage) == ['- [1] (replied to) above: "Bees are kind."']
    await ada.resets(first.conversation_id)
    await refers(ada, lilith, found, place=place)
    assert told_of(stage) == ['- [1] (replied to) you, 2026-05-17: "Bees are kind."']


async def test_what_the_person_said_before_is_pointed_to(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    request = ada.saying("I keep bees.", lilith)
    assert request.utterance
    request.utterance.platform_message_id = f"said-{ada.subject[-12:]}"
    await ada.sends(request)
    own = reference(
        "I keep bees.", request.utterance.platform_message_id, author_subject=ada.subject
    )
    await refers(ada, lilith, own, reference("I keep bees.", "another"))
    assert told_of(stage) == [
        '- [1] (replied to) above: "I keep bees."',
        '- [2] (replied to) "Bob", 2026-05-17: "I keep bees."',
    ]


async def test_what_was_said_among_adults_stays_there(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    found = reference("SECRET", age_limit=AgeLimit.ADULTS)
    elsewhere = stage.channel(Venue.PUBLIC_CHANNEL)
    elsewhere.age_limit = AgeLimit.NONE
    await refers(ada, lilith, found, place=elsewhere)
    assert told_of(stage) == ["- [1] (replied to) a message that can't be seen here"]
    there = stage.channel(Venue.PUBLIC_CHANNEL)
    there.age_limit = AgeLimit.ADULTS
    await refers(ada, lilith, found, place=there)
    assert told_of(stage) == ['- [1] (replied to) "Bob", 2026-05-17: "SECRET"']


async def _place_of(stage: Stage, told: Told) -> Place:
    ((platform, space, channel),) = await stage.rows(
        "SELECT platform, space_id, channel_id FROM conversations WHERE id = :id",
        id=told.conversation_id,
    )
    return Place(
        platform=str(platform),
        space_id=str(space),
        channel_id=str(channel),
        venue=Venue.PUBLIC_CHANNEL,
    )
