"""`memory stats` and `memory graph`: what is remembered in numbers, and how it hangs together."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4
from xml.etree import ElementTree

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue, create
from tests.flow.past import Past


@pytest.fixture
async def past(served: Served, mira: Client) -> Past:
    """Mira's with a character that nobody else on the shared server calls so."""
    return Past(served, mira, await create(mira, name=f"Lilith {uuid4().hex[:8]}"))


@pytest.fixture
async def other(past: Past) -> Past:
    """Mira's with another character."""
    return Past(past.served, past.client, await create(past.client, name="Kit"))


def told(dialogue: Dialogue) -> dict[str, str]:
    return {item.title: item.text for item in dialogue.view.items}


async def linked(past: Past, one: str, other: str, weight: float) -> None:
    first, second = sorted((one, other))
    await past.execute(
        "INSERT INTO waypoints (first_id, second_id, kind, weight, update_time)"
        " VALUES (:first, :second, 'recalled_together', :weight, now())",
        {"first": first, "second": second, "weight": weight},
    )


class TestStats:
    async def test_the_numbers_are_said_in_words(self, past: Past, other: Past) -> None:
        first = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
        last = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
        bees = await past.say("Bees dance.", when=first)
        storm = await past.say("I feel sad and lonely.", when=last)
        await past.gather("You like weather.", bees, storm)
        await other.say("I keep cats.", when=last)
        await linked(past, bees, storm, 0.5)
        stats = await Dialogue.start(past.client, "memory stats")
        assert stats.view.title == "What is remembered of you, in numbers"
        body = stats.view.body
        assert body.startswith("4 memories, 1 of them gathered from others.\n")
        assert "The first was said 2026-01-02 03:04 UTC" in body
        assert "None have come up in an answer so far.\n1 link between them." in body
        shown = told(stats)
        assert list(shown)[:2] == ["What is so: 3", "How somebody feels: 1"]
        assert all(shown[it].startswith("stands out ") for it in list(shown)[:2])
        assert shown[f"{past.personality.name} ({past.personality.slug})"] == "3 memories"
        assert shown[f"Kit ({other.personality.slug})"] == "1 memory"

    async def test_what_is_not_read_yet_is_explained(self, past: Past) -> None:
        said = await past.say("Bees dance.")
        stats = await Dialogue.start(past.client, "memory stats")
        unread = "1 is found by the words alone so far."
        async with asyncio.timeout(30):  # the server reads it in the meantime
            while unread not in stats.view.body:
                await past.execute(
                    "UPDATE memories SET embedding = NULL WHERE id = :id", {"id": said}
                )
                await stats.answer("refresh")

    async def test_they_can_be_of_one_character(self, past: Past, other: Past) -> None:
        await past.say("I keep bees.")
        await other.say("I keep cats.")
        stats = await Dialogue.start(past.client, "memory stats")
        await stats.answer("whose", character=past.personality.id)
        title = f"What {past.personality.name} remembers of you, in numbers"
        assert (stats.view.title, list(told(stats))) == (title, ["What is so: 1"])

    async def test_nothing_is_said_to_be_nothing(self, past: Past) -> None:
        slug = past.personality.slug
        stats = await Dialogue.start(past.client, "memory stats", character=slug)
        assert (stats.view.body, told(stats)) == ("Nothing is remembered here yet.", {})
        await past.say("I keep bees.")
        await stats.answer("refresh")
        assert stats.view.body.startswith("1 memory.\n")


class TestGraph:
    async def test_whom_and_what_memories_are_about_leads_to_them(self, past: Past) -> None:
        said = ("Bea was in the garden.", "Bea likes Tom.", "Tom and Bea came.", "Bea fell asleep.")
        for words in (*said, "It rains."):
            await past.say(words, "I see.", name="Mira")
        slug = past.personality.slug
        graph = await Dialogue.start(past.client, "memory graph", character=slug)
        assert graph.view.title == (
            f"Whom and what {past.personality.name}'s memories of you are about"
        )
        shown = told(graph)
        assert shown["Mira (you)"].startswith("in 5 memories")
        assert shown["Bea (named)"].startswith("in 4 memories")
        assert "Tom (2)" in shown["Bea (named)"]
        await graph.choose("Bea")
        assert graph.view.title == "Bea: in 4 memories"
        assert [item.text for item in graph.view.items] == list(reversed(said))
        await graph.answer("open", item=graph.view.items[0].key)
        assert "**Mira**: Bea fell asleep." in graph.view.body
        await graph.answer("ask")
        await graph.answer("forget")
        assert graph.view.title == "Bea: in 3 memories"
        await graph.answer("back")
        assert told(graph)["Bea (named)"].startswith("in 3 memories")

    async def test_what_nothing_names_any_more_leads_back(self, past: Past) -> None:
        for words in ("Bea was in the garden.", "Bea likes Tom.", "Tom and Bea came."):
            await past.say(words)
        graph = await Dialogue.start(past.client, "memory graph", character=past.personality.slug)
        await graph.choose("Bea")
        for item in list(graph.view.items):
            request = request_for("DeleteMemory", memory_id=item.key)
            await past.client.call("DeleteMemory", request)
        await graph.look()
        assert graph.view.body == "None of the weightiest names this any more."
        await graph.answer("back")
        assert graph.view.body == "Nothing is remembered here yet."

    async def test_links_lead_from_memory_to_memory(self, past: Past) -> None:
        bees, cat, rain = [await past.say(it) for it in ("I keep bees.", "A cat.", "It rains.")]
        await linked(past, bees, cat, 0.9)
        await linked(past, bees, rain, 0.2)
        slug = past.personality.slug
        graph = await Dialogue.start(past.client, "memory graph", character=slug, view="links")
        assert graph.view.title == f"How {past.personality.name}'s memories of you are linked"
        text = told(graph)["I keep bees."]
        assert text.endswith("linked with “A cat.” (strongly), “It rains.” (faintly)")
        await graph.choose("I keep bees.")
        assert [item.key for item in graph.view.items] == [cat, rain]
        await graph.answer("back")
        await graph.answer("other")
        assert graph.view.title.startswith("Whom and what")

    async def test_of_many_the_weightiest_come_in_pages(self, past: Past) -> None:
        for number in range(70):
            await past.say(f"Number {number}.")
        slug = past.personality.slug
        graph = await Dialogue.start(past.client, "memory graph", character=slug, view="links")
        assert graph.view.body == "60 of 70 memories, the weightiest of 70."
        seen = list(told(graph))
        for _ in range(5):
            await graph.answer("next")
            seen += told(graph)
        assert ("next" in graph.actions, len(set(seen))) == (False, 60)

    async def test_it_can_be_drawn(self, past: Past) -> None:
        for words in ("Bea was in the garden.", "Bea likes Tom.", "Tom and Bea came."):
            await past.say(words, name="Mira")
        graph = await Dialogue.start(past.client, "memory graph", character=past.personality.slug)
        assert not graph.view.HasField("document")
        await graph.answer("picture")
        document = graph.view.document
        assert document.name == "memories.svg"
        drawn = ElementTree.fromstring(document.content)  # noqa: S314 - the server's own
        assert {"Bea", "Tom"} <= {it.text for it in drawn.iter("{http://www.w3.org/2000/svg}title")}
        await graph.answer("back")
        assert not graph.view.HasField("document")

    async def test_nothing_has_no_graph(self, past: Past) -> None:
        slug = past.personality.slug
        for view in ("relationships", "links"):
            graph = await Dialogue.start(past.client, "memory graph", character=slug, view=view)
            assert graph.view.body == "Nothing is remembered here yet."
            assert "picture" not in graph.actions

    async def test_nobody_elses_is_in_it(self, past: Past, kael: Client) -> None:
        await past.say("Bea was in the garden.")
        graph = await Dialogue.start(kael, "memory graph")
        assert (graph.view.body, told(graph)) == ("Nothing is remembered here yet.", {})
