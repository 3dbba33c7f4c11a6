"""What is known of a model: its provider's list first, the snapshot where that says nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tzurot.llm.providers import HOSTED_CONTEXT, OPENAI_MODEL, OPENROUTER_MODEL
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.catalogue import snapshot
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.price import Price

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CHEAP = Price(1, 2, 1)


def listed(id_: str, provider: str = "OpenRouter", **said: Any) -> Entry:
    return replace(Entry(provider, id_, Source.LIST, NOW), **said)


def knowing(*entries: Entry) -> Catalogue:
    catalogue = Catalogue()
    by_provider: dict[str, list[Entry]] = {}
    for it in entries:
        by_provider.setdefault(it.provider, []).append(it)
    catalogue.replace(by_provider)
    return catalogue


def speaker(model: str, kind: SpeakerKind = SpeakerKind.OPENROUTER, **said: object) -> Speaker:
    guessed = Speaker(kind, "OpenRouter", model, context_tokens=8_192, supports_vision=True)
    return replace(guessed, **said)  # pyright: ignore[reportArgumentType] - fields of Speaker


class TestSnapshot:
    def test_it_has_the_models_that_speak_where_nobody_names_one(self) -> None:
        known = snapshot.models()
        assert known["OpenRouter"][OPENROUTER_MODEL].price == known["OpenAI"][OPENAI_MODEL].price
        for provider, model in (
            ("Gemini", "gemini-2.5-flash"),
            ("Mistral", "mistral-small-latest"),
        ):
            assert known[provider][model].context_tokens

    def test_it_says_its_day(self) -> None:
        entry = Catalogue().entry("OpenAI", OPENAI_MODEL)
        assert entry
        assert entry.source is Source.SNAPSHOT
        assert entry.read_time < NOW

    def test_no_price_in_it_is_by_the_token(self) -> None:
        prices = [it.price for known in snapshot.models().values() for it in known.values()]
        for price in filter(None, prices):
            assert 0 < price.cached_input_micros <= price.input_micros <= price.output_micros
            assert 10_000 <= price.input_micros <= 100_000_000  # a cent to a hundred dollars


class TestEntries:
    def test_a_list_goes_first_and_is_told_with_its_time(self) -> None:
        said: dict[str, Any] = {
            "price": CHEAP,
            "context_tokens": 4_096,
            "reply_tokens": 100,
            "name": "Mine",
        }
        whole: dict[str, Any] = {
            "inputs": (Modality.TEXT,),
            "outputs": (Modality.TEXT,),
            "supports_tools": False,
        }
        rest: dict[str, Any] = {"supports_reasoning": False, "supports_structured_output": False}
        catalogue = knowing(listed(OPENROUTER_MODEL, **said, **whole, **rest))
        entry = catalogue.entry("OpenRouter", OPENROUTER_MODEL)
        assert entry
        assert (entry.price, entry.context_tokens, entry.name) == (CHEAP, 4_096, "Mine")
        assert (entry.source, entry.read_time) == (Source.LIST, NOW)

    def test_the_snapshot_fills_gaps_and_makes_the_whole_as_old_as_it_is(self) -> None:
        entry = knowing(listed(OPENAI_MODEL, "OpenAI")).entry("OpenAI", OPENAI_MODEL)
        assert entry == snapshot.models()["OpenAI"][OPENAI_MODEL]

    @pytest.mark.parametrize("provider", ["OpenRouter", "openrouter", "openrouter.ai"])
    def test_a_provider_is_known_by_its_name_and_by_its_host(self, provider: str) -> None:
        assert knowing(listed("m", price=CHEAP)).price(provider, "m") == CHEAP

    @pytest.mark.parametrize(
        ("model", "price", "sees"),
        [
            ("some/model", CHEAP, True),
            ("some/model:nitro", None, True),
            ("some/model-2026-01-31", None, True),
            ("some/model:free", Price(0, 0, 0), None),
            ("some/other", None, None),
        ],
    )
    def test_a_variant_can_what_its_model_can_and_costs_what_nobody_knows(
        self, model: str, price: Price | None, sees: bool | None
    ) -> None:
        catalogue = knowing(
            listed("some/model", price=CHEAP, inputs=(Modality.TEXT, Modality.IMAGE)),
            listed("some/model:free", price=Price(0, 0, 0)),
        )
        entry = catalogue.entry("OpenRouter", model)
        assert catalogue.price("OpenRouter", model) == price
        assert (entry.supports_vision if entry else None) is sees

    def test_a_list_that_was_never_read_is_none(self) -> None:
        assert Catalogue().listed("OpenRouter") is None
        assert [it.id for it in knowing(listed("m")).listed("OpenRouter") or ()] == ["m"]


class TestSpeakers:
    def test_what_is_known_takes_the_place_of_guesses(self) -> None:
        catalogue = knowing(
            listed("m", context_tokens=20_000, inputs=(Modality.TEXT,), supports_tools=False)
        )
        informed = catalogue.informed(speaker("m"))
        assert informed.context_tokens == 20_000
        assert informed.supports_vision is False
        assert informed.supports_tools is False

    def test_what_nobody_has_said_stays_as_it_was_guessed(self) -> None:
        guessed = speaker("m")
        assert knowing(listed("m")).informed(guessed) == guessed
        assert Catalogue().informed(guessed) == guessed

    def test_a_large_window_is_not_filled_since_it_is_paid_for(self) -> None:
        catalogue = knowing(listed("m", context_tokens=1_000_000))
        assert catalogue.informed(speaker("m")).context_tokens == HOSTED_CONTEXT

    def test_what_a_keys_own_list_says_goes_before_all(self) -> None:
        own = listed("m", context_tokens=4_096)
        assert knowing(listed("m", context_tokens=9_000)).informed(
            speaker("m"), own
        ).context_tokens == (4_096)

    @pytest.mark.parametrize("kind", [SpeakerKind.OLLAMA, SpeakerKind.GGUF, SpeakerKind.BUNDLED])
    def test_models_on_this_machine_know_themselves(self, kind: SpeakerKind) -> None:
        here = speaker("m", kind)
        assert knowing(listed("m", context_tokens=20_000)).informed(here) == here
