"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats and the events, one session per shard.

A session outlives its connection: what happens meanwhile is kept, and a RESUME replays it.
"""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from secrets import token_hex

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.discord.message_payloads import event_of
from tests.fakes.discord.payloads import guild_of, own_user_of
from tests.fakes.discord.state import Guild, Message, World
from tests.fakes.discord.wire import Json

HEARTBEAT_INTERVAL = 41_250  # ms, what Discord sends
MAX_UPLINK = 4096  # bytes a client may send in one frame
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004

GUILDS, GUILD_WEBHOOKS = 1 << 0, 1 << 5  # Discord "Gateway Intents"
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15


class Opcode(IntEnum):
    """Discord "Gateway Opcodes", those spoken here."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Connection:
    """One websocket and the queue of what still has to be written to it."""

    def __init__(self, socket: web.WebSocketResponse, compressed: bool) -> None:
        self.socket = socket
        self._outgoing = asyncio.Queue[Json | None]()
        self._zlib = zlib.compressobj() if compressed else None  # one stream per connection

    def send(self, payload: Json) -> None:
        self._outgoing.put_nowait(payload)

    def end(self) -> None:
        """Close the socket once everything before this has been written."""
        self._outgoing.put_nowait(None)

    async def write(self) -> None:
        while (payload := await self._outgoing.get()) is not None:
            text = json.dumps(payload)
            if self._zlib is None:
                await self.socket.send_str(text)
            else:
                frame = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(frame)
        await self.socket.close(code=WSCloseCode.SERVICE_RESTART)


@dataclass(eq=False, slots=True)
class Session:
    """What one identified shard has been told."""

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    sent: list[Json] = field(default_factory=list[Json])

    def dispatch(self, event: str, data: Json) -> None:
        payload: Json = {"op": Opcode.DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(payload)
        if self.connection:
            self.connection.send(payload)

    def serves(self, guild: Guild | None) -> bool:
        """Whether this shard is told about that server; direct messages go to shard 0."""
        number, count = self.shard
        return ((guild.id >> 22) % count if guild else 0) == number


class Gateway:
    """Every session, and the ways to speak to them."""

    def __init__(self, world: World, token: str, complain: Callable[[str], None]) -> None:
        self._world = world
        self._token = token
        self._complain = complain
        self.url = ""
        """Set when the port is known; READY sends resumes there."""
        self.sessions: dict[str, Session] = {}
        self.resumes = 0
        """How many RESUMEs have succeeded."""
        self.notify: Callable[[], None] = lambda: None
        self._sockets: set[web.WebSocketResponse] = set()

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.connection]

    def dispatch(self, event: str, data: Json, *, intent: int, guild: Guild | None) -> None:
        """Tell the shard in charge, if it asked for this kind of event."""
        for session in self.sessions.values():
            if session.serves(guild) and session.intents & intent:
                session.dispatch(event, data)

    def dispatch_message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE, without the text for those who may not read it."""
        guild = message.channel.guild
        intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        for session in self.sessions.values():
            if session.serves(guild) and session.intents & intent:
                data = event_of(message, self._world)
                if not self._may_read(session, message):
                    data |= {"content": "", "embeds": [], "attachments": [], "components": []}
                session.dispatch(event, data)

    def dispatch_interaction(self, data: Json, guild: Guild | None) -> None:
        """INTERACTION_CREATE needs no intent."""
        for session in self.sessions.values():
            if session.serves(guild):
                session.dispatch("INTERACTION_CREATE", data)

    def ask_to_reconnect(self) -> None:
        """Op 7: every client closes and resumes."""
        for session in self.connected:
            assert session.connection
            session.connection.send({"op": Opcode.RECONNECT, "d": None})

    def end_connections(self) -> None:
        """Close every socket without a word; sessions can be resumed."""
        for session in self.connected:
            assert session.connection
            session.connection.end()

    def invalidate(self) -> None:
        """Op 9, not resumable: every client has to identify anew."""
        for session in self.connected:
            assert session.connection
            session.connection.send({"op": Opcode.INVALID_SESSION, "d": False})
        self.sessions.clear()

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One websocket from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress") == "zlib-stream")
        self._sockets.add(socket)
        writer = asyncio.create_task(connection.write())
        connection.send({"op": Opcode.HELLO, "d": {"heartbeat_interval": HEARTBEAT_INTERVAL}})
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._receive(connection, message.data)
        finally:
            self._sockets.discard(socket)
            writer.cancel()
            await asyncio.wait({writer})
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            self.notify()
        return socket

    async def _receive(self, connection: Connection, frame: str | bytes) -> None:
        if len(frame) > MAX_UPLINK:
            self._complain(f"gateway: a frame of {len(frame)} bytes, more than {MAX_UPLINK}")
            await connection.socket.close(code=DECODE_ERROR)
            return
        payload: Json = json.loads(frame)
        identified = any(one.connection is connection for one in self.sessions.values())
        match payload["op"]:
            case Opcode.HEARTBEAT:
                connection.send({"op": Opcode.HEARTBEAT_ACK})
            case Opcode.IDENTIFY:
                await self._identify(connection, payload["d"])
            case Opcode.RESUME:
                self._resume(connection, payload["d"])
            case Opcode.PRESENCE if identified:
                pass
            case opcode:
                self._complain(f"gateway: opcode {opcode} is not spoken here or came too early")
                code = UNKNOWN_OPCODE if identified else NOT_AUTHENTICATED
                await connection.socket.close(code=code)
        self.notify()

    async def _identify(self, connection: Connection, data: Json) -> None:
        missing = {"token", "intents", "properties"} - data.keys()
        if missing:
            self._complain(f"gateway: IDENTIFY without {sorted(missing)}")
        if missing or data["token"] != self._token:
            await connection.socket.close(code=AUTHENTICATION_FAILED)
            return
        number, count = data.get("shard") or (0, 1)
        session = Session(token_hex(16), (number, count), data["intents"], connection)
        guilds = [guild for guild in self._world.guilds.values() if session.serves(guild)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": own_user_of(self._world.bot),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [number, count],
                "application": {"id": str(self._world.application_id), "flags": 1 << 19},
            },
        )
        for guild in guilds:
            if session.intents & GUILDS:
                session.dispatch("GUILD_CREATE", guild_of(guild, self._world))
        self.sessions[session.id] = session

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data.get("session_id", ""))
        if session is None or data.get("token") != self._token:
            connection.send({"op": Opcode.INVALID_SESSION, "d": False})
            return
        if session.connection:
            session.connection.end()
        session.connection = connection
        for payload in session.sent[data["seq"] :]:
            connection.send(payload)
        self.resumes += 1
        session.dispatch("RESUMED", {})

    def _may_read(self, session: Session, message: Message) -> bool:
        """Without the privileged intent: own messages, direct ones, and those with a mention."""
        return bool(
            session.intents & MESSAGE_CONTENT
            or message.channel.guild is None
            or message.author is self._world.bot
            or self._world.bot.id in message.versions[-1].pings.users
        )
