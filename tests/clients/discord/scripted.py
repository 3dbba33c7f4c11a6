"""What a scripted server answers with: whole turns, and ones that a test tells word by word."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Self
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from tests.clients.stub_server import Refusal, StubServer
from tests.fakes.discord.state import Message
from tzurot.common.v1 import failure_pb2
from tzurot.common.v1.error_reason_pb2 import ErrorReason
from tzurot.personality.v1 import personality_pb2
from tzurot.personality.v1 import personality_service_pb2 as personality_service
from tzurot.session.v1 import chat_event_pb2 as events
from tzurot.session.v1 import message_pb2, session_service_pb2
from tzurot.session.v1.channel_pb2 import DueTurn, Listening
from tzurot.session.v1.channel_service_pb2 import WatchChannelsResponse

PICTURE = b"\x89PNG\r\n\x1a\n" + b"a small picture"
PICTURE_SHA256 = sha256(PICTURE).hexdigest()


class Turn:
    """One character's answer. What is told before anybody listens is kept."""

    def __init__(
        self,
        name: str = "Lilith",
        avatar_sha256: str = PICTURE_SHA256,
        *,
        display_name: str = "",
        instead_of: Iterable[Message] = (),
        persona_name: str = "",
        modes: Collection[str] = (),
    ) -> None:
        self.id = str(uuid4())
        self._events: asyncio.Queue[Any] = asyncio.Queue()
        self._sequence = 0
        started = events.TurnStarted(
            personality_id=str(uuid4()),
            personality_name=name,
            avatar_sha256=avatar_sha256,
            display_name=display_name or name,
            persona_name=persona_name,
            replaced_platform_message_ids=[str(message.id) for message in instead_of],
            incognito="incognito" in modes,
            fresh="fresh" in modes,
        )
        self._tell(started=started)

    @classmethod
    def whole(cls, text: str, name: str = "Lilith") -> Self:
        """An answer that comes at once."""
        turn = cls(name)
        return turn.says(text).ends_as(text)

    def learnt(self, text: str, *, before: str = "", proposed: bool = False) -> Self:
        """Something was learnt in an earlier turn; `before` is what was known until then."""
        return self._tell(
            fact_learnt=events.FactLearnt(
                fact_id=str(uuid4()), text=text, superseded_text=before, proposed=proposed
            )
        )

    def answered_by(self, model: str, because: str) -> Self:
        """Another model took over."""
        told = {"model": model, "because": because}
        reason = ErrorReason.Value("ERROR_REASON_ANSWERED_BY_ANOTHER")
        failure = failure_pb2.Failure(reason=reason, message=because, metadata=told)
        return self._tell(notice=events.Notice(failure=failure))

    def replaced_by(self, model: str) -> Self:
        """The preset's model is not the person's to ask."""
        told = {"model": model, "preset": "Warm", "wanted": "openai/gpt-5"}
        reason = ErrorReason.Value("ERROR_REASON_PRESET_MODEL_REPLACED")
        failure = failure_pb2.Failure(reason=reason, message="", metadata=told)
        return self._tell(notice=events.Notice(failure=failure))

    def says(self, text: str) -> Self:
        """The next piece."""
        return self._tell(text_delta=events.TextDelta(text=text))

    def ends_as(self, text: str) -> Self:
        """The end: this is what is stored."""
        message = message_pb2.Message(text=text)
        stop = events.FINISH_REASON_STOP
        return self._tell(finished=events.TurnFinished(finish_reason=stop, message=message))

    def fails(self, reason: str, own_words: str = "") -> Self:
        """The end: nothing is stored."""
        failure = failure_pb2.Failure(reason=ErrorReason.Value(f"ERROR_REASON_{reason}"))
        failed = events.FINISH_REASON_FAILED
        end = events.TurnFinished(finish_reason=failed, failure=failure, error_message=own_words)
        return self._tell(finished=end)

    def is_superseded(self) -> Self:
        """The end: the next turn answers both."""
        end = events.TurnFinished(finish_reason=events.FINISH_REASON_SUPERSEDED)
        return self._tell(finished=end)

    def _tell(self, **kind: Any) -> Self:
        self._sequence += 1
        event = events.ChatEvent(turn_id=self.id, sequence=self._sequence, **kind)
        self._events.put_nowait(event)
        return self

    async def events(self) -> AsyncIterator[Any]:
        while True:
            event = await self._events.get()
            yield event
            if event.HasField("finished"):
                return


def answer_with(server: StubServer, *turns: Turn) -> None:
    """Answer one call of Chat with all these turns."""
    server.answers |= {"Chat": _chat(*turns)} | _BESIDE


def answer_in_turn(server: StubServer, *turns: Turn) -> None:
    """Answer the first call of Chat with the first turn, the next with the next."""
    server.answers |= {"Chat": [_chat(turn) for turn in turns]} | _BESIDE


def answer_each(server: StubServer, text: str) -> None:
    """Answer every call of Chat with a whole turn."""

    def chat(request: Any) -> AsyncIterator[Any]:
        return _chat(Turn.whole(text))(request)

    server.answers |= {"Chat": chat} | _BESIDE


def refuse(server: StubServer, code: str, reason: str, **metadata: str) -> None:
    """Refuse to answer anybody."""

    async def chat(_: Any) -> AsyncIterator[Any]:
        raise Refusal(code, reason, **metadata)
        yield

    server.answers |= {"Chat": chat}


class Watched:
    """What a server tells of channels, to whoever watches."""

    def __init__(self, server: StubServer, *channels: Listening) -> None:
        self._known = {channel.channel_id: channel for channel in channels}
        self._watchers: list[asyncio.Queue[Any]] = []
        server.answers["WatchChannels"] = self._watch

    @property
    def watchers(self) -> int:
        """How many have begun to watch."""
        return len(self._watchers)

    def tell(self, channel: Listening) -> None:
        """Something has changed."""
        self._known[channel.channel_id] = channel
        for watcher in self._watchers:
            watcher.put_nowait(WatchChannelsResponse(channels=[channel]))

    def let_speak(self, due: DueTurn) -> None:
        """A character is to speak up."""
        for watcher in self._watchers:
            watcher.put_nowait(WatchChannelsResponse(due_turns=[due]))

    def end(self) -> None:
        """End every stream, as the server does after a while."""
        for watcher in self._watchers:
            watcher.put_nowait(None)

    async def _watch(self, _: Any) -> AsyncIterator[Any]:
        news: asyncio.Queue[Any] = asyncio.Queue()
        self._watchers.append(news)
        yield WatchChannelsResponse(channels=self._known.values())
        yield WatchChannelsResponse(complete=True)
        while (told := await news.get()) is not None:
            yield told


def answer_nobody(server: StubServer) -> None:
    """Nobody is addressed."""
    answer_with(server)


def know(server: StubServer, *names: str) -> None:
    """These characters are found for every prefix."""
    found = [
        personality_pb2.Personality(id=str(uuid4()), name=name, slug=f"{name}-{place}".lower())
        for place, name in enumerate(names)
    ]
    matches = [personality_service.PersonalityMatch(personality=one) for one in found]
    server.answers["ResolvePersonalities"] = lambda _: (
        personality_service.ResolvePersonalitiesResponse(matches=matches)
    )


async def picture(_: Any) -> AsyncIterator[Any]:
    header = personality_service.AvatarHeader(
        media_type="image/png", size_bytes=len(PICTURE), sha256=PICTURE_SHA256
    )
    yield personality_service.DownloadAvatarResponse(header=header)
    yield personality_service.DownloadAvatarResponse(chunk=PICTURE)


def grant(_: Any) -> session_service_pb2.ClaimDeliveryResponse:
    """Whoever asks is to show the turn."""
    later = Timestamp()
    later.FromDatetime(datetime.now(UTC) + timedelta(seconds=30))
    return session_service_pb2.ClaimDeliveryResponse(granted=True, expire_time=later)


_BESIDE: dict[str, Any] = {"DownloadAvatar": picture, "ClaimDelivery": grant}


def _chat(*turns: Turn) -> Callable[[Any], AsyncIterator[Any]]:
    async def chat(_: Any) -> AsyncIterator[Any]:
        for turn in turns:
            async for event in turn.events():
                yield session_service_pb2.ChatResponse(event=event)

    return chat
