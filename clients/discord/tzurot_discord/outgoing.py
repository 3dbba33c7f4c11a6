"""How a character answers on Discord: events of a turn in, messages and their edits out.

`speak` shows one answer after another. Deltas are hints: the message is edited as they come, not
more often than its lane allows, and ends as the text that `finished` brings. Where the words appear
is a `Stage`, under whose name a `Voice`: `stages.py` and `webhooks.py` have them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import aiohttp
import discord
from discord.utils import escape_markdown

from tzurot_bots.deliveries import Delivery
from tzurot_bots.lanes import Lane, Urgency
from tzurot_bots.splitting import split
from tzurot_client.errors import TzurotError
from tzurot_client.gen.tzurot.session.v1 import (
    ChatEvent,
    FactLearnt,
    FinishReason,
    TurnFinished,
    TurnStarted,
)
from tzurot_discord import errors

TYPING_LASTS = 8.0  # seconds; Discord shows it for 10
LAST_WORDS = 2.0  # seconds that an answer gets for its last edit when the bot has to go
MAX_CONTENT = 2000  # characters of a message by a bot or webhook; Discord "Create Message"
MOST = 100  # messages of one answer; the contract's limit

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

    @property
    def most(self) -> int:
        """How many messages it may take."""
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

    async def refuse(self, refusal: TzurotError) -> None:
        """Say why nobody answers, where that was not told a moment ago."""
        ...

    async def tell_learnt(self, learnt: Sequence[FactLearnt]) -> None:
        """Tell what was learnt of its person, if nobody else reads it here."""
        ...


async def speak(events: AsyncIterator[ChatEvent], stage: Stage, delivery: Delivery) -> int:
    """Show the answers that the events tell of, one after another; how many there were."""
    turns = 0
    async for event in events:
        if event.started is not None:
            turns += 1
            reply = Reply(stage, event.started)
            try:
                await _answer(reply, events, event.turn_id, delivery)
            finally:
                await delivery.report(event.turn_id, reply.message_ids)
    return turns


async def show_anew(stage: Stage, started: TurnStarted, text: str) -> list[int]:
    """Let the messages of a reply, which `started` names, say this; those that then say it."""
    reply = Reply(stage, started)
    with refusals_logged():
        await reply.show_at_once(await stage.voice(started), text)
    return reply.message_ids


async def _answer(
    reply: "Reply", events: AsyncIterator[ChatEvent], turn_id: str, delivery: Delivery
) -> None:
    """Show one answer, or its beginning if the bot has to go or the server is lost."""
    shown = asyncio.create_task(reply.show(turn_id, delivery))
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
    """A message on Discord, as it stands there; without text one of the reply before."""

    id: int
    text: str = ""


class Reply:
    """One answer: what is said so far, and what of it is shown.

    One that stands in for another is shown in its messages, and only when it is whole: if it fails,
    the other stands as it was.
    """

    def __init__(self, stage: Stage, started: TurnStarted) -> None:
        self._stage = stage
        self._started = started
        self._text = ""
        self._failure = ""
        self._learnt: list[FactLearnt] = []
        self._meanwhile = ""
        self._words = asyncio.Event()
        self._complete = asyncio.Event()
        self._shown = [Shown(int(one)) for one in started.replaced_platform_message_ids]
        self._replaces = bool(self._shown)

    @property
    def message_ids(self) -> list[int]:
        """The messages that show it, in order."""
        return [shown.id for shown in self._shown if shown.text]

    async def listen(self, events: AsyncIterator[ChatEvent]) -> None:
        """Take in the events of the turn, its end included."""
        async for event in events:
            if event.text_delta is not None:
                self._say(self._text + event.text_delta.text)
            elif event.fact_learnt is not None:
                self._learnt.append(event.fact_learnt)
            elif event.notice is not None and event.notice.failure is not None:
                self._meanwhile = errors.meanwhile(event.notice.failure)
            elif event.finished is not None:
                self._finish(event.finished)
                return
        self.break_off(errors.INTERRUPTED)

    def break_off(self, sentence: str, own_words: str = "") -> None:
        """Nothing more will be said; a sentence tells why, below the character's own words."""
        if self._complete.is_set():
            return
        own_words = own_words.strip()
        why = f"{own_words}\n-# {sentence}" if own_words else f"*{sentence}*"
        if self._replaces:
            self._text, self._failure = "", why
        else:
            self._say(f"{self._text}\n{why}".lstrip())
        self._end()

    async def show(self, turn_id: str, delivery: Delivery) -> None:
        """Keep Discord up to date until all is said and shown, or Discord refuses.

        Nothing if another instance of this bot does.
        """
        claim = asyncio.create_task(delivery.granted(turn_id))
        try:
            with refusals_logged():
                await self._stage.typing()
                if not await claim:
                    return
                voice = await self._stage.voice(self._started)
                await self._first_words()
                async with delivery.kept(turn_id):
                    await self._keep_up(voice)
                await self._stage.tell_learnt(self._learnt)
        finally:
            claim.cancel()

    async def show_at_once(self, voice: Voice, text: str) -> None:
        """Show what is known already."""
        self._say(text)
        self._end()
        await self._keep_up(voice)

    async def _keep_up(self, voice: Voice) -> None:
        with voice.lane.growing():
            while not self._complete.is_set():
                await self._catch_up(voice)
                await _set_within(self._complete, voice.lane.interval)
        if self._failure:
            await self._stage.tell(self._failure)
        elif self._text or not self._replaces:
            await self._catch_up(voice)

    def _finish(self, finished: TurnFinished) -> None:
        if finished.message is not None:
            self._say(finished.message.text + self._small())
        elif finished.finish_reason in (FinishReason.FAILED, FinishReason.INTERRUPTED):
            self.break_off(errors.sentence_about(finished.failure), finished.error_message)
        else:  # nothing is stored: what hinted at something is taken back
            self._text = ""
        self._end()

    def _small(self) -> str:
        """What stands small below a reply: whom it takes the person for, modes, who took over."""
        started = self._started
        told = (
            f"to {escape_markdown(started.persona_name)}" if started.persona_name else "",
            "incognito: nothing of this is kept" if started.incognito else "",
            "fresh: nothing about you came to mind" if started.fresh else "",
            self._meanwhile,
        )
        small = " · ".join(filter(None, told))
        return f"\n-# {small}" if small else ""

    def _end(self) -> None:
        self._words.set()
        self._complete.set()

    def _say(self, text: str) -> None:
        self._text = text
        if text.strip() and not self._replaces:
            self._words.set()

    async def _first_words(self) -> None:
        while not await _set_within(self._words, TYPING_LASTS):
            await self._stage.typing()

    async def _catch_up(self, voice: Voice) -> None:
        """Send and edit until what is shown is what is said, the first message first."""
        async with voice.lane.turn(self._urgency):
            wanted = split(voice.prefix + self._text, MAX_CONTENT) if self._text.strip() else []
            if len(wanted) > voice.most:
                room = MAX_CONTENT - len(errors.CUT)
                wanted[voice.most - 1 :] = [wanted[voice.most - 1][:room] + errors.CUT]
            for place, text in enumerate(wanted):
                if place == len(self._shown):
                    self._shown.append(Shown(await voice.send(text), text))
                elif self._shown[place].text != text:
                    self._shown[place] = await _changed(voice, self._shown[place], text)
            while len(self._shown) > len(wanted):
                with suppress(discord.NotFound):
                    await voice.delete(self._shown.pop().id)

    def _urgency(self) -> Urgency:
        if not self._shown:
            return Urgency.FIRST
        return Urgency.FINAL if self._complete.is_set() else Urgency.PARTIAL


async def _changed(voice: Voice, shown: Shown, text: str) -> Shown:
    """The message with this text; one of the reply before that is gone is sent anew."""
    try:
        return Shown(await voice.edit(shown.id, text), text)
    except discord.NotFound:
        if shown.text:
            raise
        return Shown(await voice.send(text), text)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, no longer than this; whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
