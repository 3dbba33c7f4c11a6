"""`memory stats`: what is remembered of a person in numbers, each said in words."""

from collections.abc import Iterator, Mapping, Sequence

from tzurot.flow.kind import Answers, At, Kind, Step
from tzurot.flow.kinds import memory_owners, naming, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import Action, Choice, Item, View
from tzurot.memory.graph.stats import Stats
from tzurot.transport.subject import Caller

_NOTHING = "Nothing is remembered here yet."
_WAITING = (
    "{count} found by the words alone so far. What they mean is read within seconds of being said;"
    " it takes longer while much is to be read, such as after an import."
)


class MemoryStats(Kind):
    """Counts."""

    path = "memory stats"
    summary = "What is remembered of you, in numbers."
    arguments = memory_owners.ARGUMENTS

    def __init__(self, owners: Owners) -> None:
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The numbers."""
        return Step("numbers", (await self._owners.selected(who, arguments)).kept())

    async def view(self, who: Caller, at: At) -> View:
        """The numbers as they are now."""
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        name = await self._owners.called(who, selection)
        stats = await self._owners.graphs.stats(heard, selection.personality_id)
        fields = await self._owners.fields(who, selection, heard)
        what = f"What {name} remembers of you" if name else "What is remembered of you"
        return View(
            title=f"{what}, in numbers",
            body="\n".join(_sentences(stats)) or _NOTHING,
            fields=fields,
            items=(*_by_sector(stats), *await self._by_character(stats, selection)),
            actions=(
                memory_owners.whose(fields),
                Action("refresh", "Refresh"),
            ),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Count those of somebody else, or again."""
        return Step("numbers", Selection.read(at.draft).with_answers(answers).kept())

    async def _by_character(self, stats: Stats, selection: Selection) -> tuple[Item, ...]:
        if selection.character:
            return ()
        labels = await self._owners.labels({it.personality_id for it in stats.personalities})
        return tuple(
            Item(
                naming.listed(labels[it.personality_id]),
                telling.count(it.memory_count, "memory", "memories"),
            )
            for it in stats.personalities
            if it.personality_id in labels
        )


def _sentences(stats: Stats) -> Iterator[str]:
    """What the numbers come to; none of nothing."""
    if not stats.memory_count:
        return
    gathered = stats.reflection_count
    beside = f", {gathered:,} of them gathered from others" if gathered else ""
    yield f"{telling.count(stats.memory_count, 'memory', 'memories')}{beside}."
    if stats.first_time and stats.last_time:
        yield (
            f"The first was said {telling.when(stats.first_time)},"
            f" the last {telling.when(stats.last_time)}."
        )
    yield f"{_are(stats.recalled_count)} come up in an answer so far."
    yield f"{telling.count(stats.waypoint_count, 'link')} between them."
    if stats.waiting_count:
        is_or_are = "is" if stats.waiting_count == 1 else "are"
        yield _WAITING.format(count=f"{stats.waiting_count:,} {is_or_are}")


def _are(number: int) -> str:
    return f"{number or 'None'} {'has' if number == 1 else 'have'}"


def _by_sector(stats: Stats) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{telling.SECTORS[it.sector].capitalize()}: {it.memory_count:,}",
            f"stands out {telling.salience(it.mean_salience)} on the whole",
        )
        for it in stats.sectors
    )
