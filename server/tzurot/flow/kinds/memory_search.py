"""`memory search`: what a character would recall where nobody else listens, and why.

hits → one memory: one_memory.py
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from tzurot import clock
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import choosing, naming, one_memory, telling
from tzurot.flow.kinds.memory_choices import SECTOR
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.kinds.one_memory import OneMemory
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View, line
from tzurot.memory.browsing import Memories
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.reasons import Asking
from tzurot.memory.recall import Hit, Recalled
from tzurot.memory.remembering import Owner, Remembered
from tzurot.memory.sectors import Sector
from tzurot.personality.characters import Label
from tzurot.session import faces
from tzurot.transport.subject import Caller

_HITS = 10
_DEGRADED = "The search index is away: the database was searched instead."


class MemorySearch(Kind):
    """Searches as a turn does, and shows each hit whole."""

    path = "memory search"
    summary = "Search what a character remembers of you."
    arguments = (
        choosing.NEEDED_CHARACTER,
        Argument("query", "What to search for.", required=True),
        SECTOR,
    )

    def __init__(self, memories: Memories, owners: Owners) -> None:
        self._rooms = owners.rooms
        self._characters = owners.rooms.characters
        self._one = OneMemory(memories, owners)

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """What is found."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        draft = {"personality_id": str(meant.id), "query": arguments["query"]}
        return Step("hits", {**draft, "sector": arguments.get("sector", "")})

    async def view(self, who: Caller, at: At) -> View:
        """What is found, or one memory."""
        if at.step in one_memory.STEPS:
            return await self._one.view(who, at, await self._above(who, at))
        personality_id = UUID(at.draft["personality_id"])
        character = (await self._characters.get(who.person_id, personality_id)).personality
        found, why = await self._found(who, at)
        query, sector = at.draft["query"], at.draft["sector"]
        label = Label(character.name, character.slug)
        own = (await faces.heard(who, personality_id, self._rooms))[0]
        return View(
            title=f"What {await naming.told(self._characters, who, character)} remembers",
            body=_searched(query, sector) + ("" if found.hits else "\n\nNothing comes to mind."),
            fields=(
                Field("query", "Search for", values=(query,), required=True, max_length=1000),
                _sector_field(sector),
            ),
            items=tuple(
                _item(hit, telling.item(hit, label, _told(hit, reasons), own=own), personality_id)
                for hit, reasons in zip(found.hits, why, strict=True)
            ),
            actions=(Action("search", "Search again", Style.PRIMARY, asks=("query", "sector")),),
            item_action="show",
            notice=_DEGRADED if found.degraded else "",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Search for something else, or go to a memory and back."""
        if at.step in one_memory.STEPS:
            return await self._one.take(who, at, action, answers, home="hits")
        if action == "show":
            return one_memory.opened(at.draft, answers[ITEM][0])
        sector = next(iter(answers.get("sector", ())), "")
        return Step("hits", {**at.draft, "query": answers["query"][0], "sector": sector})

    async def _above(self, who: Caller, at: At) -> str:
        """Why the memory whose page is shown came up; empty of one that is linked with it."""
        if at.step != one_memory.PAGE or len(at.draft["trail"]) > 1:
            return ""
        found, why = await self._found(who, at)
        for hit, reasons in zip(found.hits, why, strict=True):
            if at.draft["trail"] == [str(hit.memory_id)]:
                return f"Found by *{line(at.draft['query'])}*: {_because(reasons)}."
        return ""

    async def _found(self, who: Caller, at: At) -> tuple[Recalled, Sequence[Sequence[str]]]:
        """What comes up, and why each does."""
        query, sector = at.draft["query"], at.draft["sector"]
        personality_id = UUID(at.draft["personality_id"])
        own, *others = await faces.heard(who, personality_id, self._rooms)
        found = await self._rooms.recall.search(
            query,
            Owner(own, personality_id, tuple(others)),
            where=await faces.alone(who, personality_id, self._rooms),
            limit=_HITS,
            filter=Filter(sectors=frozenset({Sector(sector)})) if sector else ALL,
        )
        told = [(hit, hit.parts) for hit in found.hits]
        asking = Asking(query, clock.now(), personality_id)
        return found, await self._rooms.recall.why(asking, told)


def _searched(query: str, sector: str) -> str:
    if not sector:
        return f"Searched for: {query}"
    return f"Searched for: {query}\n\nOnly {telling.SECTORS[Sector(sector)]}."


def _sector_field(sector: str) -> Field:
    values = (sector,) if sector else ()
    described = "Above all. Nothing chosen: whatever it tells."
    return Field("sector", "What it tells", Asks.CHOICE, described, values, SECTOR.choices)


def _item(hit: Hit, item: Item, here: UUID) -> Item:
    """The same, with the name of whoever was told it if that is another character."""
    title = _told_elsewhere(hit, here)
    return replace(item, title=title) if title else item


def _told_elsewhere(memory: Remembered, here: UUID) -> str:
    """When another character was told it, by the name that the person saw; else empty."""
    if memory.personality_id == here:
        return ""
    name = line(memory.personality_name, 60) or "another character"
    return f"{telling.when(memory.occur_time)}, said to {name}"


def _told(hit: Hit, reasons: Sequence[str]) -> str:
    """The words that fit, and why they do."""
    return f"{hit.excerpt}\n({_because(reasons)})"


def _because(reasons: Sequence[str]) -> str:
    return "; ".join(reasons) or "a faint likeness"
