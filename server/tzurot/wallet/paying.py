"""Which model answers whom, and who pays. What decides it is in plan.py; read `Wallet.choose`."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    AnsweredByAnother,
    ApiKeyLacksCredit,
    ApiKeyRejected,
    BudgetReached,
    DataPolicyUnmet,
    ModelNotFound,
    NoPayingKey,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
    SponsorCapReached,
    TzurotError,
)
from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet import plan
from tzurot.wallet.keys.own import OwnModels
from tzurot.wallet.paid import PaidModel, Plain
from tzurot.wallet.plan import (
    SERVER,
    Account,
    Alternative,
    Candidate,
    Held,
    Obstacle,
    Plan,
    Route,
    Situation,
    Wish,
)
from tzurot.wallet.refusals import Refusals
from tzurot.wallet.sponsors.paying import Space, SponsoredModels, Sponsoring
from tzurot.wallet.usage.attempts import Cause
from tzurot.wallet.usage.metering import Meter, Metered

Paid = PaidModel | Metered
Model = Plain | Paid

OPERATOR_PLATFORM = "local"  # whoever sits at the server's machine

ELSEWHERE = (
    ApiKeyLacksCredit,
    ApiKeyRejected,
    DataPolicyUnmet,
    ModelNotFound,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
    SponsorCapReached,
)
"""Failures that are the provider's own, or a sponsor's: another one may answer the same.

A budget that has too little left is none of them: it is not dodged by asking another model.
"""


@dataclass(frozen=True, slots=True)
class Payer:
    """For whom something is asked, who pays if they can, and where their words may go."""

    person_id: UUID
    subject: str
    policy: DataPolicy = DataPolicy.NONE
    space: Space | None = None
    """Whose sponsors may pay; None: nobody's, as for all that is not said in a space now."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that answers, and why."""

    plan: Plan
    model: Paid
    failed: Mapping[Account, TzurotError] = field(default_factory=dict[Account, TzurotError])

    @property
    def notice(self) -> AnsweredByAnother | None:
        """What a person is told if it is not the one that would answer otherwise."""
        passed = self.plan.passed_over
        if passed is None or passed.error is None:
            return None
        told = passed.obstacle is Obstacle.CAP_REACHED  # its sentence says until when
        left = passed.until - clock.now() if passed.until and not told else None
        return AnsweredByAnother(passed.error.message, self.model.speaker.model, left)


@dataclass(frozen=True, slots=True)
class Wallet:
    """The models of this server, best first, for whom the operator's keys pay, and people's own.

    What they are asked is put down to whom it is asked for, where there is a meter.
    """

    models: Sequence[Plain]
    share_operator_key: bool
    own: OwnModels | None = None
    sponsored: SponsoredModels | None = None
    refusals: Refusals | None = None
    meter: Meter | None = None
    bundled_off: bool = False

    async def plan(
        self,
        payer: Payer,
        *,
        for_several: bool = False,
        failed: Mapping[Account, TzurotError] | None = None,
        wish: Wish | None = None,
    ) -> Plan:
        """Every way to an answer for `payer` as things stand; `failed`: what did not answer it.

        `for_several`: what is asked is not theirs alone, so that their own key doesn't pay for it.
        `wish`: the model that they would have answer.
        """
        own = await self.own.candidate(payer.person_id) if self.own else None
        wished = await self.own.wished(payer.person_id, wish) if self.own and own and wish else None
        offered = [_offered(model.speaker) for model in self.models]
        sponsors = Sponsoring()
        if self.sponsored and payer.space:
            sponsors = await self.sponsored.offered(payer.space, payer.person_id)
        candidates = [*([own] if own else []), *sponsors.candidates, *offered]
        payers = {it.payer for it in candidates}
        held: Mapping[Account, Held] = {}
        if self.refusals and candidates:
            held = await self.refusals.held(payers)
        situation = Situation(
            now=clock.now(),
            own=own,
            own_wished=wished,
            wish=wish,
            in_space=payer.space is not None,
            sponsors=sponsors.candidates,
            capped=sponsors.capped or {},
            offered=offered,
            is_operator=payer.subject.partition(":")[0] == OPERATOR_PLATFORM,
            shared=self.share_operator_key,
            for_several=for_several,
            policy=payer.policy,
            bundled_off=self.bundled_off,
            held=held,
            failed=failed or {},
        )
        return plan.plan(situation)

    async def choose(
        self,
        payer: Payer,
        cause: Cause,
        *,
        for_several: bool = False,
        failed: Mapping[Account, TzurotError] | None = None,
        wish: Wish | None = None,
    ) -> Choice:
        """The model that answers `payer`, for one turn; as `plan`.

        Raises:
            NoPayingKey, DataPolicyForbids: none may.
            ApiKeyRejected, ApiKeyLacksCredit, ProviderQuota: nor may another in place of the one
                that was refused.
            MasterKeyMissing: the person's own key can't be opened. Nobody else's takes its place.
            TzurotError: what failed, if nothing is left.
        """
        found = await self.plan(payer, for_several=for_several, failed=failed, wish=wish)
        if found.taken is None:
            raise found.error
        return Choice(found, await self._model(payer, cause, found.taken), failed or {})

    async def instead(
        self, payer: Payer, cause: Cause, choice: Choice, failure: TzurotError
    ) -> Choice:
        """The model that answers in place of one that failed.

        Raises:
            TzurotError: what would answer otherwise was refused or failed, and nothing is left.
        """
        failed = {**choice.failed, choice.model.candidate.account: failure}
        return await self.choose(payer, cause, failed=failed, wish=choice.plan.wish)

    async def model_for(self, payer: Payer, cause: Cause, *, for_several: bool = False) -> Model:
        """The model that answers `payer`; raises as `choose`."""
        return (await self.choose(payer, cause, for_several=for_several)).model

    async def beside(self, payer: Payer, cause: Cause) -> Sequence[Model]:
        """Models that may help the one of a turn, best first: to describe what it can't see.

        Who brings a key spends none of the operator's money for that, either, nor who is sponsored.
        """
        found = await self.plan(payer)
        return [
            await self._model(payer, cause, it)
            for it in found.alternatives
            if it.obstacle is None and it.route not in (Route.OWN_KEY, Route.SPONSOR)
        ]

    async def payer_of(self, tx: AsyncSession, person_id: UUID, space: Space | None = None) -> str:
        """Whose turns they are to pay for if they can: the person's, a sponsor's, the server's."""
        if self.own and await self.own.pays(tx, person_id):
            return str(person_id)
        sponsor = await self.sponsored.payer_of(tx, space) if self.sponsored and space else None
        return str(sponsor) if sponsor else SERVER

    async def _model(self, payer: Payer, cause: Cause, taken: Alternative) -> Paid:
        """The model of an alternative that may be asked: it says who pays, and is metered.

        Raises:
            NoPayingKey: the key was deleted meanwhile, or its sponsor has taken it back.
        """
        paid = await self._paid(payer, taken)
        return self.meter.metered(paid, payer.person_id, cause) if self.meter else paid

    async def _paid(self, payer: Payer, taken: Alternative) -> PaidModel:
        if taken.route is Route.OWN_KEY:
            asked = taken.candidate.speaker.model if taken.candidate else ""
            model = await self.own.model(payer.person_id, asked) if self.own else None
            if model is None:
                raise NoPayingKey
            return PaidModel(model, model.candidate, payer.policy, self.refusals)
        if taken.route is Route.SPONSOR:
            candidate = taken.candidate
            given = await self.sponsored.model(candidate) if self.sponsored and candidate else None
            if given is None:
                raise NoPayingKey
            return PaidModel(given, given.candidate, payer.policy, self.refusals)
        wanted = taken.candidate and _lasting(taken.candidate)
        model = next(it for it in self.models if _lasting(_offered(it.speaker)) == wanted)
        return PaidModel(model, _offered(model.speaker), payer.policy, self.refusals)


def alerts_of(model: Model) -> Sequence[BudgetReached]:
    """What a model's calls have used up of its person's budgets, as they are to be told."""
    return model.alerts if isinstance(model, Metered) else ()


def _lasting(candidate: Candidate) -> tuple[Account, SpeakerKind, str | None]:
    """What stays of a model while more becomes known of it, as it may since a plan was made."""
    return candidate.account, candidate.speaker.kind, candidate.speaker.base_url


def _offered(speaker: Speaker) -> Candidate:
    """A model of the operator's. Another key of theirs is another account: a mark tells them apart.

    Thirty-two bits of the hash of a provider's key help nobody to find it.
    """
    if not (speaker.uses_operator_key and speaker.api_key):
        return Candidate(speaker)
    mark = hashlib.sha256(speaker.api_key.get_secret_value().encode()).hexdigest()[:8]
    return Candidate(speaker, f"{SERVER} {mark}")
