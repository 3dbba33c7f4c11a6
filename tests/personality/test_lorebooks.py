"""Lorebooks: stored once, used by characters, looked into, given back as they came, and gone."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from tests.calling import request_for
from tests.conftest import Served
from tests.personality.shelf import HARBOR, RICH, Owner, a_file, book, owner
from tzurot.formats import documents
from tzurot.formats.found import Lorebook
from tzurot.formats.lorebooks import read
from tzurot.personality.v1.lorebook_pb2 import LORE_PLACE_AFTER_EXAMPLES, LORE_PLACE_AT_DEPTH
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC


@pytest.fixture
async def mira(served: Served) -> Owner:
    return await owner(served, "mira")


@pytest.fixture
async def kael(served: Served) -> Owner:
    return await owner(served, "kael")


class TestArriving:
    async def test_equal_books_of_a_person_are_stored_once(self, mira: Owner, kael: Owner) -> None:
        it = book(RICH)
        first, again = await mira.gets(it, replace(it))
        (theirs,) = await kael.gets(it)
        assert first == again != theirs

    @pytest.mark.parametrize(
        "other",
        [
            {"name": "Other"},
            {"scan_depth": 3},
            {"document": b"{}"},
            {"entries": (RICH, HARBOR)},
            {"entries": (replace(HARBOR, extensions={"sticky": 1}),)},
        ],
    )
    async def test_a_book_that_differs_in_anything_is_another(
        self, other: dict[str, Any], mira: Owner
    ) -> None:
        it = book()
        first, second = await mira.gets(it, replace(it, **other))
        assert first != second

    @pytest.mark.parametrize(
        "it",
        [
            book(RICH, HARBOR, scan_depth=3, token_budget=100, recursive_scanning=False),
            book(entries=()),
            a_file(),
        ],
    )
    async def test_it_comes_back_as_it_came(self, it: Lorebook, mira: Owner) -> None:
        lilith = await mira.character()
        await mira.has_card_with(lilith, it)
        assert await mira.books_of(lilith) == [it]


class TestEmbedded:
    async def test_the_book_of_a_newer_card_takes_the_place_of_the_older_one(
        self, mira: Owner
    ) -> None:
        lilith, newer = await mira.character(), book()
        old = await mira.has_card_with(lilith, book())
        new = await mira.has_card_with(lilith, newer)
        assert await mira.books_of(lilith) == [newer]
        assert await mira.lists() == [new]
        assert await mira.count("lorebook_entries", old) == 0

    async def test_it_stays_while_another_character_uses_it(self, mira: Owner) -> None:
        lilith, twin, shared = await mira.character(), await mira.character(), book()
        await mira.has_card_with(lilith, shared)
        await mira.has_card_with(twin, shared)
        await mira.has_card_with(lilith, book())
        assert await mira.books_of(twin) == [shared]

    async def test_a_book_of_its_own_stays_with_nobody_using_it(self, mira: Owner) -> None:
        lilith = await mira.character()
        old = await mira.has_card_with(lilith, a_file())
        new = await mira.has_card_with(lilith, book())
        assert await mira.lists() == [new, old]

    async def test_a_card_without_a_book_leaves_what_was_attached_here(self, mira: Owner) -> None:
        lilith, mine = await mira.character(), book()
        await mira.has_card_with(lilith, book())
        (attached,) = await mira.gets(mine)
        await mira.call("AttachLorebook", attached, lilith)
        async with mira.served.running.parts.database.transaction() as tx:
            await mira.rooms.end_embedded(tx, lilith)
        assert await mira.books_of(lilith) == [mine]
        assert await mira.lists() == [attached]


class TestUsing:
    async def test_books_are_used_in_the_order_in_which_they_were_attached(
        self, mira: Owner
    ) -> None:
        lilith, books = await mira.character(), [book(), book(), book()]
        ids = await mira.gets(*books)
        for lorebook_id in (*ids, ids[0]):
            await mira.call("AttachLorebook", lorebook_id, lilith)
        assert await mira.books_of(lilith) == books
        for _ in range(2):
            await mira.call("DetachLorebook", ids[1], lilith)
        assert await mira.books_of(lilith) == [books[0], books[2]]
        assert len(await mira.lists()) == 3

    async def test_nobody_attaches_to_a_character_of_somebody_else(
        self, mira: Owner, kael: Owner
    ) -> None:
        theirs = await kael.character(visibility=VISIBILITY_PUBLIC)
        (mine,) = await mira.gets(book())
        for name in ("AttachLorebook", "DetachLorebook"):
            request = request_for(name, lorebook_id=mine, personality={"id": str(theirs)})
            assert (await mira.client.refused(name, request)).reason == "NOT_EDITOR"
        assert await mira.books_of(theirs) == []

    async def test_who_is_shown_a_book_sees_who_uses_it_and_what_is_in_it(
        self, mira: Owner
    ) -> None:
        lilith = await mira.character()
        lorebook_id = await mira.has_card_with(lilith, book(RICH, HARBOR, description="A town."))
        (listed,) = (await mira.client.call("ListLorebooks")).lorebooks
        assert (listed.entry_count, list(listed.entries)) == (2, [])
        assert list(listed.personality_ids) == [str(lilith)]
        shown = (await mira.call("GetLorebook", lorebook_id)).lorebook
        tower, harbor = shown.entries
        assert (shown.description, tower.position, harbor.position) == ("A town.", 0, 1)
        assert list(tower.keys) == ["harbor", "/tow+er/i"]
        assert list(tower.secondary_keys) == ["night"]
        assert (tower.name, tower.enabled, tower.constant) == ("Tower", False, True)
        assert tower.content == RICH.content


class TestDeleting:
    async def test_a_deleted_book_is_gone_with_entries_and_uses(self, mira: Owner) -> None:
        lilith = await mira.character()
        lorebook_id = await mira.has_card_with(lilith, book())
        assert await mira.count("lorebook_uses", lorebook_id) == 1
        await mira.call("DeleteLorebook", lorebook_id)
        for table in ("lorebooks", "lorebook_entries", "lorebook_uses"):
            assert await mira.count(table, lorebook_id) == 0
        request = request_for("DeleteLorebook", lorebook_id=lorebook_id)
        refusal = await mira.client.refused("DeleteLorebook", request)
        assert refusal.reason == "LOREBOOK_NOT_FOUND"

    async def test_a_deleted_character_uses_nothing_any_more(self, mira: Owner) -> None:
        lilith = await mira.character()
        (lorebook_id,) = await mira.gets(book())
        await mira.call("AttachLorebook", lorebook_id, lilith)
        request = request_for("DeletePersonality", personality={"id": str(lilith)})
        await mira.client.call("DeletePersonality", request)
        assert await mira.count("lorebook_uses", lorebook_id) == 0
        assert await mira.lists() == [lorebook_id]


class TestTesting:
    async def test_each_entry_gets_a_verdict_with_its_reason(self, mira: Owner) -> None:
        entries = HARBOR, replace(HARBOR, keys=("moon",), name=""), RICH
        (lorebook_id,) = await mira.gets(book(*entries))
        harbor, moon, tower = await mira.tests(lorebook_id, "The harbor!", "Yes.")
        assert (harbor.name, harbor.activated) == ("Harbor", True)
        assert harbor.reason == "key `harbor` one message before the last"
        assert harbor.content == "The harbor is old."
        assert (moon.name, moon.activated, moon.reason) == ("moon", False, "no key came up")
        assert (tower.position, tower.reason) == (2, "switched off")
        assert tower.content == "The tower hums."

    async def test_a_match_says_which_entry_it_is_and_where_it_is_told(self, mira: Owner) -> None:
        notes = await mira.writes(token_budget=8)
        long = await mira.adds(notes.id, constant=True, content="Old stones. " * 9)
        deep = await mira.adds(
            notes.id, constant=True, content="Deep.", place="LORE_PLACE_AT_DEPTH", depth=2
        )
        scene = await mira.adds(
            notes.id, constant=True, content="Fog.", place="LORE_PLACE_AFTER_EXAMPLES"
        )
        found = await mira.tests(notes.id, "Hello.")
        assert [it.entry_id for it in found] == [long.id, deep.id, scene.id]
        assert [(it.activated, it.left_out) for it in found] == [
            (False, True),
            (True, False),
            (True, False),
        ]
        assert (found[1].place, found[1].depth) == (LORE_PLACE_AT_DEPTH, 2)
        assert found[2].place == LORE_PLACE_AFTER_EXAMPLES

    async def test_messages_are_the_person_s_and_the_character_s_in_turn(self, mira: Owner) -> None:
        lilith = await mira.character(name="Lilith", nickname="Lil")
        notes = await mira.writes(scan_depth=2)
        for keys in (["lil: the"], ["{{user}}: yes"], ["fog"]):
            await mira.adds(notes.id, keys=keys, content="{{char}} and {{user}}")
        await mira.call("AttachLorebook", notes.id, lilith)
        me = mira.client.subject  # who has no persona yet
        asked = request_for(
            "TestLorebook",
            personality={"id": str(lilith)},
            messages=["Fog?", "The tower.", "Yes."],
        )
        char, user, fog = (await mira.client.call("TestLorebook", asked)).matches
        assert (char.activated, user.activated, fog.activated) == (True, True, False)
        assert char.content == f"Lil and {me}"

    async def test_the_greeting_counts_that_it_all_began_with(self, mira: Owner) -> None:
        notes = await mira.writes()
        await mira.adds(notes.id, constant=True, content="@@is_greeting 1\nFog.")
        for number in (0, 1):
            request = request_for(
                "TestLorebook", lorebook_id=notes.id, messages=["Hello."], greeting_index=number
            )
            (match,) = (await mira.client.call("TestLorebook", request)).matches
            assert match.activated is bool(number)

    async def test_chance_decides_the_same_for_the_same_talk(self, mira: Owner) -> None:
        notes = await mira.writes()
        for _ in range(20):
            await mira.adds(notes.id, constant=True, content="Fog.", probability=50)
        first, again, other = [
            [it.activated for it in await mira.tests(notes.id, said)]
            for said in ("Hello.", "Hello.", "Hello?")
        ]
        assert first == again != other

    async def test_an_endless_pattern_keeps_nobody_waiting(self, mira: Owner, kael: Owner) -> None:
        endless = replace(HARBOR, keys=("/(x+x+)+y/",), use_regex=True)
        (lorebook_id,) = await mira.gets(book(*[endless] * 50))
        await kael.client.call("GetMe")
        testing = asyncio.create_task(mira.tests(lorebook_id, "x" * 19_000))
        await kael.client.call("GetMe")
        assert not testing.done()
        assert {it.reason for it in await testing} == {"its pattern took too long"}


class TestExporting:
    async def test_a_file_comes_back_as_it_came(self, mira: Owner) -> None:
        it = a_file()
        (lorebook_id,) = await mira.gets(it)
        header, data = await mira.exports(lorebook_id)
        assert data == it.document
        assert (header.name, header.media_type) == (f"{it.name}.json", "application/json")
        assert header.size_bytes == len(data)
        assert header.sha256 == hashlib.sha256(data).hexdigest()

    async def test_a_book_out_of_a_card_becomes_a_file_of_its_own(self, mira: Owner) -> None:
        it = book(RICH, HARBOR, scan_depth=3)
        (lorebook_id,) = await mira.gets(it)
        _, data = await mira.exports(lorebook_id)
        found = read(data, documents.loads(data))
        assert found
        (again,) = found.lorebooks
        assert replace(again, format="", document=b"") == it

    @pytest.mark.parametrize(
        ("name", "file_name"),
        [("", "lorebook.json"), ("../a/b", "a-b.json"), ("Stadt Ö", "Stadt Ö.json")],
    )
    async def test_the_name_of_the_file_is_one(
        self, name: str, file_name: str, mira: Owner
    ) -> None:
        (lorebook_id,) = await mira.gets(book(name=name))
        assert (await mira.exports(lorebook_id))[0].name == file_name
