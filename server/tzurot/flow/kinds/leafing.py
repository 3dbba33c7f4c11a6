"""Lists that are read as a whole, shown page by page: their drafts keep the page's number.

Lists that grow while somebody looks at them are gone through by ids: paging.py.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from tzurot.flow.kind import Draft
from tzurot.flow.kinds.paging import NEXT, PREVIOUS, SIZE
from tzurot.flow.views import Action

TURNS = (NEXT, PREVIOUS)

Row = TypeVar("Row")


def first(draft: Draft) -> dict[str, Any]:
    """The draft at the first page."""
    return {**draft, "page": 0}


def page(draft: Draft, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows that are shown; the last page, where there are fewer rows than before."""
    start = _number(draft, rows) * SIZE
    return rows[start : start + SIZE]


def turned(draft: Draft, action: str, rows: Sequence[object]) -> dict[str, Any]:
    """The draft after one of `TURNS`."""
    number = _number(draft, rows) + (1 if action == NEXT else -1)
    return {**draft, "page": max(0, number)}


def actions(draft: Draft, rows: Sequence[object]) -> tuple[Action, ...]:
    """How the page can be turned."""
    number, found = _number(draft, rows), list[Action]()
    if number > 0:
        found.append(Action(PREVIOUS, "Previous"))
    if (number + 1) * SIZE < len(rows):
        found.append(Action(NEXT, "Next"))
    return tuple(found)


def _number(draft: Draft, rows: Sequence[object]) -> int:
    last = max(0, (len(rows) - 1) // SIZE)
    return min(int(draft.get("page", 0)), last)
