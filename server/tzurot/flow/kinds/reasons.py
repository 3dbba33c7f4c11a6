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
from tzurot.memory.reasons import NotTaken, not_taken
from tzurot.session.cleaning import Why, told_why
from tzurot.session.prompt.sections import DEFINITION, Words, fact_line, memory_line, passage_line
from tzurot.session.settings.cascade import Tier
from tzurot.session.settings.settings import BY_KEY, Value

Document = Mapping[str, Any]
"""A trace as it is stored: session/trace_document.py."""

_HIDDEN = "Hidden: its owner does not show you what it is made of."
_GONE = "(it is gone since)"
_SECTIONS = {
    "character": "The character",
    "lore": "Lore",
    "example": "An example",
    "note": "A note",
    "conversation_note": "The note of the conversation",
    "knowledge": "From a document",
    "instructions": "Instructions",
    "person": "About you",
    "own": "Your own addition",
    "memories": "A memory",
    "history": "Said before",
    "message": "What was said",
    "reference": "What it refers to",
    "attachment": "What was attached",
    "time": "The time",
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
    """Reasons of one kind: what they come to, and each of them; a key is a memory's id."""

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
    considered = tuple(_considered(document, words))
    cut = tuple(_cut(document, words))
    settings = tuple(_settings(document))
    not_run = tuple(map(_note, document.get("not_run", ()))) if seen else ()
    cut_texts = tuple(map(_cut_text, document.get("cut_texts", ())))
    thoughts = _thoughts(document) if seen else ()
    return (
        Group("lore", "Lore", _of_lore(document) if seen else _HIDDEN, lore),
        Group("passages", "Documents", _told(document, "knowledge") if seen else _HIDDEN, passages),
        Group("memories", "Memories", _told(document, "memories"), memories),
        Group("considered", "Considered, not told", _or_nothing(len(considered)), considered),
        Group("cut", "Cut from the prompt", _or_nothing(len(cut)), cut),
        Group("settings", "Settings that somebody decided", _or_nothing(len(settings)), settings),
        Group("not_run", "Did not run", _or_nothing(len(not_run)) if seen else _HIDDEN, not_run),
        Group("cut_texts", "Cut from the reply", _or_nothing(len(cut_texts)), cut_texts),
        Group("thoughts", "Thoughts", _of_thoughts(thoughts) if seen else _HIDDEN, thoughts),
    )


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
        title = _title(it, words)
        why = "; ".join(words.reasons.get(UUID(it["memory_id"]), ()))
        told = f"score {it['final']:.2f}{f': {why}' if why else ''}"
        text = f"{known.excerpt if known else _GONE}\n({told})"
        yield Item(_state(it["cited"], title), text, key=_key(it, words))


def _considered(document: Document, words: Words) -> Iterator[Item]:
    for it in document.get("considered", ()):
        known = words.memories.get(UUID(it["memory_id"]))
        why = not_taken(NotTaken(it["why"]))
        yield Item(
            _title(it, words),
            f"{known.excerpt if known else _GONE}\n(score {it['final']:.2f}: {why})",
            key=_key(it, words),
        )


def _title(memory: Mapping[str, Any], words: Words) -> str:
    """When it was said, and who said it if it was somebody else."""
    memory_id = UUID(memory["memory_id"])
    known, other = words.memories.get(memory_id), words.others.get(memory_id, "")
    when = telling.when(known.occur_time) if known else "A memory"
    return f"{when}, {line(other, 80)}" if other else when


def _key(memory: Mapping[str, Any], words: Words) -> str:
    """What leads to its page; empty where it is gone, or somebody else's."""
    memory_id = UUID(memory["memory_id"])
    return "" if memory_id in words.others or memory_id not in words.memories else str(memory_id)


def _state(cited: bool, title: str) -> str:
    return f"{'Told' if cited else 'No room'}: {title}"


def _cut(document: Document, words: Words) -> Iterator[Item]:
    for part in document.get("sections", ()):
        if part["cut"]:
            name = _SECTIONS.get(part["name"], part["name"])
            yield Item(f"{name} ({part['tokens']:,} tokens)", _section(part, words))


def _section(part: Mapping[str, Any], words: Words) -> str:
    """Its words; those of a memory, a fact or a passage as long as it exists."""
    of_definition = part["name"] in DEFINITION or part.get("rewritten", False)
    if of_definition and not words.sees_definition:
        return _HIDDEN
    if part["memory_id"]:
        memory = words.memories.get(UUID(part["memory_id"]))
        if memory is None:
            return _GONE
        names = {name: part.get(name, "") for name in ("said_by", "said_to")}
        return memory_line(memory, with_answer=part["with_answer"], **names)
    if part.get("fact_id"):
        fact = words.facts.get(UUID(part["fact_id"]))
        return fact_line(fact) if fact else _GONE
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


def _cut_text(cut: Mapping[str, Any]) -> Item:
    return Item(lore_words.sentence(told_why(Why(cut["why"]))), cut["text"])


def _thoughts(document: Document) -> tuple[Item, ...]:
    """What the model thought, if it was to be kept."""
    text = document.get("reasoning", "")
    return (Item("What the model thought", text),) if text else ()


def _of_thoughts(thoughts: tuple[Item, ...]) -> str:
    return f"{len(thoughts[0].text):,} characters" if thoughts else "Nothing that was kept."


def _or_nothing(count: int) -> str:
    return f"{count:,} in all" if count else "Nothing."
