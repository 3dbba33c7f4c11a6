"""WalletService: read the message, call the room, write the message."""

import json
from typing import Any
from uuid import UUID

from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.wallet import browsing, wire
from tzurot.wallet.browsing import Browsing, Position
from tzurot.wallet.keys import key_wire
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.keys import Keys
from tzurot.wallet.paying import Payer
from tzurot.wallet.v1 import wallet_service_pb2 as pb
from tzurot.wallet.v1 import wallet_service_pb2_grpc


class WalletServicer(wallet_service_pb2_grpc.WalletServiceServicer):
    """The models, and people's own keys."""

    def __init__(self, browsing: Browsing, keys: Keys, choosing: Choosing) -> None:
        self._browsing = browsing
        self._keys = keys
        self._choosing = choosing

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Any
    ) -> pb.ListModelsResponse:
        """A page of the models that fit."""
        who, size = _payer(context), pagination.size(request.page_size)
        filters = wire.filters_of(request)
        after = pagination.unseal(request.page_token, filters, _position)
        found = browsing.found(await self._browsing.offers(who), wire.wanted_from(request))
        rows = [it for it in found if after is None or it[0] > after]
        page, more = pagination.cut(rows, size, filters, lambda it: json.dumps(it[0]))
        return pb.ListModelsResponse(
            models=[wire.model_to(offer) for _, offer in page],
            advice=await self._browsing.advice(who),
            next_page_token=more,
        )

    async def GetModel(self, request: pb.GetModelRequest, context: Any) -> pb.GetModelResponse:
        """One model."""
        kind = wire.kind_from(request.provider)
        offer = await self._browsing.get(_payer(context), request.model_id, kind)
        return pb.GetModelResponse(model=wire.model_to(offer))

    async def CreateApiKey(
        self, request: pb.CreateApiKeyRequest, context: Any
    ) -> pb.CreateApiKeyResponse:
        """Store a key that its provider lets in."""
        row = await self._keys.create(caller(context).person_id, key_wire.new_key_from(request))
        return pb.CreateApiKeyResponse(api_key=key_wire.key_to(row))

    async def ListApiKeys(
        self, request: pb.ListApiKeysRequest, context: Any
    ) -> pb.ListApiKeysResponse:
        """The caller's keys."""
        rows = await self._keys.list(caller(context).person_id)
        return pb.ListApiKeysResponse(api_keys=[key_wire.key_to(row) for row in rows])

    async def UpdateApiKey(
        self, request: pb.UpdateApiKeyRequest, context: Any
    ) -> pb.UpdateApiKeyResponse:
        """Have another model speak with a key."""
        row = await self._choosing.choose(
            caller(context).person_id, UUID(request.api_key_id), request.model
        )
        return pb.UpdateApiKeyResponse(api_key=key_wire.key_to(row))

    async def CheckApiKey(
        self, request: pb.CheckApiKeyRequest, context: Any
    ) -> pb.CheckApiKeyResponse:
        """Ask a key's provider once more."""
        row = await self._keys.check(caller(context).person_id, UUID(request.api_key_id))
        return pb.CheckApiKeyResponse(api_key=key_wire.key_to(row))

    async def DeleteApiKey(
        self, request: pb.DeleteApiKeyRequest, context: Any
    ) -> pb.DeleteApiKeyResponse:
        """Delete a key for good."""
        await self._keys.delete(caller(context).person_id, UUID(request.api_key_id))
        return pb.DeleteApiKeyResponse()


def _payer(context: Any) -> Payer:
    me = caller(context)
    return Payer(me.person_id, me.subject)


def _position(text: str) -> Position:
    first, second, provider, id_ = json.loads(text)
    return int(first), int(second), str(provider), str(id_)
