"""Where what the card and its lore say stands in a prompt, as sections. Pure.

Lore is given as all that came up, and which of it is told: the rest is cut where it would stand.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from tzurot.llm.streaming import Role
from tzurot.personality.lore.verdicts import Verdict, Where
from tzurot.session.prompt.layout import Insert
from tzurot.session.prompt.portrait import Portrait
from tzurot.session.prompt.sections import Section, section, sections_of

_NOTE_DEPTH = 4  # messages after lore beside a note, where the character has none
_AFTER = {"traits": Where.PERSONALITY, "scenario": Where.SCENARIO}


def character(portrait: Portrait, lore: Sequence[Verdict], told: Set[Verdict]) -> list[Section]:
    """What the card says of the character, with lore before, in and after it; and the person."""
    found = [
        *sections_of("character", portrait.system_prompt),
        *lore_at(Where.BEFORE_CHARACTER, lore, told),
    ]
    text: list[str] = []

    def close() -> None:
        found.extend(sections_of("character", "\n\n".join(text)))
        text.clear()

    for part in portrait.parts:
        if part.own:
            close()
            found.append(section("own", part.text))
        else:
            text.append(part.text)
        if part.field in _AFTER and (beside := lore_at(_AFTER[part.field], lore, told)):
            close()
            found += beside
    close()
    fields = {part.field for part in portrait.parts}
    for name, where in _AFTER.items():
        if name not in fields:
            found += lore_at(where, lore, told)
    return [
        *found,
        *lore_at(Where.AFTER_CHARACTER, lore, told),
        *sections_of("person", portrait.person),
    ]


def inserts(portrait: Portrait, lore: Sequence[Verdict], told: Set[Verdict]) -> list[Insert]:
    """What stands between the last messages: the character's note, lore beside it, other lore."""
    depth, role = (
        (portrait.note_depth, portrait.note_role) if portrait.note else (_NOTE_DEPTH, Role.SYSTEM)
    )
    beside = [
        *lore_at(Where.NOTE_TOP, lore, told),
        *sections_of("note", portrait.note),
        *lore_at(Where.NOTE_BOTTOM, lore, told),
    ]
    return [
        *(Insert(it, depth, role) for it in beside),
        *(
            Insert(_lore_section(it, told), it.placement.depth, Role(it.placement.role))
            for it in lore
            if it.placement.where is Where.AT_DEPTH
        ),
    ]


def instructions(portrait: Portrait) -> list[Section]:
    """What is told after everything that was said."""
    return [
        *sections_of("instructions", portrait.instructions),
        *sections_of("own", portrait.own_instructions),
    ]


def lore_at(where: Where, lore: Sequence[Verdict], told: Set[Verdict]) -> list[Section]:
    """The lore of one place."""
    return [_lore_section(it, told) for it in lore if it.placement.where is where]


def placed(lore: Iterable[Verdict]) -> list[Verdict]:
    """What came up and has a place of its own."""
    return [it for it in lore if it.activated and it.placement.where is not Where.OUTLET]


def is_quoted(verdict: Verdict, portrait: Portrait) -> bool:
    """Whether lore that has no place of its own stands in the character's texts."""
    if not verdict.activated or verdict.placement.where is not Where.OUTLET:
        return False
    texts = (portrait.system_prompt, *(it.text for it in portrait.parts), portrait.note)
    return any(verdict.content in text for text in (*texts, portrait.instructions))


def unasked(verdict: Verdict) -> str:
    """Why lore is not told that never asked for room."""
    if verdict.placement.where is Where.OUTLET:
        return f"left out: no text asks for its outlet `{verdict.placement.outlet}`"
    return "left out: it is the first to go, and the examples had no room"


def _lore_section(verdict: Verdict, told: Set[Verdict]) -> Section:
    return replace(section("lore", verdict.content), cut=verdict not in told)
