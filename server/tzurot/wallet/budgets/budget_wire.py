"""Budgets as messages, and back."""

from typing import Protocol

from tzurot.transport.wire import moment, text_of
from tzurot.wallet.budgets.periods import Period
from tzurot.wallet.budgets.standing import Standing
from tzurot.wallet.v1 import budget_pb2

_PERIODS = {
    budget_pb2.BUDGET_PERIOD_DAY: Period.DAY,
    budget_pb2.BUDGET_PERIOD_MONTH: Period.MONTH,
}
_PERIOD_NUMBERS = {period: number for number, period in _PERIODS.items()}
_SCOPES = {
    "person": budget_pb2.BUDGET_SCOPE_PERSON,
    "key": budget_pb2.BUDGET_SCOPE_API_KEY,
    "character": budget_pb2.BUDGET_SCOPE_PERSONALITY,
    "server": budget_pb2.BUDGET_SCOPE_SERVER,
    "channel": budget_pb2.BUDGET_SCOPE_CHANNEL,
}


class Capped(Protocol):
    """A request that may name caps."""

    cap_micros: int
    cap_tokens: int

    def HasField(self, field_name: str, /) -> bool:  # noqa: N802  protobuf's name
        """Whether a cap is named."""
        ...


def period_from(number: budget_pb2.BudgetPeriod) -> Period:
    """For what time."""
    return _PERIODS[number]


def caps_from(request: Capped) -> tuple[int | None, int | None]:
    """Micro-dollars and tokens; None: any number."""
    micros = request.cap_micros if request.HasField("cap_micros") else None
    return micros, request.cap_tokens if request.HasField("cap_tokens") else None


def budget_to(it: Standing) -> budget_pb2.Budget:
    """A budget as it stands."""
    return budget_pb2.Budget(
        scope=_SCOPES[it.target.kind],
        api_key_id=text_of(it.target.key_id),
        personality_id=text_of(it.target.personality_id),
        platform=it.target.platform or "",
        channel_id=it.target.channel_id or "",
        period=_PERIOD_NUMBERS[it.period],
        cap_micros=it.cap_micros,
        cap_tokens=it.cap_tokens,
        spent_micros=it.spent_micros,
        spent_tokens=it.spent_tokens,
        reset_time=moment(it.reset_time),
        reached_percent=it.reached_percent,
    )
