"""`character import`: look at a file, choose, move it in; nothing is stored before that."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.flow.dialogue import DONE, OPEN, WORKING, Dialogue, change, create, get, starting
from tzurot.flow.v1 import flow_kind_pb2


def card(**data: Any) -> bytes:
    """A Character Card V2."""
    described = {
        "name": "Lilith",
        "description": "Keeps an archive.",
        "personality": "calm",
        "scenario": "",
        "first_mes": "Come in.",
        "mes_example": "",
        "creator_notes": "",
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": [],
        "tags": ["old"],
        "creator": "Mira",
        "character_version": "1",
        "extensions": {"elsewhere": {"volume": 11}},
    }
    document = {"spec": "chara_card_v2", "spec_version": "2.0", "data": described | data}
    return json.dumps(document).encode()


async def test_a_card_is_shown_and_moves_in_after_that(mira: Client) -> None:
    moving = await Dialogue.start(mira, "character import")
    assert moving.actions == ["send", "fetch", "close"]
    assert moving.field("file").kind == flow_kind_pb2.VALUE_KIND_FILE
    await _send(moving, card())
    assert (moving.flow.state, moving.view.title) == (OPEN, "Lilith")
    assert moving.view.body == "A character card (`chara_card_v2`). Nothing is stored yet."
    assert "New: character `Lilith`" in moving.item("What would happen").text
    assert "Character: name, description, traits, greeting" in moving.item("What the file").text
    assert "elsewhere" in moving.item("Has no use here").text
    assert await _mine(mira) == []
    await moving.answer("import")
    assert (moving.flow.state, moving.actions) == (WORKING, [])
    await moving.watch()
    assert (moving.flow.state, moving.view.title) == (DONE, "Lilith has moved in")
    (made,) = await _mine(mira)
    assert "Say hello: `@Lilith hello`" in moving.view.body
    assert f"`{made.slug}`" in moving.view.body
    assert "Only you find it" in moving.view.body
    assert (made.name, made.greeting, list(made.tags)) == ("Lilith", "Come in.", ["old"])


async def test_a_file_that_cannot_be_used_is_told_and_another_one_can_be_sent(
    mira: Client,
) -> None:
    moving = await Dialogue.start(mira, "character import")
    for content in (b"not a card", b"{}", b"\x89PNG\r\n\x1a\n"):
        await _send(moving, content)
        assert moving.view.notice
        assert moving.actions == ["send", "fetch", "close"]
    await _send(moving, card())
    assert moving.view.title == "Lilith"
    await moving.answer("again")
    assert moving.actions == ["send", "fetch", "close"]
    await _send(moving, card(name="Kael"))
    assert moving.view.title == "Kael"


async def test_a_file_is_needed(mira: Client) -> None:
    moving = await Dialogue.start(mira, "character import")
    await moving.answer("send")
    assert moving.field("file").error == "This is needed."
    await moving.answer("send", file=str(uuid4()))
    assert moving.field("file").error == "Send the file again."


async def test_a_file_is_no_value_to_begin_with(mira: Client) -> None:
    refusal = await mira.refused("StartFlow", starting("character import", file="lilith.json"))
    assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("arguments.file",))


@pytest.mark.parametrize("address", ["http://example.org/a.json", "https://127.0.0.1/", "lilith"])
async def test_an_address_that_nothing_is_fetched_from_is_told(address: str, mira: Client) -> None:
    moving = await Dialogue.start(mira, "character import")
    await moving.answer("fetch", address=address)
    await moving.watch()
    assert moving.view.notice
    assert moving.actions == ["send", "fetch", "close"]


async def test_the_same_file_again_makes_nothing_new_unless_a_copy_is_wanted(mira: Client) -> None:
    await _moved_in(mira, card())
    moving = await Dialogue.start(mira, "character import")
    await _send(moving, card())
    assert "New: character" not in moving.item("What would happen").text
    await moving.answer("options", copy="true")
    await moving.watch()
    assert "New: character" in moving.item("What would happen").text
    assert list(moving.field("copy").values) == ["true"]
    await moving.answer("import")
    await moving.watch()
    assert len(await _mine(mira)) == 2


async def test_what_was_edited_here_stays_unless_it_is_to_be_overwritten(mira: Client) -> None:
    await _moved_in(mira, card())
    (mine,) = await _mine(mira)
    await change(mira, mine.id, greeting="Go away.")
    moving = await Dialogue.start(mira, "character import")
    await _send(moving, card(first_mes="Sit down."))
    assert "Greeting: Go away." in moving.item("Edited here").text
    assert list(moving.field("overwrite").values) == ["false"]
    await moving.answer("options", overwrite="true")
    await moving.watch()
    await moving.answer("import")
    await moving.watch()
    assert (await get(mira, mine.id)).greeting == "Sit down."


async def test_what_changed_since_the_preview_is_looked_at_again(mira: Client) -> None:
    await _moved_in(mira, card())
    (mine,) = await _mine(mira)
    moving = await Dialogue.start(mira, "character import")
    await _send(moving, card(first_mes="Sit down."))
    await change(mira, mine.id, greeting="Go away.")
    await moving.answer("import")
    await moving.watch()
    assert moving.view.notice.startswith("Something changed in the meantime")
    assert "Greeting: Go away." in moving.item("Edited here").text
    assert (await get(mira, mine.id)).greeting == "Go away."


async def test_a_lorebook_asks_for_whom_it_is(mira: Client, kael: Client) -> None:
    book = json.dumps({"entries": {"0": {"uid": 0, "key": ["bees"], "content": "They hum."}}})
    lilith, foreign = await create(mira), await create(kael)
    moving = await Dialogue.start(mira, "character import")
    await _send(moving, book.encode())
    await moving.answer("options", into=foreign.slug)
    assert foreign.slug in moving.field("into").error
    await moving.answer("options", into=lilith.slug)
    await moving.watch()
    assert list(moving.field("into").values) == [lilith.slug]
    await moving.answer("import")
    await moving.watch()
    assert moving.flow.state == DONE
    assert len((await get(mira, lilith.id)).lorebook_ids) == 1


async def test_a_long_preview_is_shortened(mira: Client) -> None:
    moving = await Dialogue.start(mira, "character import")
    await _send(moving, card(extensions={f"program_{n}": {"x": n} for n in range(50)}))
    kept = moving.item("Has no use here").text.splitlines()
    assert len(kept) == 9
    assert kept[-1].endswith(" more")


async def test_memories_that_were_taken_along_move_in(mira: Client, kael: Client) -> None:
    theirs, mine = await create(mira, name="Marta"), await create(kael, name="Marta")
    tell = request_for("CreateMemory", personality_id=theirs.id, text="I keep bees.")
    await mira.call("CreateMemory", tell)
    taking = await Dialogue.start(mira, "memory export")
    await taking.answer("take")

    moving = await Dialogue.start(kael, "character import")
    await _send(moving, taking.view.document.content)
    assert moving.view.title == "Memories"
    assert moving.view.body == "Memories (`tzurot_memories`). Nothing is stored yet."
    new = moving.item("What would happen").text
    assert new == f"- New: memory of yours `Marta ({mine.slug})`"
    assert "Memory: person text, personality text" in moving.item("What the file").text
    await moving.answer("import")
    await moving.watch()
    assert moving.flow.state == DONE
    listed = await kael.call("ListMemories", request_for("ListMemories", personality_id=mine.id))
    assert [it.utterances[0].text for it in listed.memories] == ["I keep bees."]


async def test_memories_of_another_program_ask_for_whom_they_are(mira: Client) -> None:
    lilith = await create(mira)
    moving = await Dialogue.start(mira, "character import")
    rows = {"results": [{"id": "m", "memory": "Keeps bees.", "user_id": "ida", "hash": "0f"}]}
    await _send(moving, json.dumps(rows).encode())
    assert "for which character it is" in moving.item("Please note").text
    assert "`hash`" in moving.item("Has no use here").text
    await moving.answer("import")
    await moving.watch()
    assert (moving.flow.state, moving.view.title) == (OPEN, "Memories")
    await moving.answer("options", into=lilith.slug)
    await moving.watch()
    assert "New: memory of yours" in moving.item("What would happen").text
    await moving.answer("import")
    await moving.watch()
    assert moving.flow.state == DONE


async def test_of_a_system_those_come_who_are_named(mira: Client) -> None:
    moving = await Dialogue.start(mira, "character import")
    open_to_all = {f"{part}_privacy": "public" for part in ("name", "description", "birthday")}
    members = [
        {"id": "luna", "name": "Luna", "privacy": open_to_all},
        {"id": "sol", "name": "Sol", "privacy": {**open_to_all, "description_privacy": "private"}},
        {"id": "mars", "name": "Mars", "privacy": open_to_all},
    ]
    system = {"version": 2, "id": "exmpl", "name": "Stars", "members": members}
    await _send(moving, json.dumps(system).encode())
    listed = moving.item("Its members (3)").text.splitlines()
    assert [line for line in listed if "nobody else listens" in line] == listed[1:2]
    assert listed[1].startswith("- Sol")
    await moving.answer("options", members="Luna\nPluto")
    assert moving.field("members").error == "There is no member Pluto."
    await moving.answer("options", members="mars\nLuna")
    await moving.watch()
    assert list(moving.field("members").values) == ["Mars\nLuna"]
    await moving.answer("import")
    await moving.watch()
    listing = request_for("ListPersonas", page_size=10)
    personas = (await mira.call("ListPersonas", listing)).personas
    assert [it.name for it in personas if not it.is_default] == ["Luna", "Mars"]


async def test_only_an_own_character_can_be_named(mira: Client, kael: Client) -> None:
    foreign = await create(kael)
    request = starting("character import", character=foreign.slug)
    assert (await mira.refused("StartFlow", request)).reason == "PERSONALITY_NOT_FOUND"


async def _send(moving: Dialogue, content: bytes) -> None:
    await moving.answer("send", file=await moving.upload(content))
    assert moving.flow.state == WORKING
    await moving.watch()


async def _moved_in(client: Client, content: bytes) -> None:
    moving = await Dialogue.start(client, "character import")
    await _send(moving, content)
    await moving.answer("import")
    await moving.watch()
    assert moving.flow.state == DONE


async def _mine(client: Client) -> list[Any]:
    listed = await client.call("ListPersonalities", request_for("ListPersonalities", mine=True))
    return list(listed.personalities)
