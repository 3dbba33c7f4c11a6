"""What a character knows is looked through, added to by a file, searched and forgotten."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, OPEN, WORKING, Dialogue, create, starting
from tests.flow.test_views import HOSTILE, fits
from tests.personality.asking import share
from tzurot.formats.found import Document
from tzurot.personality.knowledge import learning
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC

BELLS = b"Under the sea lies the sunken city of Ys. On quiet nights its bells ring.\n"


async def browsing(client: Client, character: Any) -> Dialogue:
    return await Dialogue.start(client, "knowledge browse", character=character.id)


async def add(browse: Dialogue, content: bytes, name: str = "bells.txt", **entered: str) -> Any:
    """Hand over a file, and wait until it is read."""
    file_id = await browse.upload(content, name=name)
    await browse.answer("add", file=file_id, **entered)
    assert browse.flow.state == WORKING
    await browse.watch()
    assert browse.flow.state == OPEN
    return browse.view


async def teach(served: Served, character: Any, *documents: Document) -> None:
    """Documents that came some other way."""
    async with served.running.parts.database.transaction() as tx:
        await learning.take_in(tx, UUID(character.id), documents)


async def test_a_file_is_added_read_searched_and_deleted_after_a_question(mira: Client) -> None:
    lilith = await create(mira, name=f"Orla {uuid4().hex}")
    browse = await browsing(mira, lilith)
    assert browse.view.title == f"What {lilith.name} knows"
    assert (browse.view.body, browse.actions) == (
        "There is no document here.",
        ["add", "refresh", "close"],
    )
    view = await add(browse, BELLS, title="The Bells")
    assert view.body == "It knows The Bells now: 73 characters, 1 passage."
    assert browse.item("The Bells").text.startswith("73 characters, 1 passage, 20")
    await browse.choose("The Bells")
    assert (browse.view.title, browse.view.body) == ("The Bells", BELLS.decode().strip())
    assert browse.item("Came as").text == "plain text"
    await browse.answer("back")
    await browse.answer("search", query="When do the bells ring?")
    (hit,) = browse.view.items
    assert hit.title == "The Bells"
    assert hit.text.startswith("Under the sea lies")
    assert "\n(score 0." in hit.text
    await browse.answer("search", query="Who paints the wall?")
    assert browse.view.body.endswith("Nothing comes to mind.")
    await browse.answer("back")
    await browse.choose("The Bells")
    await browse.answer("ask")
    assert (browse.view.title, browse.actions) == ("Delete The Bells?", ["back", "delete", "close"])
    await browse.answer("back")
    await browse.answer("ask")
    view = await browse.answer("delete")
    assert view.body == "Deleted.\n\nThere is no document here."


async def test_the_title_of_a_file_is_its_own_unless_one_is_given(mira: Client) -> None:
    browse = await browsing(mira, await create(mira))
    await add(browse, b"# The Sunken City\n\nIts bells ring.\n", "ys.md")
    assert [item.title for item in browse.view.items] == ["The Sunken City"]
    await browse.choose("The Sunken City")
    assert browse.item("Came as").text == "Markdown"


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"PK\x03\x04" + bytes(40), "story.docx", "The file is a ZIP, or a document of an office"),
        (b"   \n", "empty.txt", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture.png", "The file is a picture"),
        (b"%PDF-1.7\nnothing", "broken.pdf", ""),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_and_another_one_can_be_sent(
    content: bytes, name: str, why: str, mira: Client
) -> None:
    browse = await browsing(mira, await create(mira))
    view = await add(browse, content, name)
    assert view.notice
    assert view.notice.startswith(why)
    assert browse.actions[0] == "add"
    assert not view.items
    assert (await add(browse, BELLS)).items


async def test_a_file_is_needed(mira: Client) -> None:
    browse = await browsing(mira, await create(mira))
    await browse.answer("add", title="The Bells")
    assert browse.field("file").error == "This is needed."
    assert list(browse.field("title").values) == ["The Bells"]


async def test_documents_come_in_pages_newest_first(served: Served, mira: Client) -> None:
    lilith = await create(mira)
    documents = [Document(f"Story {n}.", title=f"Story {n:02}") for n in range(12)]
    await teach(served, lilith, *documents)
    browse = await browsing(mira, lilith)
    assert [item.title for item in browse.view.items] == [f"Story {n:02}" for n in range(11, 1, -1)]
    await browse.answer("next")
    assert [item.title for item in browse.view.items] == ["Story 01", "Story 00"]


async def test_a_long_document_shows_how_it_begins(served: Served, mira: Client) -> None:
    lilith = await create(mira)
    text = "The old harbor sleeps. " * 200
    await teach(served, lilith, Document(text, title="Long", url="https://stories.test/1"))
    browse = await browsing(mira, lilith)
    await browse.choose("Long")
    assert browse.view.body == f"{text[:1500]}…"
    assert browse.item("Came from").text == "https://stories.test/1"


async def test_who_may_only_read_is_offered_no_change(
    served: Served, mira: Client, kael: Client
) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC)
    await teach(served, lilith, Document("Its bells ring.", title="The Bells"))
    hidden = starting("knowledge browse", character=lilith.id)
    refusal = await kael.refused("StartFlow", hidden)
    assert (refusal.reason, "is not shown to you" in refusal.message) == ("DEFINITION_HIDDEN", True)
    await share(mira, lilith, kael, "viewer")
    browse = await browsing(kael, lilith)
    assert browse.actions == ["search", "refresh", "close"]
    await browse.choose("The Bells")
    assert browse.actions == ["back", "close"]
    await share(mira, lilith, kael, "user")
    await browse.look()
    assert browse.flow.state == DONE
    assert "bells" not in str(browse.view)


async def test_who_is_no_editor_any_more_adds_nothing(mira: Client, kael: Client) -> None:
    lilith = await create(mira, visibility=VISIBILITY_PUBLIC)
    await share(mira, lilith, kael, "editor")
    browse = await browsing(kael, lilith)
    file_id = await browse.upload(BELLS)
    await share(mira, lilith, kael, "viewer")
    refused = await browse.refused("add", file=file_id)
    assert refused.reason == "FLOW_ACTION_UNKNOWN"
    assert not (await browsing(mira, lilith)).view.items


async def test_what_was_deleted_elsewhere_is_told(mira: Client) -> None:
    browse = await browsing(mira, await create(mira))
    await add(browse, BELLS, title="The Bells")
    key = browse.item("The Bells").key
    await browse.choose("The Bells")
    await browse.answer("ask")
    await mira.call("DeleteDocument", request_for("DeleteDocument", document_id=key))
    assert (await browse.look()).body.startswith("That document is gone")
    await browse.answer("list")
    assert browse.view.body == "There is no document here."


async def test_a_double_click_deletes_once(mira: Client) -> None:
    browse = await browsing(mira, await create(mira))
    await add(browse, BELLS, title="The Bells")
    await browse.choose("The Bells")
    await browse.answer("ask")
    request = browse.submission("delete")
    answers = await asyncio.gather(
        *(mira.call("SubmitFlow", request) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(it, Exception) for it in answers) == 2


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_view_breaks_a_limit_whatever_documents_say(
    text: str, served: Served, mira: Client
) -> None:
    odd = await create(mira, name=text)
    await teach(served, odd, Document(f"bells {text * 3}", title=text, kind=text, url=text))
    browse = await browsing(mira, odd)
    fits(browse.view)
    fits(await browse.answer("search", query="bells"))
    await browse.answer("back")
    fits(await browse.answer("show", item=browse.view.items[0].key))
    fits(await browse.answer("ask"))
