"""Reasons against real recalls: each that is given is true of that memory itself.

What is true is found out here in other ways than by the parts of its score: from texts and times,
from stored vectors, and by ranking every memory as if nothing stood beside it.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from sqlalchemy import select

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.memory import lexicon, ranking, recall_store, times
from tzurot.memory.keywords import first_told
from tzurot.memory.question import Question
from tzurot.memory.ranking import Candidate, Ranked
from tzurot.memory.reasons import Asking
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.store import PAUSE
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where

MEADOW = Where(Venue.PUBLIC_CHANNEL, "local", "meadow")
BESIDE = "it was said right before or after something that fits"
ALIKE = "it means something like it"
QUESTIONS = (
    "Who keeps the lighthouse?",
    "What did I say of the harbor?",
    "What did Lilith say of the storm?",
    "When did the boat sink?",
    "Was geschah im Mai?",
    "What happened in July?",
    "Tell me of honey.",
    "Hi!",
    "Which instrument does my sister play?",
    "Ada and Lilith",
)
SAID = (
    ("Jonas keeps the lighthouse.", "A lonely job."),
    ("Hm, yes.", "Well."),
    ("And his boat sank in May.", "When exactly?"),
    ("On a Tuesday.", "I see."),
    ("My sister plays the cello.", "How lovely!"),
    ("Which harbor do you like?", "The harbor of Kos, after a storm."),
    ("Fine.", "Storms pass."),
    ("We harvest honey in July.", "Do the bees sting?"),
    ("Never.", "Good."),
    ("Hi Lilith!", "Hi!"),
    ("The lamp of the tower was lit again.", "By the keeper?"),
    ("Jonas keeps the lighthouse and the boat, and my sister plays the cello.", "A lonely job."),
    ("We harvest honey, and the bees sting, in July as in May.", "Ow."),
)


@dataclass(frozen=True, slots=True)
class World:
    """All that came up with a question."""

    question: Question
    candidates: Sequence[Candidate]
    alone: Mapping[MemoryId, Ranked]
    """Each as it would be ranked if nothing stood beside it."""
    cosines: Mapping[MemoryId, float]
    """Of those that are read."""

    def beside(self, hit: Hit) -> list[Candidate]:
        """What was said right before and after it, and one further."""
        talk = [it for it in self._place(hit) if it.memory.memory_id != hit.memory_id]
        return [it for it in talk if not self._is_apart(it.memory, hit)]

    def _is_apart(self, one: Remembered, other: Remembered) -> bool:
        """Whether there was silence between the two, or much else."""
        first, last = sorted((one, other), key=lambda it: it.occur_time)
        between = [
            it.memory.occur_time
            for it in self._place(first)
            if first.occur_time <= it.memory.occur_time <= last.occur_time
        ]
        return len(between) > 3 or any(b - a >= PAUSE for a, b in pairwise(between))

    def _place(self, memory: Remembered) -> list[Candidate]:
        its = [it for it in self.candidates if it.memory.venue is memory.venue]
        return sorted(its, key=lambda it: it.memory.occur_time)

    def began(self, hit: Hit) -> bool:
        """Whether nothing was said there in the hours before."""
        before = [it.memory.occur_time for it in self._place(hit)]
        return not any(timedelta() < hit.occur_time - it < PAUSE for it in before)

    def newest_share(self, hit: Hit) -> float:
        """How much of one of its sides nothing before has, the greater one's share."""
        sides = [
            (it.memory, text)
            for it in sorted(self.candidates, key=lambda it: it.memory.occur_time)
            for text in (it.memory.person_text, it.memory.personality_text)
            if text
        ]
        shares = first_told([frozenset(lexicon.terms(text)) for _, text in sides])
        of_hit = (memory.memory_id == hit.memory_id for memory, _ in sides)
        return max(share for share, mine in zip(shares, of_hit, strict=True) if mine)


def has_words(world: World, hit: Hit, reason: str) -> bool:
    """The quoted words stand on the side that is named, and their stems in the question."""
    asked, said = set(world.question.terms), (hit.person_text, hit.personality_text)
    for clause in re.split(r", (?=you|Lilith)", reason):
        who, words = clause.split(" said ", 1)
        sides = {"you both": (0, 1), "you": (0,), "Lilith": (1,)}[who]
        for word in re.findall(r'"([^"]+)"', words):
            stems = set(lexicon.terms(word))
            if not (asked & stems and all(stems & set(lexicon.terms(said[it])) for it in sides)):
                return False
    return True


def has_names(world: World, hit: Hit, _: str) -> bool:
    """Some word of the question stands in it, if only a name."""
    return bool(set(world.question.terms).intersection(hit.terms))


def is_alike(world: World, hit: Hit, reason: str) -> bool:
    """It would come up if nothing stood beside it, and its meaning is known."""
    known = world.cosines.get(hit.memory_id)
    near = known is not None and (reason == ALIKE or known >= 0.5)
    return near and world.alone[hit.memory_id].is_relevant


def stands_beside(world: World, hit: Hit, _: str) -> bool:
    return any(world.alone[it.memory.memory_id].parts.said > 0.01 for it in world.beside(hit))


def both_sides_fit(world: World, hit: Hit, _: str) -> bool:
    return bool(hit.person_text and hit.personality_text) and min(hit.sides) > 0


def is_asked_about(world: World, hit: Hit, reason: str) -> bool:
    """The question has "I" or "Ada", and not "Lilith", or the other way round."""
    words = set(re.findall(r"\w+", world.question.text.lower()))
    person, other = bool(words & {"i", "my", "me", "ada"}), bool(words & {"you", "lilith"})
    return (person, other) == ((True, False) if reason.endswith("you said") else (False, True))


def is_of_that_time(world: World, hit: Hit, reason: str) -> bool:
    """Jonas's May, or some weeks after it."""
    month = {5: "May", 7: "July"}.get(hit.occur_time.month, "-")
    if reason.startswith("it was said in "):
        return month in reason
    return world.question.times.fit(hit.occur_time) > 0


def tells_when(world: World, hit: Hit, _: str) -> bool:
    """It names a month or a day, and that is asked."""
    told = f"{hit.person_text} {hit.personality_text}"
    return world.question.text.startswith("When") and bool(re.search("May|July|Tuesday", told))


def has_details(world: World, hit: Hit, _: str) -> bool:
    """A number, or a capital letter within a sentence, and not that of the two who talk."""
    told = f"{hit.person_text} {hit.personality_text}"
    named = set(re.findall(r"(?<=[a-z,;:] )[A-Z]\w+|\d+", told))
    return bool(named - {"Ada", "Lilith"})


TRUE: Mapping[str, Callable[[World, Hit, str], bool]] = {
    r'(you|you both|Lilith) said ".*"': has_words,
    "it has words in common with what was asked": has_names,
    "it means (something like it|nearly the same)": is_alike,
    BESIDE: stands_beside,
    "what else was said in it fits, too": both_sides_fit,
    "you asked about what (you|Lilith) said": is_asked_about,
    "it was said (in|soon after) .*": is_of_that_time,
    "it tells when": tells_when,
    "it was news when it was said": lambda world, hit, _: world.newest_share(hit) >= 0.5,
    "it goes into detail": has_details,
    "it began a talk": lambda world, hit, _: world.began(hit),
}


def is_true(world: World, hit: Hit, reason: str) -> bool:
    for pattern, holds in TRUE.items():
        if re.fullmatch(pattern, reason):
            return holds(world, hit, reason)
    raise AssertionError(f"nobody knows when this is true: {reason}")


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_told_of_a_hit_is_true_of_it(talk: Talk, seed: int) -> None:
    """What was said last is not read yet: it is known by its words only."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    ada, when = await talk.owner(), datetime(2026, 5, 1, tzinfo=UTC)
    for number, (said, answer) in enumerate(chance.sample(SAID, len(SAID))):
        if number == len(SAID) - 3:
            await talk.relay_all()
        when += chance.choice([timedelta(minutes=3), timedelta(hours=5), timedelta(days=20)])
        where = chance.choice([DIRECT, DIRECT, MEADOW])
        await talk.say(ada, said, answer, where=where, when=when)
    told = 0
    for text in QUESTIONS:
        world = await _world(talk, ada, text)
        hits = await talk.asks(ada, text)
        asking = Asking(text, clock.now(), ada.personality_id)
        why = await talk.recall().why(asking, [(hit, hit.parts) for hit in hits])
        for hit, reasons in zip(hits, why, strict=True):
            told += len(reasons)
            wrong = [it for it in reasons if not is_true(world, hit, it)]
            assert not wrong, (text, hit.person_text, hit.personality_text, hit.parts, wrong)
    assert told > 50


async def test_what_came_up_for_what_stands_beside_it_says_so_and_nothing_else(
    talk: Talk,
) -> None:
    ada, when = await talk.owner(), datetime(2026, 5, 1, tzinfo=UTC)
    await talk.say(ada, "Do you know who keeps the old lighthouse?", when=when)
    await talk.say(ada, "Jonas.", when=when + timedelta(minutes=1))
    await talk.relay_all()
    text = "Which person tends the beacon?"
    hits = await talk.asks(ada, text)
    asking = Asking(text, clock.now(), ada.personality_id)
    why = await talk.recall().why(asking, [(hit, hit.parts) for hit in hits])
    reasons = {hit.person_text: its for hit, its in zip(hits, why, strict=True)}
    assert BESIDE in reasons["Jonas."]
    assert ALIKE not in reasons["Jonas."]
    assert ALIKE in reasons["Do you know who keeps the old lighthouse?"]


async def _world(talk: Talk, owner: Owner, text: str) -> World:
    question = replace(
        await talk.question(text),
        spoken_to=owner.personality_id,
        times=times.named(text, clock.now()),
    )
    async with talk.database.reading() as tx:
        ids = (
            await tx.scalars(select(Memory.id).where(Memory.persona_id == owner.persona_id))
        ).all()
        candidates = await recall_store.load(tx, owner, question, list(map(MemoryId, ids)))
        vocabulary = await recall_store.vocabulary(tx, owner, question)
        rows = await tx.execute(select(Memory.id, Memory.embedding).where(Memory.id.in_(ids)))
        asked = question.meaning
        assert asked.vector is not None
        cosines = {
            MemoryId(id_): asked.scale * float(np.dot(vector, asked.vector))
            for id_, vector in rows
            if vector is not None
        }
    apart = [replace(it, before_id=None) for it in candidates]
    alone = {it.memory.memory_id: it for it in ranking.ranked(apart, question, vocabulary)}
    return World(question, candidates, alone, cosines)
