"""`character share`: who has which role with a character, and who may see it at all.

    list → person → take (asked); list → leave (asked) → left

The owner gives and takes roles and sets the visibility; others see who has one, and may give up
their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import OwnerHasAllRoles
from tzurot.flow.kind import Answers, At, Kind, Refused, Step
from tzurot.flow.kinds import choosing, naming, paging, persons, roles
from tzurot.flow.views import ITEM, Action, Choice, State, Style, View, line
from tzurot.personality.characters import Characters
from tzurot.personality.fields import Change
from tzurot.personality.sharing.shares import Given, Sharing
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.transport.subject import Caller

_GONE = "That role was changed or taken away in the meantime."


class CharacterShare(Kind):
    """Shows roles, and changes what the person may change."""

    path = "character share"
    summary = "Who may talk with a character, read it, change it."
    arguments = (choosing.NEEDED_CHARACTER, persons.PERSON)

    def __init__(self, characters: Characters, sharing: Sharing) -> None:
        self._characters = characters
        self._sharing = sharing

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person has a role with."""
        return await choosing.offered_if(
            self._characters, who, typed, lambda it: it.role > Role.NOBODY
        )

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The roles of a character that the person has one with."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        draft = {
            "personality_id": str(meant.id),
            "person": line(arguments.get(persons.KEY, ""), 100),
            **paging.first(),
        }
        await self._rows(who, await self._characters.get(who.person_id, meant.id), draft)
        return Step("list", draft)

    async def view(self, who: Caller, at: At) -> View:
        """A page of roles, one person's, or a question."""
        if at.step == "left":
            return View(at.draft["name"], "You have no role with it any more.")
        found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
        name = await naming.told(self._characters, who, found.personality)
        match at.step:
            case "list":
                return await self._list(who, found, at, name)
            case "leave":
                return roles.question(f"Give up your role with {name}?", roles.LEAVE)
            case _:
                found.require_owner()
                return await self._person(who, at, name)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a person and back, or change something."""
        changes = {
            "give": self._given,
            "change": self._given,
            "take": self._taken,
            "give_up": self._left,
            "visibility": self._shown_to,
        }
        if action in changes:
            return await changes[action](who, at, answers)
        match action:
            case "back":
                return Step("person" if at.step == "ask" else "list", at.draft)
            case "show":
                return Step("person", {**at.draft, "share_id": answers[ITEM][0]})
            case "ask" | "leave":
                return Step(action, at.draft)
            case _:
                found = await self._characters.get(who.person_id, UUID(at.draft["personality_id"]))
                rows = paging.page(await self._rows(who, found, at.draft))
                last = rows[-1].id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _list(self, who: Caller, found: Access, at: At, name: str) -> View:
        rows = await self._rows(who, found, at.draft)
        turns = paging.actions(at.draft, rows) if found.role > Role.USER else ()
        return View(
            title=f"Who shares {name}",
            body=roles.standing(found),
            fields=roles.fields(found, at.draft["person"]) if found.owns else (),
            items=tuple(roles.item(it, chosen=found.owns) for it in paging.page(rows)),
            actions=(*roles.actions(found), *turns),
            item_action="show" if found.owns else "",
            mark=roles.mark(found) if found.owns else "",
        )

    async def _person(self, who: Caller, at: At, name: str) -> View:
        given = await self._one(who, at)
        if given is None:
            return View("A role", _GONE, actions=(roles.BACK,))
        called = roles.called(given)
        if at.step == "ask":
            return roles.question(f"Take away the role of {called} with {name}?", roles.TAKE)
        return View(
            title=called,
            body=f"With {line(name, 80)}: {roles.meaning(given.role)}",
            fields=(roles.role_field(given.role),),
            actions=(
                roles.BACK,
                Action("change", "Change the role", asks=("role",)),
                Action("ask", "Take it away", Style.DANGER),
            ),
            mark=str(given.id),
        )

    async def _given(self, who: Caller, at: At, answers: Answers) -> Step:
        """Give a role to the person who was entered, or who is looked at."""
        ref, role = UUID(at.draft["personality_id"]), Role.named(answers["role"][0])
        if at.step == "list":
            subject: str = persons.meant(answers[persons.KEY][0], who)
        else:
            one = await self._one(who, at)
            if one is None:
                return Step("list", _opened(at.draft), notice=_GONE)
            subject = one.subject
        try:
            given = await self._sharing.share(who.person_id, ref, subject, role)
        except OwnerHasAllRoles as owner:
            raise Refused(errors={persons.KEY: owner.message}) from None
        found = await self._characters.get(who.person_id, ref)
        told = f"{line(roles.called(given), 80)} {roles.can(role)}."
        draft = {**_opened(at.draft), "person": ""}
        return Step("list", draft, told=told, notice=roles.warning(found, role))

    async def _taken(self, who: Caller, at: At, answers: Answers) -> Step:
        given = await self._one(who, at)
        if given is None:
            return Step("list", _opened(at.draft), notice=_GONE)
        ref = UUID(at.draft["personality_id"])
        await self._sharing.unshare(who.person_id, ref, given.subject)
        told = f"{line(roles.called(given), 80)} has no role any more."
        return Step("list", _opened(at.draft), told=told)

    async def _left(self, who: Caller, at: At, answers: Answers) -> Step:
        ref = UUID(at.draft["personality_id"])
        found = await self._characters.get(who.person_id, ref)
        name = await naming.told(self._characters, who, found.personality)
        await self._sharing.unshare(who.person_id, ref, who.subject)
        return Step("left", {"name": name}, State.DONE)

    async def _shown_to(self, who: Caller, at: At, answers: Answers) -> Step:
        readable = answers.get("definition_visible") == ("true",)
        values = {"visibility": answers["visibility"][0], "definition_visible": readable}
        await self._characters.change(
            who.person_id, UUID(at.draft["personality_id"]), Change(values)
        )
        return Step("list", at.draft, told="Saved.")

    async def _rows(self, who: Caller, found: Access, draft: Mapping[str, Any]) -> Sequence[Given]:
        """Roles as this person may see them: who only talks with it sees none but their own."""
        if found.role is Role.USER:
            return ()
        return await self._sharing.list(
            who.person_id,
            found.personality.id,
            before=paging.before(draft),
            limit=paging.SIZE + 1,
        )

    async def _one(self, who: Caller, at: At) -> Given | None:
        """The role that is looked at, if it is still there."""
        share_id = UUID(at.draft["share_id"])
        rows = await self._sharing.list(
            who.person_id,
            UUID(at.draft["personality_id"]),
            before=paging.including(share_id),
            limit=1,
        )
        return rows[0] if rows and rows[0].id == share_id else None


def _opened(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The list as of now: what was just given is on its first page."""
    return {**draft, **paging.first()}
