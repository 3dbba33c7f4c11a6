"""`character aliases`: names besides a character's own, for the person alone or for everybody.

    list → alias

Without a character it lists all that are the person's alone, those of characters that they lost
included: only so can they be taken away.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from tzurot.errors import AliasNotFound, AliasTaken, InvalidField, NotEditor, PersonalityNotFound
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, naming, paging
from tzurot.flow.views import ITEM, Action, Asks, Choice, Field, Item, Style, View, line
from tzurot.personality.characters import Characters, Label
from tzurot.personality.names.aliases import Alias, Aliases, NewAlias
from tzurot.personality.sharing.sharing import Access
from tzurot.transport.subject import Caller

_MAX_ALIAS = 100  # characters, as alias_service.proto has it
_GONE = "That alias is gone."
_LOST = "a character that you don't see any more"
_BACK = Action("back", "Back")
_FOR = (
    Choice("me", "For you alone", "Nobody else calls it so."),
    Choice("everybody", "For everybody", "Whoever sees the character can call it so."),
)


class CharacterAliases(Kind):
    """Lists names, gives and takes them."""

    path = "character aliases"
    summary = "Other names that characters are found by."
    arguments = (choosing.CHARACTER,)

    def __init__(self, characters: Characters, aliases: Aliases) -> None:
        self._characters = characters
        self._aliases = aliases

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The names of a character, or all of the person's own."""
        draft: dict[str, Any] = {"personality_id": None, "made": 0, **paging.first()}
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            draft["personality_id"] = str(meant.id)
        return Step("list", draft)

    async def view(self, who: Caller, at: At) -> View:
        """A page of names, or one."""
        if at.step == "list":
            return await self._list(who, at)
        alias = await self._one(who, at)
        if alias is None:
            return View("An alias", _GONE, actions=(_BACK,))
        whose = "Everybody can call it so." if alias.person_id is None else "Only you call it so."
        name = line(await self._called(who, alias.personality_id), 200)
        return View(
            title=f"“{line(alias.alias)}”",
            body=f"A name of {name}. {whose}",
            actions=(_BACK, Action("delete", "Take it away", Style.DANGER)),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a name and back, give or take one."""
        match action:
            case "show":
                return Step("alias", {**at.draft, "alias_id": answers[ITEM][0]})
            case "back":
                return Step("list", at.draft)
            case "add":
                return await self._added(who, at, answers)
            case "delete":
                return await self._deleted(who, at)
            case _:
                rows = paging.page(await self._rows(who, at))
                return Step("list", paging.turned(at.draft, action, rows[-1].id if rows else None))

    async def _list(self, who: Caller, at: At) -> View:
        rows, whose = await self._rows(who, at), at.draft["personality_id"]
        found = await self._characters.get(who.person_id, UUID(whose)) if whose else None
        name = await naming.told(self._characters, who, found.personality) if found else ""
        fields = _fields(edits=found is None or found.edits, named=found is not None)
        return View(
            title=f"Other names of {name}" if name else "Your names for characters",
            body=_body(rows, found.personality.slug if found else ""),
            fields=fields,
            items=tuple([await self._item(who, it, found) for it in paging.page(rows)]),
            actions=(
                Action("add", "Add a name", asks=tuple(it.key for it in fields)),
                *paging.actions(at.draft, rows),
            ),
            item_action="show",
        )

    async def _item(self, who: Caller, alias: Alias, found: Access | None) -> Item:
        """A line; it can be chosen if the person may take the name away."""
        if found is None:
            return Item(alias.alias, await self._called(who, alias.personality_id), str(alias.id))
        if alias.person_id:
            return Item(alias.alias, "for you alone", str(alias.id))
        return Item(alias.alias, "for everybody", str(alias.id) if found.edits else "")

    async def _called(self, who: Caller, personality_id: UUID) -> str:
        try:
            one = (await self._characters.get(who.person_id, personality_id)).personality
        except PersonalityNotFound:
            return _LOST
        return str(Label(one.name, one.slug))

    async def _added(self, who: Caller, at: At, answers: Answers) -> Step:
        """Give a name, and tell what else it means."""
        new = NewAlias(
            who.person_id,
            answers["alias"][0],
            answers.get("whose") == ("everybody",),
            # The same for the same answer, should it be given again because its end was not seen.
            uuid5(at.flow_id, f"{at.draft['made']} {sorted(answers.items())}"),
        )
        personality_id = await self._named(who, at, answers)
        try:
            alias, warnings = await self._aliases.create(personality_id, new)
        except AliasTaken as taken:
            raise Refused(errors={"alias": taken.message}) from None
        except InvalidField as wrong:
            raise Refused(errors={"alias": f"It {wrong.violations[0][2]}."}) from None
        except NotEditor as foreign:
            raise Refused(errors={"whose": foreign.message}) from None
        name = await self._called(who, alias.personality_id)
        draft = {**at.draft, **paging.first(), "made": at.draft["made"] + 1}
        told = f"“{line(alias.alias)}” is a name of {line(name)} now."
        return Step("list", draft, told=told, notice="\n".join(warnings))

    async def _named(self, who: Caller, at: At, answers: Answers) -> UUID:
        """The character that the list is of, or that was entered."""
        if at.draft["personality_id"]:
            return UUID(at.draft["personality_id"])
        try:
            return (await choosing.meant(self._characters, who, answers["character"][0])).id
        except PersonalityNotFound as unknown:
            raise Refused(errors={"character": unknown.message}) from None

    async def _deleted(self, who: Caller, at: At) -> Step:
        try:
            await self._aliases.delete(who.person_id, UUID(at.draft["alias_id"]))
        except AliasNotFound:
            return Step("list", at.draft, notice=_GONE)
        except NotEditor as foreign:
            raise Refused(foreign.message) from None
        return Step("list", at.draft, told="That name is taken away.")

    async def _rows(self, who: Caller, at: At) -> Sequence[Alias]:
        whose = at.draft["personality_id"]
        return await self._aliases.list(
            who.person_id,
            UUID(whose) if whose else None,
            before=paging.before(at.draft),
            limit=paging.SIZE + 1,
        )

    async def _one(self, who: Caller, at: At) -> Alias | None:
        """The name that is looked at, if it is still there."""
        whose, alias_id = at.draft["personality_id"], UUID(at.draft["alias_id"])
        rows = await self._aliases.list(
            who.person_id,
            UUID(whose) if whose else None,
            before=paging.including(alias_id),
            limit=1,
        )
        return rows[0] if rows and rows[0].id == alias_id else None


def _fields(*, edits: bool, named: bool) -> tuple[Field, ...]:
    """What a new name asks: whose it is, of who may decide; which character, if none is named."""
    alias = Field("alias", "Name", required=True, max_length=_MAX_ALIAS)
    whose = Field("whose", "Who calls it so?", Asks.CHOICE, values=("me",), choices=_FOR)
    character = Field("character", "Character", description="Its name or slug.", required=True)
    return (alias, *(() if named else (character,)), *((whose,) if edits else ()))


def _body(rows: Sequence[Alias], slug: str) -> str:
    parts = (f"`{slug}`." if slug else "", "" if rows else "There is none yet.")
    return " ".join(part for part in parts if part)
