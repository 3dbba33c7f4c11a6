"""Which memories a filter means, said in Python: what queries find is held against it."""

from tzurot.memory.filters import Filter
from tzurot.memory.remembering import Remembered


def fits(filter: Filter, memory: Remembered) -> bool:
    """Whether this memory is meant."""
    return (
        (not filter.persona_ids or memory.persona_id in filter.persona_ids)
        and (not filter.sectors or memory.sector in filter.sectors)
        and (not filter.venues or memory.venue in filter.venues)
        and (filter.occur_from is None or memory.occur_time >= filter.occur_from)
        and (filter.occur_until is None or memory.occur_time < filter.occur_until)
        and (filter.locked is None or memory.locked is filter.locked)
    )
