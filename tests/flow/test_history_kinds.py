"""Histories: looked through, cleared and brought back, counted, deleted, and with a note."""

import asyncio
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.contract.residents import greeting_of
from tests.flow.dialogue import DONE, OPEN, Dialogue, create, delete, starting
from tzurot.personality.v1 import personality_pb2


class TestClearing:
    async def test_a_conversation_begins_anew_after_a_question(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Come in.")
        conversation = await _talk(mira, lilith)
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        asked = f"Begin anew with Lilith ({lilith.slug})?"
        assert (clear.view.title, clear.actions) == (asked, ["close", "clear"])
        await clear.answer("clear")
        assert (clear.flow.state, clear.view.title) == (DONE, "A new beginning")
        assert await _epoch(mira, conversation) == 1

    async def test_of_several_one_is_chosen(self, mira: Client) -> None:
        lilith, kit = (
            await create(mira, greeting="Hi."),
            await create(mira, name="Kit", greeting="Hi."),
        )
        kept, conversation = await _talk(mira, lilith), await _talk(mira, kit)
        clear = await Dialogue.start(mira, "history clear")
        await clear.choose("Kit")
        await clear.answer("clear")
        assert (await _epoch(mira, kept), await _epoch(mira, conversation)) == (0, 1)

    async def test_a_conversation_can_be_named(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        request = request_for(
            "CompleteFlowArgument", path="history clear", key="conversation", typed="lil"
        )
        (choice,) = (await mira.call("CompleteFlowArgument", request)).choices
        assert choice.value == conversation
        clear = await Dialogue.start(mira, "history clear", conversation=conversation)
        assert "clear" in clear.actions

    async def test_a_reset_elsewhere_is_not_done_again(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        shown = clear.submission("clear")
        await mira.call(
            "ResetConversation", request_for("ResetConversation", conversation_id=conversation)
        )
        assert (await mira.refused("SubmitFlow", shown)).reason == "FLOW_ACTION_UNKNOWN"
        await clear.look()
        assert (clear.view.title, clear.actions) == ("A new beginning", ["close"])
        assert await _epoch(mira, conversation) == 1

    async def test_a_double_click_resets_once(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        request = clear.submission("clear")
        await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert await _epoch(mira, conversation) == 1

    async def test_who_has_no_conversation_is_told(self, mira: Client) -> None:
        clear = await Dialogue.start(mira, "history clear")
        assert (clear.view.body, clear.flow.state) == ("You have no conversation here.", OPEN)

    @pytest.mark.parametrize("named", ["no-id", "0199e3a0-0000-7000-8000-00000000dead"])
    async def test_a_conversation_that_is_not_there_is_not_found(
        self, named: str, mira: Client
    ) -> None:
        refusal = await mira.refused("StartFlow", starting("history clear", conversation=named))
        assert refusal.reason == "CONVERSATION_NOT_FOUND"

    async def test_anybody_elses_conversation_is_not_found(
        self, mira: Client, kael: Client
    ) -> None:
        conversation = await _talk(kael, await create(kael, greeting="Hi."))
        request = starting("history clear", conversation=conversation)
        assert (await mira.refused("StartFlow", request)).reason == "CONVERSATION_NOT_FOUND"

    async def test_a_conversation_that_is_gone_ends_the_flow(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        await _talk(mira, lilith)
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        await delete(mira, lilith.id)
        await clear.answer("clear")
        assert clear.flow.state == DONE


class TestUndoing:
    async def test_new_beginnings_are_taken_back_one_by_one(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Come in.")
        conversation = await _talk(mira, lilith)
        await _says(mira, lilith, "I keep bees.")
        for _ in range(2):
            clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
            await clear.answer("clear")
            await _says(mira, lilith, "Are you there?")
        undo = await Dialogue.start(mira, "history undo", character=lilith.slug)
        assert "You can go back 2 times." in undo.view.body
        await undo.answer("undo")
        assert undo.view.notice == ""
        assert "You can go back once." in undo.view.body
        await undo.answer("undo")
        assert "There is no new beginning to take back." in undo.view.body
        assert undo.actions == ["close"]
        assert await _epoch(mira, conversation) == 0

    async def test_a_double_click_takes_back_one(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        for _ in range(2):
            clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
            await clear.answer("clear")
            await _says(mira, lilith, "Hello?")
        undo = await Dialogue.start(mira, "history undo", character=lilith.slug)
        request = undo.submission("undo")
        await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert await _epoch(mira, conversation) == 1


class TestBrowsing:
    async def test_what_was_said_is_listed_in_sight_and_before(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Come in.")
        await _talk(mira, lilith)
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        await clear.answer("clear")
        await _says(mira, lilith, "Who is there?")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        assert browse.view.title == f"You and Lilith ({lilith.slug})"
        answer, said, greeting = browse.view.items
        assert answer.title.startswith("Lilith, ")
        assert (said.title[:5], said.text) == ("You, ", "Who is there?")
        assert greeting.title.endswith(", out of sight")
        await browse.choose(greeting.title)
        assert browse.view.body == "Come in.\n\nIt is out of sight."
        assert "branch" not in browse.actions

    async def test_pages_are_turned(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Come in.")
        await _talk(mira, lilith)
        for number in range(6):
            await _says(mira, lilith, f"number {number}")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        assert len(browse.view.items) == 10
        await browse.answer("next")
        assert [item.text for item in browse.view.items][-1] == "Come in."
        assert len(browse.view.items) == 3
        await browse.answer("previous")
        assert browse.view.items[1].text == "number 5"

    async def test_a_message_gets_other_words_and_leads_back(self, mira: Client) -> None:
        lilith = await create(mira)
        await _says(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        await browse.choose("You, ")
        await browse.answer("edit")
        assert browse.actions == ["back", "edit", "close"]
        await browse.answer("edit", text="I keep wasps.")
        assert browse.view.body == "Edited.\n\nI keep wasps."
        assert browse.view.message_id
        await browse.answer("back")
        assert browse.view.items[1].text == "I keep wasps."

    async def test_the_conversation_goes_on_from_a_message(self, mira: Client) -> None:
        lilith = await create(mira)
        for words in ("one", "two"):
            await _says(mira, lilith, words)
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        *_, first = browse.view.items
        await browse.answer("open", item=first.key)
        await browse.answer("branch")
        assert [item.text for item in browse.view.items] == ["one"]
        await browse.choose("You, ")
        assert "branch" not in browse.actions

    async def test_alternatives_are_looked_through_there(self, mira: Client) -> None:
        lilith = await create(mira)
        await _says(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        await browse.choose("Lilith, ")
        await browse.answer("alternatives")
        await browse.answer("add", text="How many?")
        assert browse.view.title.startswith("2/2: ")
        await browse.answer("back")
        await browse.answer("back")
        assert browse.view.items[0].text == "How many?"

    async def test_a_message_is_deleted_after_a_question(self, mira: Client) -> None:
        lilith = await create(mira)
        await _says(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        await browse.choose("You, ")
        await browse.answer("delete")
        assert browse.view.title == "Delete this message?"
        await browse.answer("back")
        assert browse.view.body == "I keep bees."
        await browse.answer("delete")
        await browse.answer("delete")
        assert [item.title[:6] for item in browse.view.items] == ["Lilith"]

    async def test_a_message_that_is_gone_meanwhile_is_said_to_be(self, mira: Client) -> None:
        lilith = await create(mira)
        await _says(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(mira, "history browse", character=lilith.slug)
        message = {"message": {"id": browse.item("You, ").key}}
        await browse.choose("You, ")
        await mira.call("DeleteMessage", request_for("DeleteMessage", **message))
        await browse.look()
        assert (browse.view.body, browse.actions) == ("It is gone.", ["back", "close"])


class TestStats:
    async def test_a_conversation_is_told_in_numbers(self, mira: Client) -> None:
        lilith = await create(mira)
        for words in ("one", "two"):
            await _says(mira, lilith, words)
        stats = await Dialogue.start(mira, "history stats", character=lilith.slug)
        titles = [item.title for item in stats.view.items]
        assert titles[:4] == ["4 messages", "4 in sight", "2 memories", "0 new beginnings"]
        clear = await Dialogue.start(mira, "history clear", character=lilith.slug)
        await clear.answer("clear")
        await stats.answer("refresh")
        titles = [item.title for item in stats.view.items]
        assert titles[:4] == ["4 messages", "0 in sight", "2 memories", "1 new beginning"]


class TestDeleting:
    async def test_a_conversation_goes_after_its_phrase(self, mira: Client) -> None:
        lilith = await create(mira)
        conversation = await _says(mira, lilith, "I keep bees.")
        gone = await Dialogue.start(mira, "history delete", character=lilith.slug)
        assert [item.title for item in gone.view.items] == ["2 messages", "1 memory"]
        await gone.answer("delete", phrase="delete it")
        assert gone.view.notice == "Nothing was deleted."
        assert gone.field("phrase").error == "This is not `DELETE LILITH`."
        await gone.answer("delete", phrase="delete lilith")
        assert (gone.flow.state, gone.view.body) == (DONE, "Gone: 2 messages and 1 memory.")
        request = request_for("GetConversation", conversation_id=conversation)
        refusal = await mira.refused("GetConversation", request)
        assert refusal.reason == "CONVERSATION_NOT_FOUND"


class TestNote:
    async def test_a_note_is_written_changed_and_taken_away(self, mira: Client) -> None:
        lilith = await create(mira)
        conversation = await _says(mira, lilith, "I keep bees.")
        note = await Dialogue.start(mira, "note", character=lilith.slug)
        assert note.view.body.endswith("There is no note.")
        assert list(note.field("depth").values) == ["4"]
        await note.answer("write", text="It rains.", depth="0")
        assert note.view.body.endswith("It rains.\n\nIt stands after the last message.")
        request = request_for("GetConversation", conversation_id=conversation)
        kept = (await mira.call("GetConversation", request)).conversation.note
        assert (kept.text, kept.depth) == ("It rains.", 0)
        for depth in ("many", "-1", "1001", "²"):
            await note.answer("write", text="It snows.", depth=depth)
            assert note.field("depth").error == "A whole number from 0 to 1,000."
        await note.answer("take_away")
        assert note.view.body.endswith("There is no note.")
        kept = (await mira.call("GetConversation", request)).conversation
        assert not kept.HasField("note")


async def _talk(client: Client, personality: Any) -> str:
    """Let the character speak first; returns the conversation's id."""
    told = await client.call("Chat", greeting_of(personality.id))
    return told[0].event.started.conversation_id


async def _says(client: Client, personality: personality_pb2.Personality, words: str) -> str:
    """Say something that is answered; returns the conversation's id."""
    request = greeting_of(personality.id)
    request.utterance.text = words
    told = await client.call("Chat", request)
    return told[0].event.started.conversation_id


async def _epoch(client: Client, conversation_id: str) -> int:
    request = request_for("GetConversation", conversation_id=conversation_id)
    return (await client.call("GetConversation", request)).conversation.epoch
