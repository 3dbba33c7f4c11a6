"""Who pays for whom: the operator's key for its own machine, local models for everybody."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from pydantic import SecretStr

from tests.calling import Client
from tests.conftest import RunningServer, Served, a_server
from tests.fakes.provider import FakeProvider
from tzurot import clock
from tzurot.errors import NoPayingKey
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet import wire
from tzurot.wallet.browsing import Offer
from tzurot.wallet.catalogue.entry import Entry, Source
from tzurot.wallet.paying import Payer, Wallet
from tzurot.wallet.usage.attempts import Cause, Purpose
from tzurot.wallet.v1 import model_pb2

NOBODY = "http://127.0.0.1:1"
KEY = SecretStr("sk-secret-of-the-operator")
BOUGHT = Speaker(SpeakerKind.OPENROUTER, "openrouter", "big", NOBODY, KEY, uses_operator_key=True)
OWN = Speaker(SpeakerKind.OLLAMA, "ollama", "small", NOBODY)

HOME = "local:owner"
CAUSE = Cause(Purpose.CHAT, uuid4(), "Lilith")
ABROAD = ("discord:123", "localhost:owner", "terminal:local")


@pytest.mark.parametrize(
    ("speakers", "shared", "subject", "speaks"),
    [
        ([BOUGHT, OWN], False, HOME, "big"),
        ([BOUGHT, OWN], True, HOME, "big"),
        *(([BOUGHT, OWN], False, subject, "small") for subject in ABROAD),
        *(([BOUGHT, OWN], True, subject, "big") for subject in ABROAD),
        ([OWN, BOUGHT], False, HOME, "small"),
        ([BOUGHT], False, HOME, "big"),
        ([BOUGHT], True, ABROAD[0], "big"),
    ],
)
async def test_the_first_model_that_somebody_pays_for_speaks(
    speakers: Sequence[Speaker], shared: bool, subject: str, speaks: str
) -> None:
    async with connections() as http:
        wallet = Wallet([OpenAICompatibleModel(it, http) for it in speakers], shared)
        assert (await wallet.model_for(Payer(uuid4(), subject), CAUSE)).speaker.model == speaks


@pytest.mark.parametrize("subject", ABROAD)
async def test_where_only_the_operators_key_would_pay_others_are_told_so(subject: str) -> None:
    async with connections() as http:
        wallet = Wallet([OpenAICompatibleModel(BOUGHT, http)], share_operator_key=False)
        with pytest.raises(NoPayingKey):
            await wallet.model_for(Payer(uuid4(), subject), CAUSE)


async def test_what_becomes_known_after_the_plan_leaves_its_model_where_it_is() -> None:
    windows = count(8_000)

    def informed(speaker: Speaker) -> Speaker:
        return replace(speaker, context_tokens=next(windows))

    async with connections() as http:
        model = OpenAICompatibleModel(OWN, http, informed=informed)
        payer = Payer(uuid4(), ABROAD[0])
        found = await Wallet([model], share_operator_key=False).model_for(payer, CAUSE)
        assert found.speaker.model == "small"


async def test_without_any_model_nobody_is_answered() -> None:
    with pytest.raises(NoPayingKey):
        await Wallet([], share_operator_key=True).model_for(Payer(uuid4(), HOME), CAUSE)


@pytest.mark.parametrize("kind", list(SpeakerKind))
def test_every_kind_of_model_has_a_name_in_the_contract(kind: SpeakerKind) -> None:
    told = wire.model_to(Offer(kind, Entry("x", "m", Source.SERVER, clock.now())))
    assert model_pb2.ModelProvider.Name(told.provider) == f"MODEL_PROVIDER_{kind.upper()}"


@pytest.fixture
async def keyed(
    database_url: str, provider: FakeProvider, tmp_path: Path
) -> AsyncIterator[RunningServer]:
    """A server whose configured model costs the operator money; the bundled one is free."""
    async with a_server(
        database_url,
        tmp_path,
        model="costly",
        model_base_url=provider.base_url,
        model_api_key=KEY.get_secret_value(),
        ollama_url=NOBODY,
        bundled_model=True,
    ) as running:
        yield running


async def test_models_are_listed_as_they_are_asked_with_who_may_ask_them(
    keyed: RunningServer,
) -> None:
    async with grpc.aio.insecure_channel(keyed.address) as channel:
        owner = await Client(channel, keyed.token).call("ListModels")
        guest = await Client(channel, keyed.token, "discord:123").call("ListModels")
    costly, bundled = _asked(owner)
    assert (costly.id, costly.speaks) == ("costly", True)
    assert (bundled.provider, bundled.speaks) == (model_pb2.MODEL_PROVIDER_BUNDLED, True)
    assert [(it.id, it.speaks) for it in _asked(guest)] == [("costly", False), (bundled.id, True)]
    assert not any(it.speaks for it in (*owner.models[2:], *guest.models[2:]))
    assert owner.advice == ""  # the best there is
    assert "OPENROUTER_API_KEY" in guest.advice
    assert KEY.get_secret_value() not in f"{owner}{guest}"


async def test_a_model_says_what_it_can_do(served: Served) -> None:
    first, *_ = (await served.client().call("ListModels")).models
    assert first.id == "scripted"
    assert first.provider == model_pb2.MODEL_PROVIDER_CONFIGURED
    assert first.context_window_tokens > 0
    assert first.supports_tools


def _asked(listed: Any) -> list[Any]:
    return list(listed.models[:2])
