"""The dialogue `wallet keys`: keys are entered unseen, looked at, checked and deleted."""

import pytest

from tests.conftest import Served
from tests.fakes.keys import FakeInternet, Standing
from tests.flow.dialogue import Dialogue
from tests.wallet.keys.test_keys import a_key, created, listed
from tzurot.flow.v1 import flow_kind_pb2


async def test_a_key_is_added_looked_at_checked_and_deleted(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret)
    keys = await Dialogue.start(ada, "wallet keys")
    assert keys.view.body.startswith("You have none.")
    assert keys.field("secret").kind == flow_kind_pb2.VALUE_KIND_SECRET
    await keys.answer("add", provider="openrouter", secret=f" {secret} ")
    said = "OpenRouter (default) lets you in. openai/gpt-4.1-mini answers you from now on."
    assert keys.view.body.startswith(said)
    (key,) = await listed(ada)
    assert key.last_four == secret[-4:]
    await keys.choose("OpenRouter (default)")
    assert f"ends in {secret[-4:]} · openai/gpt-4.1-mini · never used" in keys.view.body
    internet.knows(secret, Standing.SPENT)
    await keys.answer("check")
    assert "nothing is left on this API key" in keys.view.notice
    assert "nothing left on it" in keys.view.body
    internet.knows(secret)
    await keys.answer("check")
    assert keys.view.body.startswith("It is good.")
    await keys.answer("ask")
    assert "At its provider it stays good" in keys.view.body
    await keys.answer("delete")
    assert keys.view.body.startswith("It is deleted.")
    assert await listed(ada) == []


@pytest.mark.parametrize(
    ("standing", "entered", "field", "error"),
    [
        (Standing.UNKNOWN, {}, "secret", "OpenAI refuses this API key."),
        (Standing.LIMITED, {}, "secret", "OpenAI does not let this API key do this:"),
        (Standing.GOOD, {"name": "taken"}, "name", "You have a key called `taken`"),
        (Standing.GOOD, {"name": "-"}, "name", "A name has letters"),
        (Standing.GOOD, {"model": "a b"}, "model", "A model's name has no spaces."),
        (Standing.GOOD, {"base_url": "https://x.example.org"}, "base_url", "It is needed for"),
        (
            Standing.GOOD,
            {"provider": "compatible", "base_url": "http://10.0.0.1"},
            "base_url",
            "Only addresses with https://",
        ),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_the_key_is_asked_again(
    standing: Standing,
    entered: dict[str, str],
    field: str,
    error: str,
    vault: Served,
    internet: FakeInternet,
) -> None:
    (ada,) = vault.people("ada")
    secret, other = a_key(), a_key()
    internet.knows(other)
    internet.knows(secret, standing)
    await created(ada, "OPENAI", other, name="taken")
    keys = await Dialogue.start(ada, "wallet keys")
    given = {"provider": "openai", "secret": secret, "name": "Work"} | entered
    await keys.answer("add", **given)
    assert keys.field(field).error.startswith(error)
    assert list(keys.field("name").values) == [given["name"]]  # what is not secret is kept
    assert list(keys.field("secret").values) == []
    assert len(await listed(ada)) == 1


async def test_a_provider_that_is_away_is_no_fault_of_the_key(
    vault: Served, internet: FakeInternet
) -> None:
    (ada,) = vault.people("ada")
    secret = a_key()
    internet.knows(secret, Standing.FAILING)
    keys = await Dialogue.start(ada, "wallet keys")
    await keys.answer("add", provider="openai", secret=secret, name="default")
    assert keys.view.notice == "OpenAI cannot be reached or fails. Nothing was stored."
    assert not any(field.error for field in keys.view.fields)


async def test_a_key_of_somebody_else_is_none(vault: Served, internet: FakeInternet) -> None:
    ada, kael = vault.people("ada", "kael")
    secret = a_key()
    internet.knows(secret)
    key = await created(ada, "OPENAI", secret)
    keys = await Dialogue.start(kael, "wallet keys")
    await keys.answer("show", item=key.id)
    assert keys.view.notice == "That is not in the list any more."
    assert secret[-4:] not in str(keys.flow)
