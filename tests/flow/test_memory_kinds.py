"""What is remembered is looked through, searched and forgotten; conversations begin anew."""

import asyncio
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.contract.residents import greeting_of
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, delete, starting
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC


class TestBrowsingMemories:
    async def test_memories_are_listed_shown_and_forgotten_after_a_question(
        self, mira: Client
    ) -> None:
        name = f"Lilith {uuid4().hex[:8]}"  # nobody else's on the shared server
        lilith = await create(mira, name=name)
        await _remember(mira, lilith, "I keep bees.", "My cat is called Kit.")
        browse = await Dialogue.start(mira, "memory browse", character=lilith.slug)
        assert browse.view.title == f"What {name} remembers of you"
        assert browse.view.items[0].title.endswith(f" UTC, {name} ({lilith.slug})")
        assert [item.text for item in browse.view.items] == [
            "My cat is called Kit.",
            "I keep bees.",
        ]
        await browse.answer("show", item=browse.view.items[1].key)
        assert (browse.view.body, browse.actions) == (
            "**You**: I keep bees.",
            ["back", "ask", "close"],
        )
        await browse.answer("ask")
        assert (browse.view.title, browse.actions) == ("Forget this?", ["back", "forget", "close"])
        await browse.answer("back")
        await browse.answer("ask")
        view = await browse.answer("forget")
        assert view.body.startswith("Forgotten.")
        assert [item.text for item in view.items] == ["My cat is called Kit."]
        assert await _memories(mira, lilith) == ["My cat is called Kit."]

    async def test_all_characters_memories_come_in_pages(self, mira: Client) -> None:
        first, second = await create(mira), await create(mira)
        await _remember(mira, first, *(f"First {number}." for number in range(8)))
        await _remember(mira, second, *(f"Second {number}." for number in range(4)))
        browse = await Dialogue.start(mira, "memory browse")
        assert len(browse.view.items) == 10
        await browse.answer("next")
        assert [item.text for item in browse.view.items] == ["First 1.", "First 0."]
        await browse.answer("previous")
        assert browse.view.items[0].text == "Second 3."

    async def test_a_double_click_forgets_once(self, mira: Client) -> None:
        lilith = await create(mira)
        await _remember(mira, lilith, "I keep bees.", "My cat is called Kit.")
        browse = await Dialogue.start(mira, "memory browse")
        await browse.answer("show", item=browse.view.items[0].key)
        await browse.answer("ask")
        request = browse.submission("forget")
        answers = await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3
        assert await _memories(mira, lilith) == ["I keep bees."]

    async def test_what_was_forgotten_elsewhere_is_told(self, mira: Client) -> None:
        lilith = await create(mira)
        await _remember(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(mira, "memory browse")
        (item,) = browse.view.items
        await browse.answer("show", item=item.key)
        await browse.answer("ask")
        await mira.call("DeleteMemory", request_for("DeleteMemory", memory_id=item.key))
        shown = browse.submission("forget")
        await browse.look()
        assert (browse.view.body, browse.actions) == (
            "That was forgotten already.",
            ["list", "close"],
        )
        assert (await mira.refused("SubmitFlow", shown)).reason == "FLOW_ACTION_UNKNOWN"
        view = await browse.answer("list")
        assert view.body == "Nothing is remembered here yet."

    async def test_nobody_sees_anybody_elses_memories(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, visibility=VISIBILITY_PUBLIC)
        await _remember(mira, lilith, "I keep bees.")
        browse = await Dialogue.start(kael, "memory browse", character=lilith.slug)
        assert (list(browse.view.items), browse.view.body) == (
            [],
            "Nothing is remembered here yet.",
        )
        mine = await Dialogue.start(mira, "memory browse")
        foreign = await browse.answer("show", item=mine.view.items[0].key)
        assert foreign.notice == "That is not in the list any more."


class TestSearching:
    async def test_a_search_finds_what_fits_and_says_why(self, mira: Client) -> None:
        lilith = await create(mira)
        await _remember(mira, lilith, "I keep bees in the garden.", "My cat is called Kit.")
        search = await Dialogue.start(
            mira, "memory search", character=lilith.slug, query="bees in the garden"
        )
        best = search.view.items[0]
        assert best.text.startswith("I keep bees in the garden.\n(")
        assert "words " in best.text
        await search.answer("show", item=best.key)
        assert search.view.body == "**You**: I keep bees in the garden."
        await search.answer("back")
        view = await search.answer("search", query="what is the cat called")
        assert view.items[0].text.startswith("My cat is called Kit.")
        assert list(search.field("query").values) == ["what is the cat called"]

    async def test_nothing_that_fits_is_said(self, mira: Client) -> None:
        lilith = await create(mira)
        search = await Dialogue.start(mira, "memory search", character=lilith.slug, query="bees")
        assert search.view.body.endswith("Nothing comes to mind.")

    async def test_what_to_search_for_is_needed(self, mira: Client) -> None:
        lilith = await create(mira)
        request = starting("memory search", character=lilith.slug)
        refusal = await mira.refused("StartFlow", request)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("arguments.query",))
        search = await Dialogue.start(mira, "memory search", character=lilith.slug, query="bees")
        await search.answer("search", query=" ")
        assert search.field("query").error == "This is needed."

    async def test_a_character_that_is_hidden_meanwhile_ends_the_flow(
        self, mira: Client, kael: Client
    ) -> None:
        lilith = await create(kael, visibility=VISIBILITY_PUBLIC)
        search = await Dialogue.start(mira, "memory search", character=lilith.slug, query="bees")
        await change(kael, lilith.id, visibility=VISIBILITY_PRIVATE)
        await search.answer("search", query="wasps")
        assert search.flow.state == DONE


class TestResetting:
    async def test_a_conversation_begins_anew_after_a_question(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Come in.")
        conversation = await _talk(mira, lilith)
        reset = await Dialogue.start(mira, "conversation reset", character=lilith.slug)
        asked = f"Begin anew with Lilith ({lilith.slug})?"
        assert (reset.view.title, reset.actions) == (asked, ["close", "reset"])
        await reset.answer("reset")
        assert (reset.flow.state, reset.view.title) == (DONE, "A new beginning")
        assert await _epoch(mira, conversation) == 1

    async def test_of_several_one_is_chosen(self, mira: Client) -> None:
        lilith, kit = (
            await create(mira, greeting="Hi."),
            await create(mira, name="Kit", greeting="Hi."),
        )
        kept, conversation = await _talk(mira, lilith), await _talk(mira, kit)
        reset = await Dialogue.start(mira, "conversation reset")
        await reset.choose("Kit")
        await reset.answer("reset")
        assert (await _epoch(mira, kept), await _epoch(mira, conversation)) == (0, 1)

    async def test_a_conversation_can_be_named(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        request = request_for(
            "CompleteFlowArgument", path="conversation reset", key="conversation", typed="lil"
        )
        (choice,) = (await mira.call("CompleteFlowArgument", request)).choices
        assert choice.value == conversation
        reset = await Dialogue.start(mira, "conversation reset", conversation=conversation)
        assert "reset" in reset.actions

    async def test_a_reset_elsewhere_is_not_done_again(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        reset = await Dialogue.start(mira, "conversation reset", character=lilith.slug)
        shown = reset.submission("reset")
        await mira.call(
            "ResetConversation", request_for("ResetConversation", conversation_id=conversation)
        )
        assert (await mira.refused("SubmitFlow", shown)).reason == "FLOW_ACTION_UNKNOWN"
        await reset.look()
        assert (reset.view.title, reset.actions) == ("A new beginning", ["close"])
        assert await _epoch(mira, conversation) == 1

    async def test_a_double_click_resets_once(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        conversation = await _talk(mira, lilith)
        reset = await Dialogue.start(mira, "conversation reset", character=lilith.slug)
        request = reset.submission("reset")
        await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert await _epoch(mira, conversation) == 1

    async def test_who_has_no_conversation_is_told(self, mira: Client) -> None:
        reset = await Dialogue.start(mira, "conversation reset")
        assert (reset.view.body, reset.flow.state) == ("You have no conversation here.", OPEN)

    @pytest.mark.parametrize("named", ["no-id", "0199e3a0-0000-7000-8000-00000000dead"])
    async def test_a_conversation_that_is_not_there_is_not_found(
        self, named: str, mira: Client
    ) -> None:
        refusal = await mira.refused(
            "StartFlow", starting("conversation reset", conversation=named)
        )
        assert refusal.reason == "CONVERSATION_NOT_FOUND"

    async def test_anybody_elses_conversation_is_not_found(
        self, mira: Client, kael: Client
    ) -> None:
        conversation = await _talk(kael, await create(kael, greeting="Hi."))
        request = starting("conversation reset", conversation=conversation)
        assert (await mira.refused("StartFlow", request)).reason == "CONVERSATION_NOT_FOUND"

    async def test_a_conversation_that_is_gone_ends_the_flow(self, mira: Client) -> None:
        lilith = await create(mira, greeting="Hi.")
        await _talk(mira, lilith)
        reset = await Dialogue.start(mira, "conversation reset", character=lilith.slug)
        await delete(mira, lilith.id)
        await reset.answer("reset")
        assert reset.flow.state == DONE


async def _remember(client: Client, personality: Any, *texts: str) -> None:
    for words in texts:
        request = request_for("CreateMemory", personality_id=personality.id, text=words)
        await client.call("CreateMemory", request)


async def _memories(client: Client, personality: Any) -> list[str]:
    request = request_for("ListMemories", personality_id=personality.id)
    listed = await client.call("ListMemories", request)
    return [memory.utterances[0].text for memory in listed.memories]


async def _talk(client: Client, personality: Any) -> str:
    """Let the character speak first; returns the conversation's id."""
    told = await client.call("Chat", greeting_of(personality.id))
    return told[0].event.started.conversation_id


async def _epoch(client: Client, conversation_id: str) -> int:
    request = request_for("GetConversation", conversation_id=conversation_id)
    return (await client.call("GetConversation", request)).conversation.epoch
