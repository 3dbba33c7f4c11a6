"""What a person is told and answered where the model that should answer them is refused.

Two providers: the one of the person's own key, and the operator's address that wants none.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import request_for
from tests.clients.cli.people import Person
from tests.conftest import Served, a_database, a_server
from tests.contract.residents import saying
from tests.fakes.keys import FakeInternet, Standing
from tests.fakes.provider import Ending, FakeProvider, Refusal, Reply
from tests.flow.dialogue import Dialogue
from tests.wallet.keys.test_keys import a_key, created
from tests.wallet.keys.test_turns import _reason as reason
from tests.wallet.keys.test_turns import character, talks
from tests.wallet.spending import budget, records
from tzurot.wallet.v1 import payment_pb2, usage_pb2

OWN, OPEN = payment_pb2.PAYMENT_ROUTE_OWN_KEY, payment_pb2.PAYMENT_ROUTE_LOCAL


@pytest.fixture(scope="module")
async def house(
    postgres: str, internet: FakeInternet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server that keeps keys, with a model that costs nobody anything."""
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        a_server(
            url,
            tmp_path_factory.mktemp("home"),
            internet.fetcher,
            model="house",
            model_base_url=provider.base_url,
            ollama_url="http://127.0.0.1:1",
        ) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        yield Served(running, provider, channel)


@pytest.fixture(autouse=True)
def _quiet(house: Served, internet: FakeInternet) -> None:  # pyright: ignore[reportUnusedFunction] - pytest's to call
    house.provider.reset()
    internet.model.reset()
    internet.seen.clear()


async def asked(who: Any) -> Any:
    """What is told of a turn of theirs."""
    return [it.event for it in await who.call("Chat", saying("Hi", await character(who)))]


async def attempts(who: Any, turn_id: str) -> list[tuple[str, int, str]]:
    trace = (await who.call("GetTurnTrace", request_for("GetTurnTrace", turn_id=turn_id))).trace
    return [(it.model, it.payer, it.outcome.partition(":")[0]) for it in trace.attempts]


def notices(events: Any) -> list[Any]:
    return [it.notice.failure for it in events if it.WhichOneof("kind") == "notice"]


@pytest.mark.parametrize(
    ("standing", "because", "outcome"),
    [
        (Standing.SPENT, "nothing is left on your own API key `Work`", "PROVIDER_QUOTA"),
        (Standing.UNKNOWN, "refuses your own API key `Work`", "API_KEY_REJECTED"),
    ],
)
async def test_another_model_answers_and_the_person_is_told_once(
    standing: Standing, because: str, outcome: str, house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret, name="Work")
    internet.knows(secret, standing)
    house.provider.script("From the house.", "Again.")

    live = await asked(ada)
    assert live[-1].finished.message.text == "From the house."
    (notice,) = notices(live)
    assert notice.reason == reason("ANSWERED_BY_ANOTHER")
    assert because in notice.message
    assert "house answers meanwhile, for 10 minutes" in notice.message
    own = ("openai/gpt-4.1-mini", OWN, outcome)
    assert await attempts(ada, live[0].turn_id) == [own, ("house", OPEN, "answered")]
    paid = [(it.model, it.payer, bool(it.api_key_id)) for it in await records(ada)]
    assert paid == [
        ("openai/gpt-4.1-mini", usage_pb2.USAGE_PAYER_OWN, True),
        ("house", usage_pb2.USAGE_PAYER_SERVER, False),
    ]

    known = await asked(ada)  # it is known by now: nobody is asked in vain
    assert known[0].started.model == "house"
    assert known[-1].finished.message.text == "Again."
    assert [it.message for it in notices(known)] == [notice.message]
    assert await attempts(ada, known[0].turn_id) == [("house", OPEN, "answered")]
    assert len(talks(internet)) == 1


async def test_what_was_asked_and_what_it_cost_is_told_with_the_end(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret)
    internet.model.script(Reply("Good evening.", cost=0.0005))
    request = saying("Hi", await character(ada), request_id=str(uuid4()))
    live = [it.event for it in await ada.call("Chat", request)]
    (asked_own,) = live[-1].finished.attempts
    assert (asked_own.payer, asked_own.outcome, asked_own.cost_micros) == (OWN, "answered", 500)
    assert asked_own.prompt_token_count > asked_own.completion_token_count == 2
    again = [it.event for it in await ada.call("Chat", request)]
    assert again[-1] == live[-1]  # its end is told as it was
    kept = await ada.call("GetTurnTrace", request_for("GetTurnTrace", turn_id=live[0].turn_id))
    assert list(kept.trace.attempts) == [asked_own]

    await created(ada, "OPENAI", secret)
    internet.model.script(Refusal(429, retry_after="180"))
    refused, answered = (await asked(ada))[-1].finished.attempts
    assert (refused.payer, refused.prompt_token_count, refused.cost_micros) == (OWN, 0, 0)
    assert (answered.model, answered.payer) == ("house", OPEN)
    assert answered.prompt_token_count > 0
    assert not answered.HasField("cost_micros")  # nobody knows what the operator's address takes


async def test_a_budget_that_is_used_up_leads_to_no_other_model(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENROUTER", secret)
    await budget(ada, api_key_id=key.id, cap_tokens=1)
    finished = (await asked(ada))[-1].finished
    assert finished.failure.reason == reason("BUDGET_EXHAUSTED")
    assert talks(internet) == []
    assert house.provider.requests == []


async def test_a_rate_limit_holds_for_that_model_as_long_as_its_provider_says(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "MISTRAL", secret)
    internet.model.script(Refusal(429, retry_after="180"))
    (notice,) = notices(await asked(ada))
    refused = "Mistral lets your own API key `default` do no more for now."
    assert f"{refused} house answers meanwhile, for 3 m" in notice.message
    found = await ada.call("ExplainPayment", request_for("ExplainPayment"))
    first, second = found.alternatives[:2]
    assert first.obstacle == payment_pb2.PAYMENT_OBSTACLE_RATE_LIMITED
    assert first.HasField("until_time")
    assert "It is asked again in 3 minutes." in first.explanation
    assert (second.model, second.taken) == ("house", True)
    (bo,) = house.people("bo")
    other = (await bo.call("ExplainPayment", request_for("ExplainPayment"))).alternatives[0]
    assert other.obstacle == payment_pb2.PAYMENT_OBSTACLE_NO_KEY


async def test_the_dialogue_shows_every_way_with_its_reason(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    shown = await Dialogue.start(ada, "wallet explain")
    titles = [it.title for it in shown.view.items]
    assert titles[:2] == ["Your own key", "→ A model on this server's own machine: house"]
    assert titles[2:] == ["A model on this server's own machine"]
    assert "TZUROT_BUNDLED_MODEL" in shown.view.items[2].text
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret, name="Work")
    await shown.answer("refresh")
    assert shown.view.items[0].title == "→ Your own key: openai/gpt-4.1-mini"
    assert "paid with your own API key `Work`" in shown.view.items[0].text


async def test_in_the_terminal_it_is_read_what_happened_and_who_paid(
    house: Served, internet: FakeInternet, tmp_path: Path
) -> None:
    ada = Person(house, house.people("ada")[0], tmp_path)
    secret = a_key()
    internet.knows(secret)
    await created(ada.client, "OPENROUTER", secret, name="Work")
    internet.knows(secret, Standing.SPENT)
    slug = await ada.character("Tzu")
    ended = await ada.run("chat", slug, said="Good evening!\n")
    assert "OpenRouter says that nothing is left on your own API key `Work`" in ended.err
    assert "house answers meanwhile" in ended.err
    inspected = (await ada.run("turn", "inspect", "last")).out
    rows = [line.split() for line in inspected.splitlines()]
    (spent,) = [row for row in rows if row[:3] == ["OpenRouter", "openai/gpt-4.1-mini", "you"]]
    assert spent[-3:] == ["PROVIDER_QUOTA:", "HTTP", "402"]
    (answered,) = [row for row in rows if row[1:3] == ["house", "nobody"]]
    assert answered[-1] == "answered"
    assert ended.err.endswith("\nby house, which costs nobody anything\n")
    explained = (await ada.run("wallet", "explain")).out
    assert "your own key" in explained
    assert "nothing is left on your own API key `Work`" in " ".join(explained.split())


async def test_if_nobody_answers_it_is_the_first_refusal_that_is_told(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret, name="Work")
    internet.knows(secret, Standing.SPENT)
    house.provider.script(Refusal(400), Refusal(400))
    for _ in range(2):  # live, and known
        failure = (await asked(ada))[-1].finished.failure
        assert failure.reason == reason("API_KEY_LACKS_CREDIT")


async def test_after_the_first_word_no_other_model_takes_over(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret)
    internet.model.script(Reply("Good ", ending=Ending.BREAK))
    events = await asked(ada)
    assert events[-1].finished.failure.reason == reason("PROVIDER_UNAVAILABLE")
    assert notices(events) == []
    assert house.provider.requests == []


async def test_who_wants_their_words_to_stay_is_answered_on_this_machine_alone(
    house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret)
    await _set(ada, "sending_allowed")
    assert (await asked(ada))[0].started.model == "house"
    assert talks(internet) == []
    house.provider.script(Refusal(400))
    failed = (await asked(ada))[-1].finished
    assert failed.failure.reason == reason("PROVIDER_UNAVAILABLE")
    assert talks(internet) == []


@pytest.mark.parametrize(
    ("key", "provider"),
    [
        ("training_allowed", {"data_collection": "deny"}),
        ("retention_allowed", {"data_collection": "deny", "zdr": True}),
    ],
)
async def test_a_demand_goes_into_the_request(
    key: str, provider: dict[str, object], house: Served, internet: FakeInternet
) -> None:
    (ada,) = house.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret)
    await _set(ada, key)
    await asked(ada)
    assert internet.model.requests[-1].body["provider"] == provider


async def test_where_nobody_keeps_to_a_demand_it_is_refused(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "GEMINI", secret)
    await _set(ada, "retention_allowed")
    finished = (await asked(ada))[-1].finished
    assert finished.failure.reason == reason("DATA_POLICY_FORBIDS")
    assert talks(internet) == []
    assert vault.provider.requests == []
    found = await ada.call("ExplainPayment", request_for("ExplainPayment"))
    assert found.data_policy == payment_pb2.DATA_POLICY_NO_RETENTION
    assert found.refusal.reason == reason("DATA_POLICY_FORBIDS")


async def test_a_demand_that_openrouter_cannot_meet_is_not_dropped(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret)
    await _set(ada, "retention_allowed")
    message = "No endpoints found matching your data policy (Zero data retention)."
    internet.model.script(Refusal(404, message=message))
    finished = (await asked(ada))[-1].finished
    assert finished.failure.reason == reason("DATA_POLICY_UNMET")
    assert len(talks(internet)) == 1


async def _set(who: Any, key: str) -> None:
    await who.call(
        "SetPersonSetting", request_for("SetPersonSetting", key=key, value={"flag": False})
    )
