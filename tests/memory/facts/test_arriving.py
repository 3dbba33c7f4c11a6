"""Facts that come from elsewhere, as the room takes them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.memory.facts.knowing import Known
from tests.memory.purger import Purger, rows
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.llm.embeddings import Embedder, Vector
from tzurot.memory.facts import arriving
from tzurot.memory.facts.arriving import FactArrival, LeftOut
from tzurot.memory.facts.fact import Origin, State
from tzurot.memory.meaning import Meaning
from tzurot.memory.venues import Place, Venue

TOLD = FactArrival(
    key=clock.uuid7(),
    fact_id=None,
    text="Ada keeps bees.",
    entity="",
    state=State.CURRENT,
    origin=Origin.TOLD,
    fictional=False,
    place=Place(Venue.DIRECT, "", "", age_restricted=False),
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_until=None,
    superseded_by=None,
    replaces=None,
    source_ids=(),
    outdated_ids=(),
)


class Unasked(Meaning):
    """A model that nobody may ask."""

    async def of_statement(self, text: str) -> Vector:
        raise AssertionError(text)


@pytest.fixture
async def known(talk: Talk) -> Known:
    return await Known.by(talk)


async def test_what_was_learnt_from_a_purged_memory_does_not_come(talk: Talk, known: Known) -> None:
    memory_id = await talk.say(known.owner, "I keep bees.")
    ((person_id,),) = await rows(
        talk, "SELECT person_id FROM personas WHERE id = :id", id=known.owner.persona_id
    )
    her = Purger(talk, known.owner, person_id)
    await her.purges((await her.looks()).confirmation)
    learnt = replace(TOLD, origin=Origin.LEARNT, source_ids=(memory_id,))
    vectors = {TOLD.text: await talk.meaning.of_statement(TOLD.text)}
    async with talk.database.transaction() as tx:
        arrived = await arriving.arrive(tx, known.owner, [learnt], vectors)
    assert (arrived.created, arrived.left_out[LeftOut.SOURCELESS]) == ([], 1)
    assert await known.told() == []


async def test_what_is_known_is_not_read_again(talk: Talk, known: Known) -> None:
    fact = await known.facts.create(known.owner, TOLD.text, None)
    nobody = Unasked(Embedder())
    read = await arriving.understood(talk.database, known.own, [TOLD.text], nobody)
    assert read[TOLD.text] @ fact.vector == pytest.approx(1, abs=1e-3)
    with pytest.raises(AssertionError, match="bees"):
        await arriving.understood(talk.database, [clock.uuid7()], [TOLD.text], nobody)
