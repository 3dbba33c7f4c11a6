"""Lorebooks and their entries, written and changed here: every field, masks, etags, limits."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.calling import request_for
from tests.conftest import Served
from tests.personality.shelf import RICH, Owner, book, owner
from tzurot.formats.found import LoreEntry
from tzurot.personality.lorebooks import lore_entries
from tzurot.personality.v1 import lorebook_pb2

# Each field of an entry: what is sent, and what of it SillyTavern's settings then say.
SAID: dict[str, tuple[Any, dict[str, Any]]] = {
    "name": ("Tower", {}),
    "keys": (["tower", "/tow+er/i"], {}),
    "secondary_keys": (["night"], {"selectiveLogic": 0}),
    "content": ("@@depth 2\nIt hums.", {}),
    "enabled": (False, {}),
    "constant": (True, {}),
    "logic": ("SECONDARY_LOGIC_NOT_ALL", {"selectiveLogic": 1}),
    "use_regex": (True, {}),
    "case_sensitive": (False, {}),
    "match_whole_words": (False, {"match_whole_words": False}),
    "scan_depth": (0, {"scan_depth": 0}),
    "insertion_order": (0.5, {}),
    "priority": (-2, {}),
    "depth": (0, {"depth": 0}),
    "role": ("PROMPT_ROLE_ASSISTANT", {"role": 2}),
    "outlet": ("weather", {"outlet_name": "weather"}),
    "probability": (0, {"probability": 0, "useProbability": True}),
    "sticky": (3, {"sticky": 3}),
    "cooldown": (4, {"cooldown": 4}),
    "delay": (5, {"delay": 5}),
    "group": ("a, b", {"group": "a, b"}),
    "group_override": (True, {"group_override": True}),
    "group_weight": (0, {"group_weight": 0}),
    "use_group_scoring": (True, {"use_group_scoring": True}),
    "exclude_recursion": (True, {"exclude_recursion": True}),
    "prevent_recursion": (True, {"prevent_recursion": True}),
    "delay_until_recursion": (2, {"delay_until_recursion": 2}),
    "ignore_budget": (True, {"ignore_budget": True}),
}
# Each place: the card's own word for it, and SillyTavern's number or ours.
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "BEFORE_CHARACTER": ("before_char", {}),
    "AFTER_CHARACTER": ("after_char", {}),
    "NOTE_TOP": ("after_char", {"position": 2}),
    "NOTE_BOTTOM": ("after_char", {"position": 3}),
    "AT_DEPTH": ("after_char", {"position": 4}),
    "BEFORE_EXAMPLES": ("after_char", {"position": 5}),
    "AFTER_EXAMPLES": ("after_char", {"position": 6}),
    "OUTLET": ("after_char", {"position": 7}),
    "PERSONALITY": ("before_char", {"tzurot_place": "personality"}),
    "SCENARIO": ("before_char", {"tzurot_place": "scenario"}),
}
OUTPUT_ONLY = ("position", "id", "lorebook_id", "etag")


@pytest.fixture
async def mira(served: Served) -> Owner:
    return await owner(served, "mira")


def test_every_field_of_an_entry_has_a_row() -> None:
    names = {field.name for field in lorebook_pb2.LorebookEntry.DESCRIPTOR.fields}
    assert names == {*SAID, "place", *OUTPUT_ONLY}


class TestFields:
    @pytest.mark.parametrize("name", SAID)
    async def test_a_field_is_kept_as_sillytavern_would(self, name: str, mira: Owner) -> None:
        value, settings = SAID[name]
        notes = await mira.writes()
        new = await mira.adds(notes.id, **{name: value})
        wanted = lorebook_pb2.LorebookEntry(**{name: value})
        assert getattr(new, name) == getattr(wanted, name)
        assert await _settings(mira, new.id) == settings
        blank = await mira.adds(notes.id)
        edited = await mira.edits(blank.id, **{name: value})
        assert getattr(edited, name) == getattr(wanted, name)
        assert await _settings(mira, blank.id) == settings

    @pytest.mark.parametrize("name", SAID)
    async def test_a_field_that_is_emptied_is_as_if_it_had_never_been_set(
        self, name: str, mira: Owner
    ) -> None:
        notes = await mira.writes()
        blank = await mira.adds(notes.id)
        entry = await mira.adds(notes.id, **{name: SAID[name][0]})
        emptied = await mira.edits(entry.id, name)
        assert getattr(emptied, name) == getattr(blank, name)
        assert emptied.HasField(name) == blank.HasField(name) if _is_optional(name) else True

    @pytest.mark.parametrize("place", PLACES)
    async def test_a_place_is_kept_from_any_other(self, place: str, mira: Owner) -> None:
        notes = await mira.writes()
        for other in PLACES:
            entry = await mira.adds(notes.id, place=f"LORE_PLACE_{other}")
            moved = await mira.edits(entry.id, place=f"LORE_PLACE_{place}")
            assert moved.place == lorebook_pb2.LorePlace.Value(f"LORE_PLACE_{place}")
            assert (await _stored(mira, entry.id, "place"), await _settings(mira, entry.id)) == (
                PLACES[place]
            ), other

    async def test_a_new_entry_is_on_and_told_before_the_character(self, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id, keys=["harbor"], content="Old.")
        assert (entry.enabled, entry.insertion_order) == (True, 100)
        assert entry.place == lorebook_pb2.LORE_PLACE_BEFORE_CHARACTER

    async def test_what_nobody_here_knows_stays_as_it_is(self, mira: Owner) -> None:
        (lorebook_id,) = await mira.gets(book(RICH))
        (entry,) = await mira.entries(lorebook_id)
        await mira.edits(entry.id, sticky=2, content="It stands.", exclude_recursion=True)
        assert await _settings(mira, entry.id) == {
            "selectiveLogic": 3,
            "probability": 0.1,
            "match_whole_words": None,
            "x": [{}],
            "sticky": 2,
            "exclude_recursion": True,
        }

    async def test_secondary_keys_count_from_the_moment_they_are_there(self, mira: Owner) -> None:
        notes = await mira.writes()
        entry = await mira.adds(notes.id, keys=["/tow+er/"], use_regex=True, content="It hums.")
        await mira.edits(entry.id, secondary_keys=["night"])
        (day,) = await mira.tests(notes.id, "The tower by day.")
        (night,) = await mira.tests(notes.id, "The tower by night.")
        assert (day.activated, night.activated) == (False, True)

    async def test_a_case_that_a_card_says_twice_is_changed_twice(self, mira: Owner) -> None:
        twice = book(_with(case_sensitive=True, extensions={"case_sensitive": True}))
        (lorebook_id,) = await mira.gets(twice)
        (entry,) = await mira.entries(lorebook_id)
        assert not (await mira.edits(entry.id, case_sensitive=False)).case_sensitive
        assert await _settings(mira, entry.id) == {"case_sensitive": False}
        assert not (await mira.edits(entry.id, "case_sensitive")).HasField("case_sensitive")
        assert await _settings(mira, entry.id) == {}

    @pytest.mark.parametrize(
        "extensions",
        [
            {"position": "x", "role": [], "depth": -1, "probability": {}, "selectiveLogic": None},
            {"sticky": "many", "group": 5, "match_whole_words": 1, "delay_until_recursion": True},
            {"position": 99, "role": 9, "scan_depth": "deep", "tzurot_place": ["x"]},
        ],
    )
    async def test_strange_settings_of_a_file_are_shown_as_not_set(
        self, extensions: dict[str, Any], mira: Owner
    ) -> None:
        (lorebook_id,) = await mira.gets(book(_with(extensions=extensions)))
        (entry,) = await mira.entries(lorebook_id)
        assert entry.place == lorebook_pb2.LORE_PLACE_BEFORE_CHARACTER
        assert not any(entry.HasField(it) for it in ("depth", "probability", "sticky"))
        await mira.edits(entry.id, name="Named")
        assert await _settings(mira, entry.id) == extensions


class TestEntries:
    async def test_entries_come_at_the_end_and_are_numbered_without_gaps(self, mira: Owner) -> None:
        (lorebook_id,) = await mira.gets(book(_with(name="0"), _with(name="1"), _with(name="2")))
        zero, one, _ = await mira.entries(lorebook_id)
        three = await mira.adds(lorebook_id, name="3")
        assert three.position == 3
        await mira.takes_out(one.id)
        now = await mira.entries(lorebook_id)
        assert [(it.position, it.name) for it in now] == [(0, "0"), (1, "2"), (2, "3")]
        assert [now[0].id, now[2].id] == [zero.id, three.id]
        assert (await mira.edits(three.id, name="Three")).position == 2
        assert {it.lorebook_id for it in now} == {lorebook_id}
        assert (await mira.shown(lorebook_id)).entry_count == 3

    async def test_an_entry_that_is_gone_is_not_found(self, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id)
        await mira.takes_out(entry.id)
        for rpc, fields in (
            ("UpdateLorebookEntry", {"entry": {"name": "x"}}),
            ("DeleteLorebookEntry", {}),
        ):
            request = request_for(rpc, entry_id=entry.id, **fields)
            assert (await mira.client.refused(rpc, request)).reason == "LOREBOOK_ENTRY_NOT_FOUND"

    async def test_an_edit_of_an_old_version_is_refused(self, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id)
        edited = await mira.edits(entry.id, name="New", etag=entry.etag)
        assert edited.etag != entry.etag
        request = request_for(
            "UpdateLorebookEntry", entry_id=entry.id, entry={"name": "x", "etag": entry.etag}
        )
        refusal = await mira.client.refused("UpdateLorebookEntry", request)
        assert (refusal.reason, refusal.metadata["etag"]) == ("ETAG_MISMATCH", edited.etag)

    async def test_of_edits_of_one_version_at_the_same_time_one_is_made(self, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id)
        edits = [mira.edits(entry.id, name=f"{n}", etag=entry.etag) for n in range(5)]
        ended = await asyncio.gather(*edits, return_exceptions=True)
        assert sum(not isinstance(it, Exception) for it in ended) == 1

    async def test_an_edit_is_a_change_of_the_book_but_not_of_its_version(
        self, mira: Owner
    ) -> None:
        notes = await mira.writes()
        entry = await mira.adds(notes.id)
        times = [notes.update_time.ToDatetime()]
        for step in (mira.edits(entry.id, name="x"), mira.takes_out(entry.id)):
            await step
            now = await mira.shown(notes.id)
            times.append(now.update_time.ToDatetime())
            assert now.etag == notes.etag
        assert times == sorted(set(times))

    @pytest.mark.parametrize("path", [*OUTPUT_ONLY, "*", "nothing", "keys.0"])
    async def test_a_mask_names_what_can_be_changed(self, path: str, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id)
        request = request_for(
            "UpdateLorebookEntry", entry_id=entry.id, entry={}, update_mask={"paths": [path]}
        )
        refusal = await mira.client.refused("UpdateLorebookEntry", request)
        assert (refusal.reason, refusal.metadata["path"]) == ("UPDATE_MASK_INVALID", path)

    async def test_a_mask_spares_what_it_does_not_name(self, mira: Owner) -> None:
        entry = await mira.adds((await mira.writes()).id, name="Tower", content="Old.")
        edited = await mira.edits(entry.id, "content", name="Ignored", content="New.")
        assert (edited.name, edited.content) == ("Tower", "New.")

    async def test_a_full_book_takes_no_more(
        self, mira: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lore_entries, "MAX_ENTRIES", 2)
        notes = await mira.writes()
        adding = [request_for("CreateLorebookEntry", lorebook_id=notes.id, entry={"name": "x"})] * 5
        ended = await asyncio.gather(
            *(mira.client.call("CreateLorebookEntry", it) for it in adding), return_exceptions=True
        )
        assert sum(isinstance(it, Exception) for it in ended) == 3
        refusal = await mira.client.refused("CreateLorebookEntry", adding[0])
        assert (refusal.reason, refusal.metadata["limit"]) == ("LIMIT_REACHED", "2")
        assert len(await mira.entries(notes.id)) == 2

    async def test_a_repeat_gives_the_entry_as_it_is_now(self, mira: Owner) -> None:
        notes, key = await mira.writes(), str(uuid4())
        request = request_for(
            "CreateLorebookEntry", lorebook_id=notes.id, entry={"name": "x"}, request_id=key
        )
        first = (await mira.client.call("CreateLorebookEntry", request)).entry
        await mira.edits(first.id, name="y")
        again = (await mira.client.call("CreateLorebookEntry", request)).entry
        assert (again.id, again.name) == (first.id, "y")
        other = request_for(
            "CreateLorebookEntry", lorebook_id=notes.id, entry={"name": "z"}, request_id=key
        )
        refusal = await mira.client.refused("CreateLorebookEntry", other)
        assert refusal.reason == "REQUEST_ID_REUSED"
        assert len(await mira.entries(notes.id)) == 1


class TestBooks:
    async def test_a_book_is_written_here_and_changed(self, mira: Owner) -> None:
        notes = await mira.writes(
            description="Of the coast.", scan_depth=0, token_budget=500, recursive_scanning=False
        )
        assert (notes.name, notes.description) == ("Notes", "Of the coast.")
        assert (notes.scan_depth, notes.HasField("scan_depth")) == (0, True)
        assert (notes.token_budget, notes.HasField("recursive_scanning")) == (500, True)
        assert (notes.source_format, notes.owned, notes.editable) == ("", True, True)
        changed = await _change(mira, notes.id, "scan_depth", "name", name="Coast")
        assert (changed.name, changed.HasField("scan_depth")) == ("Coast", False)
        assert (changed.description, changed.token_budget) == ("Of the coast.", 500)
        assert (await mira.shown(notes.id)).etag == changed.etag != notes.etag

    async def test_without_a_mask_what_is_set_is_changed(self, mira: Owner) -> None:
        notes = await mira.writes(description="Of the coast.")
        changed = await _change(mira, notes.id, token_budget=0)
        assert (changed.name, changed.description) == ("Notes", "Of the coast.")
        assert (changed.token_budget, changed.HasField("token_budget")) == (0, True)

    async def test_an_edit_of_an_old_version_is_refused(self, mira: Owner) -> None:
        notes = await mira.writes()
        await _change(mira, notes.id, name="Coast", etag=notes.etag)
        request = request_for(
            "UpdateLorebook", lorebook_id=notes.id, lorebook={"name": "x", "etag": notes.etag}
        )
        assert (await mira.client.refused("UpdateLorebook", request)).reason == "ETAG_MISMATCH"

    @pytest.mark.parametrize("path", ["id", "entries", "owned", "source_format", "*", "etag"])
    async def test_a_mask_names_what_can_be_changed(self, path: str, mira: Owner) -> None:
        notes = await mira.writes()
        request = request_for(
            "UpdateLorebook", lorebook_id=notes.id, lorebook={}, update_mask={"paths": [path]}
        )
        assert (await mira.client.refused("UpdateLorebook", request)).reason == (
            "UPDATE_MASK_INVALID"
        )

    async def test_two_empty_books_of_one_name_are_two(self, mira: Owner) -> None:
        first, second = await mira.writes(), await mira.writes()
        assert await mira.lists() == [second.id, first.id]


def _with(**fields: Any) -> LoreEntry:
    """An entry of a file."""
    return LoreEntry(("harbor",), "Old.", **fields)


def _is_optional(name: str) -> bool:
    return lorebook_pb2.LorebookEntry.DESCRIPTOR.fields_by_name[name].has_presence


async def _change(who: Owner, lorebook_id: str, *mask: str, **fields: Any) -> Any:
    request = request_for(
        "UpdateLorebook",
        lorebook_id=lorebook_id,
        lorebook=fields,
        update_mask={"paths": mask} if mask else None,
    )
    return (await who.client.call("UpdateLorebook", request)).lorebook


async def _settings(who: Owner, entry_id: str) -> dict[str, Any]:
    return await _stored(who, entry_id, "extensions")


async def _stored(who: Owner, entry_id: str, column: str) -> Any:
    query = f"SELECT {column} FROM lorebook_entries WHERE id = :id"  # noqa: S608 - ours
    async with who.served.running.parts.database.transaction() as tx:
        return await tx.scalar(text(query), {"id": entry_id})
