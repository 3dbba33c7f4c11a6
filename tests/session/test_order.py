"""Replies come in the order of what they answer, however fast each model is."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.fakes.provider import Gate, Refusal, Reply, Request
from tests.session.following import Room
from tests.session.stage import Person, Stage, ref
from tzurot import clock
from tzurot.session import store
from tzurot.session.delivery import turn_store
from tzurot.session.delivery.events import Kind, SkillState, SkillStep, TextDelta
from tzurot.session.delivery.ordering import Floor
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Scene, TurnState

Elsewhere = Callable[[Person], Person]


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def gate(stage: Stage) -> Gate:
    """Holds back the answer to `slow`; everything else is answered at once."""
    gate = Gate()

    def answer(request: Request) -> str | Reply | Refusal:
        match request.last_user_text.rpartition(": ")[2]:
            case "slow":
                return Reply("At ", "last.", gate=gate)
            case "fail":
                return Refusal(400, message="no")
            case _:
                return "At once."

    stage.model.answer = answer
    return gate


async def thought(stage: Stage, requests: int) -> None:
    """Wait until the model has been asked so often, and only the slow answer is still to come."""
    await stage.model.until(lambda it: len(it.requests) == requests and it.open_streams == 1)


async def test_a_fast_reply_waits_for_the_slow_one_before_it(
    stage: Stage, room: Room, gate: Gate
) -> None:
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    slow = room.hears(ada, ada.saying("slow", lilith, place=place))
    await slow.started()
    fast = room.hears(bob, bob.saying("fast", bambi, place=place))
    await fast.started()
    await thought(stage, 2)
    gate.open()

    first, second = await slow.one(), await fast.one()
    assert (first.text, second.text) == ("At last.", "At once.")
    assert second.numbers == list(range(1, len(second.events) + 1))
    told = [it for it in room.heard if "started" not in it]
    assert told.index("Lilith: finished") < told.index("Bambi: text_delta")
    lines = await stage.rows(
        "SELECT text FROM channel_lines WHERE channel_id = :id AND author = 'personality' "
        "ORDER BY id",
        id=place.channel_id,
    )
    assert [line[0] for line in lines] == ["At last.", "At once."]
    steps = {step.name: step.outcome for step in (await bob.trace(second.turn_id)).steps}
    assert "held back" in steps["deliver"]
    steps = {step.name: step.outcome for step in (await ada.trace(first.turn_id)).steps}
    assert "held back" not in steps["deliver"]


async def test_at_another_server_it_waits_too(
    stage: Stage, room: Room, gate: Gate, elsewhere: Elsewhere
) -> None:
    ada, bob, place = stage.person("Ada"), elsewhere(stage.person("Bob")), stage.channel()
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    slow = room.hears(ada, ada.saying("slow", lilith, place=place))
    await slow.started()
    fast = room.hears(bob, bob.saying("fast", bambi, place=place))
    await fast.started()
    await thought(stage, 2)
    gate.open()

    assert ((await slow.one()).text, (await fast.one()).text) == ("At last.", "At once.")
    told = [it for it in room.heard if "started" not in it]
    assert told.index("Lilith: finished") < told.index("Bambi: text_delta")


async def test_many_at_once_are_told_in_the_order_in_which_they_were_admitted(
    stage: Stage, elsewhere: Elsewhere
) -> None:
    place, characters = stage.channel(), [await stage.character(f"C{n}") for n in range(4)]
    people = [stage.person(f"P{number}") for number in range(12)]
    people = [elsewhere(it) if number % 2 else it for number, it in enumerate(people)]
    asked = zip(people, cycle(characters), strict=False)
    await asyncio.gather(*(it.asks("fast", whom, place=place) for it, whom in asked))
    said = await stage.rows(
        "SELECT author, turn_id FROM channel_lines WHERE channel_id = :id ORDER BY create_time, id",
        id=place.channel_id,
    )
    admitted = [turn_id for author, turn_id in said if author == "person"]
    answered = [turn_id for author, turn_id in said if author == "personality"]
    assert len(admitted) == 12
    assert answered == admitted


@pytest.mark.parametrize("where", ["here", "there"])
async def test_all_replies_to_a_message_come_before_one_to_a_later_message(
    stage: Stage, room: Room, gate: Gate, elsewhere: Elsewhere, where: str
) -> None:
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    bob = elsewhere(bob) if where == "there" else bob
    lilith, bambi, mira = [await stage.character(it) for it in ("Lilith", "Bambi", "Mira")]
    both = room.hears(ada, ada.saying("slow", lilith, bambi, place=place))
    await both.started()
    later = room.hears(bob, bob.saying("fast", mira, place=place))
    await later.started()
    await thought(stage, 2)
    gate.open()
    assert [(it.by, it.how) for it in await both.all()] == [("Lilith", "STOP"), ("Bambi", "STOP")]
    assert (await later.one()).text == "At once."
    told = [it for it in room.heard if it.endswith(("text_delta", "finished"))]
    assert list(dict.fromkeys(it.partition(":")[0] for it in told)) == ["Lilith", "Bambi", "Mira"]
    assert told.index("Bambi: finished") < told.index("Mira: text_delta")


async def test_between_two_replies_a_message_is_still_being_answered(stage: Stage) -> None:
    ada, place = stage.person("Ada"), stage.channel()
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    first, second = await ada.says("fast", lilith, bambi, place=place)

    async def is_being_heard(seconds: float = 0) -> bool:
        async with stage.server.parts.database.reading() as tx:
            now = clock.now() + timedelta(seconds=seconds)
            return await turn_store.is_being_heard(tx, UUID(first.turn_id), now)

    assert not await is_being_heard()
    await stage.execute("DELETE FROM turns WHERE id = :id", id=second.turn_id)
    assert await is_being_heard()
    assert not await is_being_heard(seconds=11)  # its server is gone


async def test_between_the_turns_of_a_scene_others_are_answered(stage: Stage, room: Room) -> None:
    ada, bob, place, gates = (
        stage.person("Ada"),
        stage.person("Bob"),
        stage.channel(),
        [Gate() for _ in range(2)],
    )
    lilith, bambi, mira = [await stage.character(it) for it in ("Lilith", "Bambi", "Mira")]
    stage.model.script(Reply("One.", gate=gates[0]), "Hello Bob.", Reply("Two.", gate=gates[1]))
    scene = ChatRequest(
        place=place, scene=Scene(reply_limit=2), addressees=[ref(lilith), ref(bambi)]
    )
    talk = room.hears(ada, scene)
    await talk.started()
    await stage.model.until(lambda it: it.open_streams == 1)
    later = room.hears(bob, bob.saying("Hello", mira, place=place))
    await later.started()
    await thought(stage, 2)
    gates[0].open()
    assert (await later.one()).text == "Hello Bob."
    gates[1].open()
    assert [it.text for it in await talk.all()] == ["One.", "Two."]


async def test_of_a_message_that_is_superseded_the_others_replies_still_wait_their_turn(
    stage: Stage, room: Room, gate: Gate
) -> None:
    """Ada is answered behind Bob, also by the second one when she has said more to the first."""
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    lilith, bambi, mira = [await stage.character(it) for it in ("Lilith", "Bambi", "Mira")]
    slow = room.hears(bob, bob.saying("slow", mira, place=place))
    await slow.started()
    both = room.hears(ada, ada.saying("fast", lilith, bambi, place=place))
    await both.started()
    await thought(stage, 2)
    more = room.hears(ada, ada.saying("and fast", lilith, place=place))
    await both.until(lambda: sum(bool(event.started) for event in both.events) == 2)
    await thought(stage, 4)
    assert not any("text_delta" in it for it in room.heard)
    gate.open()
    assert [it.how for it in await both.all()] == ["SUPERSEDED", "STOP"]
    assert ((await slow.one()).text, (await more.one()).text) == ("At last.", "At once.")
    told = [it for it in room.heard if it.endswith("text_delta")]
    assert list(dict.fromkeys(told)) == [f"{it}: text_delta" for it in ("Mira", "Bambi", "Lilith")]


async def test_other_places_do_not_wait(stage: Stage, room: Room, gate: Gate) -> None:
    ada, bob = stage.person("Ada"), stage.person("Bob")
    lilith = await stage.character("Lilith")
    slow = room.hears(ada, ada.saying("slow", lilith, place=stage.channel()))
    await slow.started()
    assert (await bob.asks("fast", lilith, place=stage.channel())).text == "At once."
    gate.open()
    await slow.all()


async def test_in_direct_everybody_has_a_place_of_their_own(
    stage: Stage, room: Room, gate: Gate
) -> None:
    ada, bob = stage.person("Ada"), stage.person("Bob")
    assert ada.direct == bob.direct
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    slow = room.hears(ada, ada.saying("slow", lilith))
    await slow.started()
    assert (await bob.asks("fast", lilith)).text == "At once."
    fast = room.hears(ada, ada.saying("fast", bambi))
    await fast.started()
    await thought(stage, 3)
    gate.open()
    assert ((await slow.one()).text, (await fast.one()).text) == ("At last.", "At once.")
    assert room.heard.index("Lilith: finished") < room.heard.index("Bambi: text_delta")


async def test_a_failure_is_told_in_its_order_too(stage: Stage, room: Room, gate: Gate) -> None:
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    slow = room.hears(ada, ada.saying("slow", lilith, place=place))
    await slow.started()
    failing = room.hears(bob, bob.saying("fail", bambi, place=place))
    await thought(stage, 2)
    gate.open()
    assert ((await slow.one()).how, (await failing.one()).how) == ("STOP", "FAILED")
    assert room.heard.index("Lilith: finished") < room.heard.index("Bambi: finished")


async def test_what_was_held_back_when_it_is_stopped_was_not_said(
    stage: Stage, room: Room, gate: Gate
) -> None:
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
    slow = room.hears(ada, ada.saying("slow", lilith, place=place))
    await slow.started()
    fast = room.hears(bob, bob.saying("fast", bambi, place=place))
    turn_id = await fast.started()
    await thought(stage, 2)
    assert (await bob.cancels(turn_id)).state is TurnState.CANCELLED
    told = await fast.one()
    assert (told.how, told.text, told.kinds) == ("CANCELLED", "", ["started", "finished"])
    assert [it.text for it in await stage.messages(told.conversation_id)] == ["fast"]
    again = await bob.watches(turn_id)
    assert again.numbers[-1] == told.numbers[-1]
    gate.open()
    assert (await slow.one()).text == "At last."


@pytest.mark.parametrize("lease", ["-1 seconds", "400 milliseconds"])
async def test_a_turn_whose_server_is_gone_holds_nobody_back_for_longer_than_its_lease(
    stage: Stage, lease: str
) -> None:
    ada, bob, place = stage.person("Ada"), stage.person("Bob"), stage.channel()
    lilith = await stage.character("Lilith")
    lost = await ada.asks("Hi", lilith, place=place)
    await stage.execute(
        "UPDATE turns SET state = 'running', lease_expire_time = now() + CAST(:lease AS interval) "
        "WHERE id = :id",
        id=lost.turn_id,
        lease=lease,
    )
    told = await bob.asks("Hello", lilith, place=place)
    assert told.how == "STOP"
    (deliver,) = [it for it in (await bob.trace(told.turn_id)).steps if it.name == "deliver"]
    assert ("held back" in deliver.outcome) == (not lease.startswith("-"))
    await stage.execute("UPDATE turns SET state = 'answered' WHERE id = :id", id=lost.turn_id)


async def test_who_is_before_is_looked_up_among_running_turns_only(stage: Stage) -> None:
    names = re.findall(r"(?<!:):(\w+)", store.BEGIN.text)
    place = {"platform": "discord", "channel_id": "7", "now": clock.now()}
    async with stage.server.parts.database.rehearsal() as tx:
        await tx.execute(text("SET LOCAL enable_seqscan = off"))  # few rows are read whole
        explaining = text(f"EXPLAIN {store.BEGIN.text}")
        plan = (await tx.scalars(explaining, dict.fromkeys(names) | place)).all()
    scans = [line for line in plan if "turns t" in line]
    assert len(scans) == 1
    assert re.search("Index Scan using turns_(channel|lease)_idx", scans[0])  # running ones only


async def test_whom_nobody_is_before_speaks_at_once_and_waits_for_nothing() -> None:
    told, floor = list[Kind](), Floor()
    async with floor.sought(told.append, None):
        floor.say(TextDelta("Hi"))
        assert told == [TextDelta("Hi")]
        await floor.taken()
    assert (floor.spoken, floor.note) == (True, "")


async def test_words_and_what_follows_them_are_held_back_and_nothing_else() -> None:
    told, floor, cleared = list[Kind](), Floor(), asyncio.Event()
    step, words = SkillStep("search", SkillState.REQUESTED), TextDelta("Hi")

    async def wait() -> None:
        await cleared.wait()

    async with floor.sought(told.append, wait):
        for kind in (step, words, step):
            floor.say(kind)
        assert (told, floor.spoken) == ([step], False)
        cleared.set()
        await floor.taken()
        floor.say(words)
    assert told == [step, words, step, words]
    assert floor.note.startswith("held back")


async def test_it_goes_ahead_when_it_has_waited_long_enough_and_says_so() -> None:
    told, floor = list[Kind](), Floor()

    async def never() -> None:
        await asyncio.Event().wait()

    async with floor.sought(told.append, never, limit=0.01):
        floor.say(TextDelta("Hi"))
        await floor.taken()
    assert told == [TextDelta("Hi")]
    assert floor.note.startswith("not held back longer than")
