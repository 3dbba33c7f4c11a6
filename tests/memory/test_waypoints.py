"""Links between memories: formed, strengthened, faded, pruned, and never between two owners."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import cos, exp, sin
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from tests.memory.talk import Talk
from tzurot import clock
from tzurot.memory import following, linking, recalled_store, waypoint_store, waypoints
from tzurot.memory.fading import Recalls
from tzurot.memory.following import Side, Sources
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.linking import Linking
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import Exchange, MemoryId, Owner, remember
from tzurot.memory.scoring import WEIGHTS, Weights
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory, MemoryRecall
from tzurot.memory.venues import Venue, Where
from tzurot.memory.waypoints import MOST_LINKS, SIMILAR, Near, Waypoint, WaypointKind

NOW = datetime(2026, 5, 1, tzinfo=UTC)
A, B, C = (MemoryId(UUID(int=number)) for number in (1, 2, 3))
TOGETHER = WaypointKind.RECALLED_TOGETHER
WEIGHTS_OF_LINKS = some.floats(0, 1)
DAYS = some.floats(0, 36_500)


class TestRules:
    @pytest.mark.parametrize(
        ("cosine", "other", "links"),
        [
            (0.9, Sector.SEMANTIC, [(WaypointKind.SIMILARITY, 0.9)]),
            (0.9, Sector.EMOTIONAL, [(WaypointKind.ACROSS_SECTORS, 0.45)]),
            (SIMILAR, Sector.SEMANTIC, [(WaypointKind.SIMILARITY, SIMILAR)]),
            (SIMILAR - 0.001, Sector.SEMANTIC, []),
            (-1.0, Sector.SEMANTIC, []),
            (1.0001, Sector.SEMANTIC, [(WaypointKind.SIMILARITY, 1.0)]),  # halves of floats
        ],
    )
    def test_what_means_alike_enough_is_linked(
        self, cosine: float, other: Sector, links: list[tuple[WaypointKind, float]]
    ) -> None:
        near = Near(B, Sector.SEMANTIC, A, other, cosine)
        found = list(waypoints.by_meaning([near], NOW))
        assert [(it.kind, pytest.approx(it.weight)) for it in found] == links
        assert all((it.first_id, it.second_id) == (A, B) for it in found)

    def test_recalled_together_a_link_grows_and_never_passes_1(self) -> None:
        known: dict[tuple[MemoryId, MemoryId], Waypoint] = {}
        weights: list[float] = []
        for _ in range(200):
            (link,) = waypoints.by_recall([B, A], known, NOW)
            known = {(link.first_id, link.second_id): link}
            weights.append(link.weight)
        assert weights[:3] == pytest.approx([0.1, 0.19, 0.271])
        assert weights == sorted(weights)
        assert weights[-1] <= 1

    def test_it_grows_from_what_time_has_left_of_it(self) -> None:
        year_ago = NOW - timedelta(days=365)
        (link,) = waypoints.by_recall(
            [A, B], {(A, B): Waypoint(A, B, TOGETHER, 0.5, year_ago)}, NOW
        )
        left = 0.5 * exp(-0.005 * 365)
        assert link.weight == pytest.approx(left + 0.1 * (1 - left))
        assert link.update_time == NOW

    def test_each_two_of_the_first_eight_of_a_turn_are_linked(self) -> None:
        cited = [MemoryId(UUID(int=number)) for number in range(12)]
        links = waypoints.by_recall(cited, {}, NOW)
        assert len(links) == 8 * 7 / 2
        assert {it.second_id for it in links} <= set(cited[:8])

    def test_one_memory_alone_is_linked_with_nothing(self) -> None:
        assert waypoints.by_recall([A], {}, NOW) == []
        assert waypoints.by_recall([], {}, NOW) == []

    @given(WEIGHTS_OF_LINKS, DAYS, DAYS)
    def test_a_link_only_fades(self, weight: float, one: float, other: float) -> None:
        link = Waypoint(A, B, TOGETHER, weight, NOW)
        sooner, later = (NOW + timedelta(days=days) for days in sorted((one, other)))
        assert 0 <= link.weight_at(later) <= link.weight_at(sooner) <= weight

    @given(WEIGHTS_OF_LINKS, DAYS)
    def test_a_clock_that_went_back_changes_nothing(self, weight: float, days: float) -> None:
        link = Waypoint(A, B, TOGETHER, weight, NOW)
        before = NOW - timedelta(days=days)
        assert link.weight_at(before) == weight
        (grown,) = waypoints.by_recall([A, B], {(A, B): link}, before)
        assert weight <= grown.weight <= 1
        assert grown.update_time == NOW  # it fades from the later one on

    def test_half_of_it_is_left_after_139_days(self) -> None:
        link = Waypoint(A, B, TOGETHER, 0.1, NOW)
        assert link.weight_at(NOW + timedelta(days=138.6)) == pytest.approx(0.05, abs=1e-4)

    def test_of_too_many_links_the_weakest_go(self) -> None:
        others = [MemoryId(UUID(int=number)) for number in range(10, 10 + MOST_LINKS + 2)]
        links = [
            Waypoint.between(A, other, TOGETHER, 0.2 + number / 100, NOW)
            for number, other in enumerate(others)
        ]
        gone = waypoints.surplus([A], links, NOW)
        assert {it.second_id for it in gone} == set(others[:2])
        assert waypoints.surplus([A], links[:MOST_LINKS], NOW) == []

    def test_a_path_loses_a_fifth_with_each_step_and_ends_where_little_is_left(self) -> None:
        links = [
            Waypoint(A, B, TOGETHER, 0.5, NOW),
            Waypoint(A, B, WaypointKind.SIMILARITY, 0.8, NOW),
            Waypoint(A, C, TOGETHER, 0.12, NOW),  # .12 · .8 < .1
        ]
        assert waypoints.spread({A: 1.0}, links, NOW) == {B: pytest.approx(0.8 * 0.8)}
        assert waypoints.spread({A: 0.5}, links, NOW) == {B: pytest.approx(0.5 * 0.8 * 0.8)}
        faded = NOW + timedelta(days=10 * 365)
        assert waypoints.spread({A: 1.0}, links, faded) == {}


def alone(number: object) -> Where:
    """A place of its own: nothing is said before or after."""
    return Where(Venue.PUBLIC_CHANNEL, "local", f"place {number}")


async def means(talk: Talk, memory_id: MemoryId, angle: float) -> None:
    """Let a memory mean what lies at an angle: two are as alike as its cosine."""
    vector = [cos(angle), sin(angle), *([0.0] * 382)]
    async with talk.database.transaction() as tx:
        await tx.execute(
            text("UPDATE memories SET embedding = CAST(:vector AS halfvec) WHERE id = :id"),
            {"vector": str(vector), "id": memory_id},
        )


async def at_angles(
    talk: Talk, owner: Owner, angles: Sequence[float], said: str = "The lamp is red."
) -> list[MemoryId]:
    """Memories of places of their own, by what they mean."""
    made: list[MemoryId] = []
    for number, angle in enumerate(angles):
        made.append(await talk.say(owner, f"{said} {number}", where=alone((said, number))))
        await means(talk, made[-1], angle)
    return made


async def links(talk: Talk, *memory_ids: MemoryId) -> list[Waypoint]:
    """All that is stored of these memories' links."""
    async with talk.database.transaction() as tx:
        found = await waypoint_store.of(tx, memory_ids)
    return sorted(found, key=lambda it: it.key)


async def unlink(talk: Talk, *memory_ids: MemoryId) -> None:
    """Let them wait to be linked once more, as where a job is run again."""
    async with talk.database.transaction() as tx:
        await tx.execute(
            text("INSERT INTO unlinked_memories SELECT unnest(CAST(:ids AS uuid[]))"),
            {"ids": list(memory_ids)},
        )


async def cite(talk: Talk, *memory_ids: MemoryId, turn_id: UUID | None = None) -> None:
    """What a turn does at its end."""
    async with talk.database.transaction() as tx:
        await linking.note_recalled(tx, turn_id or clock.uuid7(), memory_ids)


async def recalls(talk: Talk, memory_id: MemoryId) -> MemoryRecall | None:
    async with talk.database.transaction() as tx:
        return await tx.get(MemoryRecall, memory_id)


def kinds(found: Collection[Waypoint]) -> list[str]:
    return sorted(it.kind for it in found)


def ends(found: Collection[Waypoint]) -> set[frozenset[MemoryId]]:
    return {frozenset((it.first_id, it.second_id)) for it in found}


@pytest.fixture
def tending(talk: Talk) -> Linking:
    return Linking(talk.database)


class TestMeaning:
    async def test_a_memory_is_linked_with_the_three_that_it_is_most_like(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        *near, far, mine = await at_angles(talk, ada, [0.1, 0.2, 0.3, 0.4, 1.5, 0.0])
        await tending.tend()
        async with talk.database.transaction() as tx:
            await tx.execute(text("DELETE FROM waypoints"))
        await unlink(talk, mine)
        await tending.tend()
        found = {it.other(mine): it for it in await links(talk, mine)}
        assert set(found) == set(near[:3])
        assert found[near[0]].weight == pytest.approx(cos(0.1), abs=2e-3)
        assert await links(talk, far) == []

    async def test_what_is_not_alike_enough_is_not_linked(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        made = await at_angles(talk, ada, [0.0, 0.9, 1.8])  # cos .9 = .62
        await tending.tend()
        assert await links(talk, *made) == []

    async def test_across_sectors_a_link_is_half_as_strong(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        (lamp,) = await at_angles(talk, ada, [0.0])
        (fear,) = await at_angles(talk, ada, [0.1], "I am scared of the lamp.")
        await tending.tend()
        (link,) = await links(talk, lamp, fear)
        assert link.kind == WaypointKind.ACROSS_SECTORS
        assert link.weight == pytest.approx(cos(0.1) / 2, abs=2e-3)

    async def test_done_again_it_changes_nothing(self, talk: Talk, tending: Linking) -> None:
        ada = await talk.owner()
        made = await at_angles(talk, ada, [0.0, 0.1, 0.2, 0.3, 0.35])
        made += await talk.say_all(ada, ["One.", "Two."])
        for memory_id in made[-2:]:
            await means(talk, memory_id, 0.5)
        await tending.tend()
        before = await links(talk, *made)
        await unlink(talk, *made)
        await tending.tend()
        assert before
        assert await links(talk, *made) == before

    async def test_other_words_mean_other_links_and_another_sector(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        turn_id = await talk.turn(ada)
        one = await talk.say(ada, "The lamp is red.", where=alone("hall"), turn_id=turn_id)
        other = await talk.say(ada, "The lamp is dark red.")
        for memory_id, angle in ((one, 0.0), (other, 0.1)):
            await means(talk, memory_id, angle)
        await tending.tend()
        assert kinds(await links(talk, one, other)) == ["similarity"]
        new_words = ("The lamp is red.", "I was so scared of the bull and I cried.")
        async with talk.database.transaction() as tx:
            await following.reword(tx, Sources([turn_id]), Side.PERSON, new_words, talk.jobs)
        assert await links(talk, one, other) == []
        await means(talk, one, 2.0)
        await tending.tend()
        assert await links(talk, one, other) == []
        async with talk.database.transaction() as tx:
            assert (await tx.get_one(Memory, one)).sector == "emotional"

    async def test_a_memory_has_at_most_twenty_links(self, talk: Talk, tending: Linking) -> None:
        ada = await talk.owner()
        hub, *others = await at_angles(talk, ada, [0.0] * 26)
        for other in others:
            await cite(talk, hub, other)
        await tending.tend()
        assert len(await links(talk, hub)) == MOST_LINKS

    async def test_what_a_release_without_sectors_wrote_gets_one(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        (fear,) = await at_angles(talk, ada, [0.0], "Yesterday I was scared and sad.")
        default = """UPDATE memories
            SET sector = DEFAULT, other_sectors = DEFAULT, salience = DEFAULT"""
        async with talk.database.transaction() as tx:
            await tx.execute(text(default))
        await tending.tend()
        async with talk.database.transaction() as tx:
            memory = await tx.get_one(Memory, fear)
        assert (memory.sector, memory.other_sectors) == ("emotional", ["episodic"])
        assert memory.salience == pytest.approx(0.5)


class TestConversation:
    async def test_what_was_said_right_before_is_linked(self, talk: Talk, tending: Linking) -> None:
        ada = await talk.owner()
        first, second, third = await talk.say_all(ada, ["One.", "Two.", "Three."])
        for number, memory_id in enumerate((first, second, third)):
            await means(talk, memory_id, number * 1.5)
        await tending.tend()
        found = await links(talk, first, second, third)
        assert ends(found) == {frozenset((first, second)), frozenset((second, third))}
        assert {(it.kind, round(it.weight, 6)) for it in found} == {("conversation", 0.3)}

    async def test_what_was_said_elsewhere_or_long_before_is_not(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        made = [
            await said_at(talk, ada, clock.now() - timedelta(hours=hours)) for hours in (7, 3.5)
        ]
        made += [await talk.say(ada, "Elsewhere.", where=alone(1))]
        for number, memory_id in enumerate(made):
            await means(talk, memory_id, number * 1.5)
        await tending.tend()
        assert await links(talk, *made) == []


async def said_at(talk: Talk, owner: Owner, when: datetime) -> MemoryId:
    exchange = Exchange(
        owner.persona_id, owner.personality_id, None, None, Venue.DIRECT, "local", "terminal",
        "Ada", "Something.", "Lilith", "", when,
    )  # fmt: skip
    async with talk.database.transaction() as tx:
        return await remember(tx, exchange, talk.jobs)


class TestRecalled:
    async def test_two_that_a_turn_cites_are_linked_and_stand_out_more(
        self, talk: Talk, tending: Linking
    ) -> None:
        one, other = await talk.say_all(ada := await talk.owner(), ["A lamp.", "A door."])
        await cite(talk, one, other)
        for _ in range(2):  # right after the turn, and once it is counted
            async with talk.database.transaction() as tx:
                counted = await recalled_store.of(tx, [ada.persona_id], [one, other])
            assert [counted[it].count for it in (one, other)] == [1, 1]
            await tending.tend()
        (link,) = await links(talk, one, other)
        assert (link.kind, link.weight) == (TOGETHER, pytest.approx(0.1))
        assert counted[one].salience == pytest.approx(0.4 + 0.1 * 0.6, abs=1e-4)

    async def test_a_turn_is_counted_once_however_often_it_is_told_and_tended(
        self, talk: Talk, tending: Linking
    ) -> None:
        one, other = await talk.say_all(await talk.owner(), ["A lamp.", "A door."])
        turn_id = clock.uuid7()
        await cite(talk, one, other, turn_id=turn_id)
        await cite(talk, one, other, turn_id=turn_id)
        await asyncio.gather(*(tending.tend() for _ in range(4)))
        await tending.tend()
        (link,) = await links(talk, one, other)
        counted = await recalls(talk, one)
        assert (link.weight, counted and counted.recall_count) == (pytest.approx(0.1), 1)

    async def test_killed_at_any_moment_it_counts_each_turn_once(
        self, talk: Talk, tending: Linking
    ) -> None:
        one, other = await talk.say_all(await talk.owner(), ["A lamp.", "A door."])
        for _ in range(6):
            await cite(talk, one, other)
        for steps in range(40):
            task = asyncio.create_task(tending.tend())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
        await tending.tend()
        counted = await recalls(talk, one)
        (link,) = await links(talk, one, other)
        assert counted and counted.recall_count == 6
        assert link.weight == pytest.approx(1 - 0.9**6, abs=1e-4)

    async def test_what_was_forgotten_meanwhile_is_passed_over(
        self, talk: Talk, tending: Linking
    ) -> None:
        one, other = await talk.say_all(await talk.owner(), ["A lamp.", "A door."])
        await cite(talk, one, other)
        async with talk.database.transaction() as tx:
            await tx.execute(text("DELETE FROM memories WHERE id = :id"), {"id": one})
        await tending.tend()
        assert await links(talk, one, other) == []
        counted = await recalls(talk, other)
        assert counted and counted.recall_count == 1

    async def test_what_was_recalled_stands_out_from_then_on(
        self, talk: Talk, tending: Linking
    ) -> None:
        (one,) = await talk.say_all(await talk.owner(), ["A lamp."])
        await cite(talk, one)
        async with talk.database.transaction() as tx:
            await tx.execute(
                text("UPDATE recalled_turns SET recall_time = now() + interval '1000 days'")
            )
        await tending.tend()
        counted = await recalls(talk, one)
        left = 0.08 + 0.32 * exp(-0.005 * 1000)
        assert counted and counted.salience == pytest.approx(left + 0.1 * (1 - left), abs=1e-3)


class TestOwners:
    async def test_the_same_words_of_two_people_are_not_linked(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        bob = await talk.owner(like=ada)
        mine = [*await at_angles(talk, ada, [0.0]), await talk.say(ada, "I keep bees.")]
        theirs = [*await at_angles(talk, bob, [0.0]), await talk.say(bob, "I keep bees.")]
        await means(talk, mine[1], 0.0)
        await means(talk, theirs[1], 0.0)
        await cite(talk, *mine, *theirs)  # which no turn does
        await tending.tend()
        found = await links(talk, *mine, *theirs)
        assert len(found) == 4
        assert ends(found) == {frozenset(mine), frozenset(theirs)}

    async def test_two_personas_of_one_person_that_share_are_not_linked(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada = await talk.owner()
        other = await talk.owner(like=ada)
        (one,), (two,) = [await at_angles(talk, it, [0.0]) for it in (ada, other)]
        hits = await Recall(
            talk.database, talk.slots, PgVectorIndex(talk.database), PgVectorIndex(talk.database)
        ).search(
            "Is the lamp red?",
            replace(ada, others=(other.persona_id,)),
            where=alone(0),
            limit=5,
        )
        assert {hit.memory_id for hit in hits.hits} == {one, two}
        await cite(talk, one, two)
        await tending.tend()
        assert await links(talk, one, two) == []

    async def test_with_another_character_it_is_another_owner(
        self, talk: Talk, tending: Linking
    ) -> None:
        ada, stranger = await talk.owner(), await talk.owner()
        with_lilith, with_other = ada, replace(ada, personality_id=stranger.personality_id)
        (one,), (two,) = [await at_angles(talk, it, [0.0]) for it in (with_lilith, with_other)]
        await cite(talk, one, two)
        await tending.tend()
        assert await links(talk, one, two) == []

    async def test_a_link_that_should_not_be_is_shown_to_nobody(self, talk: Talk) -> None:
        ada = await talk.owner()
        bob = await talk.owner(like=ada)
        (mine,), (theirs,) = [await talk.say_all(it, ["A lamp."]) for it in (ada, bob)]
        async with talk.database.transaction() as tx:
            forged = Waypoint.between(mine, theirs, TOGETHER, 1.0, clock.now())
            await waypoint_store.put(tx, [forged])
            for owner in (ada, bob):
                assert await waypoint_store.seen(tx, [owner.persona_id], [mine, theirs]) == []
            both = [ada.persona_id, bob.persona_id]
            assert await waypoint_store.seen(tx, both, [mine, theirs]) == []


class TestEnd:
    async def test_with_a_memory_go_its_links_and_how_often_it_was_recalled(
        self, talk: Talk, tending: Linking
    ) -> None:
        canary, other, third = await at_angles(talk, await talk.owner(), [0.0, 0.1, 0.2])
        await cite(talk, canary, other)
        await cite(talk, other, third)
        await tending.tend()
        await means(talk, canary, 0.0)
        async with talk.database.transaction() as tx:
            await tx.execute(text("DELETE FROM memories WHERE id = :id"), {"id": canary})
        async with talk.database.transaction() as tx:
            left = await tx.scalars(
                text("""
                    SELECT first_id FROM waypoints UNION ALL SELECT second_id FROM waypoints
                    UNION ALL SELECT memory_id FROM memory_recalls
                    UNION ALL SELECT memory_id FROM unlinked_memories
                """)
            )
            assert set(left) == {other, third}
        assert await links(talk, other, third)

    async def test_what_is_just_being_deleted_is_not_waited_for(
        self, talk: Talk, tending: Linking
    ) -> None:
        going, one, other = await at_angles(talk, await talk.owner(), [0.0, 0.1, 0.2])
        await cite(talk, going, one, other)
        async with talk.database.transaction() as deleting:
            await deleting.execute(text("DELETE FROM memories WHERE id = :id"), {"id": going})
            async with asyncio.timeout(60):
                await tending.tend()
        found = await links(talk, going, one, other)
        assert kinds(found) == ["recalled_together", "similarity"]
        assert ends(found) == {frozenset((one, other))}

    async def test_what_is_too_faint_is_pruned_and_nothing_else(
        self, talk: Talk, tending: Linking
    ) -> None:
        ids = await talk.say_all(await talk.owner(), ["A.", "B.", "C.", "D."])
        now = clock.now()
        by_age = {
            0: 0.04,  # as faint as that nothing is set; and it is not looked for
            100: 0.1,  # .0607 are left
            200: 0.1,  # .0368
            400: 0.3,  # .0406
            500: 0.9,  # .0739
            20 * 365: 1.0,
        }
        pairs = [(a, b) for number, a in enumerate(ids) for b in ids[number + 1 :]]
        async with talk.database.transaction() as tx:
            await waypoint_store.put(
                tx,
                [
                    Waypoint.between(a, b, TOGETHER, weight, now - timedelta(days=days))
                    for (a, b), (days, weight) in zip(pairs, by_age.items(), strict=True)
                ],
            )
        assert await tending.prune() == 3
        left = {round((now - it.update_time) / timedelta(days=1)) for it in await links(talk, *ids)}
        assert left == {0, 100, 500}
        assert await tending.prune() == 0

    async def test_a_link_with_itself_or_the_wrong_way_round_is_refused(self, talk: Talk) -> None:
        one, other = sorted(await talk.say_all(await talk.owner(), ["A.", "B."]))
        for first, second in ((one, one), (other, one)):
            with pytest.raises(IntegrityError):
                async with talk.database.transaction() as tx:
                    await waypoint_store.put(tx, [Waypoint(first, second, TOGETHER, 0.5, NOW)])


class TestRecall:
    """What recall makes of links, where they have a weight."""

    async def search(self, talk: Talk, owner: Owner, weights: Weights) -> list[MemoryId]:
        engine = PgVectorIndex(talk.database)
        recall = Recall(talk.database, talk.slots, engine, engine, weights)
        found = await recall.search("Who keeps bees?", owner, where=alone(0), limit=10)
        return [hit.memory_id for hit in found.hits]

    async def test_what_has_no_weight_is_not_read(self, talk: Talk) -> None:
        ada = await talk.owner()
        bees = await talk.say(ada, "I keep bees.", where=alone(0))
        engine, statements = talk.database.engine.sync_engine, list[str]()

        def note(*told: Any) -> None:
            statements.append(told[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            off = replace(WEIGHTS, recency=0.0, salience=0.0, link=0.0)
            assert await self.search(talk, ada, off) == [bees]
            few = len(statements)
            on = replace(WEIGHTS, recency=0.1, salience=0.1, link=0.1)
            assert await self.search(talk, ada, on) == [bees]
        finally:
            event.remove(engine, "before_cursor_execute", note)
        asked = [it for it in statements if "waypoints" in it or "memory_recalls" in it]
        assert not [it for it in statements[:few] if it in asked]
        assert asked

    async def test_what_is_linked_with_what_fits_comes_before_what_is_not(self, talk: Talk) -> None:
        ada = await talk.owner()
        texts = ["I keep bees.", "My uncle keeps the key.", "My uncle keeps the door."]
        bees, one, other = [
            await talk.say(ada, said, where=alone(number)) for number, said in enumerate(texts)
        ]
        await talk.relay_all()
        plain = await self.search(talk, ada, WEIGHTS)
        last = plain[-1]
        assert plain[0] == bees and last in {one, other}
        async with talk.database.transaction() as tx:
            strong = Waypoint.between(bees, last, TOGETHER, 1.0, clock.now())
            await waypoint_store.put(tx, [strong])
        assert await self.search(talk, ada, WEIGHTS) == plain
        linked = await self.search(talk, ada, replace(WEIGHTS, link=0.3))
        assert linked.index(last) < len(plain) - 1

    async def test_a_link_leads_to_nothing_that_may_not_be_told_here(self, talk: Talk) -> None:
        ada = await talk.owner()
        open_ = await talk.say(ada, "I keep bees.", where=alone(0))
        secret = await talk.say(ada, "I keep bees in secret.")  # in direct
        await talk.relay_all()
        async with talk.database.transaction() as tx:
            await waypoint_store.put(
                tx, [Waypoint.between(open_, secret, TOGETHER, 1.0, clock.now())]
            )
        everything = replace(WEIGHTS, link=0.3, recency=0.1, salience=0.1)
        assert await self.search(talk, ada, everything) == [open_]

    async def test_what_was_said_lately_and_stands_out_counts(self, talk: Talk) -> None:
        ada = await talk.owner()
        (bees,) = await talk.say_all(ada, ["I keep bees."])
        engine = PgVectorIndex(talk.database)
        await talk.relay_all()
        async with talk.database.transaction() as tx:
            await recalled_store.keep(tx, {bees: Recalls(0.9, 3, clock.now())})
        weights = replace(WEIGHTS, recency=0.2, salience=0.2)
        recall = Recall(talk.database, talk.slots, engine, engine, weights)
        where = Where.direct(adults=False)
        (hit,) = (await recall.search("bees", ada, where=where, limit=1)).hits
        assert hit.parts.recency == pytest.approx(0.2, abs=1e-3)
        assert hit.parts.salience == pytest.approx(0.2 * 0.9, abs=1e-3)
