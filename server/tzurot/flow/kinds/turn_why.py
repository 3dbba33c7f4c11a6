"""`turn why`: why a character said something: what it was told for it, and what was left out.

    turns → overview → group → one memory: one_memory.py

A trace tells each person what GetTurnTrace does, and hides the same: reasons.py.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import ConversationNotFound, TurnNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import leafing, naming, one_memory, reasons, telling
from tzurot.flow.kinds.one_memory import OneMemory
from tzurot.flow.kinds.reasons import Group
from tzurot.flow.views import ITEM, MAX_CHOICES, Action, Choice, Item, View, line
from tzurot.personality.characters import Characters, Label
from tzurot.session.conversations import Conversations, Message, Traced, Turn
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller

_SHOWN = 600  # characters of what was said on either side
_NOTHING = "No character has answered you yet."
_RUNNING = "It is being answered at this moment: look again in a while."
_INCOGNITO = "You were incognito: nothing of it is kept but that it was."
_DELETED = "Something that was told in it has been deleted, and with it how it came about."
_STATES = {
    "failed": "It failed.",
    "cancelled": "It was stopped.",
    "interrupted": "The server ended before the answer did.",
}


class TurnWhy(Kind):
    """Reads traces."""

    path = "turn why"
    summary = "Why a character said that: what it recalled, what came up, what was left out."
    arguments = (Argument("turn", "Which answer; the last one by default.", completes=True),)

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        characters: Characters,
        one: OneMemory,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._characters = characters
        self._one = one

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The person's last turns."""
        choices = [Choice(str(turn.id), title, said) for turn, title, said in await self._last(who)]
        said = typed.casefold()
        return [it for it in choices if said in f"{it.label} {it.description}".casefold()]

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The turn that is named, or the last one that was answered."""
        if "turn" in arguments:
            return _of(str((await self._named(who, arguments["turn"])).id))
        found = await self._conversations.turns(who, None, None, MAX_CHOICES)
        answered = next((it for it in found if it.state == "answered"), None)
        return _of(str(answered.id)) if answered else Step("turns")

    async def view(self, who: Caller, at: At) -> View:
        """The last turns, one of them, all of one group of reasons, or a memory of it."""
        if at.step == "turns":
            return await self._turns(who)
        if at.step in one_memory.STEPS:
            return await self._one.view(who, at)
        traced = await self._conversations.trace(who, UUID(at.draft["turn_id"]))
        if at.step == "group":
            return await self._group(traced, at)
        return await self._overview(who, traced)

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to a turn, to a group or to a memory and back, or turn a page."""
        if at.step in one_memory.STEPS:
            return await self._one.take(who, at, action, answers, home="group")
        match action:
            case "turns" | "back":
                return Step("turns" if action == "turns" else "overview", at.draft)
            case "show":
                return one_memory.opened(at.draft, answers[ITEM][0])
            case "choose":
                return _of(answers[ITEM][0])
            case "group":
                return Step("group", leafing.first({**at.draft, "group": answers[ITEM][0]}))
            case _:
                traced = await self._conversations.trace(who, UUID(at.draft["turn_id"]))
                items = _chosen(traced, at).items
                return Step("group", leafing.turned(at.draft, action, items))

    async def _turns(self, who: Caller) -> View:
        found = await self._last(who)
        return View(
            title="Why did it say that?",
            body="Which answer?" if found else _NOTHING,
            items=tuple(Item(title, said, str(turn.id)) for turn, title, said in found),
            item_action="choose",
        )

    async def _overview(self, who: Caller, traced: Traced) -> View:
        turn, label = traced.turn, (await self._labels([traced.turn]))[traced.turn.personality_id]
        parts = (
            await self._talk(who, turn, label),
            turn.failure_message or _STATES.get(turn.state, ""),
            _model(turn) if traced.document else _untraced(turn),
        )
        groups = reasons.groups(traced.document, traced.words) if traced.document else ()
        return View(
            title=f"Why did {label} say that?",
            body="\n\n".join(part for part in parts if part),
            items=tuple(Item(it.title, it.text, it.key if it.items else "") for it in groups),
            actions=(Action("turns", "Another answer"),),
            item_action="group",
        )

    async def _group(self, traced: Traced, at: At) -> View:
        group = _chosen(traced, at)
        return View(
            title=group.title,
            body=group.text,
            items=tuple(leafing.page(at.draft, group.items)),
            actions=(Action("back", "Back"), *leafing.actions(at.draft, group.items)),
            item_action="show",
        )

    async def _talk(self, who: Caller, turn: Turn, label: Label) -> str:
        """What was said on both sides, as far as it is still there."""
        said = await self._said(who, [turn])
        sides = (
            ("You", said.get(turn.utterance_message_id)),
            (label.name, said.get(turn.reply_message_id)),
        )
        return "\n\n".join(
            f"**{line(name, 80)}**: {text if len(text) <= _SHOWN else f'{text[:_SHOWN]}…'}"
            for name, text in sides
            if text
        )

    async def _last(self, who: Caller) -> list[tuple[Turn, str, str]]:
        """The person's last turns, each with a title and what was said."""
        turns = await self._conversations.turns(who, None, None, MAX_CHOICES)
        labels, said = await self._labels(turns), await self._said(who, turns)
        return [
            (
                turn,
                f"{telling.when(turn.create_time)}, {naming.listed(labels[turn.personality_id])}",
                line(said.get(turn.utterance_message_id) or said.get(turn.reply_message_id, "")),
            )
            for turn in turns
        ]

    async def _said(self, who: Caller, turns: Sequence[Turn]) -> dict[UUID | None, str]:
        """The words of turns, by the ids of their messages."""
        wanted = dict[UUID, list[UUID]]()
        for turn in turns:
            ids = [it for it in (turn.utterance_message_id, turn.reply_message_id) if it]
            wanted.setdefault(turn.conversation_id, []).extend(ids)
        found = dict[UUID | None, str]()
        for conversation_id, ids in wanted.items():
            for message in await self._messages(who, conversation_id, ids):
                found[message.id] = message.text
        return found

    async def _messages(
        self, who: Caller, conversation_id: UUID, ids: Sequence[UUID]
    ) -> Sequence[Message]:
        """The messages of a conversation from the newest of these on back."""
        if not ids:
            return ()
        after = UUID(int=max(ids).int + 1)
        try:
            return await self._conversations.messages(who, conversation_id, after, 2 * len(ids) + 8)
        except ConversationNotFound:
            return ()

    async def _labels(self, turns: Sequence[Turn]) -> dict[UUID, Label]:
        async with self._database.reading() as tx:
            return await self._characters.labels(tx, {it.personality_id for it in turns})

    async def _named(self, who: Caller, turn_id: str) -> Turn:
        try:
            return await self._conversations.turn(who, UUID(turn_id))
        except ValueError:
            raise TurnNotFound(turn_id[:80]) from None


def _of(turn_id: str) -> Step:
    return Step("overview", {"turn_id": turn_id})


def _chosen(traced: Traced, at: At) -> Group:
    """The group that is looked at."""
    groups = reasons.groups(traced.document or {}, traced.words)
    return next(it for it in groups if it.key == at.draft["group"])


def _untraced(turn: Turn) -> str:
    """Why there is no trace."""
    if turn.incognito:
        return _INCOGNITO
    return _DELETED if turn.finish_time else _RUNNING


def _model(turn: Turn) -> str:
    if not turn.model:
        return "No model was asked."
    return f"Said by `{line(turn.model, 120)}`, told {turn.prompt_token_count:,} tokens."
