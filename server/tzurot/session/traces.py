"""How a turn came to its end, written while it goes on.

The eight steps, what was recalled, the prompt, the calls of the model: stored as one document,
which `wire.py` reads back for its person.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypedDict

from tzurot import clock
from tzurot.llm.fallback import Attempt
from tzurot.memory.recall import Hit
from tzurot.session.prompt import Composed, Material
from tzurot.session.turns import Turn


class Step(TypedDict):
    """One step: seconds since the turn's admission, seconds it took, what came out."""

    name: str
    start: float
    seconds: float
    outcome: str


class Recalled(TypedDict):
    """A recalled memory with the parts of its score."""

    memory_id: str
    similarity: float
    keyword: float
    final: float
    cited: bool


class Known(TypedDict):
    """A passage that was recalled."""

    passage_id: str
    score: float
    cited: bool


class Lore(TypedDict):
    """A lorebook entry that came up."""

    book: str
    name: str
    reason: str
    told: bool


class Section(TypedDict):
    """A part of the prompt.

    The words of a memory or of a document are not kept here: they go when it goes.
    """

    name: str
    text: str
    tokens: int
    cut: bool
    memory_id: str | None
    with_answer: bool
    passage_id: str | None


class Call(TypedDict):
    """One request to a provider."""

    provider: str
    model: str
    start: float
    seconds: float
    outcome: str


class SkillCall(TypedDict):
    """One call of a skill by the model."""

    name: str
    arguments: str
    result: str
    succeeded: bool


class Document(TypedDict):
    """The trace as it is stored."""

    steps: list[Step]
    memories: list[Recalled]
    knowledge: list[Known]
    lore: list[Lore]
    sections: list[Section]
    attempts: list[Call]
    skill_calls: list[SkillCall]


@dataclass(slots=True)
class StepNote:
    """What a step says of itself when it is done."""

    outcome: str = ""


@dataclass(slots=True)
class Tracing:
    """A trace in the making."""

    turn: Turn
    document: Document = field(
        default_factory=lambda: Document(
            steps=[],
            memories=[],
            knowledge=[],
            lore=[],
            sections=[],
            attempts=[],
            skill_calls=[],
        )
    )

    @contextmanager
    def step(self, name: str) -> Generator[StepNote]:
        """Time a step; it is noted even if it fails."""
        note, began = StepNote(), time.perf_counter()
        try:
            yield note
        except BaseException as error:
            note.outcome = f"{type(error).__name__}"
            raise
        finally:
            self.add(name, began, time.perf_counter(), note.outcome)

    def admitted(self, admitted: float, addressed: float, names: Sequence[str]) -> None:
        """Note the two steps that a turn has behind it when its row exists."""
        self.add("admit", self.turn.said.arrived, admitted, "a new request")
        self.add("address", admitted, addressed, ", ".join(names))

    def delivered(self, began: float, characters: int) -> None:
        """Note how long the reply was streamed, from its first word on."""
        now = time.perf_counter()
        self.add("deliver", began or now, now, f"{characters} characters streamed")

    def add(self, name: str, began: float, ended: float, outcome: str) -> None:
        """Note a step by its times on the clock of time.perf_counter."""
        self.document["steps"].append(
            Step(
                name=name,
                start=round(began - self.turn.said.arrived, 6),
                seconds=round(ended - began, 6),
                outcome=outcome,
            )
        )

    def composed(self, material: Material, prompt: Composed) -> None:
        """Note what was recalled and came up, what of it is told, and the prompt."""
        self._recalled(material.hits, prompt.cited)
        known = {passage.passage_id for passage in prompt.known}
        self.document["knowledge"] = [
            Known(
                passage_id=str(it.passage_id),
                score=it.parts.final,
                cited=it.passage_id in known,
            )
            for it in material.passages
        ]
        self.document["lore"] = [
            Lore(book=it.book, name=it.name, reason=it.reason, told=it in prompt.told)
            for it in material.lore
        ]
        self._sections(prompt)

    def _recalled(self, hits: Sequence[Hit], cited: Sequence[Hit]) -> None:
        into_prompt = {hit.memory_id for hit in cited}
        self.document["memories"] = [
            Recalled(
                memory_id=str(hit.memory_id),
                similarity=hit.parts.similarity,
                keyword=hit.parts.keyword,
                final=hit.parts.final,
                cited=hit.memory_id in into_prompt,
            )
            for hit in hits
        ]

    def _sections(self, prompt: Composed) -> None:
        self.document["sections"] = [
            Section(
                name=part.name,
                text="" if part.memory_id or part.passage_id else part.text,
                tokens=part.tokens,
                cut=part.cut,
                memory_id=str(part.memory_id) if part.memory_id else None,
                with_answer=part.with_answer,
                passage_id=str(part.passage_id) if part.passage_id else None,
            )
            for part in prompt.sections
        ]

    def attempted(self, attempt: Attempt) -> None:
        """Note a request to a provider."""
        since = (clock.now() - attempt.started).total_seconds()
        self.document["attempts"].append(
            Call(
                provider=attempt.provider,
                model=attempt.model,
                start=round(time.perf_counter() - since - self.turn.said.arrived, 6),
                seconds=round((attempt.ended - attempt.started).total_seconds(), 6),
                outcome=attempt.outcome,
            )
        )

    def called(self, name: str, arguments: str, result: str, *, succeeded: bool) -> None:
        """Note a call of a skill."""
        self.document["skill_calls"].append(
            SkillCall(name=name, arguments=arguments, result=result, succeeded=succeeded)
        )
