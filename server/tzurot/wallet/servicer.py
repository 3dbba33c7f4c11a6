"""WalletService: read the message, call the room, write the message."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import uuid_or_none
from tzurot.wallet import wire
from tzurot.wallet.keys import key_wire
from tzurot.wallet.keys.keys import Keys
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.plan import Route
from tzurot.wallet.v1 import wallet_service_pb2 as pb
from tzurot.wallet.v1 import wallet_service_pb2_grpc

Payers = Callable[[Caller, UUID | None, tuple[str, str] | None], Awaitable[Payer]]
"""Called with a caller, a character and a channel (platform and id): who pays there, and where
their words may go. Raises PersonalityNotFound and SubjectDenied."""


class WalletServicer(wallet_service_pb2_grpc.WalletServiceServicer):
    """The models, and people's own keys."""

    def __init__(self, wallet: Wallet, keys: Keys, payers: Payers) -> None:
        self._wallet = wallet
        self._keys = keys
        self._payers = payers

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Any
    ) -> pb.ListModelsResponse:
        """All models in the order in which they are asked; that of the caller's own key first."""
        found = await self._wallet.plan(await self._payers(caller(context), None, None))
        models = [
            wire.model_to(
                it.candidate.speaker, speaks=it.obstacle is None, api_key_id=it.candidate.key_id
            )
            for it in found.alternatives
            if it.candidate
        ]
        taken = found.taken
        candidate = taken.candidate if taken else None
        guest = taken and taken.route is not Route.OWN_KEY
        advice = candidate.speaker.how_better if candidate and guest else None
        return pb.ListModelsResponse(models=models, advice=advice or "")

    async def ExplainPayment(
        self, request: pb.ExplainPaymentRequest, context: Any
    ) -> pb.ExplainPaymentResponse:
        """Every way to an answer, and why the others are not taken."""
        channel = (request.platform, request.channel_id) if request.channel_id else None
        who = uuid_or_none(request.personality_id)
        payer = await self._payers(caller(context), who, channel)
        return wire.payment_to(await self._wallet.plan(payer), clock.now())

    async def CreateApiKey(
        self, request: pb.CreateApiKeyRequest, context: Any
    ) -> pb.CreateApiKeyResponse:
        """Store a key that its provider lets in."""
        row = await self._keys.create(caller(context), key_wire.new_key_from(request))
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
        row = await self._keys.check(caller(context), UUID(request.api_key_id))
        return pb.CheckApiKeyResponse(api_key=key_wire.key_to(row))

    async def DeleteApiKey(
        self, request: pb.DeleteApiKeyRequest, context: Any
    ) -> pb.DeleteApiKeyResponse:
        """Delete a key for good."""
        await self._keys.delete(caller(context).person_id, UUID(request.api_key_id))
        return pb.DeleteApiKeyResponse()
