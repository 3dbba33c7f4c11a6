"""How a character answers on Discord: events of a turn in, messages and their edits out.

`speak` shows one answer after another. Deltas are hints: the message is edited as they come, not
more often than its lane allows, and ends as the text that `finished` brings. Where the words appear
is a `Stage`, under whose name a `Voice`: `stages.py` and `webhooks.py` have them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import aiohttp
import discord

from tzurot_client.errors import TzurotError
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, FinishReason, TurnFinished, TurnStarted
from tzurot_discord import errors
from tzurot_discord.lanes import Lane, Urgency
from tzurot_discord.splitting import split

TYPING_LASTS = 8.0  # seconds; Discord shows it for 10
LAST_WORDS = 2.0  # seconds that an answer gets for its last edit when the bot has to go

NO_PINGS = discord.AllowedMentions.none()
"""Goes with every message and every edit: one without it pings whomever a model's text names."""

log = logging.getLogger(__name__)


@contextmanager
def refusals_logged() -> Generator[None]:
    """Discord may refuse anything at any time; whoever is not answered then can ask again."""
    try:
        yield
    except discord.HTTPException as refused:
        log.warning("Discord refuses: status %s, code %s", refused.status, refused.code)
    except (aiohttp.ClientError, discord.RateLimited) as broken:
        log.warning("Discord is out of reach: %s", type(broken).__name__)


Report = Callable[[str, list[int]], Awaitable[None]]
"""Tells the server which messages show the answer of a turn."""


class Voice(Protocol):
    """One character in one place. Every request may raise discord.HTTPException."""

    @property
    def prefix(self) -> str:
        """What its words begin with where the message bears the bot's name, not the character's."""
        ...

    @property
    def lane(self) -> Lane:
        """Where its requests queue."""
        ...

    async def send(self, text: str) -> int:
        """Say it in a new message; its id."""
        ...

    async def edit(self, message_id: int, text: str) -> int:
        """Let a message say this; its id, a new one if it had to be sent again."""
        ...

    async def delete(self, message_id: int) -> None:
        """Take a message back."""
        ...


class Stage(Protocol):
    """A place where characters answer."""

    async def typing(self) -> None:
        """Show for some seconds that an answer is coming. Never fails."""
        ...

    async def voice(self, started: TurnStarted) -> Voice:
        """The voice of the character that begins to answer."""
        ...

    async def tell(self, sentence: str) -> None:
        """Let the bot itself say something."""
        ...


async def speak(events: AsyncIterator[ChatEvent], stage: Stage, report: Report) -> int:
    """Show the answers that the events tell of, one after another; how many there were."""
    turns = 0
    async for event in events:
        if event.started is not None:
            turns += 1
            reply = Reply(stage, event.started)
            try:
                await _answer(reply, events)
            finally:
                await report(event.turn_id, reply.message_ids)
    return turns


async def _answer(reply: "Reply", events: AsyncIterator[ChatEvent]) -> None:
    """Show one answer, or its beginning if the bot has to go or the server is lost."""
    shown = asyncio.create_task(reply.show())
    try:
        await reply.listen(events)
        await asyncio.shield(shown)
    except asyncio.CancelledError:
        reply.break_off(errors.INTERRUPTED)
        await asyncio.wait({shown}, timeout=LAST_WORDS)
        raise
    except TzurotError as lost:
        log.warning("an answer was lost: %s", lost.status.name)
        reply.break_off(errors.sentence_for(lost))
        await shown
    finally:
        shown.cancel()


@dataclass(slots=True)
class Shown:
    """A message on Discord, as it stands there."""

    id: int
    text: str


class Reply:
    """One answer: what is said so far, and what of it is shown."""

    def __init__(self, stage: Stage, started: TurnStarted) -> None:
        self._stage = stage
        self._started = started
        self._text = ""
        self._words = asyncio.Event()
        self._complete = asyncio.Event()
        self._shown: list[Shown] = []

    @property
    def message_ids(self) -> list[int]:
        """The messages that show it, in order."""
        return [shown.id for shown in self._shown]

    async def listen(self, events: AsyncIterator[ChatEvent]) -> None:
        """Take in the events of the turn, its end included."""
        async for event in events:
            if event.text_delta is not None:
                self._say(self._text + event.text_delta.text)
            elif event.finished is not None:
                self._finish(event.finished)
                return
        self.break_off(errors.INTERRUPTED)

    def break_off(self, sentence: str, own_words: str = "") -> None:
        """Nothing more will be said; a sentence tells why, below the character's own words."""
        if not self._complete.is_set():
            own_words = own_words.strip()
            why = f"{own_words}\n-# {sentence}" if own_words else f"*{sentence}*"
            self._say(f"{self._text}\n{why}".lstrip())
            self._complete.set()

    async def show(self) -> None:
        """Keep Discord up to date until all is said and shown, or Discord refuses."""
        with refusals_logged():
            await self._stage.typing()
            voice = await self._stage.voice(self._started)
            await self._first_words()
            with voice.lane.growing():
                while not self._complete.is_set():
                    await self._catch_up(voice)
                    await _set_within(self._complete, voice.lane.interval)
            await self._catch_up(voice)

    def _finish(self, finished: TurnFinished) -> None:
        if finished.message is not None:
            self._say(finished.message.text)
        elif finished.finish_reason in (FinishReason.FAILED, FinishReason.INTERRUPTED):
            self.break_off(errors.sentence_about(finished.failure), finished.error_message)
        self._words.set()
        self._complete.set()

    def _say(self, text: str) -> None:
        self._text = text
        if text.strip():
            self._words.set()

    async def _first_words(self) -> None:
        while not await _set_within(self._words, TYPING_LASTS):
            await self._stage.typing()

    async def _catch_up(self, voice: Voice) -> None:
        """Send and edit until what is shown is what is said, the first message first."""
        async with voice.lane.turn(self._urgency):
            wanted = split(voice.prefix + self._text) if self._text.strip() else []
            for place, text in enumerate(wanted):
                if place == len(self._shown):
                    self._shown.append(Shown(await voice.send(text), text))
                elif self._shown[place].text != text:
                    self._shown[place].id = await voice.edit(self._shown[place].id, text)
                    self._shown[place].text = text
            while len(self._shown) > len(wanted):
                await voice.delete(self._shown.pop().id)

    def _urgency(self) -> Urgency:
        if not self._shown:
            return Urgency.FIRST
        return Urgency.FINAL if self._complete.is_set() else Urgency.PARTIAL


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, no longer than this; whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
