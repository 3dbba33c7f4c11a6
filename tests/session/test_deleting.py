"""Messages that are deleted: nothing of their words is left, and the rest stays."""

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage
from tests.session.tree import Tree
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    DeleteMessageRequest,
)


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


WORDS = (
    ("messages", "text"),
    ("memories", "person_text"),
    ("channel_lines", "text"),
    ("traces", "document::text"),
)


class TestDeleting:
    async def test_what_follows_follows_what_was_before(self, tree: Tree) -> None:
        for words in ("one", "two", "three"):
            await tree.says(words, f"{words}!")
        gone = await tree.deletes("two")
        assert (gone.deleted_message_count, gone.deleted_memory_count) == (1, 1)
        assert await tree.path() == ["one", "one!", "two!", "three", "three!"]
        assert [said for said, _ in await tree.awake()] == ["one", "three"]

    async def test_a_reply_goes_with_its_alternatives_and_leaves_the_person_s_words(
        self, tree: Tree
    ) -> None:
        await tree.says("I keep bees.", "one")
        await tree.regenerates("one", "two")
        await tree.says("More?", "Yes.")
        gone = await tree.deletes("two")
        assert (gone.deleted_message_count, gone.deleted_memory_count) == (2, 1)
        assert await tree.path() == ["I keep bees.", "More?", "Yes."]
        assert await tree.awake() == [("I keep bees.", ""), ("More?", "Yes.")]
        assert await tree.asleep() == []
        assert await tree.lines() == ["I keep bees.", "More?", "Yes."]

    async def test_the_last_reply_goes_and_the_conversation_ends_before_it(
        self, tree: Tree
    ) -> None:
        await tree.says("I keep bees.", "one")
        await tree.deletes("one")
        assert await tree.path() == ["I keep bees."]
        await tree.says("Hello?", "two")
        assert await tree.path() == ["I keep bees.", "Hello?", "two"]

    async def test_nothing_of_the_words_is_left(self, stage: Stage, tree: Tree) -> None:
        secret = "My password is swordfish."
        told = await tree.says(secret, "I see.", shown_as="7")
        await tree.says("And now?", "What?")
        stage.model.script("Hm.")
        mira = await stage.character("Mira")
        await tree.who.asks("What did I say?", mira, place=tree.here)
        await tree.deletes(secret)
        await stage.indexed()
        for table, column in WORDS:
            rows = await stage.rows(
                f"SELECT 1 FROM {table} WHERE position('swordfish' IN {column}) > 0"  # noqa: S608
            )
            assert not rows, table
        assert (await tree.who.turn(told.turn_id)).reply_message_id

    async def test_of_a_turn_without_messages_nothing_is_left(
        self, stage: Stage, tree: Tree
    ) -> None:
        told = await tree.says("Hi!", "Hello.")
        await tree.deletes("Hello.")
        await tree.deletes("Hi!")
        assert await tree.path() == []
        left = "SELECT 1 FROM turns WHERE id = CAST(:id AS uuid)"
        assert not await stage.rows(left, id=told.turn_id)

    async def test_a_turn_that_runs_is_stopped(self, stage: Stage, tree: Tree) -> None:
        await tree.says("one", "1")
        gate = Gate()
        stage.model.script(Reply("Never.", gate=gate))
        events = tree.who.follows(tree.who.saying("two", tree.character, place=tree.here))
        await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        await tree.deletes("two")
        gate.open()
        told = [event async for event in events]
        assert told[-1].finished
        assert await tree.path() == ["one", "1"]
        assert await tree.awake() == [("one", "1")]

    async def test_what_was_said_to_two_characters_goes_with_both(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        meadow, mira = stage.channel(), await stage.character("Mira")
        stage.model.script("one", "two")
        told = await ada.says("I keep bees.", lilith, mira, place=meadow)
        message_id = str((await stage.messages(told[0].conversation_id))[0].id)
        tree = Tree(stage, ada, lilith, meadow, told[0].conversation_id)
        gone = await tree.deletes("I keep bees.")
        assert message_id
        assert (gone.deleted_message_count, gone.deleted_memory_count) == (2, 2)
        for each in told:
            assert [it.author for it in await stage.messages(each.conversation_id)] == [
                "personality"
            ]
        assert await tree.lines() == ["one", "two"]

    async def test_others_go_on_below(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await bob.says("And me?", "You too.")
        await tree.deletes("Hello.")
        await tree.deletes("Hi!")
        assert await bob.path() == ["And me?", "You too."]
        assert await bob.awake() == [("And me?", "You too.")]

    async def test_twice_is_not_found(self, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        request = DeleteMessageRequest(message=await tree.ref("Hi!"))
        await tree.who.client.message.delete_message(request)
        with pytest.raises(TzurotError) as refused:
            await tree.who.client.message.delete_message(request)
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND
