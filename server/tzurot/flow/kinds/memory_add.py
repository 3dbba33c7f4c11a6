"""`memory add`: a character is told something to remember of the person, such as a message's words.

    words → confirm

Of a message that the server knows it takes the words, and the character that said or was told them.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tzurot.errors import MessageNotFound, PersonalityNotFound
from tzurot.flow.kind import Answers, Argument, At, Kind, Origin, Refused, Step
from tzurot.flow.kinds import about_message, choosing, naming
from tzurot.flow.views import Action, Asks, Choice, Field, State, Style, View, line
from tzurot.memory.browsing import Memories
from tzurot.memory.remembering import Owner
from tzurot.personality.characters import Characters
from tzurot.session import faces
from tzurot.session.messages.messages import Messages
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

_LONGEST = 8000  # characters, as memory_service.proto has it
_ASKS = ("character", "text")
_IN_CONFIDENCE = (
    "Only you see it in your memories. It is told in confidence: it comes up where {name} and you"
    " are alone, and on servers only if you let come up there what you said in direct messages."
)
_KEPT = "`memory browse` shows what {name} remembers of you, and forgets it again."


class MemoryAdd(Kind):
    """Asks what is not known yet, and then whether it is meant."""

    path = "memory add"
    summary = "Tell a character something to remember of you."
    arguments = (
        choosing.CHARACTER,
        Argument("text", "What to remember.", asks=Asks.LONG_TEXT),
        Argument("message", "A message whose words to remember: its id.", completes=True),
    )

    def __init__(
        self, messages: Messages, memories: Memories, characters: Characters, rooms: Rooms
    ) -> None:
        self._messages = messages
        self._memories = memories
        self._characters = characters
        self._rooms = rooms

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or the newest messages."""
        if key == "message":
            return await about_message.offered(self._messages, who, typed)
        return await choosing.offered(self._characters, who, typed)

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The question, or first what is missing for it. What is named comes before a message's."""
        draft = {"text": arguments.get("text", ""), "personality_id": ""}
        if "message" in arguments:
            draft |= await self._said(who, arguments["message"], origin.place)
        if "character" in arguments:
            meant = await choosing.meant(self._characters, who, arguments["character"])
            draft["personality_id"] = str(meant.id)
        return Step("confirm" if all(draft.values()) else "words", draft)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """Without a place only ids of ours are known."""
        return await self.begin(who, arguments, Origin())

    async def view(self, who: Caller, at: At) -> View:
        """What is asked, whether it is meant, or that it is kept."""
        text, personality_id = at.draft["text"], at.draft["personality_id"]
        found = (
            await self._characters.get(who.person_id, UUID(personality_id))
            if personality_id
            else None
        )
        name = await naming.told(self._characters, who, found.personality) if found else ""
        if at.step == "done":
            return View(f"{name} remembers it", f"{text}\n\n{_KEPT.format(name=name)}")
        slug = found.personality.slug if found else ""
        fields = (_character(slug), _text(text))
        if at.step == "words":
            fill_in = Action("fill", "Fill in", Style.PRIMARY, _ASKS)
            return View("What is to be remembered, and by whom?", text, fields, actions=(fill_in,))
        async with faces.speaking(who, UUID(personality_id), self._rooms) as (_, speaker):
            persona_id, face = str(speaker.persona_id), line(speaker.face.name, 80)
        return View(
            title=f"Is {name} to remember this of {face or 'you'}?",
            body=f"{text}\n\n{_IN_CONFIDENCE.format(name=name)}",
            fields=fields,
            actions=(
                Action("keep", "Remember", Style.PRIMARY),
                Action("fill", "Change it", asks=_ASKS),
            ),
            mark=persona_id,
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Take what was entered, or keep it."""
        if action == "fill":
            return Step("confirm", await self._entered(who, answers))
        owner = Owner(UUID(at.mark), UUID(at.draft["personality_id"]))
        await self._memories.create(owner, at.draft["text"], at.flow_id)
        return Step("done", at.draft, State.DONE)

    async def _entered(self, who: Caller, answers: Answers) -> dict[str, str]:
        text = answers["text"][0].strip()
        if not text:
            raise Refused(errors={"text": "This is needed."})
        try:
            meant = await choosing.meant(self._characters, who, answers["character"][0])
        except PersonalityNotFound as unknown:
            raise Refused(errors={"character": unknown.message}) from None
        return {"text": text, "personality_id": str(meant.id)}

    async def _said(self, who: Caller, named: str, place: Place | None) -> dict[str, str]:
        """What a message says, and by or to whom; of one that is not the person's nothing."""
        try:
            found = await self._messages.get(who, about_message.meant(named, place))
        except MessageNotFound:
            return {}
        message = found.message
        (label,) = (await self._messages.with_whom([message])).values()
        said: dict[str, Any] = {"text": message.text[:_LONGEST]} if message.text else {}
        try:
            access = await self._characters.get(who.person_id, label.slug)
        except PersonalityNotFound:
            return said
        return {**said, "personality_id": str(access.personality.id)}


def _character(slug: str) -> Field:
    return Field(
        "character",
        "Character",
        description="Who is to remember it: its name or slug.",
        values=(slug,) if slug else (),
        required=True,
    )


def _text(text: str) -> Field:
    return Field(
        "text",
        "What to remember",
        asks=Asks.LONG_TEXT,
        values=(text,) if text else (),
        required=True,
        max_length=_LONGEST,
    )
