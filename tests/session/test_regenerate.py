"""Replies that are given again or go on: the other one stays beside the path, and so its memory."""

import asyncio

import pytest

from tests.fakes.provider import Gate, Refusal, Reply
from tests.session.stage import Person, Stage, Told
from tests.session.tree import Tree
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


async def greeted(tree: Tree) -> Told:
    """The character speaks first, in direct."""
    tree.place = None
    (told,) = await tree.who.is_greeted_by(tree.character)
    tree.conversation_id = told.conversation_id
    return told


class TestAnotherReply:
    async def test_stands_in_the_old_one_s_place(self, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        told = await tree.regenerates("Hello.", "Good evening.")
        assert told.text == "Good evening."
        assert await tree.path() == ["Hi!", "Good evening."]
        assert await tree.alternatives("Hello.") == ["Hello.", "Good evening."]
        assert told.finished.message
        assert told.finished.message.chosen
        assert told.finished.message.alternative_count == 2

    async def test_is_not_told_the_old_one(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        await tree.regenerates("Hello.", "Good evening.")
        said = [str(it["content"]) for it in stage.asked[-1].messages]
        assert not any("Hello." in it for it in said)
        assert "Hi!" in said[-1]

    async def test_is_remembered_and_the_old_one_sleeps(self, tree: Tree) -> None:
        await tree.says("I keep bees.", "How nice.")
        await tree.regenerates("How nice.", "How many?")
        assert await tree.awake() == [("I keep bees.", "How many?")]
        assert await tree.asleep() == [("I keep bees.", "How nice.")]

    async def test_is_what_others_see_around_them(self, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        await tree.regenerates("Hello.", "Good evening.")
        assert await tree.lines() == ["Hi!", "Good evening."]

    async def test_says_what_shows_the_old_one(self, tree: Tree) -> None:
        await tree.shows(await tree.says("Hi!", "Hello."), "11", "12")
        told = await tree.regenerates("Hello.", "Good evening.")
        (started,) = [it.started for it in told.events if it.started]
        assert started.replaced_platform_message_ids == ["11", "12"]

    async def test_puts_aside_what_followed(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.says("two", "2")
        await tree.regenerates("1", "eins")
        assert await tree.path() == ["one", "eins"]
        assert await tree.awake() == [("one", "eins")]
        assert await tree.asleep() == [("one", "1"), ("two", "2")]

    async def test_of_an_alternative_takes_the_place_of_all(self, tree: Tree) -> None:
        await tree.says("Hi!", "one")
        await tree.regenerates("one", "two")
        await tree.regenerates("one", "three")
        assert await tree.path() == ["Hi!", "three"]
        assert await tree.alternatives("one") == ["one", "two", "three"]

    async def test_that_fails_leaves_all_as_it_was(self, tree: Tree) -> None:
        await tree.says("I keep bees.", "How nice.")
        told = await tree.regenerates("How nice.", Refusal(400))
        assert told.how == "FAILED"
        assert await tree.path() == ["I keep bees.", "How nice."]
        assert await tree.awake() == [("I keep bees.", "How nice.")]
        assert await tree.lines() == ["I keep bees.", "How nice."]

    async def test_that_is_stopped_leaves_all_as_it_was(self, stage: Stage, tree: Tree) -> None:
        await tree.says("I keep bees.", "How nice.")
        told = await self._stopped(stage, tree, goes_on=False)
        assert told.how == "CANCELLED"
        assert not told.finished.message
        assert await tree.path() == ["I keep bees.", "How nice."]
        assert await tree.asleep() == []

    async def test_stays_beside_the_path_if_somebody_went_on_meanwhile(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("Hi!", "Hello.")
        gate = Gate()
        stage.model.script(Reply("Late.", gate=gate))
        late = asyncio.create_task(tree.who.sends(tree.again(await tree.id_of("Hello."))))
        await stage.model.until(lambda model: model.open_streams == 1)
        await stage.execute(  # somebody else, at another server
            """WITH new AS (
                INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, author,
                    author_name, person_id, text, hidden, platform_message_id, create_time)
                SELECT uuid_generate_v7(), conversation_id, 0, id, true, 'person', 'Bob',
                    person_id, 'And I?', false, '', now()
                FROM messages WHERE id = CAST(:hello AS uuid) RETURNING id, conversation_id)
            UPDATE conversations SET head_message_id = new.id FROM new
            WHERE conversations.id = new.conversation_id""".replace(
                "uuid_generate_v7()", "gen_random_uuid()"
            ),
            hello=await tree.id_of("Hello."),
        )
        gate.open()
        (told,) = await late
        assert told.finished.message
        assert not told.finished.message.chosen
        assert await tree.path() == ["Hi!", "Hello.", "And I?"]
        assert await tree.asleep() == [("Hi!", "Late.")]
        assert await tree.lines() == ["Hi!", "Hello."]

    @staticmethod
    async def _stopped(stage: Stage, tree: Tree, *, goes_on: bool) -> Told:
        gate = Gate()
        stage.model.script(Reply("Never.", gate=gate))
        request = tree.again(await tree.id_of("How nice."), goes_on=goes_on)
        events = tree.who.follows(request)
        first = await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        await tree.who.cancels(first.turn_id)
        gate.open()
        return Told((first, *[event async for event in events]))

    async def test_that_goes_on_and_is_stopped_before_a_word_leaves_all_as_it_was(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("I keep bees.", "How nice.")
        told = await self._stopped(stage, tree, goes_on=True)
        assert not told.finished.message
        assert await tree.path() == ["I keep bees.", "How nice."]
        assert await tree.awake() == [("I keep bees.", "How nice.")]


class TestGoingOn:
    async def test_has_the_old_words_in_front(self, tree: Tree) -> None:
        await tree.says("Tell me.", "Once")
        told = await tree.goes_on("Once", "upon a time.")
        assert told.text == "Once upon a time."
        assert await tree.path() == ["Tell me.", "Once upon a time."]
        assert await tree.alternatives("Once") == ["Once", "Once upon a time."]
        assert await tree.awake() == [("Tell me.", "Once upon a time.")]


class TestWhoMayAsk:
    async def test_nobody_for_a_reply_to_others(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        bob = stage.person("Bob")
        with pytest.raises(TzurotError) as refused:
            await bob.sends(tree.again(await tree.id_of("Hello.")))
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND

    async def test_not_for_what_was_said_elsewhere(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        message_id = await tree.id_of("Hello.")
        tree.place = stage.channel()
        with pytest.raises(TzurotError) as refused:
            await tree.who.sends(tree.again(message_id))
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND

    async def test_not_where_its_place_is_off_the_path(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.says("two", "2")
        await tree.branches("1")
        with pytest.raises(TzurotError) as refused:
            await tree.who.sends(tree.again(await tree.id_of("2")))
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND

    async def test_not_before_a_reset(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.who.resets(tree.conversation_id)
        with pytest.raises(TzurotError) as refused:
            await tree.who.sends(tree.again(await tree.id_of("1")))
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND

    async def test_not_once_others_have_spoken(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await bob.says("And me?", "You too.")
        with pytest.raises(TzurotError) as refused:
            await tree.who.sends(tree.again(await tree.id_of("Hello.")))
        assert refused.value.reason is ErrorReason.OTHERS_FOLLOWED
        assert await tree.path() == ["Hi!", "Hello.", "And me?", "You too."]


class TestGreetings:
    async def test_the_next_one_comes_and_after_the_last_the_first(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await stage.character(greeting="One.", alternate_greetings=["Two.", "Three."])
        tree = Tree(stage, ada, lilith)
        await greeted(tree)
        heard: list[str] = []
        for _ in range(4):
            (told,) = await ada.sends(tree.again(str((await tree.rows())[-1].id)))
            heard.append(told.text)
        assert heard == ["Two.", "Three.", "One.", "Two."]
        assert not stage.asked
        assert await tree.path() == ["Two."]

    async def test_a_character_with_one_says_something_else(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await stage.character(greeting="One.")
        tree = Tree(stage, ada, lilith)
        await greeted(tree)
        told = await tree.regenerates("One.", "Another.")
        assert told.text == "Another."
        assert len(stage.asked) == 1
        assert await tree.path() == ["Another."]
