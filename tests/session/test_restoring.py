"""Resets that are taken back: what was said before is in sight again, before what came since."""

import random
from dataclasses import dataclass, field

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage
from tests.session.tree import Tree
from tzurot.session.histories import histories
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    GetConversationStatsRequest,
    GetConversationStatsResponse,
    RestoreConversationRequest,
)


@pytest.fixture
def tree(stage: Stage, ada: Person, lilith: Personality) -> Tree:
    return Tree(stage, ada, lilith, stage.channel())


async def stats_of(tree: Tree) -> GetConversationStatsResponse:
    request = GetConversationStatsRequest(conversation_id=tree.conversation_id)
    return await tree.who.client.history.get_conversation_stats(request)


def told(stage: Stage) -> list[str]:
    """What the last prompt had of what was said, in order."""
    said = [str(it["content"]) for it in stage.asked[-1].said]
    return [it.removeprefix("Ada: ").removeprefix("Bob: ") for it in said]


class TestRestoring:
    async def test_what_was_said_before_comes_before_what_was_said_since(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("one", "1")
        await tree.resets()
        await tree.says("two", "2")
        assert await tree.in_sight() == ["two", "2"]
        await tree.restores()
        assert await tree.in_sight() == await tree.path() == ["one", "1", "two", "2"]
        await tree.says("three", "3")
        assert told(stage) == ["one", "1", "two", "2", "three"]
        assert await tree.path() == ["one", "1", "two", "2", "three", "3"]

    async def test_it_goes_back_several_levels(self, tree: Tree) -> None:
        for words in ("one", "two", "three"):
            await tree.says(words, f"{words}!")
            await tree.resets()
        assert await tree.in_sight() == []
        assert (await stats_of(tree)).restorable_count == 3
        await tree.restores()
        assert await tree.in_sight() == ["three", "three!"]
        await tree.restores()
        assert await tree.in_sight() == ["two", "two!", "three", "three!"]
        await tree.restores()
        assert (await tree.in_sight())[:2] == ["one", "one!"]
        assert (await stats_of(tree)).restorable_count == 0

    async def test_a_reset_that_took_nothing_away_is_passed_over(self, tree: Tree) -> None:
        await tree.says("one", "1")
        for _ in range(3):
            await tree.resets()
        assert (await stats_of(tree)).restorable_count == 1
        await tree.restores()
        assert await tree.in_sight() == ["one", "1"]

    async def test_there_is_nothing_to_restore_twice(self, tree: Tree) -> None:
        await tree.says("one", "1")
        for resets in (0, 1):
            for _ in range(resets):
                await tree.resets()
                await tree.restores()
            with pytest.raises(TzurotError) as refused:
                await tree.restores()
            assert refused.value.reason is ErrorReason.NOTHING_TO_RESTORE

    async def test_what_was_deleted_meanwhile_does_not_come_back(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.says("two", "2")
        await tree.resets()
        await tree.deletes("2")
        await tree.deletes("two")
        await tree.edits("one", "ONE")
        await tree.restores()
        assert await tree.path() == ["ONE", "1"]

    async def test_nothing_left_of_an_epoch_is_nothing_to_restore(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.resets()
        await tree.says("two", "2")
        await tree.deletes("one")
        await tree.deletes("1")
        with pytest.raises(TzurotError) as refused:
            await tree.restores()
        assert refused.value.reason is ErrorReason.NOTHING_TO_RESTORE
        assert await tree.in_sight() == ["two", "2"]

    async def test_alternatives_and_branches_stay_what_they_were(self, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.regenerates("1", "1b")
        await tree.says("two", "2")
        await tree.branches("1b")
        await tree.resets()
        await tree.says("three", "3")
        await tree.regenerates("3", "3b")
        await tree.restores()
        assert await tree.path() == ["one", "1b", "three", "3b"]
        assert await tree.alternatives("3b") == ["3", "3b"]
        assert await tree.alternatives("1b") == ["1", "1b"]
        await tree.chooses("1")
        assert await tree.in_sight() == ["one", "1"]

    async def test_memories_stay_awake_and_none_is_told_twice(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("I keep bees on the roof.", "How many?")
        await tree.resets()
        await stage.indexed()
        again = await tree.says("What do I keep on the roof?", "Bees.")
        assert again.cited
        await tree.restores()
        await stage.indexed()
        last = await tree.says("And what do I keep on the roof?", "Bees, still.")
        assert not last.cited
        assert "I keep bees on the roof." in told(stage)
        assert len(await tree.awake()) == 3

    async def test_who_takes_no_part_restores_nothing(self, stage: Stage, tree: Tree) -> None:
        await tree.says("one", "1")
        await tree.resets()
        request = RestoreConversationRequest(conversation_id=tree.conversation_id)
        with pytest.raises(TzurotError) as refused:
            await stage.person("Eve").client.history.restore_conversation(request)
        assert refused.value.reason is ErrorReason.CONVERSATION_NOT_FOUND
        assert await tree.in_sight() == []


class TestSeveralPeople:
    async def test_all_see_again_what_all_have_said(self, stage: Stage, tree: Tree) -> None:
        bob = Tree(stage, stage.person("Bob"), tree.character, tree.place)
        await tree.says("one", "1")
        await bob.says("two", "2")
        await bob.resets()
        await tree.says("three", "3")
        await tree.restores()
        assert await bob.in_sight() == ["one", "1", "two", "2", "three", "3"]
        mine = await stats_of(tree)
        assert (mine.message_count, mine.person_message_count) == (4, 2)
        assert mine.visible_message_count == 4


class TestRunningTurns:
    @pytest.mark.parametrize(
        ("doings", "sight", "then"),
        [
            (["resets", "restores"], ["one", "1", "two", "2"], ["one", "1", "two", "2"]),
            (["resets"], [], ["one", "1", "two", "2"]),
            (["resets", "restores", "resets"], [], ["one", "1", "two", "2"]),
        ],
    )
    async def test_an_answer_belongs_to_what_it_answers(
        self, stage: Stage, tree: Tree, doings: list[str], sight: list[str], then: list[str]
    ) -> None:
        await tree.says("one", "1")
        gate = Gate()
        stage.model.script(Reply("2", gate=gate))
        events = tree.who.follows(tree.who.saying("two", tree.character, place=tree.here))
        await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        for doing in doings:
            await getattr(tree, doing)()
        gate.open()
        assert [event async for event in events][-1].finished
        assert await tree.in_sight() == sight
        if sight != then:
            await tree.restores()
        assert await tree.path() == then
        assert [said for said, _ in await tree.awake()] == ["one", "two"]
        assert await tree.asleep() == []

    async def test_an_answer_in_an_epoch_that_is_joined_meanwhile_goes_on_there(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("one", "1")
        await tree.resets()
        gate = Gate()
        stage.model.script(Reply("2", gate=gate))
        events = tree.who.follows(tree.who.saying("two", tree.character, place=tree.here))
        await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        await tree.restores()
        gate.open()
        assert [event async for event in events][-1].finished
        assert await tree.path() == ["one", "1", "two", "2"]

    async def test_a_reply_that_is_given_again_meanwhile_takes_its_place(
        self, stage: Stage, tree: Tree
    ) -> None:
        await tree.says("one", "1")
        await tree.resets()
        await tree.says("two", "2")
        gate = Gate()
        stage.model.script(Reply("2b", gate=gate))
        events = tree.who.follows(tree.again(await tree.id_of("2")))
        await anext(events)
        await stage.model.until(lambda model: model.open_streams == 1)
        await tree.restores()
        gate.open()
        assert [event async for event in events][-1].finished
        assert await tree.path() == ["one", "1", "two", "2b"]


class TestWhatIsKept:
    async def test_variables_come_back_and_newer_ones_count(self, tree: Tree) -> None:
        await tree.says("one", "1")
        write = "UPDATE conversations SET variables = CAST(:new AS jsonb) WHERE id = :id"
        await tree.stage.execute(write, id=tree.conversation_id, new='{"a": "1", "b": "1"}')
        await tree.resets()
        await tree.stage.execute(write, id=tree.conversation_id, new='{"b": "2"}')
        await tree.restores()
        read = "SELECT variables, reset_time, epoch FROM conversations WHERE id = :id"
        assert await tree.stage.rows(read, id=tree.conversation_id) == [
            ({"a": "1", "b": "2"}, None, 0)
        ]

    def test_what_lore_has_counted_since_is_counted_on(self) -> None:
        timings = {"b:e": {"matched": True, "matched_since": 1, "sticky_until": 0, "since": 2}}
        assert histories.later(timings, 10) == {
            "b:e": {"matched": True, "matched_since": 11, "sticky_until": 0, "since": 12}
        }


@dataclass(slots=True)
class Sight:
    """What is in sight, as a person would tell it: talks, of which the last one counts."""

    talks: list[list[str]] = field(default_factory=lambda: [[]])

    @property
    def now(self) -> list[str]:
        return self.talks[-1]

    def says(self, words: str) -> None:
        self.now.extend((words, f"{words}!"))

    def resets(self) -> None:
        self.talks.append([])

    def restores(self) -> bool:
        earlier = [it for it in self.talks[:-1] if it]
        if not earlier:
            return False
        self.talks = [*earlier[:-1], earlier[-1] + self.now]
        return True

    def cut(self, words: str, *new: str) -> None:
        """Go back to before something, and say something else."""
        del self.now[self.now.index(words) :]
        self.now.extend(new)

    def replaces(self, words: str, *new: str) -> None:
        talk = next(it for it in self.talks if words in it)
        place = talk.index(words)
        talk[place : place + 1] = new


DOINGS = ("says", "resets", "restores", "deletes", "edits", "regenerates", "branches", "adds")


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_the_right_things_are_in_sight(tree: Tree, seed: int) -> None:
    chance, sight = random.Random(seed), Sight()  # noqa: S311 - chance that repeats
    await tree.says("0", "0!")
    sight.says("0")
    for number in range(1, 40):
        doing = chance.choices(DOINGS, (6, 4, 4, 2, 2, 2, 1, 1))[0]
        await _do(tree, sight, doing, str(number), chance)
        assert await tree.in_sight() == sight.now, (number, doing)
        counted = await stats_of(tree)
        assert counted.visible_message_count == len(sight.now)
        assert counted.restorable_count == len([it for it in sight.talks[:-1] if it])


async def _do(tree: Tree, sight: Sight, doing: str, words: str, chance: random.Random) -> None:
    """Do one thing to the conversation and to what is to be in sight."""
    everywhere = [it for talk in sight.talks for it in talk]
    replies = [it for it in sight.now if it.endswith("!")]
    match doing:
        case "says":
            await tree.says(words, f"{words}!")
            sight.says(words)
        case "resets":
            await tree.resets()
            sight.resets()
        case "restores":
            if sight.restores():
                await tree.restores()
        case "deletes" if everywhere:
            gone = chance.choice(everywhere)
            await tree.deletes(gone)
            sight.replaces(gone)
        case "edits" if everywhere:
            old = chance.choice(everywhere)
            new = f"{words}~{'!' if old.endswith('!') else ''}"
            await tree.edits(old, new)
            sight.replaces(old, new)
        case "regenerates" if replies:
            old = chance.choice(replies)
            await tree.regenerates(old, f"{words}?!")
            sight.cut(old, f"{words}?!")
        case "branches" if sight.now:
            at = chance.choice(sight.now)
            await tree.branches(at)
            del sight.now[sight.now.index(at) + 1 :]
        case "adds" if sight.now:
            old = chance.choice(sight.now)
            new = f"{words}+{'!' if old.endswith('!') else ''}"
            await tree.adds(old, new)
            sight.cut(old, new)
        case _:
            pass
