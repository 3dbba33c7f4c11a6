"""Single messages: read, edited, chosen; and what is derived from them."""

import asyncio

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage
from tests.session.tree import Tree, shown
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.memory.v1 import SearchMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    EditMessageRequest,
    GetMessageRequest,
    ListMessagesRequest,
    Utterance,
)


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


class TestReading:
    async def test_a_message_is_found_by_its_id_and_where_a_platform_shows_it(
        self, tree: Tree
    ) -> None:
        await tree.shows(await tree.says("Hi!", "Hello.", shown_as="7"), "9", "10")
        said = await tree.get(shown(tree.here, "7"))
        assert (said.text, said.platform_message_ids) == ("Hi!", ["7"])
        told = await tree.get(shown(tree.here, "10"))
        assert (told.text, told.platform_message_ids) == ("Hello.", ["9", "10"])
        assert told == await tree.get(await tree.ref("Hello."))

    async def test_where_a_platform_shows_a_reply_the_chosen_alternative_is_meant(
        self, tree: Tree
    ) -> None:
        await tree.shows(await tree.says("Hi!", "one"), "9")
        await tree.shows(await tree.regenerates("one", "two"), "9")
        assert (await tree.get(shown(tree.here, "9"))).text == "two"
        await tree.chooses("one")
        first = await tree.get(shown(tree.here, "9"))
        assert (first.text, first.alternative_count) == ("one", 2)
        assert first.platform_message_ids == ["9"]

    async def test_a_list_has_alternatives_too(self, tree: Tree, ada: Person) -> None:
        await tree.says("Hi!", "one")
        await tree.regenerates("one", "two")
        request = ListMessagesRequest(conversation_id=tree.conversation_id)
        listed = (await ada.client.session.list_messages(request)).messages
        assert [(it.text, it.chosen, it.alternative_count) for it in listed] == [
            ("two", True, 2),
            ("one", False, 2),
            ("Hi!", True, 1),
        ]

    async def test_those_of_others_are_not_found(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        bob = stage.person("Bob")
        with pytest.raises(TzurotError) as refused:
            await bob.client.message.get_message(GetMessageRequest(message=await tree.ref("Hi!")))
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND


class TestEditing:
    async def test_what_the_person_said_says_something_else_everywhere(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("I keep bees.", "How nice.")
        edited = await tree.edits("I keep bees.", "I keep goats.")
        assert (edited.text, bool(edited.edit_time)) == ("I keep goats.", True)
        assert await tree.path() == ["I keep goats.", "How nice."]
        assert await tree.awake() == [("I keep goats.", "How nice.")]
        assert await tree.lines() == ["I keep goats.", "How nice."]
        await tree.says("And now?", "Goats.")
        assert "I keep goats." in str(stage.asked[-1].messages)
        assert "bees" not in str(stage.asked[-1].messages)

    async def test_its_memory_is_found_by_its_new_meaning(self, stage: Stage, tree: Tree) -> None:
        await tree.says("I keep bees.", "How nice.")
        await stage.indexed()
        await tree.edits("I keep bees.", "We adopted a grey cat called Momo.")
        await stage.indexed()
        assert await searched(tree, "Which pet do we have?") == [
            "We adopted a grey cat called Momo."
        ]
        assert await searched(tree, "bees") == []

    async def test_a_reply_is_edited_where_it_stands(self, tree: Tree) -> None:
        await tree.says("I keep bees.", "How nice.")
        await tree.edits("How nice.", "How many?")
        assert await tree.path() == ["I keep bees.", "How many?"]
        assert await tree.awake() == [("I keep bees.", "How many?")]
        assert await tree.lines() == ["I keep bees.", "How many?"]

    async def test_an_alternative_that_is_not_chosen_is_not_seen_around(self, tree: Tree) -> None:
        await tree.says("Hi!", "one")
        await tree.regenerates("one", "two")
        await tree.edits("one", "eins")
        assert await tree.lines() == ["Hi!", "two"]

    async def test_what_was_said_to_two_characters_is_edited_with_both(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        meadow, mira = stage.channel(), await stage.character("Mira")
        stage.model.script("one", "two")
        request = ada.saying("I keep bees.", lilith, mira, place=meadow)
        request.utterance = Utterance(text="I keep bees.", platform_message_id="7")
        told = await ada.sends(request)
        edit = EditMessageRequest(message=shown(meadow, "7"), text="I keep goats.")
        await ada.client.message.edit_message(edit)
        for each in told:
            (said, _) = await stage.messages(each.conversation_id)
            assert said.text == "I keep goats."
            (memory,) = await stage.memories(each.turn_id)
            assert memory.person_text == "I keep goats."


class TestAlternatives:
    async def test_other_words_are_chosen_and_the_old_ones_stay(self, tree: Tree) -> None:
        await tree.says("I keep bees.", "one")
        await tree.says("More?", "Yes.")
        added = await tree.adds("one", "two")
        assert (added.text, added.chosen, added.alternative_count) == ("two", True, 2)
        assert await tree.path() == ["I keep bees.", "two"]
        assert await tree.awake() == [("I keep bees.", "two")]
        assert await tree.asleep() == [("I keep bees.", "one"), ("More?", "Yes.")]

    async def test_the_path_goes_on_with_what_was_last_said_after_the_chosen_one(
        self, tree: Tree
    ) -> None:
        await tree.says("one", "1")
        await tree.says("two", "2")
        await tree.regenerates("1", "eins")
        await tree.says("zwei", "zwei!")
        await tree.chooses("1")
        assert await tree.path() == ["one", "1", "two", "2"]
        assert await tree.awake() == [("one", "1"), ("two", "2")]
        assert await tree.asleep() == [("one", "eins"), ("zwei", "zwei!")]
        await tree.chooses("eins")
        assert await tree.path() == ["one", "eins", "zwei", "zwei!"]

    async def test_others_see_the_chosen_one(self, tree: Tree) -> None:
        await tree.says("Hi!", "one")
        await tree.regenerates("one", "two")
        await tree.chooses("one")
        assert await tree.lines() == ["Hi!", "one"]

    async def test_an_utterance_can_be_put_otherwise(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.adds("one", "uno")
        assert await tree.path() == ["uno"]
        assert await tree.awake() == []
        await tree.chooses("one")
        assert await tree.path() == ["one", "1"]
        assert await tree.awake() == [("one", "1")]

    @pytest.mark.parametrize("what", ["chooses", "branches", "adds"])
    async def test_what_others_said_is_not_put_aside(
        self, stage: Stage, tree: Tree, what: str
    ) -> None:
        await tree.says("one", "1")
        await tree.regenerates("1", "eins")
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await bob.says("And me?", "You too.")
        before = await tree.path()
        with pytest.raises(TzurotError) as refused:
            await (tree.adds("1", "x") if what == "adds" else getattr(tree, what)("1"))
        assert refused.value.reason is ErrorReason.OTHERS_FOLLOWED
        assert await tree.path() == before


class TestBranching:
    async def test_the_conversation_goes_on_right_after_it(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.says("two", "2")
        await tree.branches("1")
        assert await tree.path() == ["one", "1"]
        assert await tree.awake() == [("one", "1")]
        await tree.says("three", "3")
        assert await tree.path() == ["one", "1", "three", "3"]

    async def test_a_turn_that_runs_stays_with_what_it_answers(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("one", "1")
        gate = Gate()
        stage.model.script(Reply("Late.", gate=gate))
        request = tree.who.saying("two", tree.character, place=tree.here)
        late = asyncio.create_task(tree.who.sends(request))
        await stage.model.until(lambda model: model.open_streams == 1)
        await tree.branches("1")
        gate.open()
        (told,) = await late
        assert told.finished.message
        assert not told.finished.message.chosen
        assert told.finished.message.parent_id == await tree.id_of("two")
        assert await tree.path() == ["one", "1"]
        assert await tree.asleep() == [("two", "Late.")]

    async def test_before_a_reset_nothing_is_found(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.who.resets(tree.conversation_id)
        with pytest.raises(TzurotError) as refused:
            await tree.branches("1")
        assert refused.value.reason is ErrorReason.MESSAGE_NOT_FOUND
        assert await tree.awake() == [("one", "1")]


async def searched(tree: Tree, query: str) -> list[str]:
    request = SearchMemoriesRequest(personality_id=tree.character.id, query=query)
    found = await tree.who.client.memory.search_memories(request)
    return [hit.memory.utterances[0].text for hit in found.hits if hit.memory]
