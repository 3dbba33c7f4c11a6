"""Exchanges that nobody has looked for facts in, as others have them."""

from dataclasses import dataclass
from datetime import datetime

from tzurot.memory.remembering import MemoryId
from tzurot.memory.venues import Place


@dataclass(frozen=True, slots=True)
class Unlearnt:
    """What a person said in one exchange."""

    memory_id: MemoryId
    place: Place
    person_text: str
    said_time: datetime
