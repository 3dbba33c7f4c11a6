"""Facts as messages."""

from collections.abc import Iterable

from tzurot.common.v1 import venue_pb2
from tzurot.memory.facts.fact import Fact, Origin, State
from tzurot.memory.v1 import fact_pb2
from tzurot.memory.venues import Venue
from tzurot.transport.wire import moment, moment_or_none, text_of

_STATES = {
    State.CURRENT: fact_pb2.FACT_STATE_CURRENT,
    State.PROPOSED: fact_pb2.FACT_STATE_PROPOSED,
    State.SUPERSEDED: fact_pb2.FACT_STATE_SUPERSEDED,
}
_STATE_OF = {shown: state for state, shown in _STATES.items()}
_ORIGINS = {
    Origin.LEARNT: fact_pb2.FACT_ORIGIN_LEARNT,
    Origin.TOLD: fact_pb2.FACT_ORIGIN_TOLD,
}
_VENUES = {
    Venue.DIRECT: venue_pb2.VENUE_DIRECT,
    Venue.PRIVATE_CHANNEL: venue_pb2.VENUE_PRIVATE_CHANNEL,
    Venue.PUBLIC_CHANNEL: venue_pb2.VENUE_PUBLIC_CHANNEL,
}


def fact_to(fact: Fact) -> fact_pb2.Fact:
    """A fact."""
    return fact_pb2.Fact(
        id=str(fact.fact_id),
        persona_id=str(fact.owner.persona_id),
        personality_id=str(fact.owner.personality_id),
        text=fact.text,
        state=_STATES[fact.state],
        origin=_ORIGINS[fact.origin],
        entity=fact.entity,
        fictional=fact.fictional,
        venue=_VENUES[fact.place.venue],
        valid_from=moment(fact.valid_from),
        valid_until=moment_or_none(fact.valid_until),
        superseded_by_id=text_of(fact.superseded_by_id),
        source_ids=[str(it) for it in fact.source_ids],
        create_time=moment(fact.create_time),
    )


def states_from(shown: Iterable[fact_pb2.FactState]) -> frozenset[State]:
    """The states that are asked for; none: the usual ones."""
    return frozenset(_STATE_OF[it] for it in shown)
