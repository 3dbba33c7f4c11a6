"""What a turn leaves: a chain of messages and a memory of the exchange; and what a reset hides."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage, Told, until
from tzurot import clock
from tzurot.session.tables import Message, Turn
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import TurnState


def chain(messages: Sequence[Message]) -> list[str]:
    """The chosen path from its root; a message has one chosen child at most."""
    follows = {message.parent_id: message for message in messages if message.chosen}
    assert len(follows) == len([message for message in messages if message.chosen])
    path: list[str] = []
    at = None
    while message := follows.get(at):
        path.append(message.text)
        at = message.id
    return path


def seen(stage: Stage) -> list[str]:
    """What of the conversation the model was shown last."""
    return [str(m["content"]) for m in stage.asked[-1].messages if m["role"] != "system"]


class TestMessages:
    async def test_each_follows_the_one_before(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script("one", "two")
        for words in ("first", "second"):
            told = await ada.asks(words, lilith)
        messages = await stage.messages(told.conversation_id)
        assert chain(messages) == ["first", "one", "second", "two"]
        assert [message.author_name for message in messages[:2]] == ["Ada", "Lilith"]
        assert told.finished.message
        assert told.finished.message.parent_id == str(messages[2].id)

    async def test_what_is_said_at_once_in_a_channel_stays_one_chain(
        self, stage: Stage, lilith: Personality
    ) -> None:
        meadow = stage.channel()
        people = [stage.person(f"P{number}") for number in range(6)]
        told = await asyncio.gather(
            *(person.asks(f"I am {person.name}", lilith, place=meadow) for person in people)
        )
        messages = await stage.messages(told[0].conversation_id)
        path = chain(messages)
        assert sorted(path) == sorted(message.text for message in messages)
        assert len(path) == 12

    async def test_replies_follow_in_the_order_of_what_was_said(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada, bob, meadow, gate = stage.person("Ada"), stage.person("Bob"), stage.channel(), Gate()
        stage.model.script(Reply("late", gate=gate), "quick")
        slow = ada.follows(ada.saying("slow?", lilith, place=meadow))
        first = await anext(slow)
        await stage.model.until(lambda model: model.open_streams == 1)
        asking = asyncio.create_task(bob.asks("quick?", lilith, place=meadow))
        await stage.model.until(lambda model: len(model.requests) == 2)
        gate.open()
        told = Told((first, *[event async for event in slow]))
        quick = await asking
        assert chain(await stage.messages(told.conversation_id)) == [
            "slow?",
            "quick?",
            "late",
            "quick",
        ]
        assert told.finished.message and quick.finished.message
        assert quick.finished.message.parent_id == told.finished.message.id

    async def test_two_chosen_ones_after_the_same_are_refused_by_the_database(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await ada.asks("Hi", lilith)
        said, reply = await stage.messages(told.conversation_id)
        twin = {c.key: getattr(reply, c.key) for c in Message.__table__.columns}
        with pytest.raises(IntegrityError, match="messages_chosen_key"):
            async with stage.server.parts.database.transaction() as tx:
                await tx.execute(insert(Message).values(twin | {"id": clock.uuid7()}))
        async with stage.server.parts.database.transaction() as tx:  # an alternative is no twin
            other = twin | {"id": clock.uuid7(), "chosen": False}
            await tx.execute(insert(Message).values(other))
        assert chain(await stage.messages(told.conversation_id)) == [said.text, reply.text]

    async def test_an_alternative_that_is_not_chosen_is_not_shown_to_the_model(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await ada.asks("Hi", lilith)
        _, reply = await stage.messages(told.conversation_id)
        other = {c.key: getattr(reply, c.key) for c in Message.__table__.columns}
        other |= {"id": clock.uuid7(), "chosen": False, "text": "otherwise"}
        async with stage.server.parts.database.transaction() as tx:
            await tx.execute(insert(Message).values(other))
        await ada.asks("Go on", lilith)
        assert "otherwise" not in seen(stage)


class TestReset:
    async def test_it_hides_earlier_messages_but_memories_stay(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script("How lovely!")
        told = await ada.asks("I keep bees in my garden.", lilith)
        await ada.resets(told.conversation_id)
        after = await ada.asks("What do I keep in my garden?", lilith)
        assert seen(stage) == ["What do I keep in my garden?"]
        assert after.cited == ["I keep bees in my garden."]
        assert after.conversation_id == told.conversation_id

    async def test_a_reply_that_comes_after_it_stays_off_the_path(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("late", gate=gate))
        running = ada.follows(ada.saying("before", lilith))
        first = await anext(running)
        assert first.started
        await ada.resets(first.started.conversation_id)
        gate.open()
        told = Told((first, *[event async for event in running]))
        await ada.asks("after", lilith)

        assert told.text == "late"  # it is stored and told
        assert told.finished.message and not told.finished.message.chosen
        assert seen(stage) == ["after"]
        messages = await stage.messages(told.conversation_id)
        late = next(message for message in messages if message.text == "late")
        assert late.parent_id == messages[0].id
        assert late.epoch == 0

    async def test_only_who_takes_part_may_do_it(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await ada.asks("Hi", lilith)
        with pytest.raises(NotFound) as refused:
            await stage.person("Bob").resets(told.conversation_id)
        assert refused.value.reason is ErrorReason.CONVERSATION_NOT_FOUND


class TestMemory:
    async def test_the_exchange_is_remembered_word_by_word(
        self, stage: Stage, lilith: Personality
    ) -> None:
        ada, meadow = stage.person("Ada"), stage.channel()
        stage.model.script("How lovely!")
        told = await ada.asks("I keep bees.", lilith, place=meadow)
        (memory,) = await stage.memories(told.turn_id)
        said, _ = await stage.messages(told.conversation_id)
        assert (memory.person_name, memory.person_text) == ("Ada", "I keep bees.")
        assert (memory.personality_name, memory.personality_text) == ("Lilith", "How lovely!")
        assert (memory.venue, memory.channel_id) == ("public_channel", meadow.channel_id)
        assert memory.message_id == said.id

    async def test_what_was_told_as_finished_is_in_the_database_before(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        async for event in ada.follows(ada.saying("Hi", lilith)):
            if event.finished and event.finished.message:
                found = await stage.rows(
                    "SELECT state FROM turns WHERE reply_message_id = :id",
                    id=event.finished.message.id,
                )
                assert found == [("answered",)]
                return
        pytest.fail("it was never told")

    async def test_a_database_that_hangs_up_meanwhile_leaves_a_turn_that_failed(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("Hello.", gate=gate))
        running = ada.follows(ada.saying("Hi", lilith))
        first = await anext(running)
        async with stage.server.parts.database.transaction() as tx:
            await tx.execute(select(Turn.id).where(Turn.id == first.turn_id).with_for_update())
            gate.open()
            await until(stage.end_waits)
            await stage.hangs_up()
        told = Told((first, *[event async for event in running]))
        assert (told.how, told.why, told.text) == ("FAILED", "STORAGE_UNAVAILABLE", "")
        assert (await ada.turn(told.turn_id)).state is TurnState.FAILED
        assert await stage.memories(told.turn_id) == []
        assert (await ada.asks("And now?")).how == "STOP"

    async def test_a_turn_that_was_declared_lost_is_not_told_as_answered(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        gate = Gate()
        stage.model.script(Reply("Hello.", gate=gate))
        running = ada.follows(ada.saying("Hi", lilith))
        first = await anext(running)
        await stage.execute(
            "UPDATE turns SET state = 'interrupted' WHERE id = :id", id=first.turn_id
        )
        gate.open()
        told = Told((first, *[event async for event in running]))
        assert (told.how, told.why, told.text) == ("INTERRUPTED", "TURN_INTERRUPTED", "")
        assert await stage.memories(told.turn_id) == []
        assert [message.text for message in await stage.messages(told.conversation_id)] == ["Hi"]
