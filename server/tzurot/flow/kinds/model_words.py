"""How flows tell of models: what they cost and can, and who says so."""

from collections.abc import Sequence

from tzurot.flow.kinds.telling import when
from tzurot.flow.views import MAX_CHOICES, Choice, Item, line
from tzurot.wallet.catalogue import matching
from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.price import MILLION, Price

_MODALITIES = {
    Modality.TEXT: "words",
    Modality.IMAGE: "pictures",
    Modality.AUDIO: "sounds",
    Modality.VIDEO: "films",
    Modality.FILE: "files",
}
_MAX_VALUE = 100  # characters of a choice
_NOBODY_SAYS = "Nobody has said."


def title(entry: Entry) -> str:
    """What people call it."""
    return line(entry.name or entry.id, 120)


def in_short(entry: Entry) -> str:
    """What it costs and can, on one line."""
    parts = (
        price(entry.price),
        f"{entry.context_tokens:,} tokens" if entry.context_tokens else "",
        "sees" if entry.supports_vision else "",
        "calls skills" if entry.supports_tools else "",
        "thinks" if entry.supports_reasoning else "",
    )
    return " · ".join(part for part in parts if part)


def price(cost: Price | None) -> str:
    """Dollars for a million tokens of prompt and of reply."""
    if cost is None:
        return "price unknown"
    return "free" if cost.is_free else f"{dollars(cost.input_micros)}/{dollars(cost.output_micros)}"


def dollars(micros: int) -> str:
    """An amount with cents, and more digits where it has them."""
    whole, part = divmod(micros, MILLION)
    digits = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"${whole:,}.{digits}"


def facts(entry: Entry) -> tuple[Item, ...]:
    """All that is known of a model, one thing a line."""
    can = (
        ("calls skills", entry.supports_tools),
        ("thinks before it answers", entry.supports_reasoning),
        ("keeps to a schema", entry.supports_structured_output),
    )
    return (
        Item("Id", entry.id),
        Item("Costs", _costs(entry.price)),
        Item("Prompt and reply together", _tokens(entry.context_tokens)),
        Item("A reply alone", _tokens(entry.reply_tokens)),
        Item("Takes", _modalities(entry.inputs)),
        Item("Can", ", ".join(words for words, yes in can if yes) or _NOBODY_SAYS),
        Item("Parameters", ", ".join(entry.parameters or ()) or _NOBODY_SAYS),
        Item("Who says so", _source(entry)),
    )


def alike(typed: str, entries: Sequence[Entry]) -> list[Choice]:
    """The models that somebody may mean who typed this, the nearest first."""
    ranked = [(rank, it.id, it) for it in entries if (rank := matching.rank(typed, it)) is not None]
    fitting = [it for _, _, it in sorted(ranked, key=lambda it: it[:2]) if len(it.id) <= _MAX_VALUE]
    return [Choice(it.id, it.id, in_short(it)) for it in fitting[:MAX_CHOICES]]


def _costs(cost: Price | None) -> str:
    if cost is None:
        return _NOBODY_SAYS
    if cost.is_free:
        return "Nothing."
    words = (
        f"{dollars(cost.input_micros)} for a million tokens of prompt,"
        f" {dollars(cost.cached_input_micros)} of those that the provider still has,"
        f" {dollars(cost.output_micros)} of reply."
    )
    each = f" {dollars(cost.request_micros)} for each request." if cost.request_micros else ""
    return words + each


def _tokens(count: int | None) -> str:
    return f"{count:,} tokens at most" if count else _NOBODY_SAYS


def _modalities(taken: Sequence[Modality] | None) -> str:
    return ", ".join(_MODALITIES[it] for it in taken or ()) or _NOBODY_SAYS


def _source(entry: Entry) -> str:
    match entry.source:
        case Source.LIST:
            return f"{line(entry.provider, 80)}, {when(entry.read_time)}"
        case Source.SNAPSHOT:
            day = f"{entry.read_time:%Y-%m-%d}"
            return f"What I came with, of {day}. Prices may have changed since."
        case Source.SERVER:
            return "This server."
