"""What a preview can show of a file: so many lines of each kind, in texts that can be sent.

Names of fields are a stranger's texts, and one file can have a million of them.
"""

from dataclasses import replace

from tzurot.formats.found import Aside, Found
from tzurot.formats.narrowing import text

LISTED = 1_000  # lines of one kind
_PATH = 200  # characters


def bounded(found: Found) -> Found:
    """The same with no more lines than can be shown, and how many there are more."""
    return replace(
        found,
        kept_aside=_asides(found.kept_aside),
        dropped=_asides(found.dropped),
        warnings=tuple(text(warning) for warning in found.warnings[:LISTED]),
    )


def _asides(asides: tuple[Aside, ...]) -> tuple[Aside, ...]:
    shown = tuple(Aside(text(it.path)[:_PATH], it.reason) for it in asides[:LISTED])
    more = len(asides) - LISTED
    return (*shown, Aside("…", f"and {more:,} more")) if more > 0 else shown
