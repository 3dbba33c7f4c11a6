"""Where an entry is told: decorators first, then SillyTavern's position, then the card's own."""

from tzurot.formats.found import LoreEntry
from tzurot.personality.lore.settings import Settings
from tzurot.personality.lore.verdicts import Placement, Role, Where
from tzurot.personality.lore.wishes import Wishes

OWN_PLACE = "tzurot_place"
"""The extension that names a place that SillyTavern has no number for."""

POSITIONS = (  # SillyTavern's numbers, from 0
    Where.BEFORE_CHARACTER,
    Where.AFTER_CHARACTER,
    Where.NOTE_TOP,
    Where.NOTE_BOTTOM,
    Where.AT_DEPTH,
    Where.BEFORE_EXAMPLES,
    Where.AFTER_EXAMPLES,
    Where.OUTLET,
)
_ROLES = (Role.SYSTEM, Role.USER, Role.ASSISTANT)  # SillyTavern's numbers, from 0
_BEFORE = Placement()
_AFTER = Placement(Where.AFTER_CHARACTER)


def placement_of(
    entry: LoreEntry, wishes: Wishes, settings: Settings, message_count: int
) -> Placement:
    """Where the entry is told in a talk of that many messages."""
    if wishes.placement is not None:
        return wishes.placement
    reverse = wishes.whole("reverse_depth")
    placed = _by_settings(entry, settings)
    if reverse is not None:
        placed = Placement(Where.AT_DEPTH, max(0, message_count - reverse))
    if "role" not in wishes:
        return placed
    return Placement(placed.where, placed.depth, Role(wishes.said["role"]), placed.outlet)


def _by_settings(entry: LoreEntry, settings: Settings) -> Placement:
    """A role counts at a depth only, as in SillyTavern: elsewhere it is a leftover."""
    own = entry.extensions.get(OWN_PLACE)
    if own in (Where.PERSONALITY, Where.SCENARIO):
        return Placement(Where(str(own)))
    position = settings.position
    if position is None or not 0 <= position < len(POSITIONS):
        return _AFTER if entry.position == "after_char" else _BEFORE
    match POSITIONS[position]:
        case Where.AT_DEPTH:
            number = settings.role
            known = number is not None and 0 <= number < len(_ROLES)
            role = _ROLES[number] if known and number is not None else Role.SYSTEM
            return Placement(Where.AT_DEPTH, settings.depth, role)
        case Where.OUTLET:
            return Placement(Where.OUTLET, outlet=settings.outlet)
        case where:
            return Placement(where)
