"""What entries ask for that is not followed here, in words: for verdicts, screens and previews.

Decorators that mean nothing here, and two of SillyTavern's settings: `vectorized` lets an entry be
found by its meaning, `automation_id` runs a script of SillyTavern's when it comes up.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from tzurot.formats.found import Lorebook
from tzurot.personality.lore import wishes
from tzurot.personality.lore.settings import Settings
from tzurot.personality.lore.wishes import Wishes

_MOST = 5  # of an entry, or decorators in a preview
_CHARACTERS = 60  # of a decorator


def words(wished: Wishes, settings: Settings) -> str:
    """What of an entry is not followed; empty if all is."""
    if not (wished.ignored or settings.says("vectorized") or settings.automation):
        return ""
    found = [line[:_CHARACTERS] for line in wished.ignored]
    if settings.says("vectorized"):
        found.append("search by meaning")
    if settings.automation:
        found.append("automation id")
    return _listed(found)


def warnings(books: Sequence[Lorebook]) -> Iterator[str]:
    """A sentence on each kind of thing that is not followed in books."""
    names = Counter[str]()
    vectorized = automated = 0
    for book in books:
        for entry in book.entries:
            wished, settings = wishes.parse(entry.content)[0], Settings(entry.extensions)
            names.update({_name(line) for line in wished.ignored})
            vectorized += settings.says("vectorized")
            automated += bool(settings.automation)
    if names:
        listed = _listed([f"`{name}` ({_entries(count)})" for name, count in names.most_common()])
        yield f"Decorators that are not followed here: {listed}."
    if vectorized:
        yield f"Found by its keys only, not by its meaning (vectorized): {_entries(vectorized)}."
    if automated:
        yield f"Runs no script of SillyTavern's (automation id): {_entries(automated)}."


def _listed(found: Sequence[str]) -> str:
    more = len(found) - _MOST
    return ", ".join([*found[:_MOST], *([f"{more:,} more"] if more > 0 else [])])


def _name(line: str) -> str:
    return line.split(maxsplit=1)[0][:_CHARACTERS]


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"
