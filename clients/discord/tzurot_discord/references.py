"""What a message refers to, as far as the person who asks may see it.

Breadth first: replies, links, forwards and the message that a thread began with, then what those
refer to. A message that refers to nothing costs no request and no wait. Embeds that Discord adds
later are not waited for.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

import aiohttp
import discord

from tzurot_client.gen.tzurot.session.v1 import Reference, ReferenceKind, ReferenceState
from tzurot_discord.pointers import Pointer, Source, pointers_of, thread_starter
from tzurot_discord.reading import whole
from tzurot_discord.sight import Readable, Sight
from tzurot_discord.subjects import Channel, guild_place, subject_of

MOST, DEEPEST, AT_ONCE = 10, 5, 3  # messages looked up, steps away, at the same time
SECONDS = 3.0  # for all of them
MOST_TOLD, MAX_TEXT, MAX_NAME = 50, 20_000, 80  # references, characters; the contract's limits
KEPT, FRESH = 500, 300.0  # messages that were read, and the seconds that they are taken for true
UNKNOWN_MESSAGE = 10008  # Discord "JSON Error Codes"


@dataclass(frozen=True, slots=True)
class _Found:
    pointer: Pointer
    state: ReferenceState
    source: Source | None = None
    channel: Readable | None = None


class References:
    """Reads what messages refer to, and keeps the last of them for a while."""

    def __init__(self, discord_: discord.Client) -> None:
        self.discord = discord_
        self._kept: OrderedDict[int, tuple[float, discord.Message | None]] = OrderedDict()

    async def of(self, message: discord.Message, person: discord.abc.Snowflake) -> list[Reference]:
        """All that the message refers to, for this person's eyes; nearest first."""
        pointers = [*pointers_of(message), *thread_starter(message)]
        if not pointers:
            return []
        walk = _Walk(self, Sight(self.discord, person, message.channel), message.id)
        await walk.follow(pointers)
        return walk.told

    def forget(self, message_id: int) -> None:
        """The message is not any more what it was."""
        self._kept.pop(message_id, None)

    async def read(self, channel: Readable, message_id: int) -> discord.Message | None:
        """The message of a channel that may be read; None if it was deleted."""
        until, kept = self._kept.get(message_id, (0.0, None))
        if until < time.monotonic():
            kept = await _fetched(channel, message_id)
            self._kept[message_id] = (time.monotonic() + FRESH, kept)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(message_id)
        return kept if kept is None or kept.channel.id == channel.id else None


class _Walk:
    """From one message to what it refers to, and on."""

    def __init__(self, references: References, sight: Sight, start: int) -> None:
        self.told: list[Reference] = []
        self._references = references
        self._sight = sight
        self._seen = {start}
        self._looked_up = 0
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._until = time.monotonic() + SECONDS

    async def follow(self, pointers: list[Pointer]) -> None:
        """Tell of all these, then of what those refer to."""
        for depth in range(1, DEEPEST + 2):
            further: list[Pointer] = []
            for found in await self._level(pointers[: MOST_TOLD - len(self.told)], depth):
                if _is_bare_thread(found):
                    continue
                me = self._references.discord.user
                self.told.append(_reference(found, me))
                if found.source is not None:
                    index = len(self.told) - 1
                    further += [replace(one, referrer=index) for one in pointers_of(found.source)]
            if not (pointers := further):
                return

    async def _level(self, pointers: list[Pointer], depth: int) -> list[_Found]:
        """What became of each; those that are read at all are read at the same time."""
        known = [self._known(pointer, depth) for pointer in pointers]
        reading = {
            place: asyncio.create_task(self._read(pointers[place]))
            for place, found in enumerate(known)
            if found is None
        }
        try:
            if reading:
                await asyncio.wait(reading.values(), timeout=self._until - time.monotonic())
        finally:
            for task in reading.values():
                task.cancel()
        for place, task in reading.items():
            await asyncio.wait({task})
            late = _Found(pointers[place], ReferenceState.UNREACHABLE)
            known[place] = late if task.cancelled() else task.result()
        return [found for found in known if found is not None]

    def _known(self, pointer: Pointer, depth: int) -> _Found | None:
        """What is clear without a look; None if one is needed."""
        source = pointer.source
        if isinstance(source, discord.MessageSnapshot):
            self._seen.add(pointer.message_id)
            channel = self._references.discord.get_channel(pointer.channel_id)
            known = channel if isinstance(channel, Channel) else None
            return _Found(pointer, ReferenceState.READ, source, known)
        if pointer.message_id in self._seen:
            return _Found(pointer, ReferenceState.REPEATED)
        if pointer.beyond or depth > DEEPEST or (source is None and self._looked_up >= MOST):
            return _Found(pointer, ReferenceState.OVER_LIMIT)
        self._seen.add(pointer.message_id)
        self._looked_up += source is None
        return None

    async def _read(self, pointer: Pointer) -> _Found:
        try:
            async with self._slots:
                channel = await self._sight.channel(pointer.guild_id, pointer.channel_id)
                if channel is None:
                    return _Found(pointer, ReferenceState.HIDDEN)
                source = pointer.source or await self._references.read(channel, pointer.message_id)
        except (discord.DiscordServerError, aiohttp.ClientError):
            return _Found(pointer, ReferenceState.UNREACHABLE)
        except discord.DiscordException:
            return _Found(pointer, ReferenceState.HIDDEN)
        if not isinstance(source, discord.Message):
            return _Found(pointer, ReferenceState.DELETED)
        return _Found(pointer, ReferenceState.READ, source, channel)


def _is_bare_thread(found: _Found) -> bool:
    """Whether no message was there to begin with, as far as can be known."""
    starter = found.pointer.kind is ReferenceKind.THREAD_STARTER
    return starter and found.state is ReferenceState.DELETED and found.pointer.referrer is None


async def _fetched(channel: Readable, message_id: int) -> discord.Message | None:
    try:
        return await channel.fetch_message(message_id)
    except discord.NotFound as gone:
        if gone.code != UNKNOWN_MESSAGE:
            raise
        return None


def _reference(found: _Found, me: discord.ClientUser | None) -> Reference:
    """What is told. Of what was not read it is no more than the link itself says."""
    pointer, source = found.pointer, found.source
    told = Reference(
        kind=pointer.kind,
        referrer_index=pointer.referrer,
        state=found.state,
        platform_message_id=str(pointer.message_id),
        channel_id=str(pointer.channel_id),
    )
    if source is None:
        return told
    if isinstance(found.channel, Channel):
        told.age_limit = guild_place(found.channel).age_limit
    if isinstance(source, discord.Message):  # a forward does not tell by whom it was
        told.author_name = source.author.display_name[:MAX_NAME]
        is_person = not source.author.bot and source.webhook_id is None
        told.author_subject = subject_of(source.author) if is_person else ""
    told.text = whole(source, me)[:MAX_TEXT]
    told.create_time = source.created_at
    return told
