"""Texts and Markdown: their encoding, title and words; and what is no text."""

import gzip
import time
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.cards import making
from tzurot.formats import caps, texts
from tzurot.formats.texts import decoding
from tzurot.formats.unreadable import Problem, Unreadable

STORY = "Käthe’s café – “open” 24 h"
SECONDS = 2.0  # of the CPU
LONG = 200_000  # characters; to look from each to the end would take a minute


@pytest.mark.parametrize(
    "data",
    [
        STORY.encode(),
        STORY.encode("utf-8-sig"),
        b"\xff\xfe" + STORY.encode("utf-16-le"),
        b"\xfe\xff" + STORY.encode("utf-16-be"),
        STORY.encode("utf-32"),
        STORY.encode("cp1252"),
        STORY.encode() + b"\x1a",
    ],
)
def test_a_text_is_read_in_its_encoding(data: bytes) -> None:
    assert texts.read(data, "a.txt").text == STORY


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b"a\r\nb\rc\n\n\n\nd  \n", "a\nb\nc\n\nd"),
        (b"one\x0ctwo", "one\n\ntwo"),
        ("e\u0301te\u0301 so\xadft \ufb01nd".encode(), "été soft find"),
        (("a" + "\u0301" * 9).encode(), "a" + "\u0301" * 9),
        ("Ä ö ü ".encode() * 20 + b"\xc3", ("Ä ö ü " * 20) + "\ufffd"),
        (b"\xff\xfea\0b\0c", "ab\ufffd"),
    ],
)
def test_a_text_is_made_plain(given: bytes, expected: str) -> None:
    assert texts.read(given, "a.txt").text == expected


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", "The Lighthouse\n\nIt burned.", "The Lighthouse"),
        ("the_tower-2.txt", "It burned.", "the tower-2"),
        ("/home/me/tower.TXT", "A long line " * 20, "tower"),
        ("", "It burned down.", "It burned"),
        ("", "Fire.", "Fire."),
        ("a.txt", "*** * ***\n\nIt burned.", "a"),
        (".txt", "It burned down.", "txt"),
    ],
)
def test_a_text_has_a_title(name: str, text: str, title: str) -> None:
    assert texts.read(text.encode(), name).title == title


@pytest.mark.parametrize(
    ("text", "title", "kept"),
    [
        ("# The Tower #\n\nIt **fell**.", "The Tower", "# The Tower #\n\nIt **fell**."),
        ("Tower\n=====\nIt fell.", "Tower", "Tower\n=====\nIt fell."),
        ("---\ntitle: 'The Tower'\ntags: [a]\n---\n# One", "The Tower", "# One"),
        ('+++\ntitle = "The Tower"\n+++\nIt fell.', "The Tower", "It fell."),
        ("---\n\nIt fell.\n\n---", "a", "---\n\nIt fell.\n\n---"),
        ("```\n# no heading\n[a](b)\n```\n## Yes", "Yes", "```\n# no heading\n[a](b)\n```\n## Yes"),
        ("~~~\n```\n# no\n~~~\n# Yes", "Yes", "~~~\n```\n# no\n~~~\n# Yes"),
        ('See [the tower](https://t.test/a_(b) "T").', "a", "See the tower."),
        (
            "See [the tower][1] of `[x](y)`.\n\n[1]: https://t.test",
            "a",
            "See the tower of `[x](y)`.",
        ),
        ("a![A picture](a.png)b\n![](b.png)\nc", "a", "ab\nc"),
        ("[![badge](a.svg)](https://t.test)x", "a", "x"),
        ("<p align='center'>It<br/> fell.</p> <Tower> 1 < 2", "a", "It fell. <Tower> 1 < 2"),
        ("one\n<!-- a\n# no\n-->\ntwo <!-- b --> three", "a", "one\ntwo  three"),
        ("one\n<!-- never closed\ntwo", "a", "one\n<!-- never closed\ntwo"),
        ("a[0](x) and rows[i][j]", "a", "a[0](x) and rows[i][j]"),
        ("<https://t.test> stays", "a", "<https://t.test> stays"),
        ("- [ ] open\n- [x] done", "a", "- [ ] open\n- [x] done"),
    ],
)
def test_markdown_keeps_what_is_worth_knowing(text: str, title: str, kept: str) -> None:
    read = texts.read(text.encode(), "a.md")
    assert (read.title, read.text, read.kind) == (title, kept, "markdown")


def test_only_the_name_parts_markdown_from_text() -> None:
    assert texts.read(b"# x\n![a](b)", "a.txt").text == "# x\n![a](b)"


REFUSED: Mapping[str, tuple[Callable[[], bytes], Problem, str]] = {
    "empty": (lambda: b" \n\0", Problem.NOTHING_INSIDE, "empty"),
    "invisible": ("\ufeff\ufeff\xad".encode, Problem.NOTHING_INSIDE, "no text in it"),
    "a picture": (making.png, Problem.NOT_SUPPORTED, "is a picture"),
    "an office document": (
        lambda: making.zipped({"word/document.xml": b"<w/>"}),
        Problem.NOT_SUPPORTED,
        "DOCX.*save it as one of these",
    ),
    "rich text": (lambda: b"{\\rtf1 a}", Problem.NOT_SUPPORTED, "RTF"),
    "packed": (lambda: gzip.compress(b"a"), Problem.NOT_SUPPORTED, "gzip"),
    "a program": (lambda: b"\x7fELF\2\1\1" + bytes(99), Problem.NOT_SUPPORTED, "no text"),
    "controls": (lambda: b"a\1b\2c\3", Problem.NOT_SUPPORTED, "no text"),
    "UTF-16 that does not say so": (
        lambda: "Tower".encode("utf-16-le"),
        Problem.NOT_SUPPORTED,
        "save it as UTF-8",
    ),
    "Cyrillic in an encoding of its own": (
        lambda: "Башня сгорела".encode("cp1251"),
        Problem.NOT_SUPPORTED,
        "save it as UTF-8",
    ),
    "Japanese in an encoding of its own": (
        lambda: "塔が燃えた".encode("shift-jis"),
        Problem.NOT_SUPPORTED,
        "save it as UTF-8",
    ),
    "a web page": (lambda: b"\n<!DOCTYPE html><p>a", Problem.NOT_SUPPORTED, "web page"),
    "JSON": (lambda: b'[{"text": "a"}]', Problem.NOT_SUPPORTED, "import it instead"),
    "too long": (lambda: b"a" * (caps.TEXT_LENGTH + 1), Problem.TOO_LARGE, "2,000,000 characters"),
    "too large": (lambda: b"a" * (caps.TEXT_FILE + 1), Problem.TOO_LARGE, "16 MiB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_document_says_what_to_do(name: str) -> None:
    build, problem, words = REFUSED[name]
    with pytest.raises(Unreadable, match=words) as refused:
        texts.read(build(), "a.md" if name in {"empty", "invisible"} else "a.txt")
    assert refused.value.problem is problem


def test_a_text_may_begin_with_a_bracket() -> None:
    assert texts.read(b"[Scene: the tower]\nIt fell.", "a").title == "[Scene: the tower]"


@pytest.mark.parametrize(
    "unit",
    ["[", "[a](", "![](", "[a](b ", "<!--", "<!-- -", "`a", "<b ", " ", "\n", "#", "e\u0301",
     "\u0301", '[a](x "', "[a]: ", "\n<!-- \n", "---\n", "-", "```\n", "a\xad", "[a][b", "("],
)  # fmt: skip
def test_a_long_text_takes_little_time(unit: str) -> None:
    data = (unit * LONG)[:LONG].encode()
    start = time.process_time()
    try:
        texts.read(data, "a.md")
    except Unreadable as refused:
        assert refused.problem in {Problem.NOTHING_INSIDE, Problem.TOO_DEEP, Problem.TOO_MANY}
    assert time.process_time() - start < SECONDS


pieces = st.sampled_from(
    ["# ", "\n", "\n\n", "---\n", "title: a\n", "[a](b)", "![", "](", "[", "]", "`", "```\n",
     "<!--", "-->", "<br>", "~~~\n", "===\n", "word ", " ", "\r\n", "\f", "é", "\ufb01", "\u0301",
     "{", "%PDF"]
)  # fmt: skip
written = st.lists(pieces | st.text(max_size=9), max_size=60).map("".join)
names = st.sampled_from(["a.md", "a.txt", "", ".md", "a/b\\c.MD", "\ud800.txt", "\0"]) | st.text()


@given(written.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(), names)
def test_any_file_is_a_document_or_refused(data: bytes, name: str) -> None:
    try:
        read = texts.read(data, name)
    except Unreadable as refused:
        assert refused.sentence.endswith(".")
        return
    assert read.text.strip()
    assert read.title.encode() == read.title.strip().encode()  # one that can be stored
    assert not set("\0\r\f\ufeff") & {*read.text, *read.title}
    assert "\n" not in read.title


@given(written)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    clean = decoding.cleaned(text)
    assert decoding.cleaned(clean) == clean
