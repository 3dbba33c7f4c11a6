"""docs/reference/rights.md is what the server does: every cell of its table, asked for real.

Whatever a person is told on the way must not hold a word that they may not read.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import METHODS, refusal_of, request_for
from tests.conftest import Served
from tests.contract.asking import Asking, Person
from tests.contract.rights import CASES
from tests.contract.worlds import FACE, FIELDS, PERSONS, SECRET, VISIBILITIES, World
from tzurot.personality.fields import DEFINITION

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rights.md"
SERVICES = {
    "PersonalityService", "SharingService", "AliasService", "OverrideService", "LorebookService",
    "KnowledgeService",
}  # fmt: skip
OTHERS = {  # RPCs of other rooms about a character's definition, or about who may change it
    "SetPersonalitySetting", "SetPersonSetting", "ExplainSettings", "ExportPersonality", "Chat",
    "GetTurnTrace", "ActivatePersonality",
}  # fmt: skip
ABOUT_NO_CHARACTER = {
    "CreatePersonality",
    "channel browse",
    "channel budget",
    "character create",
    "deny browse",
    "help",
    "me front",
    "me time",
    "me model",
    "models",
    "preset browse",
    "preset create",
    "wallet keys",
    "wallet sponsor",
    "wallet usage",
}
NOT_FOUND = {  # what `—` is, by what is asked about
    "character": "PERSONALITY_NOT_FOUND",
    "book": "LOREBOOK_NOT_FOUND",
    "entry": "LOREBOOK_ENTRY_NOT_FOUND",
    "document": "DOCUMENT_NOT_FOUND",
    "alias": "ALIAS_NOT_FOUND",
    "turn": "TURN_NOT_FOUND",
    "conversation": "CONVERSATION_NOT_FOUND",
}
YES, ALWAYS, NOTHING = "yes", "always", "—"
_ANSWER = re.compile(r"(yes|always|—|[A-Z][A-Z_]+)(?: \(([a-z, ]+)\))?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered at these visibilities; at others there is nothing."""

    outcome: str
    where: frozenset[str]

    @classmethod
    def parse(cls, text: str, seen: frozenset[str]) -> "Answer":
        """What a cell, or its part, says; `seen` is where its person sees a character."""
        found = _ANSWER.fullmatch(text)
        assert found, f"not in the notation of this page: {text!r}"
        outcome, named = found.groups()
        where = frozenset(named.split(", ")) if named else seen
        assert where <= set(VISIBILITIES), text
        return cls(YES, frozenset(VISIBILITIES)) if outcome == ALWAYS else cls(outcome, where)

    def at(self, visibility: str) -> str:
        """What is answered there."""
        return self.outcome if visibility in self.where else NOTHING


@dataclass(frozen=True, slots=True)
class Row:
    """A question, what it is about, and each person's answers: while hidden, and once shown."""

    name: str
    about: str
    answers: Mapping[str, tuple[Answer, Answer]]

    def tells_apart(self, person: str) -> bool:
        """Whether it makes a difference to this person that the definition is shown."""
        hidden, shown = self.answers[person]
        return hidden != shown

    def expected(self, person: str, world: World) -> str:
        """What this person is to be answered about this world."""
        return self.answers[person][world.shown].at(world.visibility)


def table() -> Mapping[str, Row]:
    """The page's table, by the rows' names. Its first row says where each person sees it."""
    text = PAGE.read_text().partition("## The table")[2]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heading, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert heading == ["what is asked", "about", *PERSONS]
    everywhere = frozenset(VISIBILITIES)
    seen = [Answer.parse(cell, everywhere).where for cell in body[0][2:]]
    rows: dict[str, Row] = {}
    for question, about, *cells in body:
        halves = [_halves(cell, where) for cell, where in zip(cells, seen, strict=True)]
        name = question.replace("`", "")
        assert name not in rows, f"twice: {name}"
        rows[name] = Row(name, about, dict(zip(PERSONS, halves, strict=True)))
    return rows


def _halves(cell: str, seen: frozenset[str]) -> tuple[Answer, Answer]:
    hidden, _, shown = cell.partition(" / ")
    return Answer.parse(hidden, seen), Answer.parse(shown or hidden, seen)


TABLE = table()
SEES, READS = TABLE["GetPersonality"], TABLE["GetPersonality: its definition"]


@dataclass(frozen=True, slots=True)
class Stage:
    """All persons, and all worlds: each visibility, the definition hidden and shown."""

    people: Sequence[Person]
    worlds: Sequence[World]
    guest: str

    def asked(self, row: Row, world: World) -> list[Person]:
        """Whoever asks this about this world.

        Whom it makes a difference to asks while the definition is hidden and once it is shown;
        others ask one of both, in turn.
        """
        turn = (list(TABLE).index(row.name) + VISIBILITIES.index(world.visibility)) % 2
        return [
            person
            for person in self.people
            if row.tells_apart(person.name) or world.shown == bool(turn)
        ]


@pytest.fixture(scope="module")
async def stage(served: Served) -> AsyncIterator[Stage]:
    clients = dict(zip(PERSONS, served.people(*(name.split()[0] for name in PERSONS)), strict=True))
    people: list[Person] = []
    for name, client in clients.items():
        new = request_for("CreatePersonality", personality={"name": f"Own {uuid4().hex}"})
        character = (await client.call("CreatePersonality", new)).personality.id
        book = request_for("CreateLorebook", lorebook={"name": "Own"})
        lorebook = (await client.call("CreateLorebook", book)).lorebook.id
        people.append(Person(name, client, character, lorebook))
    built = [World(clients, it, shown) for it in VISIBILITIES for shown in (False, True)]
    async with asyncio.TaskGroup() as tasks:
        for world in built:
            tasks.create_task(world.settle())
    guest = served.people("guest")[0].subject or ""
    yield Stage(people, built, guest)
    for world in built:
        await world.leave()


def test_every_question_of_the_table_is_asked_and_no_other() -> None:
    assert sorted(TABLE) == sorted(CASES)


def test_every_rpc_about_characters_has_a_row() -> None:
    asked = {re.split(r"[ :]", name)[0] for name in TABLE}
    wanted = {it.name for it in METHODS.values() if it.containing_service.name in SERVICES}
    assert (wanted | OTHERS) - ABOUT_NO_CHARACTER - asked == set()


async def test_every_flow_has_a_row(served: Served) -> None:
    kinds = {kind.path for kind in (await served.client().call("ListFlowKinds")).kinds}
    asked = {name.partition(":")[0] for name in TABLE}
    assert kinds - ABOUT_NO_CHARACTER - asked == set()


@pytest.mark.parametrize("name", TABLE)
async def test_everybody_is_answered_as_the_table_says(name: str, stage: Stage) -> None:
    row, wrong = TABLE[name], list[str]()

    async def ask_all(world: World) -> None:
        for person in stage.asked(row, world):
            asking = Asking(person, world, stage.guest)
            got, wanted = await answered(asking, row), row.expected(person.name, world)
            where = f"{person.name} × {name} × {world.visibility}, {_definition(world)}"
            if got != wanted:
                wrong.append(f"{where}: expected {wanted}, got {got}")
            wrong.extend(f"{where}: was told {mark}" for mark in told_wrongly(asking, stage))

    async with asyncio.TaskGroup() as tasks:
        for world in stage.worlds:
            tasks.create_task(ask_all(world))
    assert not wrong, "\n".join(wrong)


async def answered(asking: Asking, row: Row) -> str:
    """The answer in the words of the table."""
    try:
        shown = await CASES[row.name](asking)
    except AssertionError as otherwise:
        return f"an answer that is not right: {otherwise}"
    except grpc.aio.AioRpcError as error:
        refusal = refusal_of(error)
        gone = refusal.reason == NOT_FOUND[row.about]
        return NOTHING if gone else refusal.reason or f"{refusal.code}: {refusal.message}"
    return NOTHING if shown is False else YES


def told_wrongly(asking: Asking, stage: Stage) -> list[str]:
    """What of any world the person was told that is not for them."""
    worlds, found = {world.mark: world for world in stage.worlds}, list[str]()
    for sort, mark in sorted(asking.told_of()):
        rule = {SECRET: READS, FACE: SEES}[sort]
        if mark in worlds and rule.expected(asking.person.name, worlds[mark]) != YES:
            found.append(f"the {sort} of {worlds[mark].visibility}, {_definition(worlds[mark])}")
    return found


def _definition(world: World) -> str:
    return "shown" if world.shown else "hidden"


def test_the_marked_fields_are_those_that_the_server_hides() -> None:
    assert DEFINITION - {"depth_prompt_depth", "depth_prompt_role"} == FIELDS
