"""Who pays for whom, and why: a pure function of what is known. Read `plan`.

    own key → the space's sponsors, the first one first → operator's models, best first: with the
    operator's key, at an address that wants none, on this machine → a refusal that says what to do

A wish (of a preset) for a model changes the order of what there is, and which model a person's own
key asks; what may be asked, and at whose expense, stays the same.

Whose own key pays, spends nobody else's money: what is left to them costs nobody anything. So it is
for guests of an operator who shares no key, and for whom a sponsor pays but gives no more for now.
What a provider refused is not asked again until then, so that a refusal which is remembered leads
where it led when it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tzurot.errors import (
    ApiKeyLacksCredit,
    ApiKeyRejected,
    DataPolicyForbids,
    NoPayingKey,
    ProviderQuota,
    SponsorCapReached,
    TzurotError,
)
from tzurot.llm import data_policy
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.speaker import Speaker, SpeakerKind

SERVER = "server"  # the payer that the operator is


class Route(StrEnum):
    """Who pays."""

    OWN_KEY = "own_key"
    SPONSOR = "sponsor"
    OPERATORS_KEY = "operators_key"
    FREE_MODEL = "free_model"  # the operator's key, and a model that costs nothing
    OPEN_ADDRESS = "open_address"  # the operator's, which wants no key
    LOCAL = "local"


class Obstacle(StrEnum):
    """Why an alternative is not asked."""

    NO_KEY = "no_key"
    FOR_SEVERAL = "for_several"
    NOT_SHARED = "not_shared"
    OWN_KEY_PAYS = "own_key_pays"
    NO_SPONSOR = "no_sponsor"
    SPONSOR_PAYS = "sponsor_pays"
    CAP_REACHED = "cap_reached"
    UNPRICED = "unpriced"
    REJECTED = "rejected"
    LACKS_CREDIT = "lacks_credit"
    RATE_LIMITED = "rate_limited"
    FAILED = "failed"  # just now
    POLICY = "policy"
    SWITCHED_OFF = "switched_off"


_PASSING = (
    Obstacle.REJECTED,
    Obstacle.LACKS_CREDIT,
    Obstacle.RATE_LIMITED,
    Obstacle.FAILED,
    Obstacle.CAP_REACHED,
)


class Refusal(StrEnum):
    """What a provider said, and is remembered for a while."""

    REJECTED = "rejected"
    LACKS_CREDIT = "lacks_credit"
    RATE_LIMITED = "rate_limited"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose money is spent at whose place: what a provider's refusal is about.

    `model` is empty where it is about all models that the key pays for.
    """

    payer: str
    provider: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a provider refused, and until when it is not asked."""

    refusal: Refusal
    until: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could answer, and who would pay: `payer` as in `Account`."""

    speaker: Speaker
    payer: str = SERVER
    key_id: UUID | None = None
    key_name: str = ""
    """Of a key of the person's own, or of a sponsor's, which has no name to others."""
    sponsor_id: UUID | None = None
    priced: bool = True
    """Whether it is known what it costs: without that no sponsor's cap holds."""

    @property
    def own_key_id(self) -> UUID | None:
        """The person's own key that would pay; None: somebody else would."""
        return None if self.sponsor_id else self.key_id

    @property
    def key_called(self) -> str:
        """What a person reads of the key that would pay."""
        if self.sponsor_id:
            return "the API key of this server's sponsor"
        if self.key_id:
            return f"your own API key `{self.key_name}`"
        return "the key of whoever runs this server"

    @property
    def account(self) -> Account:
        """What asking it draws on."""
        return Account(self.payer, self.speaker.provider, self.speaker.model)

    @property
    def route(self) -> Route:
        """Who would pay."""
        speaker = self.speaker
        if self.sponsor_id:
            return Route.SPONSOR
        if self.key_id:
            return Route.OWN_KEY
        if speaker.uses_operator_key:
            return Route.FREE_MODEL if is_free(speaker) else Route.OPERATORS_KEY
        return Route.LOCAL if data_policy.is_local(speaker) else Route.OPEN_ADDRESS


@dataclass(frozen=True, slots=True)
class Wish:
    """A model that somebody would have answer. It decides nothing about who pays.

    `kind`: where it has to run; None: wherever it does.
    """

    model: str
    kind: SpeakerKind | None = None

    def is_met_by(self, speaker: Speaker) -> bool:
        """Whether this is the model."""
        return speaker.model == self.model and self.kind in (None, speaker.kind)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known before somebody is asked."""

    now: datetime
    own: Candidate | None = None
    own_wished: Candidate | None = None
    """The same key with the model that is wished for, if it may ask that."""
    in_space: bool = False
    """Whether it is asked where somebody can sponsor those who are there."""
    sponsors: Sequence[Candidate] = ()
    """Who does, the first one first."""
    capped: Mapping[UUID, SponsorCapReached] = field(default_factory=dict[UUID, SponsorCapReached])
    """Which of them give no more for now."""
    offered: Sequence[Candidate] = ()
    """The operator's models, best first."""
    wish: Wish | None = None
    is_operator: bool = False
    shared: bool = False
    """Whether the operator's key pays for everybody."""
    for_several: bool = False
    """Whether what is asked is not the person's alone, so that their own key doesn't pay for it."""
    policy: DataPolicy = DataPolicy.NONE
    bundled_off: bool = False
    held: Mapping[Account, Held] = field(default_factory=dict[Account, Held])
    failed: Mapping[Account, TzurotError] = field(default_factory=dict[Account, TzurotError])
    """What was asked for this very answer, and did not give it."""

    @property
    def is_sponsored(self) -> bool:
        """Whether a sponsor is there for the person, even if they give no more for now."""
        if self.own or self.for_several or self.policy is not DataPolicy.NONE:
            return False
        return any(it.priced for it in self.sponsors)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to an answer, and why it is not taken."""

    route: Route
    candidate: Candidate | None = None
    """None: there is none."""
    obstacle: Obstacle | None = None
    """None: it may be asked."""
    until: datetime | None = None
    """When the obstacle is looked at anew; None: when somebody changes something."""
    error: TzurotError | None = None
    """What its provider said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All alternatives, in the order in which they are asked."""

    alternatives: tuple[Alternative, ...]
    policy: DataPolicy
    wish: Wish | None = None

    @property
    def taken(self) -> Alternative | None:
        """The one that answers; None: none may."""
        return next((it for it in self.alternatives if it.obstacle is None), None)

    @property
    def passed_over(self) -> Alternative | None:
        """What would answer, had its provider not refused or failed; None: nothing else would."""
        return next((it for it in self._before_taken if it.error), None)

    @property
    def replaces_wish(self) -> bool:
        """Whether another model answers than was wished for, which whoever pays can't ask."""
        taken = self.taken
        if self.wish is None or taken is None or taken.candidate is None:
            return False
        met = (it.candidate and self.wish.is_met_by(it.candidate.speaker) for it in self._payable)
        return not any(met)

    @property
    def error(self) -> TzurotError:
        """What is told where none may: the refusal of the first that otherwise would answer."""
        if self.passed_over and self.passed_over.error:
            return self.passed_over.error
        if any(it.obstacle is Obstacle.POLICY for it in self.alternatives):
            return DataPolicyForbids(self.policy.in_words)
        return NoPayingKey()

    @property
    def summary(self) -> str:
        """One line for the trace: what was refused, and what answers."""
        refused = (
            f"{it.candidate.speaker.model} ({it.route}): {it.obstacle}"
            for it in self._before_taken
            if it.candidate and it.obstacle
        )
        taken = self.taken
        answers = taken and taken.candidate and f"{taken.candidate.speaker.model} ({taken.route})"
        return ", ".join((*refused, answers or "nobody"))

    @property
    def _payable(self) -> Iterator[Alternative]:
        """What the person may ask, even if it does not answer right now."""
        return (it for it in self.alternatives if it.obstacle in (None, *_PASSING))

    @property
    def _before_taken(self) -> tuple[Alternative, ...]:
        taken = self.taken
        return self.alternatives[: self.alternatives.index(taken)] if taken else self.alternatives


def plan(it: Situation) -> Plan:
    """Every alternative, each with why it is not asked, if it is not."""
    own = _judged(it.own, it) if it.own else Alternative(Route.OWN_KEY, obstacle=Obstacle.NO_KEY)
    wished = [_judged(it.own_wished, it)] if it.own_wished else []
    others = [_judged(candidate, it) for candidate in (*it.sponsors, *_in_order(it))]
    nobody = [Alternative(Route.SPONSOR, obstacle=Obstacle.NO_SPONSOR)]
    if not it.in_space or it.sponsors:
        nobody = []
    alternatives = [*wished, own, *nobody, *others]
    if it.bundled_off:
        alternatives.append(Alternative(Route.LOCAL, obstacle=Obstacle.SWITCHED_OFF))
    return Plan(tuple(alternatives), it.policy, it.wish)


def is_free(speaker: Speaker) -> bool:
    """Whether asking it costs nothing: https://openrouter.ai/docs/api-reference/limits."""
    return speaker.kind is SpeakerKind.OPENROUTER and speaker.model.endswith(":free")


def _in_order(it: Situation) -> Sequence[Candidate]:
    """The operator's models: first the one that is wished for, where there is one."""
    wish = it.wish
    return sorted(it.offered, key=lambda each: not (wish and wish.is_met_by(each.speaker)))


def _judged(candidate: Candidate, it: Situation) -> Alternative:
    route = candidate.route
    if obstacle := _obstacle(route, it) or _unfit(candidate, it.policy):
        return Alternative(route, candidate, obstacle)
    if cap := _cap(candidate, it):
        until = it.now + (cap.retry_after or timedelta())
        return Alternative(route, candidate, Obstacle.CAP_REACHED, until, cap)
    if held := _held(candidate, it):
        error = _error(candidate, held, it.now)
        return Alternative(route, candidate, Obstacle(held.refusal), held.until, error)
    if error := it.failed.get(candidate.account):
        return Alternative(route, candidate, Obstacle.FAILED, error=error)
    return Alternative(route, candidate)


def _obstacle(route: Route, it: Situation) -> Obstacle | None:
    """Why somebody's money is not this person's to spend."""
    match route:
        case Route.OWN_KEY | Route.SPONSOR if it.for_several:
            return Obstacle.FOR_SEVERAL
        case Route.SPONSOR | Route.OPERATORS_KEY if it.own and not it.for_several:
            return Obstacle.OWN_KEY_PAYS
        case Route.OPERATORS_KEY if it.is_sponsored:
            return Obstacle.SPONSOR_PAYS
        case Route.OPERATORS_KEY if not (it.shared or it.is_operator):
            return Obstacle.NOT_SHARED
        case _:
            return None


def _unfit(candidate: Candidate, policy: DataPolicy) -> Obstacle | None:
    """Why a model is not asked, whoever pays.

    What a sponsor has agreed to at their provider nobody but them knows: it may keep what is sent,
    show it to them or train on it. So nobody who demands anything is sent there:
    https://openrouter.ai/docs/guides/features/input-output-logging
    """
    keeps = data_policy.kept_by(candidate.speaker, policy)
    if not keeps or (candidate.sponsor_id and policy is not DataPolicy.NONE):
        return Obstacle.POLICY
    return None if candidate.priced else Obstacle.UNPRICED


def _cap(candidate: Candidate, it: Situation) -> SponsorCapReached | None:
    """That a sponsor gives no more: as is written down, or as it was just found out."""
    if candidate.sponsor_id is None:
        return None
    failure = it.failed.get(candidate.account)
    if isinstance(failure, SponsorCapReached):
        return failure
    return it.capped.get(candidate.sponsor_id)


def _held(candidate: Candidate, it: Situation) -> Held | None:
    """What holds longest of the refusals of the key and of the model."""
    account = candidate.account
    known = (it.held.get(account), it.held.get(Account(account.payer, account.provider)))
    holding = [held for held in known if held and held.until > it.now]
    return max(holding, key=lambda held: held.until, default=None)


def _error(candidate: Candidate, held: Held, now: datetime) -> TzurotError:
    """The same as it was when the refusal came."""
    provider, key = candidate.speaker.provider, candidate.key_called
    match held.refusal:
        case Refusal.REJECTED if candidate.key_id:
            return ApiKeyRejected(provider, key, "sponsor" if candidate.sponsor_id else "caller")
        case Refusal.REJECTED:
            return ApiKeyRejected(provider)
        case Refusal.LACKS_CREDIT if candidate.key_id:
            return ApiKeyLacksCredit(provider, key)
        case _ if candidate.key_id:
            return ProviderQuota(provider, held.until - now, key)
        case _:
            return ProviderQuota(provider, held.until - now)
