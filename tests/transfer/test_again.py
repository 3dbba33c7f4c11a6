"""What is here already: a source that comes again, own edits, and other people's things."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.calling import request_for
from tests.conftest import Served
from tests.transfer import backup, library
from tests.transfer.handing import Mover, done, everything, mover, sample
from tzurot import clock
from tzurot.personality.v1 import personality_pb2
from tzurot.transfer.v1.import_pb2 import OwnEdit

CARD = "cards/tk_full_v2_card.json"
PUBLIC = personality_pb2.VISIBILITY_PUBLIC


def changed(**fields: Any) -> bytes:
    """The card as its author has changed it since."""
    card = json.loads(sample(CARD))
    card["data"] |= fields
    return json.dumps(card).encode()


async def test_an_import_that_would_do_something_else_than_shown_does_nothing(
    served: Served,
) -> None:
    me = mover(served)
    mine = (await me.imports(sample(CARD))).personality
    news = changed(first_mes="New words.", scenario="A new place.")
    shown = await me.previews(news)
    await me.edits(mine.id, greeting="My own words.")
    before = await everything(served.running.parts.database)
    refusal = await me.is_refused(news, digest=shown.digest)
    assert (refusal.code.name, refusal.reason) == ("ABORTED", "IMPORT_OUTDATED")
    assert refusal.metadata["digest"] == (await me.previews(news)).digest != shown.digest
    assert await everything(served.running.parts.database) == before
    assert (await me.imports(news, digest=refusal.metadata["digest"])).personality.id == mine.id


@pytest.mark.parametrize(
    "others", [{"as_copy": True}, {"overwrite_own_edits": True}, {"caller_sender_ids": ["x"]}]
)
async def test_a_digest_is_of_what_was_chosen_too(others: dict[str, Any], served: Served) -> None:
    me = mover(served)
    shown = await me.previews(sample(CARD))
    refusal = await me.is_refused(sample(CARD), digest=shown.digest, **others)
    assert refusal.reason == "IMPORT_OUTDATED"
    assert await me.lists("ListPersonalities", mine=True) == []


async def test_own_edits_are_listed_and_stay_and_all_else_follows_the_file(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(sample(CARD))).personality
    await me.edits(mine.id, greeting="My own words.", tags=["mine"])
    news = changed(first_mes="New words.", scenario="A new place.")
    result = await me.imports(news)
    assert list(result.preview.own_edits) == [
        OwnEdit(field="greeting", current="My own words.", imported="New words."),
        OwnEdit(field="tags", current="mine", imported=" | ".join(_tags(news))),
    ]
    now = await me.character(mine.id)
    assert (now.greeting, now.scenario, list(now.tags)) == (
        "My own words.",
        "A new place.",
        ["mine"],
    )


async def test_own_edits_are_overwritten_when_that_is_asked_for(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(sample(CARD))).personality
    await me.edits(mine.id, greeting="My own words.")
    result = await me.imports(sample(CARD), overwrite_own_edits=True)
    assert list(result.preview.own_edits) == []
    assert (await me.character(mine.id)).greeting == json.loads(sample(CARD))["data"]["first_mes"]


async def test_a_picture_that_was_changed_here_stays(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(library.card("Io"))).personality
    was = (await me.character(mine.id)).avatar_sha256
    await _paint(served, mine.id)
    own = (await me.character(mine.id)).avatar_sha256
    result = await me.imports(library.card("Io"))
    assert list(result.preview.own_edits) == [OwnEdit(field="avatar", current=own, imported=was)]
    assert (await me.character(mine.id)).avatar_sha256 == own != was
    await me.imports(library.card("Io"), overwrite_own_edits=True)
    assert (await me.character(mine.id)).avatar_sha256 == was


async def test_a_copy_is_a_character_of_its_own(served: Served) -> None:
    me = mover(served)
    first = (await me.imports(sample(CARD))).personality
    copy = (await me.imports(sample(CARD), as_copy=True)).personality
    assert copy.id != first.id
    assert copy.slug != first.slug
    assert len(await me.lists("ListPersonalities", mine=True)) == 2
    assert len(await me.lists("ListLorebooks")) == 1  # equal books are kept once


async def test_a_card_updates_the_character_that_is_named(served: Served) -> None:
    me = mover(served)
    made = await me.client.call(
        "CreatePersonality", request_for("CreatePersonality", personality={"name": "Old Name"})
    )
    result = await me.imports(sample(CARD), personality={"slug": made.personality.slug})
    assert result.personality.id == made.personality.id
    now = await me.character(made.personality.id)
    assert (now.name, now.slug) == ("Old Name", made.personality.slug)  # what was typed here stays
    assert now.description
    assert [edit.field for edit in result.preview.own_edits] == ["name"]
    again = {"personality": {"slug": now.slug}, "overwrite_own_edits": True}
    await me.imports(sample(CARD), **again)
    assert (await me.character(now.id)).name == "Aurora"


async def test_two_characters_of_one_name_stay_two(served: Served) -> None:
    me = mover(served)
    first = (await me.imports(sample(CARD))).personality
    texts = {"description": "Another.", "first_mes": "Hey.", "personality": "Loud."}
    other = changed(**texts, system_prompt="Shout.", post_history_instructions="")
    second = (await me.imports(other)).personality
    assert first.id != second.id


async def test_a_card_does_not_take_from_a_backup_s_character_what_cards_have_no_words_for(
    served: Served,
) -> None:
    me = mover(served)
    backed_up = (await me.imports(sample("shapes/marta_config.json"))).personality
    before = await me.character(backed_up.id)
    card = changed(name=before.name, first_mes=before.greeting, description=before.description)
    assert (await me.imports(card)).personality.id != backed_up.id
    now = await me.character(backed_up.id)
    assert (now.tone, now.age, now.etag) == (before.tone, before.age, before.etag)
    assert now.tone


@pytest.mark.parametrize("name", [CARD, "shapes/marta_config.json"])
async def test_a_character_of_somebody_elses_is_never_touched(name: str, served: Served) -> None:
    me, kael = mover(served), mover(served, "kael")
    theirs = (await kael.imports(sample(name))).personality
    before = await _rows_of(served, theirs.id)
    mine = (await me.imports(sample(name))).personality
    assert mine.id != theirs.id
    assert mine.slug != theirs.slug
    await me.imports(sample(name), overwrite_own_edits=True)
    assert await _rows_of(served, theirs.id) == before


@pytest.mark.parametrize("name", [CARD, "lorebooks/tk_world_one.json", "chats/syn_st_modern.jsonl"])
@pytest.mark.parametrize("only", [True, False])
async def test_somebody_elses_private_character_does_not_exist(
    name: str, only: bool, served: Served
) -> None:
    me, kael = mover(served), mover(served, "kael")
    theirs = (await kael.imports(sample(CARD))).personality
    target = {"personality": {"id": theirs.id}, "validate_only": only}
    refusal = await me.is_refused(sample(name), **target)
    assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "PERSONALITY_NOT_FOUND")


@pytest.mark.parametrize(
    "content",
    [
        sample(CARD),
        sample("lorebooks/tk_world_one.json"),
        json.dumps(backup.MEMORIES).encode(),
        json.dumps(backup.STORIES).encode(),
    ],
    ids=["card", "lorebook", "memories", "knowledge"],
)
async def test_what_changes_a_character_for_all_is_for_its_editors(
    content: bytes, served: Served
) -> None:
    me, kael = mover(served), mover(served, "kael")
    theirs = (await kael.imports(sample(CARD))).personality
    await kael.edits(theirs.id, visibility=PUBLIC)
    before = await everything(served.running.parts.database)
    refusal = await me.is_refused(content, personality={"id": theirs.id})
    assert (refusal.code.name, refusal.reason) == ("PERMISSION_DENIED", "NOT_EDITOR")
    after = await everything(served.running.parts.database)
    assert {t for t in after if after[t] != before[t]} <= {"people", "personas", "identities"}


async def test_a_chat_of_mine_with_somebody_elses_public_character_is_mine(served: Served) -> None:
    me, kael = mover(served), mover(served, "kael")
    theirs = (await kael.imports(sample(CARD))).personality
    await kael.edits(theirs.id, visibility=PUBLIC)
    await me.imports(sample("chats/syn_st_modern.jsonl"), personality={"id": theirs.id})
    assert len(await me.lists("ListConversations")) == 1
    assert await kael.lists("ListConversations") == []
    assert await kael.lists("ListMemories") == []


async def test_a_chat_finds_its_character_by_name_or_asks(served: Served) -> None:
    me = mover(served)
    name = f"Marta {clock.uuid7().hex[-6:]}"  # everybody's public characters are here, too
    chat = sample("chats/syn_st_modern.jsonl").replace(b"Marta", name.encode())
    preview = await me.previews(chat)
    assert "It does not say for which character it is: name one." in preview.warnings
    refusal = await me.is_refused(chat)
    assert (refusal.code.name, refusal.reason) == ("INVALID_ARGUMENT", "PERSONALITY_NEEDED")
    mine = (await me.imports(library.card(name))).personality
    assert (await me.imports(chat)).personality.id == mine.id


async def test_a_linked_world_is_used_when_it_says_more_than_the_card(served: Served) -> None:
    me = mover(served)
    card = library.card("Io", world="World One")
    warnings = (await me.imports(card)).preview.warnings
    assert any("“World One”, which is not here" in warning for warning in warnings)
    await me.imports(sample("lorebooks/tk_world_one.json"))
    mine = (await me.imports(card)).personality
    (book,) = await me.lists("ListLorebooks")
    assert list(book.personality_ids) == [mine.id]


async def test_a_linked_world_is_not_used_beside_its_copy_in_the_card(served: Served) -> None:
    me = mover(served)
    await me.imports(sample("lorebooks/tk_world_one.json"))
    (world,) = json.loads(sample("lorebooks/tk_world_one.json"))["entries"].values()
    entry = {"keys": world["key"], "content": world["content"], "enabled": True, "extensions": {}}
    book = {"name": "World One", "entries": [entry | {"insertion_order": 1}], "extensions": {}}
    mine = await me.imports(changed(character_book=book, extensions={"world": "World One"}))
    books = {b.name: list(b.personality_ids) for b in await me.lists("ListLorebooks")}
    used = (await me.character(mine.personality.id)).lorebook_ids
    assert len(used) == 1
    assert list(books) == ["World One"] or books["World One"] == []


def _tags(card: bytes) -> list[str]:
    return json.loads(card)["data"]["tags"]


async def _paint(served: Served, personality_id: str) -> None:
    """Give a character another picture: UploadAvatar does that, too."""
    values = {"sha": "0" * 64, "content": library.picture(), "id": personality_id}
    async with served.running.parts.database.transaction() as tx:
        insert = "INSERT INTO avatars VALUES (:sha, 'image/png', :content) ON CONFLICT DO NOTHING"
        await tx.execute(text(insert), values)
        update = "UPDATE personalities SET avatar_sha256 = :sha WHERE id = :id"
        await tx.execute(text(update), values)


async def _rows_of(served: Served, personality_id: str) -> list[Any]:
    """A character, its source and its books, as they are stored."""
    found: list[Any] = []
    async with served.running.parts.database.transaction() as tx:
        for query in (
            "SELECT * FROM personalities WHERE id = :id",
            "SELECT * FROM personality_sources WHERE personality_id = :id",
            "SELECT * FROM lorebook_uses WHERE personality_id = :id",
        ):
            found += (await tx.execute(text(query), {"id": personality_id})).all()
    return found


async def test_a_source_knows_only_its_owners_character_again(served: Served) -> None:
    me, kael = mover(served), mover(served, "kael")
    content = sample("shapes/marta_config.json")
    first = await me.imports(content)
    await kael.imports(content)
    assert done(await me.imports(content)) == {("keep", "personality"): 1}
    assert (await _newest(me)).id == first.personality.id


async def _newest(me: Mover) -> Any:
    return (await me.lists("ListPersonalities", mine=True))[0]
