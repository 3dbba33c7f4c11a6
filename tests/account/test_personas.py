"""Personas: those that move in, once and kept up with their source; listed and deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account import personas
from tzurot.account.personas import Arrived
from tzurot.account.tables import Persona
from tzurot.formats.found import Face, ProxyTag
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival
from tzurot.memory.remembering import Owner
from tzurot.memory.tables import Memory

ADA = Face(
    name="Ada",
    display_name="Ada ✨",
    description="Keeps bees.",
    pronouns="she/her",
    birthday="1985-12-10",
    avatar_url="https://example.org/ada.png",
    proxy_tags=(ProxyTag("A:"), ProxyTag("[", "]")),
    keep_proxy=True,
    private=False,
    origin="pluralkit:abcde",
    source=b'{"id":"abcde"}',
)
KAEL = Face(name="Kael", origin="pluralkit:fghij", source=b"1")


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whose faces move in."""

    served: Served
    client: Client
    person_id: UUID
    persona_id: UUID

    async def brings(self, *faces: Face, character: UUID | None = None) -> Arrived:
        async with self.served.running.parts.database.transaction() as tx:
            return await personas.arrive(tx, self.person_id, faces, character)

    async def shown(self) -> Sequence[Any]:
        return (await self.client.call("ListPersonas")).personas

    async def names(self) -> list[str]:
        """Of all but the default."""
        return [persona.name for persona in await self.shown() if not persona.is_default]

    async def character(self) -> UUID:
        request = request_for("CreatePersonality", personality={"name": "Lilith"})
        return UUID((await self.client.call("CreatePersonality", request)).personality.id)

    async def shown_to(self, character: UUID) -> str:
        """The name by which the person is known to a character."""
        async with self.served.running.parts.database.transaction() as tx:
            return (await personas.shown_to(tx, self.person_id, character)).name


async def _mover(served: Served, name: str) -> Mover:
    (client,) = served.people(name)
    person = (await client.call("GetMe")).person
    return Mover(served, client, UUID(person.id), UUID(person.persona.id))


@pytest.fixture
async def mira(served: Served) -> Mover:
    return await _mover(served, "mira")


async def test_a_face_becomes_a_persona_with_all_that_it_says(mira: Mover) -> None:
    assert await mira.brings(ADA) == Arrived(created=1, updated=0, kept=0)
    _, ada = await mira.shown()
    assert (ada.name, ada.display_name, ada.description) == ("Ada", "Ada ✨", "Keeps bees.")
    assert (ada.pronouns, ada.birthday) == ("she/her", "1985-12-10")
    assert [(tag.prefix, tag.suffix) for tag in ada.proxy_tags] == [("A:", ""), ("[", "]")]
    assert (ada.is_default, ada.personality_id) == (False, "")
    async with mira.served.running.parts.database.transaction() as tx:
        row = (await tx.scalars(select(Persona).where(Persona.id == UUID(ada.id)))).one()
    assert (row.avatar_url, row.keep_proxy, row.private) == (ADA.avatar_url, True, False)
    assert (row.origin, row.source) == (ADA.origin, ADA.source)


async def test_the_same_face_again_is_kept(mira: Mover) -> None:
    await mira.brings(ADA, KAEL)
    before = await mira.shown()
    assert await mira.brings(ADA, KAEL) == Arrived(created=0, updated=0, kept=2)
    assert await mira.shown() == before


async def test_a_face_that_changed_at_its_source_is_changed_here(mira: Mover) -> None:
    await mira.brings(ADA, KAEL)
    changed = replace(ADA, name="Lady Ada", proxy_tags=(ProxyTag("L:"),), source=b"2")
    assert await mira.brings(changed, KAEL) == Arrived(created=0, updated=1, kept=1)
    assert await mira.names() == ["Kael", "Lady Ada"]
    (*_, ada) = await mira.shown()
    assert [tag.prefix for tag in ada.proxy_tags] == ["L:"]


async def test_a_face_without_an_origin_is_known_by_its_name(mira: Mover) -> None:
    face = Face(name="Ada", source=b"1")
    await mira.brings(face)
    assert await mira.brings(replace(face, description="New.", source=b"2")) == Arrived(0, 1, 0)
    assert await mira.brings(Face(name="ada", source=b"3")) == Arrived(1, 0, 0)
    assert await mira.brings(ADA) == Arrived(1, 0, 0)  # it has an origin: another one


async def test_twins_in_a_file_are_one_face_as_the_last_says(mira: Mover) -> None:
    assert await mira.brings(ADA, replace(ADA, name="Lady Ada")) == Arrived(1, 0, 0)
    assert await mira.names() == ["Lady Ada"]


async def test_the_default_persona_is_never_changed(mira: Mover) -> None:
    await mira.brings(Face(name="", description="Not me."), ADA)
    (default, *_) = await mira.shown()
    assert (UUID(default.id), default.is_default) == (mira.persona_id, True)
    assert default.description == ""
    person = (await mira.client.call("GetMe")).person
    assert person.persona == default


async def test_a_face_for_a_character_is_shown_to_it_alone(mira: Mover) -> None:
    lilith, other = await mira.character(), await mira.character()
    await mira.brings(replace(ADA, for_character=True), KAEL, character=lilith)
    shown = {persona.name: persona.personality_id for persona in await mira.shown()}
    assert shown == {"": "", "Ada": str(lilith), "Kael": ""}
    assert await mira.shown_to(lilith) == "Ada ✨"
    assert await mira.shown_to(other) == ""


async def test_what_moves_in_is_its_person_s_alone(served: Served, mira: Mover) -> None:
    kael = await _mover(served, "kael")
    await mira.brings(ADA)
    assert await kael.brings(ADA) == Arrived(1, 0, 0)
    assert await kael.brings(ADA) == Arrived(0, 0, 1)
    lilith = await mira.character()
    await mira.brings(Face("Me", for_character=True), character=lilith)
    assert await kael.shown_to(lilith) == ""


async def test_two_imports_at_once_make_each_persona_once(mira: Mover) -> None:
    counts = await asyncio.gather(*(mira.brings(*pair) for pair in ((ADA, KAEL), (KAEL, ADA))))
    assert sorted(counts, key=lambda it: it.created) == [Arrived(0, 0, 2), Arrived(2, 0, 0)]


async def test_what_changed_at_the_source_is_updated_and_what_is_new_is_created(
    mira: Mover,
) -> None:
    assert await mira.brings(ADA) == Arrived(1, 0, 0)
    assert await mira.brings(replace(ADA, source=b"2"), KAEL) == Arrived(1, 1, 0)


async def test_the_default_is_listed_first_then_by_name(mira: Mover) -> None:
    await mira.brings(*(Face(name=name, origin=f"o:{name}") for name in ("Zoe", "Ada", "Max")))
    assert [persona.name for persona in await mira.shown()] == ["", "Ada", "Max", "Zoe"]
    seen: list[str] = []
    token = ""
    while True:
        request = request_for("ListPersonas", page_size=1, page_token=token)
        page = await mira.client.call("ListPersonas", request)
        seen += [persona.name for persona in page.personas]
        token = page.next_page_token
        if not token:
            break
    assert seen == ["", "Ada", "Max", "Zoe"]


class TestDelete:
    async def test_takes_the_persona_s_memories_along(self, mira: Mover) -> None:
        lilith = await mira.character()
        await mira.brings(ADA)
        _, ada = await mira.shown()
        owner = Owner(UUID(ada.id), lilith)
        arrival = Arrival(clock.uuid7(), "I keep bees.", "", "", "Lilith", clock.now())
        parts = mira.served.running.parts
        async with parts.database.transaction() as tx:
            await arrivals.remember(tx, owner, [arrival], parts.jobs)
        await mira.client.call("DeletePersona", request_for("DeletePersona", persona_id=ada.id))
        assert await mira.names() == []
        async with parts.database.transaction() as tx:
            left = await tx.scalars(select(Memory.id).where(Memory.persona_id == UUID(ada.id)))
            assert left.all() == []

    async def test_leaves_the_default(self, mira: Mover) -> None:
        request = request_for("DeletePersona", persona_id=str(mira.persona_id))
        refusal = await mira.client.refused("DeletePersona", request)
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "PERSONA_IS_DEFAULT")
        assert len(await mira.shown()) == 1

    async def test_lets_a_persona_move_in_again(self, mira: Mover) -> None:
        await mira.brings(ADA)
        _, ada = await mira.shown()
        await mira.client.call("DeletePersona", request_for("DeletePersona", persona_id=ada.id))
        assert await mira.brings(ADA) == Arrived(1, 0, 0)
