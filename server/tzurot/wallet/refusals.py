"""What providers refused is remembered by payer and model, so that every replica knows it."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from tzurot import clock
from tzurot.errors import ApiKeyLacksCredit, ApiKeyRejected, ProviderQuota, TzurotError
from tzurot.llm.refusals import lacks_credit
from tzurot.storage.database import Database
from tzurot.wallet import refusal_store
from tzurot.wallet.plan import Account, Candidate, Held, Refusal

SWEEP_JOB, SWEEP_CRON = "wallet.sweep_refusals", "41 * * * *"

KEY_HELD = timedelta(minutes=10)  # a key that was rejected, or has nothing left
RATE_HELD = timedelta(minutes=1)  # where a provider does not say how long


class Refusals:
    """Those of everybody; each call is about one payer, or a few."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def held(self, payers: Collection[str]) -> Mapping[Account, Held]:
        """What holds now of what these payers were refused."""
        async with self._database.reading() as tx:
            return await refusal_store.held(tx, payers, clock.now())

    async def remember(self, candidate: Candidate, error: TzurotError, outcome: str) -> None:
        """Remember what an error means for the next request, if anything.

        `outcome`: of the last attempt, as the trace has it.
        """
        found = meaning(candidate, error, outcome)
        if found is None:
            return
        account, refusal, lasts = found
        held = Held(refusal, clock.now() + lasts)
        try:
            async with self._database.transaction() as tx:
                await refusal_store.put(tx, account, held, candidate.key_id)
        except IntegrityError:  # the key was deleted meanwhile
            return

    async def sweep(self) -> None:
        """Delete what is over."""
        async with self._database.transaction() as tx:
            await refusal_store.sweep(tx, clock.now())


def meaning(
    candidate: Candidate, error: TzurotError, outcome: str
) -> tuple[Account, Refusal, timedelta] | None:
    """What a provider refuses and for how long; None: the next request may be answered.

    A status 403 may be about what was said alone, and where no key is sent none is rejected.
    """
    account, has_key = candidate.account, candidate.speaker.api_key is not None
    of_key = Account(account.payer, account.provider)
    match error:
        case ApiKeyLacksCredit():
            return of_key, Refusal.LACKS_CREDIT, KEY_HELD
        case ProviderQuota() if has_key and lacks_credit(outcome):
            return of_key, Refusal.LACKS_CREDIT, KEY_HELD
        case ApiKeyRejected() if has_key and "HTTP 401" in outcome:
            return of_key, Refusal.REJECTED, KEY_HELD
        case ProviderQuota():
            lasts = RATE_HELD if error.retry_after is None else error.retry_after
            return (account, Refusal.RATE_LIMITED, lasts) if lasts else None
        case _:
            return None
