"""Turns as a server would tell them: answers for Chat, WatchTurn and what goes with them."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from google.protobuf.timestamp_pb2 import Timestamp

from tests.clients.stub_server import Refusal, StubServer
from tzurot.common.v1 import error_reason_pb2, failure_pb2
from tzurot.personality.v1 import personality_pb2, personality_service_pb2
from tzurot.session.v1 import chat_event_pb2, message_pb2, session_service_pb2
from tzurot.wallet.v1 import model_pb2, wallet_service_pb2

NAMES = UUID("018f5b0a-0000-7000-8000-000000000000")
ADVICE = "Set OPENROUTER_API_KEY for a better model."

Event = chat_event_pb2.ChatEvent
FinishReason = chat_event_pb2.FinishReason


def identity(name: str) -> str:
    """The id of the thing that a test calls by this name."""
    return str(uuid5(NAMES, name))


TZU = identity("tzu")
CONVERSATION = identity("conversation")


def ago(**how_long: float) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(datetime.now(UTC) - timedelta(**how_long))
    return made


def started(by: str = "") -> Event:
    begun = chat_event_pb2.TurnStarted(conversation_id=CONVERSATION, display_name=by)
    begun.personality_id = identity(by.lower()) if by else ""
    return Event(started=begun)


def delta(text: str) -> Event:
    return Event(text_delta=chat_event_pb2.TextDelta(text=text))


def cited(excerpt: str, *, score: float = 0.9, when: Timestamp | None = None) -> Event:
    memory = chat_event_pb2.MemoryCited(
        memory_id=identity(excerpt), excerpt=excerpt, score=score, occur_time=when or ago()
    )
    return Event(memory_cited=memory)


def failure(reason: str, message: str, **metadata: str) -> failure_pb2.Failure:
    value = error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{reason}")
    return failure_pb2.Failure(reason=value, message=message, metadata=metadata)


def notice(reason: str, message: str) -> Event:
    return Event(notice=chat_event_pb2.Notice(failure=failure(reason, message)))


def finished(text: str, reason: str = "STOP") -> Event:
    return Event(
        finished=chat_event_pb2.TurnFinished(
            finish_reason=FinishReason.Value(f"FINISH_REASON_{reason}"),
            message=message_pb2.Message(text=text),
        )
    )


def answered(text: str, *before: Event, by: str = "") -> list[Event]:
    """A turn that is answered word by word."""
    return [started(by), *before, *map(delta, re.findall(r"\s*\S+", text)), finished(text)]


def failed(reason: str, message: str, own_words: str = "", **metadata: str) -> list[Event]:
    """A turn that fails after it has begun."""
    end = chat_event_pb2.TurnFinished(
        finish_reason=FinishReason.FINISH_REASON_FAILED,
        failure=failure(reason, message, **metadata),
        error_message=own_words,
    )
    return [started(), Event(finished=end)]


@dataclass
class ScriptedTurn:
    """A turn that goes on whether somebody listens or not, up to a gate."""

    id: str
    events: list[Event]
    gate: int | None  # the sequence before which it waits for `go_on` or a cancellation
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: bool = False

    async def follow(self, after: int) -> AsyncIterator[Event]:
        for sequence, event in enumerate(self.events, 1):
            if self.gate and sequence >= self.gate:
                await self.go_on.wait()
                if self.cancelled:
                    heard = "".join(one.text_delta.text for one in self.events[: sequence - 1])
                    yield self._numbered(sequence, finished(heard, "CANCELLED"))
                    return
            if sequence > after:
                yield self._numbered(sequence, event)

    def _numbered(self, sequence: int, event: Event) -> Event:
        numbered = Event(turn_id=self.id, sequence=sequence)
        numbered.MergeFrom(event)
        return numbered


class ScriptedTalk:
    """Gives a stub server one character, Tzu, and what it answers, reply by reply."""

    def __init__(self, stub: StubServer, *replies: list[Event], greeting: str = "") -> None:
        self._replies = [[reply] for reply in replies]
        self._greeting = greeting
        self._by_request: dict[str, list[ScriptedTurn]] = {}
        self.gate: int | None = None
        self.turns: list[ScriptedTurn] = []
        tzu = personality_pb2.Personality(id=TZU, slug="tzu", name="Tzu", greeting=greeting)
        stub.answers |= {
            "GetPersonality": lambda _: personality_service_pb2.GetPersonalityResponse(
                personality=tzu
            ),
            "ListModels": lambda _: wallet_service_pb2.ListModelsResponse(
                models=[
                    model_pb2.Model(
                        id="smollm2", provider=model_pb2.MODEL_PROVIDER_BUNDLED, speaks=True
                    )
                ],
                advice=ADVICE,
            ),
            "Chat": self._chat,
            "WatchTurn": self._watch,
            "CancelTurn": self._cancel,
        }

    def and_then(self, *turns: list[Event]) -> None:
        """One more reply, of several characters."""
        self._replies.append(list(turns))

    async def _chat(
        self, request: session_service_pb2.ChatRequest
    ) -> AsyncIterator[session_service_pb2.ChatResponse]:
        if request.request_id not in self._by_request:
            self._by_request[request.request_id] = self._begin(request)
        for turn in self._by_request[request.request_id]:
            async for event in turn.follow(0):
                yield session_service_pb2.ChatResponse(event=event)

    def _begin(self, request: session_service_pb2.ChatRequest) -> list[ScriptedTurn]:
        if request.WhichOneof("input") == "greeting":
            replies = [[started(), delta(self._greeting), finished(self._greeting)]]
        else:
            replies = self._replies.pop(0)
        begun = list[ScriptedTurn]()
        for reply in replies:
            turn_id = identity(f"turn {len(self.turns) + 1}")
            begun.append(ScriptedTurn(turn_id, reply, self.gate))
            self.turns.append(begun[-1])
        return begun

    async def _watch(
        self, request: session_service_pb2.WatchTurnRequest
    ) -> AsyncIterator[session_service_pb2.WatchTurnResponse]:
        async for event in self._turn(request.turn_id).follow(request.after_sequence):
            yield session_service_pb2.WatchTurnResponse(event=event)

    def _cancel(
        self, request: session_service_pb2.CancelTurnRequest
    ) -> session_service_pb2.CancelTurnResponse:
        turn = self._turn(request.turn_id)
        turn.cancelled = True
        turn.go_on.set()
        return session_service_pb2.CancelTurnResponse()

    def _turn(self, turn_id: str) -> ScriptedTurn:
        for turn in self.turns:
            if turn.id == turn_id:
                return turn
        raise Refusal("NOT_FOUND", "TURN_NOT_FOUND", f"You have no turn {turn_id}.")
