"""A verdict on each entry.

First is decided what can be decided without keys. Then keys are looked for in the talk, and, wave
by wave, in what the entries say that came up in the wave before.

In each wave: whose keys stand (`matching`), who wins its group (`groups`), whom chance lets
(`chance`), what the book has room for (`budget`). An entry is decided once: who lost a group or a
roll, or found no room, is out, calls nobody up, and is not remembered as told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tzurot.llm import tokens
from tzurot.personality.lore import budget, chance, ordering, timing, unfollowed
from tzurot.personality.lore.candidates import Candidate, State, candidates_of
from tzurot.personality.lore.conditions import Moment, chance_of
from tzurot.personality.lore.groups import Contest
from tzurot.personality.lore.hearing import Directory, Hearing, Text
from tzurot.personality.lore.matching import comes_up, score
from tzurot.personality.lore.scene import Scene, Timings, Volume
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.scripts.patterns import Clock

WAVES = 20  # of entries that call up others; few books need four
CALLED_CHARACTERS = 200_000  # of contents in which others are looked up: twice a long prompt


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on each entry, in the order of the books, and what to remember of it."""

    verdicts: tuple[Verdict, ...]
    timings: Timings


def judge(volumes: Sequence[Volume], scene: Scene, clock: Clock | None = None) -> Judgement:
    """Decide about each entry.

    Never raises, whatever the books say. With patterns it can take as long as
    `patterns.ALL_SECONDS`, which `clock` measures.
    """
    judging = _Judging(volumes, scene, clock or Clock())
    judging.run()
    return judging.judgement()


def has_patterns(volumes: Sequence[Volume]) -> bool:
    """Whether judging them can take long."""
    return any(
        entry.use_regex or "selectiveLogic" in entry.extensions
        for volume in volumes
        for entry in volume.book.entries
    )


class _Judging:
    """One judging: what came up so far, and what that calls up."""

    def __init__(self, volumes: Sequence[Volume], scene: Scene, clock: Clock) -> None:
        self._volumes = volumes
        self._scene = scene
        self._moment = Moment(scene)
        self._timings = timing.kept(scene.timings, self._moment.count)
        of_now = replace(scene, timings=self._timings)
        self._all = [
            it
            for shelf, volume in enumerate(volumes)
            for it in candidates_of(shelf, volume, of_now, self._moment.count)
        ]
        for it in self._all:
            self._moment.settle(it)
        self._open = [it for it in self._all if it.state is State.OPEN]
        reach = max((it.depth for it in self._open), default=0)
        self._hearing = Hearing(scene, reach, clock)
        self._contest = Contest(
            scene.seed, self._moment.stays, partial(score, hearing=self._hearing)
        )
        self._rooms = [volume.book.token_budget or 0 for volume in volumes]
        self._told: list[Candidate] = []
        self._waiting: list[Candidate] = []
        self._called = 0  # characters

    def run(self) -> None:
        """Decide about all."""
        directory = Directory(self._open, self._hearing)
        came = self._wave(self._first(directory))
        levels = sorted({it.level for it in self._open if it.level and it.listens})
        opened = 0
        for _ in range(WAVES):
            call = self._call(came)
            if call is None and not 0 < opened < len(levels):
                return
            touched = directory.touched(call) if call else ()
            newly = levels[opened : opened + 1] if call is None or not opened else []
            opened += len(newly)
            level = levels[opened - 1] if opened else 0
            came = self._wave(self._next(touched, newly, level))

    def judgement(self) -> Judgement:
        """What was decided."""
        count = self._moment.count
        told = {
            it.id: timing.after(it.timed, it.settings, count) for it in self._told if _timed(it)
        }
        verdicts = [it.verdict(self._volumes[it.shelf], count) for it in self._all]
        left_out = self._fill(verdicts)
        self._say_unfollowed(verdicts)
        held = {it.id: it.timed for it in self._all if it.timed is not timing.NEVER}
        now = {name: timed for name, timed in told.items() if name not in left_out}
        return Judgement(tuple(verdicts), timing.merged(self._timings, {**held, **now}, count))

    def _first(self, directory: Directory) -> list[Candidate]:
        """Who can come up by what was said, or comes up anyway."""
        found = [it for it in self._open if it.free or it.entry.constant]
        found += directory.touched(self._hearing.talk)
        for text in self._hearing.beside.values():
            found += directory.touched(text)
        return [it for it in found if not it.level or self._moment.stays(it)]

    def _next(
        self, touched: Iterable[Candidate], newly: Sequence[int], level: int
    ) -> list[Candidate]:
        """Who can come up by what entries said; `newly`: the level that has been opened."""
        fresh = [it for it in self._open if it.level in newly] if newly else []
        for it in fresh:
            it.reason = "no key came up"
        found = [*touched, *fresh, *self._waiting]
        return [it for it in found if it.listens and it.level <= level]

    def _wave(self, looked: Sequence[Candidate]) -> list[Candidate]:
        """Who of these comes up, in the order of the books."""
        ordered = sorted(set(looked), key=lambda it: (it.shelf, it.number))
        undecided = [it for it in ordered if it.state is State.OPEN]
        matched = [it for it in undecided if comes_up(it, self._hearing)]
        lucky = [it for it in self._contest.settle(matched, self._told) if self._is_lucky(it)]
        for shelf in {it.shelf for it in lucky}:
            self._within_budget(shelf, [it for it in lucky if it.shelf == shelf])
        came = [it for it in lucky if it.state is State.OPEN]
        for it in came:
            it.state = State.UP
        self._told += came
        self._waiting = [it for it in undecided if it.state is State.OPEN]
        return came

    def _is_lucky(self, it: Candidate) -> bool:
        percent = chance_of(it)
        if percent >= 100 or self._moment.is_held(it):
            return True
        lucky, roll = chance.rolled(percent, self._scene.seed, it.id)
        if not lucky:
            it.refuse_but(f"{percent:g} % chance failed (rolled {roll})")
        return lucky

    def _within_budget(self, shelf: int, came: Sequence[Candidate]) -> None:
        """Leave out what there is no room for, going by what is written."""
        book = self._volumes[shelf].book
        if not book.token_budget:
            return
        paying = [it for it in came if not it.settings.says("ignore_budget")]
        costs = [tokens.estimate(self._scene.scanned(it.content)) for it in paying]
        wanted = [(it.weight, cost) for it, cost in zip(paying, costs, strict=True)]
        fits = budget.fitting(wanted, self._rooms[shelf])
        for it, cost, fit in zip(paying, costs, fits, strict=True):
            if fit:
                self._rooms[shelf] -= cost
            else:
                it.state = State.LEFT_OUT
                it.reason = f"{it.reason}; {budget.full(book.token_budget)}"

    def _call(self, came: Sequence[Candidate]) -> Text | None:
        """Let others be looked up in what came up; None if nothing calls."""
        callers: list[str] = []
        contents: list[str] = []
        for it in came:
            if it.calls and self._called + len(it.content) <= CALLED_CHARACTERS:
                self._called += len(it.content)
                callers.append(it.name)
                contents.append(self._scene.scanned(it.content))
        return self._hearing.call(callers, contents) if contents else None

    def _fill(self, verdicts: list[Verdict]) -> set[str]:
        """Run the macros of what came up, in the order in which it is told.

        Returns the ids of what there is no room for after all: macros can say much in few letters.
        """
        up = [number for number, it in enumerate(self._all) if it.state is State.UP]
        numbers = {verdicts[number]: number for number in up}
        for verdict in ordering.in_order([verdicts[number] for number in up]):
            content = self._scene.fill(verdict.content).strip()
            filled = replace(verdict, content=content)
            if not content:
                reason = f"{verdict.reason}, but its macros left no words"
                filled = replace(filled, activated=False, always=False, reason=reason)
            verdicts[numbers[verdict]] = filled
        return {
            name
            for shelf, volume in enumerate(self._volumes)
            if volume.book.token_budget
            for name in self._leave_out(shelf, volume.book.token_budget, up, verdicts)
        }

    def _say_unfollowed(self, verdicts: list[Verdict]) -> None:
        """Add to reasons what is not followed; who was refused for good has a better one."""
        for number, it in enumerate(self._all):
            if it.state is State.REFUSED or not (it.wishes.ignored or it.entry.extensions):
                continue
            if said := unfollowed.words(it.wishes, it.settings):
                reason = f"{verdicts[number].reason}; not followed: {said}"
                verdicts[number] = replace(verdicts[number], reason=reason)

    def _leave_out(
        self, shelf: int, room: int, up: Sequence[int], verdicts: list[Verdict]
    ) -> list[str]:
        """Leave out of a book what its macros made too long."""
        paying = [
            number
            for number in up
            if (it := self._all[number]).shelf == shelf and not it.settings.says("ignore_budget")
        ]
        wanted = [
            (self._all[number].weight, tokens.estimate(verdicts[number].content))
            for number in paying
        ]
        fits = budget.fitting(wanted, room)
        out = [number for number, fit in zip(paying, fits, strict=True) if not fit]
        for number in out:
            reason = f"{verdicts[number].reason}; {budget.full(room)}"
            verdicts[number] = replace(
                verdicts[number], activated=False, always=False, left_out=True, reason=reason
            )
        return [self._all[number].id for number in out]


def _timed(it: Candidate) -> bool:
    """Whether it matters later that it was told."""
    return (
        it.settings.count("sticky") > 0
        or it.settings.count("cooldown") > 0
        or "keep_activate_after_match" in it.wishes
        or "dont_activate_after_match" in it.wishes
    )
