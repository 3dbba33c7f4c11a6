"""The questions at the end of the year, asked through recall and in real turns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.memory.year import judging
from tests.memory.year.judging import Line, Source
from tests.memory.year.living import Year
from tests.memory.year.script import Question
from tzurot.memory.facts import telling
from tzurot.memory.facts.facts import Facts
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Recall
from tzurot.memory.venues import Venue, Where
from tzurot.wiring.finding import withholding_of

HITS = 10  # of a recall; a prompt has as many as the settings say

_BETWEEN = timedelta(minutes=10)  # two questions: nobody is answered without end


@dataclass(frozen=True, slots=True)
class Answer:
    """What came when a question was asked."""

    question: Question
    recalled: Sequence[Line]
    """What recall finds, with what is known of it: what a turn gets, before its budget."""
    prompt: Sequence[Line]
    """What the model of a real turn was told."""


async def answers(year: Year, meaning: Meaning) -> list[Answer]:
    """What came of all questions. Recall is asked first, so that no question is found by another.

    `meaning` is the bundled model.
    """
    asked = year.script.questions
    recalled = [await _recalled(year, it, meaning) for it in asked]
    return [
        Answer(it, found, await _prompt(year, it))
        for it, found in zip(asked, recalled, strict=True)
    ]


async def _recalled(year: Year, it: Question, meaning: Meaning) -> list[Line]:
    """What comes to mind, and what of it is so no more, as session/context.py gathers it."""
    parts = year.stage.server.parts
    database = parts.database
    index = PgVectorIndex(database)
    slots = Slots(database, meaning)
    recall = Recall(database, slots, index, index)
    owner, where = await year.owner(it.who), _where(year, it)
    others = await recall.spoke(owner.personality_id, where, owner.persona_ids)
    where = replace(where, heard=tuple(others))
    hits = (await recall.search(it.asks, owner, where=where, limit=HITS)).hits
    ids = [hit.memory_id for hit in hits]
    facts = Facts(database, parts.jobs, meaning, withholding_of(database, meaning, slots))
    known = await facts.told(owner, where, it.asks, ids)
    instead = {one.memory_id: one.instead for one in known.outdated}
    lines = [
        Line(Source.FACT, one.text, day=f"{one.valid_from:%F}", played=one.fictional)
        for one in known.facts
    ]
    for hit in telling.fresh_first(hits, known.outdated):
        lines += judging.episode(
            hit.person_text, hit.personality_text, f"{hit.occur_time:%F}",
            by="" if hit.persona_id == owner.persona_id else hit.person_name,
            instead=instead.get(hit.memory_id) or "", played=hit.memory_id in known.played,
        )  # fmt: skip
    return lines


def _where(year: Year, it: Question) -> Where:
    place = year.place(it.who, it.where)
    venue = Venue.DIRECT if it.where == "direct" else Venue.PUBLIC_CHANNEL
    return Where(venue, place.platform, place.channel_id)


async def _prompt(year: Year, it: Question) -> list[Line]:
    """What the model is told in a turn of this question."""
    year.moment.now += _BETWEEN
    year.stage.model.script("Hm.")
    before = len(year.stage.asked)
    await year.say(it.who, it.where, it.asks)
    (request,) = year.stage.asked[before:]
    return judging.lines_of(request.messages)
