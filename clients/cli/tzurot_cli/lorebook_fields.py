"""What an entry of a lorebook can say, as options of commands."""

from enum import StrEnum
from typing import Annotated

import typer

from tzurot_cli.console import as_json
from tzurot_client.gen.tzurot.personality.v1 import LorebookEntry, LorePlace


class Placed(StrEnum):
    """Where an entry is told."""

    BEFORE_CHARACTER = "before-character"
    AFTER_CHARACTER = "after-character"
    PERSONALITY = "personality"
    SCENARIO = "scenario"
    BEFORE_EXAMPLES = "before-examples"
    AFTER_EXAMPLES = "after-examples"
    NOTE_TOP = "note-top"
    NOTE_BOTTOM = "note-bottom"
    AT_DEPTH = "at-depth"
    OUTLET = "outlet"


class Logic(StrEnum):
    """What the second keys decide."""

    AND_ANY = "and-any"
    AND_ALL = "and-all"
    NOT_ANY = "not-any"
    NOT_ALL = "not-all"


class SaidBy(StrEnum):
    """Who says an entry at a depth."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


Content = Annotated[str | None, typer.Option(help="What is told; @@decorators included.")]
Key = Annotated[
    list[str] | None,
    typer.Option("--key", "-k", help="What brings it up; may be given several times."),
]
SecondKey = Annotated[
    list[str] | None,
    typer.Option("--second-key", help="What must come up as well, or must not: --logic."),
]
LogicOption = Annotated[Logic | None, typer.Option("--logic", help="What second keys decide.")]
Name = Annotated[str | None, typer.Option(help="Its name; never told to the model.")]
Enabled = Annotated[bool | None, typer.Option("--on/--off", help="Whether it comes up at all.")]
Constant = Annotated[
    bool | None, typer.Option("--always/--by-keys", help="Whether it needs no key.")
]
Patterns = Annotated[
    bool | None,
    typer.Option("--patterns/--no-patterns", help="Whether keys like /a.b/i are patterns."),
]
MatchCase = Annotated[
    bool | None, typer.Option("--match-case/--any-case", help="Whether `Ox` is not `ox`.")
]
WholeWords = Annotated[
    bool | None, typer.Option("--whole-words/--parts", help="Whether `ox` is not in `fox`.")
]
ScanDepth = Annotated[int | None, typer.Option(help="How many of the last messages count.")]
Order = Annotated[float | None, typer.Option(help="Lower ones are told first.")]
Priority = Annotated[float | None, typer.Option(help="Higher ones are kept longest.")]
Place = Annotated[Placed | None, typer.Option("--place", help="Where it is told.")]
Depth = Annotated[
    int | None, typer.Option(help="For --place at-depth: how many messages come after it.")
]
Role = Annotated[SaidBy | None, typer.Option("--role", help="For --place at-depth: who says it.")]
Outlet = Annotated[str | None, typer.Option(help="For --place outlet: its name.")]
Probability = Annotated[int | None, typer.Option(help="The chance that it is told, in percent.")]
Sticky = Annotated[int | None, typer.Option(help="For how many messages it stays.")]
Cooldown = Annotated[int | None, typer.Option(help="For how many messages it then rests.")]
Delay = Annotated[int | None, typer.Option(help="How many messages there have to be.")]
Group = Annotated[str | None, typer.Option(help="Of a group one entry is told.")]
GroupWeight = Annotated[int | None, typer.Option(help="Its share of the chance in its group.")]
GroupOverride = Annotated[
    bool | None, typer.Option(help="Of its groups the highest --order is told, not one by chance.")
]
GroupScoring = Annotated[
    bool | None,
    typer.Option(
        "--group-scoring/--no-group-scoring", help="Of its groups the one with most keys is told."
    ),
]
ExcludeRecursion = Annotated[
    bool | None, typer.Option(help="Whether other entries do not bring it up.")
]
PreventRecursion = Annotated[bool | None, typer.Option(help="Whether it brings up no others.")]
DelayRecursion = Annotated[
    int | None,
    typer.Option(
        "--delay-until-recursion",
        help="From which round on only others bring it up; 0: messages do.",
    ),
]
IgnoreBudget = Annotated[
    bool | None, typer.Option(help="Whether it is told whatever the book's budget is.")
]
Clear = Annotated[
    list[str] | None,
    typer.Option("--clear", help="A field to empty, such as `sticky`; may be given several times."),
]


_FIRST = ("id", "name", "keys", "content")  # shown even if there is nothing in them
_SAID_OTHERWISE = {"position", "place", "lorebook_id", "etag", "logic", "role", *_FIRST}
# What is false or 0 where it says nothing; of all others nothing is None.
_SWITCHES = {
    "constant",
    "use_regex",
    "group_override",
    "use_group_scoring",
    "exclude_recursion",
    "prevent_recursion",
    "delay_until_recursion",
    "ignore_budget",
}


def lines_of(entry: LorebookEntry) -> dict[str, object]:
    """All that an entry says, by what it is called."""
    lines: dict[str, object] = {field: getattr(entry, field) for field in _FIRST}
    lines["nr"] = entry.position
    lines["place"] = place_of(entry.place, 4 if entry.depth is None else entry.depth)
    if entry.logic:
        lines["logic"] = Logic[entry.logic.name or ""]
    if entry.role:
        lines["role"] = SaidBy[entry.role.name or ""]
    for field in as_json(entry):
        value = getattr(entry, field)
        says_nothing = value in (None, "", []) or (field in _SWITCHES and not value)
        if field not in _SAID_OTHERWISE and not says_nothing:
            lines[field.replace("_", " ")] = value
    return lines


def place_of(place: LorePlace, depth: int) -> str:
    """Where an entry is told, in words."""
    name = LorePlace(place).name or ""
    word = Placed[name] if name in Placed.__members__ else Placed.BEFORE_CHARACTER
    return f"{word} {depth}" if word is Placed.AT_DEPTH else word


def given(**fields: object) -> dict[str, object]:
    """Those of the fields that an option gives."""
    return {field: value for field, value in fields.items() if value is not None}


def filled(fields: dict[str, object]) -> LorebookEntry:
    """An entry that says these fields."""
    entry = LorebookEntry()
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry
