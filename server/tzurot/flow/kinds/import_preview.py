"""What an import would do, as lines of a list that can be kept in a draft."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from tzurot.flow.kinds import sections
from tzurot.flow.views import Item, line
from tzurot.formats.found import Face, Kind
from tzurot.personality.characters import Label
from tzurot.transfer.plans import Action, Preview, Sender

SHOWN = 8  # of each kind; the rest is a number
_TEXT = 300  # characters of a line
_PRIVATE = ": what it says of itself is told only where nobody else listens"

_DONE = {Action.CREATE: "New", Action.UPDATE: "Updated", Action.KEEP: "Here already"}
_CALLED = {
    "personality": ("character", "characters"),
    "avatar": ("picture", "pictures"),
    "document": ("document that it knows", "documents that it knows"),
    "memory": ("memory of yours", "memories of yours"),
    "unclaimed memory": ("memory of others, kept for them", "memories of others, kept for them"),
}
"""What people call a resource: one of it, several of it."""

_KINDS = {
    Kind.CHARACTER_CARD: "A character card",
    Kind.LOREBOOK: "A lorebook",
    Kind.CHAT: "A chat",
    Kind.PLURALKIT: "An export of PluralKit",
    Kind.TUPPERBOX: "An export of Tupperbox",
    Kind.SILLYTAVERN_SETTINGS: "The personas of a SillyTavern",
    Kind.SHAPES_CONFIG: "A character of shapes.inc",
    Kind.SHAPES_EXPORT: "A character of shapes.inc",
    Kind.SHAPES_BACKUP: "A backup of shapes.inc",
    Kind.SHAPES_MEMORIES: "Memories of shapes.inc",
    Kind.SHAPES_MEMEXPORTER: "Memories of shapes.inc",
    Kind.SHAPES_KNOWLEDGE: "Knowledge of shapes.inc",
    Kind.SHAPES_TRAINING: "Training of shapes.inc",
    Kind.SHAPES_PERSONALIZATION: "A personalization of shapes.inc",
    Kind.SHAPES_CHAT: "A chat of shapes.inc",
    Kind.SHAPES_PROFILE: "A profile of shapes.inc",
    Kind.TZUROT_CHARACTER: "A character of Tzurot",
    Kind.MEMORIES: "Memories",
}


def summary(preview: Preview) -> dict[str, Any]:
    """All that the wizard shows, as JSON."""
    what = _KINDS[Kind(preview.kind)]
    return {
        "title": preview.name or what,
        "what": f"{what} (`{preview.format}`)",
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
        "members": [it.name for it in _members(preview)],
    }


def items(shown: dict[str, Any]) -> tuple[Item, ...]:
    """The lines of a summary."""
    return tuple(Item(title, text) for title, text in shown["lines"])


def changes(preview: Preview) -> str:
    """What happens, a line for each kind of thing."""
    counts: Counter[tuple[Action, str, str]] = Counter()
    for it in preview.changes:
        name = str(Label(it.name, it.slug)) if it.slug else it.name
        counts[it.action, it.resource, name] += it.count
    return _listed(
        f"{_DONE[action]}: {_called(resource, name, count)}"
        for (action, resource, name), count in counts.items()
    )


def _members(preview: Preview) -> Sequence[Face]:
    """Those of a system, of whom not all have to come."""
    return preview.found.personas if preview.kind in (Kind.PLURALKIT, Kind.TUPPERBOX) else ()


def makes_character(preview: Preview) -> bool:
    """Whether there is a new character afterwards."""
    return any(
        it.action is Action.CREATE and it.resource == "personality" for it in preview.changes
    )


def _called(resource: str, name: str, count: int) -> str:
    one, several = _CALLED.get(resource, (resource, f"{resource}s"))
    told = one if count == 1 else f"{count:,} {several}"
    return f"{told} `{line(name, 60)}`" if name else told


def _lines(preview: Preview) -> Sequence[tuple[str, str]]:
    return (
        ("What would happen", changes(preview) or "Nothing: all of it is here."),
        (
            f"Its members ({len(_members(preview)):,})",
            _listed(it.name + (_PRIVATE if it.private else "") for it in _members(preview)),
        ),
        ("Please note", _listed(preview.warnings)),
        (
            "Edited here since the last time, and stays so",
            _listed(
                f"{sections.label(it.field)}: {it.current} (the file says: {it.imported})"
                for it in preview.own_edits
            ),
        ),
        ("What the file tells", _listed(_told(preview))),
        (
            f"Has no use here, and stays with the file ({len(preview.kept_aside):,})",
            _listed(f"`{it.path}`: {it.reason}" for it in preview.kept_aside),
        ),
        (
            f"Is not stored ({len(preview.dropped):,})",
            _listed(f"`{it.path}`: {it.reason}" for it in preview.dropped),
        ),
    )


def _told(preview: Preview) -> Iterable[str]:
    """The fields that the file fills, a line for each thing that has them."""
    things: dict[str, list[str]] = {}
    for field in preview.fields:
        thing, _, name = field.destination.rpartition(".")
        things.setdefault(thing or "character", []).append(sections.label(name).lower())
    return (
        f"{thing.replace('_', ' ').capitalize()}: {', '.join(dict.fromkeys(names))}"
        for thing, names in things.items()
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
