"""Whose a book is: its owner's, and by the characters that use it their readers' and editors'."""

from typing import Any
from uuid import UUID

import grpc.aio
import pytest

from tests.calling import refusal_of, request_for
from tests.conftest import Served
from tests.personality.asking import ROLES, VISIBILITIES
from tests.personality.shelf import Owner, book, owner

READING = ("GetLorebook", "TestLorebook", "ExportLorebook")
CHANGING = (
    "UpdateLorebook",
    "CreateLorebookEntry",
    "UpdateLorebookEntry",
    "DeleteLorebookEntry",
)

# What somebody may do with a book by a role at the character that uses it, where the definition is
# hidden and where it is shown to all, at each visibility: nothing, read, or change.
MAY = {
    ("blocked", False): ("nothing",) * 4,
    ("nobody", False): ("nothing",) * 4,
    ("user", False): ("nothing",) * 4,
    ("viewer", False): ("read",) * 4,
    ("editor", False): ("change",) * 4,
    ("blocked", True): ("nothing",) * 4,
    ("nobody", True): ("nothing", "nothing", "read", "read"),
    ("user", True): ("nothing", "read", "read", "read"),
    ("viewer", True): ("read",) * 4,
    ("editor", True): ("change",) * 4,
}


@pytest.fixture
async def mira(served: Served) -> Owner:
    return await owner(served, "mira")


@pytest.fixture
async def kael(served: Served) -> Owner:
    return await owner(served, "kael")


@pytest.mark.parametrize(("role", "shown"), MAY)
async def test_a_role_at_a_character_opens_its_books(
    role: str, shown: bool, mira: Owner, kael: Owner
) -> None:
    for visibility, expected in zip(VISIBILITIES, MAY[role, shown], strict=True):
        lilith, lorebook_id = await _with_book(mira, visibility, shown)
        if role in ROLES:
            await mira.shares(str(lilith), kael, role)
        (entry,) = await mira.entries(lorebook_id)
        read = {await _reason(kael, rpc, lorebook_id, entry.id) for rpc in READING}
        change = {await _reason(kael, rpc, lorebook_id, entry.id) for rpc in CHANGING}
        match expected:
            case "nothing":
                assert read == {"LOREBOOK_NOT_FOUND"}, visibility
                assert change == {"LOREBOOK_NOT_FOUND", "LOREBOOK_ENTRY_NOT_FOUND"}, visibility
            case "read":
                assert (read, change) == ({""}, {"NOT_LOREBOOK_EDITOR"}), visibility
            case _:
                assert (read, change) == ({""}, {""}), visibility


async def test_a_reader_sees_what_they_may_do_and_the_characters_that_they_may_read(
    mira: Owner, kael: Owner
) -> None:
    lilith, lorebook_id = await _with_book(mira)
    secret = await mira.character()
    await mira.call("AttachLorebook", lorebook_id, secret)
    own = await mira.shown(lorebook_id)
    assert (own.editable, own.owned) == (True, True)
    assert set(own.personality_ids) == {str(lilith), str(secret)}
    for role, editable in (("viewer", False), ("editor", True)):
        await mira.shares(str(lilith), kael, role)
        theirs = await kael.shown(lorebook_id)
        assert (theirs.editable, theirs.owned) == (editable, False)
        assert list(theirs.personality_ids) == [str(lilith)]
    assert await kael.lists() == []


async def test_only_the_owner_deletes_a_book(mira: Owner, kael: Owner) -> None:
    lilith, lorebook_id = await _with_book(mira)
    assert await _reason(kael, "DeleteLorebook", lorebook_id) == "LOREBOOK_NOT_FOUND"
    await mira.shares(str(lilith), kael, "editor")
    assert await _reason(kael, "DeleteLorebook", lorebook_id) == "NOT_LOREBOOK_EDITOR"
    assert await _reason(mira, "DeleteLorebook", lorebook_id) == ""


async def test_an_editor_attaches_and_detaches_books_of_their_own(mira: Owner, kael: Owner) -> None:
    lilith = await mira.character()
    await mira.shares(str(lilith), kael, "editor")
    (mine,) = await kael.gets(book())
    await kael.call("AttachLorebook", mine, lilith)
    assert (await mira.shown(mine)).editable  # by their own character
    await mira.call("DetachLorebook", mine, lilith)
    assert await _reason(mira, "GetLorebook", mine) == "LOREBOOK_NOT_FOUND"


async def test_a_book_that_one_may_only_read_is_not_attached(mira: Owner, kael: Owner) -> None:
    lilith, lorebook_id = await _with_book(mira)
    await mira.shares(str(lilith), kael, "viewer")
    own = await kael.character()
    assert await _attaching(kael, lorebook_id, own) == "NOT_LOREBOOK_EDITOR"


async def test_an_editor_attaches_a_book_to_its_owner_s_characters_only(
    mira: Owner, kael: Owner
) -> None:
    lilith, lorebook_id = await _with_book(mira)
    twin, own = await mira.character(), await kael.character()
    for character in (lilith, twin):
        await mira.shares(str(character), kael, "editor")
    assert await _attaching(kael, lorebook_id, twin) == ""
    assert await _attaching(kael, lorebook_id, own) == "NOT_LOREBOOK_EDITOR"
    # else they would keep a right to it that its owner could not take back
    for character in (lilith, twin):
        await mira.shares(str(character), kael, "blocked")
    assert await _reason(kael, "GetLorebook", lorebook_id) == "LOREBOOK_NOT_FOUND"


async def test_a_viewer_of_a_character_changes_none_of_its_books(mira: Owner, kael: Owner) -> None:
    lilith = await mira.character()
    await mira.shares(str(lilith), kael, "viewer")
    (own,) = await kael.gets(book())
    assert await _attaching(kael, own, lilith) == "NOT_EDITOR"


async def test_the_books_of_a_character_are_tested_by_who_may_read_its_definition(
    mira: Owner, kael: Owner
) -> None:
    lilith, _ = await _with_book(mira, "public")
    whose = {"id": str(lilith)}
    request = request_for("TestLorebook", personality=whose, messages=["The harbor?"])
    assert (await kael.client.refused("TestLorebook", request)).reason == "DEFINITION_HIDDEN"
    await mira.shares(str(lilith), kael, "viewer")
    (match,) = (await kael.client.call("TestLorebook", request)).matches
    assert match.activated


async def _with_book(
    who: Owner, visibility: str = "private", shown: bool = False
) -> tuple[UUID, str]:
    """A character, and a book of the same person's that it uses."""
    fields = {"visibility": f"VISIBILITY_{visibility.upper()}", "definition_visible": shown}
    character = await who.character(**fields)
    (lorebook_id,) = await who.gets(book())
    await who.call("AttachLorebook", lorebook_id, character)
    return character, lorebook_id


async def _attaching(who: Owner, lorebook_id: str, character: UUID) -> str:
    whose = {"id": str(character)}
    return await _refusal(who, "AttachLorebook", lorebook_id=lorebook_id, personality=whose)


async def _reason(who: Owner, rpc: str, lorebook_id: str, entry_id: str = "") -> str:
    """Why the person may not do this with a book; empty if they may."""
    match rpc:
        case "TestLorebook":
            return await _refusal(who, rpc, lorebook_id=lorebook_id, messages=["x"])
        case "UpdateLorebook":
            return await _refusal(who, rpc, lorebook_id=lorebook_id, lorebook={"name": "New"})
        case "CreateLorebookEntry":
            return await _refusal(who, rpc, lorebook_id=lorebook_id, entry={"content": "New."})
        case "UpdateLorebookEntry":
            return await _refusal(who, rpc, entry_id=entry_id, entry={"content": "New."})
        case "DeleteLorebookEntry":
            return await _refusal(who, rpc, entry_id=entry_id)
        case _:
            return await _refusal(who, rpc, lorebook_id=lorebook_id)


async def _refusal(who: Owner, rpc: str, **fields: Any) -> str:
    try:
        await who.client.call(rpc, request_for(rpc, **fields))
    except grpc.aio.AioRpcError as error:
        return refusal_of(error).reason
    return ""
