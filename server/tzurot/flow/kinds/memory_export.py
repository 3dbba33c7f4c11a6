"""`memory export`: what is remembered of a person, as a file that they take with them.

    choose → file

Only a small file can be handed out in a dialogue; of a larger one it says who writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tzurot import clock
from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import memory_choices, memory_owners, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.views import MAX_DOCUMENT, Action, Asks, Choice, Document, Field, Style, View
from tzurot.formats.memories.writing import Format
from tzurot.transfer.memory_exporting import Asked, Counts, MemoryExporting, TooLarge
from tzurot.transport.subject import Caller

_FORMATS = (
    Choice(
        Format.JSON_LINES,
        "Our own lines",
        "With all that is known, facts too; `character import` reads it.",
    ),
    Choice(Format.MEM0, "As mem0 has them", "An exchange becomes one text."),
    Choice(Format.OPENMEMORY, "As OpenMemory has them", "An exchange becomes one text."),
)
_BACK = Action("back", "Back")
_TAKES = "The file has what was said, word by word, and what else is known of it."
_NOTHING = "Nothing is remembered that fits."
_TAKEN = "It holds your own words: keep it where nobody else reads it."
_TOO_LARGE = (
    f"The file would be larger than {MAX_DOCUMENT // 1024 // 1024} MiB, which can't be handed out"
    " here. `tzurot memory export` writes one of any size; *Filter* takes less."
)


class MemoryExport(Kind):
    """Hands memories out."""

    path = "memory export"
    summary = "Take what is remembered of you with you, as a file."
    arguments = (
        *memory_owners.ARGUMENTS,
        *memory_choices.ARGUMENTS,
        Argument("format", "How the file is written.", choices=_FORMATS),
    )

    def __init__(self, exporting: MemoryExporting, owners: Owners) -> None:
        self._exporting = exporting
        self._owners = owners

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """What is meant."""
        selection = await self._owners.selected(who, arguments)
        return Step("choose", _draft(selection, arguments.get("format", Format.JSON_LINES)))

    async def view(self, who: Caller, at: At) -> View:
        """What would be in the file, or the file."""
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        name = await self._owners.called(who, selection)
        title = f"What {name} remembers of you" if name else "What is remembered of you"
        asked = Asked(
            selection.personality_id,
            replace(selection.filter_at(clock.now()), persona_ids=frozenset(heard)),
            Format(at.draft["format"]),
            MAX_DOCUMENT,
        )
        if at.step == "file":
            return await self._file(who, title, asked)
        counts = await self._exporting.count(who, asked)
        whose = await self._owners.fields(who, selection, heard)
        fields = (*whose, *selection.fields(), selection.lock_field())
        told = (selection.told(), _counted(counts), _TAKES)
        is_any = counts != Counts(0, 0)
        return View(
            title=title,
            body="\n\n".join(filter(None, told)) if is_any else _NOTHING,
            fields=(*fields, _format_field(at)),
            actions=(
                *((Action("take", "Take it", Style.PRIMARY),) if is_any else ()),
                *memory_choices.actions(fields),
                Action("format", "Format", asks=("format",)),
            ),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose otherwise, or have the file."""
        del who
        match action:
            case "filter" | "whose":
                selection = Selection.read(at.draft).with_answers(answers)
                return Step("choose", _draft(selection, at.draft["format"]))
            case "format":
                chosen = next(iter(answers["format"]), Format.JSON_LINES)
                return Step("choose", _draft(Selection.read(at.draft), chosen))
            case "take":
                return Step("file", at.draft)
            case _:
                return Step("choose", at.draft)

    async def _file(self, who: Caller, title: str, asked: Asked) -> View:
        try:
            async with self._exporting.packed(who, asked) as file:
                content = b"".join([chunk async for chunk in file.chunks(MAX_DOCUMENT)])
                document = Document(file.name, content)
        except TooLarge:
            return View(title, _TOO_LARGE, actions=(_BACK,))
        return View(title, _TAKEN, actions=(_BACK,), document=document)


def _draft(selection: Selection, format: str) -> dict[str, Any]:
    return {**selection.kept(), "format": format}


def _counted(counts: Counts) -> str:
    facts = f", {telling.count(counts.facts, 'fact')}" if counts.facts else ""
    return f"{telling.count(counts.memories, 'memory', 'memories')}{facts}."


def _format_field(at: At) -> Field:
    return Field(
        "format", "Format", Asks.CHOICE, "How the file is written.", (at.draft["format"],), _FORMATS
    )
