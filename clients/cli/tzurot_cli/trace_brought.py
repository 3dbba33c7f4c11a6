"""Shows what a character and people's settings brought to a turn: lore, documents, what counted."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from tzurot_cli import setting
from tzurot_cli.console import one_line, table
from tzurot_cli.counting import counted
from tzurot_client.gen.tzurot.personality.v1 import LorePlace
from tzurot_client.gen.tzurot.session.v1 import (
    ExplainedSetting,
    JudgedEntry,
    RecalledPassage,
    SettingTier,
    TurnTrace,
)

NO_ROOM = "no room"


def parts(trace: TurnTrace, *, everything: bool) -> Iterator[RenderableType]:
    """Lore, passages, settings, what did not run. `everything`: silent lore and defaults, too."""
    yield from _lore(trace.lorebook_entries, everything=everything)
    if trace.passages:
        yield _passages(trace.passages)
    settings = [it for it in trace.settings if everything or it.source != SettingTier.UNSPECIFIED]
    if settings:
        yield _settings(settings)
    if trace.not_run:
        rows = "".join(f"\n  {one_line(it)}" for it in trace.not_run)
        yield Text.assemble(("did not run", "bold"), rows)


def _lore(entries: Sequence[JudgedEntry], *, everything: bool) -> Iterator[RenderableType]:
    """What came up, row by row; the others only counted, reason by reason, unless all is asked."""
    shown = [it for it in entries if everything or _came_up(it)]
    if shown:
        yield table(
            ("lore", "book", "in prompt", "where", "why"),
            ((it.name, it.lorebook_name, _state(it), _where(it), it.reason) for it in shown),
        )
    silent = Counter(it.reason for it in entries if not _came_up(it))
    if silent and not everything:
        rows = "".join(
            f"\n  {counted(count, 'entry', 'entries')}: {one_line(reason)}"
            for reason, count in silent.most_common()
        )
        yield Text.assemble(("lore that did not come up", "bold"), rows, style="dim")


def _came_up(entry: JudgedEntry) -> bool:
    """Whether it has a place: what its book had no room for has one, too."""
    return entry.place != LorePlace.UNSPECIFIED


def _state(entry: JudgedEntry) -> str:
    if entry.told:
        return "yes"
    return NO_ROOM if _came_up(entry) else "no"


def _where(entry: JudgedEntry) -> str:
    if entry.place == LorePlace.AT_DEPTH:
        return f"{entry.depth} before the end"
    return (entry.place.name or "").lower().replace("_", " ") if _came_up(entry) else ""


def _passages(passages: Sequence[RecalledPassage]) -> RenderableType:
    return table(
        ("score", "in prompt", "document", "passage"),
        (
            (f"{it.score:.3f}", it.cited or NO_ROOM, it.title, it.excerpt or "(deleted since)")
            for it in passages
        ),
    )


def _settings(settings: Sequence[ExplainedSetting]) -> RenderableType:
    return table(
        ("setting", "counts", "decided by"),
        (
            (
                it.key,
                setting.shown(it.value),
                setting.TIERS[it.source] + (" (bound)" if it.bound else ""),
            )
            for it in settings
        ),
    )
