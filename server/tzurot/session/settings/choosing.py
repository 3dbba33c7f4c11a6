"""Which preset counts: of those that were chosen, the last one that the person may use.

What is a person's own, or everybody's, they may use wherever it was chosen. Editors lend theirs to
whoever talks with a character for which they were chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import PresetNotFound
from tzurot.personality.sharing import shares
from tzurot.session.settings import cascade
from tzurot.session.settings.cascade import Explained, Row, Tier
from tzurot.session.settings.settings import BY_KEY, PRESET, Undecided, Value
from tzurot.wallet.presets import presets


async def with_preset(
    tx: AsyncSession, rows: Sequence[Row], person_id: UUID | None, personality_id: UUID | None
) -> Explained:
    """What counts of `rows`, but for presets that are gone or not the person's to use."""
    chosen = {row: UUID(id_) for row in rows if (id_ := _preset_id(row))}
    found = dict(await presets.usable(tx, person_id, set(chosen.values())))
    lent = {id_ for row, id_ in chosen.items() if row.tier is Tier.PERSONALITY and id_ not in found}
    borrowed = {}
    if lent and personality_id:
        editors = await shares.editors(tx, personality_id)
        borrowed = await presets.usable(tx, person_id, lent, editors)
    void = [
        row
        for row, id_ in chosen.items()
        if id_ not in found and not (row.tier is Tier.PERSONALITY and id_ in borrowed)
    ]
    explained = cascade.explained(rows, void)
    counts = explained.chosen.preset
    preset = {**found, **borrowed}.get(UUID(counts)) if counts else None
    outcome = replace(explained.outcomes[PRESET], preset=preset)
    return replace(explained, outcomes={**explained.outcomes, PRESET: outcome})


async def require_usable(
    tx: AsyncSession, key: str, value: Value | Undecided, person_id: UUID | None
) -> None:
    """Make sure that a preset that is chosen is a person's to use; None: everybody's.

    Raises:
        PresetNotFound: it is not.
    """
    if key == PRESET and isinstance(value, str):
        preset_id = UUID(value)
        if preset_id not in await presets.usable(tx, person_id, [preset_id]):
            raise PresetNotFound(preset_id)


def _preset_id(row: Row) -> str | None:
    """The preset that a row chooses; None: it is about something else, or chooses none."""
    if row.key != PRESET:
        return None
    fitted = BY_KEY[PRESET].fitted(row.value)
    return fitted if isinstance(fitted, str) else None
