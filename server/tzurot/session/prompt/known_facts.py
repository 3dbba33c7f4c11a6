"""What a character knows of the person, told in a prompt; and which memories are outdated.

Pure. What was played is told as such: it is never the person's real life.
"""

from collections.abc import Sequence

from tzurot.memory.facts.telling import FactTold, Outdated
from tzurot.session.prompt import marks
from tzurot.session.prompt.budget import Room
from tzurot.session.prompt.sections import Section, cost_of, cut_unless, fact_line, section

MOST_TOKENS = 600
_SHARE = 0.15  # of what is left


def facts(told: Sequence[FactTold], name: str, room: Room) -> list[Section]:
    """The facts that fit, each a section of its own; none without the line before them.

    `told`: those that fit best first, of whoever is called `name`.
    """
    intro = section("facts", f"What you know of {name}:")
    left = min(MOST_TOKENS, int(room.tokens * _SHARE)) - intro.tokens
    found: list[Section] = []
    for it in told:
        line = fact_line(it)
        cost = cost_of(line)
        fits = cost <= left
        left -= cost if fits else 0
        found.append(cut_unless(fits, Section("facts", line, cost, fact_id=it.fact_id)))
    if all(it.cut for it in found):
        return found
    room.fits([intro, *(it for it in found if not it.cut)])
    return [intro, *found]


def annotation(outdated: Outdated | None, *, played: bool) -> str:
    """What is behind a memory that says what is so no more, or what was never so."""
    told = " (At least in part this was played in a story.)" if played else ""
    if outdated and outdated.instead:
        since = f"{outdated.since:%Y-%m-%d}"
        told += f" (No longer so since {since}: {marks.quoted(outdated.instead)})"
    return told
