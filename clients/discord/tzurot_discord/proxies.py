"""Who says a message where services such as PluralKit speak for people.

Such a service lets a webhook say a person's message once more, under a member's name, and then
deletes the original. One of the two is answered: the copy, in the name of whoever wrote the
original. So where these services are at work an original waits for its copy; nobody else waits.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import discord

from tzurot_bots.pluralkit import PluralKit, Proxied
from tzurot_client.gen.tzurot.session.v1 import Proxy
from tzurot_discord.pointers import reply_in_embed
from tzurot_discord.subjects import PLATFORM

PLURALKIT, TUPPERBOX = "pluralkit", "tupperbox"
SERVICES: Final = {466378653216014359: PLURALKIT, 431544605209788416: TUPPERBOX}  # applications
HOLD = 2.0  # seconds that an original waits for its copy
BEFORE = 3.0  # seconds at most between the two
LEARNED = 86_400.0  # seconds that a server or person counts as one with such a service
KEPT = 2_000  # messages, servers, people
MAX_NAME, MAX_ID = 80, 64  # characters; the contract's limits


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a message."""

    person: discord.abc.Snowflake
    name: str
    replied_to: int | None
    proxy: Proxy | None = None

    @property
    def subject(self) -> str:
        """The person that the server knows."""
        return f"{PLATFORM}:{self.person.id}"


@dataclass(eq=False, slots=True)
class _Original:
    """A person's message that may get a copy."""

    message: discord.Message
    came: float = field(default_factory=time.monotonic)
    replaced: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False
    """A copy of it was found."""
    said: bool = False
    """It went on as it is: its copy is nothing new."""
    looked_at: list[asyncio.Event] = field(default_factory=list[asyncio.Event])
    """Set once it is clear whether a copy that looks like it is one of it."""


class Proxies:
    """Pairs copies with their originals. Tell `heard` of each message first, in order."""

    def __init__(self, pluralkit: PluralKit) -> None:
        self._pluralkit = pluralkit
        self._originals: OrderedDict[int, _Original] = OrderedDict()
        self._learned: OrderedDict[int, float] = OrderedDict()  # until when, by server or person

    def heard(self, message: discord.Message) -> bool:
        """Whether the message is by a person, or by such a service in a person's name."""
        if message.author.bot:
            if message.guild is None or service_of(message) is None:
                return False
            self._learn(message.guild.id)
        elif message.guild is not None:
            self._originals[message.id] = _Original(message)
            _bounded(self._originals)
        return True

    async def speaker(self, message: discord.Message) -> Speaker | None:
        """Who says it; None if nobody does: it is said once more, or by nobody that is known."""
        if (service := service_of(message)) is not None:
            return await self._behind(message, service)
        if await self._is_replaced(message):
            return None
        replied_to = message.reference.message_id if message.reference else None
        return Speaker(message.author, message.author.display_name, replied_to)

    def gone(self, message_ids: Iterable[int]) -> None:
        """These were deleted: what waits for its copy waits no longer."""
        for message_id in message_ids:
            if original := self._originals.get(message_id):
                original.replaced.set()

    async def has_copy(self, message_id: int) -> bool:
        """Whether a message goes on as its copy, so that its deletion means nothing."""
        original = self._originals.get(message_id)
        if original is None:
            return False
        await _all_clear(original)
        return original.taken

    async def _is_replaced(self, message: discord.Message) -> bool:
        """Wait for the message's copy where there can be one; whether it came."""
        original = self._originals.get(message.id)
        if original is None or not self._awaited(message):
            if original is not None:
                original.said = True
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, original.came + HOLD - time.monotonic())):
                await original.replaced.wait()
        if not original.replaced.is_set():
            await _all_clear(original)
        original.said = not original.replaced.is_set()
        return not original.said

    def _awaited(self, message: discord.Message) -> bool:
        guild = message.guild
        if guild is None:
            return False
        known = max(self._learned.get(one, 0.0) for one in (guild.id, message.author.id))
        # Who invites such a service gives it a role: that tells before it says anything.
        invited = any(role.tags and role.tags.bot_id in SERVICES for role in guild.roles)
        return invited or known > time.monotonic()

    async def _behind(self, copy: discord.Message, service: str) -> Speaker | None:
        alike = [one for one in self._originals.values() if _looks_like(copy, one)]
        with _looking_at(alike):
            told = await self._pluralkit.asked(copy.id) if service == PLURALKIT else None
            original = self._originals.get(told.original) if told else _only(alike, service)
            if told is None and original is None:
                return None
            answered = original is not None and (
                original.said or (original.taken and service == PLURALKIT)
            )
            if original is not None:
                original.taken = True
                original.replaced.set()
        person = original.message.author if original else discord.Object(told.sender if told else 0)
        self._learn(person.id)
        return None if answered else _speaker(copy, person, original, told, service)

    def _learn(self, one: int) -> None:
        self._learned[one] = time.monotonic() + LEARNED
        self._learned.move_to_end(one)
        _bounded(self._learned)


def service_of(message: discord.Message) -> str | None:
    """The service whose webhook says the message; None if it is none that we know.

    Discord itself tells which application owns a webhook: names and faces prove nothing.
    """
    application_id = message.application_id
    if message.webhook_id is None or message.webhook_id == application_id:  # an answer to a command
        return None
    return SERVICES.get(application_id or 0)


def _looks_like(copy: discord.Message, original: _Original) -> bool:
    """Whether these words may be those of the copy, with the signs around them that it lacks."""
    message, said = original.message, copy.content.strip()
    if message.channel.id != copy.channel.id or time.monotonic() - original.came > BEFORE:
        return False
    if not said:
        return 0 < len(copy.attachments) == len(message.attachments)
    return said in message.content


def _only(alike: list[_Original], service: str) -> _Original | None:
    """The one of whom the copy must be; None if several people could be.

    Tupperbox makes several copies of a message in which several members speak.
    """
    left = [one for one in alike if not one.taken or service == TUPPERBOX]
    people = {one.message.author.id for one in left}
    return left[0] if len(people) == 1 else None


def _speaker(
    copy: discord.Message,
    person: discord.abc.Snowflake,
    original: _Original | None,
    told: Proxied | None,
    service: str,
) -> Speaker:
    member = told.member if told else None
    name = (member.display_name or member.name) if member else copy.author.display_name
    name = name[:MAX_NAME]
    tupper = (
        name[:MAX_ID] if service == TUPPERBOX else ""
    )  # all that its webhook tells of who it is
    proxy = Proxy(
        service=service,
        member_id=member.id[:MAX_ID] if member else tupper,
        member_name=name,
        system_id=told.system.id[:MAX_ID] if told and told.system else "",
        verified=member is not None or service == TUPPERBOX,
    )
    return Speaker(person, name, _replied_to(copy, original), proxy)


def _replied_to(copy: discord.Message, original: _Original | None) -> int | None:
    reference = original.message.reference if original else None
    if reference is not None:
        return reference.message_id
    linked = reply_in_embed(copy)
    return int(linked.message_id) if linked else None


@contextmanager
def _looking_at(originals: list[_Original]) -> Generator[None]:
    """Until the block ends nobody decides what becomes of these."""
    clear = asyncio.Event()
    for original in originals:
        original.looked_at.append(clear)
    try:
        yield
    finally:
        clear.set()


async def _all_clear(original: _Original) -> None:
    for clear in original.looked_at:
        await clear.wait()


def _bounded(kept: "OrderedDict[int, _Original] | OrderedDict[int, float]") -> None:
    if len(kept) > KEPT:
        kept.popitem(last=False)
