"""Documents that are handed over as files: by whom, in which parts, and what they are called."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
from google.protobuf.message import Message

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import create, share
from tzurot.formats import caps

BELLS = "# The Bells\n\nUnder the sea lies the sunken city of Ys. Its bells ring at night.\n"
CHUNK = 64 * 1024


@pytest.fixture
async def ada(served: Served) -> Client:
    (client,) = served.people("ada")
    return client


def parts(character: Any, content: bytes, **header: Any) -> list[Message]:
    """An upload: its header, and its bytes in chunks."""
    told = {
        "personality": {"id": character.id},
        "file_name": "bells.md",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    return [
        request_for("UploadDocument", header=told | header),
        *(request_for("UploadDocument", chunk=chunk) for chunk in chunks),
    ]


async def uploaded(client: Client, asked: Sequence[Message]) -> Any:
    return (await client.call("UploadDocument", asked)).document


async def documents(client: Client, character: Any) -> list[Any]:
    request = request_for("ListDocuments", personality={"id": character.id})
    return list((await client.call("ListDocuments", request)).documents)


async def test_a_file_becomes_a_document_that_is_found_at_once(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    document = await uploaded(ada, parts(lilith, BELLS.encode()))
    assert (document.title, document.source_kind) == ("The Bells", "markdown")
    assert (document.personality_id, document.text) == (lilith.id, "")
    assert document.passage_count == 1
    whose = {"id": lilith.id}
    request = request_for("SearchKnowledge", personality=whose, query="When do the bells ring?")
    (hit,) = (await ada.call("SearchKnowledge", request)).passages
    assert (hit.document_id, hit.title) == (document.id, "The Bells")


async def test_the_title_that_is_given_wins(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    assert (await uploaded(ada, parts(lilith, BELLS.encode(), title="Ys"))).title == "Ys"


async def test_the_same_file_again_changes_nothing(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    first = await uploaded(ada, parts(lilith, BELLS.encode()))
    again = await uploaded(ada, parts(lilith, BELLS.encode(), title="Ys"))
    assert (again.id, again.title) == (first.id, "The Bells")
    assert len(await documents(ada, lilith)) == 1


async def test_a_large_file_arrives_in_parts(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    text = "\n\n".join(f"Chapter {number}. " + "Waves. " * 2000 for number in range(10))
    document = await uploaded(ada, parts(lilith, text.encode(), file_name="novel.txt"))
    assert document.character_count > 2 * CHUNK
    assert document.passage_count > 10


@pytest.mark.parametrize(
    ("content", "header", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n", {"file_name": "a.txt"}, "not_supported"),
        (b" \n", {}, "nothing_inside"),
        (b"bells", {"sha256": "0" * 64}, "checksum"),
        (b"bells", {"size_bytes": 6}, "checksum"),
        (b"bells", {"size_bytes": 4}, "too_large"),
    ],
)
async def test_what_can_t_be_read_is_refused_with_the_reason(
    content: bytes, header: dict[str, Any], problem: str, ada: Client
) -> None:
    lilith = await create(ada, "Lilith")
    refusal = await ada.refused("UploadDocument", parts(lilith, content, **header))
    assert (refusal.reason, refusal.metadata["problem"]) == ("FILE_UNREADABLE", problem)
    assert await documents(ada, lilith) == []


async def test_a_header_that_says_too_much_is_refused(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    asked = parts(lilith, b"bells", size_bytes=caps.TEXT_FILE + 1)
    refusal = await ada.refused("UploadDocument", asked)
    assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("header.size_bytes",))


async def test_the_header_comes_once_and_first(ada: Client) -> None:
    lilith = await create(ada, "Lilith")
    header, *chunks = parts(lilith, BELLS.encode())
    for asked in ([*chunks, header], [header, header, *chunks], []):
        refusal = await ada.refused("UploadDocument", asked)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("header",))


async def test_only_who_may_change_a_character_hands_it_files(ada: Client, served: Served) -> None:
    lilith = await create(ada, "Lilith", "public")
    viewer, editor, stranger = served.people("vera", "edda", "eve")
    await share(ada, lilith, viewer, "viewer")
    await share(ada, lilith, editor, "editor")
    asked = parts(lilith, BELLS.encode())
    for guest in (viewer, stranger):
        assert (await guest.refused("UploadDocument", asked)).reason == "NOT_EDITOR"
    assert (await uploaded(editor, asked)).id == (await documents(ada, lilith))[0].id
    hidden = await create(ada, "Io")
    refusal = await stranger.refused("UploadDocument", parts(hidden, BELLS.encode()))
    assert refusal.reason == "PERSONALITY_NOT_FOUND"
