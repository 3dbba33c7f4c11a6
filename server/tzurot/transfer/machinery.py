"""What a file brings that runs: which of its macros and lorebooks' rules won't here. Pure.

Which of its scripts won't is said by the readers.
"""

from collections.abc import Iterator

from tzurot.formats.found import Found
from tzurot.personality.fields import TEXTS
from tzurot.personality.lore import unfollowed
from tzurot.personality.macros import listing

_MOST = 20  # sentences; cards that were written for another program can have hundreds


def warnings(found: Found) -> list[str]:
    """A sentence on each macro that won't run, each once, and on rules that aren't followed."""
    said = dict.fromkeys(
        f"`{macro.macro}` is not run here: {macro.reason}."
        for text in _texts(found)
        for macro in listing.wont_run(text)
    )
    listed = list(said)
    more = [f"{len(listed) - _MOST} more macros are not run here."] if listed[_MOST:] else []
    return [*listed[:_MOST], *more, *unfollowed.warnings(found.lorebooks)]


def _texts(found: Found) -> Iterator[str]:
    if character := found.character:
        yield from (getattr(character, name) for name in TEXTS)
        yield from (*character.alternate_greetings, *character.group_greetings)
        yield from (field.text for field in character.custom_fields if not field.silent)
        yield from (str(row.get("replaceString") or "") for row in character.regex_scripts)
    for book in found.lorebooks:
        yield from (entry.content for entry in book.entries)
