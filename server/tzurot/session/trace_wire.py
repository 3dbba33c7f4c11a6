"""Traces as their people may read them: stored documents as messages.

What of a trace is the character's definition is hidden from whoever may not read that.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from tzurot.memory import scoring
from tzurot.memory.reasons import NotTaken, not_taken
from tzurot.memory.recall import Shown
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.v1 import memory_pb2
from tzurot.personality.lore.verdicts import Where
from tzurot.personality.v1 import lorebook_pb2
from tzurot.session.cleaning import Why, told_why
from tzurot.session.prompt.sections import DEFINITION, Words, fact_line, memory_line, passage_line
from tzurot.session.settings.cascade import Decision, Outcome, Tier
from tzurot.session.settings.setting_wire import outcome_to
from tzurot.session.settings.settings import BY_KEY
from tzurot.session.summaries.summary import Read
from tzurot.session.summaries.summary_wire import summary_to
from tzurot.session.v1 import setting_pb2, turn_pb2
from tzurot.transport.wire import duration


def trace_to(turn_id: UUID, document: dict[str, Any], words: Words) -> turn_pb2.TurnTrace:
    """A trace; a memory or a document that is gone since has no words any more."""
    message = turn_pb2.TurnTrace(
        turn_id=str(turn_id),
        addressed_because=document.get("because", ""),
        steps=[_step_to(step) for step in document["steps"]],
        memories=[_memory_to(memory, words) for memory in document["memories"]],
        considered_memories=[
            _considered_to(memory, words) for memory in document.get("considered", [])
        ],
        sections=[_section_to(part, words) for part in document["sections"]],
        attempts=[attempt_to(call) for call in document["attempts"]],
        skill_calls=[_skill_call_to(call) for call in document["skill_calls"]],
        settings=[
            _setting_to(chosen)
            for chosen in document.get("settings", [])
            if chosen["key"] in BY_KEY
        ],
        cut_texts=[_cut_to(cut) for cut in document.get("cut_texts", [])],
        preset=turn_pb2.UsedPreset(**document["preset"]) if "preset" in document else None,
    )
    if words.sees_definition:
        message.lorebook_entries.extend(_lore(document))
        known = document.get("knowledge", [])
        message.passages.extend(_passage_to(passage, words) for passage in known)
        message.not_run.extend(document.get("not_run", []))
        message.reasoning = document.get("reasoning", "")
    return message


def attempt_to(call: Mapping[str, Any]) -> turn_pb2.ProviderAttempt:
    """A request to a provider."""
    return turn_pb2.ProviderAttempt(
        provider=call["provider"],
        model=call["model"],
        start_offset=duration(call["start"]),
        duration=duration(call["seconds"]),
        outcome=call["outcome"],
        payer=f"PAYMENT_ROUTE_{(call.get('payer') or 'unspecified').upper()}",
        prompt_token_count=call.get("prompt", 0),
        completion_token_count=call.get("completion", 0),
        cost_micros=call.get("cost_micros"),
    )


def place_to(where: str) -> lorebook_pb2.LorePlace:
    """Where lore is told."""
    return getattr(lorebook_pb2, f"LORE_PLACE_{Where(where).name}")


def _step_to(step: dict[str, Any]) -> turn_pb2.TraceStep:
    return turn_pb2.TraceStep(
        name=step["name"],
        start_offset=duration(step["start"]),
        duration=duration(step["seconds"]),
        outcome=step["outcome"],
    )


def _memory_to(memory: dict[str, Any], words: Words) -> turn_pb2.RecalledMemory:
    memory_id = UUID(memory["memory_id"])
    known = words.memories.get(memory_id)
    return turn_pb2.RecalledMemory(
        memory_id=memory["memory_id"],
        excerpt=known.excerpt if known else "",
        parts=_parts_to(memory),
        cited=memory["cited"],
        reasons=words.reasons.get(memory_id, ()),
        speaker_name=words.others.get(memory_id, ""),
    )


def _considered_to(memory: dict[str, Any], words: Words) -> turn_pb2.ConsideredMemory:
    memory_id = UUID(memory["memory_id"])
    known = words.memories.get(memory_id)
    return turn_pb2.ConsideredMemory(
        memory_id=memory["memory_id"],
        excerpt=known.excerpt if known else "",
        parts=_parts_to(memory),
        reason=not_taken(NotTaken(memory["why"])),
        speaker_name=words.others.get(memory_id, ""),
    )


def _parts_to(memory: dict[str, Any]) -> memory_pb2.ScoreParts:
    parts = ScoreParts(**scoring.stored(memory))
    return memory_pb2.ScoreParts(final=memory["final"], **parts.told)


def _passage_to(passage: dict[str, Any], words: Words) -> turn_pb2.RecalledPassage:
    known = words.passages.get(UUID(passage["passage_id"]))
    return turn_pb2.RecalledPassage(
        document_id=str(known.document_id) if known else "",
        title=known.title if known else "",
        excerpt=known.excerpt if known else "",
        score=passage["score"],
        cited=passage["cited"],
    )


def _lore(document: dict[str, Any]) -> Iterator[turn_pb2.JudgedEntry]:
    """Entries that came up, in the order in which they are told, then the others."""
    for entry in document.get("lore", []):
        yield turn_pb2.JudgedEntry(
            lorebook_name=entry["book"],
            entry_id=entry["entry_id"],
            name=entry["name"],
            reason=entry["reason"],
            activated=entry["activated"],
            told=entry["told"],
            place=place_to(entry["place"]),
            depth=entry["depth"],
        )
    for silent in document.get("silent_lore", []):
        for entry_id, name in silent["entries"]:
            yield turn_pb2.JudgedEntry(
                lorebook_name=silent["book"], entry_id=entry_id, name=name, reason=silent["reason"]
            )


def _setting_to(chosen: dict[str, Any]) -> setting_pb2.ExplainedSetting:
    return outcome_to(
        Outcome(
            chosen["key"],
            _decision(chosen["counts"]),
            tuple(_decision(made) for made in chosen["decided"]),
            tuple(_decision(made) for made in chosen.get("passed_over", [])),
        )
    )


def _decision(stored: list[Any]) -> Decision:
    tier, value, bound = stored
    return Decision(Tier(tier), value, bound)


def _section_to(part: dict[str, Any], words: Words) -> turn_pb2.PromptSection:
    """A section; the words of a memory, passage or fact are read from it, if it still exists."""
    text = part["text"]
    if part["memory_id"]:
        memory = words.memories.get(UUID(part["memory_id"]))
        text = _memory_line(memory, part) if memory else ""
    if part.get("passage_id"):
        passage = words.passages.get(UUID(part["passage_id"]))
        text = passage_line(passage) if passage else ""
    if part.get("fact_id"):
        fact = words.facts.get(UUID(part["fact_id"]))
        text = fact_line(fact) if fact else ""
    if part.get("summary_id") and (read := words.summaries.get(UUID(part["summary_id"]))):
        return _summary_to(part, read)
    # What the card's scripts made of what was said tells how they are written.
    of_definition = part["name"] in DEFINITION or part.get("rewritten", False)
    hidden = of_definition and not words.sees_definition
    return turn_pb2.PromptSection(
        name=part["name"],
        text=f"[hidden, {part['tokens']} tokens]" if hidden else text,
        token_count=part["tokens"],
        cut=part["cut"],
        hidden=hidden,
    )


def _summary_to(part: dict[str, Any], read: Read) -> turn_pb2.PromptSection:
    """A summary with what it is made of; its words are hidden where some of them are others'."""
    return turn_pb2.PromptSection(
        name=part["name"],
        text=read.it.line if read.is_own else f"[hidden, {part['tokens']} tokens]",
        token_count=part["tokens"],
        cut=part["cut"],
        hidden=not read.is_own,
        summary=summary_to(read),
    )


def _memory_line(memory: Shown, part: dict[str, Any]) -> str:
    return memory_line(
        memory,
        with_answer=part["with_answer"],
        said_by=part.get("said_by", ""),
        said_to=part.get("said_to", ""),
    )


def _cut_to(cut: dict[str, Any]) -> turn_pb2.CutText:
    return turn_pb2.CutText(reason=told_why(Why(cut["why"])), text=cut["text"])


def _skill_call_to(call: dict[str, Any]) -> turn_pb2.SkillCall:
    return turn_pb2.SkillCall(
        skill_name=call["name"],
        arguments=call["arguments"],
        result=call["result"],
        succeeded=call["succeeded"],
    )
