"""Memories that belong together: the same ones always, by the words that they share."""

from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from uuid import UUID

import pytest

from tzurot.memory.reflection import clusters
from tzurot.memory.reflection.clusters import Cluster, Told
from tzurot.memory.remembering import MemoryId
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Place, Venue

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DIRECT = Place(Venue.DIRECT, "local", "terminal", age_restricted=False)

BEES = ["I keep bees on the roof.", "The bees on my roof swarmed today."]
OTHERS = ["My sister moved to Lisbon.", "Chess club was cancelled.", "The soup needs salt."]


def memory(
    number: int,
    text: str,
    reply: str = "",
    *,
    place: Place = DIRECT,
    sector: Sector = Sector.SEMANTIC,
    ago: timedelta | None = None,
    is_emotional: bool = False,
) -> Told:
    """The `number`th thing that was said, an hour after the one before it."""
    return Told(
        MemoryId(UUID(int=number)),
        place,
        sector,
        is_emotional,
        (("Ada", text), ("Lilith", reply)),
        NOW - ago if ago is not None else NOW + timedelta(hours=number),
    )


def said(*texts: str, **fields: object) -> list[Told]:
    """One memory after the other."""
    return [memory(number, text, **fields) for number, text in enumerate(texts, 1)]  # type: ignore[arg-type]


def numbers(found: list[Cluster]) -> list[list[int]]:
    """Which memories each cluster has."""
    return [[it.memory_id.int for it in cluster.members] for cluster in found]


class TestGathering:
    def test_what_tells_of_one_thing_belongs_together(self) -> None:
        assert numbers(clusters.gathered(said(BEES[0], *OTHERS, BEES[1]))) == [[1, 5]]

    def test_the_same_words_in_another_order_are_alike_to_the_full(self) -> None:
        found = said("Honey, hives, bees.", "Bees, honey, hives.", *OTHERS)
        assert numbers(clusters.gathered(found)) == [[1, 2]]

    def test_as_many_words_that_are_others_are_not_alike(self) -> None:
        """Counts without a common vocabulary would be: one time each, in the order said."""
        found = said("Honey hives bees smoke.", "Knights castles moats swords.")
        assert clusters.gathered(found) == []

    def test_forms_of_a_word_are_one(self) -> None:
        found = said("Beekeeping: my hives!", "One hive for beekeepers.", *OTHERS)
        assert numbers(clusters.gathered(found)) == [[1, 2]]

    def test_function_words_and_the_names_of_the_two_make_nothing_alike(self) -> None:
        found = said("Lilith, it is so and it was.", "Lilith, so it is, and was it?", *OTHERS)
        assert clusters.gathered(found) == []

    def test_it_needs_no_english(self) -> None:
        german = said("Meine Bienen summen im Garten.", "Im Garten summten Bienen.", *OTHERS)
        chinese = said("我在屋顶养蜜蜂", "屋顶养蜜蜂很好", *OTHERS)
        assert numbers(clusters.gathered(german)) == [[1, 2]]
        assert numbers(clusters.gathered(chinese)) == [[1, 2]]

    def test_nobody_has_nothing_in_common(self) -> None:
        assert clusters.gathered([]) == []
        assert clusters.gathered(said("Bees.")) == []
        assert clusters.gathered(said("…", "!!!", "the", "")) == []

    @pytest.mark.parametrize(
        "other",
        [
            Place(Venue.PUBLIC_CHANNEL, "local", "terminal", age_restricted=False),
            Place(Venue.DIRECT, "discord", "terminal", age_restricted=False),
            Place(Venue.DIRECT, "local", "garden", age_restricted=False),
            Place(Venue.DIRECT, "local", "terminal", age_restricted=True),
        ],
        ids=["venue", "platform", "channel", "age"],
    )
    def test_what_was_told_elsewhere_is_apart(self, other: Place) -> None:
        assert clusters.gathered([memory(1, BEES[0]), memory(2, BEES[0], place=other)]) == []

    def test_what_is_of_another_kind_is_apart(self) -> None:
        feeling = memory(2, BEES[0], sector=Sector.EMOTIONAL)
        assert clusters.gathered([memory(1, BEES[0]), feeling]) == []

    def test_a_memory_is_in_one_cluster(self) -> None:
        told = said("Bees and honey.", "Bees and honey, hens and eggs.", "Hens and eggs.")
        found = numbers(clusters.gathered(told))
        assert found == [[1, 2]]

    def test_the_order_at_hand_makes_no_difference(self) -> None:
        told = said(*BEES, *OTHERS, "Salt in the soup!", "Lisbon: my sister moved there.")
        expected = clusters.gathered(told)
        assert numbers(expected) == [[1, 2], [3, 7], [5, 6]]
        for seed in range(20):
            shuffled = Random(seed).sample(told, len(told))  # noqa: S311 - no secret
            assert clusters.gathered(shuffled) == expected

    def test_of_two_at_the_same_time_the_lesser_id_leads(self) -> None:
        told = [memory(number, BEES[0], ago=timedelta(0)) for number in (3, 1, 2)]
        assert numbers(clusters.gathered(told)) == [[1, 2, 3]]


class TestGrowing:
    def test_what_was_gathered_grows_and_has_no_twin(self) -> None:
        told, known = (
            said(*BEES, BEES[0]),
            {MemoryId(UUID(int=9)): [it.memory_id for it in said(*BEES)]},
        )
        (grown,) = clusters.gathered(told, known)
        assert grown.reflection_id == UUID(int=9)
        assert numbers([grown]) == [[1, 2, 3]]
        assert [it.memory_id.int for it in grown.joined] == [3]

    def test_what_did_not_grow_is_not_told(self) -> None:
        told = said(*BEES, *OTHERS)
        known = {MemoryId(UUID(int=9)): [it.memory_id for it in told[:2]]}
        assert clusters.gathered(told, known) == []

    def test_it_keeps_what_is_like_nothing_any_more(self) -> None:
        """What is common is told by all at hand; what was gathered once stays."""
        told = said(OTHERS[0], OTHERS[1], "My sister in Lisbon moved again.")
        known = {MemoryId(UUID(int=9)): [it.memory_id for it in told[:2]]}
        assert numbers(clusters.gathered(told, known)) == [[1, 2, 3]]

    def test_one_that_is_full_takes_no_more(self) -> None:
        told = [memory(number, BEES[0]) for number in range(1, clusters.FULL + 4)]
        whole = {MemoryId(UUID(int=999)): [it.memory_id for it in told[: clusters.FULL]]}
        (rest,) = clusters.gathered(told, whole)
        assert rest.reflection_id is None
        assert len(rest.members) == 3
        nearly = {MemoryId(UUID(int=999)): [it.memory_id for it in told[: clusters.FULL - 1]]}
        grown, rest = clusters.gathered(told, nearly)
        assert (len(grown.members), len(rest.members)) == (clusters.FULL, 3)


class TestSalience:
    @pytest.mark.parametrize(
        ("count", "ago", "expected"),
        [
            (2, timedelta(0), 0.6 * 2 / 10 + 0.3),
            (2, timedelta(hours=12), 0.6 * 2 / 10 + 0.3 * exp(-1)),
            (5, timedelta(hours=24), 0.6 * 5 / 10 + 0.3 * exp(-2)),
            (2, timedelta(days=3650), 0.6 * 2 / 10),  # years later only its size counts
            (2, timedelta(days=-3650), 0.6 * 2 / 10 + 0.3),  # a clock that went back
            (12, timedelta(0), 1.0),
            (100, timedelta(days=3650), 1.0),
        ],
    )
    def test_it_is_of_size_and_lateness(self, count: int, ago: timedelta, expected: float) -> None:
        members = [memory(number, "Bees.", ago=ago) for number in range(count)]
        assert clusters.salience(members, NOW) == pytest.approx(expected)

    def test_one_feeling_counts_once(self) -> None:
        felt = memory(2, "I love bees!", ago=timedelta(days=3650), is_emotional=True)
        plain = memory(1, "Bees.", ago=timedelta(days=3650))
        assert clusters.salience([plain, felt], NOW) == pytest.approx(0.12 + 0.1)
        assert clusters.salience([felt, felt], NOW) == pytest.approx(0.12 + 0.1)

    def test_lateness_is_the_mean_of_all(self) -> None:
        old, new = (
            memory(1, "Bees.", ago=timedelta(days=3650)),
            memory(2, "Bees.", ago=timedelta(0)),
        )
        assert clusters.salience([old, new], NOW) == pytest.approx(0.12 + 0.3 / 2)
