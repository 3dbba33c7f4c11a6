"""What a slot has."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tzurot.memory.meaning import Model, Slot


class SlotState(StrEnum):
    """What becomes of a slot; no two slots are in the same state."""

    LIVE = "live"  # searches read it
    FILLING = "filling"  # it will be live when nothing is missing in it
    LEAVING = "leaving"  # it was live, or won't be; it is emptied


@dataclass(frozen=True, slots=True)
class Holding:
    """A slot in use: the readings of one model."""

    slot: Slot
    model: Model
    dimensions: int
    state: SlotState
    change_time: datetime
    """When it came into its state."""
