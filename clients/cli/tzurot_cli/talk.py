"""One person's talk with one character in a terminal: where it takes place, what was said last."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from tzurot_cli import attaching, labels
from tzurot_cli.calling import personality, ref, refer
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client, NotFound
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Failure, Venue
from tzurot_client.gen.tzurot.memory.v1 import (
    DeleteMemoryRequest,
    ListMemoriesRequest,
    Memory,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality, PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    Attachment,
    Author,
    CancelTurnRequest,
    ChatEvent,
    ChatRequest,
    ChooseMessageRequest,
    Continuation,
    EditMessageRequest,
    ExplainSettingsRequest,
    FactLearnt,
    FinishReason,
    GetConversationRequest,
    GetTurnTraceRequest,
    GetTurnTraceResponse,
    Greeting,
    Interjection,
    KnowledgeCited,
    ListAlternativesRequest,
    ListConversationsRequest,
    ListMessagesRequest,
    MemoryCited,
    Message,
    MessageRef,
    Place,
    Regeneration,
    Scene,
    TurnFinished,
    Utterance,
)

PLATFORM = "terminal"
_LOOKED_AT = 50  # messages, of which one is the last reply
MODES = ("incognito", "fresh")
RECENT = 10  # memories that `/memories` shows


@dataclass(slots=True)
class Reply:
    """What a turn gave so far; complete once `finished` is set."""

    turn_id: str = ""
    conversation_id: str = ""
    speaker_id: str = ""
    speaker: str = ""
    incognito: bool = False
    """Whether nothing of it is kept."""
    taken_for: str = ""
    """The member that the person is taken for; empty: their usual persona."""
    streamed: str = ""
    cited: list[MemoryCited] = field(default_factory=list[MemoryCited])
    known: list[KnowledgeCited] = field(default_factory=list[KnowledgeCited])
    learnt: list[FactLearnt] = field(default_factory=list[FactLearnt])
    notices: list[Failure] = field(default_factory=list[Failure])
    finished: TurnFinished | None = None

    def take(self, event: ChatEvent) -> None:
        """Add what an event tells."""
        self.turn_id = event.turn_id
        match event:
            case ChatEvent(started=started) if started:
                self.conversation_id = started.conversation_id
                self.speaker_id, self.speaker = started.personality_id, started.display_name
                self.taken_for, self.incognito = started.persona_name, started.incognito
            case ChatEvent(text_delta=delta) if delta:
                self.streamed += delta.text
            case ChatEvent(memory_cited=cited) if cited:
                if all(cited.memory_id != known.memory_id for known in self.cited):
                    self.cited.append(cited)
            case ChatEvent(fact_learnt=learnt) if learnt:
                if all(learnt.fact_id != known.fact_id for known in self.learnt):
                    self.learnt.append(learnt)
            case ChatEvent(knowledge_cited=known) if known:
                self.known.append(known)
            case ChatEvent(notice=notice) if notice and notice.failure:
                self.notices.append(notice.failure)
            case ChatEvent(finished=finished) if finished:
                self.finished = finished
            case _:
                pass  # skill steps change nothing here; unknown kinds are skipped

    @property
    def text(self) -> str:
        """The reply: as it is stored, or what was heard if nothing is."""
        message = self.finished.message if self.finished else None
        return message.text if message else self.streamed

    @property
    def cut(self) -> str:
        """What was heard after the end of the text that is stored, as of a sentence unended."""
        heard, stored = self.streamed.strip(), self.text.strip()
        return heard.removeprefix(stored).strip() if stored and heard.startswith(stored) else ""

    @property
    def own_words(self) -> str:
        """What the character says of a failure in its own words; empty for nothing."""
        return self.finished.error_message if self.finished else ""

    @property
    def failure(self) -> Failure | None:
        """Why there is no whole reply; None if there is one."""
        if self.finished is None:
            return Failure(message="The server ended the answer without saying why.")
        if self.finished.finish_reason == FinishReason.CANCELLED:
            return self.finished.failure or Failure(message="The reply was stopped.")
        return self.finished.failure


class Talk:
    """Speaks with `personality`, who is `called` so, at `place`, and knows the last turn."""

    def __init__(self, client: Client, personality: Personality, called: str, place: Place) -> None:
        self._client = client
        self._place = place
        self._stop_wanted = False
        self._running = ""
        self._conversation_id = ""
        self._listed: list[Memory] = []
        self._attached: list[Attachment] = []
        self.personality = personality
        self.called = called
        self.last = Reply()

    def greet(self, number: int = 0) -> AsyncIterator[ChatEvent]:
        """The character speaks first; 1 is its first alternate greeting."""
        return self._follow(ChatRequest(place=self._place, greeting=Greeting(index=number)))

    def say(self, text: str) -> AsyncIterator[ChatEvent]:
        """Say something, with what was attached before; the events of its answer."""
        said = Utterance(text=text, attachment_ids=[it.id for it in self._attached])
        return self._follow(ChatRequest(place=self._place, utterance=said))

    async def attach(self, path: str) -> Attachment:
        """Let a file go with what is said next.

        Raises:
            CommandFailed: it can't be read, or there are too many.
            TzurotError: the server can't use it.
        """
        if len(self._attached) >= attaching.MAX_FILES:
            raise CommandFailed(
                f"A message can have {attaching.MAX_FILES} files at most: say something first."
            )
        attachment = await attaching.upload(self._client, path)
        self._attached.append(attachment)
        return attachment

    async def again(self, *, goes_on: bool) -> AsyncIterator[ChatEvent] | None:
        """Have the last reply given again, or go on; None if there is none.

        Raises:
            TzurotError: a call failed.
        """
        told = await self._last_reply()
        if told is None:
            return None
        ref = MessageRef(id=told.id)
        request = ChatRequest(place=self._place, regeneration=Regeneration(message=ref))
        if goes_on:
            request = ChatRequest(place=self._place, continuation=Continuation(message=ref))
        return self._follow(request)

    async def scene(self, names: Sequence[str], topic: str) -> AsyncIterator[ChatEvent]:
        """Characters talk with each other; the events of all their turns.

        Raises:
            TzurotError: a call failed.
        """
        who = [await refer(self._client, name) for name in names]
        return self._follow(ChatRequest(place=self._place, scene=Scene(topic=topic)), who)

    async def chime_in(self, name: str) -> AsyncIterator[ChatEvent]:
        """A character says something unasked: this one if there is no name.

        Raises:
            TzurotError: a call failed.
        """
        who = await refer(self._client, name) if name else ref(self.personality.id)
        return self._follow(ChatRequest(place=self._place, interjection=Interjection()), [who])

    async def alternatives(self) -> list[Message]:
        """What stands in the last reply's place, oldest first; none if there is no reply."""
        told = await self._last_reply()
        if told is None:
            return []
        request = ListAlternativesRequest(message=MessageRef(id=told.id))
        return (await self._client.message.list_alternatives(request)).messages

    async def choose(self, message: Message) -> None:
        """Go on with one of them."""
        request = ChooseMessageRequest(message=MessageRef(id=message.id))
        await self._client.message.choose_message(request)

    async def edit(self, text: str) -> Message | None:
        """Give the last reply other words; None if there is none."""
        told = await self._last_reply()
        if told is None:
            return None
        request = EditMessageRequest(message=MessageRef(id=told.id), text=text)
        return (await self._client.message.edit_message(request)).message

    async def _last_reply(self) -> Message | None:
        """The character's newest message that the conversation goes on with."""
        conversation_id = self.last.conversation_id or self._conversation_id
        if not conversation_id:
            return None
        request = ListMessagesRequest(conversation_id=conversation_id, page_size=_LOOKED_AT)
        found = (await self._client.session.list_messages(request)).messages
        said = (it for it in found if it.chosen and it.author == Author.PERSONALITY)
        return next(said, None)

    async def stop(self) -> None:
        """Stop the turn that runs, or as soon as it starts."""
        self._stop_wanted = True
        if self._running:
            await self._client.session.cancel_turn(CancelTurnRequest(turn_id=self._running))

    async def modes(self) -> list[str]:
        """Which modes are on with the character: `incognito`, `fresh`."""
        asked = ExplainSettingsRequest(personality=ref(self.personality.id))
        found = (await self._client.setting.explain_settings(asked)).settings
        return [it.key for it in found if it.key in MODES and it.value and it.value.flag]

    async def memories(self) -> list[Memory]:
        """What the character remembers last, newest first; `forget` counts in this list."""
        request = ListMemoriesRequest(personality_id=self.personality.id, page_size=RECENT)
        self._listed = (await self._client.memory.list_memories(request)).memories
        return self._listed

    async def forget(self, number: int) -> Memory | None:
        """Forget the memory with this number, from 1, of the list that was shown last."""
        if not 1 <= number <= len(self._listed):
            return None
        memory = self._listed[number - 1]
        await self._client.memory.delete_memory(DeleteMemoryRequest(memory_id=memory.id))
        return memory

    async def trace(self) -> GetTurnTraceResponse:
        """How the last turn came to its end."""
        request = GetTurnTraceRequest(turn_id=self.last.turn_id)
        return await self._client.session.get_turn_trace(request)

    async def _follow(
        self, request: ChatRequest, whom: Sequence[PersonalityRef] = ()
    ) -> AsyncIterator[ChatEvent]:
        self._stop_wanted, self._running = False, ""
        self._conversation_id = self.last.conversation_id or self._conversation_id
        self.last = Reply()
        request.addressees = list(whom) or [ref(self.personality.id)]
        try:
            async for event in self._client.chat(request):
                if self._running and event.turn_id != self._running:  # the next one in a scene
                    self.last, self._running = Reply(), ""
                self.last.take(event)
                if not self._running:
                    self._running = event.turn_id
                    self._attached.clear()  # they are said
                    if self._stop_wanted:
                        await self.stop()
                yield event
        except NotFound as error:
            if error.reason is ErrorReason.ATTACHMENT_NOT_FOUND:
                self._attached.clear()  # else nothing could be said any more
            raise
        self._running = ""


async def begin(client: Client, who: Personality) -> Talk:
    """A new conversation with a character."""
    place = Place(platform=PLATFORM, channel_id=str(uuid4()), venue=Venue.DIRECT)
    return Talk(client, who, await labels.told(client, who), place)


async def resume(client: Client, who: Personality) -> Talk | None:
    """The latest conversation with the character in a terminal; None if there was none."""
    request = ListConversationsRequest(personality_id=who.id, platform=PLATFORM, page_size=1)
    found = (await client.session.list_conversations(request)).conversations
    if not found or not found[0].place:
        return None
    return Talk(client, who, await labels.told(client, who), found[0].place)


async def go_on(client: Client, conversation_id: str) -> Talk | None:
    """A conversation of the caller's, wherever it was held."""
    request = GetConversationRequest(conversation_id=conversation_id)
    found = (await client.session.get_conversation(request)).conversation
    if found is None or found.place is None:
        return None
    who = await personality(client, found.personality_id)
    return Talk(client, who, await labels.told(client, who), found.place)
