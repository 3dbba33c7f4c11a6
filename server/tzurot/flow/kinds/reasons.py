"""Why a character said something, out of a turn's trace: groups of lines for its reader. Pure.

What belongs to the character's definition is hidden from whoever may not read that, by the same
rule as in session/trace_wire.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tzurot.flow.kinds import lore_words, telling
from tzurot.flow.views import Item, line
from tzurot.memory import scoring
from tzurot.memory.scoring import ScoreParts
from tzurot.session.prompt.sections import DEFINITION, Words, memory_line, passage_line
from tzurot.session.settings.cascade import Tier
from tzurot.session.settings.settings import BY_KEY, Value

Document = Mapping[str, Any]
"""A trace as it is stored: session/traces.py."""

_HIDDEN = "Hidden: its owner does not show you what it is made of."
_FAINT = 0.005  # of a score: less is told as nothing
_GONE = "(it is gone since)"
_SECTIONS = {
    "character": "The character",
    "lore": "Lore",
    "example": "An example",
    "note": "A note",
    "knowledge": "From a document",
    "instructions": "Instructions",
    "person": "About you",
    "own": "Your own addition",
    "memories": "A memory",
    "history": "Said before",
    "message": "What was said",
}
_TIERS = {
    Tier.DEFAULT: "nobody",
    Tier.SYSTEM: "the server",
    Tier.PERSONALITY: "the character",
    Tier.CHANNEL: "the channel",
    Tier.PERSON: "you",
    Tier.PERSON_PERSONALITY: "you, for this character",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Reasons of one kind: what they come to, and each of them."""

    key: str
    title: str
    text: str
    items: tuple[Item, ...] = ()


def groups(document: Document, words: Words) -> tuple[Group, ...]:
    """All that there is to tell, in the order in which people look for it."""
    seen = words.sees_definition
    lore = tuple(_lore(document)) if seen else ()
    passages = tuple(_passages(document, words)) if seen else ()
    memories = tuple(_memories(document, words))
    cut = tuple(_cut(document, words))
    settings = tuple(_settings(document))
    not_run = tuple(map(_note, document.get("not_run", ()))) if seen else ()
    return (
        Group("lore", "Lore", _of_lore(document) if seen else _HIDDEN, lore),
        Group("passages", "Documents", _told(document, "knowledge") if seen else _HIDDEN, passages),
        Group("memories", "Memories", _told(document, "memories"), memories),
        Group("cut", "Cut from the prompt", _or_nothing(len(cut)), cut),
        Group("settings", "Settings that somebody decided", _or_nothing(len(settings)), settings),
        Group("not_run", "Did not run", _or_nothing(len(not_run)) if seen else _HIDDEN, not_run),
    )


def score(parts: ScoreParts) -> str:
    """A score, and what it is the sum of."""
    told = (f"{name} {value:.2f}" for name, value in named(parts))
    return f"score {parts.final:.2f}: {', '.join(told)}"


def named(parts: ScoreParts) -> list[tuple[str, float]]:
    """The parts that count, in words that a person understands, the greatest first."""
    told = (
        ("what it says", parts.wording),
        ("meaning", parts.similarity),
        ("words", parts.keyword),
        ("what was said beside it", parts.neighbors),
        ("who said it", parts.speaker),
        ("when it was said", parts.time),
    )
    return sorted((it for it in told if it[1] >= _FAINT), key=lambda it: -it[1])


def _of_lore(document: Document) -> str:
    entries = document.get("lore", ())
    told = sum(it["told"] for it in entries)
    silent = sum(len(it["entries"]) for it in document.get("silent_lore", ()))
    left_out = len(entries) - told
    parts = (
        f"{told:,} told",
        f"{left_out:,} came up and found no room" if left_out else "",
        f"{silent:,} did not come up" if silent else "",
    )
    return ", ".join(it for it in parts if it) if entries or silent else "Nothing."


def _lore(document: Document) -> Iterator[Item]:
    """What came up, in the order in which it was told, then the rest."""
    for it in document.get("lore", ()):
        state = "Told" if it["told"] else "No room"
        where = f"\n{lore_words.place(it['place'], it['depth'])}" if it["told"] else ""
        yield Item(_entry(state, it["name"], it["book"]), lore_words.sentence(it["reason"]) + where)
    for silent in document.get("silent_lore", ()):
        reason = lore_words.sentence(silent["reason"])
        for _, name in silent["entries"]:
            yield Item(_entry("Not told", name, silent["book"]), reason)


def _entry(state: str, name: str, book: str) -> str:
    return f"{state}: {line(name, 80) or 'an entry without a name'}, in {lore_words.called(book)}"


def _told(document: Document, key: str) -> str:
    found = document.get(key, ())
    return f"{sum(it['cited'] for it in found):,} told of {len(found):,}" if found else "Nothing."


def _passages(document: Document, words: Words) -> Iterator[Item]:
    for it in document.get("knowledge", ()):
        known = words.passages.get(UUID(it["passage_id"]))
        title = line(known.title, 120) or "A document without a title" if known else "A document"
        text = known.excerpt if known else _GONE
        yield Item(_state(it["cited"], title), f"{text}\n(score {it['score']:.2f})")


def _memories(document: Document, words: Words) -> Iterator[Item]:
    for it in document.get("memories", ()):
        known = words.memories.get(UUID(it["memory_id"]))
        when = telling.when(known.occur_time) if known else "A memory"
        parts = ScoreParts(**scoring.stored(it))
        yield Item(
            _state(it["cited"], when), f"{known.excerpt if known else _GONE}\n({score(parts)})"
        )


def _state(cited: bool, title: str) -> str:
    return f"{'Told' if cited else 'No room'}: {title}"


def _cut(document: Document, words: Words) -> Iterator[Item]:
    for part in document.get("sections", ()):
        if part["cut"]:
            name = _SECTIONS.get(part["name"], part["name"])
            yield Item(f"{name} ({part['tokens']:,} tokens)", _section(part, words))


def _section(part: Mapping[str, Any], words: Words) -> str:
    """Its words; those of a memory or a passage as long as it exists."""
    of_definition = part["name"] in DEFINITION or part.get("rewritten", False)
    if of_definition and not words.sees_definition:
        return _HIDDEN
    if part["memory_id"]:
        memory = words.memories.get(UUID(part["memory_id"]))
        if memory is None:
            return _GONE
        said_by = part.get("said_by", "")
        return memory_line(memory, with_answer=part["with_answer"], said_by=said_by)
    if part.get("passage_id"):
        passage = words.passages.get(UUID(part["passage_id"]))
        return passage_line(passage) if passage else _GONE
    return part["text"]


def _settings(document: Document) -> Iterator[Item]:
    for it in document.get("settings", ()):
        if it["decided"] and it["key"] in BY_KEY:
            tier, value, bound = it["counts"]
            by = f"{_TIERS[Tier(tier)]}, for everybody there" if bound else _TIERS[Tier(tier)]
            passed = [
                f"{_TIERS[Tier(other)]} said {_value(said)}"
                for other, said, _ in it["decided"]
                if other != tier
            ]
            more = f"\nPassed over: {', '.join(passed)}." if passed else ""
            summary = BY_KEY[it["key"]].summary
            yield Item(f"{it['key']}: {_value(value)}", f"{summary}\nDecided by {by}.{more}")


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "off" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _note(note: str) -> Item:
    return Item(line(note, 80), note if len(note) > 80 else "")


def _or_nothing(count: int) -> str:
    return f"{count:,} in all" if count else "Nothing."
