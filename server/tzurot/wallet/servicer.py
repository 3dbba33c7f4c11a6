"""WalletService: read the message, call the room, write the message."""

from typing import Any

from tzurot.transport.subject import caller
from tzurot.wallet import wire
from tzurot.wallet.paying import Wallet
from tzurot.wallet.v1 import wallet_service_pb2 as pb
from tzurot.wallet.v1 import wallet_service_pb2_grpc


class WalletServicer(wallet_service_pb2_grpc.WalletServiceServicer):
    """The models."""

    def __init__(self, wallet: Wallet) -> None:
        self._wallet = wallet

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Any
    ) -> pb.ListModelsResponse:
        """All models in the order in which they are asked."""
        subject = caller(context).subject
        speakers = [model.speaker for model in self._wallet.models]
        usable = [speaker for speaker in speakers if self._wallet.pays(speaker, subject)]
        return pb.ListModelsResponse(
            models=[wire.model_to(s, speaks=s in usable) for s in speakers],
            advice=(usable[0].how_better or "") if usable else "",
        )
