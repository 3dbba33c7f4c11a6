"""Who is called what in a summary: everybody by one name, and no two by the same. Pure."""

from collections.abc import Sequence
from uuid import UUID

from tzurot.session.prompt import marks
from tzurot.session.turns import Line

_SOMEBODY, _SOMETHING = "User", "Character"


def named(lines: Sequence[Line]) -> list[str]:
    """What each line's speaker is called: two of one name get a number, whoever came first none."""
    characters = [(False, it.author_name) for it in lines if not it.by_person]
    people = sorted(
        ((True, str(_who(it)), it.author_name) for it in lines if it.by_person),
        key=lambda it: it[1],
    )
    called: dict[tuple[bool, str], str] = {}
    taken: set[str] = set()
    wanted = [
        *((it, marks.name(it[1]) or _SOMETHING) for it in dict.fromkeys(characters)),
        *(((True, who), marks.name(name) or _SOMEBODY) for _, who, name in people),
    ]
    for key, name in wanted:
        if key not in called:
            called[key] = _apart(name, taken)
    return [
        called[(True, str(_who(it))) if it.by_person else (False, it.author_name)] for it in lines
    ]


def _who(line: Line) -> UUID | str:
    return line.persona_id or line.person_id or f"~{line.author_name.casefold()}"


def _apart(name: str, taken: set[str]) -> str:
    number, wanted = 1, name
    while marks.folded(wanted) in taken:
        number += 1
        wanted = f"{name} ({number})"
    taken.add(marks.folded(wanted))
    return wanted
