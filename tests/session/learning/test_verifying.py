"""A fact counts if the person said it, about themselves, as they meant it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tzurot import clock
from tzurot.memory.facts.fact import Fact, FactId, Origin, State
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Place, Venue
from tzurot.session.learning.answers import Found
from tzurot.session.learning.verifying import Names, Supported, Unsupported, entity_of, verified

NAMES = Names(["Ada"], ["Mira"])
ZEPPELIN = "Ada owns a zeppelin."


def _verified(fact: str, said: str, *, entity: str = "") -> Supported | Unsupported:
    return verified(Found(fact, entity, False, None, 1), said, None, NAMES)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (ZEPPELIN, "Guess what: I own a zeppelin!"),
        ("Ada keeps bees on her roof.", "I keep bees on my roof."),
        ("Ada is allergic to peanuts.", "Hi! I'm allergic to peanuts, so no thanks."),
        ("Ada has a brother called Tom.", "I have a brother. He's called Tom."),
        ("Ada's brother is called Tom.", "My brother Tom is coming over."),
        ("Ada no longer drinks coffee.", "I quit coffee last week."),
        ("Ada lives in Berlin.", "I moved to Berlin in May. It's nice."),
        ("Ada is 34 years old.", "I turned thirty-four yesterday."),
        ("Ada dislikes horror films.", "I can't stand horror films."),
        ("Ada lives in Berlin.", "Moved to Berlin last week!"),
        ("Tom lives in Porto.", "Tom lives in Porto."),
        ("Ada vive en Lisboa.", "Vivo en Lisboa."),
        ("Ada used to live in Oslo.", "I used to live in Oslo, but it was too cold."),
        ("Ada works as a nurse.", "*waves at you* hello ((ooc: I work as a nurse))"),
        ("Ada ist Krankenschwester.", "Ich bin Krankenschwester."),
        ("Adas Bruder heißt Tom.", "Mein Bruder heißt Tom."),
        ("La gata de Ada se llama Miso.", "Tengo una gata llamada Miso."),
        ('Ada has a cat called "Miso".', 'My cat is called "Miso".'),
        ("Ada loves Terry Pratchett.", "*really* love Terry Pratchett, me"),
    ],
)
def test_what_the_person_says_is_supported(fact: str, said: str) -> None:
    assert _verified(fact, said) == Supported(fictional=False, from_replaced=False)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (ZEPPELIN, "I own a bicycle."),
        (ZEPPELIN, "Yes!"),
        (ZEPPELIN, ""),
        (ZEPPELIN, "Do I own a zeppelin?"),
        (ZEPPELIN, "You said I own a zeppelin."),
        (ZEPPELIN, "I don't own a zeppelin!"),
        (ZEPPELIN, "You own a zeppelin, Mira."),
        (ZEPPELIN, "If I owned a zeppelin, I would fly."),
        (ZEPPELIN, "I wish I owned a zeppelin."),
        (ZEPPELIN, 'He wrote "Ada owns a big zeppelin".'),
        (ZEPPELIN, "> Ada owns a zeppelin\nlol"),
        (ZEPPELIN, "```\nAda owns a zeppelin.\n```"),
        ("Ada owns a zeppelin and a castle.", "I own a zeppelin."),
        ("Ada owns a zeppelin.", "I own a car. It is red. It is fast. Tom has a zeppelin."),
        ("Ada lives in Porto.", "My brother lives in Porto."),
        ("Ada lives in Porto.", "My brother called. He lives in Porto."),
        ("Ada lives in Porto.", "I met Tom. He lives in Porto."),
        ("Ada lives in Porto.", "Tom lives in Porto."),
        ("Ada lives in Porto.", "I live in Portugal."),
        ("Ada lives in Oslo.", "I used to live in Oslo."),
        ("Ada hates dogs.", "I walk dogs."),
        ("Ada has three cats.", "I have two cats."),
        ("Ada is a nurse.", "I'm not a nurse."),
        ("The user is a nurse.", "I'm a nurse."),
        ("Ada is.", "I am."),
        ("Ada wohnt in Porto.", "Wohne ich in Porto?"),
        ("Ada vive en Oporto.", "Mi hermano vive en Oporto."),
    ],
)
def test_what_the_person_does_not_say_is_not(fact: str, said: str) -> None:
    assert _verified(fact, said) is Unsupported.NOT_SAID


@pytest.mark.parametrize(
    ("fact", "entity"),
    [
        ("Mira owns a zeppelin.", ""),
        ("Mira's zeppelin is red.", ""),
        ("mira owns a zeppelin.", ""),
        (ZEPPELIN, "Mira"),
    ],
)
def test_nothing_is_learnt_of_the_character(fact: str, entity: str) -> None:
    said = "I own a red zeppelin, Mira."
    assert _verified(fact, said, entity=entity) is Unsupported.OF_CHARACTER


@pytest.mark.parametrize(
    "said",
    [
        "*draws my sword slowly* I am the king of Atlantis.",
        "_draws my sword slowly_ I am the king of Atlantis.",
        "Once upon a time I was king of Atlantis.",
        "(IC) I am the king of Atlantis.",
    ],
)
def test_what_is_played_is_fictional(said: str) -> None:
    verdict = _verified("Ada is the king of Atlantis.", said)
    assert verdict == Supported(fictional=True, from_replaced=False)


def test_what_it_takes_the_place_of_may_name_what_it_is_about() -> None:
    found = Found("Ada's cat Miso died.", "Ada's cat", False, 1, 1)
    said = "My cat died yesterday."
    old = _fact("Ada has a cat called Miso.")
    assert verified(found, said, None, NAMES) is Unsupported.NOT_SAID
    assert verified(found, said, old, NAMES) == Supported(False, from_replaced=True)
    other = replace(found, text="Ada's cat Miso died of cancer.")
    assert verified(other, said, old, NAMES) is Unsupported.NOT_SAID


def test_an_old_fact_alone_says_nothing() -> None:
    found = Found("Ada has a cat called Miso.", "", False, 1, 1)
    old = _fact("Ada has a cat called Miso.")
    assert verified(found, "I have a headache.", old, NAMES) is Unsupported.NOT_SAID


@pytest.mark.parametrize(
    ("entity", "kept"), [("Ada", "Ada"), ("Ada's cat", "Ada's cat"), ("Ada's zeppelin", "")]
)
def test_an_entity_that_nobody_named_is_none(entity: str, kept: str) -> None:
    found = Found("Ada's cat is called Miso.", entity, False, None, 1)
    assert entity_of(found, "My cat is called Miso.", NAMES) == kept


def _fact(text: str) -> Fact:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return Fact(
        fact_id=FactId(clock.uuid7()),
        owner=Owner(clock.uuid7(), clock.uuid7()),
        text=text,
        entity="",
        state=State.CURRENT,
        origin=Origin.LEARNT,
        fictional=False,
        place=Place(Venue.DIRECT, "", "", age_restricted=False),
        valid_from=now,
        valid_until=None,
        superseded_by_id=None,
        replaces_id=None,
        create_time=now,
        vector=np.zeros(384, np.float32),
    )
