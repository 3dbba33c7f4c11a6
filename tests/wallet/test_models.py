"""Which models people can look through, what is said of them, and in what order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.conftest import Served, a_database, a_server
from tests.contract.residents import saying
from tests.fakes.provider import FakeProvider, openrouter_model
from tzurot.llm.speaker import SpeakerKind
from tzurot.wallet import browsing
from tzurot.wallet.browsing import Offer, Order, Wanted
from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.v1 import model_pb2

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def offer(id_: str, *, place: int | None = None, price: int | None = None, **said: Any) -> Offer:
    cost = None if price is None else Price(price // 2, price, price)
    entry = Entry("OpenRouter", id_, Source.LIST, NOW, price=cost, **said)
    return Offer(SpeakerKind.OPENROUTER, entry, place, speaks=place is not None)


SEES = (Modality.TEXT, Modality.IMAGE)
OFFERS = [
    offer("z/asked", place=0, price=300, context_tokens=9_000, supports_tools=True),
    offer("b/free", price=0, context_tokens=4_000, inputs=SEES),
    offer("a/dear", price=900, context_tokens=90_000, inputs=(Modality.TEXT,)),
    offer("c/silent"),
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["z/asked", "a/dear", "b/free", "c/silent"]),
        (Wanted(order=Order.NAME), ["a/dear", "b/free", "c/silent", "z/asked"]),
        (Wanted(order=Order.PRICE), ["b/free", "z/asked", "a/dear", "c/silent"]),
        (Wanted(order=Order.CONTEXT), ["a/dear", "z/asked", "b/free", "c/silent"]),
        (Wanted(free_only=True), ["b/free"]),
        (Wanted(tools_only=True), ["z/asked"]),
        (Wanted(speaking_only=True), ["z/asked"]),
        (Wanted(max_price_micros=300), ["z/asked", "b/free"]),
        (Wanted(max_price_micros=299), ["b/free"]),
        (Wanted(min_context_tokens=9_000), ["z/asked", "a/dear"]),
        (Wanted(input_modality=Modality.IMAGE), ["b/free"]),
        (Wanted(query="dear"), ["a/dear"]),
        (Wanted(query="silnet"), ["c/silent"]),
        (Wanted(kind=SpeakerKind.OPENAI), []),
    ],
)
def test_what_nobody_has_said_of_a_model_it_does_not_have(wanted: Wanted, ids: list[str]) -> None:
    assert [it.entry.id for _, it in browsing.found(OFFERS, wanted)] == ids


@pytest.fixture(scope="module")
async def informed(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server whose operator's provider lists what its models cost and can."""
    async with a_database(postgres) as url, FakeProvider.start() as provider:
        provider.models = ["spoken", *(f"other-{it:02}" for it in range(70))]
        said = openrouter_model("The One", context=20_000, inputs=("text", "image"))
        provider.details = {"spoken": said, "other-07": openrouter_model("Seven", prompt="0.01")}
        async with (
            a_server(
                url,
                tmp_path_factory.mktemp("home"),
                model="spoken",
                model_base_url=provider.base_url,
                model_api_key="sk-of-the-operator",
                ollama_url="http://127.0.0.1:1",
            ) as running,
            grpc.aio.insecure_channel(running.address) as channel,
        ):
            await provider.until(lambda it: it.listed > 0)
            served = Served(running, provider, channel)
            async with asyncio.timeout(60):
                while not (await _model(served.client(), "spoken")).HasField("price"):
                    pass
            yield served


async def _model(who: Client, id_: str) -> Any:
    return (await who.call("GetModel", request_for("GetModel", model_id=id_))).model


async def listed(who: Client, **filters: Any) -> Any:
    return await who.call("ListModels", request_for("ListModels", **filters))


async def test_what_its_provider_lists_is_told_with_its_age(informed: Served) -> None:
    first, *_ = (await listed(informed.client())).models
    assert (first.id, first.name, first.speaks) == ("spoken", "The One", True)
    assert (first.context_window_tokens, first.max_output_tokens) == (20_000, 16_384)
    assert first.price == model_pb2.ModelPrice(
        input_micros=1_000_000, output_micros=2_000_000, cached_input_micros=500_000
    )
    assert list(first.input_modalities) == [1, 2]
    assert first.source == model_pb2.MODEL_SOURCE_LIST
    assert first.as_of_time.ToDatetime(UTC) > NOW
    assert not first.supports_tools  # its parameters say so
    assert first.HasField("supports_reasoning")


async def test_a_turn_knows_what_is_listed(informed: Served) -> None:
    character = request_for("CreatePersonality", personality={"name": "Lilith"})
    (ada,) = informed.people("ada")
    made = (await ada.call("CreatePersonality", character)).personality
    await ada.call("Chat", saying("Hi!", made.id))
    assert "tools" not in informed.provider.requests[-1].body


async def test_a_list_of_the_operators_is_for_whom_their_key_pays(informed: Served) -> None:
    stranger = informed.client("discord:123")
    ids = {it.id for it in (await listed(stranger, page_size=200)).models}
    assert "openai/gpt-4.1-mini" in ids  # everybody's
    assert not any(it.startswith("other-") for it in ids)
    refusal = await stranger.refused("GetModel", request_for("GetModel", model_id="other-01"))
    assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "MODEL_NOT_LISTED")
    assert refusal.metadata["provider"] == "This server"


@pytest.mark.parametrize("order", ["UNSPECIFIED", "PRICE", "CONTEXT", "NAME"])
async def test_pages_go_through_all_of_them_once(order: str, informed: Served) -> None:
    ada, asked = informed.client(), {"order": f"MODEL_ORDER_{order}", "page_size": 33}
    found, page = [], await listed(ada, **asked)
    while True:
        found += [(it.provider, it.id) for it in page.models]
        if not page.next_page_token:
            break
        page = await listed(ada, **asked, page_token=page.next_page_token)
    whole = await listed(ada, order=asked["order"], page_size=200)
    assert found == [(it.provider, it.id) for it in whole.models]
    assert len(set(found)) == len(found) > 80


async def test_a_token_is_for_the_filters_that_it_came_with(informed: Served) -> None:
    token = (await listed(informed.client(), page_size=1)).next_page_token
    other = request_for("ListModels", page_token=token, free_only=True)
    assert (await informed.client().refused("ListModels", other)).reason == "PAGE_TOKEN_MISMATCH"


async def test_filters_are_those_of_the_contract(informed: Served) -> None:
    owner = informed.client()
    dear = {"query": "seven", "provider": "MODEL_PROVIDER_CONFIGURED"}
    assert [it.id for it in (await listed(owner, **dear)).models] == ["other-07"]
    assert not (await listed(owner, **dear, max_price_micros=5_000_000)).models
    assert not (await listed(owner, **dear, max_price_micros=0)).models
    seeing = await listed(owner, input_modality="MODEL_MODALITY_IMAGE", speaking_only=True)
    assert [it.id for it in seeing.models] == ["spoken"]


async def test_without_a_list_the_snapshot_says_what_it_knows(served: Served) -> None:
    mini = request_for("GetModel", model_id="gpt-4.1-mini", provider="MODEL_PROVIDER_OPENAI")
    (ada,) = served.people("ada")
    model = (await ada.call("GetModel", mini)).model
    assert model.price.input_micros == 400_000
    assert model.source == model_pb2.MODEL_SOURCE_SNAPSHOT
    assert model.as_of_time.ToDatetime(UTC) < NOW
    assert model.supports_tools
