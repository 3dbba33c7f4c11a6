"""Sixty turns of three people, one of them with two faces: who said what stays whose.

Each tells one character things that nobody else says, in a public channel, in a private one and in
direct; then each asks, when all of it is out of sight. Every line of every prompt that has such a
thing is held against who said it, and where.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import product

import pytest

from tests.fakes.provider import Request
from tests.session.learning.classroom import Class, fact
from tests.session.stage import Person, Stage, Told, ref
from tests.session.test_members import proxied
from tests.session.test_place_memories import puts
from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.memory.v1 import (
    DeleteMemoryRequest,
    FactState,
    GetMemoryGraphRequest,
    GetMemoryStatsRequest,
    GraphView,
    ListFactsRequest,
    ListMemoriesRequest,
    Memory,
    SearchMemoriesRequest,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Place, SetSystemSettingRequest, SettingValue
from tzurot_client.gen.tzurot.transfer.v1 import ExportMemoriesRequest, MemoryFormat

VOICES = ("Ada", "Luna", "Bo", "Cy")
"""Luna is a face of Ada's."""
SPOTS = ("mill", "barn", "hedge", "pond")
_THING = re.compile(r"\b(\w+)-(meadow|cellar|direct)-(\w+)-thing\b", re.I)


@dataclass
class Village:
    """The three, the character, and where they meet."""

    stage: Stage
    who: Personality
    people: dict[str, Person]
    meadow: Place
    cellar: Place
    told: list[tuple[str, Told]] = field(default_factory=list[tuple[str, Told]])
    """Each turn, and who spoke."""
    seen: int = 0
    """Prompts that were judged."""
    shown: list[str] = field(default_factory=list[str])
    """What a model was shown to find facts in."""

    def finds(self, request: Request) -> str:
        """The facts that a model finds: all that it is shown, in the name that it is given."""
        asked = "\n".join(str(message["content"]) for message in request.messages)
        self.shown.append(asked)
        name = re.search(r"What (\w+) said:", asked)
        lines = re.findall(r"^(\d+)\. .*?((?:\w+-){3}thing) behind the (\w+)\.", asked, re.M)
        assert name
        found = [
            fact(f"{name[1]} keeps a {kept} behind the {spot}.", int(number), entity=name[1])
            for number, kept, spot in lines
        ]
        return json.dumps({"facts": found})

    def place(self, called: str, voice: str) -> Place:
        if called == "direct":
            return self.people[voice].direct
        return self.meadow if called == "meadow" else self.cellar

    async def says(self, voice: str, words: str, where: str) -> Told:
        self.stage.model.script("Noted.")
        place = self.place(where, voice)
        if voice == "Luna":
            told = await proxied(self.people[voice], words, self.who, "Luna", place=place)
        else:
            told = await self.people[voice].asks(words, self.who, place=place)
        self.told.append((voice, told))
        self.judge(voice, where)
        return told

    async def asks(self, voice: str, where: str, spot: str) -> set[tuple[str, str]]:
        """What the prompt tells of the things at a spot: whose they are, and said where.

        In direct the person's other face can be in sight: it doesn't count.
        """
        await self.says(voice, f"Who keeps what behind the {spot}?", where)
        told = [it for it in self.things(self.stage.asked[-1]) if it[3] == spot]
        return {(whose, at) for line, whose, at, _ in told if where != "direct" or whose == voice}

    def things(self, request: Request) -> Iterator[tuple[str, str, str, str]]:
        """Each line of a prompt that has a thing; whose it is, where it was said, its spot."""
        for message in request.messages:
            for line in str(message["content"]).splitlines():
                for it in _THING.finditer(line):
                    yield line, it[1].capitalize(), it[2], it[3]

    def judge(self, voice: str, where: str) -> None:
        """Hold each line that has a thing against who said it."""
        for line, whose, there, _ in self.things(self.stage.asked[-1]):
            said = line.startswith((f"{whose}: ", f"- {whose} said: "))
            bare = line.startswith(('- "I keep', f'- "{whose} keeps', "I keep"))
            assert said or (bare and whose == voice), (voice, where, line)
            if where == "direct":
                in_sight = line.startswith(f"{whose}: ")  # of the person's other face
                assert whose == voice or (in_sight and {whose, voice} == {"Ada", "Luna"}), line
            elif whose == voice:
                assert there in ("meadow", where), (voice, where, line)
            else:
                assert there == where, (voice, where, line)
        self.seen += 1


def thing(voice: str, where: str, spot: str) -> str:
    return f"{voice.lower()}-{where}-{spot}-thing"


@pytest.fixture
async def village(stage: Stage, lilith: Personality) -> AsyncIterator[Village]:
    ada, bo, cy = (stage.person(name) for name in ("Ada", "Bo", "Cy"))
    people = {"Ada": ada, "Luna": ada, "Bo": bo, "Cy": cy}
    for person in (ada, bo, cy):
        await puts(person, "history_limit", SettingValue(whole=2))
        await puts(person, "memory_limit", SettingValue(whole=50))
        await puts(person, "summaries", SettingValue(flag=False))  # they tell of what is said here
    rate = SetSystemSettingRequest(key="person_rate", value=SettingValue(whole=1_000))
    await stage.client.setting.set_system_setting(rate)
    meadow, cellar = stage.channel(), stage.channel(Venue.PRIVATE_CHANNEL)
    village = Village(stage, lilith, people, meadow, cellar)
    stage.model.finds = village.finds
    try:
        yield village
    finally:
        taken_back = SetSystemSettingRequest(key="person_rate")
        await stage.client.setting.set_system_setting(taken_back)


async def test_sixty_turns(village: Village) -> None:
    await all_tell(village)
    await all_ask(village)
    assert len(village.told) == 60
    await facts_are_each_ones_own(village)
    await each_finds_their_own_alone(village)
    await who_was_not_spoken_to_knows_nothing(village)
    await who_keeps_theirs_hears_no_others(village)
    await what_is_forgotten_is_gone(village)
    assert village.seen == len(village.told)


async def all_tell(it: Village) -> None:
    """By turns, so that whoever speaks comes right after somebody else."""
    for number, where in enumerate(("meadow", "meadow", "meadow", "meadow", "cellar", "direct")):
        for voice in VOICES:
            spot = SPOTS[number % len(SPOTS)]
            await it.says(voice, f"I keep a {thing(voice, where, spot)} behind the {spot}.", where)
        await looked_at(it, "1 day")  # not by the server, whose model finds nothing
    await it.stage.indexed()


async def looked_at(it: Village, later: str) -> None:
    """Say when facts are looked for in what was said."""
    await it.stage.execute(
        "UPDATE fact_marks SET due_time = now() + CAST(CAST(:later AS text) AS interval)"
        " WHERE personality_id = :id",
        later=later,
        id=it.who.id,
    )


async def all_ask(it: Village) -> None:
    everybody = {(voice, "meadow") for voice in VOICES}
    for voice, spot in product(VOICES, SPOTS):
        assert await it.asks(voice, "meadow", spot) == everybody
        if spot in ("mill", "barn"):
            found = await it.asks(voice, "cellar", spot)
            there = {(other, "cellar") for other in VOICES} if spot == "mill" else set[object]()
            assert found == there | {(voice, "meadow")}
        if spot in ("barn", "hedge", "pond"):
            own = {(voice, "meadow")} | ({(voice, "direct")} if spot == "barn" else set())
            assert await it.asks(voice, "direct", spot) == own


async def facts_are_each_ones_own(it: Village) -> None:
    lesson = Class(it.stage, it.people["Ada"], it.who)
    await lesson.goes_by(hours=2)
    await looked_at(it, "0")
    while await it.stage.rows(
        "SELECT 1 FROM unlearnt_memories WHERE personality_id = :id", id=it.who.id
    ):
        await lesson.learns()
        await lesson.goes_by(hours=2)
    for asked in it.shown:
        assert len({found[1] for found in _THING.finditer(asked)}) <= 1, "one voice's words alone"
    for person, voices in own_voices(it).items():
        request = ListFactsRequest(personality_id=it.who.id, states=[FactState.CURRENT])
        facts = (await it.people[person].client.fact.list_facts(request)).facts
        kept = [(fact.text, found) for fact in facts for found in _THING.finditer(fact.text)]
        assert {found[1].capitalize() for _, found in kept} == voices
        for text, found in kept:
            assert text.startswith(found[1].capitalize())
    for voice in VOICES:
        await it.asks(voice, "meadow", "mill")


async def each_finds_their_own_alone(it: Village) -> None:
    for person, voices in own_voices(it).items():
        client = it.people[person].client
        memory = client.memory
        question = "What is behind the mill?"
        query = SearchMemoriesRequest(personality_id=it.who.id, query=question, limit=50)
        listed = await memories(it, person)
        view = GetMemoryGraphRequest(view=GraphView.WAYPOINTS, max_nodes=200)
        stats = await memory.get_memory_stats(GetMemoryStatsRequest())
        assert stats.memory_count == len(listed)
        export = ExportMemoriesRequest(format=MemoryFormat.JSON_LINES)
        file = [str(part) async for part in client.transfer.export_memories(export)]
        for shown in (
            listed,
            (await memory.search_memories(query)).hits,
            await memory.get_memory_graph(view),
            file,
        ):
            whose = {found[1].capitalize() for found in _THING.finditer(str(shown))}
            assert whose <= voices, person
        assert {found[1].capitalize() for found in _THING.finditer(str(listed))} == voices


async def who_was_not_spoken_to_knows_nothing(it: Village) -> None:
    """She is asked by the same people, in the same channel."""
    mara, lilith = await it.stage.character("Mara"), it.who
    it.who = mara
    for voice in VOICES:
        assert await it.asks(voice, "meadow", "mill") == set()
    it.who = lilith


async def who_keeps_theirs_hears_no_others(it: Village) -> None:
    await puts(it.people["Cy"], "place_share", SettingValue(flag=False), ref(it.who))
    for voice in VOICES:
        heard = {"Cy"} if voice == "Cy" else {*VOICES} - {"Cy"}
        assert await it.asks(voice, "meadow", "hedge") == {(other, "meadow") for other in heard}


async def what_is_forgotten_is_gone(it: Village) -> None:
    bo = it.people["Bo"]
    for memory in await memories(it, "Bo"):
        await bo.client.memory.delete_memory(DeleteMemoryRequest(memory_id=memory.id))
    facts = (await bo.client.fact.list_facts(ListFactsRequest(personality_id=it.who.id))).facts
    assert all("bo-" not in fact.text for fact in facts)
    for voice, spot in product(("Ada", "Luna", "Bo"), SPOTS):
        expected = {(other, "meadow") for other in ("Ada", "Luna")}
        assert await it.asks(voice, "meadow", spot) == expected
    for voice, told in it.told:
        trace = await it.people[voice].trace(told.turn_id)
        assert "bo-meadow" not in str(trace.memories) + str(trace.considered_memories)


async def memories(it: Village, voice: str) -> list[Memory]:
    request = ListMemoriesRequest(personality_id=it.who.id, page_size=200)
    return list((await it.people[voice].client.memory.list_memories(request)).memories)


def own_voices(it: Village) -> dict[str, set[str]]:
    """Each person's, by one of them."""
    return {"Ada": {"Ada", "Luna"}, "Bo": {"Bo"}, "Cy": {"Cy"}}
