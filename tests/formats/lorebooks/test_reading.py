"""Lorebooks of all programs in one shape; what is used, what is only kept, what is odd."""

import json

import pytest

from tests.formats.lorebooks.making import (
    AGNAI,
    BOOK,
    DATA,
    EVERY,
    NOVELAI,
    RISU,
    ST,
    V3,
    book,
    found,
)
from tzurot.formats import caps, documents, lorebooks
from tzurot.formats.found import Kind, LoreEntry
from tzurot.formats.unreadable import Problem, Unreadable

# Counted by hand: entries, enabled, constant, with secondary keys, keys.
SAMPLES = {
    "syn_decorators_v3.json": ("lorebook_v3", "Decorators A", 11, 10, 1, 0, 11),  # 9 × 1 + 2 + 0
    "syn_risu_lorebook.json": ("risu", None, 1, 1, 0, 1, 2),  # "bell, chime"; the folder is none
    "syn_st_world_full_fields.json": ("st_world_info", None, 2, 1, 1, 1, 2),
    "tk_world_one.json": ("st_world_info", "World One", 1, 1, 0, 0, 1),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_counted(name: str) -> None:
    read = found((DATA / name).read_bytes())
    counts = ("name", "entries", "enabled", "constant", "with_secondary", "key_count")
    assert (read.kind, read.format) == (Kind.LOREBOOK, SAMPLES[name][0])
    assert tuple(read.details[count] for count in counts) == SAMPLES[name][1:]


def test_details_tell_the_decorators_of_the_entries_that_have_any() -> None:
    details = found((DATA / "syn_decorators_v3.json").read_bytes()).details
    told = details["decorators"]
    assert isinstance(told, list)
    assert [entry["index"] for entry in told] == [0, 1, 2, 3, 4, 5, 6, 10]
    assert told[5] == {
        "index": 5,
        "decorators": [
            {"name": "risu_only", "value": "4", "fallback": False},
            {"name": "agn_only", "value": "4", "fallback": True},
            {"name": "activate_only_every", "value": "3", "fallback": True},
        ],
        "content": "Every third message.",
    }
    assert (details["scan_depth"], details["token_budget"]) == (4, 500)
    assert details["recursive_scanning"] is False
    assert details["regex_entries"] == 1


@pytest.mark.parametrize("name", EVERY)
def test_a_format_is_known_by_its_shape(name: str) -> None:
    read = found(json.dumps(EVERY[name]).encode())
    assert read.format == name.replace("bare list", "v2_character_book")
    assert [entry.content for entry in read.lorebooks[0].entries][:1] == ["The bell is bronze."]


@pytest.mark.parametrize(
    "document",
    [
        {"spec": "chara_card_v2", "data": {"name": "Marta", "character_book": BOOK}},
        {"spec": "chara_card_v3", "data": {"name": "Marta", "first_mes": "Hi."}},
        {"name": "Marta", "first_mes": "Hi.", "entries": []},
        {"name": "Marta", "character_book": BOOK},
        {"entries": [{"date": "2026-01-01"}]},
        {"entries": [], "tuppers": []},
        {"messages": [{"msg": "Hi."}]},
        {"data": [1]},
        {},
        [],
        [{"name": "Marta", "prefix": "m:"}],
        [1, None],
        "text",
        None,
    ],
)
def test_something_else_is_left_to_other_readers(document: object) -> None:
    assert lorebooks.read(b"", document) is None


@pytest.mark.parametrize(
    "document",
    [{"spec": "lorebook_v3"}, {"kind": "memory", "entries": "no"}, {"lorebookVersion": 5}],
)
def test_a_book_that_says_what_it_is_but_has_no_rows_is_refused(document: object) -> None:
    with pytest.raises(Unreadable) as refused:
        lorebooks.read(b"", document)
    assert refused.value.problem is Problem.WRONG_TYPE


def test_too_many_entries_are_refused() -> None:
    rows = [{"keys": ["a"], "content": "b"}] * (caps.ENTRIES + 1)
    with pytest.raises(Unreadable) as refused:
        lorebooks.read(b"", {"entries": rows})
    assert refused.value.problem is Problem.TOO_MANY


def test_an_entry_of_sillytavern_keeps_its_settings_under_its_names_in_cards() -> None:
    entries = book(json.loads((DATA / "syn_st_world_full_fields.json").read_bytes())).entries
    assert entries[0].keys == ("/storm|gale/i", "squall")
    assert entries[0].use_regex
    assert (entries[0].position, entries[0].selective) == ("after_char", True)
    assert dict(entries[0].extensions) == {
        "vectorized": False,
        "selectiveLogic": 3,
        "position": 4,
        "exclude_recursion": True,
        "prevent_recursion": True,
        "delay_until_recursion": 0,
        "probability": 75,
        "useProbability": True,
        "depth": 2,
        "group": "weather",
        "group_override": False,
        "group_weight": 100,
        "scan_depth": 3,
        "automation_id": "",
        "role": 1,
        "sticky": 2,
        "cooldown": 3,
        "delay": 1,
    }


def test_what_an_old_sparse_file_leaves_out_has_sillytaverns_default() -> None:
    (entry,) = book({"entries": {"0": {"key": ["a"], "content": "b"}}}).entries
    assert entry == LoreEntry(
        keys=("a",), content="b", selective=True, insertion_order=100, position="before_char"
    )


def test_entries_come_in_the_order_in_which_sillytavern_shows_them() -> None:
    rows = {
        str(number): {"key": ["a"], "content": str(number), "displayIndex": place}
        for number, place in ((0, 2), (1, 0), (2, 1))
    }
    assert [entry.content for entry in book({"entries": rows}).entries] == ["1", "2", "0"]
    del rows["1"]["displayIndex"]  # then the file's own order
    assert [entry.content for entry in book({"entries": rows}).entries] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("row", "position"),
    [
        ({}, "before_char"),
        ({"position": "after_char"}, "after_char"),
        ({"position": "after_char", "extensions": {"position": 0}}, "before_char"),
        ({"position": "before_char", "extensions": {"position": 1}}, "after_char"),
        ({"position": "after_char", "extensions": {"position": 4}}, "after_char"),
        ({"position": "elsewhere"}, "before_char"),
    ],
)
def test_sillytaverns_position_beats_the_cards(row: dict[str, object], position: str) -> None:
    assert book({"entries": [{"keys": ["a"], **row}]}).entries[0].position == position


@pytest.mark.parametrize(
    ("row", "use_regex"),
    [
        ({"keys": ["/a|b/i"]}, True),  # V2 has no word for it
        ({"keys": ["/a|b/i"], "use_regex": False}, False),
        ({"keys": ["a"], "use_regex": True}, True),
        ({"keys": ["/usr/bin"]}, False),
        ({"keys": ["/a\\/b/"]}, True),
        ({"keys": ["a/b"]}, False),
    ],
)
def test_a_key_between_slashes_is_a_pattern(row: dict[str, object], use_regex: bool) -> None:
    assert book({"entries": [row]}).entries[0].use_regex is use_regex


@pytest.mark.parametrize(
    ("document", "entry"),
    [
        (
            RISU,
            LoreEntry(
                keys=("bell", "chime"),
                content="The bell is bronze.",
                secondary_keys=("night",),
                name="Bell",
                selective=True,
                insertion_order=20,
                extensions={"probability": 50},
            ),
        ),
        (
            AGNAI,
            LoreEntry(
                keys=("bell",),
                content="The bell is bronze.",
                name="Bell",
                insertion_order=20,
                priority=5,
            ),
        ),
        (
            NOVELAI,
            LoreEntry(
                keys=("bell", "/chimes?/i"),
                content="The bell is bronze.",
                name="Bell",
                use_regex=True,
                insertion_order=20,
            ),
        ),
    ],
)
def test_other_programs_words_mean_the_same(document: object, entry: LoreEntry) -> None:
    assert book(document).entries[0] == entry


def test_nulls_blanks_and_wrong_types_are_as_if_not_given() -> None:
    row = {
        "keys": ["", " ", None, "bell", 7],
        "content": None,
        "secondary_keys": None,
        "extensions": None,
        "enabled": None,
        "insertion_order": "12",
        "priority": True,
        "case_sensitive": "no",
    }
    document = {"entries": [row, 7], "name": None, "scan_depth": -1, "recursive_scanning": None}
    read = found(json.dumps(document).encode())
    assert read.lorebooks[0].entries == (
        LoreEntry(keys=("bell", "7"), content="", insertion_order=12),
    )
    assert (read.name, read.lorebooks[0].scan_depth) == ("", None)
    assert len(read.warnings) == 3  # a row that is none, no content, scan_depth


def test_what_postgres_cannot_keep_is_left_out_of_texts() -> None:
    document = documents.loads(b'{"entries": [{"keys": ["a"], "content": "x\\u0000\\ud800y"}]}')
    read = lorebooks.read(b"", document)
    assert read is not None
    assert read.lorebooks[0].entries[0].content.replace("\ufffd", "") == "xy"


def test_settings_of_sillytavern_are_used_but_those_that_nobody_follows() -> None:
    document = json.loads((DATA / "syn_st_world_full_fields.json").read_bytes())
    document["entries"]["0"] |= {"automationId": "lamp", "vectorized": True}
    read = found(json.dumps(document).encode())
    used = {each.destination.removeprefix("lorebook.entries.") for each in read.fields}
    assert {"position", "probability", "group", "sticky", "cooldown", "delay"} <= used
    aside = {each.path.removeprefix("entries.*.") for each in read.kept_aside}
    assert {"automationId", "vectorized"} <= aside
    assert not aside & used
    assert not {"uid", "displayIndex"} & (aside | used)


def test_every_word_that_has_a_place_is_told_and_unknown_ones_too() -> None:
    read = found(json.dumps(V3).encode())
    mapped = {(each.source, each.destination) for each in read.fields}
    assert ("data.entries.*.keys", "lorebook.entries.keys") in mapped
    assert ("data.name", "lorebook.name") in mapped
    assert {each.path for each in read.kept_aside} == {
        "unheardOf",
        "data.unheardOf",
        "data.entries.*.unheardOf",
        "data.entries.*.extensions.unheardOf",
    }
    assert ("data.entries.*.extensions.probability", "lorebook.entries.probability") in mapped


def test_the_book_in_a_card_is_read_alike_whatever_its_rows_look_like() -> None:
    assert lorebooks.character_book(BOOK).entries == book(BOOK).entries
    assert lorebooks.character_book(ST).entries == book(ST).entries
    assert lorebooks.character_book({"name": "Empty", "anything": 1}).name == "Empty"
    assert lorebooks.character_book(BOOK).document == b""
