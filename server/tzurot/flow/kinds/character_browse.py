"""`character browse`: the characters that there are, and each one in detail."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import paging, sections
from tzurot.flow.views import ITEM, Action, Choice, Item, View, line
from tzurot.personality.characters import Characters, Personality
from tzurot.transport.subject import Caller

_TOLD_TO_MODELS_ONLY = frozenset({"system_prompt", "post_history_instructions"})


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
            return _detail(who, found)
        rows = await self._rows(who, at)
        other = Action("all", "Show all") if at.draft["mine"] else Action("mine", "Show only mine")
        return View(
            title="Your characters" if at.draft["mine"] else "Characters",
            body="" if rows else "There is no character here.",
            items=tuple(_item(who, row) for row in paging.page(rows)),
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
                last = rows[-1].id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _shown(self, who: Caller, at: At, personality_id: UUID) -> Step:
        try:
            await self._characters.get(who.person_id, personality_id)
        except PersonalityNotFound as gone:
            return Step("list", at.draft, notice=gone.message)
        return Step("detail", {**at.draft, "personality_id": str(personality_id)})

    async def _rows(self, who: Caller, at: At) -> Sequence[Personality]:
        return await self._characters.list(
            who.person_id,
            mine=at.draft["mine"],
            after=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _item(who: Caller, row: Personality) -> Item:
    whose = f"yours, {row.visibility}" if row.owner_id == who.person_id else ""
    about = line(row.traits or row.description, 120)
    return Item(row.name, " · ".join(it for it in (row.slug, whose, about) if it), key=str(row.id))


def _detail(who: Caller, row: Personality) -> View:
    """What its people may know; what only a model is told stays with its owner."""
    hidden = frozenset[str]() if row.owner_id == who.person_id else _TOLD_TO_MODELS_ONLY
    values = {key: getattr(row, key) for key in sections.KEYS if key not in hidden}
    return View(
        title=row.name,
        body=sections.hello(row.name),
        items=sections.overview(values),
        actions=(Action("back", "Back"),),
    )


def _without_choice(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in draft.items() if key != "personality_id"}
