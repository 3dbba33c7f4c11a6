"""`character browse`: the characters that there are, and each one in detail."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import custom_fields, naming, paging, sections
from tzurot.flow.views import ITEM, Action, Choice, Field, Item, View, line
from tzurot.formats.custom_fields import fields_of
from tzurot.personality import searching
from tzurot.personality.characters import Characters
from tzurot.personality.fields import DEFINITION
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.transport.subject import Caller

_WORDS = "All of them are in its name, its tags or its words for people. Empty: any."
_TAGS = "It has all of them; with commas between. Empty: any."


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
            body=_found(at.draft, rows),
            fields=_asked(at.draft),
            items=tuple(_item(row, owners[row.personality.id]) for row in paging.page(rows)),
            actions=(
                *paging.actions(at.draft, rows),
                other,
                Action("search", "Search", asks=("query", "tag")),
            ),
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
                return Step("list", {**at.draft, "mine": action == "mine", **paging.first()})
            case "search":
                typed = {key: "".join(answers.get(key, ())) for key in ("query", "tag")}
                return Step("list", {**at.draft, **typed, **paging.first()})
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
        owners = await self._characters.owners([it])
        return View(
            title=await naming.told(self._characters, who, it.personality),
            body=sections.hello(await naming.mention(self._characters, who, it)),
            items=(
                Item("Whose", _whose(it, owners[it.personality.id])),
                *sections.overview(values),
                *custom_fields.item(fields_of(it.personality.custom_fields if not hidden else ())),
            ),
            actions=(Action("back", "Back"),),
        )

    async def _rows(self, who: Caller, at: At) -> Sequence[Access]:
        return await self._characters.list(
            who.person_id,
            searching.wanted(at.draft.get("query", ""), _tags(at.draft), mine=at.draft["mine"]),
            after=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )


def _item(it: Access, owner: str) -> Item:
    row = it.personality
    whose = _whose(it, owner)
    about = line(row.traits or row.description, 120) if it.sees_definition else ""
    return Item(row.name, " · ".join(it for it in (row.slug, whose, about) if it), key=str(row.id))


def _whose(it: Access, owner: str) -> str:
    """Whose it is, and what the person is to it if that is something."""
    if it.owns:
        return f"yours, {it.personality.visibility}"
    by = f"by {line(owner, 60)}" if owner else ""
    role = f"you: {it.role.name.lower()}" if it.role > Role.NOBODY else ""
    return ", ".join(part for part in (by, role) if part)


def _asked(draft: Mapping[str, Any]) -> tuple[Field, ...]:
    """What a search asks, filled in with the last one."""
    query, tag = draft.get("query", ""), draft.get("tag", "")
    return (
        Field("query", "Words", description=_WORDS, values=(query,) if query else ()),
        Field("tag", "Tags", description=_TAGS, values=(tag,) if tag else ()),
    )


def _found(draft: Mapping[str, Any], rows: Sequence[Access]) -> str:
    """What was searched for, and whether there is anything."""
    words, tags = line(draft.get("query", "")), ", ".join(line(tag) for tag in _tags(draft))
    sought = [f"with the words “{words}”" if words else "", f"tagged {tags}" if tags else ""]
    told = " and ".join(part for part in sought if part)
    if not rows:
        return f"There is no character {told or 'here'}."
    return f"Those {told}." if told else ""


def _tags(draft: Mapping[str, Any]) -> list[str]:
    return [tag.strip() for tag in draft.get("tag", "").split(",") if tag.strip()]


def _without_choice(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in draft.items() if key != "personality_id"}
