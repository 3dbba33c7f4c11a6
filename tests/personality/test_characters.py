"""Characters: made, changed, shown to whom they may be, and gone with all that hangs on them."""

import asyncio
import hashlib
import re
from functools import partial
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, refusal_of, request_for
from tests.conftest import Served
from tests.contract.residents import Resident, saying, settle
from tests.session.stage import until
from tzurot.account import store
from tzurot.account.subjects import Subject
from tzurot.memory.browsing import Memories
from tzurot.memory.remembering import INDEX_JOB, Owner
from tzurot.personality import starter, wire
from tzurot.personality.characters import Characters
from tzurot.personality.v1.personality_pb2 import (
    VISIBILITY_PRIVATE,
    VISIBILITY_PUBLIC,
    Personality,
)
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.transport.subject import Caller

CHUNK = 64 * 1024


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestCreating:
    async def test_what_was_asked_for_is_what_is_stored(self, mira: Client) -> None:
        wanted = {
            "name": "Lilith",
            "description": "Keeps an archive.",
            "system_prompt": "You are Lilith.",
            "greeting": "Come in.",
            "example_dialogues": "{{user}}: Hi.\n{{char}}: Hm.",
            "visibility": VISIBILITY_PUBLIC,
        }
        created = await _create(mira, **wanted)
        for name, value in wanted.items():
            assert getattr(created, name) == value
        assert (created.etag, created.editable, created.avatar_sha256) == ("1", True, "")
        assert created.create_time == created.update_time
        assert await _get(mira, id=created.id) == created
        assert await _get(mira, slug=created.slug) == created

    async def test_a_new_character_is_private_unless_asked_otherwise(self, mira: Client) -> None:
        assert (await _create(mira, name="Shy")).visibility == VISIBILITY_PRIVATE

    async def test_output_only_fields_are_ignored(self, mira: Client) -> None:
        created = await _create(mira, name="Lilith", id=str(uuid4()), etag="9", editable=False)
        assert (created.etag, created.editable) == ("1", True)

    async def test_a_name_is_required_and_the_answer_says_so(self, mira: Client) -> None:
        request = request_for("CreatePersonality", personality={"slug": "nameless"})
        refusal = await mira.refused("CreatePersonality", request)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("personality.name",))
        assert refusal.message == "personality.name: must not be empty."

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Lilith the {}", "lilith-the-{}"),
            ("  --Ünï {}!  ", "uni-{}"),
            ("Straße {}", "strasse-{}"),
            ("C3-PO {}", "c3-po-{}"),
        ],
    )
    async def test_a_slug_is_made_from_the_name(self, name: str, slug: str, mira: Client) -> None:
        mark = uuid4().hex[:12]
        assert (await _create(mira, name=name.format(mark))).slug == slug.format(mark)

    async def test_a_name_without_a_latin_letter_gets_a_slug_too(self, mira: Client) -> None:
        slug = (await _create(mira, name="Борис")).slug
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)

    async def test_a_long_name_makes_a_slug_that_fits(self, mira: Client) -> None:
        created = [await _create(mira, name="-a" * 40) for _ in range(2)]
        assert all(len(it.slug) <= 64 for it in created)
        assert len({it.slug for it in created}) == 2

    async def test_a_made_slug_that_is_taken_gets_a_tail(self, mira: Client, kael: Client) -> None:
        name = f"Twin {uuid4().hex[:8]}"
        first, second = await _create(mira, name=name), await _create(kael, name=name)
        assert second.slug.startswith(f"{first.slug}-")

    async def test_a_chosen_slug_that_is_taken_is_refused(self, mira: Client, kael: Client) -> None:
        taken = (await _create(mira, name="Lilith")).slug
        request = request_for("CreatePersonality", personality={"name": "It", "slug": taken})
        refusal = await kael.refused("CreatePersonality", request)
        assert (refusal.code.name, refusal.reason) == ("ALREADY_EXISTS", "SLUG_TAKEN")
        assert refusal.metadata == {"slug": taken}

    async def test_of_two_who_choose_a_slug_at_once_one_gets_it(
        self, mira: Client, kael: Client
    ) -> None:
        slug = f"race-{uuid4().hex[:8]}"
        outcomes = await asyncio.gather(
            *(_create(who, name="Racer", slug=slug) for who in (mira, kael)),
            return_exceptions=True,
        )
        assert sorted(isinstance(it, Personality) for it in outcomes) == [False, True]

    async def test_a_request_whose_character_was_deleted_is_not_answered_by_another(
        self, mira: Client
    ) -> None:
        request = request_for(
            "CreatePersonality", personality={"name": "Gone"}, request_id=str(uuid4())
        )
        first = (await mira.call("CreatePersonality", request)).personality
        await _delete(mira, first.id)
        again = (await mira.call("CreatePersonality", request)).personality
        assert again.id != first.id


class TestChanging:
    async def test_only_what_the_mask_names_is_changed(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith", greeting="Come in.", description="Old.")
        after = await _update(
            mira, before, {"greeting": "Out.", "description": "New."}, mask=["description"]
        )
        assert (after.greeting, after.description) == ("Come in.", "New.")
        assert (after.name, after.slug) == (before.name, before.slug)

    async def test_without_a_mask_the_set_fields_are_changed(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith", greeting="Come in.")
        after = await _update(mira, before, {"description": "New.", "visibility": 2})
        assert (after.description, after.greeting) == ("New.", "Come in.")
        assert after.visibility == VISIBILITY_PUBLIC

    async def test_a_mask_empties_what_may_be_empty(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith", greeting="Come in.")
        assert (await _update(mira, before, {}, mask=["greeting"])).greeting == ""

    @pytest.mark.parametrize("path", ["name", "slug", "visibility"])
    async def test_what_must_not_be_empty_is_not_emptied(self, path: str, mira: Client) -> None:
        before = await _create(mira, name="Lilith")
        refusal = await mira.refused("UpdatePersonality", _change(before, {}, [path]))
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", (f"personality.{path}",))
        assert await _get(mira, id=before.id) == before

    @pytest.mark.parametrize(
        "path",
        ["*", "id", "editable", "etag", "create_time", "avatar_sha256", "name.x", "nome", ""],
    )
    async def test_a_path_that_is_no_field_to_change_is_refused(
        self, path: str, mira: Client
    ) -> None:
        before = await _create(mira, name="Lilith")
        refusal = await mira.refused("UpdatePersonality", _change(before, {"name": "X"}, [path]))
        assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "UPDATE_MASK_INVALID")
        assert refusal.metadata == {"path": path}

    async def test_every_change_gives_a_new_etag_and_time(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith")
        after = await _update(mira, before, {"name": "Lilith II"})
        assert before.etag != after.etag
        assert after.update_time.ToNanoseconds() > before.update_time.ToNanoseconds()
        assert after.create_time == before.create_time

    async def test_an_old_etag_is_refused_with_the_current_one(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith")
        now = await _update(mira, before, {"name": "Lilith II"})
        late = _change(before, {"name": "Lilith III", "etag": before.etag})
        refusal = await mira.refused("UpdatePersonality", late)
        assert (refusal.code.name, refusal.reason) == ("ABORTED", "ETAG_MISMATCH")
        assert refusal.metadata == {"etag": now.etag}
        assert (await _get(mira, id=before.id)).name == "Lilith II"

    async def test_of_two_who_change_the_same_version_one_succeeds(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith")
        changes = [
            mira.call("UpdatePersonality", _change(before, {"name": name, "etag": before.etag}))
            for name in ("A", "B")
        ]
        outcomes = await asyncio.gather(*changes, return_exceptions=True)
        assert sorted(isinstance(it, Exception) for it in outcomes) == [False, True]

    async def test_without_an_etag_the_last_one_wins(self, mira: Client) -> None:
        before = await _create(mira, name="Lilith")
        await _update(mira, before, {"name": "Lilith II"})
        assert (await _update(mira, before, {"name": "Lilith III"})).name == "Lilith III"

    async def test_a_slug_is_not_taken_from_somebody(self, mira: Client) -> None:
        mine, other = await _create(mira, name="Lilith"), await _create(mira, name="Kael")
        refusal = await mira.refused("UpdatePersonality", _change(mine, {"slug": other.slug}))
        assert (refusal.reason, refusal.metadata) == ("SLUG_TAKEN", {"slug": other.slug})


class TestSeeing:
    async def test_everybody_sees_a_public_character_and_only_its_owner_may_change_it(
        self, mira: Client, kael: Client
    ) -> None:
        public = await _create(mira, name="Lilith", visibility=VISIBILITY_PUBLIC)
        seen = await _get(kael, slug=public.slug)
        assert (seen.id, seen.editable) == (public.id, False)
        for reason, request in (
            ("NOT_EDITOR", _change(public, {"name": "Mine"})),
            ("NOT_OWNER", request_for("DeletePersonality", personality={"id": public.id})),
        ):
            rpc = type(request).__name__.removesuffix("Request")
            refusal = await kael.refused(rpc, request)
            assert (refusal.code.name, refusal.reason) == ("PERMISSION_DENIED", reason)
            assert refusal.metadata == {"personality": public.slug}
        assert (await _get(mira, id=public.id)).name == "Lilith"

    async def test_a_character_that_becomes_private_is_gone_for_others(
        self, mira: Client, kael: Client
    ) -> None:
        public = await _create(mira, name="Lilith", visibility=VISIBILITY_PUBLIC)
        await _update(mira, public, {"visibility": VISIBILITY_PRIVATE})
        request = request_for("GetPersonality", personality={"id": public.id})
        assert (await kael.refused("GetPersonality", request)).reason == "PERSONALITY_NOT_FOUND"

    async def test_a_list_shows_mine_and_the_public_ones_or_only_mine(
        self, mira: Client, kael: Client
    ) -> None:
        mine = await _create(mira, name="Mine")
        public = await _create(kael, name="Theirs", visibility=VISIBILITY_PUBLIC)
        hidden = await _create(kael, name="Hidden")
        everything, own = await _list(mira), await _list(mira, mine=True)
        assert own == {mine.id}
        assert {mine.id, public.id} <= everything
        assert hidden.id not in everything

    async def test_the_starter_is_public_and_nobodys(self, mira: Client) -> None:
        tzu = await _get(mira, slug=starter.SLUG)
        assert (tzu.name, tzu.visibility, tzu.editable) == ("Tzu", VISIBILITY_PUBLIC, False)

    async def test_starting_again_leaves_the_starter_as_it_is(self, served: Served) -> None:
        before = await _get(served.client(), slug=starter.SLUG)
        await starter.ensure(served.running.parts.database)
        assert await _get(served.client(), slug=starter.SLUG) == before


class TestAvatars:
    async def test_an_avatar_comes_as_a_header_and_chunks_of_its_bytes(
        self, served: Served, mira: Client
    ) -> None:
        resident = await settle(mira, served)
        header, content, sizes = await _download(mira, resident.ids.personality)
        assert len(content) == header.size_bytes > CHUNK
        assert hashlib.sha256(content).hexdigest() == header.sha256
        assert header.media_type == "image/png"
        assert sizes == [CHUNK, header.size_bytes - CHUNK]
        shown = await _get(mira, id=resident.ids.personality)
        assert shown.avatar_sha256 == header.sha256

    async def test_the_starter_has_a_picture(self, mira: Client) -> None:
        tzu = await _get(mira, slug=starter.SLUG)
        header, content, _ = await _download(mira, tzu.id)
        assert content.startswith(b"\x89PNG")
        assert header.sha256 == tzu.avatar_sha256

    async def test_a_character_without_one_says_so(self, mira: Client) -> None:
        plain = await _create(mira, name="Plain")
        request = request_for("DownloadAvatar", personality={"id": plain.id})
        refusal = await mira.refused("DownloadAvatar", request)
        assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "AVATAR_NOT_FOUND")
        assert refusal.metadata == {"personality": plain.slug}


class TestDeleting:
    async def test_a_deleted_character_takes_conversations_turns_and_memories_along(
        self, served: Served, mira: Client
    ) -> None:
        resident = await settle(mira, served)
        await mira.call("Chat", saying("Remember me.", resident.ids.personality))
        other = await settle(mira, served)
        await _delete(mira, resident.ids.personality)
        for rpc, request in _questions(resident):
            assert (await mira.refused(rpc, request)).code.name == "NOT_FOUND"
        for rpc in ("ListMemories", "ListConversations", "ListTurns"):
            page = str(await mira.call(rpc))
            assert resident.ids.personality not in page
            assert other.ids.personality in page

    async def test_the_search_index_will_be_told_of_each_memory(
        self, database_url: str, database: Database
    ) -> None:
        """No worker runs here: what the index has to be told stays in its outbox."""
        async with database.transaction() as tx:
            person_id, persona_id = await store.meet(tx, Subject("local:mira"))
        characters = Characters(database)
        request = request_for("CreatePersonality", personality={"name": "Lilith"})
        who = Caller(person_id, persona_id, "local:mira", frozenset(), person_id)
        lilith = (await characters.create(wire.new_from(request, who))).personality
        async with Jobs.open(database_url) as jobs:
            jobs.register(INDEX_JOB, characters.list)
            memories = Memories(database, jobs)
            for words in ("I keep bees.", "I have a cat."):
                await memories.create(Owner(persona_id, lilith.id), words, None)
        stored = await _outbox(database)
        await characters.delete(person_id, lilith.id)
        assert (await _outbox(database)) == stored * 2  # each memory came and went
        assert len(set(stored)) == 2

    async def test_it_can_be_deleted_while_people_talk_with_it(self, mira: Client) -> None:
        for _ in range(3):
            lilith = await _create(mira, name="Lilith")
            chats = [_chatted(mira, f"Message {number}.", lilith.id) for number in range(5)]
            talk = asyncio.gather(*chats)
            await until(partial(_is_talked_with, mira, lilith.id))
            await _delete(mira, lilith.id)
            assert {reason for reason in await talk if reason} <= {"PERSONALITY_NOT_FOUND"}

    async def test_what_is_gone_cannot_be_deleted_again(self, mira: Client) -> None:
        gone = await _create(mira, name="Gone")
        await _delete(mira, gone.id)
        request = request_for("DeletePersonality", personality={"id": gone.id})
        assert (await mira.refused("DeletePersonality", request)).reason == "PERSONALITY_NOT_FOUND"

    async def test_its_slug_is_free_again(self, mira: Client, kael: Client) -> None:
        slug = f"free-{uuid4().hex[:8]}"
        await _delete(mira, (await _create(mira, name="Gone", slug=slug)).id)
        assert (await _create(kael, name="New", slug=slug)).slug == slug


def _questions(resident: Resident) -> list[tuple[str, Any]]:
    ids = resident.ids
    return [
        ("GetPersonality", request_for("GetPersonality", personality={"id": ids.personality})),
        ("GetMemory", request_for("GetMemory", memory_id=ids.memory)),
        ("GetTurn", request_for("GetTurn", turn_id=ids.turn)),
        ("GetTurnTrace", request_for("GetTurnTrace", turn_id=ids.turn)),
        ("GetConversation", request_for("GetConversation", conversation_id=ids.conversation)),
        ("ListMessages", request_for("ListMessages", conversation_id=ids.conversation)),
    ]


async def _create(client: Client, **fields: Any) -> Personality:
    request = request_for("CreatePersonality", personality=fields)
    return (await client.call("CreatePersonality", request)).personality


async def _get(client: Client, **ref: str) -> Personality:
    request = request_for("GetPersonality", personality=ref)
    return (await client.call("GetPersonality", request)).personality


async def _list(client: Client, **filters: Any) -> set[str]:
    request = request_for("ListPersonalities", page_size=200, **filters)
    return {it.id for it in (await client.call("ListPersonalities", request)).personalities}


async def _delete(client: Client, personality_id: str) -> None:
    request = request_for("DeletePersonality", personality={"id": personality_id})
    await client.call("DeletePersonality", request)


def _change(of: Personality, values: dict[str, Any], mask: list[str] | None = None) -> Any:
    request = request_for("UpdatePersonality", ref={"id": of.id}, personality=values)
    if mask is not None:
        request.update_mask.paths.extend(mask)
    return request


async def _update(
    client: Client, of: Personality, values: dict[str, Any], mask: list[str] | None = None
) -> Personality:
    return (await client.call("UpdatePersonality", _change(of, values, mask))).personality


async def _download(client: Client, personality_id: str) -> tuple[Any, bytes, list[int]]:
    request = request_for("DownloadAvatar", personality={"id": personality_id})
    first, *rest = await client.call("DownloadAvatar", request)
    assert [part.WhichOneof("part") for part in rest] == ["chunk"] * len(rest)
    chunks = [part.chunk for part in rest]
    return first.header, b"".join(chunks), [len(chunk) for chunk in chunks]


async def _outbox(database: Database) -> list[Any]:
    async with database.transaction() as tx:
        rows = await tx.scalars(text("SELECT memory_id FROM index_outbox ORDER BY id"))
        return list(rows.all())


async def _is_talked_with(client: Client, personality_id: str) -> bool:
    return personality_id in str(await client.call("ListTurns"))


async def _chatted(client: Client, words: str, personality_id: str) -> str:
    """Why it was not heard; empty if it was, whatever became of its turn."""
    try:
        await client.call("Chat", saying(words, personality_id))
    except grpc.aio.AioRpcError as error:
        return refusal_of(error).reason
    return ""
