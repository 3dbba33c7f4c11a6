"""Lorebooks: stored once, used by characters, looked into, given back as they came, and gone."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot.formats import documents
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.formats.lorebooks import read
from tzurot.personality.characters import Characters
from tzurot.personality.lorebooks import Lorebooks
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC

HARBOR = LoreEntry(("harbor",), "The harbor is old.", name="Harbor")
RICH = LoreEntry(
    keys=("harbor", "/tow+er/i"),
    content="@@scan_depth 2\nThe tower hums.",
    secondary_keys=("night",),
    name="Tower",
    enabled=False,
    constant=True,
    selective=True,
    use_regex=True,
    case_sensitive=False,
    insertion_order=2.5,
    priority=-1,
    position="after_char",
    extensions={"selectiveLogic": 3, "probability": 0.1, "match_whole_words": None, "x": [{}]},
)


def book(*entries: LoreEntry, **fields: Any) -> Lorebook:
    """A book that came inside a card."""
    return replace(Lorebook(entries or (HARBOR,), name=f"Town {uuid4().hex}"), **fields)


def a_file() -> Lorebook:
    """A book that came as a file, with values that nobody here knows."""
    entries = [{"keys": ["harbor"], "content": "Old.", "insertion_order": 1, "mine": 1.50}]
    data = json.dumps({"spec": "lorebook_v3", "data": {"name": uuid4().hex, "entries": entries}})
    found = read(data.encode(), documents.loads(data.encode()))
    assert found
    return found.lorebooks[0]


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with books and characters."""

    served: Served
    client: Client
    person_id: UUID

    @property
    def rooms(self) -> Lorebooks:
        database = self.served.running.parts.database
        return Lorebooks(database, Characters(database))

    async def character(self, **fields: Any) -> UUID:
        request = request_for("CreatePersonality", personality={"name": "Lilith", **fields})
        return UUID((await self.client.call("CreatePersonality", request)).personality.id)

    async def gets(self, *books: Lorebook) -> list[str]:
        """The ids under which books are stored."""
        async with self.served.running.parts.database.transaction() as tx:
            return [str((await self.rooms.arrive(tx, self.person_id, it))[0]) for it in books]

    async def has_card_with(self, character: UUID, it: Lorebook) -> str:
        """A card of the character's comes in with this book."""
        async with self.served.running.parts.database.transaction() as tx:
            lorebook_id, _ = await self.rooms.arrive(tx, self.person_id, it)
            await self.rooms.use(tx, character, lorebook_id, embedded=True)
        return str(lorebook_id)

    async def books_of(self, character: UUID) -> list[Lorebook]:
        async with self.served.running.parts.database.transaction() as tx:
            return await self.rooms.books_of(tx, character)

    async def call(self, name: str, lorebook_id: str, character: UUID | None = None) -> Any:
        fields = {"personality": {"id": str(character)}} if character else {}
        return await self.client.call(name, request_for(name, lorebook_id=lorebook_id, **fields))

    async def lists(self) -> list[str]:
        return [it.id for it in (await self.client.call("ListLorebooks")).lorebooks]

    async def tests(self, lorebook_id: str, *messages: str) -> Sequence[Any]:
        request = request_for("TestLorebook", lorebook_id=lorebook_id, messages=messages)
        return (await self.client.call("TestLorebook", request)).matches

    async def exports(self, lorebook_id: str) -> tuple[Any, bytes]:
        parts = await self.call("ExportLorebook", lorebook_id)
        return parts[0].header, b"".join(part.chunk for part in parts[1:])

    async def count(self, table: str, lorebook_id: str) -> int:
        column = "id" if table == "lorebooks" else "lorebook_id"
        query = f"SELECT count(*) FROM {table} WHERE {column} = :id"  # noqa: S608 - ours
        async with self.served.running.parts.database.transaction() as tx:
            return await tx.scalar(text(query), {"id": lorebook_id}) or 0


async def owner(served: Served, name: str) -> Owner:
    (client,) = served.people(name)
    me = (await client.call("GetMe")).person
    return Owner(served, client, UUID(me.id))


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
            await mira.rooms.drop_embedded(tx, lilith)
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
