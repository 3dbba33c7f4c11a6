"""`history browse`: what was said in a conversation, page by page; each message with its doings.

    list → one → a dialogue about the message → one

These dialogues are those that can be begun by themselves; here they lead back.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from tzurot.errors import MessageNotFound
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import about_conversation, paging, telling
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.kinds.about_message import AboutMessage
from tzurot.flow.kinds.message_alternatives import MessageAlternatives
from tzurot.flow.kinds.message_delete import MessageDelete
from tzurot.flow.kinds.message_edit import MessageEdit
from tzurot.flow.views import ITEM, Action, Item, State, Style, View, line
from tzurot.memory.excerpts import excerpt
from tzurot.personality.characters import Characters
from tzurot.session.conversations import Conversation, Conversations
from tzurot.session.histories.histories import Histories
from tzurot.session.messages.messages import Message, Messages
from tzurot.transport.subject import Caller

_BACK = Action("back", "Back")
_NOTHING = "Nothing was said here."
_OUT_OF_SIGHT = "out of sight"
_GONE = "It is gone."


class HistoryBrowse(AboutConversation):
    """Lists, shows, and hands a message on to the dialogues about one."""

    path = "history browse"
    summary = "Look through what was said: edit, delete, go back to, choose between alternatives."
    heading = "What was said"

    def __init__(
        self,
        histories: Histories,
        conversations: Conversations,
        characters: Characters,
        messages: Messages,
    ) -> None:
        super().__init__(histories, conversations, characters)
        self._messages = messages
        self._dialogues: dict[str, AboutMessage] = {
            "edit": MessageEdit(messages),
            "delete": MessageDelete(messages),
            "alternatives": MessageAlternatives(messages),
        }

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The newest page."""
        return Step("list", about_conversation.about(found, **paging.first()))

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """A page, a message, or a dialogue about it."""
        match at.step:
            case "list":
                return await self._page(who, at, found)
            case "one":
                return await self._one(who, at, found)
            case _:
                dialogue, inner = self._inner(at)
                view = await dialogue.view(who, inner)
                own = tuple(it for it in view.actions if it.key != CLOSE)
                return replace(view, actions=(_BACK, *own))

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, go to a message and back, go on from it, or do what its dialogue does."""
        if at.step == "list":
            return await self._turned(who, at, action, answers)
        if action == _BACK.key:
            return Step("list", _renewed(at)) if at.step == "one" else Step("one", _outside(at))
        if at.step != "one":
            return await self._done(who, at, action, answers)
        message_id = UUID(at.draft["message_id"])
        if action == "branch":
            await self._messages.branch(who, message_id)
            return Step("list", _renewed(at), told="The conversation goes on from there.")
        first = await self._dialogues[action].about(await self._messages.get(who, message_id))
        return Step("dialogue", _inside(at, action, first))

    async def _page(self, who: Caller, at: At, found: Found) -> View:
        rows, (conversation, label) = await self._rows(who, at), found
        return View(
            title=f"You and {label}",
            body=f"{about_conversation.where(conversation)}." if rows else _NOTHING,
            items=tuple(_item(it, found) for it in paging.page(rows)),
            actions=paging.actions(at.draft, rows),
            item_action="open",
        )

    async def _one(self, who: Caller, at: At, found: Found) -> View:
        try:
            shown = await self._messages.get(who, UUID(at.draft["message_id"]))
        except MessageNotFound:
            return View("A message", _GONE, actions=(_BACK,))
        conversation, message = found[0], shown.message
        seen = message.chosen and message.epoch == conversation.epoch
        go_on = seen and message.id != conversation.head_message_id
        beside = shown.alternative_count
        return View(
            title=await self._dialogues["edit"].title(shown),
            body=message.text if seen else f"{message.text}\n\nIt is {_OUT_OF_SIGHT}.",
            actions=(
                _BACK,
                Action("edit", "Edit"),
                Action("alternatives", f"Alternatives ({beside})" if beside > 1 else "Another one"),
                *([Action("branch", "Go on from here")] if go_on else []),
                Action("delete", "Delete", Style.DANGER),
            ),
            message_id=at.draft.get("changed", ""),
        )

    async def _turned(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        if action == "open":
            return Step("one", {**at.draft, "message_id": answers[ITEM][0]})
        rows = paging.page(await self._rows(who, at))
        return Step("list", paging.turned(at.draft, action, rows[-1].id if rows else None))

    async def _done(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """What the dialogue does; where it ends, the message, or without one the page."""
        dialogue, inner = self._inner(at)
        step = await dialogue.take(who, inner, action, answers)
        if step.state is State.OPEN:
            return Step("dialogue", _inside(at, at.draft["dialogue"], step), told=step.told)
        end = await dialogue.view(who, replace(inner, step=step.name, draft=step.draft))
        if not end.message_id:
            return Step("list", _renewed(at), told=f"{end.title}. {end.body}")
        changed = {**_outside(at), "changed": end.message_id}
        return Step("one", changed, told=f"{end.title}.")

    async def _rows(self, who: Caller, at: At) -> Sequence[Message]:
        conversation_id, before = about_conversation.conversation_of(at), paging.before(at.draft)
        return await self._histories.page(who, conversation_id, before, paging.SIZE + 1)

    def _inner(self, at: At) -> tuple[AboutMessage, At]:
        """The dialogue that goes on, and where it stands."""
        step, draft = at.draft["inner"]
        return self._dialogues[at.draft["dialogue"]], At(at.flow_id, step, draft, at.mark)


def _inside(at: At, dialogue: str, step: Step) -> dict[str, Any]:
    return {**_outside(at), "dialogue": dialogue, "inner": [step.name, dict(step.draft)]}


def _outside(at: At) -> dict[str, Any]:
    return {
        key: it for key, it in at.draft.items() if key in ("conversation_id", "pages", "message_id")
    }


def _renewed(at: At) -> dict[str, Any]:
    """The same page; the first one with what came meanwhile."""
    draft = _outside(at)
    return {**draft, **paging.first()} if len(draft["pages"]) == 1 else draft


def _item(message: Message, found: Found) -> Item:
    """Who said it and when, and its first words."""
    conversation, label = found
    speaker = "You" if message.author == "person" else line(label.name, 60)
    when = telling.when(message.create_time)
    seen = "" if message.epoch == conversation.epoch else f", {_OUT_OF_SIGHT}"
    return Item(f"{speaker}, {when}{seen}", excerpt(message.text), key=str(message.id))
