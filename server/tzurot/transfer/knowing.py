"""Facts on their way in: the caller's own, each of the persona that it names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.account import personas
from tzurot.formats.found import KnownFact
from tzurot.llm.embeddings import Vector
from tzurot.memory.facts import arriving
from tzurot.memory.facts.arriving import FactsArrived, LeftOut
from tzurot.memory.meaning import Meaning
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.storage.database import Database
from tzurot.transfer import keepsakes
from tzurot.transfer.homes import Home
from tzurot.transfer.moving import Moving, Progress, size_of
from tzurot.transfer.plans import Action
from tzurot.transport.subject import Caller

_BATCH = 100  # facts between two words of progress

_WHY = {
    LeftOut.FORGOTTEN: "Facts that you had forgotten, left out: {:,}. They stay forgotten.",
    LeftOut.OTHERWISE: "Facts that say otherwise than what is known here, left out: {:,}.",
    LeftOut.SOURCELESS: "Facts that were learnt from memories which don't come along, left out:"
    " {:,}.",
}


async def understood(
    database: Database,
    who: Caller,
    facts: Sequence[KnownFact],
    meaning: Meaning,
    progress: Progress,
) -> Mapping[str, Vector]:
    """What facts mean, by their texts. It takes long, so nothing is held meanwhile."""
    if not facts:
        return {}
    async with database.reading() as tx:
        mine = await personas.names(tx, who.person_id)
    texts = list(dict.fromkeys(it.text for it in facts))
    vectors: dict[str, Vector] = {}
    for start in range(0, len(texts), _BATCH):
        await progress("reading facts", start, len(texts))
        batch = texts[start : start + _BATCH]
        vectors |= await arriving.understood(database, mine.keys(), batch, meaning)
    return vectors


async def carry(
    moving: Moving,
    home: Home,
    facts: Sequence[KnownFact],
    memories: Mapping[UUID, Mapping[UUID, MemoryId]],
) -> None:
    """Store facts; `memories` are those of the same file that are here, by persona and key."""
    strangers = Counter(it.persona_name for it in facts if home.is_stranger(it.persona_name))
    moving.arrived.warnings.extend(
        f"You have no persona `{name}`: {count:,} of its facts become those of the one that you"
        " speak as."
        for name, count in sorted(strangers.items())
    )
    by_persona: dict[UUID, list[KnownFact]] = {}
    for it in facts:
        persona_id = home.persona(it.persona_name) or moving.who.persona_id
        by_persona.setdefault(persona_id, []).append(it)
    for persona_id, own in by_persona.items():
        owner, said = Owner(persona_id, home.here.id), memories.get(persona_id, {})
        coming = [keepsakes.fact_arrival(home.here, it, said) for it in own]
        await moving.progress("looking at facts", 0, len(coming))
        _tell(moving, home, await arriving.arrive(moving.tx, owner, coming, moving.vectors))


def _tell(moving: Moving, home: Home, arrived: FactsArrived) -> None:
    created, left_out = arrived.created, arrived.left_out
    counts = [(Action.CREATE, len(created)), (Action.KEEP, left_out[LeftOut.KNOWN])]
    size = size_of(it.text for it in created)
    moving.arrived.count("fact", counts, size, home.here if home.named else None)
    moving.arrived.warnings.extend(
        sentence.format(left_out[why]) for why, sentence in _WHY.items() if left_out[why]
    )
