"""Who is let in: maintenance, and denials of persons, places and characters, with a real server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.session.channeling import activates
from tests.session.stage import Person, Stage, until
from tzurot import clock
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.account.v1 import (
    CreateDenialRequest,
    DeleteDenialRequest,
    Denial,
    DenialKind,
    ListDenialsRequest,
    SetMaintenanceRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import AmbientMessage, Place, RecordMessagesRequest

BLOCK, MUTE = DenialKind.BLOCK, DenialKind.MUTE


@pytest.fixture(autouse=True)
async def lifted(stage: Stage) -> AsyncIterator[None]:
    """What a test denies, and the work that it begins, is over afterwards."""
    yield
    await stage.client.moderation.set_maintenance(SetMaintenanceRequest())
    found = await stage.client.moderation.list_denials(ListDenialsRequest(page_size=200))
    for denial in found.denials:
        await stage.client.moderation.delete_denial(DeleteDenialRequest(denial_id=denial.id))


@pytest.fixture
def ada(stage: Stage) -> Person:
    return stage.person(platform="discord")


@pytest.fixture
def here(stage: Stage) -> Place:
    """A channel of a server of its own, and which it is."""
    return replace(stage.channel(platform="discord"), space_id=uuid4().hex)


async def deny(stage: Stage, kind: DenialKind, **fields: Any) -> None:
    denial = Denial(kind=kind, **fields)
    await stage.client.moderation.create_denial(CreateDenialRequest(denial=denial))


async def asked(who: Person, *to: Personality, **fields: object) -> str:
    """`answered`, `nothing` at all, or the reason of the refusal."""
    try:
        turns = await who.says("Hello?", *to, **fields)
    except TzurotError as error:
        return error.reason.name or ""
    return "answered" if turns else "nothing"


async def work(stage: Stage, message: str = "") -> None:
    await stage.client.moderation.set_maintenance(SetMaintenanceRequest(message=message))


async def test_while_the_server_is_worked_on_nobody_is_answered(stage: Stage, ada: Person) -> None:
    lilith = await stage.character()
    await work(stage, "Back at noon.")
    with pytest.raises(TzurotError) as refusal:
        await ada.says("Hello?", lilith)
    assert refusal.value.reason.name == "MAINTENANCE"
    assert refusal.value.metadata == {"message": "Back at noon"}
    assert stage.asked == []
    await work(stage)
    assert await asked(ada, lilith) == "answered"


async def test_what_runs_when_work_begins_ends_as_it_would_and_is_told_again(
    stage: Stage, ada: Person
) -> None:
    lilith, request_id = await stage.character(), str(uuid4())
    stage.model.script("All is well.")
    first = await ada.asks("Hello?", lilith, request_id=request_id)
    await work(stage, "Back at noon.")
    again = await ada.asks("Hello?", lilith, request_id=request_id)
    assert (again.turn_id, again.text) == (first.turn_id, "All is well.")


async def test_nothing_is_recorded_while_the_server_is_worked_on(
    stage: Stage, ada: Person, here: Place
) -> None:
    await activates(ada, here, await stage.character())

    async def recorded() -> int:
        said = AmbientMessage(
            platform_message_id=uuid4().hex,
            author_subject=ada.subject,
            author_name="Ada",
            text="An aside.",
            create_time=clock.now(),
        )
        request = RecordMessagesRequest(place=here, messages=[said])
        return (await ada.client.message.record_messages(request)).recorded_count

    await work(stage, "Back at noon.")
    assert await recorded() == 0
    await work(stage)
    assert await recorded() == 1


@pytest.mark.parametrize("kind", [BLOCK, MUTE], ids=lambda it: str(it.name))
@pytest.mark.parametrize("target", ["subject", "space_id", "channel_id", "personality_id"])
async def test_who_is_blocked_is_told_and_who_is_muted_is_not(
    target: str, kind: DenialKind, stage: Stage, ada: Person, here: Place
) -> None:
    lilith, kim = await stage.character(), stage.person(platform="discord")
    value = {
        "subject": ada.subject,
        "space_id": here.space_id,
        "channel_id": here.channel_id,
        "personality_id": lilith.id,
    }
    await deny(stage, kind, platform="discord", **{target: value[target]})
    told = "SUBJECT_DENIED" if kind is BLOCK else "nothing"
    assert await asked(ada, lilith, place=here) == told
    others = "answered" if target == "subject" else told
    assert await asked(kim, lilith, place=here) == others
    elsewhere = replace(here, space_id="other", channel_id=uuid4().hex)
    everywhere = target in ("subject", "personality_id")
    assert await asked(ada, lilith, place=elsewhere) == (told if everywhere else "answered")


async def test_a_thread_below_a_denied_channel_is_denied(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith, parent = await stage.character(), uuid4().hex
    await deny(stage, BLOCK, platform="discord", channel_id=parent)
    assert await asked(ada, lilith, place=replace(here, parent_channel_id=parent)) == (
        "SUBJECT_DENIED"
    )
    assert await asked(ada, lilith, place=here) == "answered"


async def test_a_denial_within_a_server_holds_there_alone(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith = await stage.character()
    where = {"platform": "discord", "within_space_id": here.space_id}
    await deny(stage, BLOCK, subject=ada.subject, **where)
    assert await asked(ada, lilith, place=here) == "SUBJECT_DENIED"
    assert await asked(ada, lilith, place=replace(here, space_id="other")) == "answered"
    assert await asked(ada, lilith) == "answered"


async def test_who_is_denied_on_their_platform_does_not_get_by_by_naming_another_one(
    stage: Stage, ada: Person
) -> None:
    lilith = await stage.character()
    await deny(stage, BLOCK, platform="discord", subject=ada.subject)
    place = replace(ada.direct, platform="terminal")
    assert await asked(ada, lilith, place=place) == "SUBJECT_DENIED"


async def test_silence_counts_before_words(stage: Stage, ada: Person, here: Place) -> None:
    lilith = await stage.character()
    await deny(stage, BLOCK, subject=ada.subject)
    await deny(stage, MUTE, platform="discord", channel_id=here.channel_id)
    assert await asked(ada, lilith, place=here) == "nothing"
    assert await asked(ada, lilith) == "SUBJECT_DENIED"


async def test_a_denial_ends_by_itself(stage: Stage, ada: Person) -> None:
    lilith = await stage.character()
    expire_time = clock.now() + timedelta(milliseconds=300)
    await deny(stage, BLOCK, subject=ada.subject, expire_time=expire_time)
    assert await asked(ada, lilith) == "SUBJECT_DENIED"

    async def over() -> bool:
        return clock.now() > expire_time

    await until(over)
    assert await asked(ada, lilith) == "answered"


async def test_where_nobody_is_addressed_a_denied_character_is_no_news(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith = await stage.character()
    await deny(stage, BLOCK, personality_id=lilith.id)
    assert await asked(ada, place=here) == "nothing"


async def test_of_an_active_character_that_nobody_named_no_refusal_is_told(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith = await stage.character(f"Lilith {uuid4().hex[:8]}")
    await activates(ada, here, lilith)
    assert await asked(ada, place=here) == "answered"
    await deny(stage, BLOCK, personality_id=lilith.id)
    assert await asked(ada, place=here) == "nothing"
    assert await asked(ada, lilith, place=here) == "SUBJECT_DENIED"


async def test_of_several_named_the_others_answer(stage: Stage, ada: Person, here: Place) -> None:
    mark = uuid4().hex[:8]
    lilith = await stage.character(f"Lilith {mark}")
    baal = await stage.character(f"Baal {mark}")
    await deny(stage, BLOCK, personality_id=lilith.id)
    told = await ada.asks(f"@{lilith.name} and @{baal.name}, hi.", place=here)
    assert told.by == baal.name
    assert await asked(ada, lilith, baal, place=here) == "SUBJECT_DENIED"
    alone = ada.saying(f"@{lilith.name}, hi.", place=here)
    with pytest.raises(TzurotError) as refusal:
        await ada.sends(alone)
    assert refusal.value.reason.name == "SUBJECT_DENIED"


async def test_of_several_chosen_who_is_muted_is_left_out(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith, baal = await stage.character("Lilith"), await stage.character("Baal")
    await deny(stage, MUTE, personality_id=lilith.id)
    told = await ada.asks("Hi.", lilith, baal, place=here)
    assert told.by == "Baal"


async def test_an_answer_from_before_a_denial_is_told_again(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith, baal = await stage.character("Lilith"), await stage.character("Baal")
    request = ada.saying("Hi.", lilith, baal, place=here, request_id=str(uuid4()))
    first = await ada.sends(request)
    await deny(stage, BLOCK, personality_id=baal.id)
    assert [it.turn_id for it in await ada.sends(request)] == [it.turn_id for it in first]
    await deny(stage, BLOCK, subject=ada.subject)
    assert [it.turn_id for it in await ada.sends(request)] == [it.turn_id for it in first]
    assert await asked(ada, lilith, place=here) == "SUBJECT_DENIED"


async def test_who_may_not_be_answered_leaves_no_trace(
    stage: Stage, ada: Person, here: Place
) -> None:
    lilith = await stage.character()
    await deny(stage, MUTE, subject=ada.subject)
    assert await ada.sends(ada.saying("Secret!", lilith, place=here)) == []
    found = await stage.rows(
        "SELECT 1 FROM conversations WHERE channel_id = :id"
        " UNION ALL SELECT 1 FROM channel_lines WHERE channel_id = :id",
        id=here.channel_id,
    )
    assert list(found) == []
