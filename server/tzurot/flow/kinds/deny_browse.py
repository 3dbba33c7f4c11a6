"""`deny browse`: who is not answered on a server, for its moderators.

list → denial
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.account.moderation import Denial, Moderation, may_lift
from tzurot.account.standing import Target
from tzurot.errors import DenialNotFound, InvalidField, PersonalityNotFound
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import deny_words, in_channel, naming, paging
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import ITEM, Action, Item, Style, View
from tzurot.personality.characters import Characters
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

_NOBODY = "Everybody is answered on this server."
_GONE = "That denial is over or was taken back."
_BACK = Action("back", "Back")
_LIFT = Action("lift", "Take back", Style.DANGER)


class DenyBrowse(InChannel):
    """Shows denials, newest first, and takes them back."""

    path = "deny browse"
    summary = "Who is not answered on this server, and taking that back."

    def __init__(self, moderation: Moderation, characters: Characters) -> None:
        self._moderation = moderation
        self._characters = characters

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The first page."""
        if not place.space_id:
            raise InvalidField([("place", "place.space", "must be on a server: begin this there")])
        return Step("list", paging.first())

    async def view(self, who: Caller, at: At) -> View:
        """A page, or one of them."""
        place = in_channel.place_of(who, at)
        if at.step == "denial":
            return await self._one(who, place, UUID(at.draft["denial_id"]))
        rows = await self._rows(who, place, paging.before(at.draft), paging.SIZE + 1)
        return View(
            title="Who is not answered here",
            body="" if rows else _NOBODY,
            items=tuple([await self._item(who, it) for it in paging.page(rows)]),
            actions=paging.actions(at.draft, rows),
            item_action="show",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, look at one, take it back."""
        place = in_channel.place_of(who, at)
        match action:
            case "show":
                return Step("denial", {**at.draft, "denial_id": answers[ITEM][0]})
            case "back":
                return Step("list", at.draft)
            case "lift":
                return await self._lifted(who, place, at)
            case _:
                before = paging.before(at.draft)
                rows = paging.page(await self._rows(who, place, before, paging.SIZE))
                last = rows[-1].id if rows else None
                return Step("list", paging.turned(at.draft, action, last))

    async def _lifted(self, who: Caller, place: Place, at: At) -> Step:
        denial_id = UUID(at.draft["denial_id"])
        try:
            await self._moderation.allow(who, denial_id, place.platform, place.space_id)
        except DenialNotFound:
            return Step("list", at.draft, notice=_GONE)
        return Step("list", at.draft, told="It is taken back.")

    async def _one(self, who: Caller, place: Place, denial_id: UUID) -> View:
        found = await self._rows(who, place, paging.including(denial_id), 1)
        if not found or found[0].id != denial_id:
            return View("A denial", _GONE, actions=(_BACK,))
        item = await self._item(who, found[0])
        actions = (_LIFT, _BACK) if may_lift(who, found[0]) else (_BACK,)
        return View(item.title, item.text, actions=actions)

    async def _rows(self, who: Caller, place: Place, before: UUID, limit: int) -> Sequence[Denial]:
        return await self._moderation.list(who, place.platform, place.space_id, before, limit)

    async def _item(self, who: Caller, denial: Denial) -> Item:
        character = await self._name(who, denial) if denial.target == Target.PERSONALITY else ""
        return Item(deny_words.whom(denial, character), deny_words.said(denial), str(denial.id))

    async def _name(self, who: Caller, denial: Denial) -> str:
        """What a denied character is called; nothing of one that the moderator may not see."""
        try:
            access = await self._characters.get(who.person_id, UUID(denial.target_id))
        except PersonalityNotFound:
            return "A character that you can't see"
        return await naming.told(self._characters, who, access.personality)
