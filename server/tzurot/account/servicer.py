"""AccountService and AdminService: read the message, call the room, write the message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tzurot.account import store, wire
from tzurot.account.personas import Personas
from tzurot.account.time_zones import TimeZones
from tzurot.account.tokens import Tokens
from tzurot.account.v1 import (
    account_service_pb2,
    account_service_pb2_grpc,
    admin_service_pb2,
    admin_service_pb2_grpc,
    person_pb2,
)
from tzurot.storage import pagination
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import uuid_or_none


class AccountServicer(account_service_pb2_grpc.AccountServiceServicer):
    """Who is calling, under which faces."""

    def __init__(self, database: Database, personas: Personas) -> None:
        self._database = database
        self._personas = personas
        self._time_zones = TimeZones(database)

    async def GetMe(
        self, request: account_service_pb2.GetMeRequest, context: Any
    ) -> account_service_pb2.GetMeResponse:
        """The person that the call acts for; authentication has created it if it was new."""
        return account_service_pb2.GetMeResponse(person=await self._person(caller(context)))

    async def ListPersonas(
        self, request: account_service_pb2.ListPersonasRequest, context: Any
    ) -> account_service_pb2.ListPersonasResponse:
        """A page of the caller's personas, the default first, then by name."""
        size, filters = pagination.size(request.page_size), {"list": "personas"}
        after = pagination.unseal(request.page_token, filters, wire.position_from)
        rows = await self._personas.list(caller(context).person_id, after=after, limit=size + 1)
        page, more = pagination.cut(rows, size, filters, lambda row: wire.position_to(row[0]))
        return account_service_pb2.ListPersonasResponse(
            personas=[wire.persona_to(*row) for row in page], next_page_token=more
        )

    async def DeletePersona(
        self, request: account_service_pb2.DeletePersonaRequest, context: Any
    ) -> account_service_pb2.DeletePersonaResponse:
        """The end of a persona and of its memories."""
        await self._personas.delete(caller(context).person_id, UUID(request.persona_id))
        return account_service_pb2.DeletePersonaResponse()

    async def SetFront(
        self, request: account_service_pb2.SetFrontRequest, context: Any
    ) -> account_service_pb2.SetFrontResponse:
        """Who speaks where no service speaks for the caller."""
        me = caller(context)
        duration = request.duration.ToTimedelta() if request.HasField("duration") else None
        await self._personas.front(me.person_id, uuid_or_none(request.persona_id), duration)
        return account_service_pb2.SetFrontResponse(person=await self._person(me))

    async def SetTimeZone(
        self, request: account_service_pb2.SetTimeZoneRequest, context: Any
    ) -> account_service_pb2.SetTimeZoneResponse:
        """Where the caller's clock is."""
        me = caller(context)
        await self._time_zones.set(me.person_id, request.time_zone)
        return account_service_pb2.SetTimeZoneResponse(person=await self._person(me))

    async def _person(self, me: Caller) -> person_pb2.Person:
        async with self._database.transaction() as tx:
            person, persona = await store.person(tx, me.person_id)
            in_front = person.front_persona_id
            front = await store.persona(tx, me.person_id, in_front) if in_front else None
            tags = await store.proxy_tags(tx, [it.id for it in (persona, front) if it])
        usual = wire.persona_to(persona, tags.get(persona.id, ()))
        fronting = wire.persona_to(front, tags.get(front.id, ())) if front else None
        return wire.person_to(person, me.subject, usual, fronting)


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What runs here."""

    version: str
    database_version: str
    schema_revision: str
    index_engine: str
    index_backlog_count: int
    running_turn_count: int
    embedding_model: str
    next_embedding_model: str
    unread_count: int
    index_complete: bool


class AdminServicer(admin_service_pb2_grpc.AdminServiceServicer):
    """For whoever runs the server."""

    def __init__(self, tokens: Tokens, server_info: Callable[[], Awaitable[ServerInfo]]) -> None:
        self._tokens = tokens
        self._server_info = server_info

    async def CreateServiceToken(
        self, request: admin_service_pb2.CreateServiceTokenRequest, context: Any
    ) -> admin_service_pb2.CreateServiceTokenResponse:
        """Create a token and show its secret once."""
        token, secret = await self._tokens.create(wire.new_token_from(request, caller(context)))
        return admin_service_pb2.CreateServiceTokenResponse(
            service_token=wire.token_to(token), secret=secret
        )

    async def ListServiceTokens(
        self, request: admin_service_pb2.ListServiceTokensRequest, context: Any
    ) -> admin_service_pb2.ListServiceTokensResponse:
        """A page of tokens, newest first."""
        size, filters = pagination.size(request.page_size), {"list": "service_tokens"}
        after = pagination.unseal(request.page_token, filters, UUID)
        tokens = await self._tokens.list(after, size + 1)
        page, more = pagination.cut(tokens, size, filters, lambda token: token.id)
        return admin_service_pb2.ListServiceTokensResponse(
            service_tokens=[wire.token_to(token) for token in page], next_page_token=more
        )

    async def RevokeServiceToken(
        self, request: admin_service_pb2.RevokeServiceTokenRequest, context: Any
    ) -> admin_service_pb2.RevokeServiceTokenResponse:
        """End a token at once."""
        await self._tokens.revoke(UUID(request.token_id))
        return admin_service_pb2.RevokeServiceTokenResponse()

    async def GetServerInfo(
        self, request: admin_service_pb2.GetServerInfoRequest, context: Any
    ) -> admin_service_pb2.GetServerInfoResponse:
        """What runs here."""
        info = await self._server_info()
        return admin_service_pb2.GetServerInfoResponse(
            version=info.version,
            database_version=info.database_version,
            schema_revision=info.schema_revision,
            index_engine=info.index_engine,
            index_backlog_count=info.index_backlog_count,
            running_turn_count=info.running_turn_count,
            embedding_model=info.embedding_model,
            next_embedding_model=info.next_embedding_model,
            unread_count=info.unread_count,
            index_complete=info.index_complete,
        )
