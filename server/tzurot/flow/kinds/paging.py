"""Lists that a flow goes through, newest first: which page it shows, and how to turn it.

The first page begins at an id that was made when it was opened, so that what comes in meanwhile
does not move what is shown. A draft keeps the beginnings of all pages up to the shown one.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from tzurot import clock
from tzurot.flow.kind import Draft
from tzurot.flow.views import Action

SIZE = 10  # lines on a page

NEXT, PREVIOUS, REFRESH = "next", "previous", "refresh"
TURNS = (NEXT, PREVIOUS, REFRESH)

_PAGES = 200  # that can be gone back; far more than anybody turns

Row = TypeVar("Row")


def first() -> dict[str, Any]:
    """The draft of a list that was opened now."""
    return {"pages": [str(clock.uuid7())]}


def before(draft: Draft) -> UUID:
    """What the shown page lists what is older than."""
    return UUID(draft["pages"][-1])


def including(row_id: UUID) -> UUID:
    """What a list is asked for that begins with this line: what is older than the next id."""
    return UUID(int=row_id.int + 1)


def turned(draft: Draft, action: str, last: UUID | None) -> dict[str, Any]:
    """The draft after one of `TURNS`; `last` is the last line of the shown page."""
    pages: list[str] = draft["pages"]
    match action:
        case "next" if last:
            return {**draft, "pages": [*pages, str(last)][-_PAGES:]}
        case "previous" if len(pages) > 1:
            return {**draft, "pages": pages[:-1]}
        case "refresh":
            return {**draft, **first()}
        case _:
            return dict(draft)


def page(rows: Sequence[Row]) -> Sequence[Row]:
    """The lines of a page, of which one more was read."""
    return rows[:SIZE]


def actions(draft: Draft, rows: Sequence[object]) -> tuple[Action, ...]:
    """How the page can be turned, if one row more than a page was read where there is one."""
    found: list[Action] = []
    if len(draft["pages"]) > 1:
        found.append(Action(PREVIOUS, "Previous"))
    if len(rows) > SIZE:
        found.append(Action(NEXT, "Next"))
    return (*found, Action(REFRESH, "Refresh"))
