"""The handle a test holds: start a Discord, wait for what the bot does, look at it, disturb it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Self, TypeVar

from aiohttp import ClientSession, web
from yarl import URL

from tests.fakes.discord.cdn import Cdn
from tests.fakes.discord.limits import too_many
from tests.fakes.discord.oracle import Oracle
from tests.fakes.discord.platform import Fault, Hold, Terms
from tests.fakes.discord.rest import PREFIX, Rest
from tests.fakes.discord.stage import Stage
from tests.fakes.discord.state import Channel, Message
from tests.fakes.discord.wire import Reply, Request

T = TypeVar("T")
LOOPBACK = "127.0.0.1"
MAX_REQUEST = 25 * 1024 * 1024  # bytes; Discord "Uploading Files"
LOOK_AGAIN = 0.05  # seconds
RETRY_AFTER = 0.2  # seconds told by a 429 that a test orders


class FakeDiscord(Stage):
    """One Discord on one loopback port: REST, gateway and CDN. Use `start`."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.base = ""
        """`http://127.0.0.1:<port>`."""

    @classmethod
    @asynccontextmanager
    async def start(cls, terms: Terms | None = None) -> AsyncGenerator[Self, None]:
        """Run on a free port until the block ends."""
        discord = cls(terms or Terms())
        runner = web.AppRunner(discord._application(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, 0).start()
            port = runner.addresses[0][1]
            discord.base = f"http://{LOOPBACK}:{port}"
            discord.gateway.url = f"ws://{LOOPBACK}:{port}/"
            discord.platform.cdn_base = discord.base + Cdn.PREFIX
            yield discord
        finally:
            for hold in discord.platform.holds:
                hold.release()
            await discord.gateway.close()
            await runner.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """What a bot's process needs to find this Discord; each address is given in full."""
        return {
            "DISCORD_API_BASE": self.base + PREFIX,
            "DISCORD_GATEWAY_URL": self.gateway.url,
            "DISCORD_CDN_BASE": self.platform.cdn_base,
            "DISCORD_TOKEN": self.platform.terms.token,
        }

    # Looking

    @property
    def requests(self) -> list[Request]:
        """Every REST request in order of arrival."""
        return self.platform.requests

    def requested(self, method: str, template: str) -> list[Request]:
        """The answered requests of one operation, in order of arrival."""
        return [
            request
            for request in self.requests
            if (request.method, request.template) == (method, template)
            and request.status is not None
        ]

    def messages(self, channel: Channel) -> list[Message]:
        """What stands in the channel now, oldest first; each message knows its earlier texts.

        Loading and ephemeral answers to commands are among them.
        """
        return self.world.history(channel)

    def check(self) -> None:
        """Fail if the bot or the fake itself has broken Discord's rules: for the end of a test."""
        assert not self.violations, "\n".join(self.violations)

    async def face(self, message: Message) -> bytes:
        """The image at the message's avatar address, fetched as Discord's own proxy would.

        Only from the loopback interface.
        """
        address = URL(message.avatar_url or "")
        assert address.host in (LOOPBACK, "localhost"), f"not here: {address}"
        async with ClientSession() as session, session.get(address) as response:
            assert response.status == 200, f"{response.status} for {address}"
            return await response.read()

    # Waiting

    async def until(self, holds: Callable[[], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109 (a test's own bound, reported in words)
        """Wait until `holds()` is true and return its value.

        Asked anew at each change here, and every 50 ms for what changes elsewhere.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (value := holds()):
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_AGAIN):
                            await self.platform.change()
                return value
        except TimeoutError as expired:
            raise AssertionError(f"not within {timeout} s; {self._told()}") from expired

    async def wait_for(
        self,
        method: str,
        template: str,
        count: int = 1,
        timeout: float = 60.0,  # noqa: ASYNC109 (as above)
    ) -> list[Request]:
        """Wait until this operation has been answered `count` times since the start; all of them.

        `template` is the vendor's path: `/channels/{channel_id}/messages`.
        """

        def enough() -> list[Request] | None:
            found = self.requested(method, template)
            return found if len(found) >= count else None

        found = await self.until(enough, timeout)
        assert found
        return found

    async def wait_ready(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 (as above)
        """Wait until every shard of the bot has identified and been told its servers."""

        def complete() -> bool:
            shards = {session.shard for session in self.gateway.connected}
            return any(len(shards) == count for _, count in shards)

        await self.until(complete, timeout)

    # Disturbing

    def fault(
        self, method: str, template: str, status: int, body: Any = None, times: int = 1
    ) -> None:
        """Answer the next `times` requests of this operation so; they have no effect.

        Without a body, 429 tells to retry after 0.2 s and others carry code 0. The library itself
        retries 500, 502 and 504 after one second or more.
        """
        reply = (
            too_many(RETRY_AFTER) if status == 429 else Reply(status, {"code": 0, "message": ""})
        )
        if body is not None:
            reply = Reply(status, body, reply.headers)
        self.platform.faults.append(Fault(method, template, reply, times))

    @contextmanager
    def hold(self, method: str, template: str) -> Generator[Hold, None, None]:
        """Let requests of this operation wait for their effect and answer until the block ends."""
        hold = Hold(method, template)
        self.platform.holds.append(hold)
        try:
            yield hold
        finally:
            self.platform.holds.remove(hold)
            hold.release()

    def reconnect_gateway(self) -> None:
        """Op 7: clients close and resume."""
        self.gateway.ask_to_reconnect()

    def drop_gateway(self) -> None:
        """Close every connection; sessions stay resumable, events are kept for them."""
        self.gateway.end_connections()

    def invalidate_gateway(self) -> None:
        """Op 9, not resumable; discord.py waits some seconds, then identifies anew."""
        self.gateway.invalidate()

    def _told(self) -> str:
        recent = [f"{one.method} {one.template} {one.status}" for one in self.requests[-12:]]
        return f"last requests: {recent}; violations: {self.violations}"

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_REQUEST)
        cdn = Cdn(self.world)
        rest = Rest(self.platform, Oracle.load())
        application.add_routes(
            [
                web.get("/", self.gateway.serve),
                web.get(Cdn.PREFIX + "/emojis/{file}", cdn.emoji),
                web.get(Cdn.PREFIX + "/attachments/{path:.+}", cdn.attachment),
                web.route("*", PREFIX + "/{path:.+}", rest.serve),
            ]
        )
        return application
