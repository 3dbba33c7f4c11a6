"""Amounts and budgets as people type and read them. Pure."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from tzurot.flow.kind import Refused
from tzurot.flow.views import Asks, Choice, Field
from tzurot.wallet.budgets.periods import Period
from tzurot.wallet.budgets.standing import Standing
from tzurot.wallet.catalogue import price

_MOST_DOLLARS, _MOST_TOKENS = 1_000_000, 10**12
_PERIODS = (Choice(Period.DAY, "A day"), Choice(Period.MONTH, "A month"))

FIELDS = (
    Field("period", "For what time", Asks.CHOICE, choices=_PERIODS, required=True),
    Field("dollars", "Dollars", description="Empty: any number.", max_length=20),
    Field("tokens", "Tokens", description="Empty: any number.", max_length=20),
)
ASKS = tuple(it.key for it in FIELDS)


def left(it: Standing) -> str:
    """How much of a budget is spent."""
    caps: list[str] = []
    if it.cap_micros is not None:
        caps.append(f"{price.dollars(it.spent_micros)} of {price.dollars(it.cap_micros)}")
    if it.cap_tokens is not None:
        caps.append(f"{it.spent_tokens:,} of {it.cap_tokens:,} tokens")
    reached = f" {it.reached_percent} % are reached." if it.reached_percent else ""
    return f"{' and '.join(caps)}.{reached}"


def caps(given: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Micro-dollars and tokens; None: nothing was entered.

    Raises:
        Refused: it is no number, or too large a one.
    """
    errors: dict[str, str] = {}
    dollars = _number(given.get("dollars", "").removeprefix("$"), _MOST_DOLLARS)
    tokens = _number(given.get("tokens", ""), _MOST_TOKENS)
    if dollars is False:
        errors["dollars"] = "A number of dollars such as 1.50, or nothing."
    if tokens is False:
        errors["tokens"] = "A number of tokens such as 200000, or nothing."
    if errors:
        raise Refused(errors=errors)
    micros = round(dollars * 1_000_000) if isinstance(dollars, Decimal) else None
    return micros, int(tokens) if isinstance(tokens, Decimal) else None


def dollars(given: Mapping[str, str], *keys: str) -> list[int]:
    """Micro-dollars of each field.

    Raises:
        Refused: one of them is no number above 0, or too large a one.
    """
    found = {key: _number(given[key].removeprefix("$"), _MOST_DOLLARS) for key in keys}
    micros = {
        key: round(it * 1_000_000) if isinstance(it, Decimal) else 0 for key, it in found.items()
    }
    errors = {key: "A number of dollars such as 1.50." for key in keys if micros[key] <= 0}
    if errors:
        raise Refused(errors=errors)
    return [micros[key] for key in keys]


def _number(text: str, most: int) -> Decimal | bool | None:
    """A number from 0; None: nothing was entered, False: something else."""
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return False
    return number if number.is_finite() and 0 <= number <= most else False
