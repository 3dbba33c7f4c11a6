"""People who take their memories along, as a client does it for them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.transfer.handing import Mover, received
from tzurot.account import personas
from tzurot.formats.found import Face
from tzurot.transfer.v1.transfer_service_pb2 import MemoryFormat


@dataclass(frozen=True, slots=True)
class Keeper(Mover):
    """Somebody with a character of their own."""

    served: Served
    lilith: str
    person_id: UUID

    async def takes(self, as_format: str = "JSON_LINES", **fields: Any) -> bytes:
        """Their memories as a file."""
        number = MemoryFormat.Value(f"MEMORY_FORMAT_{as_format}")
        request = request_for("ExportMemories", format=number, **fields)
        return received(await self.client.call("ExportMemories", request))

    async def lines(self, **fields: Any) -> list[dict[str, Any]]:
        """The lines of that file, its header aside."""
        header, *rows = map(json.loads, (await self.takes(**fields)).split(b"\n")[:-1])
        facts = sum(row["kind"] == "fact" for row in rows)
        counts = {"memories": len(rows) - facts, "facts": facts}
        assert header == {"format": "tzurot.memories", "version": 1} | counts
        return rows

    async def brings(self, content: bytes) -> Any:
        """Import a file for their character."""
        return await self.imports(content, personality={"id": self.lilith})

    async def meets(self, *names: str) -> None:
        """Have more personas."""
        async with self.served.running.parts.database.transaction() as tx:
            await personas.arrive(tx, self.person_id, [Face(name) for name in names], None)

    async def memories(self) -> list[Any]:
        """What their character remembers of the persona that speaks."""
        return await self.lists("ListMemories", personality_id=self.lilith)


async def keeper(served: Served, name: str) -> Keeper:
    (client,) = served.people(name)
    person = (await client.call("GetMe")).person
    return Keeper(client, served, await character(client), UUID(person.id))


async def character(client: Client, name: str = "Lilith", **fields: Any) -> str:
    request = request_for("CreatePersonality", personality={"name": name} | fields)
    return str((await client.call("CreatePersonality", request)).personality.id)
