"""All models that somebody can look through, which of them answer, and in what order.

First those that are asked, in the order of `plan.py`; then what providers list. What only one key
may ask is shown to its person alone, and what the operator's key may ask to whom it pays for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from tzurot import clock
from tzurot.errors import ModelNotListed
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.catalogue import matching, snapshot
from tzurot.wallet.catalogue.catalogue import Catalogue, called
from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.keys.choosing import Choosing
from tzurot.wallet.keys.providers import TERMS, Provider
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.plan import Alternative, Candidate, Obstacle, Plan, Route

_FREE = Price(0, 0, 0)
_HERE = {SpeakerKind.OLLAMA, SpeakerKind.GGUF, SpeakerKind.BUNDLED}
_KINDS = {it.called: it.kind for it in TERMS.values() if it.kind}
_PUBLIC = TERMS[Provider.OPENROUTER].called  # its list needs no key
_NOT_THEIRS = {Obstacle.NOT_SHARED, Obstacle.OWN_KEY_PAYS, Obstacle.SPONSOR_PAYS}
_BROUGHT = {Route.OWN_KEY, Route.SPONSOR}
_NO_PRICE = 10**18  # behind all prices


class Order(StrEnum):
    """How models are sorted."""

    ASKED = "asked"  # with a query the best match first
    PRICE = "price"
    CONTEXT = "context"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model, where it runs, and whether it answers the person's turns.

    `place`: in the order of what is asked; None: it is not. `key_id` is the person's own that pays.
    """

    kind: SpeakerKind
    entry: Entry
    place: int | None = None
    speaks: bool = False
    key_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. What nobody has said of a model, it does not have."""

    query: str = ""
    kind: SpeakerKind | None = None
    max_price_micros: int | None = None
    min_context_tokens: int = 0
    input_modality: Modality | None = None
    free_only: bool = False
    tools_only: bool = False
    speaking_only: bool = False
    order: Order = Order.ASKED


@dataclass(frozen=True, slots=True)
class Shown:
    """All models that a person can look through, those that are asked first.

    `advice`: how they get a better one; empty if the best there is answers them.
    """

    offers: Sequence[Offer]
    advice: str = ""


Position = tuple[int, int, str, str]
"""Where a model stands in an order; no two of a list stand at the same."""


class Browsing:
    """What the servicer and the flow ask."""

    def __init__(self, wallet: Wallet, choosing: Choosing, catalogue: Catalogue) -> None:
        self._wallet = wallet
        self._choosing = choosing
        self._catalogue = catalogue

    async def shown(self, who: Payer) -> Shown:
        """What the person can look through, as things stand."""
        plan = await self._wallet.plan(who)
        asked = [(it, it.candidate) for it in plan.alternatives if it.candidate]
        first = [self._offer(place, way, candidate) for place, (way, candidate) in enumerate(asked)]
        listed = await self._listed(who, plan)
        told = {(it.entry.provider, it.entry.id) for it in first}
        others = (it for it in listed if (it.entry.provider, it.entry.id) not in told)
        return Shown([*first, *others], _advice(plan))

    async def get(self, who: Payer, model: str, kind: SpeakerKind | None = None) -> Offer:
        """One model by its id.

        Raises:
            ModelNotListed: there is none, for this person.
        """
        for offer in (await self.shown(who)).offers:
            if offer.entry.id == model and kind in (None, offer.kind):
                return offer
        raise ModelNotListed(_provider(kind), model)

    def _offer(self, place: int, way: Alternative, candidate: Candidate) -> Offer:
        speaker, speaks = candidate.speaker, way.obstacle is None
        return Offer(speaker.kind, self._known(speaker), place, speaks, candidate.own_key_id)

    def _known(self, speaker: Speaker) -> Entry:
        """What is known of a model that is asked, and else what is guessed."""
        guessed = Entry(
            provider=speaker.provider if speaker.kind in _HERE else called(speaker.provider),
            id=speaker.model,
            source=Source.SERVER,
            read_time=clock.now(),
            context_tokens=speaker.context_tokens,
            inputs=_inputs(speaker.supports_vision),
            outputs=(Modality.TEXT,),
            supports_tools=speaker.supports_tools,
            price=_FREE if speaker.kind in _HERE else None,
        )
        if speaker.kind in _HERE:
            return guessed
        known = self._catalogue.entry(speaker.provider, speaker.model)
        return known.completed(guessed) if known else guessed

    async def _listed(self, who: Payer, plan: Plan) -> Sequence[Offer]:
        offers: dict[tuple[str, str], Offer] = {}

        def add(kind: SpeakerKind, entries: Iterable[Entry], key_id: UUID | None = None) -> None:
            for it in entries:
                if it.writes:
                    offers.setdefault((it.provider, it.id), Offer(kind, it, key_id=key_id))

        keys = {it.id: it for it in await self._choosing.keys(who.person_id)}
        for key_id, entries in (await self._choosing.models(who.person_id)).items():
            kind = TERMS[Provider(keys[key_id].provider)].kind or SpeakerKind.COMPATIBLE
            add(kind, (_named(it) for it in entries), key_id)
        for speaker in _paid_by_the_operator(plan):
            add(speaker.kind, self._catalogue.listed(speaker.provider) or ())
        add(SpeakerKind.OPENROUTER, self._catalogue.listed(_PUBLIC) or ())
        seen = {provider for provider, _ in offers}
        for provider, known in snapshot.models().items():
            if provider not in seen:
                add(_KINDS[provider], known.values())
        return [offers[it] for it in sorted(offers)]


def found(offers: Sequence[Offer], wanted: Wanted) -> Sequence[tuple[Position, Offer]]:
    """What is looked for, in its order, each with where it stands."""
    ranked = ((matching.rank(wanted.query, it.entry), it) for it in offers if _fits(it, wanted))
    placed = [(_position(it, rank, wanted.order), it) for rank, it in ranked if rank is not None]
    return sorted(placed, key=lambda it: it[0])


def _advice(plan: Plan) -> str:
    taken = plan.taken
    if taken is None or taken.candidate is None or taken.route in _BROUGHT:
        return ""
    return taken.candidate.speaker.how_better or ""


def _paid_by_the_operator(plan: Plan) -> Iterator[Speaker]:
    """Those of a provider's whom the person may ask at the operator's expense, refused or not."""
    for it in plan.alternatives:
        if it.candidate is None or it.route in _BROUGHT or it.obstacle in _NOT_THEIRS:
            continue
        if it.candidate.speaker.kind not in _HERE:
            yield it.candidate.speaker


def _fits(offer: Offer, wanted: Wanted) -> bool:
    entry, price = offer.entry, offer.entry.price
    return (
        (wanted.kind is None or offer.kind is wanted.kind)
        and (not wanted.speaking_only or offer.speaks)
        and (not wanted.tools_only or bool(entry.supports_tools))
        and (not wanted.free_only or (price is not None and price.is_free))
        and (entry.context_tokens or 0) >= wanted.min_context_tokens
        and (wanted.input_modality is None or wanted.input_modality in (entry.inputs or ()))
        and _is_cheap_enough(price, wanted.max_price_micros)
    )


def _is_cheap_enough(price: Price | None, most: int | None) -> bool:
    return most is None or (price is not None and price.dearest_micros <= most)


def _position(offer: Offer, rank: int, order: Order) -> Position:
    entry, last = offer.entry, offer.place is None
    match order:
        case Order.PRICE:
            cost = entry.price
            numbers = (cost.dearest_micros, cost.input_micros) if cost else (_NO_PRICE, rank)
        case Order.CONTEXT:
            numbers = (-(entry.context_tokens or 0), rank)
        case Order.NAME:
            return (0, 0, entry.id, entry.provider)
        case _:
            numbers = (rank * 2 + last, offer.place or 0)
    first, second = numbers
    return first, second, entry.provider, entry.id


def _named(entry: Entry) -> Entry:
    return replace(entry, provider=called(entry.provider))


def _inputs(sees: bool | None) -> tuple[Modality, ...] | None:
    if sees is None:
        return None
    return (Modality.TEXT, Modality.IMAGE) if sees else (Modality.TEXT,)


def _provider(kind: SpeakerKind | None) -> str:
    names = {kind: name for name, kind in _KINDS.items()}
    return names.get(kind, "This server") if kind else "This server"
