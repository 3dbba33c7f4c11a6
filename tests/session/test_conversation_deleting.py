"""Somebody's part of a conversation goes for good: nothing of it is left in any table."""

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage, ref
from tests.session.test_attachments import brought, showing
from tests.session.tree import Tree
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ConversationNote,
    DeleteConversationRequest,
    DeleteConversationResponse,
    GetConversationRequest,
    SetConversationNoteRequest,
)

CANARY = "heliotrope"


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


async def delete(tree: Tree, conversation_id: str = "") -> DeleteConversationResponse:
    request = DeleteConversationRequest(conversation_id=conversation_id or tree.conversation_id)
    return await tree.who.client.history.delete_conversation(request)


async def note(tree: Tree, text: str) -> None:
    request = SetConversationNoteRequest(
        conversation_id=tree.conversation_id, note=ConversationNote(text=text, depth=2)
    )
    await tree.who.client.history.set_conversation_note(request)


async def tables_with(stage: Stage, words: str) -> list[str]:
    """All tables, of whatever schema, in which the words stand."""
    tables = await stage.rows(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    return [
        f"{schema}.{table}"
        for schema, table in tables
        if await stage.rows(
            f'SELECT 1 FROM "{schema}"."{table}" AS it'  # noqa: S608 - of the catalogue
            " WHERE position(:words IN it::text) > 0 LIMIT 1",
            words=words,
        )
    ]


class TestEverythingGoes:
    async def test_nothing_of_the_words_is_left_in_any_table(
        self, stage: Stage, tree: Tree
    ) -> None:
        said = f"My {CANARY} is in bloom."
        await tree.says(said, f"A {CANARY}!", shown_as="1")
        await tree.regenerates(f"A {CANARY}!", f"Another {CANARY}!")
        await tree.says("And?", f"The {CANARY} again.")
        await tree.adds("And?", f"And the {CANARY}?")
        await note(tree, f"Mind the {CANARY}.")
        await tree.resets()
        await tree.says(f"Still the {CANARY}.", "Yes.")
        await tree.edits("Yes.", f"The {CANARY}, yes.")
        await stage.execute(
            "UPDATE conversations SET variables = CAST(:new AS jsonb) WHERE id = :id",
            id=tree.conversation_id,
            new=f'{{"flower": "{CANARY}"}}',
        )
        await tree.resets()
        stage.model.script("Hm.")
        mira = await stage.character("Mira")
        await tree.who.asks("What did I say?", mira, place=tree.here)
        await stage.indexed()
        assert {"public.messages", "public.memories", "public.traces"} <= set(
            await tables_with(stage, CANARY)
        )
        gone = await delete(tree)
        await stage.indexed()
        assert await tables_with(stage, CANARY) == []
        assert gone.deleted_message_count == 8
        assert gone.deleted_memory_count >= 3
        for table in ("conversations", "messages", "turns"):
            column = "id" if table == "conversations" else "conversation_id"
            left = f"SELECT 1 FROM {table} WHERE {column} = CAST(:id AS uuid)"  # noqa: S608
            assert not await stage.rows(left, id=tree.conversation_id), table

    async def test_it_begins_anew_afterwards(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        before = tree.conversation_id
        await delete(tree)
        assert await tree.awake() == []
        await tree.says("Who am I?", "I don't know.")
        assert tree.conversation_id != before
        assert len(stage.asked[-1].said) == 1

    async def test_a_turn_that_runs_is_stopped(self, stage: Stage, tree: Tree) -> None:
        await tree.says("one", "1")
        gate = Gate()
        stage.model.script(Reply("Never.", gate=gate))
        events = tree.who.follows(tree.who.saying("two", tree.character, place=tree.here))
        await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        await delete(tree)
        gate.open()
        assert [event async for event in events][-1].finished
        assert await tree.rows() == []
        assert await tree.awake() == []

    async def test_a_second_time_it_is_not_found(self, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        await delete(tree)
        with pytest.raises(TzurotError) as refused:
            await delete(tree)
        assert refused.value.reason is ErrorReason.CONVERSATION_NOT_FOUND


class TestOthers:
    async def test_their_words_stay_and_follow_each_other(self, stage: Stage, tree: Tree) -> None:
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await tree.says("one", "1")
        await bob.says("two", "2")
        await tree.says("three", "3")
        await bob.says("four", "4")
        await tree.says("five", "5")
        await note(bob, "It rains.")
        gone = await delete(tree)
        assert (gone.deleted_message_count, gone.deleted_memory_count) == (6, 3)
        assert await bob.path() == ["two", "2", "four", "4"]
        assert await bob.awake() == [("two", "2"), ("four", "4")]
        assert await tree.awake() == []
        assert await bob.lines() == ["two", "2", "four", "4"]
        request = GetConversationRequest(conversation_id=bob.conversation_id)
        kept = (await bob.who.client.session.get_conversation(request)).conversation
        assert kept
        assert kept.note == ConversationNote(text="It rains.", depth=2)
        with pytest.raises(TzurotError) as refused:
            await tree.who.client.session.get_conversation(request)
        assert refused.value.reason is ErrorReason.CONVERSATION_NOT_FOUND
        await bob.says("six", "6")
        assert await bob.path() == ["two", "2", "four", "4", "six", "6"]

    async def test_what_was_told_of_them_in_others_turns_goes(
        self, stage: Stage, tree: Tree
    ) -> None:
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await tree.says(f"My {CANARY} is in bloom.", "Lovely.")
        await bob.says("Which flower?", "Hers.")
        await delete(tree)
        await stage.indexed()
        assert await tables_with(stage, CANARY) == []
        assert await bob.path() == ["Which flower?", "Hers."]

    async def test_in_another_epoch_they_come_into_sight_as_before(
        self, stage: Stage, tree: Tree
    ) -> None:
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await bob.says("one", "1")
        await tree.says("two", "2")
        await bob.resets()
        await tree.says("three", "3")
        await bob.says("four", "4")
        await delete(tree)
        assert await bob.in_sight() == ["four", "4"]
        await bob.restores()
        assert await bob.path() == ["one", "1", "four", "4"]

    async def test_who_takes_no_part_deletes_nothing(self, stage: Stage, tree: Tree) -> None:
        await tree.says("Hi!", "Hello.")
        eve = Tree(stage, stage.person("Eve"), tree.character, tree.place, tree.conversation_id)
        with pytest.raises(TzurotError) as refused:
            await delete(eve)
        assert refused.value.reason is ErrorReason.CONVERSATION_NOT_FOUND
        assert await tree.path() == ["Hi!", "Hello."]


class TestOtherCharacters:
    async def test_what_was_said_to_both_stays_with_the_other(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        meadow, mira = stage.channel(), await stage.character("Mira")
        stage.model.script("one", "two")
        told = await ada.says("I keep bees.", lilith, mira, place=meadow)
        tree = Tree(stage, ada, lilith, meadow, told[0].conversation_id)
        gone = await delete(tree)
        assert (gone.deleted_message_count, gone.deleted_memory_count) == (2, 1)
        left = [it.text for it in await stage.messages(told[1].conversation_id)]
        assert left == ["I keep bees.", "two"]
        assert await tree.lines() == ["I keep bees.", "two"]

    async def test_what_it_was_said_with_stays_with_the_other(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        mira = await stage.character("Mira")
        stage.model.script("A hive.", "one", "two")
        request = showing(ada, lilith, await brought(ada, b"Two hives.", "notes.txt"))
        request.addressees.append(ref(mira))
        told = await ada.sends(request)
        tree = Tree(stage, ada, lilith, ada.direct, told[0].conversation_id)
        await delete(tree)
        whose = "SELECT turn_id FROM attachments WHERE content = 'Two hives.'"
        assert [(str(it),) for (it,) in await stage.rows(whose)] == [(told[1].turn_id,)]
        tree = Tree(stage, ada, mira, ada.direct, told[1].conversation_id)
        await delete(tree)
        assert await stage.rows(whose) == []
