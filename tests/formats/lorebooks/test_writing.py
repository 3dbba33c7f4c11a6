"""Lorebooks written back: verbatim if nothing differs, else only what does."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.lorebooks.making import AGNAI, BOOK, DATA, EVERY, RISU, ST, book, found, reread
from tzurot.formats import lorebooks
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.formats.lorebooks import dialects
from tzurot.formats.lorebooks.writing import origins
from tzurot.formats.unreadable import Unreadable

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
KEYS = st.lists(TEXTS.filter(str.strip), max_size=3).map(tuple)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SETTINGS = st.sampled_from(["probability", "sticky", "group", "selectiveLogic", "unheardOf"])
VALUES = st.integers(0, 9) | st.booleans() | TEXTS | NUMBERS
ENTRIES = st.builds(
    LoreEntry,
    keys=KEYS,
    content=TEXTS,
    secondary_keys=KEYS,
    name=TEXTS,
    enabled=st.booleans(),
    constant=st.booleans(),
    selective=st.booleans(),
    use_regex=st.booleans(),
    case_sensitive=st.none() | st.booleans(),
    insertion_order=NUMBERS,
    priority=st.none() | NUMBERS,
    position=st.sampled_from(["before_char", "after_char"]),
    extensions=st.dictionaries(SETTINGS, VALUES, max_size=3),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", EVERY)
def test_a_book_that_says_the_same_comes_back_verbatim(name: str) -> None:
    data = json.dumps(EVERY[name], indent=1).encode()
    assert lorebooks.write(found(data).lorebooks[0], None) == data


@pytest.mark.parametrize("name", EVERY)
def test_a_change_changes_nothing_else(name: str) -> None:
    was = book(EVERY[name])
    changed = replace(was.entries[0], content="It rang.", keys=("bell", "rope"))
    written = lorebooks.write(replace(was, entries=(changed, *was.entries[1:])), None)
    assert reread(written).entries == (changed, *was.entries[1:])
    for unknown in ("unheardOf", "searchRange", "folder", "settings"):
        assert written.count(unknown.encode()) == json.dumps(EVERY[name]).count(unknown)


@pytest.mark.parametrize("name", EVERY)
def test_entries_can_be_removed_added_and_moved(name: str) -> None:
    bell, sea = (was := book(EVERY[name])).entries
    new = replace(bell, content="A third one.", keys=("third",), name="Third")
    for entries in [(sea,), (sea, bell), (bell, new, sea), (new, sea, bell), ()]:
        written = lorebooks.write(replace(was, entries=entries), None)
        assert [e.content for e in reread(written).entries] == [e.content for e in entries]
        assert set(map(repr, reread(written).entries)) == set(map(repr, entries))


def test_a_new_row_of_sillytavern_gets_the_next_number() -> None:
    was = book(ST)
    third = replace(was.entries[0], content="A third one.", keys=("third",))
    rows = json.loads(lorebooks.write(replace(was, entries=(*was.entries, third)), None))["entries"]
    assert list(rows) == ["7", "3", "8"]
    assert (rows["8"]["uid"], rows["8"]["content"]) == (8, "A third one.")
    assert "unheardOf" not in rows["8"]


def test_folders_of_risu_stay_where_they_are() -> None:
    was = book(RISU)
    changed = replace(was.entries[1], content="Salty.")
    rows = json.loads(lorebooks.write(replace(was, entries=(was.entries[0], changed)), None))[
        "data"
    ]
    assert [row.get("mode") for row in rows] == ["folder", None, None]
    assert rows[2] == {"key": "sea", "content": "Salty.", "insertorder": 10, "unheardOf": 1}


def test_what_a_format_has_no_word_for_lies_under_our_name() -> None:
    was = book(AGNAI)
    changed = replace(was.entries[0], secondary_keys=("night",), case_sensitive=True)
    wanted = replace(was, entries=(changed, was.entries[1]), scan_depth=3)
    written = lorebooks.write(wanted, None)
    document = json.loads(written)
    assert document["entries"][0]["tzurot"] == {"secondary_keys": ["night"], "case_sensitive": True}
    assert document["tzurot"] == {"scan_depth": 3}
    assert replace(reread(written), document=b"") == replace(wanted, document=b"")
    back = lorebooks.write(replace(reread(written), entries=was.entries), None)
    assert "tzurot" not in json.loads(back)["entries"][0]


def test_without_a_document_the_base_gives_it() -> None:
    base = book(ST)
    stored = replace(base, document=b"", name="Coast")
    document = json.loads(lorebooks.write(stored, base))
    assert (document["name"], document["unheardOf"]) == ("Coast", 1)


def test_a_book_of_our_own_is_a_lorebook_v3() -> None:
    entry = LoreEntry(keys=("bell",), content="Bronze.", insertion_order=3)
    document = json.loads(lorebooks.write(Lorebook((entry,), name="Varn", scan_depth=2), None))
    assert document["spec"] == "lorebook_v3"
    assert (document["data"]["name"], document["data"]["scan_depth"]) == ("Varn", 2)
    row = document["data"]["entries"][0]
    required = {"keys", "content", "extensions", "enabled", "insertion_order", "use_regex"}
    assert required <= row.keys()
    assert row["insertion_order"] == 3
    assert "priority" not in row


def test_a_cards_book_keeps_what_it_had() -> None:
    was = lorebooks.character_book(BOOK)
    changed = replace(was, entries=(replace(was.entries[0], name="Great bell"), was.entries[1]))
    written = lorebooks.write_character_book(changed, BOOK)
    assert isinstance(written["entries"], list)
    assert written["entries"][0] == {**BOOK["entries"][0], "comment": "Great bell"}  # pyright: ignore[reportIndexIssue] - a literal above
    assert lorebooks.write_character_book(was, BOOK) == BOOK
    assert lorebooks.character_book(lorebooks.write_character_book(changed)) == changed


def test_a_changed_position_is_changed_for_sillytavern_too() -> None:
    row = {"keys": ["a"], "position": "before_char", "extensions": {"position": 0, "depth": 4}}
    was = lorebooks.character_book({"entries": [row]})
    after = replace(was, entries=(replace(was.entries[0], position="after_char"),))
    (written,) = lorebooks.write_character_book(after, {"entries": [row]})["entries"]  # pyright: ignore[reportGeneralTypeIssues] - a list of one
    assert written == {
        "keys": ["a"],
        "position": "after_char",
        "extensions": {"position": 1, "depth": 4},
    }


def test_numbers_keep_their_digits() -> None:
    data = b'{"entries": [{"keys": ["a"], "content": "x", "extensions": {"w": 0.1000, "n": 1}}]}'
    was = found(data).lorebooks[0]
    changed = replace(was.entries[0], extensions={**was.entries[0].extensions, "n": 2})
    assert b"0.1000" in lorebooks.write(replace(was, entries=(changed,)), None)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("ab", [0, 1]),
        ("ba", [1, 0]),
        ("b", [1]),
        ("xab", [None, 0, 1]),
        ("aab", [0, None, 1]),
        ("ax", [0, 1]),  # as many as before: the second was rewritten
        ("axy", [0, None, None]),
    ],
)
def test_an_entry_is_the_one_that_it_was(new: str, expected: list[int | None]) -> None:
    old = [LoreEntry(keys=(letter,), content=letter) for letter in "ab"]
    assert origins([LoreEntry(keys=(letter,), content=letter) for letter in new], old) == expected


@given(ENTRIES)
@pytest.mark.parametrize("dialect", ["CARD", "SILLYTAVERN", "RISU", "AGNAI", "NOVELAI"])
def test_every_dialect_can_say_every_entry(dialect: str, entry: LoreEntry) -> None:
    words: dialects.Dialect = getattr(dialects, dialect)
    assert dialects.entry_of(words, dialects.new(words, entry)) == entry


@given(st.sampled_from(sorted(EVERY)), st.lists(ENTRIES, max_size=4))
def test_whatever_a_book_becomes_its_file_says(name: str, entries: list[LoreEntry]) -> None:
    wanted = replace(book(EVERY[name]), entries=tuple(entries))
    written = lorebooks.write(wanted, None)
    assert list(reread(written).entries) == entries
    assert lorebooks.write(reread(written), None) == written


@given(st.dictionaries(st.sampled_from(sorted({*BOOK, "spec", "data", "type"})) | TEXTS, JSON))
def test_no_document_breaks_the_reader(document: dict[str, object]) -> None:
    for value in (document, {"entries": [document]}, {"entries": {"0": document, "1": ST}}):
        try:
            read = lorebooks.read(b"", value)
        except Unreadable:
            continue
        assert read is None or read.details["entries"] == len(read.lorebooks[0].entries)


def test_the_samples_survive_a_fresh_book() -> None:
    for sample in DATA.glob("*.json"):
        was = found(sample.read_bytes()).lorebooks[0]
        fresh = reread(lorebooks.write(replace(was, document=b""), None))
        assert fresh.entries == was.entries
