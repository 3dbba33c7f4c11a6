"""What is known of models, in memory: a turn asks here without waiting for anybody.

A provider's own list goes first, the last good one, however old it is; the snapshot fills what it
leaves open. Lists of a person's own key are none of everybody's: they are in keys/choosing.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from tzurot.llm.providers import HOSTED_CONTEXT
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.catalogue import snapshot
from tzurot.wallet.catalogue.entry import Entry
from tzurot.wallet.catalogue.price import Price

Listed = Mapping[str, Entry]

_HOSTS = {
    "openrouter.ai": "OpenRouter",
    "api.openai.com": "OpenAI",
    "api.anthropic.com": "Anthropic",
    "generativelanguage.googleapis.com": "Gemini",
    "api.mistral.ai": "Mistral",
}
_HERE = {SpeakerKind.OLLAMA, SpeakerKind.GGUF, SpeakerKind.BUNDLED}  # they know themselves
# What names one way or version of a model: OpenRouter's `:nitro`, OpenAI's `-2025-04-14`.
_VARIANT = re.compile(r":[a-z]+$|-20\d\d-\d\d-\d\d$")


class Catalogue:
    """Lists that are everybody's, by provider, over the snapshot."""

    def __init__(self) -> None:
        self._lists: Mapping[str, Listed] = {}

    def replace(self, lists: Mapping[str, Sequence[Entry]]) -> None:
        """Know these lists from now on, and no others."""
        self._lists = {
            called(provider): {it.id: it for it in entries} for provider, entries in lists.items()
        }

    def price(self, provider: str, model: str) -> Price | None:
        """What a model costs; None: nobody has said."""
        entry = self.entry(provider, model)
        return entry.price if entry else None

    def entry(self, provider: str, model: str) -> Entry | None:
        """What is known of a model; `provider` is its name, or the host of its address."""
        listed = _found(self._lists.get(called(provider), {}), model)
        known = _found(snapshot.models().get(called(provider), {}), model)
        return listed.completed(known) if listed else known

    def listed(self, provider: str) -> Sequence[Entry] | None:
        """All that a provider lists; None: its list was never read."""
        listed = self._lists.get(called(provider))
        return None if listed is None else completed(list(listed.values()))

    def informed(self, speaker: Speaker, own: Entry | None = None) -> Speaker:
        """The same with what is known in place of what was guessed.

        `own` is what the list of its key says. A window that is larger than HOSTED_CONTEXT is not
        filled: every turn would pay for it.
        """
        if speaker.kind in _HERE:
            return speaker
        known = self.entry(speaker.provider, speaker.model)
        entry = own.completed(known) if own else known
        if entry is None:
            return speaker
        named = entry.parameters
        window, tools, sees = entry.context_tokens, entry.supports_tools, entry.supports_vision
        return replace(
            speaker,
            context_tokens=min(window, HOSTED_CONTEXT) if window else speaker.context_tokens,
            supports_tools=speaker.supports_tools if tools is None else tools,
            supports_vision=speaker.supports_vision if sees is None else sees,
            parameters=speaker.parameters if named is None else frozenset(named),
        )


def called(provider: str) -> str:
    """One name for a provider, however it is written."""
    return _names().get(provider.casefold(), provider.casefold())


def completed(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Entries with what the snapshot says where they say nothing."""
    known = snapshot.models()
    return [it.completed(_found(known.get(called(it.provider), {}), it.id)) for it in entries]


def same_model(model: str, listed: Listed) -> bool:
    """Whether a list has a model, or what it is a variant of."""
    return _found(listed, model) is not None


def _found(listed: Listed, model: str) -> Entry | None:
    """A model, or without its price what it is a variant of: a variant may cost something else."""
    if model in listed:
        return listed[model]
    plain = listed.get(_VARIANT.sub("", model))
    return replace(plain, id=model, price=None) if plain else None


@cache
def _names() -> Mapping[str, str]:
    return {**{it.casefold(): it for it in snapshot.models()}, **_HOSTS}
