"""A connection to a server: the services of the contract, with deadlines, typed errors and retries.

The generated stubs do the work; `_Calls` stands between them and the wire.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar, cast

from betterproto2.grpclib.grpclib_client import ServiceStub
from grpclib.client import Channel
from grpclib.encoding.proto import ProtoCodec, ProtoStatusDetailsCodec
from grpclib.metadata import Deadline

from tzurot_client import chat
from tzurot_client.errors import BROKEN, translated
from tzurot_client.gen.tzurot.account import v1 as account
from tzurot_client.gen.tzurot.flow.v1 import FlowServiceStub
from tzurot_client.gen.tzurot.memory.v1 import (
    ClaimServiceStub,
    DreamServiceStub,
    FactServiceStub,
    MemoryServiceStub,
)
from tzurot_client.gen.tzurot.personality.v1 import (
    AliasServiceStub,
    KnowledgeServiceStub,
    LorebookServiceStub,
    OverrideServiceStub,
    PersonalityServiceStub,
    SharingServiceStub,
)
from tzurot_client.gen.tzurot.session.v1 import (
    ChannelServiceStub,
    ChatEvent,
    ChatRequest,
    HistoryServiceStub,
    MessageServiceStub,
    SessionServiceStub,
    SettingServiceStub,
)
from tzurot_client.gen.tzurot.skill.v1 import SkillServiceStub
from tzurot_client.gen.tzurot.transfer.v1 import TransferServiceStub
from tzurot_client.gen.tzurot.wallet import v1 as wallet
from tzurot_client.patience import Patience

UNARY_SECONDS = 10.0  # the server's own limits
STREAM_SECONDS, UPLOAD_SECONDS = 180.0, 3600.0
S = TypeVar("S", bound=ServiceStub)
# verbs without side effects
READS = ("Get", "List", "Search", "Resolve", "Watch", "Download", "Export", "Explain", "Complete")


@asynccontextmanager
async def connect(
    address: str,
    token: str,
    *,
    subject: str | None = None,
    tls: bool | Path = False,
    insecure: bool = False,
) -> AsyncGenerator["Client", None]:
    """A client of the server at `address` (`host:port`); the first call connects.

    `subject` is the person to act for (`discord:123`); without one, the token's own. `tls` is True
    or the file of the authority to trust; plaintext leaves this machine only if `insecure`.
    ValueError: the address is none, or plaintext would leave this machine.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{address!r} is no address: it must be host:port")
    if not (tls or insecure or is_loopback(address)):
        raise ValueError(f"{address} is another machine: use TLS, or plaintext with insecure=True")
    channel = Channel(
        host.strip("[]"),
        int(port),
        ssl=_tls_context(tls) if tls else None,
        codec=ProtoCodec(),
        status_details_codec=ProtoStatusDetailsCodec(),
    )
    try:
        yield Client(channel, token, subject)
    finally:
        channel.close()


def is_loopback(address: str) -> bool:
    """Whether `host:port` is on this machine."""
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Client:
    """All services of one server, called as one person."""

    def __init__(self, channel: Channel, token: str, subject: str | None) -> None:
        metadata = {"authorization": f"Bearer {token}"}
        if subject is not None:
            metadata["tzurot-subject"] = subject
        self._channel, self._token = channel, token
        self.subject = subject  # whom it acts for (`discord:123`); None: the token's own

        def service(stub: type[S]) -> S:
            return _with_calls(stub)(channel, metadata=metadata)

        self.personality = service(PersonalityServiceStub)
        self.sharing = service(SharingServiceStub)
        self.alias = service(AliasServiceStub)
        self.override = service(OverrideServiceStub)
        self.lorebook = service(LorebookServiceStub)
        self.knowledge = service(KnowledgeServiceStub)
        self.memory = service(MemoryServiceStub)
        self.claim = service(ClaimServiceStub)
        self.dream = service(DreamServiceStub)
        self.fact = service(FactServiceStub)
        self.wallet = service(wallet.WalletServiceStub)
        self.sponsor = service(wallet.SponsorServiceStub)
        self.preset = service(wallet.PresetServiceStub)
        self.session = service(SessionServiceStub)
        self.setting = service(SettingServiceStub)
        self.channel = service(ChannelServiceStub)
        self.message = service(MessageServiceStub)
        self.history = service(HistoryServiceStub)
        self.transfer = service(TransferServiceStub)
        self.flow = service(FlowServiceStub)
        self.skill = service(SkillServiceStub)
        self.account = service(account.AccountServiceStub)
        self.admin = service(account.AdminServiceStub)
        self.moderation = service(account.ModerationServiceStub)

    def acting_for(self, subject: str) -> "Client":
        """The same connection, called as another person. Cheap: make one for each message."""
        return Client(self._channel, self._token, subject)

    def chat(
        self, request: ChatRequest, *, timeout: float = STREAM_SECONDS
    ) -> AsyncGenerator[ChatEvent, None]:
        """Say something and follow how it is answered, over lost connections (`chat.py`)."""
        return chat.follow(self.session, request, Deadline.from_timeout(timeout))


class _Calls(ServiceStub):
    """Every call: a deadline, our errors, and up to three tries where a repeat does no harm."""

    async def _unary_unary(self, route: str, request: Any, response_type: Any, **how: Any) -> Any:
        patience, how = _patience(route, request), _with_deadline(how, UNARY_SECONDS)
        while True:
            try:
                return await super()._unary_unary(route, request, response_type, **how)
            except BROKEN as broken:
                await patience.wait_or_raise(translated(broken))

    async def _unary_stream(
        self, route: str, request: Any, response_type: Any, **how: Any
    ) -> AsyncIterator[Any]:
        patience, how = _patience(route, request), _with_deadline(how, STREAM_SECONDS)
        while True:
            try:
                async for message in super()._unary_stream(route, request, response_type, **how):
                    patience = Patience(1)  # how to go on after a part, only the caller knows
                    yield message
            except BROKEN as broken:
                await patience.wait_or_raise(translated(broken))
            else:
                return

    async def _stream_unary(
        self, route: str, request_iterator: Any, *types: Any, **how: Any
    ) -> Any:
        try:
            how = _with_deadline(how, UPLOAD_SECONDS)
            return await super()._stream_unary(route, request_iterator, *types, **how)
        except BROKEN as broken:
            raise translated(broken) from broken

    async def _stream_stream(
        self, route: str, request_iterator: Any, *types: Any, **how: Any
    ) -> AsyncIterator[Any]:
        how = _with_deadline(how, UPLOAD_SECONDS)
        try:
            async for message in super()._stream_stream(route, request_iterator, *types, **how):
                yield message
        except BROKEN as broken:
            raise translated(broken) from broken


def _with_calls(stub: type[S]) -> type[S]:
    return cast("type[S]", _made(stub))  # pyright does not see the bases of a class made by `type`


@cache
def _made(stub: type) -> type:
    return type(stub.__name__, (_Calls, stub), {})


def _patience(route: str, request: Any) -> Patience:
    """Three tries where a repeat does no harm: a read, or the server knows the request's id."""
    read = route.rpartition("/")[2].startswith(READS)
    return Patience(3 if read or getattr(request, "request_id", "") else 1)


def _with_deadline(how: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One deadline for all tries, the caller's if it gave one."""
    timeout = how.pop("timeout", None) or seconds
    return how | {"deadline": how.get("deadline") or Deadline.from_timeout(timeout)}


def _tls_context(tls: bool | Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=tls if isinstance(tls, Path) else None)
    context.set_alpn_protocols(["h2"])
    return context
