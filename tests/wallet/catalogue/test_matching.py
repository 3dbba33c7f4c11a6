"""Models are found by what people type of their names."""

from datetime import UTC, datetime

import pytest

from tzurot.wallet.catalogue import matching
from tzurot.wallet.catalogue.entry import Entry, Source

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MINI = Entry("OpenRouter", "openai/gpt-4.1-mini", Source.LIST, NOW, name="OpenAI: GPT-4.1 Mini")


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        *((it, 0) for it in ("", "openai/gpt-4.1-mini", "GPT-4.1-mini", " gpt-4.1-mini ")),
        *((it, 1) for it in ("gpt", "openai/", "openai/gpt-4")),
        *((it, 2) for it in ("mini", "4.1 mini", "mini openai", "openrouter mini")),
        *((it, 3) for it in ("gpt41", "gpt4.1mini", "41mini")),
        *((it, 4) for it in ("gtp mini", "opnai", "openai minni")),
        *((it, None) for it in ("claude", "gpt-5", "gpt 4.2", "gemini", "???", "mini claude")),
    ],
)
def test_the_nearer_the_sooner(typed: str, rank: int | None) -> None:
    assert matching.rank(typed, MINI) == rank
