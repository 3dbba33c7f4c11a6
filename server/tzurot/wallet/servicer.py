"""WalletService: read the message, call the room, write the message."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.storage import pagination
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import moment, uuid_or_none
from tzurot.wallet import browsing, wire
from tzurot.wallet.browsing import Browsing, Position
from tzurot.wallet.budgets import budget_wire
from tzurot.wallet.budgets.budgets import Budgets, Target
from tzurot.wallet.keys import key_wire
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.keys import Keys
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.usage import usage_wire
from tzurot.wallet.usage.usage import Usage, span_of
from tzurot.wallet.usage.usage_wire import set_moment
from tzurot.wallet.v1 import wallet_service_pb2 as pb
from tzurot.wallet.v1 import wallet_service_pb2_grpc

Payers = Callable[[Caller, UUID | None, tuple[str, str, str] | None], Awaitable[Payer]]
"""Called with a caller, a character and a channel (platform, space and id): who pays there, and
where their words may go. Raises PersonalityNotFound and SubjectDenied."""


class WalletServicer(wallet_service_pb2_grpc.WalletServiceServicer):
    """The models, people's own keys, what was spent and what may be."""

    def __init__(  # noqa: PLR0913, PLR0917  all that a wallet has
        self,
        wallet: Wallet,
        browsing: Browsing,
        keys: Keys,
        choosing: Choosing,
        payers: Payers,
        usage: Usage,
        budgets: Budgets,
    ) -> None:
        self._wallet = wallet
        self._browsing = browsing
        self._keys = keys
        self._choosing = choosing
        self._payers = payers
        self._usage = usage
        self._budgets = budgets

    async def ListModels(
        self, request: pb.ListModelsRequest, context: Any
    ) -> pb.ListModelsResponse:
        """A page of the models that fit."""
        size, filters = pagination.size(request.page_size), wire.filters_of(request)
        after = pagination.unseal(request.page_token, filters, _position)
        shown = await self._browsing.shown(await self._payers(caller(context), None, None))
        found = browsing.found(shown.offers, wire.wanted_from(request))
        rows = [it for it in found if after is None or it[0] > after]
        page, more = pagination.cut(rows, size, filters, lambda it: json.dumps(it[0]))
        return pb.ListModelsResponse(
            models=[wire.model_to(offer) for _, offer in page],
            advice=shown.advice,
            next_page_token=more,
        )

    async def GetModel(self, request: pb.GetModelRequest, context: Any) -> pb.GetModelResponse:
        """One model."""
        kind = wire.kind_from(request.provider)
        payer = await self._payers(caller(context), None, None)
        offer = await self._browsing.get(payer, request.model_id, kind)
        return pb.GetModelResponse(model=wire.model_to(offer))

    async def ExplainPayment(
        self, request: pb.ExplainPaymentRequest, context: Any
    ) -> pb.ExplainPaymentResponse:
        """Every way to an answer, and why the others are not taken."""
        there = (request.platform, request.space_id, request.channel_id)
        channel = there if request.channel_id else None
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
        row = await self._keys.check(caller(context), UUID(request.api_key_id))
        return pb.CheckApiKeyResponse(api_key=key_wire.key_to(row))

    async def DeleteApiKey(
        self, request: pb.DeleteApiKeyRequest, context: Any
    ) -> pb.DeleteApiKeyResponse:
        """Delete a key for good."""
        await self._keys.delete(caller(context).person_id, UUID(request.api_key_id))
        return pb.DeleteApiKeyResponse()

    async def GetUsage(self, request: pb.GetUsageRequest, context: Any) -> pb.GetUsageResponse:
        """Sums of what is the caller's."""
        start = set_moment(request.start_time, is_set=request.HasField("start_time"))
        end = set_moment(request.end_time, is_set=request.HasField("end_time"))
        group = usage_wire.group_from(request.group_by)
        told = await self._usage.of(caller(context).person_id, span_of(start, end), group)
        return pb.GetUsageResponse(
            sums=[usage_wire.sum_to(it) for it in told.groups],
            total=usage_wire.sum_to(told.total),
            start_time=moment(told.span.start),
            end_time=moment(told.span.end),
        )

    async def ListUsageRecords(
        self, request: pb.ListUsageRecordsRequest, context: Any
    ) -> pb.ListUsageRecordsResponse:
        """A page, newest first."""
        start = set_moment(request.start_time, is_set=request.HasField("start_time"))
        end = set_moment(request.end_time, is_set=request.HasField("end_time"))
        size, filters = pagination.size(request.page_size), {"usage": f"{start} {end}"}
        rows = await self._usage.records(
            caller(context).person_id,
            span_of(start or usage_wire.EVER, end),
            before=pagination.unseal(request.page_token, filters, UUID),
            limit=size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        records = [usage_wire.record_to(row) for row in page]
        return pb.ListUsageRecordsResponse(usage_records=records, next_page_token=more)

    async def ListBudgets(
        self, request: pb.ListBudgetsRequest, context: Any
    ) -> pb.ListBudgetsResponse:
        """The caller's budgets."""
        found = await self._budgets.own(caller(context).person_id)
        return pb.ListBudgetsResponse(budgets=[budget_wire.budget_to(it) for it in found])

    async def UpdateBudget(
        self, request: pb.UpdateBudgetRequest, context: Any
    ) -> pb.UpdateBudgetResponse:
        """Set or end one of the caller's."""
        key_id = uuid_or_none(request.api_key_id)
        target = Target("key" if key_id else "person", caller(context).person_id, key_id)
        period = budget_wire.period_from(request.period)
        standing = await self._budgets.put(target, period, *budget_wire.caps_from(request))
        return pb.UpdateBudgetResponse(budget=budget_wire.budget_to(standing))

    async def ListServerBudgets(
        self, request: pb.ListServerBudgetsRequest, context: Any
    ) -> pb.ListServerBudgetsResponse:
        """The operator's budgets."""
        found = await self._budgets.of_operator()
        return pb.ListServerBudgetsResponse(budgets=[budget_wire.budget_to(it) for it in found])

    async def UpdateServerBudget(
        self, request: pb.UpdateServerBudgetRequest, context: Any
    ) -> pb.UpdateServerBudgetResponse:
        """Set or end one of the operator's."""
        character_id = uuid_or_none(request.personality_id)
        kind = "character" if character_id else "server"
        target = Target(kind, personality_id=character_id)
        period = budget_wire.period_from(request.period)
        standing = await self._budgets.put(target, period, *budget_wire.caps_from(request))
        return pb.UpdateServerBudgetResponse(budget=budget_wire.budget_to(standing))

    async def ListChannelBudgets(
        self, request: pb.ListChannelBudgetsRequest, context: Any
    ) -> pb.ListChannelBudgetsResponse:
        """A channel's budgets."""
        found = await self._budgets.of_channel(
            caller(context), request.platform, request.channel_id
        )
        return pb.ListChannelBudgetsResponse(budgets=[budget_wire.budget_to(it) for it in found])

    async def UpdateChannelBudget(
        self, request: pb.UpdateChannelBudgetRequest, context: Any
    ) -> pb.UpdateChannelBudgetResponse:
        """Set or end one of a channel's."""
        target = Target("channel", platform=request.platform, channel_id=request.channel_id)
        period, caps = budget_wire.period_from(request.period), budget_wire.caps_from(request)
        standing = await self._budgets.put_for_channel(caller(context), target, period, caps)
        return pb.UpdateChannelBudgetResponse(budget=budget_wire.budget_to(standing))


def _position(text: str) -> Position:
    first, second, provider, id_ = json.loads(text)
    return int(first), int(second), str(provider), str(id_)
