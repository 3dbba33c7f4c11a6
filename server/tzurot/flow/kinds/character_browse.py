"""`character browse`: the characters that there are, and each one in detail."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import naming, paging, sections
from tzurot.flow.views import ITEM, Action, Choice, Item, View, line
from tzurot.personality.characters import DEFINITION, Characters
from tzurot.personality.searching import Wanted
from tzurot.personality.sharing import Access
from tzurot.transport.subject import Caller


class CharacterBrowse(Kind):
    """Shows, and changes nothing."""

    path = "character browse"
    summary = "Look through the characters."
    arguments = (
        Argument(
            "whose",
            "Yours only, or all that you may talk with.",
            choices=(Choice("all", "All"), Choice("mine", "Mine")),
        ),
    )

    def __init__(self, characters: Characters) -> None:
        self._characters = characters

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first page."""
        return Step("list", {"mine": arguments.get("whose") == "mine", **paging.first()})

    async def view(self, who: Caller, at: At) -> View:
        """A page, or one character."""
        if at.step == "detail":
            found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
            return await self._detail(who, found)
        rows = await self._rows(who, at)
        owners = await self._characters.owners(paging.page(rows))
        other = Action("all", "Show all") if at.draft["mine"] else Action("mine", "Show only mine")
        return View(
            title="Your characters" if at.draft["mine"] else "Characters",
            body="" if rows else "There is no character here.",
            items=tuple(_item(row, owners[row.personality.id]) for row in paging.page(rows)),
            actions=(*paging.actions(at.draft, rows), other),
            item_action="show",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, or go to a character and back."""
        match action:
            case "show":
                return await self._shown(who, at, UUID(answers[ITEM][0]))
            case "back":
                return Step("list", _without_choice(at.draft))
            case "all" | "mine":
                return Step("list", {"mine": action == "mine", **paging.first()})
            case _:
                rows = paging.page(await self._rows(who, at))
                last = rows[-1].personality.id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _shown(self, who: Caller, at: At, personality_id: UUID) -> Step:
        try:
            await self._characters.get(who.person_id, personality_id)
        except PersonalityNotFound as gone:
            return Step("list", at.draft, notice=gone.message)
        return Step("detail", {**at.draft, "personality_id": str(personality_id)})

    async def _detail(self, who: Caller, it: Access) -> View:
        """What the person may read of it."""
        hidden = frozenset[str]() if it.sees_definition else DEFINITION
        values = {key: getattr(it.personality, key) for key in sections.KEYS if key not in hidden}
        return View(
            title=await naming.told(self._characters, who, it.personality),
            body=sections.hello(await naming.mention(self._characters, who, it)),
            items=sections.overview(values),
            actions=(Action("back", "Back"),),
        )

    async def _rows(self, who: Caller, at: At) -> Sequence[Access]:
        return await self._characters.list(
            who.person_id,
            Wanted(mine=at.draft["mine"]),
            after=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _item(it: Access, owner: str) -> Item:
    row = it.personality
    whose = f"yours, {row.visibility}" if it.owns else owner and f"by {line(owner, 60)}"
    about = line(row.traits or row.description, 120) if it.sees_definition else ""
    return Item(row.name, " · ".join(it for it in (row.slug, whose, about) if it), key=str(row.id))


def _without_choice(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in draft.items() if key != "personality_id"}
