"""What every part of the fake shares: the world, the gateway, what was asked and what was wrong."""

import asyncio
from dataclasses import dataclass, field

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.state import World
from tests.fakes.discord.wire import Reply, Request


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many requests in so many seconds, counted from the first one on."""

    limit: int
    seconds: float


GENEROUS = Bucket(1000, 1.0)  # with a small limit discord.py throttles itself, and tests crawl
PER_WEBHOOK = Bucket(5, 2.0)  # observed by many; Discord documents no number


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers of this Discord; a test lowers those it wants to reach."""

    token: str = "test-bot-token"
    shards: int = 1
    webhook_bucket: Bucket = GENEROUS
    answer_within: float = 3.0
    """Seconds until an interaction must have had its first response."""
    token_lifetime: float = 900.0
    """Seconds that an interaction's token lives."""
    emoji_limit: int = 2000
    webhook_limit: int = 15
    """Webhooks per channel."""


@dataclass(slots=True)
class Fault:
    """An answer that replaces the next `times` true ones."""

    method: str
    template: str
    reply: Reply
    times: int


@dataclass(eq=False, slots=True)
class Hold:
    """Keeps requests of one kind waiting for their answer until `release`."""

    method: str
    template: str
    held: list[Request] = field(default_factory=list[Request])
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        self._released.set()

    async def delay(self, request: Request) -> None:
        """Wait if the request is of this kind."""
        if (self.method, self.template) == (request.method, request.template):
            self.held.append(request)
            await self._released.wait()


@dataclass(eq=False, slots=True)
class Platform:
    terms: Terms
    world: World
    gateway: Gateway
    violations: list[str]
    cdn_base: str = ""
    requests: list[Request] = field(default_factory=list[Request])
    faults: list[Fault] = field(default_factory=list[Fault])
    holds: list[Hold] = field(default_factory=list[Hold])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def notify(self) -> None:
        """Wake everybody who waits for something to become true."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Return when something has changed."""
        await self._changed.wait()
