"""Budgets hold: however many ask at once, no more is spent than there is."""

import asyncio
from datetime import timedelta
from itertools import islice
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.calling import request_for
from tests.conftest import Served
from tests.fakes.provider import FakeProvider, Gate, Refusal, Reply
from tests.wallet.metered import MOST_TOKENS, an_asker
from tests.wallet.spending import budget, character, records, said
from tzurot.common.v1.error_reason_pb2 import (
    ERROR_REASON_BUDGET_EXHAUSTED,
    ERROR_REASON_BUDGET_REACHED,
)
from tzurot.errors import BudgetExhausted
from tzurot.storage.database import Database
from tzurot.wallet.budgets.budgets import Target
from tzurot.wallet.budgets.periods import Period
from tzurot.wallet.usage.attempts import Purpose


async def test_of_100_that_ask_at_once_against_a_budget_for_10_exactly_10_are_asked(
    database: Database, provider: FakeProvider
) -> None:
    gates = [Gate() for _ in range(10)]
    provider.script(*(Reply("Hi.", gate=it) for it in gates))
    cap = 10 * MOST_TOKENS + 9  # at a micro-dollar for a token
    async with an_asker(database, provider) as ada:
        mine = Target("person", ada.person_id)
        await ada.meter.budgets.put(mine, Period.DAY, cap, None)
        asking = [asyncio.create_task(ada.ask()) for _ in range(100)]
        for ended in islice(asyncio.as_completed(asking), 90):
            with pytest.raises(BudgetExhausted):
                await ended
        for gate in gates:
            gate.open()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        (after,) = await ada.meter.budgets.own(ada.person_id)
    assert [it for it in outcomes if not isinstance(it, BudgetExhausted)] == [("Hi.", [])] * 10
    assert len(provider.requests) == 10
    took = 10 * (1 + 1)  # a word is a token for this provider
    assert (after.spent_micros, after.spent_tokens) == (took, took)


async def test_what_a_killed_process_had_set_aside_ends_by_itself(
    database: Database, provider: FakeProvider
) -> None:
    async with an_asker(database, provider) as ada:
        mine = Target("person", ada.person_id)
        await ada.meter.budgets.put(mine, Period.MONTH, None, MOST_TOKENS)
        provider.script(Reply("Hi.", gate=Gate()))
        lost = asyncio.create_task(ada.ask())
        await provider.until(lambda it: it.open_streams == 1, within=60)
        with pytest.raises(BudgetExhausted) as refused:
            await ada.ask()
        assert f"your budget of {MOST_TOKENS:,} tokens a month" in refused.value.message
        async with database.transaction() as tx:  # as if its deadline had passed
            past = text("UPDATE budget_reservations SET expire_time = expire_time - :span")
            await tx.execute(past, {"span": timedelta(hours=1)})
        assert (await ada.ask())[0] == 'You said: "Hi."'
        lost.cancel()
        await asyncio.wait({lost})


async def test_each_threshold_is_told_once_where_its_person_listens(
    database: Database, provider: FakeProvider
) -> None:
    provider.answer = lambda _: Reply("one two three four")  # with "Hi.": five tokens
    async with an_asker(database, provider) as ada:
        put = ada.meter.budgets.put
        await put(Target("person", ada.person_id), Period.DAY, 10_000, None)
        async with database.transaction() as tx:
            await tx.execute(text("UPDATE budgets SET spent_micros = 4990"))
        assert (await ada.ask())[1] == []  # 4995
        assert (await ada.ask(Purpose.SUMMARY))[1] == []  # 5000: it is told in the next turn
        (told,) = (await ada.ask())[1]
        assert told.startswith("50 % of your budget of $0.0100 a day are spent.")
        assert (await ada.ask())[1] == []
        async with database.transaction() as tx:
            await tx.execute(text("UPDATE budgets SET spent_micros = 9000"))
        (told,) = (await ada.ask())[1]
        assert told.startswith("80 % of ")
        async with database.transaction() as tx:  # a new day
            await tx.execute(text("UPDATE budgets SET period_date = period_date - 1"))
        assert (await ada.ask())[1] == []
        (today,) = await ada.meter.budgets.own(ada.person_id)
        assert today.spent_micros == 5


async def test_what_was_spent_before_there_was_a_budget_counts(
    database: Database, provider: FakeProvider
) -> None:
    async with an_asker(database, provider) as ada:
        provider.script(Refusal(500), "one two three four")
        await ada.ask()
        mine = Target("person", ada.person_id)
        standing = await ada.meter.budgets.put(mine, Period.DAY, 10, None)
        assert (standing.spent_micros, standing.spent_tokens) == (5, 5)
        assert standing.reached_percent == 50
        ended = await ada.meter.budgets.put(mine, Period.DAY, None, None)
        assert ended.cap_micros is None
        assert await ada.meter.budgets.own(ada.person_id) == []


async def test_a_turn_that_no_budget_has_room_for_fails_and_asks_nobody(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    served.provider.reset()
    await said(ada, "Hi.", lilith)
    made = await budget(ada, cap_tokens=1)
    assert made.spent_tokens > 1
    assert made.reached_percent == 100
    finished = (await said(ada, "Hi again.", lilith))[-1].finished
    assert finished.failure.reason == ERROR_REASON_BUDGET_EXHAUSTED
    assert "your budget of 1 tokens a day" in finished.failure.message.lower()
    assert len(served.provider.requests) == 1
    assert len(await records(ada)) == 1
    await budget(ada)  # without a cap: it ends
    assert (await said(ada, "And again.", lilith))[-1].finished.message.text


async def test_that_half_of_a_budget_is_spent_is_told_in_the_turn(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    served.provider.reset()
    served.provider.script(Reply("Good evening.", cost=1.0))
    await budget(ada, "MONTH", cap_micros=1_900_000)
    notices = [it.notice for it in await said(ada, "Hi.", lilith) if it.HasField("notice")]
    (told,) = [it for it in notices if it.failure.reason == ERROR_REASON_BUDGET_REACHED]
    assert told.failure.message.startswith("50 % of your budget of $1.90 a month are spent.")


async def test_the_operator_sets_a_budget_for_a_character(served: Served) -> None:
    ada, bo = served.people("ada", "bo")
    lilith, mira = await character(ada), await character(ada)
    served.provider.reset()
    asked = {"personality_id": lilith, "period": "BUDGET_PERIOD_DAY", "cap_tokens": 1}
    await served.client().call("UpdateServerBudget", request_for("UpdateServerBudget", **asked))
    failure = (await said(ada, "Hi.", lilith))[-1].finished.failure
    assert "the server's budget for this character" in failure.message.lower()
    assert (await said(ada, "Hi.", mira))[-1].finished.message.text
    refused = await bo.refused(
        "UpdateBudget",
        request_for("UpdateBudget", api_key_id=str(uuid4()), period=1, cap_tokens=1),
    )
    assert refused.reason == "API_KEY_NOT_FOUND"
