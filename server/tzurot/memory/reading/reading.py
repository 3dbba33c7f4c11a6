"""Reading memories: what a model makes of them goes into its slot, as long as they say the same."""

from collections.abc import Sequence
from uuid import UUID

from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.memory.meaning import Reader, Side, Understood
from tzurot.memory.reading import reading_store
from tzurot.memory.reading.holding import Holding, SlotState
from tzurot.memory.reading.slots import Slots
from tzurot.memory.remembering import Kind
from tzurot.memory.tables import Memory


async def read(
    slots: Slots, memories: Sequence[Memory], into: Holding, holdings: Sequence[Holding]
) -> None:
    """Have memories read into one slot; where its model can't ever be asked, nothing happens.

    Raises:
        EmbeddingUnavailable: the model can't be asked now.
        SlotsChanged: by now the slots to be read into are not `holdings`.
    """
    reader = slots.reader(into)
    if not memories or reader is None:
        return
    memories = sorted(memories, key=_as_locked)
    understood = await _understood(reader, memories, into.dimensions)
    async with slots.keeping(holdings) as tx:
        read = zip(memories, understood, strict=True)
        await reading_store.keep(tx, into.slot, [(m.id, said(m), it) for m, it in read])
        if into.state is SlotState.FILLING:  # the relay may be done with them
            await reading_store.tell_collection(tx, into.slot, [m.id for m in memories])


def _as_locked(memory: Memory) -> tuple[bool, UUID]:
    """In the order in which gathering locks them, too: neither waits for the other for ever."""
    return memory.kind != Kind.EXCHANGE, memory.id


async def _understood(
    reader: Reader, memories: Sequence[Memory], dimensions: int
) -> list[Understood]:
    found = await reader.of_exchanges([sides(memory) for memory in memories])
    if any(len(it.vector) != dimensions for it in found):
        raise EmbeddingUnavailable(f"{reader.model.name} is another model by now")
    return found


def said(memory: Memory) -> tuple[str, str]:
    """What both say."""
    return memory.person_text, memory.personality_text


def sides(memory: Memory) -> tuple[Side, Side]:
    """Both sides, with names."""
    return (
        (memory.person_name, memory.person_text),
        (memory.personality_name, memory.personality_text),
    )
