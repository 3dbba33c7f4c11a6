"""WalletService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.transport.subject import caller
from tzurot.wallet import wire
from tzurot.wallet.keys import key_wire
from tzurot.wallet.keys.keys import Keys
from tzurot.wallet.paying import Wallet
from tzurot.wallet.v1 import wallet_service_pb2 as pb
from tzurot.wallet.v1 import wallet_service_pb2_grpc


class WalletServicer(wallet_service_pb2_grpc.WalletServiceServicer):
    """The models, and people's own keys."""

    def __init__(self, wallet: Wallet, keys: Keys) -> None:
        self._wallet = wallet
        self._keys = keys

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Any
    ) -> pb.ListModelsResponse:
        """All models in the order in which they are asked; that of the caller's own key first."""
        me = caller(context)
        own = await self._wallet.own.speaker(me.person_id) if self._wallet.own else None
        speakers = [model.speaker for model in self._wallet.models]
        usable = [it for it in speakers if self._wallet.pays(it, me.subject)]
        models = [wire.model_to(it, speaks=it in usable) for it in speakers]
        if own:
            models = [wire.own_model_to(*own), *models]
        advice = usable[0].how_better if usable and not own else None
        return pb.ListModelsResponse(models=models, advice=advice or "")

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
