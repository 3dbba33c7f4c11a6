"""Every sample file: it says what it is, moves in as previewed, and comes back out the same."""

import base64
import json
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from tests.calling import request_for
from tests.conftest import Served
from tests.transfer.handing import (
    FORMATS,
    Mover,
    done,
    everything,
    mover,
    received,
    sample,
    samples,
    verbs,
)

# What each file is: its kind, its name, greetings besides the first, lore entries, a picture.
FACTS: Mapping[str, tuple[str, str, int, int, bool]] = {
    "cards/Default-chan_v3_ccv3only.png": ("character_card", "Default-chan", 2, 0, True),
    "cards/ca_LunaStarweaver_v3.json": ("character_card", "Luna Starweaver", 2, 1, False),
    "cards/ca_baseline_v3.charx": ("character_card", "Synthetic CharX Character", 0, 2, True),
    "cards/ca_baseline_v3_in_chara.png": ("character_card", "Synthetic V3 Character", 1, 2, True),
    "cards/quirk_after_idat.png": ("character_card", "Márta Öz 雪", 2, 3, True),
    "cards/quirk_bom.json": ("character_card", "Márta Öz 雪", 2, 3, False),
    "cards/quirk_case_sensitive_paths.charx": ("character_card", "Márta Öz 雪", 2, 4, True),
    "cards/quirk_chub_nulls.json": ("character_card", "Márta Öz 雪", 0, 0, False),
    "cards/quirk_future_number.json": ("character_card", "Márta Öz 雪", 2, 3, False),
    "cards/quirk_itxt_chara.png": ("character_card", "Márta Öz 雪", 2, 3, True),
    "cards/quirk_rawjson_chara.png": ("character_card", "Márta Öz 雪", 2, 3, True),
    "cards/quirk_stale_chara_newer_ccv3.png": ("character_card", "Márta Öz 雪", 2, 4, True),
    "cards/quirk_v3_assets_rules.json": ("character_card", "Márta Öz 雪", 2, 4, True),
    "cards/tk_ccv3_st_export_like.json": ("character_card", "Diana", 2, 1, False),
    "cards/tk_full_v2_card.json": ("character_card", "Aurora", 2, 1, False),
    "cards/tk_minimal_v2.json": ("character_card", "Test Character V2", 1, 0, False),
    "chats/syn_agnai.json": ("chat", "Exported", 0, 0, False),
    "chats/syn_st_modern.jsonl": ("chat", "Marta", 0, 0, False),
    "lorebooks/syn_decorators_v3.json": ("lorebook", "Decorators A", 0, 11, False),
    "lorebooks/syn_risu_lorebook.json": ("lorebook", "", 0, 1, False),
    "lorebooks/syn_st_world_full_fields.json": ("lorebook", "", 0, 2, False),
    "lorebooks/tk_world_one.json": ("lorebook", "World One", 0, 1, False),
    "personas/syn_pk_export_v1_legacy.json": ("pluralkit", "Old", 0, 0, False),
    "shapes/marta_config.json": ("shapes_config", "Marta", 0, 0, False),
}
DEAD_LINK = "cards/quirk_v3_assets_rules.json"
UNUSABLE = {
    "cards/quirk_no_card.png": "no_card",
    "cards/tk_invalid_missing_name.json": "blank_name",
}
CHARACTERS = [name for name in FACTS if name.startswith(("cards/", "shapes/"))]
# Each file in two of the formats, each format for every kind of file that there is of cards.
LEAVING = [
    (name, FORMATS[(number + more) % len(FORMATS)])
    for number, name in enumerate(CHARACTERS)
    for more in (0, 2)
]
BOOKS = [name for name in FACTS if name.startswith("lorebooks/")]
CHATS = [name for name in FACTS if name.startswith("chats/")]


def test_every_sample_stands_here() -> None:
    found = samples("cards", "chats", "lorebooks", "personas", "shapes")
    assert set(found) == {*FACTS, *UNUSABLE}


@pytest.mark.parametrize("name", sorted(FACTS))
async def test_a_preview_says_what_the_file_is_and_changes_nothing(
    name: str, served: Served
) -> None:
    me = mover(served)
    await me.client.call("GetMe")
    before = await everything(served.running.parts.database)
    preview = await me.previews(sample(name))
    assert await everything(served.running.parts.database) == before
    assert (
        preview.kind,
        preview.name,
        preview.alternate_greeting_count,
        preview.lorebook_entry_count,
        preview.has_avatar,
    ) == FACTS[name]
    assert re.fullmatch("[0-9a-f]{64}", preview.digest)


@pytest.mark.parametrize("name", sorted(UNUSABLE))
async def test_a_file_that_can_not_be_used_is_refused_with_its_problem(
    name: str, served: Served
) -> None:
    me = mover(served)
    for options in ({"validate_only": True}, {}):
        refusal = await me.is_refused(sample(name), **options)
        assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "FILE_UNREADABLE")
        assert refusal.metadata["problem"] == UNUSABLE[name]


@pytest.mark.parametrize("name", sorted(FACTS))
async def test_an_import_does_what_was_previewed_and_again_nothing(
    name: str, served: Served
) -> None:
    me = mover(served)
    whose = await _whose(me, name)
    preview = await me.previews(sample(name), **whose)
    result = await me.imports(sample(name), digest=preview.digest, **whose)
    assert result.preview == preview
    assert "create" in verbs(result)

    before = await everything(served.running.parts.database)
    preview = await me.previews(sample(name), **whose)
    again = await me.imports(sample(name), digest=preview.digest, **whose)
    dead = {("create", "avatar")} if name == DEAD_LINK else set[tuple[str, str]]()
    assert {it for it in done(again) if it[0] != "keep"} == dead, "a dead link is tried again"
    assert again.personality.id == result.personality.id
    after = await everything(served.running.parts.database)
    changed = {table for table, rows in after.items() if rows != before[table]}
    assert changed <= {"personality_sources"}  # when it came last


@pytest.mark.parametrize(("name", "as_format"), LEAVING)
async def test_a_character_that_leaves_and_comes_back_is_the_same(
    name: str, as_format: str, served: Served
) -> None:
    me = mover(served)
    first = (await me.imports(sample(name))).personality
    left = await me.exports(first.id, as_format)
    was = await me.character(first.id)

    assert await me.exports(first.id, as_format) == left
    over = await me.imports(left)
    assert over.personality.id == first.id, "it is known again"
    dead = {"avatar"} if name == DEAD_LINK else set[str]()
    assert {what for verb, what in done(over) if verb != "keep"} <= {"lorebook", *dead}

    request = request_for("DeletePersonality", personality={"id": first.id})
    await me.client.call("DeletePersonality", request)
    back = await me.imports(left)
    assert ("create", "personality") in done(back)
    faceless = as_format in {"CARD_V2", "CARD_V3"}  # JSON without a picture
    assert _shape(await me.character(back.personality.id), faceless) == _shape(was, faceless)
    assert back.preview.lorebook_entry_count == over.preview.lorebook_entry_count
    left_again = await me.exports(back.personality.id, as_format)
    if (
        as_format == "PNG"
    ):  # its V2 card is now made from the V3 one, and has the fields that V3 demands
        assert _cards(left_again) == _cards(left)
        again = await me.imports(left_again)
        left, left_again = left_again, await me.exports(again.personality.id, as_format)
    assert left_again == left


@pytest.mark.parametrize("name", BOOKS)
async def test_a_lorebook_that_leaves_and_comes_back_is_the_same(name: str, served: Served) -> None:
    me = mover(served)
    await me.imports(sample(name), name="Harbor Town.json")
    (book,) = await me.lists("ListLorebooks")
    assert book.name == (FACTS[name][1] or "Harbor Town")
    left = await _exported_book(me, book.id)
    again = await me.imports(left, name=f"{book.name}.json")
    assert done(again) in ({("keep", "lorebook"): 1}, {("create", "lorebook"): 1})
    (newest, *_) = await me.lists("ListLorebooks")
    assert (newest.name, newest.entry_count) == (book.name, book.entry_count)
    assert await _exported_book(me, newest.id) == left


@pytest.mark.parametrize("name", CHATS)
async def test_a_chat_that_leaves_and_comes_back_is_the_same(name: str, served: Served) -> None:
    me = mover(served)
    whose = await _whose(me, name)
    await me.imports(sample(name), **whose)
    (talk,) = await me.lists("ListConversations")
    left = await _exported_chat(me, talk.id)

    other = mover(served, "other")
    whose = await _whose(other, name)
    await other.imports(left, **whose)
    (there,) = await other.lists("ListConversations")
    assert await _exported_chat(other, there.id) == left
    assert await _words(other, there.id) == await _words(me, talk.id)


async def _whose(me: Mover, name: str) -> dict[str, Any]:
    """Chats are with somebody: here a character that their header may not name."""
    if not name.startswith("chats/"):
        return {}
    created = await me.client.call(
        "CreatePersonality", request_for("CreatePersonality", personality={"name": "Keeper"})
    )
    return {"personality": {"id": created.personality.id}}


def _shape(character: Any, faceless: bool) -> Any:
    """A character without what every new one has for itself."""
    copy = type(character)()
    copy.CopyFrom(character)
    own = ("id", "slug", "create_time", "update_time", "etag", "lorebook_ids", "source_format")
    for field in (*own, *(["avatar_sha256"] if faceless else [])):
        copy.ClearField(field)
    return copy


class _Chunk(NamedTuple):
    type: bytes
    content: bytes


def _cards(png: bytes) -> list[Any]:
    """The picture without its cards, and what its V3 card says."""
    chunks = list(_chunks(png))
    found: list[Any] = [b"".join(chunk.content for chunk in chunks if chunk.type != b"tEXt")]
    for chunk in chunks:
        keyword, _, value = chunk.content.partition(b"\0")
        if chunk.type == b"tEXt" and keyword == b"ccv3":
            found.append(json.loads(base64.b64decode(value)))
    return found


def _chunks(png: bytes) -> Iterator[_Chunk]:
    at = 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield _Chunk(kind, png[at + 8 : at + 8 + length])
        at += length + 12


async def _exported_book(me: Mover, lorebook_id: str) -> bytes:
    request = request_for("ExportLorebook", lorebook_id=lorebook_id)
    return received(await me.client.call("ExportLorebook", request))


async def _exported_chat(me: Mover, conversation_id: str) -> bytes:
    request = request_for("ExportConversation", conversation_id=conversation_id)
    return received(await me.client.call("ExportConversation", request))


async def _words(me: Mover, conversation_id: str) -> list[tuple[str, str]]:
    found = await me.lists("ListMessages", conversation_id=conversation_id)
    return [(message.author_name, message.text) for message in found]
