"""A shape's backup: whose memories are whose, what stays forgotten, what goes with a character."""

import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc.aio
import pytest
from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import text

from tests.calling import METHODS, request_for
from tests.conftest import Served
from tests.contract.residents import Ids, saying
from tests.contract.rows import ROWS
from tests.transfer import backup
from tests.transfer.handing import Mover, done, mover, sample
from tzurot.personality.v1 import personality_pb2

PATIENCE = 60  # seconds
PUBLIC = personality_pb2.VISIBILITY_PUBLIC
READING = [
    name
    for name, method in METHODS.items()
    if name.startswith(("Get", "List", "Search", "Resolve", "Export"))
    and not method.client_streaming
]


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    """The backup as a ZIP."""
    return _zipped(backup.build(tmp_path))


async def test_a_preview_says_whose_memories_come_along(content: bytes, served: Served) -> None:
    preview = await mover(served).previews(content, caller_sender_ids=[backup.ME])
    told = {
        sender.sender_id: (sender.memory_count, sender.group_memory_count, sender.is_caller)
        for sender in preview.senders
    }
    assert told == {
        backup.ME: (1, 1, True),
        backup.HER: (1, 2, False),
        backup.HIM: (0, 1, False),
    }
    assert preview.senders[0].first_time.ToDatetime().date().isoformat() == "2024-05-02"


async def test_memories_of_several_people_are_nobodys_unless_somebody_says_who_they_are(
    content: bytes, served: Served
) -> None:
    me = mover(served)
    result = await me.imports(content)
    counts = done(result)
    assert counts["create", "unclaimed memory"] == 4
    assert counts["create", "memory"] == 2  # the chat's
    assert await _texts(me) == {"Is the lamp lit?", "Even in storms?"}


@pytest.mark.parametrize("of_editor", [True, False])
async def test_what_nobody_has_claimed_is_read_by_nobody(
    of_editor: bool, content: bytes, served: Served
) -> None:
    owner, stranger = mover(served), mover(served, "stranger")
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    reader = owner if of_editor else stranger
    shown: list[str] = []
    for rpc in READING:
        for ids in await _all_ids(owner, made):
            request = ROWS[rpc].request(ids)
            for field in METHODS[rpc].input_type.fields:
                if field.name in {"query", "prefix"} and field.type == FieldDescriptor.TYPE_STRING:
                    setattr(request, field.name, "letters")
            try:
                shown.append(str(await reader.client.call(rpc, request)))
            except grpc.aio.AioRpcError as refused:
                shown.append(repr(refused))
    told = "".join(shown)
    assert backup.THEIRS not in told
    assert backup.HERS not in told
    assert (backup.MINE in told) == of_editor, "the look would have found it"
    answer = await reader.client.call("Chat", saying("Where are her letters?", made.id))
    assert backup.HERS not in str(served.provider.requests[-1])
    assert answer[-1].event.finished.message.text


async def test_only_the_editor_sees_whose_memories_wait(content: bytes, served: Served) -> None:
    owner, stranger = mover(served), mover(served, "stranger")
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    request = request_for("ListUnclaimedMemories", personality_id=made.id)
    assert len((await owner.client.call("ListUnclaimedMemories", request)).unclaimed) == 2
    assert not (await stranger.client.call("ListUnclaimedMemories", request)).unclaimed


async def test_memories_of_a_member_come_to_them_alone_once_an_editor_confirms(
    content: bytes, served: Served
) -> None:
    owner, her, him = (mover(served, name) for name in ("owner", "her", "him"))
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    claims = [await _claim(her, made.id, backup.HER), await _claim(him, made.id, backup.HIM)]
    assert await _texts(her) == set()
    await _confirm(owner, claims[0])
    assert await _texts(her) == {backup.HERS, backup.OURS, backup.THEIRS}
    assert await _texts(him) == set()
    await _confirm(owner, claims[1])
    assert await _texts(him) == {backup.THEIRS}
    assert not await _texts(owner) & {backup.HERS, backup.THEIRS}


async def test_a_later_backup_brings_only_what_is_new_to_those_who_have_theirs(
    content: bytes, served: Served, tmp_path: Path
) -> None:
    owner, her = mover(served), mover(served, "her")
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    await _confirm(owner, await _claim(her, made.id, backup.HER))
    (letters,) = [m for m in await her.lists("ListMemories") if _said(m) == backup.HERS]
    await her.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=letters.id))
    more = [*backup.MEMORIES, backup.memory("m9", "She laughed.", backup.HER, day=9)]
    again = await owner.imports(
        _zipped(backup.build(tmp_path / "later", more)), caller_sender_ids=[backup.ME]
    )
    assert done(again)["create", "unclaimed memory"] == 1
    assert await _texts(her) == {backup.OURS, backup.THEIRS, "She laughed."}


async def test_a_memory_that_was_forgotten_here_does_not_come_back(
    content: bytes, served: Served
) -> None:
    me = mover(served)
    await me.imports(content, caller_sender_ids=[backup.ME])
    (mine,) = [m for m in await me.lists("ListMemories") if _said(m) == backup.MINE]
    await me.client.call("DeleteMemory", request_for("DeleteMemory", memory_id=mine.id))
    again = await me.imports(content, caller_sender_ids=[backup.ME])
    assert {verb for verb, _ in done(again)} == {"keep"}
    assert backup.MINE not in await _texts(me)


async def test_who_says_later_who_they_were_gets_their_memories_once(
    content: bytes, served: Served
) -> None:
    me = mover(served)
    made = (await me.imports(content)).personality
    await me.imports(content, caller_sender_ids=[backup.ME])
    await me.imports(content, caller_sender_ids=[backup.ME])
    texts = [_said(memory) for memory in await me.lists("ListMemories")]
    assert sorted(texts) == sorted(
        [backup.MINE, backup.OURS, "Is the lamp lit?", "Even in storms?"]
    )
    request = request_for("ListUnclaimedMemories", personality_id=made.id)
    waiting = (await me.client.call("ListUnclaimedMemories", request)).unclaimed
    assert {row.sender_id for row in waiting} == {backup.HER, backup.HIM}


async def test_what_a_group_heard_stays_in_its_channel(content: bytes, served: Served) -> None:
    owner, her = mover(served), mover(served, "her")
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    await _confirm(owner, await _claim(her, made.id, backup.HER))
    for who in (owner, her):
        venues = {_said(memory): memory.venue for memory in await who.lists("ListMemories")}
        assert venues[backup.OURS] == 2, "VENUE_PRIVATE_CHANNEL"


async def test_a_deleted_character_takes_everything_along(content: bytes, served: Served) -> None:
    owner, her = mover(served), mover(served, "her")
    made = (await owner.imports(content, caller_sender_ids=[backup.ME])).personality
    await owner.edits(made.id, visibility=PUBLIC)
    await _confirm(owner, await _claim(her, made.id, backup.HER))
    assert await _holding(served, made.id) >= {
        "conversations", "documents", "imported_memories", "memories", "memory_claims",
        "passages", "personas", "personality_sources", "unclaimed_memories",
    }  # fmt: skip
    memories = [UUID(m.id) for who in (owner, her) for m in await who.lists("ListMemories")]
    request = request_for("DeletePersonality", personality={"id": made.id})
    await owner.client.call("DeletePersonality", request)
    assert await _holding(served, made.id) == set()
    async with asyncio.timeout(PATIENCE):
        while await _untold(served, memories):
            await asyncio.sleep(0.05)


async def _untold(served: Served, memories: list[UUID]) -> int:
    """How many of these the index has not heard about yet."""
    query = text("SELECT count(*) FROM index_outbox WHERE memory_id = ANY(:ids)")
    async with served.running.parts.database.transaction() as tx:
        return await tx.scalar(query, {"ids": memories}) or 0


async def _all_ids(owner: Mover, made: Any) -> list[Ids]:
    """Handles of all that came with the character, some in each."""
    named = {"personality": made.id, "slug": made.slug}
    documents = await owner.lists("ListDocuments", personality={"id": made.id})
    talks = await owner.lists("ListConversations")
    nothing = Ids.of_nothing()
    found = [
        nothing.__class__(**{name: getattr(nothing, name) for name in nothing.__slots__} | named)
    ]
    for memory in await owner.lists("ListMemories"):
        values = {name: getattr(nothing, name) for name in nothing.__slots__} | named
        values |= {"memory": memory.id, "document": documents[0].id}
        values |= {"conversation": talks[0].id}
        found.append(Ids(**values))
    return found


async def _holding(served: Served, personality_id: str) -> set[str]:
    """The tables that have a row of this character."""
    columns = text(
        "SELECT table_name FROM information_schema.columns"
        " WHERE column_name = 'personality_id' AND table_schema = 'public'"
    )
    found: set[str] = set()
    async with served.running.parts.database.transaction() as tx:
        for table in (await tx.scalars(columns)).all():
            query = text(f"SELECT count(*) FROM {table} WHERE personality_id = :id")  # noqa: S608
            if await tx.scalar(query, {"id": personality_id}):
                found.add(table)
    return found


async def _claim(who: Mover, personality_id: str, sender_id: str) -> str:
    request = request_for("CreateMemoryClaim", personality_id=personality_id, sender_id=sender_id)
    return (await who.client.call("CreateMemoryClaim", request)).claim.id


async def _confirm(owner: Mover, claim_id: str) -> None:
    request = request_for("DecideMemoryClaim", claim_id=claim_id, confirmed=True)
    await owner.client.call("DecideMemoryClaim", request)


async def _texts(who: Mover) -> set[str]:
    return {_said(memory) for memory in await who.lists("ListMemories")}


def _said(memory: Any) -> str:
    return memory.utterances[0].text


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{folder.name}/{path.name}")
    return packed.getvalue()


async def test_a_persona_for_one_character_asks_for_which(served: Served) -> None:
    me = mover(served)
    content = json.dumps(backup.PERSON).encode()
    assert (await me.is_refused(content)).reason == "PERSONALITY_NEEDED"
    made = (await me.imports(sample("shapes/marta_config.json"))).personality
    result = await me.imports(content, personality={"id": made.id})
    assert done(result) == {("create", "persona"): 1}
