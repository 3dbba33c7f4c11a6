"""What a memory is, and how it hangs together with others, in words."""

import asyncio
from collections.abc import Mapping, Sequence

from tzurot_cli.console import moment, one_line
from tzurot_client import Client, NotFound
from tzurot_client.gen.tzurot.memory.v1 import (
    GetMemoryRequest,
    GetMemoryResponse,
    Memory,
    MemoryKind,
    Sector,
    Waypoint,
    WaypointKind,
)

_LINKS = {
    WaypointKind.SIMILARITY: "alike",
    WaypointKind.CONVERSATION: "said one after the other",
    WaypointKind.RECALLED_TOGETHER: "recalled together",
    WaypointKind.ACROSS_SECTORS: "alike, of another sector",
}
_SALIENCES = ((0.75, "very much"), (0.5, "clearly"), (0.25, "somewhat"), (0.0, "hardly"))


def fields(
    response: GetMemoryResponse, remembered_by: str, linked: Mapping[str, Memory]
) -> dict[str, object]:
    """Its fields by name; `linked` has the memories at the other ends of its links."""
    memory = response.memory or Memory()
    said = "\n".join(f"{one.speaker_name or 'you'}: {one.text}" for one in memory.utterances)
    links = (_link(memory.id, waypoint, linked) for waypoint in response.waypoints)
    return {
        "id": memory.id,
        "kind": kind(memory),
        "said": moment(memory.occur_time),
        "remembered by": remembered_by,
        "where": str(memory.venue).lower().replace("_", " "),
        "turn": memory.turn_id,
        "of persona": memory.persona_id,
        "locked": memory.locked,
        "edited": moment(memory.edit_time) if memory.edit_time else "",
        "tells": _sectors(memory),
        "stands out": f"{salience(memory.salience)} ({memory.salience:.2f})",
        "recalled": _recalls(memory),
        "gathered from": list(memory.source_ids),
        "linked with": "\n".join(["", *links]) if response.waypoints else "",
        "words": said,
    }


async def others(client: Client, response: GetMemoryResponse) -> dict[str, Memory]:
    """The memories at the other ends of a memory's links, by id; what just went is missing."""
    own = response.memory.id if response.memory else ""
    ids = dict.fromkeys(_other(own, waypoint) for waypoint in response.waypoints)
    found = await asyncio.gather(*(_memory(client, it) for it in ids))
    return {memory.id: memory for memory in found if memory}


def kind(memory: Memory) -> str:
    """What it is, in lower case; empty of a server that doesn't tell."""
    return "" if memory.kind == MemoryKind.UNSPECIFIED else str(memory.kind).lower()


def kept(memory: Memory) -> str:
    """What it is, and whether it is locked."""
    return ", ".join(filter(None, (kind(memory), "locked" if memory.locked else "")))


def sector(which: Sector) -> str:
    """A kind of thing that memories tell, in lower case."""
    return str(which).lower()


def salience(value: float) -> str:
    """How much something stands out, in words."""
    return next((words for least, words in _SALIENCES if value >= least), "hardly")


def links(kinds: Sequence[WaypointKind]) -> str:
    """Why two memories are linked."""
    return ", ".join(_LINKS.get(it, str(it).lower()) for it in kinds)


def words(memory: Memory, longest: int = 100) -> str:
    """The beginning of what was said, on one line."""
    return one_line(memory.utterances[0].text if memory.utterances else "", longest)


async def _memory(client: Client, memory_id: str) -> Memory | None:
    try:
        return (await client.memory.get_memory(GetMemoryRequest(memory_id=memory_id))).memory
    except NotFound:
        return None


def _other(own: str, waypoint: Waypoint) -> str:
    ends = (waypoint.first_memory_id, waypoint.second_memory_id)
    return ends[1] if ends[0] == own else ends[0]


def _link(own: str, waypoint: Waypoint, linked: Mapping[str, Memory]) -> str:
    other = _other(own, waypoint)
    said = words(linked[other], 60) if other in linked else "(forgotten since)"
    return f"{waypoint.weight:.2f}  {links([waypoint.kind])}: {said} ({other})"


def _sectors(memory: Memory) -> str:
    if memory.sector == Sector.UNSPECIFIED:
        return ""
    also = ", ".join(map(sector, memory.other_sectors))
    return sector(memory.sector) + (f", also {also}" if also else "")


def _recalls(memory: Memory) -> str:
    if not memory.recall_count:
        return "never"
    times = "once" if memory.recall_count == 1 else f"{memory.recall_count} times"
    return f"{times}, last {moment(memory.last_recall_time)}"
