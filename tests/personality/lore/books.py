"""Books and entries in one line, and what is decided about them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.personality.lore.judging import Judgement, judge
from tzurot.personality.lore.scene import Heard, Scene, Volume
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.scripts.patterns import Clock

SAID = (
    "The harbor is quiet tonight.",
    "Harbormaster Ada waits.",
    "And the tower?",
)  # last is newest


def entry(*keys: str, content: str = "Told.", **fields: Any) -> LoreEntry:
    return replace(LoreEntry(keys, content), **fields)


def decorated(*lines: str, keys: tuple[str, ...] = ("tower",), **fields: Any) -> LoreEntry:
    return entry(*keys, content="\n".join((*lines, "Told.")), **fields)


def book(*entries: LoreEntry, **fields: Any) -> Lorebook:
    return replace(Lorebook(entries, "The Town"), **fields)


def volumes(*books: Lorebook) -> list[Volume]:
    return [
        Volume(f"b{number}", it, [str(n) for n in range(len(it.entries))])
        for number, it in enumerate(books)
    ]


def scene(*said: str, **fields: Any) -> Scene:
    return Scene([Heard(text) for text in said or SAID], **fields)


def judged(*books: Lorebook, at: Scene | None = None, clock: Clock | None = None) -> Judgement:
    return judge(volumes(*books), at or scene(), clock)


def one(which: LoreEntry, *said: str, at: Scene | None = None, **of_book: Any) -> Verdict:
    (verdict,) = judged(book(which, **of_book), at=at or scene(*said)).verdicts
    return verdict


def up(judgement: Judgement) -> list[int]:
    return [it.position for it in judgement.verdicts if it.activated]


def reasons(judgement: Judgement) -> Mapping[int, str]:
    return {it.position: it.reason for it in judgement.verdicts}
