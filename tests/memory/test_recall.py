"""Recall from end to end on Postgres: what comes to mind, where, and of whom."""

from dataclasses import astuple

import pytest
from sqlalchemy import delete

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.account.tables import Persona
from tzurot.memory import waypoint_store
from tzurot.memory.index.port import CANDIDATES
from tzurot.memory.reasons import Asking, NotTaken
from tzurot.memory.recall import Hit, Sight
from tzurot.memory.scoring import ScoreParts
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where
from tzurot.memory.waypoints import Waypoint, WaypointKind

PUBLIC = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "2")
OTHER_PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "3")


def said(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.person_text for hit in hits]


async def test_what_answers_comes_first_with_who_said_what(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say(ada, "I went skiing with Tom.", "Did you fall?")
    told = await talk.say(ada, "My name is Ada and I keep bees.", "Bees are fine company.")
    await talk.relay_all()
    best = (await talk.asks(ada, "What do I keep?"))[0]
    assert best.memory_id == told
    assert (best.person_name, best.person_text) == ("Ada", "My name is Ada and I keep bees.")
    assert (best.personality_name, best.personality_text) == ("Lilith", "Bees are fine company.")
    assert best.excerpt == "My name is Ada and I keep bees."
    assert best.parts.final == pytest.approx(sum(astuple(best.parts)))
    assert min(best.parts.wording, best.parts.similarity, best.parts.keyword) > 0


async def test_hits_are_ordered_by_score_and_limited(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, [f"My bees gave me {n} jars of honey." for n in range(9)])
    await talk.relay_all()
    hits = await talk.asks(ada, "How much honey do my bees give?", limit=4)
    scores = [hit.parts.final for hit in hits]
    assert len(hits) == 4
    assert scores == sorted(scores, reverse=True)


async def test_a_new_memory_is_found_by_its_words_at_once_and_by_its_meaning_later(
    talk: Talk,
) -> None:
    ada = await talk.owner()
    await talk.say(ada, "My favorite film is Spirited Away.")
    assert said(await talk.asks(ada, "the film Spirited Away"))
    assert not await talk.asks(ada, "Which movie do I like best?")
    await talk.relay_all()
    assert said(await talk.asks(ada, "Which movie do I like best?"))


async def test_a_new_memory_is_found_among_more_than_an_engine_may_give(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, [f"I keep {n} bees." for n in range(CANDIDATES + 20)])
    await talk.relay_all()
    await talk.say(ada, "I keep a zyzzyva.")
    assert said(await talk.asks(ada, "Do I keep a zyzzyva?", limit=1)) == ["I keep a zyzzyva."]


async def test_nothing_said_in_private_comes_up_in_public(talk: Talk) -> None:
    ada = await talk.owner()
    for text, where in (
        ("My bees are a secret.", DIRECT),
        ("My bees are for friends.", PRIVATE),
        ("My bees are for colleagues.", OTHER_PRIVATE),
        ("My bees are famous.", PUBLIC),
    ):
        await talk.say(ada, text, where=where)
    await talk.relay_all()
    assert set(said(await talk.asks(ada, "my bees", where=PUBLIC))) == {"My bees are famous."}
    assert set(said(await talk.asks(ada, "my bees", where=PRIVATE))) == {
        "My bees are for friends.",
        "My bees are famous.",
    }
    assert len(await talk.asks(ada, "my bees", where=DIRECT)) == 4


async def test_what_the_history_shows_is_not_recalled_again(talk: Talk) -> None:
    ada = await talk.owner()
    in_sight = await talk.turn(ada)
    await talk.say(ada, "I keep bees.", turn_id=in_sight)
    await talk.say(ada, "I keep hens and bees.")
    await talk.relay_all()
    recalled = await talk.recall().search(
        "bees", ada, where=DIRECT, limit=10, excluded=Sight((in_sight,))
    )
    assert said(recalled.hits) == ["I keep hens and bees."]


async def test_nobody_recalls_what_somebody_else_said(talk: Talk) -> None:
    ada = await talk.owner()
    eve = await talk.owner(like=ada)
    await talk.say(ada, "My password is swordfish.")
    assert said(await talk.asks(ada, "What is my password?"))
    assert not await talk.asks(eve, "What is my password?")


async def test_rare_words_are_rare_among_one_s_own_memories_only(talk: Talk) -> None:
    ada, eve = await talk.owner(), await talk.owner()
    await talk.say(ada, "My bees are fine.")
    alone = (await talk.asks(ada, "bees"))[0].parts.keyword
    await talk.say_all(eve, [f"Bees, bees, {n} bees." for n in range(20)])
    assert (await talk.asks(ada, "bees"))[0].parts.keyword == alone


async def test_a_deleted_memory_is_gone_before_any_index_knows(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say(ada, "My password is swordfish.")
    await talk.relay_all()
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.persona_id == ada.persona_id))
    assert not await talk.asks(ada, "What is my password?")


async def test_what_was_cited_is_shown_again_in_order_as_far_as_it_is_remembered(
    talk: Talk,
) -> None:
    ada = await talk.owner()
    eve = await talk.owner(like=ada)
    first, second, third = await talk.say_all(ada, ["I keep bees.", "I ski.", "I am old."])
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == second))
    shown = await talk.recall().shown([ada.persona_id], [third, second, first])
    assert [memory.excerpt for memory in shown] == ["I am old.", "I keep bees."]
    assert not await talk.recall().shown([eve.persona_id], [first])


async def test_odd_questions_find_nothing_and_break_nothing(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say(ada, "I keep bees.")
    await talk.say(ada, "x" * 8000, "🐝" * 2000)
    await talk.relay_all()
    for query in ("?!", "'); DROP TABLE memories; --", "a:* & !b | 'c", "x" * 8000, "🐝🐝🐝"):
        assert isinstance(await talk.asks(ada, query), tuple)


async def test_memories_end_with_their_persona(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say(ada, "I keep bees.")
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Persona).where(Persona.id == ada.persona_id))
    assert not await talk.asks(ada, "bees")


async def test_what_came_up_and_was_not_taken_is_told_with_why(talk: Talk) -> None:
    ada = await talk.owner()
    hives = await talk.say_all(ada, [f"Hive {number} has bees." for number in range(24)])
    recalled = await talk.recall().search("Which hive has bees?", ada, where=DIRECT, limit=2)
    assert len(recalled.considered) == 20
    scores = [it.parts.final for it in recalled.considered]
    assert scores == sorted(scores, reverse=True)
    assert recalled.hits[-1].parts.final >= scores[0]
    taken = {it.memory_id for it in recalled.hits}
    others = {it.memory_id for it in recalled.considered}
    assert not taken & others
    assert others < set(hives)
    assert {it.why for it in recalled.considered} == {NotTaken.OTHERS_FIT_BETTER}

    silent = await talk.recall().search("Какая сегодня погода?", ada, where=DIRECT, limit=2)
    assert silent.hits == ()
    assert {it.why for it in silent.considered} == {NotTaken.SAYS_LITTLE}


async def test_what_scores_less_than_is_demanded_is_only_considered(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, ["I keep bees.", "I keep hens."])
    recalled = await talk.recall().search("Do I keep bees?", ada, where=DIRECT, limit=9)
    best, *rest = recalled.hits
    above = recalled.above(best.parts.final)
    assert above.hits == (best,)
    assert [it.why for it in above.considered[: len(rest)]] == [NotTaken.BELOW_THRESHOLD]
    assert recalled.above(0) == recalled
    assert len(recalled.above(2).considered) == 2


async def test_what_a_memory_is_linked_with_is_told_by_what_came_up_with_it(talk: Talk) -> None:
    ada = await talk.owner()
    bees, hens, away = await talk.say_all(ada, ["I keep bees.", "I keep hens.", "I paint boats."])
    now = clock.now()
    async with talk.database.transaction() as tx:
        await waypoint_store.put(
            tx,
            [
                Waypoint.between(bees, hens, WaypointKind.CONVERSATION, 0.3, now),
                Waypoint.between(bees, hens, WaypointKind.RECALLED_TOGETHER, 0.5, now),
                Waypoint.between(bees, away, WaypointKind.SIMILARITY, 0.9, now),
            ],
        )
    recall = talk.recall()
    one, other = await recall.shown([ada.persona_id], [bees, hens])
    linked = ScoreParts(0, 0, link=0.1)
    asking = Asking("?", now, ada.personality_id)
    assert await recall.why(asking, [(one, linked), (other, ScoreParts(0, 0))]) == [
        ['often recalled together with "I keep hens."'],
        [],
    ]
    assert await recall.why(asking, [(one, linked)]) == [["it is linked with what else fits"]]
