"""Exchanges that say what is forgotten do not come to mind, whoever of both said it there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from tests.memory.facts.knowing import Known
from tests.memory.reflection import gathering
from tzurot.memory import store
from tzurot.memory.facts.facts import Facts
from tzurot.memory.facts.withholding import Withholding
from tzurot.memory.filters import ALL, Whose
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CANDIDATES
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Venue, Where

_FACT = "Ada keeps bees on her roof."
_ANSWER = "Sit down a while. How are the bees on your roof?"
_ASKED = "What do I keep on my roof?"
_MEADOW = Where(Venue.PUBLIC_CHANNEL, "discord", "1")


async def _hits(known: Known, where: Where | None = None) -> set[MemoryId]:
    """What comes to mind when that is asked, with all that was said in the index."""
    await known.talk.relay_all()
    found = await known.talk.asks(known.owner, _ASKED, where=where or Where.direct(adults=True))
    return {it.memory_id for it in found}


async def _forget(known: Known, fact: str = _FACT) -> None:
    await known.facts.forget(known.own, (await known.knows(fact)).fact_id)


class _Interrupted(PgVectorIndex):
    """Something happens after it has searched."""

    def __init__(self, known: Known, then: Callable[[], Awaitable[object]]) -> None:
        super().__init__(known.talk.database)
        self._then = then

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        found = await super().candidates(owner, question, limit=limit)
        await self._then()
        return found


class TestSaidBefore:
    async def test_what_the_character_answered_elsewhere_does_not_come_to_mind(
        self, known: Known
    ) -> None:
        answered = await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
        assert await _hits(known) == {answered}
        await _forget(known)
        assert await _hits(known) == set()

    async def test_nor_what_its_person_said_where_nothing_was_learnt(self, known: Known) -> None:
        said = await known.talk.say(known.owner, "On my roof I keep bees.", "Lovely.")
        unread = await known.talk.say(known.owner, "My bees on the roof have swarmed.", "Oh!")
        assert await _hits(known) == {said, unread}
        await _forget(known)
        assert await _hits(known) == set()

    async def test_it_does_not_depend_on_being_read(self, known: Known) -> None:
        await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
        await _forget(known)
        assert await _hits(known) == set()

    async def test_its_person_still_sees_it(self, known: Known) -> None:
        answered = await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
        await _forget(known)
        whose = Whose(known.own, None, ALL)
        async with known.talk.database.reading() as tx:
            listed = await store.page(tx, whose, before=None, limit=9)
        assert answered in {it.memory_id for it in listed}

    async def test_what_is_near_it_comes_to_mind_as_before(self, known: Known) -> None:
        say = known.talk.say
        near = {
            await say(known.owner, "The roof leaks.", "Your roof needs tiles."),
            await say(known.owner, "My neighbor keeps bees on her roof.", "And you don't?"),
            await say(known.owner, "Spring at last.", "He keeps bees on his roof, my old friend."),
        }
        await _forget(known)
        assert await _hits(known) == near

    async def test_what_it_had_superseded_does_not_come_to_mind_either(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.")
        second = await known.knows("Ada lives in Lisbon.", instead=first)
        answered = await known.talk.say(known.owner, "Good morning.", "You live in Porto, I know.")
        await known.facts.forget(known.own, second.fact_id)
        assert answered not in await _hits(known)

    async def test_what_was_said_of_it_to_another_character_is_not_touched(
        self, known: Known
    ) -> None:
        other = await Known.by(known.talk)
        answered = await known.talk.say(other.owner, "What a long day that was.", _ANSWER)
        await _forget(known)
        assert await _hits(other) == {answered}

    async def test_nobody_else_is_told_of_it_in_its_channel(self, known: Known) -> None:
        bo = await known.talk.owner(like=known.owner)
        turn_id = await known.talk.turn(known.owner)
        said = "On my roof I keep bees."
        await known.talk.say(known.owner, said, "Oh!", where=_MEADOW, turn_id=turn_id)
        here = replace(_MEADOW, heard=(known.owner.persona_id,))
        await known.talk.relay_all()
        assert [it.person_text for it in await known.talk.asks(bo, said, where=here)] == [said]
        await _forget(known)
        assert await known.talk.asks(bo, said, where=here) == ()

    async def test_what_was_gathered_from_it_goes(self, known: Known) -> None:
        await gathering.gathered(known.talk, known.owner)
        assert await gathering.reflections(known.talk.database, known.owner)
        await _forget(known, "Ada's honeybees live on the roof.")
        assert not await gathering.reflections(known.talk.database, known.owner)


class TestSaidAfter:
    async def test_an_answer_that_repeats_it_does_not_come_to_mind(self, known: Known) -> None:
        await _forget(known)
        await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
        assert await _hits(known) == set()

    async def test_what_its_person_says_again_does(self, known: Known) -> None:
        await _forget(known)
        said = await known.talk.say(known.owner, "I keep bees on my roof.", _ANSWER)
        assert await _hits(known) == {said}

    async def test_an_answer_said_while_it_was_forgotten_does_not(self, known: Known) -> None:
        fact = await known.knows(_FACT)

        async def meanwhile() -> None:
            await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
            await known.talk.relay_all()

        talk, index = known.talk, _Interrupted(known, meanwhile)
        withholding = Withholding(talk.database, talk.meaning, talk.slots, index)
        facts = Facts(talk.database, talk.jobs, talk.meaning, withholding)
        await facts.forget(known.own, fact.fact_id)
        assert await _hits(known) == set()

    async def test_who_is_told_anew_is_reminded(self, known: Known) -> None:
        await _forget(known)
        await known.facts.create(known.owner, _FACT, None)
        answered = await known.talk.say(known.owner, "What a long day that was.", _ANSWER)
        assert await _hits(known) == {answered}


class TestAnswersAlone:
    async def test_what_its_person_said_there_is_learnt(self, known: Known) -> None:
        await _forget(known)
        turn_id = await known.talk.turn(known.owner)
        said = await known.talk.say(known.owner, "I live in Porto.", _ANSWER, turn_id=turn_id)
        assert await _hits(known) == set()
        read = await known.reads()
        assert [it.memory_id for it in read] == [said]
        found = await known.statement(read[0], "Ada lives in Porto.")
        assert await known.keeping.keep(known.owner, read, [found], asks=False)
        assert await known.reads() == []

    async def test_the_same_words_answered_otherwise_come_to_mind(self, known: Known) -> None:
        words = "The roof, the roof! What a long day that was."
        await known.talk.say(known.owner, words, _ANSWER)
        await _forget(known)
        other = await known.talk.say(known.owner, words, "Sit down a while.")
        assert await _hits(known) == {other}
