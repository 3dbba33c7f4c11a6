"""Why a memory came up is told in words, the weightiest reason first, and truthfully."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tzurot import clock
from tzurot.memory.reasons import Asking, NotTaken, not_taken, reasons
from tzurot.memory.remembering import Kind, MemoryId, Remembered
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.memory.waypoints import WaypointKind

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


def memory(
    said: str,
    answered: str = "",
    *,
    ago: timedelta = timedelta(days=2),
    sector: Sector = Sector.SEMANTIC,
) -> Remembered:
    nobody = clock.uuid7()
    return Remembered(
        memory_id=MemoryId(clock.uuid7()),
        persona_id=nobody,
        personality_id=nobody,
        turn_id=None,
        venue=Venue.DIRECT,
        person_name="Ada",
        person_text=said,
        personality_name="Luna",
        personality_text=answered,
        occur_time=NOW - ago,
        create_time=NOW,
        kind=Kind.EXCHANGE,
        sector=sector,
        other_sectors=(),
        salience=0.4,
    )


KEEPER = memory("The old lighthouse needs a keeper.", "A keeper of Lighthouses never sleeps.")


def why(question: str, it: Remembered, **parts: float) -> list[str]:
    asking = Asking(question, NOW, it.personality_id)
    return reasons(asking, it, ScoreParts(**({"similarity": 0, "keyword": 0} | parts)))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who keeps the lighthouse?", 'you both said "lighthouse"'),
        ("Which lighthouses have keepers?", 'you both said "lighthouse" and "keeper"'),
        ("Is it old?", 'you said "old"'),
        ("Does anybody sleep?", 'Luna said "sleeps"'),
        ("lighthouse old sleep", 'you both said "lighthouse", you said "old", Luna said "sleeps"'),
        ("old needs never sleeps", 'you said "old" and "needs", Luna said "never"'),
    ],
)
def test_words_are_told_as_they_stand_and_by_whom(question: str, told: str) -> None:
    assert why(question, KEEPER, keyword=0.1) == [told]


@pytest.mark.parametrize(
    ("said", "question", "told"),
    [
        ("今天天气很好，我去公园散步了。", "天气很好吗？", 'you said "天气很好"'),
        ("Маяк стоит у моря.", "Где стоят маяки?", 'you said "стоит" and "Маяк"'),
        ("Mein Bruder heißt Jonas.", "Wie heißt mein Bruder?", 'you said "heißt" and "Bruder"'),
        ("x" * 300, "x" * 300, f'you said "{"x" * 39}…"'),
    ],
)
def test_words_of_any_script_are_told(said: str, question: str, told: str) -> None:
    assert why(question, memory(said, "!"), keyword=0.1) == [told]


def test_the_names_of_the_two_are_no_reason() -> None:
    it = memory("Luna, it is me, Ada.", "Ada!")
    assert why("Does Luna know Ada?", it, wording=0.2) == ["it means something like it"]


def test_what_a_character_noted_is_its_own() -> None:
    note = replace(memory("Likes lighthouses."), person_name="")
    assert note.is_note
    assert why("lighthouses", note, keyword=0.1) == ['Luna noted "lighthouses"']
    unnamed = replace(KEEPER, personality_name="")
    assert why("sleep", unnamed, keyword=0.1) == ['the character said "sleeps"']


@pytest.mark.parametrize(
    ("question", "part", "told"),
    [
        ("Where is the beacon?", {"wording": 0.2}, "it means something like it"),
        ("", {"wording": 0.2}, "what it says fits"),
        ("", {"keyword": 0.2}, "it has words in common with what was asked"),
        ("The beacon?", {"similarity": 0.12}, "it means nearly the same"),
        ("The beacon?", {"wording": 0.11}, "it means something like it"),
        ("", {"guessed": 0.2}, "it has words in common with what was asked"),
        (
            "The beacon?",
            {"neighbors": 0.1},
            "it was said right before or after something that fits",
        ),
        ("The beacon?", {"beside": 0.1}, "it was said right before or after something that fits"),
        ("The beacon?", {"rest": 0.1}, "what else was said in it fits, too"),
        ("The beacon?", {"opening": 0.1}, "it began a talk"),
        ("What did Luna tell?", {"speaker": 0.1}, "you asked about what Luna said"),
        ("What did I tell?", {"speaker": 0.1}, "you asked about what you said"),
        ("What was it?", {"speaker": 0.1}, "you asked about what one of you said"),
        ("What was in July?", {"time": 0.1}, "it was said in July, as you asked"),
        ("And in June?", {"time": 0.1}, "it was said soon after the time that you asked about"),
        ("When was it?", {"time": 0.06}, "it tells when"),
        ("", {"time": 0.06}, "its time fits"),
        ("The beacon?", {"news": 0.1}, "it was news when it was said"),
        ("The beacon?", {"recency": 0.1}, "said two days before"),
        ("The beacon?", {"salience": 0.1}, "it stands out"),
        ("The beacon?", {"link": 0.1}, "it is linked with what else fits"),
    ],
)
def test_each_part_has_its_words(question: str, part: dict[str, float], told: str) -> None:
    assert why(question, KEEPER, **part) == [told]
    (name,) = part
    assert why(question, KEEPER, **{name: 0.0049}) == []


def test_a_time_of_another_year_is_told_with_it() -> None:
    it = memory("The storm.", ago=timedelta(days=700))
    assert why("What was in 2024?", it, time=0.1) == ["it was said in August 2024, as you asked"]


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(), "less than an hour"),
        (timedelta(hours=-3), "less than an hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "one hour"),
        (timedelta(hours=47), "one day"),
        (timedelta(days=6, hours=23), "six days"),
        (timedelta(days=7), "one week"),
        (timedelta(days=70), "two months"),
        (timedelta(days=365), "11 months"),
        (timedelta(days=366), "one year"),
        (timedelta(days=366 * 40), "40 years"),
    ],
)
def test_how_long_ago_is_told_in_the_greatest_unit(ago: timedelta, told: str) -> None:
    assert why("The beacon?", memory("Old.", ago=ago), recency=0.1) == [f"said {told} before"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (WaypointKind.SIMILARITY, "it is like"),
        (WaypointKind.ACROSS_SECTORS, "it is like"),
        (WaypointKind.CONVERSATION, "said right before or after"),
        (WaypointKind.RECALLED_TOGETHER, "often recalled together with"),
    ],
)
def test_what_it_is_linked_with_is_told_by_its_first_words(kind: WaypointKind, told: str) -> None:
    other = memory("The  harbor\nis " + "old " * 40)
    asking = Asking("?", NOW, KEEPER.personality_id)
    found = reasons(asking, KEEPER, ScoreParts(0, 0, link=0.1), (kind, other))
    assert found == [f'{told} "The harbor is{" old" * 11} o…"']


def test_the_weightiest_come_first_and_at_most_five() -> None:
    told = why(
        "What did I say of the lighthouse in July?", KEEPER,
        keyword=0.05, wording=0.05, similarity=0.16, neighbors=0.05, beside=0.04, speaker=0.11,
        time=0.2,
        salience=0.01,
    )  # fmt: skip
    assert told == [
        "it was said in July, as you asked",
        "it means nearly the same",
        "you asked about what you said",
        'you both said "lighthouse"',
        "it was said right before or after something that fits",
    ]


def test_what_means_too_little_by_itself_is_not_told_as_alike() -> None:
    """It came up for what stands beside it."""
    assert why("The beacon?", KEEPER, similarity=0.02, wording=0.07, beside=0.1) == [
        "it was said right before or after something that fits"
    ]
    assert "it means something like it" in why("The beacon?", KEEPER, similarity=0.02, wording=0.09)


def test_what_is_mostly_not_new_is_no_news() -> None:
    """A third of what it says is new, or more than half."""
    known = {"wording": 0.3, "similarity": 0.1}
    assert "news" not in " ".join(why("The beacon?", KEEPER, **known, news=0.32 * 0.4 * 0.33))
    assert "it was news when it was said" in why(
        "The beacon?", KEEPER, **known, news=0.32 * 0.4 * 0.6
    )


def test_what_another_character_was_told_is_told_so_last() -> None:
    parts = ScoreParts(0.12, 0, speaker=0.1)
    asking = Asking("What did you say of the beacon?", NOW, clock.uuid7())
    assert reasons(asking, KEEPER, parts) == [
        "it means nearly the same",
        "you asked about what one of you said",
        "you said it to Luna; your setting characters_share lets it come up here",
    ]
    note = replace(memory("Likes lighthouses."), person_name="")
    assert reasons(asking, note, ScoreParts(0, 0))[-1].startswith("Luna noted it; ")


def test_each_way_of_not_being_taken_has_its_words() -> None:
    assert len({not_taken(it) for it in NotTaken}) == len(NotTaken)
