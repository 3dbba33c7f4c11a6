"""`note`: what a character is told besides in each turn of a conversation."""

from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Refused, Step
from tzurot.flow.kinds import about_conversation
from tzurot.flow.kinds.about_conversation import AboutConversation, Found
from tzurot.flow.views import Action, Asks, Field, Style, View
from tzurot.session.conversations import Conversation
from tzurot.session.histories.histories import MAX_NOTE, MAX_NOTE_DEPTH
from tzurot.session.turns import Note as Told
from tzurot.transport.subject import Caller

_USUAL_DEPTH = 4  # messages after it; as SillyTavern has it


class Note(AboutConversation):
    """Shows the note, writes another, takes it away."""

    path = "note"
    summary = "Write a note that a character keeps in mind in a conversation."
    heading = "The note of a conversation"

    async def open(self, who: Caller, found: Conversation) -> Step:
        """The note as it is."""
        return Step("note", about_conversation.about(found))

    async def show(self, who: Caller, at: At, found: Found) -> View:
        """The note, and what can be done with it."""
        conversation, label = found
        note, shared = conversation.note, conversation.venue != "direct"
        name = await self.called(who, found)
        fields = (
            Field(
                "text",
                "Note",
                Asks.LONG_TEXT,
                description="Such as: It rains, and we are late.",
                values=(note.text,) if note else (),
                required=True,
                max_length=MAX_NOTE,
            ),
            Field(
                "depth",
                "Depth",
                description="How many of the newest messages come after it; 0: it is told last.",
                values=(str(note.depth if note else _USUAL_DEPTH),),
                required=True,
                max_length=4,
            ),
        )
        keep = f"{name} keeps it in mind at each answer."
        all_ = " All who talk there share it." if shared else ""
        now = f"{note.text}\n\nIt stands {_place(note.depth)}." if note else "There is no note."
        write = Action("write", "Write", Style.PRIMARY, asks=("text", "depth"))
        take = (Action("take_away", "Take away", Style.DANGER),) if note else ()
        return View(
            title=f"The note with {label}",
            body=f"{about_conversation.where(conversation)}. {keep}{all_}\n\n{now}",
            fields=fields,
            actions=(write, *take, Action(CLOSE, "Close")),
        )

    async def do(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Write it, or take it away."""
        conversation_id = about_conversation.conversation_of(at)
        if action == "take_away":
            await self._histories.set_note(who, conversation_id, None)
            return Step("note", at.draft, told="It is taken away.")
        note = Told(answers["text"][0], _depth(answers["depth"][0]))
        await self._histories.set_note(who, conversation_id, note)
        return Step("note", at.draft, told="It is kept in mind from the next answer on.")


def _depth(entered: str) -> int:
    if not (entered.isascii() and entered.isdigit()) or int(entered) > MAX_NOTE_DEPTH:
        raise Refused("", {"depth": f"A whole number from 0 to {MAX_NOTE_DEPTH:,}."})
    return int(entered)


def _place(depth: int) -> str:
    match depth:
        case 0:
            return "after the last message"
        case 1:
            return "before the last message"
        case _:
            return f"before the last {depth} messages"
