"""What is remembered is searched."""

from typing import Any

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, Dialogue, change, create, starting
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC


class TestSearching:
    async def test_a_search_finds_what_fits_and_says_why(self, mira: Client) -> None:
        lilith = await create(mira)
        await _remember(mira, lilith, "I keep bees in the garden.", "My cat is called Kit.")
        search = await Dialogue.start(
            mira, "memory search", character=lilith.slug, query="bees in the garden"
        )
        best = search.view.items[0]
        assert best.text.startswith("I keep bees in the garden.\n(")
        assert 'you said "bees" and "garden"' in best.text
        await search.answer("show", item=best.key)
        why, words, *_ = search.view.body.split("\n\n")
        assert why.startswith('Found by *bees in the garden*: you said "bees" and "garden"')
        assert words == "**You**: I keep bees in the garden."
        await search.answer("back")
        view = await search.answer("search", query="what is the cat called")
        assert view.items[0].text.startswith("My cat is called Kit.")
        assert list(search.field("query").values) == ["what is the cat called"]

    async def test_what_is_found_is_corrected_and_forgotten_there(self, mira: Client) -> None:
        lilith = await create(mira)
        await _remember(mira, lilith, "I keep bees in the garden.")
        search = await Dialogue.start(
            mira, "memory search", character=lilith.slug, query="bees in the garden"
        )
        await search.answer("show", item=search.view.items[0].key)
        await search.answer("edit", text="I keep bees on the roof.")
        assert "**You**: I keep bees on the roof." in search.view.body
        await search.answer("ask")
        await search.answer("forget")
        assert search.view.body == (
            "Forgotten.\n\nSearched for: bees in the garden\n\nNothing comes to mind."
        )

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


async def _remember(client: Client, personality: Any, *texts: str) -> None:
    for words in texts:
        request = request_for("CreateMemory", personality_id=personality.id, text=words)
        await client.call("CreateMemory", request)
