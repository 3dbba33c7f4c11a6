"""Forgetting the last minutes: all that was said in them goes, and nothing else."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.incognito.modes import stored, switch
from tests.session.stage import Person, Stage, ref
from tests.session.test_following_a_platform import LEARN
from tests.session.tree import Tree
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality, PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    ForgetRecentMessagesRequest,
    ForgetRecentMessagesResponse,
    Place,
)

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality, meadow: Place) -> Tree:
    return Tree(stage, ada, lilith, meadow)


async def forgets(
    who: Person, duration: timedelta = TEN_MINUTES, character: Personality | None = None
) -> ForgetRecentMessagesResponse:
    request = ForgetRecentMessagesRequest(
        duration=duration, personality=ref(character) if character else None
    )
    return await who.client.message.forget_recent_messages(request)


async def an_hour_passes(stage: Stage, who: Person) -> None:
    """All that the person said and was answered so far was an hour ago."""
    mine = "WHERE person_id = (SELECT person_id FROM identities WHERE subject = :who)"
    for table in ("messages", "turns", "channel_lines"):
        await stage.execute(
            f"UPDATE {table} SET create_time = create_time - interval '1 hour' {mine}",  # noqa: S608
            who=who.subject,
        )


async def test_what_was_said_lately_is_nowhere_and_what_was_said_before_stays(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    await tree.says("I keep bees.", "Lovely.")
    await an_hour_passes(stage, ada)
    await tree.says("I fear zugzwang-one.", "Oh, zugzwang-one!")
    await tree.says("And zugzwang-two.", "I see.")
    await stage.indexed()
    assert await stored(stage, "zugzwang")
    gone = await forgets(ada)
    assert (gone.deleted_message_count, gone.deleted_memory_count) == (4, 2)
    await stage.indexed()
    assert await stored(stage, "zugzwang") == []
    assert await tree.path() == ["I keep bees.", "Lovely."]
    assert await tree.awake() == [("I keep bees.", "Lovely.")]
    assert await tree.lines() == ["I keep bees.", "Lovely."]
    await tree.says("Do you know me?", "Yes.")
    assert await tree.path() == ["I keep bees.", "Lovely.", "Do you know me?", "Yes."]


async def test_twice_is_as_once(ada: Person, tree: Tree) -> None:
    await tree.says("Hi!", "Hello.")
    await forgets(ada)
    gone = await forgets(ada)
    assert gone == ForgetRecentMessagesResponse()


async def test_others_words_stay_and_follow_what_stays(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
    await tree.says("one", "1")
    await bob.says("two", "2")
    await tree.says("three", "3")
    await bob.says("four", "4")
    await forgets(ada)
    assert await bob.path() == ["two", "2", "four", "4"]
    assert await bob.awake() == [("two", "2"), ("four", "4")]


async def test_what_others_were_told_of_it_is_in_no_trace_even_if_they_were_told_meanwhile(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    bob = stage.person("Bob")
    await tree.says("I fear zugzwang.", "I see.")
    gate = Gate()
    stage.model.script(Reply("Bob, ", "hello.", gate=gate))
    asking = asyncio.create_task(bob.asks("Who fears what?", tree.character, place=tree.here))
    await stage.model.until(lambda model: model.open_streams == 1)
    assert "I fear zugzwang." in str(stage.asked[-1].messages)
    await forgets(ada)
    gate.open()
    told = await asking
    assert told.text == "Bob, hello."
    assert await stored(stage, "zugzwang") == []


async def test_what_macros_have_made_of_it_is_forgotten(
    stage: Stage, ada: Person, meadow: Place
) -> None:
    noting = "{{setvar::last::{{lastMessage}}}}{{setvar::mood::calm}}You are {{getvar::mood}}."
    luna = await stage.character("Luna", description=noting)
    with_luna = Tree(stage, ada, luna, meadow)
    await with_luna.says("I fear zugzwang.", "I see.")
    assert "conversations.variables" in await stored(stage, "zugzwang")
    await forgets(ada)
    assert await stored(stage, "zugzwang") == []
    kept = "SELECT variables FROM conversations WHERE personality_id = :id"
    assert list(await stage.rows(kept, id=luna.id)) == [({"mood": "calm"},)]


async def test_many_who_forget_in_one_place_at_once_do_not_wait_for_each_other_for_ever(
    stage: Stage, ada: Person, lilith: Personality, meadow: Place
) -> None:
    mira = await stage.character("Mira")
    people = [stage.person(name) for name in ("Bob", "Cleo", "Dan", "Eve")]
    for who in people:
        await who.says(f"I am {who.name} and fear zugzwang.", lilith, mira, place=meadow)
    talking = asyncio.create_task(ada.says("Hi", mira, lilith, place=meadow))
    gone = await asyncio.gather(*(forgets(who) for who in people))
    assert [it.deleted_message_count for it in gone] == [4] * len(people)
    await talking
    assert await stored(stage, "zugzwang") == []


async def test_with_one_character_the_others_know_on(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    mira = await stage.character("Mira")
    with_mira, with_lilith = Tree(stage, ada, mira), Tree(stage, ada, lilith)
    await with_mira.says("I keep bees.", "Yes.")
    await with_lilith.says("I keep wasps.", "No.")
    gone = await forgets(ada, character=lilith)
    assert (gone.deleted_message_count, gone.deleted_memory_count) == (2, 1)
    assert await with_mira.path() == ["I keep bees.", "Yes."]
    assert await with_lilith.rows() == []


async def test_a_turn_that_runs_is_stopped_and_nothing_of_it_comes_back(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    gate = Gate()
    stage.model.script(Reply("You fear ", "zugzwang.", gate=gate))
    gate.release(2)
    asking = asyncio.create_task(ada.asks("I fear zugzwang.", tree.character, place=tree.here))
    await stage.model.until(lambda model: model.open_streams == 1)
    await forgets(ada)
    gate.open()
    assert (await asking).how == "CANCELLED"
    assert await stored(stage, "zugzwang") == []


@pytest.mark.parametrize("answered", [0, 1])
async def test_of_several_that_are_to_answer_one_is_stopped_and_no_other_begins(
    stage: Stage, ada: Person, lilith: Personality, meadow: Place, answered: int
) -> None:
    mira, nora = await stage.character("Mira"), await stage.character("Nora")
    gate = Gate()
    stage.model.script(*["Oh, zugzwang."] * answered, Reply("You fear ", "zugzwang.", gate=gate))
    gate.release(2)
    asking = asyncio.create_task(ada.says("I fear zugzwang.", lilith, mira, nora, place=meadow))
    await stage.model.until(lambda model: len(model.requests) > answered)
    await forgets(ada)
    gate.open()
    told = ["STOP"] * answered + ["CANCELLED"]
    assert [it.how for it in await asking] == told
    assert len(stage.asked) == len(told)
    assert await stored(stage, "zugzwang") == []


async def test_locked_memories_go_too(stage: Stage, ada: Person, tree: Tree) -> None:
    told = await tree.says("I keep bees.", "Lovely.")
    await stage.execute("UPDATE memories SET locked = true WHERE turn_id = :id", id=told.turn_id)
    assert (await forgets(ada)).deleted_memory_count == 1
    assert await tree.awake() == []


async def test_facts_go_that_were_learnt_from_it_alone(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    await tree.says("I had a quagga.", "Oh.")
    await an_hour_passes(stage, ada)
    await tree.says("I keep a quagga.", "Lovely.")
    await tree.says("I keep an okapi.", "Lovely.")
    for about, text in (("okapi", "Ada keeps an okapi."), ("keep a quagga", "Ada knows quaggas.")):
        await stage.execute(LEARN, id=str(uuid4()), text=text, about=about)
    await stage.execute(
        "INSERT INTO fact_sources (fact_id, memory_id, outdated) SELECT f.id, m.id, false"
        " FROM facts f, memories m WHERE f.text = 'Ada knows quaggas.'"
        " AND m.person_text = 'I had a quagga.'"
    )
    assert (await forgets(ada)).deleted_fact_count == 1
    assert await stored(stage, "okapi") == []
    assert "facts.text" in await stored(stage, "quagga")


async def test_of_an_answer_to_older_words_only_the_answer_goes(
    stage: Stage, ada: Person, tree: Tree
) -> None:
    await tree.says("I keep bees.", "Lovely.")
    await an_hour_passes(stage, ada)
    await tree.regenerates("Lovely.", "How zugzwang of you.")
    gone = await forgets(ada)
    assert gone.deleted_message_count == 1
    assert await stored(stage, "zugzwang") == []
    assert [row.text for row in await tree.rows()] == ["I keep bees.", "Lovely."]


async def test_what_was_said_in_passing_goes(stage: Stage, meadow: Place) -> None:
    ada, bob = stage.person("Ada", "discord"), stage.person("Bob", "discord")
    await stage.execute(
        "INSERT INTO channel_lines (id, platform, channel_id, platform_message_id, author,"
        " author_subject, author_name, text, create_time) SELECT gen_random_uuid(), 'discord',"
        " :channel, subject, 'person', subject, 'x', text, now()"
        " FROM (VALUES (:ada, 'my zugzwang'), (:bob, 'my chess')) AS said (subject, text)",
        channel=meadow.channel_id,
        ada=ada.subject,
        bob=bob.subject,
    )
    assert (await forgets(ada)).deleted_message_count == 1
    assert await stored(stage, "my zugzwang") == []
    assert await stored(stage, "my chess") == ["channel_lines.text"]


async def test_what_was_said_incognito_is_let_go(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await switch(ada, "incognito")
    await ada.asks("I fear zugzwang.", lilith)
    assert (await forgets(ada)).deleted_message_count == 2
    await ada.asks("What do I fear?", lilith)
    assert "zugzwang" not in str(stage.asked[-1].messages)


async def test_a_character_that_nobody_sees_is_not_found(ada: Person) -> None:
    request = ForgetRecentMessagesRequest(
        duration=TEN_MINUTES, personality=PersonalityRef(id=str(uuid4()))
    )
    with pytest.raises(TzurotError) as refused:
        await ada.client.message.forget_recent_messages(request)
    assert refused.value.reason is ErrorReason.PERSONALITY_NOT_FOUND
