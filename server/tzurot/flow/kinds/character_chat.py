"""`character chat`: with whom somebody talks in direct messages when they name nobody.

    pick → chosen

A client begins it by itself for who says something in direct to nobody: then it is the help that
newcomers get. Elsewhere it says how to talk with a character there.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import PermissionDenied, PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Origin, Step
from tzurot.flow.kinds import choosing, naming, paging, sections
from tzurot.flow.views import ITEM, Action, Choice, Field, Item, State, Style, View, line
from tzurot.memory.venues import Venue
from tzurot.personality import searching
from tzurot.personality.characters import Characters
from tzurot.personality.sharing.sharing import Access
from tzurot.session.channels.direct import Direct
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

_WHOM = (
    "Choose somebody: what you write here is for them from then on. Or begin a message with `@` and"
    " a character's name, here and on servers."
)
_NOBODY = "There is no character that you may talk with yet: `character create` makes one."
_NONE_FOUND = "There is no character with these words."
_ELSEWHERE = (
    "On servers you name whom you mean: begin your message with `@` and the name.\n"
    "In direct messages this command says with whom you talk without naming them."
)
_JUST_WRITE = "Just write: what you say here is for {name}, until you name or choose somebody else."
_GREETING_SHOWN = 3000  # characters


class CharacterChat(Kind):
    """Offers the characters, and lets one of them be spoken to."""

    path = "character chat"
    summary = "Choose with whom you talk in direct messages."
    arguments = (Argument("character", "With whom: its name or slug.", completes=True),)

    def __init__(self, characters: Characters, direct: Direct) -> None:
        self._characters = characters
        self._direct = direct

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The characters, or the one that is meant."""
        name = arguments.get("character", "")
        meant = await choosing.meant(self._characters, who, name) if name else None
        draft: dict[str, Any] = {"personality_id": str(meant.id)} if meant else {}
        place = origin.place
        if place is None or place.venue is not Venue.DIRECT:
            return Step("elsewhere", draft)
        place.require_own(who)
        kept = {"platform": place.platform, "channel_id": place.channel_id}
        return Step("one" if meant else "pick", {**draft, **kept, **paging.first()})

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Without a place it is not in direct."""
        return await self.begin(who, arguments, Origin())

    async def view(self, who: Caller, at: At) -> View:
        """Those there are, one of them, or that it is chosen."""
        match at.step:
            case "pick":
                return await self._pick(who, at)
            case "elsewhere":
                return await self._elsewhere(who, at)
            case _:
                return await self._one(who, at)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose one, or turn a page of them."""
        match action:
            case "talk":
                return await self._chosen(who, at, at.draft["personality_id"])
            case "choose":
                return await self._chosen(who, at, answers[ITEM][0])
            case "search":
                query = "".join(answers.get("query", ()))
                return Step("pick", {**at.draft, "query": query, **paging.first()})
            case "others":
                return Step("pick", {**at.draft, **paging.first()})
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].personality.id if rows else None
                return Step("pick", paging.turned(at.draft, action, last))

    async def _chosen(self, who: Caller, at: At, personality_id: str) -> Step:
        place = Place(at.draft["platform"], "", at.draft["channel_id"], Venue.DIRECT)
        try:
            greeting = await self._direct.choose(who, place, UUID(personality_id))
        except (PersonalityNotFound, PermissionDenied) as refused:
            return Step("pick", {**at.draft, **paging.first()}, notice=refused.message)
        told = {"personality_id": personality_id, "greeting": greeting[:_GREETING_SHOWN]}
        return Step("chosen", {**at.draft, **told}, State.DONE)

    async def _pick(self, who: Caller, at: At) -> View:
        rows = await self._rows(who, at)
        owners = await self._characters.owners(paging.page(rows))
        query = at.draft.get("query", "")
        nobody = _NONE_FOUND if query else _NOBODY
        return View(
            title="With whom do you want to talk?",
            body=_WHOM if rows else nobody,
            fields=(Field("query", "Words", values=(query,) if query else ()),),
            items=tuple(_item(it, owners[it.personality.id]) for it in paging.page(rows)),
            actions=(*paging.actions(at.draft, rows), Action("search", "Search", asks=("query",))),
            item_action="choose",
        )

    async def _one(self, who: Caller, at: At) -> View:
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        name = await naming.told(self._characters, who, found.personality)
        just_write = _JUST_WRITE.format(name=line(name, 120))
        if at.step == "chosen":
            greeting = at.draft["greeting"]
            said = f"**{line(found.personality.name, 80)}**: {greeting}\n\n" if greeting else ""
            return View(f"You talk with {name} now", f"{said}{just_write}")
        talk = Action("talk", "Talk", Style.PRIMARY)
        return View(f"Talk with {name}?", just_write, actions=(talk, Action("others", "Others")))

    async def _elsewhere(self, who: Caller, at: At) -> View:
        if "personality_id" not in at.draft:
            return View("Talk with a character", _ELSEWHERE)
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        hello = sections.hello(await naming.mention(self._characters, who, found))
        name = await naming.told(self._characters, who, found.personality)
        return View(f"Talk with {name}", f"{hello}\n\n{_ELSEWHERE}")

    async def _rows(self, who: Caller, at: At) -> Sequence[Access]:
        return await self._characters.list(
            who.person_id,
            searching.wanted(at.draft.get("query", ""), (), mine=False),
            after=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _item(it: Access, owner: str) -> Item:
    """Its name, what tells it apart, and what its owner lets everybody read of it."""
    row = it.personality
    whose = "yours" if it.owns else f"by {line(owner, 60)}" if owner else ""
    about = line(row.traits or row.description, 120) if it.sees_definition else ""
    parts = (row.slug, whose, about)
    return Item(row.name, " · ".join(part for part in parts if part), key=str(row.id))
