"""Several servers on one database: any of them does for a turn that another one runs."""

import asyncio
import json
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest

from tests.conftest import RunningServer
from tests.fakes.provider import Ending, Gate, Reply
from tests.session.following import Room
from tests.session.stage import Person, Stage, ref
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    CancelTurnRequest,
    ChatRequest,
    Scene,
    TurnState,
)

Elsewhere = Callable[[Person], Person]


@pytest.fixture
def room() -> Room:
    return Room()


class TestCancel:
    async def test_a_turn_that_runs_elsewhere_is_stopped_and_told_once_it_ended(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        stage.model.script(Reply("I was going ", ending=Ending.HANG))
        hearing = room.hears(ada, ada.saying("Hi", lilith))
        await hearing.words("I was going ")
        turn = await elsewhere(ada).cancels(hearing.turn_id)
        assert turn.state is TurnState.CANCELLED
        told = await hearing.one()
        assert (told.how, told.text) == ("CANCELLED", "I was going ")
        await stage.model.until(lambda model: model.closed_early == 1)

    async def test_one_that_ended_stays_as_it_is(
        self, ada: Person, lilith: Personality, elsewhere: Elsewhere
    ) -> None:
        told = await ada.asks("Hi", lilith)
        assert (await elsewhere(ada).cancels(told.turn_id)).state is TurnState.ANSWERED

    async def test_of_one_whose_server_is_silent_it_is_told_in_time_how_it_stands(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await ada.asks("Hi", lilith)
        lost = "UPDATE turns SET state = 'running', lease_expire_time = now() + interval '1 hour'"
        await stage.execute(f"{lost} WHERE id = :id", id=told.turn_id)
        request = CancelTurnRequest(turn_id=told.turn_id)
        turn = (await ada.client.session.cancel_turn(request, timeout=3)).turn
        assert turn and turn.state is TurnState.RUNNING
        await stage.execute("UPDATE turns SET state = 'answered' WHERE id = :id", id=told.turn_id)


class TestFollow:
    async def test_its_words_come_while_it_speaks_each_once(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("One ", "two ", "three.", gate=gate))
        here = room.hears(ada, ada.saying("Count!", lilith))
        gate.release(2)
        await here.words("One ")
        there = room.watches(elsewhere(ada), here.turn_id)
        await there.words("One ")
        gate.release()
        await there.words("One two ")
        gate.open()

        told, original = await there.one(), await here.one()
        assert told.streamed == original.streamed == "One two three."
        assert told.kinds == original.kinds == ["started", "text_delta", "finished"]
        assert told.numbers == sorted(set(told.numbers))
        assert told.numbers[-1] == original.numbers[-1]
        assert told.finished == original.finished
        assert told.by == "Lilith"

    async def test_it_goes_on_behind_what_the_follower_has(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("One ", "two ", "three.", gate=gate))
        here = room.hears(ada, ada.saying("Count!", lilith))
        gate.release(2)
        await here.words("One ")
        there = room.watches(elsewhere(ada), here.turn_id, after=here.events[-1].sequence)
        gate.release()
        await there.words("two ")
        gate.open()
        assert (await there.one()).streamed == "two three."
        await here.all()

    async def test_everything_that_is_told_of_a_turn_arrives_and_long_words_whole(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        bees, gate, words = "I keep bees in my garden.", Gate(), "äß🐝 " * 4000
        await ada.asks(bees, lilith)
        await stage.indexed()
        await ada.resets((await ada.asks("Bye", lilith)).conversation_id)
        stage.model.script(Reply(words, gate=gate))
        here = room.hears(ada, ada.saying("What do I keep in my garden?", lilith))
        gate.release(2)
        await here.words(words)
        there = room.watches(elsewhere(ada), here.turn_id)
        await there.words(words)
        assert there.events == [event for event in here.events if not event.finished]
        assert any(event.memory_cited for event in there.events)
        gate.open()
        assert (await there.one()).text == (await here.one()).text

    async def test_when_the_connection_is_lost_nothing_is_missing_and_nothing_twice(
        self,
        stage: Stage,
        ada: Person,
        lilith: Personality,
        room: Room,
        elsewhere: Elsewhere,
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("One ", "two ", "three.", gate=gate))
        here = room.hears(ada, ada.saying("Count!", lilith))
        gate.release(2)
        await here.words("One ")
        there = room.watches(elsewhere(ada), here.turn_id)
        await there.words("One ")
        await stage.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'tzurot signals'"
        )
        gate.release()
        await here.words("One two ")
        await there.words("One two ")
        gate.open()
        assert (await there.one()).streamed == "One two three."
        await here.all()

    async def test_of_a_turn_that_nobody_follows_elsewhere_no_server_hears(
        self, stage: Stage, ada: Person, lilith: Personality, other_server: RunningServer
    ) -> None:
        url = stage.server.parts.database.engine.url.set(drivername="postgresql")
        async with await psycopg.AsyncConnection.connect(
            url.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            await connection.execute("LISTEN tzurot")
            told = await ada.asks("Hi", lilith)
            await ada.watches(told.turn_id)
            await connection.execute("SELECT pg_notify('tzurot', 'nobody\nthe first')")
            notification = await anext(connection.notifies())
            assert notification.payload == "nobody\nthe first"

    async def test_a_request_of_another_version_is_passed_over(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("One.", gate=gate))
        here = room.hears(ada, ada.saying("Hi", lilith))
        payload = "turns\n" + json.dumps(["praise", await here.started(), "nobody", 0, "more"])
        await stage.execute("SELECT pg_notify('tzurot', :payload)", payload=payload)
        there = room.watches(elsewhere(ada), here.turn_id)
        gate.open()
        assert (await there.one()).text == (await here.one()).text == "One."


class TestSameRequest:
    async def test_at_two_servers_at_once_it_is_one_turn_that_both_hear(
        self, stage: Stage, ada: Person, lilith: Personality, room: Room, elsewhere: Elsewhere
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("One ", "two.", gate=gate))
        request = ada.saying("Hi", lilith, request_id=str(uuid4()))
        both = [room.hears(person, request) for person in (ada, elsewhere(ada))]
        gate.release(2)
        for hearing in both:
            await hearing.words("One ")
        gate.open()
        (one, other) = [await hearing.one() for hearing in both]
        assert one.finished == other.finished
        assert (one.streamed, other.streamed) == ("One two.", "One two.")
        assert len(stage.asked) == 1
        assert len(await stage.messages(one.conversation_id)) == 2

    async def test_of_several_characters_each_answers_once(
        self, stage: Stage, ada: Person, lilith: Personality, elsewhere: Elsewhere
    ) -> None:
        bambi = await stage.character("Bambi")
        request = ada.saying("Hi", lilith, bambi, request_id=str(uuid4()))
        one, other = await asyncio.gather(ada.sends(request), elsewhere(ada).sends(request))
        assert [turn.by for turn in one] == ["Lilith", "Bambi"]
        assert [turn.finished for turn in one] == [turn.finished for turn in other]
        assert len(stage.asked) == 2

    @pytest.mark.parametrize("where", ["here", "there"])
    async def test_a_scene_that_was_stopped_is_not_gone_on_with(
        self,
        stage: Stage,
        ada: Person,
        lilith: Personality,
        room: Room,
        elsewhere: Elsewhere,
        where: str,
    ) -> None:
        bambi = await stage.character("Bambi")
        stage.model.script(Reply("Well, ", ending=Ending.HANG))
        request = ChatRequest(
            request_id=str(uuid4()),
            place=stage.channel(),
            scene=Scene(reply_limit=3),
            addressees=[ref(lilith), ref(bambi)],
        )
        here = room.hears(ada, request)
        await here.words("Well, ")
        again = room.hears(elsewhere(ada) if where == "there" else ada, request)
        await again.words("Well, ")
        await ada.cancels(here.turn_id)
        for told in (await here.all(), await again.all()):
            assert [(turn.by, turn.how) for turn in told] == [("Lilith", "CANCELLED")]
        assert [turn.how for turn in await ada.sends(request)] == ["CANCELLED"]
        assert len(stage.asked) == 1
