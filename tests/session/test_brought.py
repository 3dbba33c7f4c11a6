"""What a character brings to a turn: lore that comes up, knowledge that is cited, its own words."""

from uuid import UUID

import pytest
from sqlalchemy import delete, event

from tests.session.bringing import learns, takes_up
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage, Told
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot.personality.tables import Document as KnownDocument
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import KnowledgeCited

BELLS = Document("Under the sea lies Ys. On quiet nights its bells ring.", title="The Bells")
QUESTION = "When do the bells of Ys ring?"

HARBOR = LoreEntry(("harbor",), "The harbor is where {{user}} met {{char}}.", name="Harbor")
TOWER = LoreEntry(("tower",), "The tower hums.", position="after_char")
ALWAYS = LoreEntry((), "It always rains.", constant=True, insertion_order=-1)


async def knowing(stage: Stage, *documents: Document) -> Personality:
    """A character that knows these stories."""
    lilith = await stage.character("Lilith")
    await learns(stage, lilith, *documents)
    return lilith


async def using(stage: Stage, *books: Lorebook, **fields: str) -> Personality:
    """A character that uses these books."""
    lilith = await stage.character("Lilith", **fields)
    await takes_up(stage, lilith, *books)
    return lilith


def system(stage: Stage) -> str:
    """What the model was told first in the last request."""
    return str(stage.asked[-1].timeless[0]["content"])


def prompt(stage: Stage) -> str:
    return "\n".join(str(message["content"]) for message in stage.asked[-1].timeless)


def cited(told: Told) -> list[KnowledgeCited]:
    return [it.knowledge_cited for it in told.events if it.knowledge_cited]


async def lore_of(person: Person, told: Told) -> list[tuple[str, str, str, bool]]:
    entries = (await person.trace(told.turn_id)).lorebook_entries
    return [(it.lorebook_name, it.name, it.reason, it.told) for it in entries]


class TestCard:
    async def test_a_greeting_is_said_with_the_names_in_their_places(self, stage: Stage) -> None:
        lilith = await stage.character(
            "Lilith", nickname="Lil", greeting="<BOT> greets {{USER}}. {{char}}!"
        )
        (told,) = await stage.person("Ada").is_greeted_by(lilith)
        assert told.text == "Lil greets User. Lil!"

    async def test_what_the_card_says_is_told_and_its_makers_notes_are_not(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await stage.character(
            "Lilith",
            traits="curious",
            post_history_instructions="Stay {{char}}.",
            creator_notes="SECRET",
        )
        await ada.asks("Hi", lilith)
        assert system(stage) == "You are Lilith.\n\nTraits: curious"
        assert stage.asked[-1].messages[-1] == {"role": "system", "content": "Stay Lilith."}
        assert "SECRET" not in prompt(stage)


class TestLore:
    async def test_what_comes_up_is_told_in_its_place_and_traced_with_its_reason(
        self, stage: Stage, ada: Person
    ) -> None:
        book = Lorebook((HARBOR, TOWER, ALWAYS), name="Town")
        lilith = await using(stage, book, description="Keeps an archive.")
        told = await ada.asks("Is the tower at the harbor?", lilith)
        assert system(stage) == (
            "You are Lilith.\n\nIt always rains.\n\nThe harbor is where Ada met Lilith.\n\n"
            "Keeps an archive.\n\nThe tower hums."
        )
        assert await lore_of(ada, told) == [
            ("Town", "", "always told", True),
            ("Town", "Harbor", "key `harbor` in the last message", True),
            ("Town", "tower", "key `tower` in the last message", True),
        ]
        sections = [part.name for part in (await ada.trace(told.turn_id)).sections]
        assert sections == ["character", "lore", "lore", "character", "lore", "time", "message"]

    async def test_what_was_said_before_brings_it_up_as_long_as_it_is_scanned(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await using(stage, Lorebook((HARBOR,), scan_depth=3))
        told = [await ada.asks(words, lilith) for words in ("The harbor!", "So?", "And now?")]
        rows = [await lore_of(ada, it) for it in told]
        assert [in_prompt for ((*_, in_prompt),) in rows] == [True, True, False]

    async def test_all_its_books_are_looked_through(self, stage: Stage, ada: Person) -> None:
        books = Lorebook((HARBOR,), name="One"), Lorebook((TOWER,), name="Two")
        lilith = await using(stage, *books)
        told = await ada.asks("The tower at the harbor", lilith)
        assert [it[0] for it in await lore_of(ada, told)] == ["One", "Two"]

    async def test_what_the_budget_leaves_out_is_traced_and_not_told(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await using(stage, Lorebook((TOWER,), token_budget=1))
        told = await ada.asks("The tower", lilith)
        ((_, _, reason, in_prompt),) = await lore_of(ada, told)
        assert reason.endswith("left out: the book's budget of 1 tokens was full")
        assert not in_prompt
        assert "hums" not in prompt(stage)

    async def test_what_the_window_has_no_room_for_is_traced_and_not_told(
        self, stage: Stage
    ) -> None:
        long = LoreEntry(("tower",), "The tower hums. " * 200)
        lilith = await using(stage, Lorebook((long,)))
        async with answering(stage, speaker(stage, context_tokens=1100)) as small:
            ada = small.person("Ada")
            told = await ada.asks("The tower", lilith)
            ((_, _, _, in_prompt),) = await lore_of(ada, told)
        assert not in_prompt
        assert "hums" not in prompt(stage)

    async def test_an_endless_pattern_does_not_keep_a_turn_from_its_end(
        self, stage: Stage, ada: Person
    ) -> None:
        endless = LoreEntry(("/(a|aa)+$/",), "Never.", use_regex=True)
        lilith = await using(stage, Lorebook((*[endless] * 50, TOWER)))
        stage.model.script("Fine.")
        told = await ada.asks("The tower " + "a" * 60 + "b", lilith)
        assert told.text == "Fine."
        assert [name for _, name, _, in_prompt in await lore_of(ada, told) if in_prompt] == [
            "tower"
        ]


class TestKnowledge:
    async def test_a_passage_is_cited_told_and_traced(self, stage: Stage, ada: Person) -> None:
        lilith = await knowing(stage, BELLS)
        await ada.asks("Hi", lilith)
        told = await ada.asks(QUESTION, lilith)
        (passage,) = cited(told)
        assert (passage.title, passage.excerpt) == ("The Bells", BELLS.text)
        assert passage.document_id
        assert 0 < passage.score <= 1
        assert stage.asked[-1].timeless[-2] == {
            "role": "system",
            "content": f'What you know that may be of use here:\n- From "The Bells": {BELLS.text}',
        }
        shown = [(it.name, it.text) for it in (await ada.trace(told.turn_id)).sections]
        assert ("knowledge", f'- From "The Bells": {BELLS.text}') in shown

    async def test_it_is_told_to_whoever_may_talk_with_the_character(self, stage: Stage) -> None:
        lilith = await knowing(stage, BELLS)
        for name in ("Bob", "Eve"):
            place = stage.channel()
            assert len(cited(await stage.person(name).asks(QUESTION, lilith, place=place))) == 1

    async def test_what_does_not_fit_is_not_cited(self, stage: Stage, ada: Person) -> None:
        lilith = await knowing(stage, BELLS)
        assert cited(await ada.asks("How do I bake bread?", lilith)) == []
        assert "What you know" not in prompt(stage)

    async def test_who_follows_later_hears_of_it_too(self, stage: Stage, ada: Person) -> None:
        lilith = await knowing(stage, BELLS)
        told = await ada.asks(QUESTION, lilith)
        again = await ada.watches(told.turn_id)
        assert [(it.document_id, it.title, it.excerpt) for it in cited(again)] == [
            (it.document_id, it.title, it.excerpt) for it in cited(told)
        ]

    async def test_the_words_of_a_deleted_document_vanish_from_what_is_stored(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith = await knowing(stage, BELLS)
        stage.model.script("At night.")
        told = await ada.asks(QUESTION, lilith)
        async with stage.server.parts.database.transaction() as tx:
            own = KnownDocument.personality_id == UUID(lilith.id)
            await tx.execute(delete(KnownDocument).where(own))
        sections = (await ada.trace(told.turn_id)).sections
        assert [it.text for it in sections if it.name == "knowledge"][1:] == [""]
        assert cited(await ada.watches(told.turn_id)) == []
        ((stored,),) = await stage.rows(
            "SELECT CAST(document AS text) FROM traces WHERE turn_id = :id", id=told.turn_id
        )
        assert "sea lies Ys" not in str(stored)


@pytest.mark.parametrize(("documents", "count"), [((), 1), ((BELLS,), 2)])
async def test_it_costs_one_statement_and_one_more_with_documents(
    documents: tuple[Document, ...], count: int, stage: Stage, ada: Person
) -> None:
    lilith = await knowing(stage, *documents)
    engine = stage.server.parts.database.engine.sync_engine
    statements: list[str] = []

    def note(*happened: object) -> None:
        statements.append(str(happened[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        await ada.asks(QUESTION, lilith)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    ours = [it for it in statements if "lorebook" in it or "(embedding <=>" in it]
    assert len(ours) == count
