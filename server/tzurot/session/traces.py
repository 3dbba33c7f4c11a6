"""How a turn came to its end, written while it goes on.

The eight steps, what was recalled, the prompt, the calls of the model: stored as one document,
which `trace_wire.py` reads back for its person.
"""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from uuid import UUID

from tzurot import clock
from tzurot.errors import TzurotError
from tzurot.llm import parameters
from tzurot.llm.fallback import Attempt
from tzurot.memory import recall
from tzurot.memory.recall import Hit
from tzurot.personality.lore.verdicts import Verdict
from tzurot.session.cleaning import Cut
from tzurot.session.context import Gathered
from tzurot.session.prompt.prompt import Composed
from tzurot.session.settings.cascade import Decision
from tzurot.session.settings.settings import Value
from tzurot.session.trace_document import (
    Call,
    Chosen,
    Considered,
    CutText,
    Document,
    Known,
    Lore,
    Recalled,
    Scored,
    Section,
    Silent,
    SkillCall,
    Step,
    UsedPreset,
)
from tzurot.session.turns import Turn
from tzurot.wallet.paying import Choice
from tzurot.wallet.presets.presets import Preset

_DIGITS = 4  # of a score
_MOST_CUTS, _LONGEST_CUT = 20, 200
_LONGEST_THOUGHTS = 20_000


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
            because="",
            parent_channel_id="",
            steps=[],
            memories=[],
            considered=[],
            knowledge=[],
            lore=[],
            silent_lore=[],
            settings=[],
            not_run=[],
            error_message="",
            sections=[],
            attempts=[],
            skill_calls=[],
        )
    )

    @property
    def cited(self) -> list[UUID]:
        """The person's memories that came into the prompt, best first. Others' stay as they are."""
        own = (it for it in self.document["memories"] if not it.get("of_another"))
        return [UUID(it["memory_id"]) for it in own if it["cited"]]

    @contextmanager
    def step(self, name: str) -> Generator[StepNote]:
        """Time a step; it is noted even if it fails."""
        note, began = StepNote(), time.perf_counter()
        try:
            yield note
        except BaseException as error:
            known = isinstance(error, TzurotError)
            note.outcome = error.reason if known else type(error).__name__
            raise
        finally:
            self.add(name, began, time.perf_counter(), note.outcome)

    def admitted(self, admitted: float, addressed: float, who: str) -> None:
        """Note the two steps that a turn has behind it when its row exists."""
        self.document["because"] = self.turn.because
        self.add("admit", self.turn.said.arrived, admitted, "a new request")
        self.add("address", admitted, addressed, who)

    def delivered(self, began: float, characters: int, waited: str = "") -> None:
        """Note how long the reply was streamed, from its first word on, and what it waited for."""
        now, streamed = time.perf_counter(), f"{characters} characters streamed"
        self.add("deliver", began or now, now, ", ".join(filter(None, (streamed, waited))))

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

    def configured(self) -> None:
        """Note the settings that the turn goes by, and the channel from which a thread has them."""
        self.document["parent_channel_id"] = self.turn.said.place.parent_channel_id
        self.document["settings"] = [
            Chosen(
                key=it.key,
                counts=_made(it.counts),
                decided=[_made(made) for made in it.decided],
                passed_over=[_made(made) for made in it.passed_over],
            )
            for it in self.turn.settings.outcomes.values()
        ]

    def went_by(self, preset: Preset | None, choice: Choice) -> None:
        """Note the preset, and what of it the model that is asked is not told."""
        if preset is None:
            return
        speaker, own = choice.model.speaker, preset.parameters
        self.document["preset"] = UsedPreset(
            preset_id=str(preset.id),
            name=preset.name,
            model=preset.wish.model if preset.wish else "",
            model_replaced=choice.plan.replaces_wish,
            parameters=[f"{name}: {parameters.shown(own[name])}" for name in sorted(own)],
            not_sent=list(parameters.not_known(speaker, own)),
        )

    def did_not_run(self, notes: Sequence[str]) -> None:
        """Note what of the character's texts did not run, and why."""
        self.document["not_run"] = list(notes)

    def failed(self, own_words: str) -> None:
        """Note what the character says of the failure, for whoever follows the turn later."""
        self.document["error_message"] = own_words

    def composed(self, gathered: Gathered, prompt: Composed) -> None:
        """Note what was recalled and came up, what of it is told, and the prompt."""
        material = gathered.material
        self._recalled(material.hits, prompt.cited)
        self.document["considered"] = [
            Considered(**_scored(it), why=it.why) for it in gathered.considered
        ]
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
            Lore(
                book=it.book,
                entry_id=it.entry_id,
                name=it.name,
                reason="; ".join(filter(None, (it.reason, prompt.untold.get(it)))),
                activated=it.activated,
                told=it in prompt.told,
                place=it.placement.where,
                depth=it.placement.depth,
            )
            for it in material.lore
        ]
        self._silent(gathered.judgement.verdicts)
        self._sections(prompt)

    def _silent(self, verdicts: Sequence[Verdict]) -> None:
        """Note why the other entries did not come up: in large books mostly for one reason."""
        silent: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for it in verdicts:
            if not (it.activated or it.left_out):
                silent.setdefault((it.book, it.reason), []).append((it.entry_id, it.name))
        self.document["silent_lore"] = [
            Silent(book=book, reason=reason, entries=entries)
            for (book, reason), entries in silent.items()
        ]

    def _recalled(self, hits: Sequence[Hit], cited: Sequence[Hit]) -> None:
        into_prompt = {hit.memory_id for hit in cited}
        own = self.turn.own_ids
        self.document["memories"] = [
            Recalled(
                **_scored(hit),
                cited=hit.memory_id in into_prompt,
                of_another=hit.persona_id not in own,
            )
            for hit in hits
        ]

    def _sections(self, prompt: Composed) -> None:
        self.document["sections"] = [
            Section(
                name=part.name,
                text="" if part.is_of_another_row else part.text,
                tokens=part.tokens,
                cut=part.cut,
                memory_id=str(part.memory_id) if part.memory_id else None,
                with_answer=part.with_answer,
                said_by=part.said_by,
                said_to=part.said_to,
                passage_id=str(part.passage_id) if part.passage_id else None,
                fact_id=str(part.fact_id) if part.fact_id else None,
                summary_id=str(part.summary_id) if part.summary_id else None,
                rewritten=part.rewritten,
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
                payer=attempt.payer,
                prompt=attempt.prompt_tokens,
                completion=attempt.completion_tokens,
                cost_micros=attempt.cost_micros,
            )
        )

    def cleaned(self, cuts: Sequence[Cut]) -> None:
        """Note what of the model's words is not in the reply."""
        noted = self.document.setdefault("cut_texts", [])
        for cut in cuts[: _MOST_CUTS - len(noted)]:
            noted.append(CutText(why=cut.why, text=cut.text[:_LONGEST_CUT]))

    def thought(self, text: str) -> None:
        """Note what the model thinks, as far as there is room."""
        so_far = self.document.get("reasoning", "")
        self.document["reasoning"] = (so_far + text)[:_LONGEST_THOUGHTS]

    def called(self, name: str, arguments: str, result: str, *, succeeded: bool) -> None:
        """Note a call of a skill."""
        self.document["skill_calls"].append(
            SkillCall(name=name, arguments=arguments, result=result, succeeded=succeeded)
        )


def _made(decision: Decision) -> tuple[int, Value, bool]:
    return int(decision.tier), decision.value, decision.bound


def _scored(memory: Hit | recall.Considered) -> Scored:
    parts = {name: round(value, _DIGITS) for name, value in asdict(memory.parts).items() if value}
    final = round(memory.parts.final, _DIGITS)
    return Scored(memory_id=str(memory.memory_id), final=final, **parts)
