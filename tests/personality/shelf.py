"""People with characters and lorebooks, as the tests of lorebooks have them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import share
from tzurot.formats import documents
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.formats.lorebooks import read
from tzurot.personality.characters import Characters
from tzurot.personality.lorebooks.lorebooks import Lorebooks

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

    async def shares(self, character: str, guest: "Owner", role: str) -> None:
        await share(self.client, SimpleNamespace(id=character), guest.client, role)

    async def deletes(self, character: str) -> None:
        request = request_for("DeletePersonality", personality={"id": character})
        await self.client.call("DeletePersonality", request)

    async def gets(self, *books: Lorebook) -> list[str]:
        """The ids under which books are stored."""
        async with self.served.running.parts.database.transaction() as tx:
            return [str((await self.rooms.arrive(tx, self.person_id, it))[0]) for it in books]

    async def has_card_with(self, character: UUID, it: Lorebook) -> str:
        """A card of the character's comes in with this book."""
        async with self.served.running.parts.database.transaction() as tx:
            lorebook_id, _ = await self.rooms.arrive(tx, self.person_id, it)
            await self.rooms.use_embedded(tx, character, lorebook_id)
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

    async def writes(self, **fields: Any) -> Any:
        """A book that is written here."""
        request = request_for("CreateLorebook", lorebook={"name": "Notes", **fields})
        return (await self.client.call("CreateLorebook", request)).lorebook

    async def adds(self, lorebook_id: str, **fields: Any) -> Any:
        """An entry at the end of a book."""
        request = request_for("CreateLorebookEntry", lorebook_id=lorebook_id, entry=fields)
        return (await self.client.call("CreateLorebookEntry", request)).entry

    async def edits(self, entry_id: str, *mask: str, **fields: Any) -> Any:
        """An entry with new values: of the fields in the mask, or else of those that are set."""
        request = request_for(
            "UpdateLorebookEntry",
            entry_id=entry_id,
            entry=fields,
            update_mask={"paths": mask} if mask else None,
        )
        return (await self.client.call("UpdateLorebookEntry", request)).entry

    async def takes_out(self, entry_id: str) -> None:
        request = request_for("DeleteLorebookEntry", entry_id=entry_id)
        await self.client.call("DeleteLorebookEntry", request)

    async def shown(self, lorebook_id: str) -> Any:
        return (await self.call("GetLorebook", lorebook_id)).lorebook

    async def entries(self, lorebook_id: str) -> Sequence[Any]:
        return (await self.shown(lorebook_id)).entries

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
