"""One memory, or fact, of a file as the memory room takes it in, and as it goes out again. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot import clock
from tzurot.formats.found import Known, KnownFact, Recalled, Recollection, SourceRow
from tzurot.formats.memories.fact_line import FactLeaving
from tzurot.formats.memories.line import Leaving, origin_of
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival, AsItWas, Origin
from tzurot.memory.departures import Departure
from tzurot.memory.facts.arriving import FactArrival
from tzurot.memory.facts.fact import Fact, State
from tzurot.memory.facts.fact import Origin as FactOrigin
from tzurot.memory.fading import Recalls
from tzurot.memory.remembering import Kind, MemoryId
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Place, Venue
from tzurot.personality.characters import Label, Personality


def key_of(here: Personality, memory: Recollection) -> UUID:
    """By what it is known when it comes again."""
    return arrivals.key_of(here.id, memory.origin or f"{memory.text}\n{memory.answer}")


def arrival(here: Personality, memory: Recollection, key: UUID) -> Arrival:
    """A memory of the caller's: as it was, if it was one already; else what the character noted.

    What several people took part in stays where it was said.
    """
    if memory.known.id:
        return _again(here, memory, key)
    group = (memory.group or len(memory.senders) > 1) and bool(memory.channel_id)
    return Arrival(
        key=key,
        person_text=memory.text,
        personality_text=memory.answer,
        person_name=memory.person_name,
        personality_name=memory.personality_name or here.name,
        occur_time=memory.occur_time or clock.now(),
        venue=Venue.PRIVATE_CHANNEL if group else Venue.DIRECT,
        platform="discord" if group else "",
        channel_id=memory.channel_id if group else "",
        as_it_was=_as_it_was(here, memory.known),
        origin=_origin(memory),
        is_single=memory.source is not None,
    )


def leaving(
    it: Departure, personas: Mapping[UUID, str], characters: Mapping[UUID, Label]
) -> Leaving:
    """A memory as it goes out, with the names of its persona and its character by now."""
    memory, recalls, origin = it.memory, it.recalls, it.origin
    character = characters.get(memory.personality_id, Label("", ""))
    known = Known(
        id=str(memory.memory_id),
        persona_name=personas.get(memory.persona_id, ""),
        character_slug=character.slug,
        character_name=character.name,
        kind=memory.kind,
        sector=memory.sector,
        other_sectors=tuple(memory.other_sectors),
        salience=memory.salience,
        venue=memory.venue,
        platform=it.platform,
        recalls=Recalled(recalls.count, recalls.salience, recalls.last_time) if recalls else None,
        locked=memory.locked,
        age_restricted=it.age_restricted,
        dormant=it.dormant,
        edit_time=memory.edit_time,
        source_ids=tuple(map(str, it.source_ids)),
    )
    told = Recollection(
        text=memory.person_text,
        answer=memory.personality_text,
        channel_id=it.channel_id,
        occur_time=memory.occur_time,
        person_name=memory.person_name,
        personality_name=memory.personality_name,
        known=known,
        source=SourceRow(origin.format, origin.row.encode()) if origin else None,
    )
    return Leaving(told, memory.occur_time, memory.create_time, str(memory.persona_id))


def fact_key_of(here: Personality, fact_id: str) -> UUID:
    """By what a fact is known when it comes again; `fact_id`: as its file has it."""
    return arrivals.key_of(here.id, f"tzurot_facts:{fact_id}")


def fact_arrival(
    here: Personality, fact: KnownFact, memories: Mapping[UUID, MemoryId]
) -> FactArrival:
    """A fact of the caller's; `memories`: those that are here, by what they are known by."""

    def those(ids: Sequence[str]) -> tuple[MemoryId, ...]:
        keys = (arrivals.key_of(here.id, origin_of(it)) for it in ids)
        return tuple(dict.fromkeys(memories[key] for key in keys if key in memories))

    def other(id: str) -> UUID | None:
        return fact_key_of(here, id) if id else None

    said = those(fact.source_ids)
    return FactArrival(
        key=fact_key_of(here, fact.id),
        fact_id=_uuid(fact.id),
        text=fact.text,
        entity=fact.entity,
        state=State(fact.state),
        origin=FactOrigin(fact.origin),
        fictional=fact.fictional,
        place=Place(Venue(fact.venue), fact.platform, fact.channel_id, fact.age_restricted),
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        superseded_by=other(fact.superseded_by_id),
        replaces=other(fact.replaces_id),
        source_ids=said,
        outdated_ids=tuple(it for it in those(fact.outdated_source_ids) if it not in said),
    )


def fact_leaving(
    it: Fact, personas: Mapping[UUID, str], characters: Mapping[UUID, Label]
) -> FactLeaving:
    """A fact as it goes out, with the names of its persona and its character by now."""
    character = characters.get(it.owner.personality_id, Label("", ""))
    known = KnownFact(
        id=str(it.fact_id),
        text=it.text,
        valid_from=it.valid_from,
        persona_name=personas.get(it.owner.persona_id, ""),
        character_slug=character.slug,
        character_name=character.name,
        entity=it.entity,
        state=it.state,
        origin=it.origin,
        fictional=it.fictional,
        valid_until=it.valid_until,
        superseded_by_id=str(it.superseded_by_id or ""),
        replaces_id=str(it.replaces_id or ""),
        venue=it.place.venue,
        platform=it.place.platform,
        channel_id=it.place.channel_id,
        age_restricted=it.place.age_restricted,
        source_ids=tuple(map(str, it.source_ids)),
        outdated_source_ids=tuple(map(str, it.outdated_ids)),
    )
    return FactLeaving(known, it.create_time)


def _again(here: Personality, memory: Recollection, key: UUID) -> Arrival:
    known = memory.known
    return Arrival(
        key=key,
        person_text=memory.text,
        personality_text=memory.answer,
        person_name=memory.person_name,
        personality_name=memory.personality_name,
        occur_time=memory.occur_time or clock.now(),
        venue=Venue(known.venue),
        platform=known.platform,
        channel_id=memory.channel_id,
        as_it_was=_as_it_was(here, known),
        origin=_origin(memory),
        is_single=True,
    )


def _as_it_was(here: Personality, known: Known) -> AsItWas:
    kind, recalls = Kind(known.kind), known.recalls
    sources = dict.fromkeys(known.source_ids)
    return AsItWas(
        memory_id=_uuid(known.id),
        kind=kind,
        sector=Sector(known.sector) if known.sector else None,
        other_sectors=tuple(map(Sector, known.other_sectors)),
        salience=known.salience,
        recalls=Recalls(recalls.salience, recalls.count, recalls.last_time) if recalls else None,
        locked=known.locked,
        age_restricted=known.age_restricted,
        dormant=known.dormant or kind is Kind.REFLECTION,
        edit_time=known.edit_time,
        source_keys=tuple(arrivals.key_of(here.id, origin_of(it)) for it in sources),
    )


def _origin(memory: Recollection) -> Origin | None:
    source = memory.source
    return Origin(source.format, source.row.decode()) if source else None


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
