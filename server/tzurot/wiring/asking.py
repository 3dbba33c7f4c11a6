"""What rooms ask each other without knowing each other."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from tzurot.account import personas
from tzurot.memory.facts import telling
from tzurot.memory.facts.facts import Facts
from tzurot.memory.graph.graphs import Called
from tzurot.memory.recall import Hit, Recall, Sight
from tzurot.memory.remembering import Owner
from tzurot.memory.servicer import Alone, Heard, Own
from tzurot.memory.venues import Venue, Where
from tzurot.personality.characters import Characters
from tzurot.session import faces
from tzurot.session.prompt import attribution, marks
from tzurot.session.prompt.known_facts import annotation
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place
from tzurot.session.settings.deciding import Deciding
from tzurot.skill.builtin.memory_search import Found, Search
from tzurot.skill.skills import Occasion
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import Payer
from tzurot.wallet.servicer import Payers


def heard(rooms: Rooms) -> Heard:
    """Whose memories a caller hears."""

    async def heard(caller: Caller, personality_id: UUID | None) -> Sequence[UUID]:
        return await faces.heard(caller, personality_id, rooms)

    return heard


def own(database: Database) -> Own:
    """All personas of a person, the usual one first."""

    async def own(caller: Caller) -> Sequence[UUID]:
        async with database.reading() as tx:
            others = await personas.others(tx, caller.person_id, caller.persona_id)
        return (caller.persona_id, *others)

    return own


def called(database: Database, characters: Characters) -> Called:
    """What characters are called; those of one name with more than that."""

    async def called(personality_ids: Collection[UUID]) -> Mapping[UUID, str]:
        async with database.reading() as tx:
            labels = await characters.labels(tx, personality_ids)
        names = Counter(label.name for label in labels.values())
        return {
            id_: str(label) if names[label.name] > 1 else label.name
            for id_, label in labels.items()
        }

    return called


def alone(rooms: Rooms) -> Alone:
    """What a place where nobody else listens is to a person's memories."""

    async def alone(caller: Caller, personality_id: UUID) -> Where:
        return await faces.alone(caller, personality_id, rooms)

    return alone


def payers(rooms: Rooms) -> Payers:
    """Who pays for a caller's turns, and where their words may go."""
    deciding = Deciding(rooms)

    async def payer(
        me: Caller, personality_id: UUID | None, channel: tuple[str, str, str] | None
    ) -> Payer:
        place = Place(*channel, Venue.PUBLIC_CHANNEL) if channel else None
        found = await deciding.explain(me, personality_id, place)
        space = place.space if place else None
        return Payer(me.person_id, me.subject, found.chosen.policy, space)

    return payer


def search(recall: Recall, facts: Facts) -> Search:
    """What a model finds that looks for memories itself; told as in a prompt."""

    async def search(query: str, occasion: Occasion) -> list[Found]:
        owner = Owner(occasion.persona_id, occasion.personality_id, occasion.others)
        where = _where(occasion)
        excluded = Sight(occasion.hidden_turns, occasion.hidden_messages)
        recalled = await recall.search(query, owner, where=where, limit=6, excluded=excluded)
        ids = [hit.memory_id for hit in recalled.hits]
        known = await facts.told(owner, where, query, ids)
        outdated = {it.memory_id: it for it in known.outdated}
        names = attribution.told_of_others(
            recalled.hits, owner.persona_ids, occasion.people, occasion.taken, occasion.given
        )

        def words(hit: Hit) -> str:
            played, name = hit.memory_id in known.played, names.get(hit.memory_id, "")
            return _words(hit, occasion, name) + annotation(
                outdated.get(hit.memory_id), played=played
            )

        hits = telling.fresh_first(recalled.hits, known.outdated)
        return [Found(hit.occur_time, words(hit)) for hit in hits]

    return search


def _where(occasion: Occasion) -> Where:
    venue, there = Venue(occasion.venue), (occasion.platform, occasion.channel_id)
    return Where(
        venue,
        *there,
        occasion.adults,
        direct_recalled=occasion.direct_recalled,
        servers_recalled=occasion.servers_recalled,
        characters_recalled=occasion.characters_recalled,
        heard=occasion.heard,
    )


def _words(hit: Hit, occasion: Occasion, name: str) -> str:
    """A memory in one line: whoever said it may have meant to forge another.

    `name`: of somebody else who said it.
    """
    own, said = hit.persona_id == occasion.persona_id, marks.quoted(hit.person_text)
    of_them = marks.name(hit.person_name) or "Somebody else of them"
    said_by = "They" if own else name or of_them
    here = hit.personality_id == occasion.personality_id
    whom = "You" if here else marks.name(hit.personality_name) or "Another character"
    if hit.is_note:
        return f"{whom} noted: {said}" if own else f"{whom} noted of {said_by}: {said}"
    told = "said" if here else f"said to {whom}"
    return f"{said_by} {told}: {said} {whom} said: {marks.quoted(hit.personality_text)}"
