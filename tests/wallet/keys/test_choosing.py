"""Which model speaks with a key is its person's choice, among those that its provider lists."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.fakes.keys import FakeInternet
from tests.flow.dialogue import Dialogue, starting
from tests.wallet.keys.test_keys import a_key, created, listed
from tests.wallet.keys.test_turns import said


@pytest.fixture
async def ada(vault: Served, internet: FakeInternet) -> AsyncIterator[Client]:
    (client,) = vault.people("ada")
    internet.model.reset()
    yield client


async def keyed(who: Client, internet: FakeInternet, provider: str, **fields: object) -> Any:
    secret = a_key()
    internet.knows(secret)
    return await created(who, provider, secret, **fields)


def choosing(key: Any, model: str) -> Any:
    return request_for("UpdateApiKey", api_key_id=key.id, model=model)


async def test_a_listed_model_is_chosen_and_answers(ada: Client, internet: FakeInternet) -> None:
    key = await keyed(ada, internet, "COMPATIBLE")
    assert key.model == "house-model"
    chosen = (await ada.call("UpdateApiKey", choosing(key, "house-model-large"))).api_key
    assert chosen.model == "house-model-large"
    assert await listed(ada) == [chosen]
    await said(ada)
    assert internet.model.requests[-1].body["model"] == "house-model-large"


async def test_what_the_provider_does_not_list_is_refused(
    ada: Client, internet: FakeInternet
) -> None:
    key = await keyed(ada, internet, "COMPATIBLE")
    refusal = await ada.refused("UpdateApiKey", choosing(key, "house-model-small"))
    assert refusal.reason == "MODEL_NOT_LISTED"
    assert refusal.metadata["model"] == "house-model-small"
    assert (await listed(ada))[0].model == "house-model"


async def test_nobody_chooses_for_another(
    vault: Served, ada: Client, internet: FakeInternet
) -> None:
    key = await keyed(ada, internet, "COMPATIBLE")
    (eve,) = vault.people("eve")
    refusal = await eve.refused("UpdateApiKey", choosing(key, "house-model-large"))
    assert refusal.reason == "API_KEY_NOT_FOUND"


async def test_what_a_key_may_ask_is_seen_by_its_person_alone_and_goes_with_it(
    vault: Served, ada: Client, internet: FakeInternet
) -> None:
    key = await keyed(ada, internet, "COMPATIBLE")
    (eve,) = vault.people("eve")
    query = request_for("ListModels", query="house-model-large")
    (model,) = (await ada.call("ListModels", query)).models
    assert (model.api_key_id, model.speaks) == (key.id, False)
    assert not (await eve.call("ListModels", query)).models
    await ada.call("DeleteApiKey", request_for("DeleteApiKey", api_key_id=key.id))
    assert not (await ada.call("ListModels", query)).models


async def test_a_key_at_openrouter_has_its_list_read(
    vault: Served, ada: Client, internet: FakeInternet
) -> None:
    key = await keyed(ada, internet, "OPENROUTER")
    parts = vault.running.parts
    async with parts.database.transaction() as tx:
        await parts.jobs.defer(tx, "wallet.read_models")
    query = request_for("ListModels", query="some/model")
    async with asyncio.timeout(60):
        while not (found := (await ada.call("ListModels", query)).models):
            pass
    assert found[0].price.input_micros == 1_000_000
    seen = [it for it in internet.seen if it.path == "/api/v1/models"]
    assert all("Authorization" not in it.headers for it in seen)
    refusal = await ada.refused("UpdateApiKey", choosing(key, "some/other"))
    assert refusal.reason == "MODEL_NOT_LISTED"
    chosen = (await ada.call("UpdateApiKey", choosing(key, "some/model:nitro"))).api_key
    assert chosen.model == "some/model:nitro"


class TestDialogue:
    async def test_a_model_is_typed_nearly_asked_about_and_speaks(
        self, ada: Client, internet: FakeInternet
    ) -> None:
        await keyed(ada, internet, "COMPATIBLE")
        mine = await Dialogue.start(ada, "me model")
        assert mine.view.body.startswith("house-model speaks with your key default.")
        await mine.answer("change", model="hosue large")
        assert mine.view.title == "Shall house-model-large answer you?"
        await mine.answer("put")
        assert "house-model-large speaks with your key" in mine.view.body
        assert (await listed(ada))[0].model == "house-model-large"
        await mine.answer("change", model="gpt-5")
        assert mine.field("model").error == "Its provider lists no model like that."

    async def test_models_of_the_key_are_offered(self, ada: Client, internet: FakeInternet) -> None:
        await keyed(ada, internet, "OPENAI")
        await keyed(ada, internet, "COMPATIBLE")
        typed = request_for("CompleteFlowArgument", path="me model", key="model", typed="larg")
        choices = (await ada.call("CompleteFlowArgument", typed)).choices
        assert [it.value for it in choices] == ["house-model-large"]
        named = await Dialogue.start(ada, "me model", model="house-model-large")
        assert named.view.title == "Shall house-model-large answer you?"

    async def test_each_of_several_keys_has_a_model_of_its_own(
        self, ada: Client, internet: FakeInternet
    ) -> None:
        await keyed(ada, internet, "OPENAI", name="Work")
        await keyed(ada, internet, "COMPATIBLE")
        mine = await Dialogue.start(ada, "me model")
        await mine.choose("OpenAI (Work)")
        assert mine.view.title == "Your model at OpenAI"
        assert "Another key pays for your turns: default at https://llm.example.org" in (
            mine.view.body
        )

    async def test_without_a_key_it_is_said_how_to_bring_one(self, ada: Client) -> None:
        mine = await Dialogue.start(ada, "me model", model="gpt-5")
        assert "`wallet keys` takes one" in mine.view.body
        assert mine.actions == ["close"]

    async def test_a_model_is_looked_at_and_let_answer(
        self, ada: Client, internet: FakeInternet
    ) -> None:
        await keyed(ada, internet, "COMPATIBLE")
        models = await Dialogue.start(ada, "models", query="house-model")
        assert [it.title for it in models.view.items] == ["house-model", "house-model-large"]
        assert "answers you" in models.item("house-model").text
        await models.answer("show", item=models.items["house-model-large"])
        assert "Your key there pays for it." in models.view.body
        await models.answer("use")
        assert "It answers you, at llm.example.org." in models.view.body
        assert (await listed(ada))[0].model == "house-model-large"

    async def test_models_are_searched_sorted_and_shown_whole(self, ada: Client) -> None:
        models = await Dialogue.start(ada, "models")
        await models.answer("search", query="", show="tools", order="price")
        first = models.view.items[0]
        assert first.title == "GPT-5 nano"
        assert "OpenAI · $0.05/$0.40 · 400,000 tokens · sees · calls skills · thinks" in first.text
        await models.answer("next")
        assert first.key not in models.items.values()
        await models.answer("previous")
        await models.answer("show", item=first.key)
        assert "$0.05 for a million tokens of prompt" in models.item("Costs").text
        assert "Prices may have changed since." in models.item("Who says so").text
        await models.answer("back")
        await models.answer("search", query="no such thing", show="all", order="asked")
        assert models.view.body.startswith("There is no model like that.")


async def test_a_filter_that_does_not_exist_is_refused(ada: Client) -> None:
    refusal = await ada.refused("StartFlow", starting("models", nothing="x"))
    assert refusal.reason == "INVALID_FIELD"
