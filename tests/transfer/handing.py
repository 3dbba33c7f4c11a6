"""Handing files over to a server as a client does, and looking at what it stored."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.calling import Client, Refusal, request_for
from tests.conftest import Served
from tzurot.storage.database import Database
from tzurot.transfer.v1 import import_pb2, transfer_service_pb2
from tzurot.transfer.v1.transfer_service_pb2 import ExportFormat

DATA = Path(__file__).parents[1] / "formats" / "data"
CHUNK = 64 * 1024
FORMATS = ("TZUROT", "CARD_V2", "CARD_V3", "PNG", "CHARX")

# What runs beside any call: jobs that index and embed, tokens that note when they were used.
_BESIDE = {
    "alembic_version",
    "index_outbox",
    "embedding_slots",
    "index_collections",
    "memory_states",
    "memory_states_b",
    "memory_windows",
    "unlinked_memories",
    "waypoints",
    "service_tokens",
    "passages",
    "memories",
}

# Of these not even the number stays.
_COMING_AND_GOING = {
    "index_outbox",
    "memory_states",
    "memory_windows",
    "unlinked_memories",
    "waypoints",
}

Part = transfer_service_pb2.ImportPersonalityRequest


def sample(name: str) -> bytes:
    """A file of tests/formats/data."""
    return (DATA / name).read_bytes()


def samples(*folders: str) -> list[str]:
    """The names of the files in these folders of tests/formats/data."""
    paths = [path for folder in folders for path in sorted((DATA / folder).iterdir())]
    return [str(path.relative_to(DATA)) for path in paths if path.suffix != ".md"]


def parts(content: bytes, **header: Any) -> list[Part]:
    """An upload: its header, and its bytes in chunks."""
    told = {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} | header
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    first = Part(header=transfer_service_pb2.ImportHeader(**told))
    return [first, *(Part(chunk=chunk) for chunk in chunks)]


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who moves in."""

    client: Client

    async def previews(self, content: bytes, **options: Any) -> import_pb2.ImportPreview:
        """What an import would do."""
        told = await self.client.call(
            "ImportPersonality", parts(content, validate_only=True, **options)
        )
        return told[-1].preview

    async def imports(self, content: bytes, **options: Any) -> transfer_service_pb2.ImportResult:
        """The result of an import."""
        told = await self.client.call("ImportPersonality", parts(content, **options))
        return told[-1].result

    async def is_refused(self, content: bytes, **options: Any) -> Refusal:
        """How an import is refused."""
        return await self.client.refused("ImportPersonality", parts(content, **options))

    async def exports(self, personality_id: str, as_format: str) -> bytes:
        """A character as a file."""
        number = ExportFormat.Value(f"EXPORT_FORMAT_{as_format}")
        told = await self.client.call(
            "ExportPersonality",
            request_for("ExportPersonality", personality={"id": personality_id}, format=number),
        )
        return received(told)

    async def character(self, personality_id: str) -> Any:
        """A character as its owner sees it."""
        request = request_for("GetPersonality", personality={"id": personality_id})
        return (await self.client.call("GetPersonality", request)).personality

    async def edits(self, personality_id: str, **fields: Any) -> None:
        """Change fields of a character."""
        request = request_for(
            "UpdatePersonality",
            ref={"id": personality_id},
            personality=fields,
            update_mask={"paths": list(fields)},
        )
        await self.client.call("UpdatePersonality", request)

    async def lists(self, rpc: str, **fields: Any) -> list[Any]:
        """All that a list of at most one page shows."""
        page = await self.client.call(rpc, request_for(rpc, page_size=200, **fields))
        return list(getattr(page, page.DESCRIPTOR.fields_by_number[1].name))


def mover(served: Served, name: str = "mover") -> Mover:
    """Somebody new."""
    (client,) = served.people(name)
    return Mover(client)


def received(told: Sequence[Any]) -> bytes:
    """A streamed file, checked against its header."""
    header, content = told[0].header, b"".join(part.chunk for part in told[1:])
    assert (header.size_bytes, header.sha256) == (
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    return content


def done(told: Any) -> dict[tuple[str, str], int]:
    """What a preview or result says happens: how many, by verb and resource."""
    preview = told.preview if hasattr(told, "preview") else told
    counts: dict[tuple[str, str], int] = {}
    for change in preview.changes:
        verb = import_pb2.ImportAction.Name(change.action).removeprefix("IMPORT_ACTION_").lower()
        counts[verb, change.resource] = counts.get((verb, change.resource), 0) + change.count
    return counts


def verbs(told: Any) -> set[str]:
    """All verbs of a preview or result."""
    return {verb for verb, _ in done(told)}


async def everything(database: Database) -> Mapping[str, tuple[int, str]]:
    """How many rows each table has, and a hash of them where only callers write."""
    names = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found: dict[str, tuple[int, str]] = {}
    async with database.transaction() as tx:
        for name in (await tx.scalars(names)).all():
            rows = (
                "''"
                if name in _BESIDE
                else "md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
            )
            if name in _COMING_AND_GOING:
                continue
            query = text(f"SELECT count(*), {rows} FROM {name} t")  # noqa: S608 - our own tables
            count, digest = (await tx.execute(query)).one()
            found[name] = (count, digest)
    return found
