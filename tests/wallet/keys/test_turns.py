"""A person's turns are paid with their own key, and with nobody else's."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served, a_server
from tests.contract.residents import saying
from tests.fakes import keys as hosts
from tests.fakes.keys import FakeInternet, Standing
from tests.fakes.provider import FakeProvider
from tests.wallet.keys.test_keys import HOME, MODELS, a_key, asked, created, listed
from tzurot.common.v1 import error_reason_pb2
from tzurot.wallet.v1 import api_key_pb2, model_pb2

SPEAKING = ("OPENROUTER", "OPENAI", "GEMINI", "MISTRAL", "COMPATIBLE")
KEPT = ("ELEVENLABS",)
PATHS = {
    "OPENROUTER": "/api/v1/chat/completions",
    "OPENAI": "/v1/chat/completions",
    "GEMINI": "/v1beta/openai/chat/completions",
    "MISTRAL": "/v1/chat/completions",
    "COMPATIBLE": "/v1/chat/completions",
}


@pytest.fixture(autouse=True)
def _quiet(vault: Served, internet: FakeInternet) -> None:  # pyright: ignore[reportUnusedFunction] - pytest's to call
    vault.provider.reset()
    internet.model.reset()
    internet.seen.clear()
    internet.moved.clear()


async def character(who: Client) -> str:
    new = request_for("CreatePersonality", personality={"name": f"Lilith {uuid4().hex}"})
    return (await who.call("CreatePersonality", new)).personality.id


async def said(who: Client, words: str = "Good evening.") -> Any:
    """How a turn of theirs ended."""
    events = await who.call("Chat", saying(words, await character(who)))
    return events[-1].event.finished


def talks(internet: FakeInternet) -> list[hosts.Seen]:
    return [it for it in internet.seen if it.path.endswith(("/chat/completions", "/messages"))]


@pytest.mark.parametrize("provider", SPEAKING)
async def test_a_turn_is_paid_with_the_persons_own_key(
    provider: str, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, provider, secret)
    internet.model.script("Good evening, Ada.")
    finished = await said(ada)
    assert finished.message.text == "Good evening, Ada."
    (seen,) = talks(internet)
    assert (seen.host, seen.path) == (HOME[provider], PATHS[provider])
    assert seen.headers["Authorization"] == f"Bearer {secret}"
    assert internet.model.requests[0].body["model"] == MODELS[provider]
    assert vault.provider.requests == []
    (told,) = await listed(ada)
    assert told.HasField("last_use_time")
    models = (await ada.call("ListModels")).models
    assert (models[0].api_key_id, models[0].id) == (key.id, MODELS[provider])
    assert models[0].speaks
    assert models[0].provider == model_pb2.ModelProvider.Value(f"MODEL_PROVIDER_{provider}")


@pytest.mark.parametrize("provider", KEPT)
async def test_a_key_that_no_model_speaks_with_pays_for_nothing(
    provider: str, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, provider, secret)
    await said(ada)
    assert talks(internet) == []
    (told,) = await listed(ada)
    assert not told.HasField("last_use_time")


async def test_a_model_that_was_named_speaks(vault: Served, internet: FakeInternet) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret, model="deepseek/deepseek-chat")
    await said(ada)
    assert internet.model.requests[0].body["model"] == "deepseek/deepseek-chat"


async def test_the_newest_key_pays_and_the_one_before_when_it_is_gone(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    older, newer = a_key(), a_key()
    internet.knows(older)
    internet.knows(newer)
    await created(ada, "OPENROUTER", older)
    key = await created(ada, "MISTRAL", newer)
    await said(ada)
    await ada.call("DeleteApiKey", request_for("DeleteApiKey", api_key_id=key.id))
    await said(ada)
    paid = [it.headers["Authorization"] for it in talks(internet)]
    assert paid == [f"Bearer {newer}", f"Bearer {older}"]


@pytest.mark.parametrize(
    ("standing", "reason", "kind", "words", "asked"),
    [
        (Standing.UNKNOWN, "API_KEY_REJECTED", "REJECTED", "refuses your own API key `Work`", 1),
        # This may be about what was said alone: the next turn asks again.
        (Standing.LIMITED, "API_KEY_REJECTED", "REJECTED", "refuses your own API key `Work`", 2),
        (
            Standing.SPENT,
            "API_KEY_LACKS_CREDIT",
            "LACKS_CREDIT",
            "left on your own API key `Work`",
            1,
        ),
    ],
)
async def test_a_refusal_in_a_turn_is_remembered_and_nobody_else_pays(
    *,
    standing: Standing,
    reason: str,
    kind: str,
    words: str,
    asked: int,
    vault: Served,
    internet: FakeInternet,
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENROUTER", secret, name="Work")
    internet.knows(secret, standing)
    finished = await said(ada)
    failure = finished.failure
    assert failure.reason == _reason(reason)
    assert words in failure.message
    assert vault.provider.requests == []
    (told,) = await listed(ada)
    assert told.last_failure.kind == api_key_pb2.ApiKeyFailureKind.Value(
        f"API_KEY_FAILURE_KIND_{kind}"
    )
    again = (await said(ada)).failure
    assert (again.reason, again.message) == (failure.reason, failure.message)
    assert len(talks(internet)) == asked
    internet.knows(secret)
    await ada.call("CheckApiKey", request_for("CheckApiKey", api_key_id=told.id))
    assert (await said(ada)).message.text
    (told,) = await listed(ada)
    assert not told.HasField("last_failure")


async def test_a_key_that_cannot_be_opened_is_paid_for_by_nobody_else(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENAI", secret)
    async with vault.running.parts.database.transaction() as tx:
        lost = text("UPDATE api_keys SET master_key_id = '000000000000' WHERE id = :id")
        await tx.execute(lost, {"id": key.id})
    finished = await said(ada)
    assert finished.failure.reason == _reason("MASTER_KEY_MISSING")
    assert talks(internet) == []
    assert vault.provider.requests == []


async def test_without_master_keys_only_keys_can_not_be_brought(
    database_url: str,
    internet: FakeInternet,
    provider: FakeProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = a_key()
    internet.knows(secret)
    monkeypatch.setenv("TZUROT_DATABASE_URL", "postgresql://of-the-operator")
    theirs = {"model": "scripted", "model_base_url": provider.base_url}
    async with (
        a_server(database_url, tmp_path, internet.fetcher, **theirs) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        owner = Client(channel, running.token)
        refusal = await owner.refused("CreateApiKey", asked("OPENAI", secret))
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "MASTER_KEY_MISSING")
        assert "TZUROT_MASTER_KEYS_FILE" in refusal.message
        assert await listed(owner) == []
        assert (await said(owner)).message.text
    assert internet.seen == []
    assert not (tmp_path / "master-keys").exists()


async def test_an_address_that_moves_into_a_private_network_is_not_asked(
    vault: Served, internet: FakeInternet
) -> None:
    """What was public when the key came may be something else by now."""
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "COMPATIBLE", secret)
    internet.moved.add(hosts.OWN)
    finished = await said(ada)
    assert finished.failure.reason == _reason("PROVIDER_UNAVAILABLE")
    assert talks(internet) == []


async def test_whoever_writes_into_the_database_sends_no_key_elsewhere(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "COMPATIBLE", secret)
    async with vault.running.parts.database.transaction() as tx:
        elsewhere = text("UPDATE api_keys SET base_url = :url WHERE id = :id")
        await tx.execute(elsewhere, {"url": f"https://{hosts.OWN}/gathering", "id": key.id})
    finished = await said(ada)
    assert finished.failure.reason == _reason("MASTER_KEY_MISSING")
    check = request_for("CheckApiKey", api_key_id=key.id)
    assert (await ada.refused("CheckApiKey", check)).reason == "MASTER_KEY_MISSING"
    assert [it.path for it in internet.seen] == ["/v1/models"]  # as it came


async def test_people_who_talk_at_the_same_time_pay_each_for_themselves(
    vault: Served, internet: FakeInternet
) -> None:
    people = dict(zip(vault.people(*"abcdef"), (a_key() for _ in range(6)), strict=True))
    for who, secret in people.items():
        internet.knows(secret)
        await created(who, "OPENROUTER", secret)
    await asyncio.gather(*(said(who, f"I am {people[who]}.") for who in people))
    paid = {it.headers["Authorization"]: it.last_user_text for it in internet.model.requests}
    assert set(paid) == {f"Bearer {secret}" for secret in people.values()}
    for key, words in paid.items():
        assert key.removeprefix("Bearer ") in words


async def test_what_a_provider_sets_for_one_person_goes_along_with_nobody_else(
    vault: Served, internet: FakeInternet
) -> None:
    """A gateway that knows people by a cookie would let one spend what is another's."""
    ada, kael = vault.people("ada", "kael")
    for who in (ada, kael):
        secret = a_key()
        internet.knows(secret)
        await created(who, "OPENROUTER", secret)
        internet.knows(secret, Standing.SPENT)
        await said(who)
    assert len(talks(internet)) == 2
    assert [it.headers for it in internet.seen if "Cookie" in it.headers] == []


def _reason(name: str) -> int:
    return error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{name}")
