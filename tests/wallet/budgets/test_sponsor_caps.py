"""What a sponsor gives holds, and a channel's budget: however many ask at once."""

import asyncio
from itertools import islice

import pytest
from sqlalchemy import text

from tests.fakes.provider import FakeProvider, Gate, Reply
from tests.wallet.metered import MOST_TOKENS, a_sponsor, an_asker
from tzurot.errors import BudgetExhausted, NoPayingKey, SponsorCapReached
from tzurot.storage.database import Database
from tzurot.wallet.budgets.budgets import Target
from tzurot.wallet.budgets.periods import Period
from tzurot.wallet.usage.attempts import Channel, Purpose

PLENTY = 10**9
HALL, THREAD = Channel("discord", "hall"), Channel("discord", "thread", "hall")


@pytest.mark.parametrize("capped", ["all_", "each"])
async def test_of_100_that_ask_at_once_against_a_cap_for_10_exactly_10_are_asked(
    capped: str, database: Database, provider: FakeProvider
) -> None:
    gates = [Gate() for _ in range(10)]
    provider.script(*(Reply("Hi.", gate=it) for it in gates))
    caps = {"all_": PLENTY, "each": PLENTY} | {capped: 10 * MOST_TOKENS + 9}
    sponsor = await a_sponsor(database, **caps)
    async with an_asker(database, provider, sponsor) as bo:
        asking = [asyncio.create_task(bo.ask()) for _ in range(100)]
        for ended in islice(asyncio.as_completed(asking), 90):
            with pytest.raises(SponsorCapReached):
                await ended
        for gate in gates:
            gate.open()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
    answered = [it for it in outcomes if not isinstance(it, SponsorCapReached)]
    assert answered == [("Hi.", [])] * 10
    assert len(provider.requests) == 10
    async with database.reading() as tx:
        spent = text("SELECT kind, spent_micros FROM budgets ORDER BY kind")
        took = 10 * (1 + 1)  # a word is a token for this provider
        found = {row.kind: row.spent_micros for row in await tx.execute(spent)}
    assert found == {"member": took, "sponsor": took}


async def test_each_member_has_their_own_cap_and_all_share_the_other(
    database: Database, provider: FakeProvider
) -> None:
    provider.answer = lambda _: Reply("Hi.")
    sponsor = await a_sponsor(database, all_=MOST_TOKENS + 2, each=MOST_TOKENS)
    async with (
        an_asker(database, provider, sponsor) as ada,
        an_asker(database, provider, sponsor) as bo,
        an_asker(database, provider, sponsor) as cy,
    ):
        assert (await ada.ask())[0] == "Hi."
        with pytest.raises(SponsorCapReached) as refused:
            await ada.ask()
        assert "what this server's sponsor gives you" in refused.value.message
        assert (await bo.ask())[0] == "Hi."
        with pytest.raises(SponsorCapReached) as refused:
            await cy.ask()
        assert "what this server's sponsor gives, " in refused.value.message
        async with database.transaction() as tx:  # a new day
            await tx.execute(text("UPDATE budgets SET period_date = period_date - 1"))
        assert (await ada.ask())[0] == "Hi."
        assert await ada.meter.budgets.own(ada.person_id) == []  # it is none of their own
        async with database.transaction() as tx:  # it was taken back since the plan was made
            await tx.execute(text("DELETE FROM sponsors"))
        with pytest.raises(NoPayingKey):
            await ada.ask()
        assert len(provider.requests) == 3


async def test_a_channels_budget_counts_what_is_asked_there_and_in_its_threads(
    database: Database, provider: FakeProvider
) -> None:
    provider.answer = lambda _: Reply("Hi.")
    sponsor = await a_sponsor(database, all_=PLENTY, each=PLENTY)
    hall = Target("channel", platform="discord", channel_id="hall")
    async with (
        an_asker(database, provider) as ada,
        an_asker(database, provider, sponsor) as bo,
    ):
        put = ada.meter.budgets.put
        assert (await put(hall, Period.DAY, None, MOST_TOKENS + 4)).spent_tokens == 0
        assert (await ada.ask(channel=HALL))[0] == "Hi."
        assert (await bo.ask(channel=THREAD))[0] == "Hi."
        assert (await ada.ask(channel=Channel("discord", "elsewhere")))[0] == "Hi."
        assert (await ada.ask(channel=Channel("matrix", "hall")))[0] == "Hi."
        assert (await ada.ask(Purpose.SUMMARY))[0] == "Hi."
        async with database.transaction() as tx:
            await tx.execute(text("UPDATE budgets SET spent_tokens = spent_tokens + 1"))
        for asker, channel in ((ada, HALL), (bo, THREAD)):
            with pytest.raises(BudgetExhausted) as refused:
                await asker.ask(channel=channel)
            assert "this channel's budget" in refused.value.message


async def test_who_is_heard_in_a_channel_is_told_what_is_left_there(
    database: Database, provider: FakeProvider
) -> None:
    provider.answer = lambda _: Reply("one two three four")  # with "Hi.": five tokens
    hall = Target("channel", platform="discord", channel_id="hall")
    async with an_asker(database, provider) as ada:
        await ada.meter.budgets.put(hall, Period.MONTH, 1_000, None)
        async with database.transaction() as tx:
            await tx.execute(text("UPDATE budgets SET spent_micros = 796"))
        (told,) = (await ada.ask(channel=HALL))[1]
        assert told.startswith("80 % of this channel's budget of $0.0010 a month are spent.")
        assert (await ada.ask(channel=HALL))[1] == []
