"""What speaks for a memory whatever is asked: its time, how it stands out, what it is linked with.

Read only where it has a weight (scoring.Weights).

One memory brings up another: from those that fit best paths lead over waypoints to others, over two
where those that fit do so weakly. What is reached becomes a candidate like any other.
"""

from collections.abc import Mapping
from dataclasses import replace
from statistics import mean

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import fading, ranking, recall_store, recalled_store, waypoint_store, waypoints
from tzurot.memory.question import Question
from tzurot.memory.ranking import Ranked
from tzurot.memory.recall_store import Found
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.scoring import Weights

_SEEDS = 8  # memories that paths start from
_STRONG = 0.26  # mean `said` of those: of three questions of LoCoMo's one has less
_FRONTIER = 20  # memories that a second step is made from


def counts(weights: Weights) -> bool:
    """Whether anything of this does."""
    return bool(weights.recency or weights.salience or weights.link)


async def weighed(
    tx: AsyncSession, found: Found, owner: Owner, question: Question, weights: Weights
) -> Found:
    """The same with what counts, and with what it is linked with."""
    links: Mapping[MemoryId, float] = {}
    if weights.link:
        best = ranking.ranked(found.candidates, question, found.vocabulary, weights)
        links = await _linked(tx, owner, best)
        known = {it.memory.memory_id for it in found.candidates}
        if new := links.keys() - known:
            loaded = await recall_store.load(tx, owner, question, [*known, *new])
            found = replace(found, candidates=loaded)
    salience: Mapping[MemoryId, float] = {}
    if weights.salience:
        salience = await _salience(tx, found, owner)
    now = clock.now()
    return replace(
        found,
        candidates=[
            replace(
                it,
                recency=fading.recency(fading.days_between(it.memory.occur_time, now)),
                salience=salience.get(it.memory.memory_id, 0.0),
                link=links.get(it.memory.memory_id, 0.0),
            )
            for it in found.candidates
        ],
    )


async def _linked(tx: AsyncSession, owner: Owner, ranked: list[Ranked]) -> Mapping[MemoryId, float]:
    """What memories get from the best of those that fit, by the paths that lead to them."""
    direct = sorted((it for it in ranked if it.is_relevant), key=lambda it: -it.parts.said)[:_SEEDS]
    if not direct:
        return {}
    seeds, now = {it.memory.memory_id: 1.0 for it in direct}, clock.now()
    personas = owner.persona_ids
    reached = waypoints.spread(seeds, await waypoint_store.seen(tx, personas, seeds), now)
    if mean(it.parts.said for it in direct) >= _STRONG:
        return reached
    further = {id_: gets for id_, gets in reached.items() if id_ not in seeds}
    nearest = dict(sorted(further.items(), key=lambda it: -it[1])[:_FRONTIER])
    second = waypoints.spread(nearest, await waypoint_store.seen(tx, personas, nearest), now)
    return {id_: max(reached.get(id_, 0.0), second.get(id_, 0.0)) for id_ in {*reached, *second}}


async def _salience(tx: AsyncSession, found: Found, owner: Owner) -> Mapping[MemoryId, float]:
    """How much each candidate stands out now."""
    now, its = clock.now(), [it.memory for it in found.candidates]
    personas = owner.persona_ids
    recalls = await recalled_store.of(tx, personas, [it.memory_id for it in its])
    return {it.memory_id: fading.now(it, recalls.get(it.memory_id), now) for it in its}
