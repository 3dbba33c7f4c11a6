"""AliasService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.personality import wire
from tzurot.personality.names import alias_wire
from tzurot.personality.names.aliases import Aliases
from tzurot.personality.v1 import alias_service_pb2 as pb
from tzurot.personality.v1 import alias_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller


class AliasServicer(alias_service_pb2_grpc.AliasServiceServicer):
    """The names that characters are found by besides their own."""

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases

    async def CreatePersonalityAlias(
        self, request: pb.CreatePersonalityAliasRequest, context: Any
    ) -> pb.CreatePersonalityAliasResponse:
        """A name more."""
        new = alias_wire.new_from(request, caller(context))
        alias, warnings = await self._aliases.create(wire.ref_from(request.personality), new)
        return pb.CreatePersonalityAliasResponse(
            alias=alias_wire.alias_to(alias), warnings=warnings
        )

    async def DeletePersonalityAlias(
        self, request: pb.DeletePersonalityAliasRequest, context: Any
    ) -> pb.DeletePersonalityAliasResponse:
        """A name less."""
        await self._aliases.delete(caller(context).person_id, UUID(request.alias_id))
        return pb.DeletePersonalityAliasResponse()

    async def ListPersonalityAliases(
        self, request: pb.ListPersonalityAliasesRequest, context: Any
    ) -> pb.ListPersonalityAliasesResponse:
        """A page of a character's names, or of all that are the caller's alone."""
        ref = wire.ref_from(request.personality) if request.HasField("personality") else None
        size, filters = pagination.size(request.page_size), {"aliases": str(ref)}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._aliases.list(
            caller(context).person_id, ref, before=before, limit=size + 1
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListPersonalityAliasesResponse(
            aliases=[alias_wire.alias_to(it) for it in page], next_page_token=more
        )
