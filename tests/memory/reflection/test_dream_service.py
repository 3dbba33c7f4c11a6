"""Reflections and dreams as their person reads them: over gRPC, in the flow, in the terminal."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.clients.cli.people import Person
from tests.conftest import Served
from tests.flow.dialogue import OPEN, Dialogue, create, delete, starting
from tests.flow.past import Past
from tests.memory.reflection.gathering import BEES, MORE
from tzurot import clock
from tzurot.memory.reflection.reflection import Reflection
from tzurot.memory.reflection.reflection_store import ENOUGH

DREAM = "I walked over a roof that hummed."


async def dreams_of(served: Served, client: Client, lilith: Any, *texts: str) -> list[str]:
    """Let a character have dreamt; the ids, the oldest first."""
    database, ids = served.running.parts.database, sorted(str(clock.uuid7()) for _ in texts)
    async with database.transaction() as tx:
        persona = await tx.scalar(
            text(
                "SELECT p.id FROM personas p JOIN identities i USING (person_id)"
                " WHERE i.subject = :subject"
            ),
            {"subject": client.subject},
        )
        for dream_id, words in zip(ids, texts, strict=True):
            values = {"id": dream_id, "persona": persona, "lilith": lilith.id, "words": words}
            await tx.execute(
                text("INSERT INTO dreams VALUES (:persona, :lilith, :words, :now, :id)"),
                values | {"now": clock.now()},
            )
    return ids


@pytest.fixture
def mira(served: Served) -> Client:
    return served.people("mira")[0]


@pytest.fixture
def kael(served: Served) -> Client:
    return served.people("kael")[0]


async def listed(client: Client, **fields: Any) -> list[str]:
    answer = await client.call("ListDreams", request_for("ListDreams", **fields))
    return [it.id for it in answer.dreams]


async def remember(client: Client, lilith: Any, words: str) -> str:
    request = request_for("CreateMemory", personality_id=lilith.id, text=words)
    return (await client.call("CreateMemory", request)).memory.id


async def reflected(served: Served, client: Client, lilith: Any) -> tuple[Any, list[str]]:
    """A reflection as its person reads it, and what it was gathered from."""
    ids = [await remember(client, lilith, words) for words in (*BEES, MORE)]
    for number in range(ENOUGH):
        await remember(client, lilith, f"{'abcdefghijklmnopqrstuvwxyz'[number] * 5}.")
    reflection = Reflection(served.running.parts.database, served.running.parts.jobs)
    await reflection.reflect()
    request = request_for("GetMemory", memory_id=ids[0])
    persona_id = (await client.call("GetMemory", request)).memory.persona_id
    await reflection.look(persona_id, lilith.id)
    request = request_for("ListMemories", personality_id=lilith.id, page_size=200)
    memories = (await client.call("ListMemories", request)).memories
    (it,) = [memory for memory in memories if memory.kind == 2]  # MEMORY_KIND_REFLECTION
    return it, ids


class TestReflections:
    async def test_it_is_a_memory_of_its_own_kind_with_its_sources(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira)
        it, ids = await reflected(served, mira, lilith)
        assert list(it.source_ids) == sorted(ids)
        assert it.sector == 5  # SECTOR_REFLECTIVE
        assert [(one.speaker, one.speaker_name) for one in it.utterances] == [(2, "Lilith")]
        assert BEES[0] in it.utterances[0].text
        kept = await mira.call("GetMemory", request_for("GetMemory", memory_id=it.id))
        assert list(kept.memory.source_ids) == sorted(ids)
        first = await mira.call("GetMemory", request_for("GetMemory", memory_id=ids[0]))
        assert list(first.memory.source_ids) == []

    async def test_it_goes_with_a_source_and_is_nobody_else_s(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        it, ids = await reflected(served, mira, await create(mira))
        wanted = request_for("GetMemory", memory_id=it.id)
        assert (await kael.refused("GetMemory", wanted)).reason == "MEMORY_NOT_FOUND"
        await mira.call("DeleteMemory", request_for("DeleteMemory", memory_id=ids[0]))
        assert (await mira.refused("GetMemory", wanted)).reason == "MEMORY_NOT_FOUND"

    async def test_the_flow_shows_it_as_the_characters_note(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira)
        it, _ = await reflected(served, mira, lilith)
        browse = await Dialogue.start(mira, "memory browse", character=lilith.slug)
        await browse.answer("show", item=it.id)
        assert browse.view.body.startswith(f"**Lilith**: {it.utterances[0].text}\n\n")


class TestDreams:
    async def test_they_are_listed_newest_first_of_all_characters_or_one(
        self, served: Served, mira: Client
    ) -> None:
        lilith, other = await create(mira), await create(mira)
        first, second = await dreams_of(served, mira, lilith, DREAM, "A sea.")
        (third,) = await dreams_of(served, mira, other, "A hill.")
        assert await listed(mira) == [third, second, first]
        assert await listed(mira, personality_id=lilith.id) == [second, first]
        answer = await mira.call("ListDreams", request_for("ListDreams", page_size=1))
        (dream,) = answer.dreams
        assert (dream.text, dream.personality_id) == ("A hill.", other.id)
        assert answer.next_page_token

    async def test_another_person_s_are_not_listed_nor_deleted(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira)
        (theirs,) = await dreams_of(served, mira, lilith, DREAM)
        await remember(kael, await create(kael), "I keep hens.")
        assert await listed(kael) == []
        assert await listed(kael, personality_id=lilith.id) == []
        request = request_for("DeleteDream", dream_id=theirs)
        refusal = await kael.refused("DeleteDream", request)
        assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "DREAM_NOT_FOUND")
        assert await listed(mira) == [theirs]

    async def test_one_that_is_deleted_is_gone(self, served: Served, mira: Client) -> None:
        (dream,) = await dreams_of(served, mira, await create(mira), DREAM)
        request = request_for("DeleteDream", dream_id=dream)
        await mira.call("DeleteDream", request)
        assert await listed(mira) == []
        assert (await mira.refused("DeleteDream", request)).reason == "DREAM_NOT_FOUND"

    async def test_they_go_with_their_character(self, served: Served, mira: Client) -> None:
        lilith = await create(mira)
        await dreams_of(served, mira, lilith, DREAM)
        await delete(mira, lilith.id)
        assert await listed(mira) == []


class TestTheFlow:
    async def test_dreams_are_listed_read_and_forgotten_after_a_question(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira)
        await dreams_of(served, mira, lilith, DREAM, "A sea. " * 100)
        flow = await Dialogue.start(mira, "memory dreams", character=lilith.slug)
        assert flow.view.title.startswith("What Lilith")
        assert [item.text[:10] for item in flow.view.items] == ["A sea. A s", "I walked o"]
        assert flow.view.items[0].title.endswith(f" UTC, Lilith ({lilith.slug})")
        await flow.answer("show", item=flow.view.items[1].key)
        assert (flow.view.body, flow.actions) == (DREAM, ["back", "ask", "close"])
        await flow.answer("ask")
        assert (flow.view.title, flow.actions) == ("Forget this?", ["back", "forget", "close"])
        await flow.answer("back")
        await flow.answer("ask")
        view = await flow.answer("forget")
        assert view.body.startswith("Forgotten.")
        assert len(view.items) == len(await listed(mira)) == 1

    async def test_they_come_in_pages(self, served: Served, mira: Client) -> None:
        await dreams_of(served, mira, await create(mira), *(f"Number {it}." for it in range(12)))
        flow = await Dialogue.start(mira, "memory dreams")
        assert len(flow.view.items) == 10
        await flow.answer("next")
        assert [item.text for item in flow.view.items] == ["Number 1.", "Number 0."]

    async def test_those_of_all_of_ones_personas_are_there_and_of_each(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira)
        past = Past(served, mira, lilith)
        lunas, own = await dreams_of(served, mira, lilith, "Luna's.", DREAM)
        luna = await past.new_persona("Luna")
        moved = {"luna": luna, "dream": lunas}
        await past.execute("UPDATE dreams SET persona_id = :luna WHERE id = :dream", moved)
        assert await listed(mira) == [own, lunas]
        flow = await Dialogue.start(mira, "memory dreams")
        assert [item.key for item in flow.view.items] == [own, lunas]
        await flow.answer("whose", persona=str(luna))
        assert [item.key for item in flow.view.items] == [lunas]
        await mira.call("DeleteDream", request_for("DeleteDream", dream_id=lunas))
        assert await listed(mira) == [own]

    async def test_what_was_forgotten_elsewhere_is_told(self, served: Served, mira: Client) -> None:
        (dream,) = await dreams_of(served, mira, await create(mira), DREAM)
        flow = await Dialogue.start(mira, "memory dreams")
        await flow.answer("show", item=dream)
        await mira.call("DeleteDream", request_for("DeleteDream", dream_id=dream))
        await flow.look()
        assert (flow.view.body, flow.actions) == ("That was forgotten already.", ["list", "close"])
        view = await flow.answer("list")
        assert view.body.startswith("No character has dreamt of you yet.")

    async def test_anybody_else_s_are_not_shown(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira)
        (dream,) = await dreams_of(served, mira, lilith, DREAM)
        flow = await Dialogue.start(kael, "memory dreams")
        assert (list(flow.view.items), flow.flow.state) == ([], OPEN)
        view = await flow.answer("show", item=dream)
        assert (view.notice, list(view.items)) == ("That is not in the list any more.", [])
        hidden = await create(mira, visibility="VISIBILITY_PRIVATE")
        refusal = await kael.refused("StartFlow", starting("memory dreams", character=hidden.slug))
        assert refusal.reason == "PERSONALITY_NOT_FOUND"


class TestTheTerminal:
    async def test_dreams_are_read_and_deleted(
        self, served: Served, mira: Client, tmp_path: Path
    ) -> None:
        lilith = await create(mira)
        first, second = await dreams_of(served, mira, lilith, DREAM, "A sea.")
        shell = Person(served, mira, tmp_path)
        told = await shell.run("memory", "dreams", "-p", lilith.slug)
        assert (told.code, told.err) == (0, "")
        assert told.out.index("A sea.") < told.out.index(DREAM)
        assert f"Lilith ({lilith.slug})" in told.out
        document = await shell.document("memory", "dreams", "-n", "1")
        assert [it["id"] for it in document["dreams"]] == [second]
        gone = await shell.run("memory", "dream-delete", first)
        assert gone.out == f"The dream {first} is forgotten.\n"
        assert await listed(mira) == [second]
        again = await shell.run("memory", "dream-delete", first)
        assert again.code != 0
        assert first in again.err
