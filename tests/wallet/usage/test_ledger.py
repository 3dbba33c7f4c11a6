"""Every request to a provider is a row, and the rows add up to what the provider told."""

import asyncio

from tests.conftest import Served
from tests.fakes.provider import FakeProvider, Gate, Refusal, Reply, Request, reported
from tests.wallet.metered import REQUEST, an_asker
from tests.wallet.spending import character, records, said, usage
from tzurot.llm import tokens
from tzurot.storage.database import Database
from tzurot.wallet.usage.usage import Usage, span_of
from tzurot.wallet.v1 import usage_pb2


async def test_the_rows_of_a_scripted_run_add_up_to_what_the_provider_told(
    served: Served,
) -> None:
    (ada,) = served.people("ada")
    lilith = await character(ada)
    answered = Reply("Good ", "evening, Ada.", reasoning=["I know her."], cost=0.0015)
    told: list[tuple[Request, Reply]] = []

    def answer(request: Request) -> Reply:
        told.append((request, answered))
        return answered

    served.provider.reset()
    served.provider.answer = answer
    served.provider.script(Refusal(500))  # tried again: the next answer is the scripted one
    await said(ada, "Good evening.", lilith)
    await said(ada, "How are you?", lilith)

    refused, *others = await records(ada)
    assert refused.outcome.startswith("PROVIDER_UNAVAILABLE: HTTP 500")
    assert (refused.prompt_tokens, refused.completion_tokens) == (0, 0)
    assert refused.cost_micros == 0
    assert [it.outcome for it in others] == ["answered", "answered"]
    first = others[0]
    assert first.model == "scripted"
    assert first.payer == usage_pb2.USAGE_PAYER_SERVER
    assert first.purpose == usage_pb2.USAGE_PURPOSE_CHAT
    assert first.personality_id == lilith
    assert first.turn_id
    assert first.conversation_id
    assert not first.estimated
    total = (await usage(ada, "DAY")).total
    provider = [reported(request, reply) for request, reply in told]
    assert total.prompt_tokens == sum(it["prompt_tokens"] for it in provider)
    assert total.completion_tokens == sum(it["completion_tokens"] for it in provider)
    assert total.cached_tokens == sum(
        it["prompt_tokens_details"]["cached_tokens"] for it in provider
    )
    assert total.reasoning_tokens == sum(
        it["completion_tokens_details"]["reasoning_tokens"] for it in provider
    )
    assert (total.attempt_count, total.cost_micros, total.unpriced_count) == (3, 3_000, 0)


async def test_what_was_given_up_is_a_row_with_what_is_known(
    database: Database, provider: FakeProvider
) -> None:
    provider.script(Reply("Once upon a time", cost=1.0, gate=(gate := Gate())))
    async with an_asker(database, provider) as ada:
        asking = asyncio.create_task(ada.ask())
        await provider.until(lambda it: it.open_streams == 1, within=60)
        gate.release(2)  # the role, and some words
        await ada.heard.wait()
        asking.cancel()
        await asyncio.wait({asking})
        (left,) = await Usage(database).records(
            ada.person_id, span_of(None, None), before=None, limit=9
        )
    assert (left.outcome, left.estimated) == ("left", True)
    assert (left.prompt_tokens, left.completion_tokens) == (
        tokens.of_prompt(REQUEST),
        tokens.estimate("Once upon a time"),
    )
    assert left.cost_micros == left.prompt_tokens + left.completion_tokens  # a micro-dollar each


async def test_usage_is_added_up_by_whatever_is_asked(served: Served) -> None:
    (ada,) = served.people("ada")
    lilith, mira = await character(ada), await character(ada)
    served.provider.reset()
    served.provider.script(Reply("A", cost=0.000_002), Reply("B", cost=0.000_003))
    await said(ada, "Hi.", lilith)
    await said(ada, "Hi.", mira)
    by_character = await usage(ada, "PERSONALITY")
    assert [(it.key, it.cost_micros) for it in by_character.sums] == [(mira, 3), (lilith, 2)]
    assert by_character.sums[0].name.startswith("Lilith ")
    by_purpose = (await usage(ada, "PURPOSE")).sums
    assert [(it.key, it.cost_micros, it.attempt_count) for it in by_purpose] == [("chat", 5, 2)]
    conversations = (await usage(ada, "CONVERSATION")).sums
    assert [it.cost_micros for it in conversations] == [3, 2]
    (model,) = (await usage(ada, "MODEL")).sums
    assert model.key.endswith("/scripted")
    (day,) = (await usage(ada, "DAY")).sums
    assert (len(day.key), day.cost_micros) == (10, 5)


async def test_nobody_reads_what_another_spent(served: Served) -> None:
    ada, bo = served.people("ada", "bo")
    served.provider.reset()
    await said(ada, "Hi.", await character(ada))
    assert len(await records(ada)) == 1
    assert await records(bo) == []
    assert (await usage(bo, "DAY")).total.attempt_count == 0
