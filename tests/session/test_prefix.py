"""The head of a prompt stands still from turn to turn, so that providers need not read it again."""

from dataclasses import replace

import pytest

from benchmarks.prompt_prefix import Shape, measure, prompts
from tests.fakes.provider import Request
from tests.session.composing import composed, going_by, hit, lilith, line, speaker, turn
from tests.session.stage import Person, Stage
from tzurot.session.prompt import sight
from tzurot.session.turns import Line, Talk, Turn
from tzurot_client.gen.tzurot.personality.v1 import Personality


def begins(made: Request) -> str:
    """A prompt up to what is told of this turn alone."""
    return "\n".join(f"{it['role']}: {it['content']}" for it in made.messages[:-2])


class TestFiftyTurns:
    def test_nine_tenths_of_character_and_history_stand_still(self) -> None:
        found = measure(Shape("as it is", 32_768, depth=1))
        assert found.stood >= 0.9
        assert found.read >= 0.8
        assert found.moved <= 4

    @pytest.mark.parametrize("context", [8_192, 32_768])
    def test_the_history_s_beginning_moves_seldom(self, context: int) -> None:
        starts = [
            next(it.text for it in made.sections if it.name == "history")
            for made in list(prompts(Shape("", context), 50))[1:]
        ]
        outgrown = [it for it in starts if it != starts[0]]
        assert outgrown, "nothing went out of sight: this tries nothing"
        assert len(set(starts)) <= len(outgrown) / 1.9

    def test_examples_go_once_and_do_not_come_back(self) -> None:
        for context in (3_000, 4_096, 6_000, 8_192):
            told = [
                sum(not it.cut for it in made.sections if it.name == "example")
                for made in prompts(Shape("", context), 40)
            ]
            assert told == sorted(told, reverse=True), context


class TestSight:
    def lines(self, count: int) -> tuple[Line, ...]:
        return tuple(line(f"L{number}") for number in range(count))

    def seen(self, asked: Turn, tokens: int, cost: int = 10) -> list[str]:
        history = asked.history
        found = sight.seen(asked, history, [cost] * len(history), tokens)
        return [it.text for it in found.lines]

    def test_what_fits_is_in_sight(self) -> None:
        assert len(self.seen(turn("Hi", *self.lines(40)), 400)) == 40

    def test_a_quarter_goes_at_once(self) -> None:
        assert self.seen(turn("Hi", *self.lines(41)), 400)[0] == "L11"

    def test_then_it_stays_until_there_is_no_room(self) -> None:
        lines = self.lines(60)
        begins_at, starts = None, list[str]()
        for count in range(41, 60):
            asked = turn("Hi", *lines[:count], talk=Talk(sight_id=begins_at))
            found = sight.seen(asked, asked.history, [10] * count, 400)
            begins_at = found.begins_at
            starts.append(found.lines[0].text)
        assert starts == ["L11"] * 11 + ["L22"] * 8

    def test_by_number_too(self) -> None:
        lines = self.lines(60)
        asked = turn("Hi", *lines, settings=going_by(history_limit=60))
        assert self.seen(asked, 100_000)[0] == "L15"
        asked = turn("Hi", *lines[1:], settings=going_by(history_limit=60))
        assert self.seen(asked, 100_000)[0] == "L1"

    def test_of_a_short_history_one_goes_at_a_time(self) -> None:
        assert self.seen(turn("Hi", *self.lines(9)), 80)[0] == "L1"
        assert self.seen(turn("Hi", *self.lines(2)), 5) == []

    def test_where_it_began_is_forgotten_if_that_is_gone_or_leaves_too_little(self) -> None:
        lines = self.lines(30)
        gone = turn("Hi", *lines, talk=Talk(sight_id=line("gone").message_id))
        assert len(self.seen(gone, 400)) == 30
        little = turn("Hi", *lines, talk=Talk(sight_id=lines[20].message_id))
        assert len(self.seen(little, 400)) == 30
        enough = turn("Hi", *lines, talk=Talk(sight_id=lines[10].message_id))
        assert self.seen(enough, 400)[0] == "L10"

    def test_it_begins_with_a_line_of_its_own_if_one_is_near(self) -> None:
        lines = self.lines(41)
        around = [replace(it, around=10 < number < 15) for number, it in enumerate(lines)]
        assert self.seen(turn("Hi", *around), 400)[0] == "L15"


def test_what_moves_stands_behind_the_history() -> None:
    asked = turn("Hi", line("Tea?"), line("Yes.", by_person=False), who=lilith("Play."))
    made = composed(asked, hit("I keep bees."), by=speaker(4096))
    assert [part.name for part in made.sections] == [
        *("character", "history", "history", "memories", "memories", "message")
    ]


async def test_a_real_talk_s_prompts_begin_as_the_ones_before(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await ada.asks("I keep bees in my garden.", lilith, place=stage.channel())
    for number in range(6):
        await ada.asks(f"What do I keep in my garden? {number}", lilith)
    first, *others = stage.asked[2:]
    for other in others:
        assert begins(other).startswith(begins(first))
        first = other
