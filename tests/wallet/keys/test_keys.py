"""A key that its provider lets in is kept, masked; one that it does not is not, and why is said."""

import hashlib
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from tests.calling import Client, Refusal, request_for
from tests.conftest import Served
from tests.fakes import keys as hosts
from tests.fakes.keys import FakeInternet, Standing
from tests.flow.dialogue import Dialogue
from tzurot.wallet.keys import keys
from tzurot.wallet.v1 import api_key_pb2

PROVIDERS = ("OPENROUTER", "OPENAI", "ANTHROPIC", "GEMINI", "ELEVENLABS", "MISTRAL", "COMPATIBLE")
ADDRESS = f"https://{hosts.OWN}/v1"
HOME = {
    "OPENROUTER": hosts.OPENROUTER,
    "OPENAI": hosts.OPENAI,
    "ANTHROPIC": hosts.ANTHROPIC,
    "GEMINI": hosts.GEMINI,
    "ELEVENLABS": hosts.ELEVENLABS,
    "MISTRAL": hosts.MISTRAL,
    "COMPATIBLE": hosts.OWN,
}
MODELS = {
    "OPENROUTER": "openai/gpt-4.1-mini",
    "OPENAI": "gpt-4.1-mini",
    "ANTHROPIC": "claude-haiku-5-5",
    "GEMINI": "gemini-2.5-flash",
    "ELEVENLABS": "",
    "MISTRAL": "mistral-small-latest",
    "COMPATIBLE": "house-model",
}


def a_key() -> str:
    return f"sk-{uuid4().hex}"


def asked(provider: str, secret: str, **fields: object) -> Message:
    if provider == "COMPATIBLE":
        fields = {"base_url": ADDRESS} | fields
    return request_for(
        "CreateApiKey", provider=f"API_KEY_PROVIDER_{provider}", secret=secret, **fields
    )


async def created(who: Client, provider: str, secret: str, **fields: object) -> api_key_pb2.ApiKey:
    return (await who.call("CreateApiKey", asked(provider, secret, **fields))).api_key


async def refused(who: Client, provider: str, secret: str, **fields: object) -> Refusal:
    return await who.refused("CreateApiKey", asked(provider, secret, **fields))


async def listed(who: Client) -> list[api_key_pb2.ApiKey]:
    return list((await who.call("ListApiKeys")).api_keys)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_good_key_is_kept_and_told_by_what_says_which_it_is(
    provider: str, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, provider, secret, name="Work")
    assert (key.name, key.last_four) == ("Work", secret[-4:])
    assert key.fingerprint == hashlib.sha256(secret.encode()).hexdigest()[:8]
    assert key.model == MODELS[provider]
    assert key.HasField("check_time")
    assert not key.HasField("last_use_time")
    assert not key.HasField("last_failure")
    assert await listed(ada) == [key]
    seen = [it for it in internet.seen if secret in str(it.headers)]
    assert [it.host for it in seen] == [HOME[provider]]  # once, and nowhere else


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing.UNKNOWN, "API_KEY_REJECTED"),
        (Standing.LIMITED, "API_KEY_LACKS_PERMISSION"),
        (Standing.SPENT, "API_KEY_LACKS_CREDIT"),
        (Standing.FAILING, "PROVIDER_UNAVAILABLE"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(
    provider: str, standing: Standing, reason: str, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret, standing)
    refusal = await refused(ada, provider, secret)
    if (provider, standing) == ("COMPATIBLE", Standing.LIMITED):
        reason = "API_KEY_REJECTED"  # 403 and no word of permissions
    assert refusal.reason == reason
    assert secret not in str(refusal)
    assert await listed(ada) == []


async def test_a_key_that_manages_others_pays_for_nothing(
    vault: Served, internet: FakeInternet
) -> None:
    """OpenRouter's keys for provisioning are let in, but no model answers them."""
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret, Standing.LIMITED)
    assert (await refused(ada, "OPENROUTER", secret)).reason == "API_KEY_LACKS_PERMISSION"


async def test_a_provider_that_does_not_answer_is_waited_for_shortly(
    vault: Served, internet: FakeInternet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzurot.wallet.keys.checking.SECONDS", 0.1)
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret, Standing.SILENT)
    refusal = await refused(ada, "OPENAI", secret)
    assert (refusal.code.name, refusal.reason) == ("DEADLINE_EXCEEDED", "PROVIDER_TIMEOUT")


@pytest.mark.parametrize(
    ("base_url", "problem"),
    [
        ("http://llm.example.org/v1", "not_https"),
        ("https://127.0.0.1/v1", "bad_address"),
        ("https://localhost/v1", "bad_address"),
        ("https://llm.example.org:8443/v1", "bad_address"),
        ("https://ada:secret@llm.example.org/v1", "bad_address"),
        ("https://llm.example.org/v1?key=secret", "bad_address"),
        (f"https://{hosts.INTRANET}/v1", "private_address"),
        ("https://nowhere.example.org/v1", "unresolvable"),
        ("https://llm.example.org/home", "not_compatible"),
        ("https://llm.example.org/v1/moved", "not_compatible"),
    ],
)
async def test_an_address_that_nobody_may_ask_is_refused(
    base_url: str, problem: str, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    refusal = await refused(ada, "COMPATIBLE", secret, base_url=base_url)
    assert (refusal.reason, refusal.metadata["problem"]) == ("ADDRESS_REFUSED", problem)
    assert "secret" not in refusal.message
    seen = {it.host for it in internet.seen if secret in str(it.headers)}
    assert seen <= {hosts.OWN}  # a redirect takes no key along


@pytest.mark.parametrize(("length", "shown"), [(19, False), (20, True)])
async def test_of_a_short_key_nothing_is_shown(
    length: int, shown: bool, vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = uuid4().hex[:length]
    internet.knows(secret)
    key = await created(ada, "COMPATIBLE", secret)
    assert (bool(key.last_four), bool(key.fingerprint)) == (shown, shown)


async def test_a_name_is_one_keys_at_a_provider(vault: Served, internet: FakeInternet) -> None:
    ada, kael = vault.people("ada", "kael")
    secrets = [a_key() for _ in range(4)]
    for secret in secrets:
        internet.knows(secret)
    await created(ada, "OPENAI", secrets[0])
    refusal = await refused(ada, "OPENAI", secrets[1])
    assert (refusal.reason, refusal.metadata["name"]) == ("API_KEY_NAME_TAKEN", "default")
    assert secrets[1] not in str([it.headers for it in internet.seen])  # nobody was asked
    await created(ada, "OPENAI", secrets[1], name="second")
    await created(ada, "MISTRAL", secrets[2])
    await created(kael, "OPENAI", secrets[3])
    assert [it.name for it in await listed(ada)] == ["default", "second", "default"]


async def test_a_person_has_so_many_keys_and_no_more(
    vault: Served, internet: FakeInternet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MAX_KEYS", 2)
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    await created(ada, "OPENAI", secret, name="1")
    await created(ada, "OPENAI", secret, name="2")
    assert (await refused(ada, "OPENAI", secret, name="3")).reason == "LIMIT_REACHED"


async def test_a_member_tries_only_so_many_keys_at_once(
    vault: Served, internet: FakeInternet
) -> None:
    """Else anybody could have stolen keys sorted by this server. The dialogue is no way around."""
    kael = vault.client(f"discord:{uuid4().int}")
    ada = vault.client(f"discord:{uuid4().int}")
    secret, many = a_key(), [a_key() for _ in range(10)]
    internet.knows(secret)
    key = await created(ada, "OPENAI", secret)
    reasons = [(await refused(kael, "OPENAI", it)).reason for it in many]
    assert reasons == ["API_KEY_REJECTED"] * 10
    refusal = await refused(kael, "OPENAI", secret)
    assert (refusal.code.name, refusal.reason) == ("RESOURCE_EXHAUSTED", "RATE_LIMITED")
    assert refusal.metadata["limit"] == "key_checks"
    assert refusal.retry_seconds
    assert 0 < refusal.retry_seconds <= 60
    dialogue = await Dialogue.start(kael, "wallet keys")
    await dialogue.answer("add", provider="openai", secret=secret, name="default")
    assert dialogue.view.notice.startswith("That was too much at once: it goes on in")
    assert len([it for it in internet.seen if secret in str(it.headers)]) == 1  # it was Ada's
    check = request_for("CheckApiKey", api_key_id=key.id)
    for _ in range(9):  # others have tries of their own, and a check is one
        await ada.call("CheckApiKey", check)
    assert (await ada.refused("CheckApiKey", check)).reason == "RATE_LIMITED"


async def test_the_same_request_with_another_key_is_another_request(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    one, other, request_id = a_key(), a_key(), str(uuid4())
    internet.knows(one)
    internet.knows(other)
    first = await created(ada, "OPENAI", one, request_id=request_id)
    assert await created(ada, "OPENAI", one, request_id=request_id) == first
    refusal = await refused(ada, "OPENAI", other, request_id=request_id)
    assert refusal.reason == "REQUEST_ID_REUSED"


async def test_a_check_remembers_what_is_wrong_until_the_key_is_let_in_again(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENROUTER", secret)
    check = request_for("CheckApiKey", api_key_id=key.id)
    internet.knows(secret, Standing.SPENT)
    assert (await ada.refused("CheckApiKey", check)).reason == "API_KEY_LACKS_CREDIT"
    (told,) = await listed(ada)
    assert told.last_failure.kind == api_key_pb2.API_KEY_FAILURE_KIND_LACKS_CREDIT
    assert told.last_failure.HasField("time")
    internet.knows(secret, Standing.FAILING)
    assert (await ada.refused("CheckApiKey", check)).reason == "PROVIDER_UNAVAILABLE"
    (told,) = await listed(ada)
    assert told.last_failure.kind == api_key_pb2.API_KEY_FAILURE_KIND_LACKS_CREDIT
    internet.knows(secret)
    mended = (await ada.call("CheckApiKey", check)).api_key
    assert not mended.HasField("last_failure")
    assert mended.check_time.ToNanoseconds() > key.check_time.ToNanoseconds()
    assert await listed(ada) == [mended]


async def test_a_deleted_key_is_gone_from_the_database(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENAI", secret)
    await ada.call("DeleteApiKey", request_for("DeleteApiKey", api_key_id=key.id))
    assert await listed(ada) == []
    async with vault.running.parts.database.transaction() as tx:
        query = text("SELECT count(*) FROM api_keys WHERE id = :id")
        assert await tx.scalar(query, {"id": key.id}) == 0


async def test_a_row_that_was_moved_to_somebody_else_does_not_open(
    vault: Served, internet: FakeInternet
) -> None:
    """Whoever can write into the database makes nobody else's key their own."""
    ada, kael = vault.people("ada", "kael")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENAI", secret)
    person = (await kael.call("GetMe")).person
    async with vault.running.parts.database.transaction() as tx:
        move = text("UPDATE api_keys SET person_id = :person WHERE id = :id")
        await tx.execute(move, {"person": person.id, "id": key.id})
    (seen,) = await listed(kael)
    refusal = await kael.refused("CheckApiKey", request_for("CheckApiKey", api_key_id=seen.id))
    assert refusal.reason == "MASTER_KEY_MISSING"
    assert len([it for it in internet.seen if secret in str(it.headers)]) == 1
