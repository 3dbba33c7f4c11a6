"""`memory search`: what a character would recall where nobody else listens, and why."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from tzurot.errors import MemoryNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import choosing, naming, reasons, telling
from tzurot.flow.views import ITEM, Action, Choice, Field, Item, Style, View
from tzurot.memory.browsing import Memories
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Where
from tzurot.personality.characters import Characters, Label
from tzurot.session import faces
from tzurot.session.rooms import Rooms
from tzurot.transport.subject import Caller

_HITS = 10
_DEGRADED = "The search index is away: the database was searched instead."


class MemorySearch(Kind):
    """Searches as a turn does, and shows each hit whole."""

    path = "memory search"
    summary = "Search what a character remembers of you."
    arguments = (choosing.NEEDED_CHARACTER, Argument("query", "What to search for.", required=True))

    def __init__(
        self,
        memories: Memories,
        characters: Characters,
        is_adult: Callable[[UUID], Awaitable[bool]],
        rooms: Rooms,
    ) -> None:
        """`is_adult` says of a person whether they have proved it."""
        self._rooms = rooms
        self._is_adult = is_adult
        self._memories = memories
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """What is found."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        return Step("hits", {"personality_id": str(meant.id), "query": arguments["query"]})

    async def view(self, who: Caller, at: At) -> View:
        """What is found, or one memory."""
        personality_id = UUID(at.draft["personality_id"])
        character = (await self._characters.get(who.person_id, personality_id)).personality
        label = Label(character.name, character.slug)
        if at.step == "memory":
            return await self._memory(who, at, label)
        query = at.draft["query"]
        own, *others = await faces.heard(who, personality_id, self._rooms)
        found = await self._rooms.recall.search(
            query,
            Owner(own, personality_id, tuple(others)),
            where=Where.direct(adults=await self._is_adult(who.person_id)),
            limit=_HITS,
        )
        return View(
            title=f"What {await naming.told(self._characters, who, character)} remembers",
            body=f"Searched for: {query}" + ("" if found.hits else "\n\nNothing comes to mind."),
            fields=(Field("query", "Search for", values=(query,), required=True, max_length=1000),),
            items=tuple(_item(hit, label, own) for hit in found.hits),
            actions=(Action("search", "Search again", Style.PRIMARY, asks=("query",)),),
            item_action="show",
            notice=_DEGRADED if found.degraded else "",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Search for something else, or go to a memory and back."""
        match action:
            case "search":
                return Step("hits", {**at.draft, "query": answers["query"][0]})
            case "show":
                return Step("memory", {**at.draft, "memory_id": answers[ITEM][0]})
            case _:
                return Step("hits", at.draft)

    async def _memory(self, who: Caller, at: At, whose: Label) -> View:
        back = (Action("back", "Back"),)
        try:
            heard = await faces.heard(who, UUID(at.draft["personality_id"]), self._rooms)
            memory = await self._memories.get(heard, UUID(at.draft["memory_id"]))
        except MemoryNotFound:
            return View("A memory", "That was forgotten already.", actions=back)
        return View(telling.title(memory, whose), telling.whole(memory), actions=back)


def _item(hit: Hit, whose: Label, own: UUID) -> Item:
    why = [f"by {name} {value:.0%}" for name, value in reasons.named(hit.parts)]
    found = ", ".join(why) or "by a faint likeness"
    return telling.item(hit, whose, f"{hit.excerpt}\n(found {found})", own=own)
