"""How budgets stand: what is spent of them, when they start anew, and what is told of that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tzurot import clock
from tzurot.errors import SponsorCapReached
from tzurot.wallet.budgets.budget_store import Target
from tzurot.wallet.budgets.budget_tables import Budget
from tzurot.wallet.budgets.periods import Period, began, next_start, reached
from tzurot.wallet.catalogue.price import dollars

_CALLED = {
    "person": "your budget",
    "key": "the budget of your API key",
    "character": "the server's budget for this character",
    "server": "the server's budget",
    "channel": "this channel's budget",
    "sponsor": "what this server's sponsor gives",
    "member": "what this server's sponsor gives you",
}
_OF_SPONSOR = {**_CALLED, "key": "the budget of the sponsor's key"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget and how it stands now."""

    target: Target
    period: Period
    cap_micros: int | None
    cap_tokens: int | None
    spent_micros: int
    spent_tokens: int
    reset_time: datetime

    @property
    def reached_percent(self) -> int:
        """The highest of the thresholds that is reached; 0: none."""
        return reached_percent(self)


def budget_of(target: Target, now: datetime, period: Period = Period.DAY) -> Budget:
    """A budget of which nothing is spent."""
    return Budget(
        id=clock.uuid7(),
        kind=target.kind,
        person_id=target.person_id,
        key_id=target.key_id,
        personality_id=target.personality_id,
        sponsor_id=target.sponsor_id,
        member_id=target.member_id,
        platform=target.platform,
        channel_id=target.channel_id,
        period=period,
        cap_micros=None,
        cap_tokens=None,
        period_date=began(period, now),
        spent_micros=0,
        spent_tokens=0,
        told_percent=0,
    )


def standing_of(row: Budget, now: datetime) -> Standing:
    """How it stands."""
    period = Period(row.period)
    first = began(period, now)
    runs = row.period_date >= first
    return Standing(
        target=Target(
            row.kind,
            row.person_id,
            row.key_id,
            row.personality_id,
            row.sponsor_id,
            row.member_id,
            row.platform,
            row.channel_id,
        ),
        period=period,
        cap_micros=row.cap_micros,
        cap_tokens=row.cap_tokens,
        spent_micros=row.spent_micros if runs else 0,
        spent_tokens=row.spent_tokens if runs else 0,
        reset_time=next_start(period, first),
    )


def reached_percent(it: Budget | Standing) -> int:
    """The highest of the thresholds that what is written down of a budget reaches; 0: none."""
    micros = 0 if it.cap_micros is None else reached(it.spent_micros, it.cap_micros)
    return max(micros, 0 if it.cap_tokens is None else reached(it.spent_tokens, it.cap_tokens))


def words(
    row: Budget, now: datetime, *, in_money: bool | None = None
) -> tuple[str, str, str, str, timedelta]:
    """Which budget, its cap, its period, when it starts anew, and how long that is."""
    money = row.cap_micros is not None if in_money is None else in_money
    cap = dollars(row.cap_micros or 0) if money else f"{row.cap_tokens:,} tokens"
    anew = standing_of(row, now).reset_time
    return _CALLED[row.kind], cap, row.period, f"{anew:%Y-%m-%d %H:%M} UTC", anew - now


def reached_cap(row: Budget, now: datetime, *, in_money: bool | None = None) -> SponsorCapReached:
    """What is told where a sponsor gives no more."""
    _, cap, period, anew, left = words(row, now, in_money=in_money)
    return SponsorCapReached(_OF_SPONSOR[row.kind], cap, period, anew, left)


def is_used_up(row: Budget, now: datetime) -> bool:
    """Whether nothing at all is left."""
    it = standing_of(row, now)
    in_tokens = it.cap_tokens is not None and it.spent_tokens >= it.cap_tokens
    return in_tokens or (it.cap_micros is not None and it.spent_micros >= it.cap_micros)
