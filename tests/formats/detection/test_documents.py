"""Each text format is told from all others, also where two look alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.shapes.making import IDA, backup, chat_row, config, memory, story
from tzurot.formats import detection, documents, tzurot
from tzurot.formats.found import Character, Kind
from tzurot.formats.unreadable import Problem, Unreadable

V1 = {
    "name": "Marta",
    "description": "A keeper.",
    "personality": "calm",
    "scenario": "",
    "first_mes": "Hi",
    "mes_example": "",
}
CARD = {"spec": "chara_card_v2", "spec_version": "2.0", "data": V1}
BOOK = {"name": "Island", "entries": [{"keys": ["lamp"], "content": "Lit.", "enabled": True}]}
WORLD = {"entries": {"0": {"uid": 0, "key": ["lamp"], "keysecondary": [], "content": "Lit."}}}
V2 = {"name": "Marta", "slug": "marta-lamp", "characterInfo": "x", "personalityTraits": "y"}
OURS = json.loads(tzurot.write(tzurot.Export(Character(name="Marta"))))
EXPORT = {"sourceSlug": "m", "config": config(), "memories": [], "stories": [], "stats": {}}
AGNAI = {"name": "Chat", "messages": [{"msg": "hi", "userId": "u"}, {"msg": "ho"}]}
PLURALKIT = {
    "version": 2,
    "id": "abcde",
    "name": "Us",
    "members": [{"id": "aaaaa", "name": "Ida", "proxy_tags": [{"prefix": "i:", "suffix": None}]}],
    "groups": [],
    "switches": [],
}
TUPPERBOX = {"tuppers": [{"id": 1, "name": "Ida", "brackets": ["i:", ""]}], "groups": []}
MEM0 = {"results": [{"id": "1", "memory": "Ida likes tea.", "user_id": "u"}]}
PAGE_EXPORTER = {
    "shape": "marta-lamp",
    "count": 1,
    "memories": [{"type": "automatic", "content": "one", "date": "07/26/2024"}],
}
PERSON = {"preferred_name": "Ida", "backstory": "boats", "pronouns": "she/her"}

DOCUMENTS: list[tuple[object, Kind]] = [
    (V1, Kind.CHARACTER_CARD),
    (CARD, Kind.CHARACTER_CARD),
    (CARD | {"spec": "chara_card_v3", "spec_version": "3.0"}, Kind.CHARACTER_CARD),
    ({"char_name": "Marta", "char_persona": "calm"}, Kind.CHARACTER_CARD),
    (BOOK, Kind.LOREBOOK),
    (WORLD, Kind.LOREBOOK),
    ({"spec": "lorebook_v3", "data": BOOK}, Kind.LOREBOOK),
    (BOOK["entries"], Kind.LOREBOOK),
    (AGNAI, Kind.CHAT),
    ({"data_visible": [["hi", "ho"]], "data": []}, Kind.CHAT),
    (PLURALKIT, Kind.PLURALKIT),
    (TUPPERBOX, Kind.TUPPERBOX),
    (MEM0, Kind.MEMORIES),
    (OURS, Kind.TZUROT_CHARACTER),
    (V2, Kind.TZUROT_CHARACTER),
    (config(), Kind.SHAPES_CONFIG),
    (EXPORT, Kind.SHAPES_EXPORT),
    ([memory("one", IDA)], Kind.SHAPES_MEMORIES),
    ({"items": [memory("one", IDA)], "pagination": {}}, Kind.SHAPES_MEMORIES),
    (PAGE_EXPORTER, Kind.SHAPES_MEMEXPORTER),
    ([story("Lit.")], Kind.SHAPES_KNOWLEDGE),
    ([chat_row("r1", 1.0, "hi", "ho")], Kind.SHAPES_CHAT),
    (PERSON, Kind.SHAPES_PERSONALIZATION),
    ({"training": []}, Kind.SHAPES_TRAINING),
    # Two things at once: the stricter or richer one is meant.
    (CARD | {"data": {**V1, "character_book": BOOK}}, Kind.CHARACTER_CARD),
    (V1 | {"jailbreak": "x", "user_prompt": "y", "username": "marta"}, Kind.CHARACTER_CARD),
    (V1 | {"characterInfo": "x", "personalityTraits": "y"}, Kind.CHARACTER_CARD),
    (V1 | {"entries": [], "messages": []}, Kind.CHARACTER_CARD),
    (OURS | {"source": {"format": "x", "document": CARD}}, Kind.TZUROT_CHARACTER),
    (EXPORT | {"messages": [], "entries": {}}, Kind.SHAPES_EXPORT),
    (config(messages=[], members=[]), Kind.SHAPES_CONFIG),
]


@pytest.mark.parametrize(("document", "kind"), DOCUMENTS)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_is_what_it_is(document: object, kind: Kind, indent: int | None):
    assert detection.read(json.dumps(document, indent=indent).encode()).kind is kind


@pytest.mark.parametrize(("document", "kind"), DOCUMENTS[:24])
def test_no_two_readers_claim_a_plain_document(document: object, kind: Kind):
    data = documents.dumps(document)
    claims = [found.kind for reader in detection.READERS if (found := reader(data, document))]
    assert claims == [kind]


@pytest.mark.parametrize(("document", "kind"), DOCUMENTS[:24])
def test_a_byte_order_mark_and_space_change_nothing(document: object, kind: Kind):
    data = b"\xef\xbb\xbf\n" + b" " * 99 + json.dumps(document).encode() + b"\n\n"
    assert detection.read(data).kind is kind


_DATA = Path(__file__).parents[1] / "data"
_SAMPLES = {
    "cards": {Kind.CHARACTER_CARD},
    "chats": {Kind.CHAT},
    "lorebooks": {Kind.LOREBOOK},
    "personas": {Kind.PLURALKIT, Kind.TUPPERBOX},
    "shapes": {Kind.SHAPES_CONFIG},
}
_REFUSED = {
    "tk_invalid_missing_name.json": Problem.BLANK_NAME,
    "quirk_no_card.png": Problem.NO_CARD,
}


@pytest.mark.parametrize(
    "path",
    [it for folder in _SAMPLES for it in sorted((_DATA / folder).iterdir()) if it.suffix != ".md"],
    ids=lambda path: path.name,
)
def test_the_samples_are_what_they_are(path: Path):
    if path.name in _REFUSED:
        with pytest.raises(Unreadable) as refused:
            detection.read(path.read_bytes())
        assert refused.value.problem is _REFUSED[path.name]
    else:
        assert detection.read(path.read_bytes()).kind in _SAMPLES[path.parent.name]


LINES: list[tuple[list[object], Kind]] = [
    (
        [{"user_name": "Ida", "character_name": "Marta"}, {"name": "Marta", "mes": "Hi"}],
        Kind.CHAT,
    ),
    ([{"name": "Marta", "is_user": False, "mes": "Hi"}, {"name": "Ida", "mes": "Ho"}], Kind.CHAT),
    ([{"text": "Ida likes tea."}, {"text": "Jon left.", "id": "2"}], Kind.MEMORIES),
    ([{"id": "1", "memory": "a", "user_id": "u"}, {"id": "2", "memory": "b"}], Kind.MEMORIES),
]


@pytest.mark.parametrize(("rows", "kind"), LINES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_of_json_are_chats_or_memories(rows: list[object], kind: Kind, ending: str):
    text = ending.join(json.dumps(row) for row in rows)
    assert detection.read(text.encode()).kind is kind
    assert detection.read(b"\xef\xbb\xbf" + text.encode() + b"\n").kind is kind


def test_a_single_line_of_memories_is_memories():
    assert detection.read(b'{"text": "Ida likes tea."}\n').kind is Kind.MEMORIES


@pytest.mark.parametrize(
    ("data", "problem", "words"),
    [
        (b"", Problem.NOTHING_INSIDE, "empty"),
        (b" \n\t ", Problem.NOTHING_INSIDE, "empty"),
        (b"\0\0\0\0", Problem.NOTHING_INSIDE, "empty"),
        (b"{}", Problem.NOTHING_INSIDE, "empty"),
        (b"[]", Problem.NOTHING_INSIDE, "empty"),
        (b"<!DOCTYPE html><html>404</html>", Problem.NOT_SUPPORTED, "web page"),
        (b"\xef\xbb\xbf\n<html></html>", Problem.NOT_SUPPORTED, "web page"),
        (b"# Marta\n\n## Memories\n", Problem.NOT_SUPPORTED, "format json"),
        ('{"name": "Marta"}'.encode("utf-16"), Problem.NOT_SUPPORTED, "UTF-16"),
        ('{"name": "Marta"}'.encode("utf-16-le"), Problem.NOT_SUPPORTED, "UTF-16"),
        ('[{"name": "Marta"}]'.encode("utf-16-be"), Problem.NOT_SUPPORTED, "UTF-16"),
        (b"rcc||rccv4||AAAA", Problem.NOT_SUPPORTED, "RisuAI"),
        (b'{"name": "Marta"', Problem.NOT_JSON, "not valid JSON"),
        (b'{"a": \xff}', Problem.NOT_JSON, "not valid JSON"),
        (b"[" * 100, Problem.TOO_DEEP, "deeper"),
        (b'{"a": 1}', Problem.NOT_RECOGNIZED, "character cards"),
        (b'{"a": 1}\n{"b": 2}\n', Problem.NOT_RECOGNIZED, "lorebooks"),
        (b"[1, 2]", Problem.NOT_RECOGNIZED, "shapes.inc"),
        (b"Hello.", Problem.NOT_RECOGNIZED, "PluralKit"),
        (b'"text"', Problem.NOT_RECOGNIZED, "memories"),
        (b"\x80\x81\x82", Problem.NOT_RECOGNIZED, "Tzurot"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_can_not_be_read_is_named(data: bytes, problem: Problem, words: str):
    with pytest.raises(Unreadable) as refused:
        detection.read(data)
    assert refused.value.problem is problem
    assert words in refused.value.sentence


def test_the_parts_of_a_backup_are_known_one_by_one():
    kinds = {
        path.removesuffix(".json"): detection.read(data).kind
        for path, data in backup("").items()
        if not path.startswith(".")
    }
    assert kinds == {
        "marta-lamp": Kind.SHAPES_CONFIG,
        "marta-lamp_memories": Kind.SHAPES_MEMORIES,
        "marta-lamp_knowledge": Kind.SHAPES_KNOWLEDGE,
        "marta-lamp_training": Kind.SHAPES_TRAINING,
        "marta-lamp_user_personalization": Kind.SHAPES_PERSONALIZATION,
        "marta-lamp_chat_history": Kind.SHAPES_CHAT,
    }


_NAMES = sorted(
    {name for document, _ in DOCUMENTS if isinstance(document, dict) for name in document}
)
_PARTS = [
    part for document, _ in DOCUMENTS if isinstance(document, dict) for part in document.values()
]


@given(st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_PARTS), max_size=8))
def test_any_mixture_of_formats_is_read_or_refused_with_a_sentence(mixture: dict[str, object]):
    try:
        found = detection.read(json.dumps(mixture).encode())
    except Unreadable as refused:
        assert refused.sentence
    else:
        assert found.format


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes):
    for beginning in (b"", b"{", b"[", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        try:
            found = detection.read(beginning + data)
        except Unreadable as refused:
            assert refused.sentence
        else:
            assert found.format
