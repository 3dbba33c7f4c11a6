"""What characters know from documents: taken in once, found by words and meaning, and forgotten."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import share
from tzurot.account import people
from tzurot.errors import LimitReached, NotEditor
from tzurot.formats.found import Document
from tzurot.llm.embeddings import Embedder
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge.knowledge import MAX_CHARACTERS, MAX_DOCUMENTS, Knowledge
from tzurot.personality.knowledge.knowledge_store import Known
from tzurot.personality.knowledge.learning import Counts
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC

BELLS = Document(
    "Under the sea lies the sunken city of Ys. On quiet nights its bells ring.",
    title="The Bells",
    kind="general",
    origin="story:1",
    url="https://stories.test/1",
)
WEDDING = Document("Her favorite film is Spirited Away.", title="Tastes", origin="story:2")
LONG = Document(
    "\n\n".join(f"Chapter {number}. " + "The old harbor sleeps. " * 30 for number in range(5)),
    origin="story:3",
)
MUCH = """
    INSERT INTO documents (id, personality_id, title, kind, origin, url, text, create_time)
    SELECT gen_random_uuid(), :id, '', '', number, '', repeat('a', :characters), now()
    FROM generate_series(1, :documents) AS number
"""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody whose character learns; `knowledge` has no worker behind it."""

    served: Served
    client: Client
    knowledge: Knowledge
    character: UUID

    async def teaches(self, *documents: Document, to: UUID | None = None) -> Counts:
        async with self.served.running.parts.database.transaction() as tx:
            return await self.knowledge.arrive(tx, to or self.character, documents)

    async def learns(self, document: Document) -> Known:
        async with self.served.running.parts.database.transaction() as tx:
            person_id = await people.meet(tx, str(self.client.subject))
        return await self.knowledge.learn(person_id, self.character, document)

    async def knows_much(self, documents: int, characters: int) -> None:
        """Lets the character know so many documents of so many characters each."""
        much = {"id": self.character, "documents": documents, "characters": characters}
        async with self.served.running.parts.database.transaction() as tx:
            await tx.execute(text(MUCH), much)

    async def finds(self, query: str, **fields: Any) -> list[str]:
        """The words of the passages that a search shows."""
        return [it.text for it in await self.searches(query, **fields)]

    async def searches(self, query: str, **fields: Any) -> Sequence[Any]:
        whose = {"id": str(self.character)}
        request = request_for("SearchKnowledge", personality=whose, query=query, **fields)
        return (await self.client.call("SearchKnowledge", request)).passages

    async def documents(self) -> Sequence[Any]:
        request = request_for("ListDocuments", personality={"id": str(self.character)})
        return (await self.client.call("ListDocuments", request)).documents

    async def rows(self, table: str, columns: str = "id") -> Sequence[Any]:
        query = f"SELECT {columns} FROM {table} WHERE personality_id = :id ORDER BY id"  # noqa: S608 - ours
        async with self.served.running.parts.database.transaction() as tx:
            return [tuple(row) for row in await tx.execute(text(query), {"id": self.character})]


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """Stories are found by their meaning."""
    return understanding


@pytest.fixture(scope="module")
async def knowledge(served: Served) -> Any:
    """The room, as in wiring."""
    parts, embedder = served.running.parts, Embedder()
    characters, slots = Characters(parts.database), Slots(parts.database, Meaning(embedder))
    yield Knowledge(parts.database, characters, slots, parts.jobs)
    embedder.close()


async def teacher(served: Served, knowledge: Knowledge, **fields: Any) -> Teacher:
    (client,) = served.people("ada")
    request = request_for("CreatePersonality", personality={"name": "Lilith", **fields})
    created = (await client.call("CreatePersonality", request)).personality
    return Teacher(served, client, knowledge, UUID(created.id))


@pytest.fixture
async def ada(served: Served, knowledge: Knowledge) -> AsyncIterator[Teacher]:
    """A teacher of one test, whose stories the worker of the next ones is spared."""
    ada = await teacher(served, knowledge)
    yield ada
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text("DELETE FROM personalities WHERE id = :id"), {"id": ada.character})


class TestArriving:
    async def test_what_came_before_is_kept(self, ada: Teacher) -> None:
        assert await ada.teaches(BELLS, WEDDING) == Counts(created=2)
        before = await ada.rows("passages")
        assert await ada.teaches(BELLS, WEDDING) == Counts(kept=2)
        assert await ada.rows("passages") == before

    async def test_without_an_origin_the_text_tells(self, ada: Teacher) -> None:
        nameless = replace(BELLS, origin="")
        assert await ada.teaches(nameless) == Counts(created=1)
        assert await ada.teaches(nameless) == Counts(kept=1)
        assert await ada.teaches(replace(nameless, text="Another.")) == Counts(created=1)

    async def test_a_text_that_changed_takes_the_place_of_the_old_one(self, ada: Teacher) -> None:
        await ada.teaches(LONG)
        changed = replace(LONG, text="The lighthouse burned down.")
        assert await ada.teaches(changed) == Counts(updated=1)
        assert await ada.rows("passages", "position, text") == [(0, changed.text)]
        assert set(await ada.finds("Does the old harbor sleep?")) <= {changed.text}
        assert await ada.finds("What burned down?") == [changed.text]

    async def test_a_new_address_alone_leaves_the_passages(self, ada: Teacher) -> None:
        await ada.teaches(BELLS)
        before = await ada.rows("passages")
        assert await ada.teaches(replace(BELLS, url="https://other.test")) == Counts(updated=1)
        assert await ada.rows("passages") == before
        assert [it.url for it in await ada.documents()] == ["https://other.test"]

    async def test_a_blank_text_is_no_document(self, ada: Teacher) -> None:
        assert await ada.teaches(replace(BELLS, text=" \n")) == Counts()
        assert await ada.documents() == []

    async def test_the_same_story_may_be_known_to_several(
        self, ada: Teacher, served: Served, knowledge: Knowledge
    ) -> None:
        other = await teacher(served, knowledge)
        assert await ada.teaches(BELLS) == await other.teaches(BELLS) == Counts(created=1)

    async def test_what_is_known_is_given_back_as_it_came(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, WEDDING)
        async with ada.served.running.parts.database.transaction() as tx:
            known = await ada.knowledge.documents_of(tx, ada.character)
        assert [replace(it, create_time=None) for it in known] == [BELLS, WEDDING]


class TestLearning:
    async def test_a_text_becomes_a_document_that_is_found_at_once(self, ada: Teacher) -> None:
        known = await ada.learns(BELLS)
        assert (known.title, known.character_count, known.text) == (
            "The Bells",
            len(BELLS.text),
            "",
        )
        assert [it.id for it in await ada.documents()] == [str(known.id)]
        assert known.passage_count == 1
        assert await ada.finds("When do the bells of Ys ring?") == [BELLS.text]

    async def test_a_text_that_is_known_gives_the_document_from_before(self, ada: Teacher) -> None:
        nameless = replace(BELLS, origin="")
        known = await ada.learns(nameless)
        before = await ada.rows("passages")
        assert await ada.learns(replace(nameless, title="Of Bells")) == known
        assert await ada.rows("passages") == before

    async def test_the_same_text_from_two_at_once_is_one_document(self, ada: Teacher) -> None:
        one, other = await asyncio.gather(ada.learns(BELLS), ada.learns(BELLS))
        assert one == other
        assert len(await ada.documents()) == 1

    async def test_only_who_may_change_a_character_teaches_it(
        self, served: Served, knowledge: Knowledge
    ) -> None:
        public = await teacher(served, knowledge, visibility=VISIBILITY_PUBLIC)
        (eve,) = served.people("eve")
        with pytest.raises(NotEditor):
            await replace(public, client=eve).learns(BELLS)
        assert await public.documents() == []

    @pytest.mark.parametrize(
        ("documents", "characters", "what"),
        [(MAX_DOCUMENTS, 1, "500 documents"), (4, MAX_CHARACTERS // 4, "20,000,000 characters")],
    )
    async def test_there_is_an_end_to_what_a_character_knows(
        self, ada: Teacher, documents: int, characters: int, what: str
    ) -> None:
        await ada.knows_much(documents, characters)
        with pytest.raises(LimitReached, match=what):
            await ada.learns(BELLS)
        (*_, gone) = await ada.documents()
        await ada.client.call("DeleteDocument", request_for("DeleteDocument", document_id=gone.id))
        assert (await ada.learns(BELLS)).title == BELLS.title


class TestRecall:
    async def test_a_story_is_found_by_its_words_at_once(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, WEDDING)
        (hit,) = await ada.searches("When do the bells of Ys ring?")
        assert (hit.title, hit.text) == ("The Bells", BELLS.text)
        assert 0 < hit.score <= 1

    async def test_a_story_is_found_by_its_meaning_after_the_job(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, WEDDING)
        await ada.knowledge.embed()
        assert (await ada.finds("Which movie does she like best?"))[:1] == [WEDDING.text]

    async def test_the_worker_gives_it_its_meaning_by_itself(self, ada: Teacher) -> None:
        await ada.teaches(WEDDING)
        async with asyncio.timeout(60):
            while not await ada.finds("Which movie does she like best?"):
                await asyncio.sleep(0.1)

    async def test_a_story_is_found_by_its_title(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, replace(WEDDING, title="Cinderella"))
        assert await ada.finds("Cinderella") == [WEDDING.text]

    async def test_what_nothing_answers_finds_nothing(self, ada: Teacher) -> None:
        await ada.teaches(BELLS)
        await ada.knowledge.embed()
        assert await ada.finds("How do I bake bread?") == []

    async def test_of_a_long_story_the_passages_that_fit_are_found(self, ada: Teacher) -> None:
        needle = "Beneath the lighthouse lies a brass key. "
        cut = LONG.text.index("Chapter 3")
        await ada.teaches(replace(LONG, text=LONG.text[:cut] + needle + LONG.text[cut:]))
        assert len(await ada.rows("passages")) > 3
        best, *_ = await ada.finds("Where is the brass key?")
        assert needle.strip() in best
        assert len(await ada.finds("the old harbor", limit=3)) == 3

    async def test_to_embed_again_changes_nothing(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, WEDDING)
        await asyncio.gather(ada.knowledge.embed(), ada.knowledge.embed())
        before = await ada.rows("passages", "id, CAST(embedding AS text)")
        assert all(vector for _, vector in before)
        assert await ada.knowledge.embed() == 0
        assert await ada.rows("passages", "id, CAST(embedding AS text)") == before

    async def test_another_character_knows_nothing_of_it(
        self, ada: Teacher, served: Served, knowledge: Knowledge
    ) -> None:
        await ada.teaches(BELLS)
        other = await teacher(served, knowledge)
        assert await other.finds("When do the bells of Ys ring?") == []


class TestSeeing:
    async def test_a_document_is_shown_with_its_text_a_list_without(self, ada: Teacher) -> None:
        await ada.teaches(BELLS, LONG)
        long, bells = await ada.documents()
        assert (bells.title, bells.source_kind, bells.url) == (BELLS.title, "general", BELLS.url)
        assert (bells.text, bells.character_count) == ("", len(BELLS.text))
        assert bells.personality_id == str(ada.character)
        assert (bells.passage_count, long.passage_count) == (1, len(await ada.rows("passages")) - 1)
        request = request_for("GetDocument", document_id=bells.id)
        shown = (await ada.client.call("GetDocument", request)).document
        assert shown.text == BELLS.text

    async def test_who_only_talks_with_a_character_sees_nothing_of_it(
        self, served: Served, knowledge: Knowledge
    ) -> None:
        public = await teacher(served, knowledge, visibility=VISIBILITY_PUBLIC)
        await public.teaches(BELLS)
        (document,) = await public.documents()
        (eve,) = served.people("eve")
        whose = {"id": str(public.character)}
        for name, fields, reason in (
            ("ListDocuments", {"personality": whose}, "DEFINITION_HIDDEN"),
            ("SearchKnowledge", {"personality": whose, "query": "bells"}, "DEFINITION_HIDDEN"),
            ("GetDocument", {"document_id": document.id}, "DOCUMENT_NOT_FOUND"),
            ("DeleteDocument", {"document_id": document.id}, "DOCUMENT_NOT_FOUND"),
        ):
            refusal = await eve.refused(name, request_for(name, **fields))
            assert refusal.reason == reason, name
        assert len(await public.documents()) == 1

    async def test_who_may_read_the_definition_reads_and_only_an_editor_forgets(
        self, ada: Teacher
    ) -> None:
        await ada.teaches(BELLS)
        (document,) = await ada.documents()
        viewer, editor, blocked = ada.served.people("vera", "edda", "bo")
        whose = {"id": str(ada.character)}
        for guest, role in ((viewer, "viewer"), (editor, "editor"), (blocked, "blocked")):
            await share(ada.client, SimpleNamespace(id=str(ada.character)), guest, role)
        finding = request_for("SearchKnowledge", personality=whose, query="bells")
        getting = request_for("GetDocument", document_id=document.id)
        deleting = request_for("DeleteDocument", document_id=document.id)
        for guest in (viewer, editor):
            assert (await guest.call("GetDocument", getting)).document.text == BELLS.text
            assert len((await guest.call("SearchKnowledge", finding)).passages) == 1
        assert (await blocked.refused("GetDocument", getting)).reason == "DOCUMENT_NOT_FOUND"
        assert (await blocked.refused("SearchKnowledge", finding)).reason == "PERSONALITY_NOT_FOUND"
        assert (await viewer.refused("DeleteDocument", deleting)).reason == "NOT_EDITOR"
        await editor.call("DeleteDocument", deleting)
        assert await ada.documents() == []

    async def test_what_is_shown_to_all_is_read_by_whoever_may_talk_with_the_character(
        self, served: Served, knowledge: Knowledge
    ) -> None:
        shown = await teacher(
            served, knowledge, visibility=VISIBILITY_PUBLIC, definition_visible=True
        )
        await shown.teaches(BELLS)
        (document,) = await shown.documents()
        (eve,) = served.people("eve")
        request = request_for("GetDocument", document_id=document.id)
        assert (await eve.call("GetDocument", request)).document.text == BELLS.text
        refusal = await eve.refused(
            "DeleteDocument", request_for("DeleteDocument", document_id=document.id)
        )
        assert refusal.reason == "NOT_EDITOR"


class TestForgetting:
    async def test_a_deleted_document_is_gone_with_its_passages(self, ada: Teacher) -> None:
        await ada.teaches(LONG, BELLS)
        bells, long = await ada.documents()
        request = request_for("DeleteDocument", document_id=long.id)
        await ada.client.call("DeleteDocument", request)
        assert await ada.rows("documents") == [(UUID(bells.id),)]
        assert len(await ada.rows("passages")) == 1
        assert set(await ada.finds("Does the old harbor sleep?")) <= {BELLS.text}
        assert (await ada.client.refused("DeleteDocument", request)).reason == "DOCUMENT_NOT_FOUND"

    async def test_what_was_deleted_while_it_was_embedded_stays_gone(self, ada: Teacher) -> None:
        await ada.teaches(LONG)
        embedding = asyncio.create_task(ada.knowledge.embed())
        (long,) = await ada.documents()
        await ada.client.call("DeleteDocument", request_for("DeleteDocument", document_id=long.id))
        await embedding
        assert await ada.rows("passages") == []

    async def test_a_deleted_character_takes_its_knowledge_along(self, ada: Teacher) -> None:
        await ada.teaches(BELLS)
        request = request_for("DeletePersonality", personality={"id": str(ada.character)})
        await ada.client.call("DeletePersonality", request)
        assert await ada.rows("documents") == await ada.rows("passages") == []

    async def test_a_character_that_does_not_exist_knows_nothing(self, ada: Teacher) -> None:
        assert await ada.knowledge.recall(uuid4(), "bells", 4) == ()
