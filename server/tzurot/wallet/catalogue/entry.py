"""A model as a catalogue has it, and as it is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from tzurot.wallet.catalogue.price import Price


class Modality(StrEnum):
    """What goes into a model, or comes out."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"


class Source(StrEnum):
    """Who says what an entry says."""

    LIST = "list"  # its provider
    SNAPSHOT = "snapshot"  # what came with this program
    SERVER = "server"  # this server, which runs it or guesses


@dataclass(frozen=True, slots=True)
class Entry:
    """A model at a provider. None, and an empty name: nobody has said.

    `provider` is what the provider is called; for an address without a name its host. `read_time`:
    of the oldest of what is said here.
    """

    provider: str
    id: str
    source: Source
    read_time: datetime
    name: str = ""
    context_tokens: int | None = None
    reply_tokens: int | None = None
    inputs: tuple[Modality, ...] | None = None
    outputs: tuple[Modality, ...] | None = None
    supports_tools: bool | None = None
    supports_reasoning: bool | None = None
    supports_structured_output: bool | None = None
    parameters: tuple[str, ...] | None = None
    price: Price | None = None

    @property
    def supports_vision(self) -> bool | None:
        """Whether pictures can be shown to it."""
        return None if self.inputs is None else Modality.IMAGE in self.inputs

    @property
    def writes(self) -> bool:
        """Whether it answers in words, as far as is known."""
        return self.outputs is None or Modality.TEXT in self.outputs

    def completed(self, other: "Entry | None") -> Self:
        """The same with what `other` says where this says nothing."""
        gaps = {
            name: getattr(other, name)
            for name in _SAID
            if getattr(self, name) in (None, "") and getattr(other, name, None) not in (None, "")
        }
        if other is None or not gaps:
            return self
        older = other.read_time < self.read_time
        whose = {"source": other.source, "read_time": other.read_time} if older else {}
        return replace(self, **gaps, **whose)

    def written(self) -> dict[str, Any]:
        """What is said, as JSON, without what is not."""
        said = {name: getattr(self, name) for name in _SAID}
        price = [getattr(self.price, it.name) for it in fields(Price)] if self.price else None
        document = {"id": self.id, **said, "price": price}
        return {key: value for key, value in document.items() if value not in (None, "")}

    @classmethod
    def read(
        cls, document: Mapping[str, Any], provider: str, source: Source, read_time: datetime
    ) -> Self:
        """What `written` wrote."""
        said = {name: document[name] for name in ("id", *_SAID) if name in document}
        for name in ("inputs", "outputs"):
            if name in said:
                said[name] = tuple(Modality(it) for it in said[name])
        if "parameters" in said:
            said["parameters"] = tuple(said["parameters"])
        if "price" in said:
            said["price"] = Price(*said["price"])
        return cls(provider=provider, source=source, read_time=read_time, **said)


_SAID = tuple(
    it.name for it in fields(Entry) if it.name not in {"provider", "id", "source", "read_time"}
)
