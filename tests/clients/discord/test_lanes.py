"""Replies that share a webhook take turns: the most urgent first, one at a time."""

import asyncio

import pytest

from tzurot_bots.lanes import Lane, Lanes, Urgency

LEAST, SHARE = 1.0, 0.4  # seconds


class Recorder:
    """Takes turns at a lane and notes in which order they came."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.order: list[str] = []
        self.urgency: dict[str, Urgency] = {}

    def queue(self, tasks: asyncio.TaskGroup, name: str, urgency: Urgency) -> asyncio.Task[None]:
        self.urgency[name] = urgency
        return tasks.create_task(self._take(name))

    async def _take(self, name: str) -> None:
        async with self.lane.turn(lambda: self.urgency[name]):
            self.order.append(name)
            await asyncio.sleep(0)


async def test_first_words_come_before_ends_and_ends_before_edits() -> None:
    recorder = Recorder(Lane(LEAST, SHARE))
    async with asyncio.TaskGroup() as tasks, recorder.lane.turn(lambda: Urgency.PARTIAL):
        recorder.queue(tasks, "edit", Urgency.PARTIAL)
        recorder.queue(tasks, "end", Urgency.FINAL)
        recorder.queue(tasks, "first", Urgency.FIRST)
        await asyncio.sleep(0)
    assert recorder.order == ["first", "end", "edit"]


async def test_equals_come_in_the_order_of_asking() -> None:
    recorder = Recorder(Lane(LEAST, SHARE))
    async with asyncio.TaskGroup() as tasks:
        for name in "abc":
            recorder.queue(tasks, name, Urgency.PARTIAL)
    assert recorder.order == ["a", "b", "c"]


async def test_a_waiting_edit_that_becomes_an_end_moves_up() -> None:
    recorder = Recorder(Lane(LEAST, SHARE))
    async with asyncio.TaskGroup() as tasks, recorder.lane.turn(lambda: Urgency.PARTIAL):
        recorder.queue(tasks, "other", Urgency.PARTIAL)
        recorder.queue(tasks, "mine", Urgency.PARTIAL)
        await asyncio.sleep(0)
        recorder.urgency["mine"] = Urgency.FINAL
    assert recorder.order == ["mine", "other"]


async def test_who_stops_waiting_holds_nobody_up() -> None:
    recorder = Recorder(Lane(LEAST, SHARE))
    async with asyncio.TaskGroup() as tasks, recorder.lane.turn(lambda: Urgency.PARTIAL):
        gone = recorder.queue(tasks, "gone", Urgency.FIRST)
        recorder.queue(tasks, "next", Urgency.PARTIAL)
        await asyncio.sleep(0)
        gone.cancel()
    assert recorder.order == ["next"]


async def test_a_turn_given_to_somebody_who_just_left_is_passed_on() -> None:
    recorder = Recorder(Lane(LEAST, SHARE))
    async with asyncio.TaskGroup() as tasks:
        async with recorder.lane.turn(lambda: Urgency.PARTIAL):
            gone = recorder.queue(tasks, "gone", Urgency.FIRST)
            recorder.queue(tasks, "next", Urgency.PARTIAL)
            await asyncio.sleep(0)
        gone.cancel()  # after it was given the turn, before it could take it
    assert recorder.order == ["next"]


@pytest.mark.parametrize(("replies", "seconds"), [(0, 1.0), (1, 1.0), (2, 1.0), (5, 2.0)])
def test_the_more_replies_grow_the_rarer_each_is_edited(replies: int, seconds: float) -> None:
    lane = Lane(LEAST, SHARE)
    growing = [lane.growing() for _ in range(replies)]
    for reply in growing:
        reply.__enter__()
    assert lane.interval == seconds  # 0.4 s each, at least 1 s
    for reply in growing:
        reply.__exit__(None, None, None)
    assert lane.interval == 1.0


def test_a_webhook_has_one_lane_for_as_long_as_somebody_uses_it() -> None:
    lanes = Lanes(LEAST, SHARE)
    used = lanes.of(1)
    assert lanes.of(1) is used
    assert lanes.of(2) is not used
