"""From candidates to hits: which side is shown, whom a question names, what is not read yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.memory import lexicon, times
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.question import Question
from tzurot.memory.ranking import Candidate, ranked
from tzurot.memory.remembering import Kind, MemoryId, Remembered
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue

THEN = datetime(2026, 5, 17, tzinfo=UTC)
BEES = ("I keep bees in my garden.", "How lovely!")
SKIING = ("We went skiing.", "Ada told me that she keeps snakes.")


async def told(talk: Talk, *exchanges: tuple[str, str]) -> list[Candidate]:
    """Exchanges of Ada and Lilith, one right after the other, all read; cosines are for `asked`."""
    understood = await talk.meaning.of_exchanges(
        [(("Ada", said), ("Lilith", answer)) for said, answer in exchanges]
    )
    candidates: list[Candidate] = []
    for number, ((said, answer), it) in enumerate(zip(exchanges, understood, strict=True)):
        nobody, moment = clock.uuid7(), THEN + timedelta(minutes=number)
        memory = Remembered(
            MemoryId(clock.uuid7()), nobody, nobody, None, Venue.DIRECT,
            "Ada", said, "Lilith", answer, moment, moment,
            Kind.EXCHANGE, Sector.SEMANTIC, (), 0.4,
        )  # fmt: skip
        before = candidates[-1].memory.memory_id if candidates else None
        candidates.append(Candidate(memory, 0.3, before, it.lengths, it.person_passages, it.states))
    return candidates


async def asked(talk: Talk, text: str) -> Question:
    meaning = await talk.meaning.of_question(text)
    named = times.named(text, THEN)
    return Question(text, lexicon.question_terms(text), meaning, named, DIRECT)


def vocabulary(question: Question, candidates: Sequence[Candidate]) -> Vocabulary:
    """How common the question's terms are among the candidates."""
    terms = [set(it.memory.terms) for it in candidates]
    frequencies = {term: sum(term in each for each in terms) for term in question.terms}
    return Vocabulary(len(terms), 8.0, frequencies)


async def test_what_is_shown_is_the_side_that_says_most(talk: Talk) -> None:
    candidates = await told(talk, BEES, SKIING)
    for text, by_person in (("Who keeps bees?", True), ("Who keeps snakes?", False)):
        question = await asked(talk, text)
        best, *_ = ranked(candidates, question, vocabulary(question, candidates))
        assert best.is_by_person is by_person, text


async def test_who_is_named_is_heard_first(talk: Talk) -> None:
    candidates = await told(talk, ("The sea is cold.", "The sea is warm."))
    for text in ("What did Ada say of the sea?", "What did I say of the sea?"):
        question = await asked(talk, text)
        (hit,) = ranked(candidates, question, vocabulary(question, candidates))
        assert hit.sides[0] > hit.sides[1], text
        assert hit.parts.speaker > 0
    question = await asked(talk, "What did Lilith say of the sea?")
    (hit,) = ranked(candidates, question, vocabulary(question, candidates))
    assert hit.sides[0] < hit.sides[1]


async def test_what_is_not_read_yet_is_judged_by_vector_or_by_words(talk: Talk) -> None:
    (read,) = await told(talk, BEES)
    question = await asked(talk, "Who keeps bees?")
    known = vocabulary(question, [read])
    by_vector = replace(read, lengths=(), states=b"", cosine=0.4)
    by_words = replace(by_vector, cosine=None)
    (near,) = ranked([by_vector], question, known)
    assert near.is_relevant
    assert min(near.parts.wording, near.parts.similarity) > 0
    (worded,) = ranked([by_words], question, known)
    assert worded.is_relevant
    assert worded.parts.guessed > 0
    assert (worded.parts.wording, worded.parts.similarity) == (0, 0)
    far = replace(by_vector, cosine=0.0)
    other = await asked(talk, "Who paints boats?")
    (silent,) = ranked([far], other, vocabulary(other, [far]))
    assert not silent.is_relevant


async def test_nothing_comes_of_no_candidates(talk: Talk) -> None:
    assert ranked([], await asked(talk, "Who keeps bees?"), Vocabulary(0, 0.0, {})) == []


async def test_a_long_side_is_compared_part_by_part(talk: Talk) -> None:
    far = "The road was empty and the weather was mild. " * 40
    (long,) = await told(talk, (f"{far}I keep bees and sell honey.", "How lovely!"))
    assert len(long.lengths) > 2
    assert sum(long.lengths[long.person_passages :]) < 20
    question = await asked(talk, "Who keeps bees?")
    (hit,) = ranked([long], question, vocabulary(question, [long]))
    assert hit.is_by_person
    (without,) = await told(talk, (f"{far}I keep silent.", "How lovely!"))
    (other,) = ranked([without], question, vocabulary(question, [without]))
    assert hit.parts.wording > 2 * other.parts.wording
