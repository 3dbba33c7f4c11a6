"""What of summaries fits into the room that a prompt has. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from tzurot.session.prompt.budget import SUMMARY_SHARE
from tzurot.session.prompt.sections import Section, cut_unless, section
from tzurot.session.summaries.summary import InShort

_INTRO = "What was said before what follows, in short:"


def room_for(limit: int, left: int) -> int:
    """Tokens that summaries may have, if there are as many; `limit`: the budget.

    `left`: beside all that stands still and a history at its fullest. It goes by what can be in
    sight, not by what is, nor by what is said: the beginning of a prompt is to stand still.
    """
    return max(0, min(int(limit * SUMMARY_SHARE), left // 2))


def summaries(told: Sequence[InShort], tokens: int) -> list[Section]:
    """Summaries, oldest first, each a section of its own; those that don't fit are cut.

    The newest have room first. Once one has none, older ones have none: nothing is left out
    between two that are told.
    """
    intro = section("summary", _INTRO)
    parts = [replace(section("summary", it.line), summary_id=it.id) for it in told]
    taken = list(accumulate((it.tokens for it in reversed(parts)), initial=intro.tokens))[1:]
    sections = [
        cut_unless(so_far <= tokens, it) for it, so_far in zip(parts, reversed(taken), strict=True)
    ]
    return sections if all(it.cut for it in sections) else [intro, *sections]
