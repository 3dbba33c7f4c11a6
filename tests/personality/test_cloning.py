"""Copies of characters: all that makes one, for whoever may read it, and nothing else."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import Resident, saying, settle
from tests.personality.asking import call_it, create, share
from tests.transfer.handing import FORMATS, Mover, done, sample
from tzurot.formats.found import Document
from tzurot.personality import starter
from tzurot.personality.knowledge import learning
from tzurot.personality.tables import Personality
from tzurot.personality.v1 import personality_pb2

FIELDS = {
    **{
        name: f"Its {name}."
        for name in (
            "nickname", "description", "system_prompt", "greeting", "example_dialogues", "traits",
            "tone", "age", "appearance", "likes", "dislikes", "goals", "history", "scenario",
            "post_history_instructions", "error_message", "creator", "creator_notes",
            "character_version", "depth_prompt",
        )
    },
    "birthday": "10-31",
    "alternate_greetings": ["Sit down.", "Go away."],
    "group_greetings": ["All of you."],
    "tags": ["calm", "old"],
    "depth_prompt_depth": 7,
    "depth_prompt_role": "PROMPT_ROLE_USER",
    "regex_scripts": [{"name": "quiet", "find": "/!/g", "replace": ".", "on_output": True}],
    "custom_fields": [{"name": "Lamp", "text": "Brass."}, {"name": "Old", "silent": True}],
    "age_restricted": True,
}  # fmt: skip
CARD = "cards/tk_full_v2_card.json"  # with a book in it


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestTheCard:
    async def test_all_fields_are_copied(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public", definition_visible=True, **FIELDS)
        copy = await _clone(kael, lilith)
        said = {it.name for it in copy.DESCRIPTOR.fields} & set(FIELDS) | {"name"}
        assert said == {*FIELDS, "name"}
        assert {it: getattr(copy, it) for it in said} == {it: getattr(lilith, it) for it in said}
        assert not [it for it in said if it != "depth_prompt_depth" and not getattr(copy, it)]

    async def test_it_is_private_and_its_makers(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public", definition_visible=True)
        copy = await _clone(kael, lilith)
        assert copy.id != lilith.id
        assert copy.slug.startswith("lilith-")
        assert copy.visibility == personality_pb2.VISIBILITY_PRIVATE
        assert (copy.definition_visible, copy.owner_name) == (False, kael.subject)
        assert (copy.role, copy.etag) == (personality_pb2.PERSONALITY_ROLE_OWNER, "1")
        refusal = await mira.refused("GetPersonality", _of("GetPersonality", copy))
        assert refusal.reason == "PERSONALITY_NOT_FOUND"

    async def test_neither_follows_the_other(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith", greeting="Come in.", tags=["old"])
        copy = await _clone(mira, lilith)
        await Mover(mira).edits(lilith.id, greeting="Go away.", tags=["new"])
        await Mover(mira).edits(copy.id, description="Another one.")
        now = await Mover(mira).character(copy.id)
        assert (now.greeting, list(now.tags), now.description) == (
            "Come in.",
            ["old"],
            "Another one.",
        )
        assert (await Mover(mira).character(lilith.id)).description == ""
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        assert (await Mover(mira).character(copy.id)).greeting == "Come in."

    async def test_it_can_have_a_name_and_a_slug_of_its_own(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        mark = uuid4().hex[:12]
        named = await _clone(mira, lilith, name=f"Naamah {mark}")
        assert (named.name, named.slug) == (f"Naamah {mark}", f"naamah-{mark}")
        slug = f"copy-{mark}"
        assert (await _clone(mira, lilith, slug=slug)).slug == slug
        request = _of("ClonePersonality", lilith, slug=slug)
        refusal = await mira.refused("ClonePersonality", request)
        assert (refusal.reason, refusal.metadata) == ("SLUG_TAKEN", {"slug": slug})

    async def test_a_copy_can_be_copied_and_so_can_the_servers_own(self, mira: Client) -> None:
        request = request_for("ClonePersonality", personality={"slug": starter.SLUG})
        first = (await mira.call("ClonePersonality", request)).personality
        second = await _clone(mira, first)
        assert (second.name, second.greeting) == (first.name, first.greeting)
        assert second.avatar_sha256 == first.avatar_sha256 != ""


class TestRights:
    @pytest.mark.parametrize(
        ("role", "refused"),
        [
            ("blocked", "PERSONALITY_NOT_FOUND"),
            ("user", "DEFINITION_HIDDEN"),
            ("viewer", None),
            ("editor", None),
        ],
    )
    async def test_who_may_read_all_of_it_may_copy_it(
        self, role: str, refused: str | None, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith", "shared")
        await share(mira, lilith, kael, role)
        if refused is None:
            assert (await _clone(kael, lilith)).name == "Lilith"
            return
        refusal = await kael.refused("ClonePersonality", _of("ClonePersonality", lilith))
        assert refusal.reason == refused


class TestBooks:
    async def test_own_books_are_used_by_the_copy_too(self, mira: Client) -> None:
        lilith, book = await _imported(mira)
        copy = await Mover(mira).character((await _clone(mira, lilith)).id)
        assert list(copy.lorebook_ids) == list(lilith.lorebook_ids) == [book.id]
        (book,) = await Mover(mira).lists("ListLorebooks")
        assert set(book.personality_ids) == {lilith.id, copy.id}

    async def test_somebody_elses_become_ones_of_the_copys_owner(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith, book = await _imported(mira)
        extra = (await Mover(mira).imports(sample("lorebooks/tk_world_one.json"))).preview
        assert done(extra)
        world = next(it for it in await Mover(mira).lists("ListLorebooks") if it.id != book.id)
        attach = {"lorebook_id": world.id, "personality": {"id": lilith.id}}
        await mira.call("AttachLorebook", request_for("AttachLorebook", **attach))
        await share(mira, lilith, kael, "viewer")
        copy = await Mover(kael).character((await _clone(kael, lilith)).id)
        mine = {it.id: it for it in await Mover(kael).lists("ListLorebooks")}
        assert set(mine) == set(copy.lorebook_ids)
        assert not set(mine) & {book.id, world.id}
        assert [mine[it].name for it in copy.lorebook_ids] == [book.name, world.name]
        for old, new in zip((book.id, world.id), copy.lorebook_ids, strict=True):
            assert await _entries(served, new) == await _entries(served, old)
        assert await _uses(served, copy.id) == await _uses(served, lilith.id) == [True, False]
        again = await Mover(kael).character((await _clone(kael, lilith)).id)
        assert list(again.lorebook_ids) == list(copy.lorebook_ids)  # equal ones are stored once

    async def test_a_book_that_was_edited_is_copied_as_it_is_now(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith, book = await _imported(mira)
        await Mover(kael).imports(sample(CARD))  # the same book, as it came
        await share(mira, lilith, kael, "viewer")
        await _edit_an_entry(served, book.id)
        copy = await Mover(kael).character((await _clone(kael, lilith)).id)
        assert await _entries(served, copy.lorebook_ids[0]) == await _entries(served, book.id)


class TestDocuments:
    async def test_passages_keep_their_meaning_and_words(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        await share(mira, lilith, kael, "viewer")
        stories = [Document(f"Bell {at} rings. " * 300, title=f"Bells {at}") for at in range(3)]
        await _teach(served, lilith.id, stories)
        copy = await _clone(kael, lilith)
        passages = await _passages(served, lilith.id)
        assert len(passages) > 3
        assert all(row[-2] for row in passages)  # a vector
        assert await _passages(served, copy.id) == passages
        listed = await Mover(kael).lists("ListDocuments", personality={"id": copy.id})
        assert [it.title for it in listed] == ["Bells 2", "Bells 1", "Bells 0"]
        request = _of("SearchKnowledge", copy, query="Which bell rings?")
        hits = (await kael.call("SearchKnowledge", request)).passages
        assert {hit.document_id for hit in hits} <= {it.id for it in listed}
        assert hits


class TestTheSource:
    @pytest.mark.parametrize("as_format", FORMATS)
    async def test_a_copy_goes_out_as_the_original_does(
        self, as_format: str, mira: Client, kael: Client
    ) -> None:
        lilith, _ = await _imported(mira)
        await share(mira, lilith, kael, "viewer")
        copy = await _clone(kael, lilith)
        await Mover(mira).edits(lilith.id, slug=f"original-{uuid4().hex[:8]}")
        original = await Mover(mira).exports(lilith.id, as_format)
        exported = await Mover(kael).exports(copy.id, as_format)
        slug = (await Mover(mira).character(lilith.id)).slug
        assert exported.replace(copy.slug.encode(), slug.encode()) == original

    async def test_what_is_imported_again_leaves_copies_alone(self, mira: Client) -> None:
        lilith, _ = await _imported(mira)
        copy = await Mover(mira).character((await _clone(mira, lilith)).id)
        again = await Mover(mira).imports(sample(CARD))
        assert again.personality.id == lilith.id
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        new = await Mover(mira).imports(sample(CARD))
        assert new.personality.id not in {lilith.id, copy.id}
        assert await Mover(mira).character(copy.id) == copy


class TestWhatStays:
    async def test_nothing_that_people_have_with_the_original_comes_along(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        resident = await settle(mira, served)  # with a conversation, a memory, a claim and more
        lilith = await Mover(mira).character(resident.ids.personality)
        await _live_with(mira, kael, resident, lilith)
        copy = await _clone(mira, lilith)
        here, there = await _hanging(served, lilith.id), await _hanging(served, copy.id)
        assert set(here) >= {
            "conversations", "memories", "personality_aliases", "personality_overrides",
            "personality_shares", "settings", "unclaimed_memories",
        }  # fmt: skip
        assert set(there) == {"documents", "lorebook_uses", "passages"}
        assert {name: here[name] for name in there} == there


class TestRepeats:
    async def test_a_repeat_gives_the_copy_even_when_the_original_is_gone(
        self, mira: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        request = _of("ClonePersonality", lilith, request_id=str(uuid4()))
        first = (await mira.call("ClonePersonality", request)).personality
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        await Mover(mira).edits(first.id, greeting="Here.")
        again = (await mira.call("ClonePersonality", request)).personality
        assert (again.id, again.greeting) == (first.id, "Here.")

    async def test_twins_copy_books_and_documents_once(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith, _ = await _imported(mira)
        await share(mira, lilith, kael, "viewer")
        await _teach(served, lilith.id, [Document("The bells ring at night.", title="Bells")])
        request = _of("ClonePersonality", lilith, request_id=str(uuid4()))
        made = await asyncio.gather(*(kael.call("ClonePersonality", request) for _ in range(5)))
        (copy_id,) = {it.personality.id for it in made}
        assert len(await Mover(kael).lists("ListLorebooks")) == 1
        assert len(await Mover(kael).lists("ListDocuments", personality={"id": copy_id})) == 1

    async def test_a_request_id_of_a_creation_is_none_of_a_copy(self, mira: Client) -> None:
        key = str(uuid4())
        request = request_for("CreatePersonality", personality={"name": "Lilith"}, request_id=key)
        lilith = (await mira.call("CreatePersonality", request)).personality
        refusal = await mira.refused(
            "ClonePersonality", _of("ClonePersonality", lilith, request_id=key)
        )
        assert refusal.reason == "REQUEST_ID_REUSED"


def _of(rpc: str, character: Any, **fields: Any) -> Any:
    return request_for(rpc, personality={"id": character.id}, **fields)


async def _clone(client: Client, character: Any, **fields: str) -> Any:
    request = _of("ClonePersonality", character, **fields)
    return (await client.call("ClonePersonality", request)).personality


async def _imported(client: Client) -> tuple[Any, Any]:
    """A character out of a card, and the book in it."""
    made = (await Mover(client).imports(sample(CARD))).personality
    (book,) = await Mover(client).lists("ListLorebooks")
    return await Mover(client).character(made.id), book


async def _live_with(mira: Client, kael: Client, resident: Resident, lilith: Any) -> None:
    """Everything else that a character can have: names, roles, overrides, settings, talk."""
    await call_it(mira, lilith, f"Lil {uuid4().hex}", everybody=True)
    await share(mira, lilith, kael, "viewer")
    for who in (mira, kael):
        override = _of("UpdatePersonalityOverride", lilith, override={"nickname": "Lil"})
        await who.call("UpdatePersonalityOverride", override)
    keeping = {"key": "persona", "value": {"flag": False}, "personality": {"id": lilith.id}}
    for rpc in ("SetPersonalitySetting", "SetPersonSetting"):
        await mira.call(rpc, request_for(rpc, **keeping))
    await mira.call("Chat", saying("Remember me.", resident.ids.personality))


async def _teach(served: Served, personality_id: str, stories: Sequence[Document]) -> None:
    """Let a character know stories, their meaning included."""
    async with served.running.parts.database.transaction() as tx:
        for story in stories:
            await learning.take_in(tx, UUID(personality_id), [story])
        meaning = "CAST(array_fill(position + 1, ARRAY[384]) AS halfvec)"
        query = text(f"UPDATE passages SET embedding = {meaning} WHERE personality_id = :id")  # noqa: S608 - ours
        await tx.execute(query, {"id": UUID(personality_id)})


async def _rows(served: Served, query: str, **values: str) -> Sequence[Any]:
    async with served.running.parts.database.transaction() as tx:
        return (await tx.execute(text(query), values)).all()


async def _entries(served: Served, lorebook_id: str) -> Sequence[Any]:
    return await _rows(
        served,
        "SELECT position, name, keys, secondary_keys, content, enabled, constant, selective, "
        "use_regex, case_sensitive, insertion_order, priority, place, extensions "
        "FROM lorebook_entries WHERE lorebook_id = :id ORDER BY position",
        id=lorebook_id,
    )


async def _edit_an_entry(served: Served, lorebook_id: str) -> None:
    async with served.running.parts.database.transaction() as tx:
        for statement in (
            "UPDATE lorebook_entries SET content = 'Edited.' WHERE lorebook_id = :id",
            "UPDATE lorebooks SET update_time = now() WHERE id = :id",
        ):
            await tx.execute(text(statement), {"id": lorebook_id})


async def _uses(served: Served, personality_id: str) -> list[bool]:
    """Of each book of a character whether it came in its card."""
    rows = await _rows(
        served,
        "SELECT embedded FROM lorebook_uses WHERE personality_id = :id ORDER BY position",
        id=personality_id,
    )
    return [row.embedded for row in rows]


async def _passages(served: Served, personality_id: str) -> Sequence[Any]:
    return await _rows(
        served,
        "SELECT d.title, p.position, p.text, CAST(embedding AS text), CAST(words AS text) "
        "FROM passages p JOIN documents d ON d.id = document_id "
        "WHERE p.personality_id = :id ORDER BY d.id, p.position",
        id=personality_id,
    )


async def _hanging(served: Served, personality_id: str) -> Mapping[str, int]:
    """How many rows of each table are of a character, of those that have some."""
    found: dict[str, int] = {}
    async with served.running.parts.database.transaction() as tx:
        names = await tx.scalars(
            text(
                "SELECT table_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND column_name = 'personality_id'"
            )
        )
        for name in names.all():
            query = text(f"SELECT count(*) FROM {name} WHERE personality_id = :id")  # noqa: S608 - ours
            if count := await tx.scalar(query, {"id": personality_id}):
                found[name] = count
        query = select(Personality.id).where(Personality.id == UUID(personality_id))
        assert (await tx.scalars(query)).one()
    return found
