"""What an import would do, as lines of a list that can be kept in a draft."""

from collections.abc import Iterable, Sequence
from typing import Any

from tzurot.flow.views import Item, line
from tzurot.transfer.plans import Action, Preview, Sender

SHOWN = 8  # of each kind; the rest is a number
_TEXT = 120  # characters of a line

_DONE = {Action.CREATE: "New", Action.UPDATE: "Updated", Action.KEEP: "Here already"}


def summary(preview: Preview) -> dict[str, Any]:
    """All that the wizard shows, as JSON."""
    return {
        "title": preview.name or preview.kind.replace("_", " "),
        "format": preview.format,
        "digest": preview.digest,
        "lines": [[title, text] for title, text in _lines(preview) if text],
        "own_edits": bool(preview.own_edits),
        "updates": any(
            it.action is not Action.CREATE and it.resource == "personality"
            for it in preview.changes
        ),
        "senders": [
            [it.sender_id, _sender(it), it.is_caller] for it in preview.senders if it.sender_id
        ],
    }


def items(shown: dict[str, Any]) -> tuple[Item, ...]:
    """The lines of a summary."""
    return tuple(Item(title, text) for title, text in shown["lines"])


def changes(preview: Preview) -> str:
    """What happens, a line for each kind of thing."""
    return _listed(
        f"{_DONE[it.action]}: {it.resource}"
        + (f" ({it.count:,})" if it.count != 1 else "")
        + (f" `{line(it.name, 60)}`" if it.name else "")
        for it in preview.changes
    )


def _lines(preview: Preview) -> Sequence[tuple[str, str]]:
    return (
        ("What would happen", changes(preview) or "Nothing: all of it is here."),
        ("Please note", _listed(preview.warnings)),
        (
            "Edited here since the last time",
            _listed(
                f"{it.field}: {it.current} (the file: {it.imported})" for it in preview.own_edits
            ),
        ),
        (
            f"Finds its place ({len(preview.fields):,})",
            _listed(f"`{it.source}` → {it.destination}" for it in preview.fields),
        ),
        (
            f"Kept aside ({len(preview.kept_aside):,})",
            _listed(f"`{it.path}`: {it.reason}" for it in preview.kept_aside),
        ),
        (
            f"Not stored ({len(preview.dropped):,})",
            _listed(f"`{it.path}`: {it.reason}" for it in preview.dropped),
        ),
    )


def _listed(lines: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    every = list(lines)
    shown = [f"- {line(one, _TEXT)}" for one in every[:SHOWN]]
    if len(every) > SHOWN:
        shown.append(f"- and {len(every) - SHOWN:,} more")
    return "\n".join(shown)


def _sender(sender: Sender) -> str:
    """How many memories, and of when."""
    count = sender.memory_count + sender.group_memory_count
    times = [f"{it:%Y-%m-%d}" for it in (sender.first_time, sender.last_time) if it]
    told = f"{count:,} {'memory' if count == 1 else 'memories'}"
    return f"{told}, {' to '.join(dict.fromkeys(times))}" if times else told
