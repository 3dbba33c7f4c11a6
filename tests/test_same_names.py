"""Two owners, two characters called Lilith: told apart wherever a name is shown or typed.

docs/reference/names.md lists the places; each line of its table has its case here.
"""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.clients.cli.people import Person
from tests.clients.cli.running import Ended, tzurot
from tests.clients.discord.harness import a_bot
from tests.conftest import Served, a_database, a_server
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message, User
from tests.fakes.provider import FakeProvider
from tests.flow.dialogue import Dialogue
from tests.personality.asking import call_it, completed, create, meant, mentioned
from tests.transfer.handing import Mover
from tzurot import clock
from tzurot.common.v1.venue_pb2 import VENUE_PUBLIC_CHANNEL
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Unclaimed
from tzurot.session.v1.message_pb2 import AUTHOR_PERSONALITY

PAGE = Path(__file__).parents[1] / "docs/reference/names.md"
FIRST, SECOND = "Lilith (lilith)", "Lilith (lilith-2)"
SLUGS = ["lilith", "lilith-2"]
# Dialogues that name none.
ABOUT_NO_CHARACTER = {
    "help",
    "me front",
    "me model",
    "me time",
    "models",
    "channel budget",
    "preset browse",
    "preset create",
    "wallet keys",
    "wallet sponsor",
    "wallet usage",
}
OLD_ID = "42"
SLOW = 60  # seconds: the first turn of a process loads the embedding model


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn by one of the two."""

    slug: str
    turn_id: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class World:
    """Ada's Lilith and Bo's, both public, and Kim, who has tagged them both in one message."""

    served: Served
    home: Path
    ada: Client
    bo: Client
    kim: Client
    first: Any
    second: Any
    answers: list[Answered]

    async def ask(self, client: Client, rpc: str, **fields: Any) -> Any:
        return await client.call(rpc, request_for(rpc, **fields))

    async def both_in_a_channel(self) -> dict[str, str]:
        """A channel of its own in which both are active."""
        place = {"platform": "local", "space_id": uuid4().hex, "channel_id": uuid4().hex}
        place |= {"venue": "VENUE_PUBLIC_CHANNEL"}
        for one in (self.first, self.second):
            named = {"personality": {"id": one.id}, "place": place}
            await self.ask(self.kim, "ActivatePersonality", **named)
        return place

    async def dreamt(self) -> None:
        """Both have dreamt of Kim."""
        memories = (await self.ask(self.kim, "ListMemories")).memories
        async with self.served.running.parts.database.transaction() as tx:
            for one in (self.first, self.second):
                whose = {"persona": memories[0].persona_id, "personality": one.id}
                await tx.execute(
                    text("INSERT INTO dreams VALUES (:persona, :personality, 'Bees.', :now, :id)"),
                    whose | {"now": clock.now(), "id": clock.uuid7()},
                )

    async def told(self) -> None:
        """Kim has told both the same."""
        for one in (self.first, self.second):
            await self.ask(self.kim, "CreateFact", personality_id=one.id, text="Kim keeps bees.")

    def shell(self, client: Client) -> Person:
        return Person(self.served, client, self.home)

    async def run(self, *command: str, by: Client | None = None) -> Ended:
        """What `tzurot` answers Kim, or somebody else."""
        ended = await self.shell(by or self.kim).run(*command)
        assert ended.code == 0, ended.err
        return ended

    def newcomer(self) -> Client:
        (client,) = self.served.people("eve")
        return client


Case = Callable[[World], Awaitable[None]]
CASES: dict[str, Case] = {}


def at(place: str) -> Callable[[Case], Case]:
    """The case of a line of the page."""

    def kept(case: Case) -> Case:
        CASES[place] = case
        return case

    return kept


def places() -> list[str]:
    """The first column of the page's table."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]]


@pytest.fixture(scope="module")
async def world(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    home = tmp_path_factory.mktemp("home")
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        a_server(url, home, model="scripted", model_base_url=provider.base_url) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        yield await peopled(Served(running, provider, channel), home)


async def peopled(served: Served, home: Path) -> World:
    ada, bo, kim = (served.client(f"local:{name}") for name in ("ada", "bo", "kim"))
    first = await create(ada, "Lilith", "public", greeting="Come in.")
    second = await create(bo, "Lilith", "public", greeting="Go away.", slug="lilith-2")
    told = await kim.call(
        "Chat",
        request_for(
            "Chat",
            place={"platform": "local", "channel_id": "meadow", "venue": VENUE_PUBLIC_CHANNEL},
            utterance={"text": "@lilith @lilith-2 I keep bees", "speaker_name": "Kim"},
        ),
        seconds=SLOW,
    )
    answers = [
        Answered(
            it.event.started.personality_slug,
            it.event.turn_id,
            it.event.started.conversation_id,
        )
        for it in told
        if it.event.HasField("started")
    ]
    await waiting(served, first, second)
    for lilith in (first, second):
        claimed = {"personality_id": lilith.id, "sender_id": OLD_ID}
        await kim.call("CreateMemoryClaim", request_for("CreateMemoryClaim", **claimed))
    return World(served, home, ada, bo, kim, first, second, answers)


async def waiting(served: Served, *characters: Any) -> None:
    """Let each have a memory of an old id, as imports bring them."""
    async with served.running.parts.database.transaction() as tx:
        for one in characters:
            key = arrivals.key_of(UUID(one.id), "met")
            memory = Unclaimed(key, (OLD_ID,), "They met.", "", "Lilith", "1", "2", None)
            await arrivals.keep_unclaimed(tx, UUID(one.id), [memory])


def test_every_place_of_the_page_has_its_case() -> None:
    assert list(CASES) == places()


async def test_every_dialogue_is_on_the_page(world: World) -> None:
    kinds = (await world.ask(world.kim, "ListFlowKinds")).kinds
    named = {it.path for it in kinds} - ABOUT_NO_CHARACTER
    assert [path for path in named if f"`{path}`" not in "".join(places())] == []


@pytest.mark.parametrize("place", places())
async def test_the_two_are_told_apart_and_both_can_be_meant(place: str, world: World) -> None:
    await CASES[place](world)


@at("`GetPersonality`, `ListPersonalities`")
async def _(world: World) -> None:
    listed = (await world.ask(world.kim, "ListPersonalities")).personalities
    owners = {it.slug: it.owner_name for it in listed if it.name == "Lilith"}
    assert owners == {"lilith": "local:ada", "lilith-2": "local:bo"}
    for one in (world.first, world.second):
        for ref in ({"id": one.id}, {"slug": one.slug}):
            got = (await world.ask(world.kim, "GetPersonality", personality=ref)).personality
            assert (got.id, got.owner_name) == (one.id, owners[one.slug])


@at("`ResolvePersonalities`")
async def _(world: World) -> None:
    first, second = world.first.id, world.second.id
    assert await meant(world.kim, "Lilith") == [first, second]
    assert await meant(world.bo, "Lilith") == [second, first]
    for client in (world.ada, world.kim):
        assert (await meant(client, "lilith-2"), await meant(client, "@lilith")) == (
            [second],
            [first, second],
        )
    assert await mentioned(world.kim, "@lilith-2, and you, @Lilith!") == [second, first]
    assert await mentioned(world.bo, f"@lilith and @{first}") == [second, first]
    assert await completed(world.kim, "lil") == [first, second]
    eve = world.newcomer()
    await call_it(eve, world.second, "Night Lady")
    assert await mentioned(eve, "@night lady and @lilith") == [second, first]


@at("`Chat`")
async def _(world: World) -> None:
    assert [it.slug for it in world.answers] == SLUGS


@at("`GetConversation`, `ListConversations`")
async def _(world: World) -> None:
    listed = (await world.ask(world.kim, "ListConversations")).conversations
    shown = {it.id: (it.personality_name, it.personality_slug) for it in listed}
    assert shown == {it.conversation_id: ("Lilith", it.slug) for it in world.answers}
    for one in world.answers:
        named = {"conversation_id": one.conversation_id}
        got = (await world.ask(world.kim, "GetConversation", **named)).conversation
        assert got.personality_slug == one.slug


@at("`ListTurns`, `ListMemories`, `ListMemoryClaims`, `GetLorebook`, `ListPersonalityAliases`")
async def _(world: World) -> None:
    both = {world.first.id, world.second.id}
    turns = (await world.ask(world.kim, "ListTurns")).turns
    assert {it.personality_id for it in turns} == both
    memories = (await world.ask(world.kim, "ListMemories")).memories
    assert {it.personality_id for it in memories} == both
    claims = (await world.ask(world.kim, "ListMemoryClaims")).claims
    assert {it.memories.personality_id for it in claims} == both
    for owner, lilith in ((world.ada, world.first), (world.bo, world.second)):
        book = (await world.ask(owner, "CreateLorebook", lorebook={"name": "Town"})).lorebook
        attached = {"lorebook_id": book.id, "personality": {"id": lilith.id}}
        await world.ask(owner, "AttachLorebook", **attached)
        got = (await world.ask(owner, "GetLorebook", lorebook_id=book.id)).lorebook
        assert list(got.personality_ids) == [lilith.id]
    eve = world.newcomer()
    for lilith in (world.first, world.second):
        await call_it(eve, lilith, f"The {lilith.slug}")
    aliases = (await world.ask(eve, "ListPersonalityAliases")).aliases
    assert {it.personality_id for it in aliases} == both


@at("`GetMemoryGraph`")
async def _(world: World) -> None:
    asked = {"view": "GRAPH_VIEW_RELATIONSHIPS", "svg": True}
    graph = await world.ask(world.kim, "GetMemoryGraph", **asked)
    shown = {it.id: it.label for it in graph.nodes if it.id.startswith("personality:")}
    both = (world.first, world.second)
    assert shown == {f"personality:{it.id}": f"Lilith ({it.slug})" for it in both}
    assert all(label in graph.svg for label in shown.values())


@at("`GetMemoryStats`, `PurgeMemories`")
async def _(world: World) -> None:
    stats = await world.ask(world.kim, "GetMemoryStats")
    assert {it.personality_id for it in stats.personalities} == {world.first.id, world.second.id}
    preview = await world.ask(world.kim, "PurgeMemories")
    assert {it.personality_id for it in preview.samples} == {world.first.id, world.second.id}


@at("`GetChannel`, `ListChannels`")
async def _(world: World) -> None:
    place = await world.both_in_a_channel()
    seen = (await world.ask(world.kim, "GetChannel", place=place)).channel
    named = {"platform": "local", "space_id": place["space_id"]}
    (listed,) = (await world.ask(world.kim, "ListChannels", **named)).channels
    for channel in (seen, listed):
        assert [it.personality_slug for it in channel.activations] == SLUGS


@at("`GetTurnTrace`")
async def _(world: World) -> None:
    for one in world.answers:
        trace = (await world.ask(world.kim, "GetTurnTrace", turn_id=one.turn_id)).trace
        (address,) = (step.outcome for step in trace.steps if step.name == "address")
        assert address == "lilith (named), lilith-2 (named)"


@at("`ExportPersonality`, `ExportConversation`")
async def _(world: World) -> None:
    for owner, lilith in ((world.ada, world.first), (world.bo, world.second)):
        asked = {"personality": {"id": lilith.id}, "format": "EXPORT_FORMAT_PNG"}
        file, *_ = await world.ask(owner, "ExportPersonality", **asked)
        assert file.header.name == f"{lilith.slug}.png"
    for one in world.answers:
        named = {"conversation_id": one.conversation_id}
        file, *_ = await world.ask(world.kim, "ExportConversation", **named)
        assert file.header.name == f"{one.slug}.jsonl"


@at("`ExportMemories`")
async def _(world: World) -> None:
    for one in (world.first, world.second):
        asked = {"personality_id": one.id, "format": "MEMORY_FORMAT_JSON_LINES"}
        file, chunk = await world.ask(world.kim, "ExportMemories", **asked)
        assert file.header.name == f"memories-{one.slug}.jsonl"
        _, row = map(json.loads, chunk.chunk.splitlines())
        assert row["character"] == {"slug": one.slug, "name": "Lilith"}
    _, chunk = await world.ask(world.kim, "ExportMemories", format="MEMORY_FORMAT_MEM0")
    assert {row["agent_id"] for row in json.loads(chunk.chunk)["results"]} == set(SLUGS)


@at("`ImportPersonality`")
async def _(world: World) -> None:
    bo, into = Mover(world.bo), {"personality": {"slug": "lilith-2"}}
    card = await bo.previews(a_card(description="Keeps an archive."), **into)
    assert (card.changes[0].name, card.changes[0].slug) == ("Lilith", "lilith-2")
    talk = await bo.previews(a_chat(), **into)
    assert [(it.name, it.slug) for it in talk.changes if it.resource == "conversation"] == [
        ("Lilith", "lilith-2")
    ]
    new = await Mover(world.newcomer()).imports(a_card())
    assert new.personality.slug not in SLUGS
    told = [it for it in new.preview.changes if it.resource == "personality"]
    assert [(it.name, it.slug) for it in told] == [("Lilith", "")]


@at("errors")
async def _(world: World) -> None:
    for lilith in (world.first, world.second):
        changed = {"ref": {"id": lilith.id}, "personality": {"nickname": "Lil"}}
        request = request_for("UpdatePersonality", **changed)
        refused = await world.kim.refused("UpdatePersonality", request)
        assert (refused.reason, f"`{lilith.slug}`" in refused.message) == ("NOT_EDITOR", True)
    nobody = request_for("GetPersonality", personality={"slug": "lilith-3"})
    assert "`lilith-3`" in (await world.kim.refused("GetPersonality", nobody)).message


@at("`character browse`")
async def _(world: World) -> None:
    browse = await Dialogue.start(world.kim, "character browse")
    lines = {it.text: it.key for it in browse.view.items if it.title == "Lilith"}
    assert list(lines) == ["lilith-2 · by local:bo", "lilith · by local:ada"]
    for key, title, called in zip(lines.values(), (SECOND, FIRST), SLUGS[::-1], strict=True):
        await browse.answer("show", item=key)
        assert (browse.view.title, mention(browse).lower()) == (title, called)
        await browse.answer("back")


@at("`character chat`")
async def _(world: World) -> None:
    place = {"platform": "local", "channel_id": "terminal", "venue": "VENUE_DIRECT"}
    begun = request_for("StartFlow", path="character chat", place=place)
    pick = Dialogue(world.kim, (await world.kim.call("StartFlow", begun)).flow)
    lines = {it.text: it.key for it in pick.view.items if it.title == "Lilith"}
    assert list(lines) == ["lilith-2 · by local:bo", "lilith · by local:ada"]
    named = await Dialogue.start(world.kim, "character chat", character="lilith-2")
    assert named.view.title == f"Talk with {SECOND}"


@at("`character create`")
async def _(world: World) -> None:
    eve = world.newcomer()
    for _ in range(2):
        new = await Dialogue.start(eve, "character create", name="Lilith")
        await new.answer("create")
        mine = await world.ask(eve, "ListPersonalities", mine=True)
        made = mine.personalities[0]
        assert f"`{made.slug}`" in new.view.body
        assert await mentioned(eve, f"@{mention(new)} hello") == [made.id]


@at("`character edit`")
async def _(world: World) -> None:
    for owner, lilith in ((world.ada, world.first), (world.bo, world.second)):
        edit = await Dialogue.start(owner, "character edit", character="lilith")
        assert f"`{lilith.slug}`" in edit.view.body


@at("`character delete`")
async def _(world: World) -> None:
    for owner, title in ((world.ada, FIRST), (world.bo, SECOND)):
        asked = await Dialogue.start(owner, "character delete", character="Lilith")
        assert asked.view.title == f"Delete {title}?"
    eve = world.newcomer()
    third = await create(eve, "Lilith")
    asked = await Dialogue.start(eve, "character delete", character=third.slug)
    await asked.answer("delete", phrase="DELETE LILITH")
    assert asked.view.title == f"Lilith ({third.slug}) is gone"


@at("`character import`")
async def _(world: World) -> None:
    moving = await Dialogue.start(world.bo, "character import", character="lilith-2")
    await handed(moving, a_chat())
    assert list(moving.field("into").values) == ["lilith-2"]
    assert f"conversation `{SECOND}`" in moving.item("What would happen").text
    await moving.answer("import")
    await moving.watch()
    assert "`lilith-2`" in moving.view.body
    eve = world.newcomer()
    for number in ("One", "Two"):
        moving = await Dialogue.start(eve, "character import")
        await handed(moving, a_card(description=number, first_mes=number))
        await moving.answer("import")
        await moving.watch()
        made = (await world.ask(eve, "ListPersonalities", mine=True)).personalities[0]
        assert f"`{made.slug}`" in moving.view.body
        assert await mentioned(eve, f"@{mention(moving)} hello") == [made.id]


@at(
    "`character aliases`, `character avatar`, `character clone`, `character override`, "
    "`character share`"
)
async def _(world: World) -> None:
    for verb in ("aliases", "avatar", "clone", "override", "share"):
        for owner, label in ((world.ada, FIRST), (world.bo, SECOND)):
            begun = await Dialogue.start(owner, f"character {verb}", character="Lilith")
            assert label in begun.view.title, verb
    eve = world.newcomer()
    own = await create(eve, "Lilith")
    clone = await Dialogue.start(eve, "character clone", character=own.slug)
    await clone.answer(clone.actions[0], name="Lilith")
    made, _ = (await world.ask(eve, "ListPersonalities", mine=True)).personalities
    assert made.slug in clone.view.title
    assert await mentioned(eve, f"@{mention(clone)} hello") == [made.id]


@at("`channel activate`, `channel deactivate`, `channel browse`")
async def _(world: World) -> None:
    place = await world.both_in_a_channel()
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        asked = {"place": place, "arguments": {"character": slug}}
        begun = await world.ask(world.kim, "StartFlow", path="channel activate", **asked)
        assert begun.flow.view.title == f"{label} in this channel"
        begun = await world.ask(world.kim, "StartFlow", path="channel deactivate", **asked)
        assert begun.flow.view.title == f"Take {label} out of this channel?"
    begun = await world.ask(world.kim, "StartFlow", path="channel browse", place=place)
    assert [it.title for it in begun.flow.view.items] == [FIRST, SECOND]


@at("`deny add`, `deny browse`")
async def _(world: World) -> None:
    channel = {"platform": "local", "space_id": uuid4().hex, "channel_id": uuid4().hex}
    place = channel | {"venue": "VENUE_PUBLIC_CHANNEL"}
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        asked = {"place": place, "arguments": {"character": slug}}
        begun = await world.ask(world.kim, "StartFlow", path="deny add", **asked)
        form = Dialogue(world.kim, begun.flow)
        assert form.view.title == f"Deny {label}?"
        await form.answer("deny", kind="block")
    begun = await world.ask(world.kim, "StartFlow", path="deny browse", place=place)
    assert [it.title for it in begun.flow.view.items] == [SECOND, FIRST]


@at("`knowledge browse`")
async def _(world: World) -> None:
    for owner, label in ((world.ada, FIRST), (world.bo, SECOND)):
        browse = await Dialogue.start(owner, "knowledge browse", character="Lilith")
        assert browse.view.title == f"What {label} knows"


@at("`lorebook browse`, `lorebook test`")
async def _(world: World) -> None:
    for owner, label in ((world.ada, FIRST), (world.bo, SECOND)):
        browse = await Dialogue.start(owner, "lorebook browse", character="Lilith")
        assert browse.view.title == f"Lorebooks of {label}"
        await browse.answer("new", name="Town")
        assert label in browse.view.body
        test = await Dialogue.start(owner, "lorebook test", character="Lilith")
        assert test.view.title == f"Test {label}"


@at("`turn why`")
async def _(world: World) -> None:
    for one, label in zip(world.answers, (FIRST, SECOND), strict=True):
        why = await Dialogue.start(world.kim, "turn why", turn=one.turn_id)
        assert why.view.title == f"Why did {label} say that?"
        await why.answer("turns")
        assert {it.title.partition(", ")[2] for it in why.view.items} == {FIRST, SECOND}


@at("`message alternatives`, `message edit`, `message delete`")
async def _(world: World) -> None:
    for one, label in zip(world.answers, (FIRST, SECOND), strict=True):
        fields = {"conversation_id": one.conversation_id}
        listed = await world.kim.call("ListMessages", request_for("ListMessages", **fields))
        told = next(it for it in listed.messages if it.author == AUTHOR_PERSONALITY)
        for path in ("message alternatives", "message edit", "message delete"):
            flow = await Dialogue.start(world.kim, path, message=told.id)
            assert f"{label}, " in f"{flow.view.title}\n{flow.view.body}"
        asked = {"path": "message edit", "key": "message", "typed": label}
        offered = request_for("CompleteFlowArgument", **asked)
        choices = (await world.kim.call("CompleteFlowArgument", offered)).choices
        assert told.id in {it.value for it in choices}


_HISTORY = ("browse", "clear", "delete", "stats", "undo")


@at(
    "`history browse`, `history clear`, `history delete`, `history stats`, `history undo`, `note`",
)
async def _(world: World) -> None:
    for path in (*(f"history {verb}" for verb in _HISTORY), "note"):
        for label in (FIRST, SECOND):
            flow = await Dialogue.start(world.kim, path)
            assert {it.title.partition(",")[0] for it in flow.view.items} == {FIRST, SECOND}
            await flow.choose(label)
            assert label in flow.view.title
            slug = label[8:-1]
            direct = await Dialogue.start(world.kim, path, character=slug)
            assert direct.view.title == flow.view.title


@at("`memory add`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        add = await Dialogue.start(world.kim, "memory add", character=slug, text="I keep bees.")
        assert add.view.title == f"Is {label} to remember this of you?"
        assert list(add.field("character").values) == [slug]


@at("`memory browse`")
async def _(world: World) -> None:
    every = await Dialogue.start(world.kim, "memory browse")
    assert {it.title.partition(", ")[2] for it in every.view.items} == {FIRST, SECOND}
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        browse = await Dialogue.start(world.kim, "memory browse", character=slug)
        assert browse.view.title == f"What {label} remembers of you"
        await browse.answer("show", item=browse.view.items[0].key)
        assert browse.view.title.endswith(f", {label}")


@at("`memory export`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        taking = await Dialogue.start(world.kim, "memory export", character=slug)
        assert taking.view.title == f"What {label} remembers of you"
        await taking.answer("take")
        assert taking.view.document.name == f"memories-{slug}.jsonl"


@at("`memory purge`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        purge = await Dialogue.start(world.kim, "memory purge", character=slug)
        assert f"What {label} remembers of you." in purge.view.body
        await purge.answer("look")
        assert f"What {label} remembers of you." in purge.view.body
        assert purge.view.items[-1].title.endswith(f", {label}")


@at("`memory stats`, `memory graph`")
async def _(world: World) -> None:
    every = await Dialogue.start(world.kim, "memory stats")
    assert {FIRST, SECOND} <= {it.title for it in every.view.items}
    every = await Dialogue.start(world.kim, "memory graph")
    assert {f"{FIRST} (a character)", f"{SECOND} (a character)"} <= {
        it.title for it in every.view.items
    }
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        stats = await Dialogue.start(world.kim, "memory stats", character=slug)
        assert stats.view.title == f"What {label} remembers of you, in numbers"
        graph = await Dialogue.start(world.kim, "memory graph", character=slug)
        assert graph.view.title == f"Whom and what {label}'s memories of you are about"


@at("`memory search`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        search = await Dialogue.start(world.kim, "memory search", character=slug, query="bees")
        assert search.view.title == f"What {label} remembers"
        assert search.view.items[0].title.endswith(f", {label}")
        await search.answer("show", item=search.view.items[0].key)
        assert search.view.title.endswith(f", {label}")


@at("`memory facts`, `memory undo`")
async def _(world: World) -> None:
    await world.told()
    every = await Dialogue.start(world.kim, "memory facts")
    assert {it.text.partition(", ")[2] for it in every.view.items} == {FIRST, SECOND}
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        facts = await Dialogue.start(world.kim, "memory facts", character=slug)
        assert facts.view.title == f"What {label} knows of you"
        await facts.answer("show", item=facts.view.items[0].key)
        assert facts.view.title == f"What {label} knows"
        undo = await Dialogue.start(world.kim, "memory undo", character=slug)
        assert undo.view.title == f"Take back what {label} learnt"


@at("`memory dreams`")
async def _(world: World) -> None:
    await world.dreamt()
    every = await Dialogue.start(world.kim, "memory dreams")
    assert {it.title.partition(", ")[2] for it in every.view.items} == {FIRST, SECOND}
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        dreams = await Dialogue.start(world.kim, "memory dreams", character=slug)
        assert dreams.view.title == f"What {label} dreamt of you"
        await dreams.answer("show", item=dreams.view.items[0].key)
        assert dreams.view.title.endswith(f", {label}")


@at("the completion of a command's `character`")
async def _(world: World) -> None:
    asked = {"path": "memory browse", "key": "character", "typed": "lil"}
    choices = (await world.ask(world.kim, "CompleteFlowArgument", **asked)).choices
    labels = ["Lilith (lilith, by local:ada)", "Lilith (lilith-2, by local:bo)"]
    assert [it.label for it in choices] == labels
    for choice, label in zip(choices, (FIRST, SECOND), strict=True):
        browse = await Dialogue.start(world.kim, "memory browse", character=choice.value)
        assert browse.view.title == f"What {label} remembers of you"


@at("`tzurot …` with a character's name")
async def _(world: World) -> None:
    ended = await world.run("memory", "list", "-p", "Lilith")
    assert ended.err == "Lilith means lilith (by local:ada); also: lilith-2 by local:bo\n"
    ended = await world.run("personality", "show", "Lilith", by=world.bo)
    assert ended.err == "Lilith means lilith-2 (yours); also: lilith by local:ada\n"
    assert (await world.run("memory", "list", "-p", "lilith-2")).err == ""


@at("`tzurot personality list`, `show`, `delete`")
async def _(world: World) -> None:
    rows = [line.split()[:3] for line in (await world.run("personality", "list")).out.splitlines()]
    assert ["lilith", "Lilith", "local:ada"] in rows
    assert ["lilith-2", "Lilith", "local:bo"] in rows
    shown = (await world.run("personality", "show", "lilith-2")).out
    assert re.search(r"^slug +lilith-2$", shown, re.MULTILINE)
    assert re.search(r"^owner +local:bo$", shown, re.MULTILINE)
    async with world.shell(world.bo).terminal("personality", "delete", "Lilith") as screen:
        await screen.see(f"Delete {SECOND}, its conversations")
        screen.type("n\n")
        assert await screen.ended() == 1


@at("`tzurot chat`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        ended = await tzurot(
            *world.shell(world.kim).as_themselves,
            *("chat", slug),
            home=world.home,
            address=world.served.running.address,
            said="/help\n",
        )
        assert f"what {label} remembers of you" in ended.out


@at("`tzurot conversation list`")
async def _(world: World) -> None:
    listed = (await world.run("conversation", "list")).out
    for one, label in zip(world.answers, (FIRST, SECOND), strict=True):
        assert re.search(rf"^{one.conversation_id} +{re.escape(label)} ", listed, re.MULTILINE)
    only = (await world.run("conversation", "list", "-p", "lilith-2")).out
    assert (FIRST in only, SECOND in only) == (False, True)


@at("`tzurot turn list`, `inspect`")
async def _(world: World) -> None:
    listed = (await world.run("turn", "list")).out
    for one, label in zip(world.answers, (FIRST, SECOND), strict=True):
        assert re.search(rf"^{one.turn_id} .+ {re.escape(label)} ", listed, re.MULTILINE)
        shown = (await world.run("turn", "inspect", one.turn_id)).out
        assert f"conversation {one.conversation_id} with {label}\n" in shown


@at("`tzurot memory list`, `show`")
async def _(world: World) -> None:
    listed = (await world.run("memory", "list")).out.splitlines()[1:]
    assert all((FIRST in row) != (SECOND in row) for row in listed)
    for label in (FIRST, SECOND):
        row = next(row for row in listed if label in row)
        shown = (await world.run("memory", "show", row.split()[0])).out
        assert re.search(rf"^remembered by +{re.escape(label)}$", shown, re.MULTILINE)


@at("`tzurot memory purge`")
async def _(world: World) -> None:
    eve = world.newcomer()
    for slug in SLUGS:
        await world.run("memory", "add", "I keep bees.", "-p", slug, by=eve)
    told = await world.run("memory", "purge", "-p", "Lilith", "--venue", "public", "--yes", by=eve)
    assert told.err.startswith("Lilith means lilith (by local:ada); also: lilith-2 ")
    shown = (await world.run("memory", "purge", "--yes", by=eve)).out
    assert all(label in shown for label in (FIRST, SECOND))


@at("`tzurot memory fact list`, `show`")
async def _(world: World) -> None:
    await world.told()
    listed = (await world.run("memory", "fact", "list")).out.splitlines()[1:]
    for label in (FIRST, SECOND):
        row = next(row for row in listed if label in row)
        shown = (await world.run("memory", "fact", "show", row.split()[0])).out
        assert re.search(rf"^known by +{re.escape(label)}$", shown, re.MULTILINE)


@at("`tzurot memory dreams`")
async def _(world: World) -> None:
    await world.dreamt()
    shown = (await world.run("memory", "dreams")).out
    for label in (FIRST, SECOND):
        assert re.search(rf"^by +{re.escape(label)}$", shown, re.MULTILINE)


@at("`tzurot personality alias list`")
async def _(world: World) -> None:
    eve = world.newcomer()
    for lilith in (world.first, world.second):
        await call_it(eve, lilith, f"The {lilith.slug}")
    listed = (await world.run("personality", "alias", "list", by=eve)).out
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        assert re.search(rf" The {slug} +you +{re.escape(label)} *$", listed, re.MULTILINE)


@at("`tzurot lorebook show`")
async def _(world: World) -> None:
    for owner, lilith in ((world.ada, world.first), (world.bo, world.second)):
        book = (await world.ask(owner, "CreateLorebook", lorebook={"name": "Town"})).lorebook
        await world.run("lorebook", "attach", book.id, "Lilith", by=owner)
        shown = (await world.run("lorebook", "show", book.id, by=owner)).out
        label = re.escape(f"Lilith ({lilith.slug})")
        assert re.search(rf"^characters +{label}$", shown, re.MULTILINE)


@at("`tzurot claim list`")
async def _(world: World) -> None:
    listed = (await world.run("claim", "list")).out
    assert (FIRST in listed, SECOND in listed) == (True, True)
    decided = (await world.run("claim", "list", by=world.bo)).out
    assert (FIRST in decided, SECOND in decided) == (False, True)


@at("`tzurot channel show`, `list`")
async def _(world: World) -> None:
    place = await world.both_in_a_channel()
    named = f"local:{place['space_id']}/{place['channel_id']}"
    for command in (("show", named), ("list", named.partition("/")[0])):
        shown = (await world.run("channel", *command)).out
        assert FIRST in shown
        assert SECOND in shown
    for slug in SLUGS[::-1]:
        await world.run("channel", "deactivate", named, slug)
        assert f"({slug})" not in (await world.run("channel", "show", named)).out


@at("`tzurot deny add`")
async def _(world: World) -> None:
    told = await world.run("deny", "add", "--character", "Lilith", "--platform", "nowhere")
    assert told.err.startswith("Lilith means lilith (by local:ada); also: lilith-2 ")
    listed = await world.run("deny", "list", "--platform", "nowhere")
    for slug, denied in (("lilith", True), ("lilith-2", False)):
        shown = await world.run("personality", "show", slug, "--json")
        assert (json.loads(shown.out)["personality"]["id"] in listed.out) is denied


@at("`memory incognito`, `memory fresh`, `memory forget`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        mode = await Dialogue.start(world.kim, "memory incognito", character=slug)
        assert mode.view.title == f"Incognito with {label}"
        mode = await Dialogue.start(world.kim, "memory fresh", character=slug)
        assert mode.view.title == f"A fresh start with {label}"
        talk = await Dialogue.start(world.kim, "memory forget", character=slug)
        assert talk.view.title == f"Forget the last minutes with {label}"


@at("`wallet explain`")
async def _(world: World) -> None:
    for slug, label in zip(SLUGS, (FIRST, SECOND), strict=True):
        shown = await Dialogue.start(world.kim, "wallet explain", character=slug)
        assert shown.view.title == f"Who pays for your turns with {label}"


@at("`tzurot wallet explain`")
async def _(world: World) -> None:
    told = await world.run("wallet", "explain", "-p", "Lilith")
    assert told.err.startswith("Lilith means lilith (by local:ada); also: lilith-2 ")


@at("`tzurot memory incognito`, `fresh`, `forget`")
async def _(world: World) -> None:
    means = "Lilith means lilith (by local:ada); also: lilith-2 "
    for mode in ("incognito", "fresh"):
        told = await world.run("memory", mode, "on", "-p", "Lilith", "--for", "1h")
        assert told.err.startswith(means)
        for slug, on in (("lilith", True), ("lilith-2", False)):
            told = await world.run("memory", mode, "show", "-p", slug)
            assert told.out.startswith(f"{mode} is {'on' if on else 'off'}")
        await world.run("memory", mode, "off", "-p", "lilith")
    told = await world.run("memory", "forget", "--last", "1m", "-p", "Lilith", "--yes")
    assert told.err.startswith(means)


@at("`tzurot setting`")
async def _(world: World) -> None:
    told = await world.run("setting", "set", "memory_limit", "3", "--personality", "Lilith")
    assert told.err.startswith("Lilith means lilith (by local:ada); also: lilith-2 ")
    for slug, tier in (("lilith", "you with it"), ("lilith-2", "default")):
        told = await world.run("setting", "explain", "memory_limit", "--character", slug)
        assert re.search(rf"^decided by +{tier}$", told.out, re.MULTILINE)


@at("a channel on Discord")
async def _(world: World) -> None:
    async with on_discord(world) as meadow:
        meadow.fake.say(meadow.kit, meadow.channel, "@lilith-2 @lilith hello")
        second, first = await meadow.answers(meadow.channel, 2)
        assert (second.name, first.name) == ("Lilith", FIRST)
        meadow.fake.say(meadow.kit, meadow.channel, "@lilith again")
        assert (await meadow.answers(meadow.channel, 3))[2].name == FIRST


@at("a direct message on Discord, the answer to `/chat`")
async def _(world: World) -> None:
    async with on_discord(world) as meadow:
        direct = meadow.fake.direct_channel(meadow.kit)
        meadow.fake.direct_message(meadow.kit, "@lilith @lilith-2 hello")
        told = [it.content for it in await meadow.answers(direct, 2)]
        assert told[0].startswith("**Lilith:** ")
        assert told[1].startswith(f"**{SECOND}:** ")
        for typed, called in (("Lilith", "Lilith"), ("lilith-2", SECOND)):
            options = {"character": typed, "message": "Hello?"}
            asked = meadow.fake.slash(meadow.kit, meadow.channel, "chat", options)
            await meadow.fake.until(lambda asked=asked: asked.replies, SLOW)
            assert asked.replies[0].content.startswith(f"**{called}:** ")


@at("the completion of `/chat`")
async def _(world: World) -> None:
    async with on_discord(world) as meadow:
        typed = {"character": "lil"}
        completion = meadow.fake.complete(meadow.kit, meadow.channel, "chat", typed)
        await meadow.fake.until(lambda: completion.choices)
        first, second = completion.choices
        assert first == {"name": "Lilith (lilith, by local:ada)", "value": world.first.id}
        assert second == {"name": "Lilith (lilith-2, by local:bo)", "value": world.second.id}


@dataclass(frozen=True, slots=True)
class Meadow:
    """A channel on Discord with the bot and Kit, who has no character."""

    fake: FakeDiscord
    channel: Channel
    kit: User

    async def answers(self, channel: Channel, count: int) -> list[Message]:
        """What the bot has said there, once that is so many messages."""
        bot = self.fake.world.bot

        def said() -> list[Message]:
            found = [it for it in self.fake.messages(channel) if it.author is bot]
            return found if len(found) >= count else []

        return await self.fake.until(said, SLOW)


@asynccontextmanager
async def on_discord(world: World) -> AsyncGenerator[Meadow]:
    running = world.served.running
    async with FakeDiscord.start() as fake, a_bot(fake, running.address, running.token):
        yield Meadow(fake, fake.add_channel("meadow"), fake.add_member("kit", "Kit"))
        fake.check()


def a_card(**data: str) -> bytes:
    described = {"name": "Lilith", "description": "Keeps bees.", "first_mes": "Come in.", **data}
    card = {"spec": "chara_card_v2", "spec_version": "2.0", "data": described}
    return json.dumps(card).encode()


def a_chat() -> bytes:
    """A chat of SillyTavern."""
    rows = (
        {"user_name": "Bo", "character_name": "Lilith", "chat_metadata": {}},
        {"name": "Bo", "is_user": True, "send_date": "2025-03-01T12:00:00Z", "mes": "Hello."},
        {"name": "Lilith", "is_user": False, "send_date": "2025-03-01T12:01:00Z", "mes": "Hm."},
    )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def handed(moving: Dialogue, content: bytes) -> None:
    """Send a file to the wizard, and wait until it has looked at it."""
    await moving.answer("send", file=await moving.upload(content))
    await moving.watch()


def mention(dialogue: Dialogue) -> str:
    """What a view says to write behind an `@`."""
    (name,) = re.findall(r"`@(.+) hello`", dialogue.view.body)
    return name
