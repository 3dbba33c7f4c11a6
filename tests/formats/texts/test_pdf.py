"""PDFs as people have them: their text in paragraphs, their title, or why not."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from tests.formats.texts.making import (
    FONT,
    document,
    packed,
    page_objects,
    pages,
    pdf,
    shown,
    stream,
)
from tzurot.formats import caps, texts
from tzurot.formats.texts.paragraphs import is_file_name, joined
from tzurot.formats.unreadable import Problem, Unreadable

LINES = ("The keeper climbed the stairs.", "Nobody knew why.")


def only_owner_knows() -> bytes:
    return document(LINES, password="")


def test_a_pdf_is_a_document_with_its_title_and_text() -> None:
    read = texts.read(document(LINES, ("Page two.",), title="The Lighthouse"), "x.pdf")
    assert (read.title, read.kind, read.origin) == ("The Lighthouse", "pdf", "")
    assert read.text == "The keeper climbed the stairs. Nobody knew why.\n\nPage two."


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        ("", "the_tower.pdf", "The Tower"),
        ("Microsoft Word - tower_v2.doc", "x.pdf", "The Tower"),
        ("Of  Towers\n", "x.pdf", "Of Towers"),
    ],
)
def test_the_title_is_a_title(title: str, name: str, expected: str) -> None:
    data = document(("The Tower", "It fell."), title=title)
    assert texts.read(data, name).title == expected


@pytest.mark.parametrize("left", ["Microsoft Word - a.doc", "C:\\a.wpd", "untitled", "a b.indd"])
def test_what_a_program_left_there_is_no_title(left: str) -> None:
    assert is_file_name(left)


def test_without_a_title_in_it_the_file_gives_its_name() -> None:
    assert texts.read(document(LINES), "C:\\me\\the_tower.pdf").title == "the tower"


def test_special_letters_are_kept() -> None:
    assert texts.read(document(("Käthe’s (old) café",)), "a").text == "Käthe’s (old) café"


async def test_a_pdf_is_read_beside_other_work() -> None:
    both = [asyncio.to_thread(texts.read, document((word,)), "a.pdf") for word in ("One", "Two")]
    assert [it.text for it in await asyncio.gather(*both)] == ["One", "Two"]


def test_a_password_that_only_forbids_changes_does_not_forbid_reading() -> None:
    assert texts.read(only_owner_knows(), "a.pdf").text.startswith("The keeper")


def test_something_before_the_pdf_does_not_matter() -> None:
    data = b"X-Header: 1\r\n\r\n" + document(LINES)
    assert texts.read(data, "a.pdf").kind == "pdf"


def test_a_text_about_pdfs_is_a_text() -> None:
    assert texts.read(b"Each begins with %PDF-1.7.\n", "a.txt").kind == "text"


def _nothing() -> bytes:
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 0/Kids[]>>"})


def _too_many_pages() -> bytes:
    objects = page_objects(packed(shown("a")))
    kids = b"10 0 R " * (caps.PDF_PAGES + 1)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (caps.PDF_PAGES + 1, kids)
    return pdf(objects)


def _too_long() -> bytes:
    content = packed(b"BT /F1 9 Tf (" + b"word " * (caps.TEXT_LENGTH // 10) + b") Tj ET")
    return pages(content, content, content)


REFUSED: Mapping[str, tuple[Callable[[], bytes], Problem, str]] = {
    "locked": (
        lambda: document(LINES, password="secret"),
        Problem.ENCRYPTED,
        "asks for a password",
    ),
    "scanned": (lambda: pages(packed(b"q 9 0 0 9 0 0 cm Q")), Problem.NOTHING_INSIDE, "scanned"),
    "without pages": (_nothing, Problem.NOTHING_INSIDE, "no text in it"),
    "cut off": (lambda: document(LINES)[:300], Problem.CORRUPT, "is damaged"),
    "only its first line": (lambda: b"%PDF-1.7\n", Problem.CORRUPT, "is damaged"),
    "a broken stream of objects": (
        lambda: (
            b"%PDF-1.7\n6 0 obj\n"
            + stream(b"\0", b"/Type/XRef/Size 9/W[1 2 1]/Root 1 0 R")
            + b"\nendobj\nstartxref\n9\n%%EOF"
        ),
        Problem.CORRUPT,
        "print it as a PDF again",
    ),
    "too many pages": (_too_many_pages, Problem.TOO_LARGE, "more than 2,000 pages"),
    "too long": (_too_long, Problem.TOO_LARGE, "2,000,000 characters"),
    "too large": (lambda: b"%PDF-" + bytes(caps.TEXT_FILE), Problem.TOO_LARGE, "16 MiB: split it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_says_why(name: str) -> None:
    build, problem, words = REFUSED[name]
    with pytest.raises(Unreadable, match=words) as refused:
        texts.read(build(), "a.pdf")
    assert refused.value.problem is problem


def test_the_fonts_own_letters_are_read() -> None:
    table = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <01> <fb01> endbfchar"
    font = FONT[:-2] + b"/ToUnicode 5 0 R>>"
    objects = page_objects(packed(b"BT /F1 9 Tf (\\001nd) Tj ET"), font=font)
    assert texts.read(pdf({**objects, 5: packed(table)}), "a").text == "find"


FULL = "The keeper climbed the narrow stairs of the tower every eve"
SHORT = "and nobody remembered why."


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([f"{FULL}\n{SHORT}"], f"{FULL} {SHORT}"),
        ([f"{FULL}\n{SHORT}\n{FULL}\n{SHORT}"], f"{FULL} {SHORT}\n\n{FULL} {SHORT}"),
        ([f"{FULL[:-4]}light-\nhouse burned.\n{FULL}"], f"{FULL[:-4]}lighthouse burned.\n\n{FULL}"),
        ([f"{FULL} Anglo-\nSaxon"], f"{FULL} Anglo-Saxon"),
        ([f"{FULL}\n• one\n• two"], f"{FULL}\n• one\n• two"),
        (["Roses are red,\nviolets are blue"], "Roses are red,\nviolets are blue"),
        (
            ["今天天气很好我们去公园散步了今天天气很好我们去公园\n散步了。"],
            "今天天气很好我们去公园散步了今天天气很好我们去公园散步了。",
        ),
        (["It burned.\n7", "It fell.\n8"], "It burned.\n\nIt fell."),
        (["It burned and fell be-", "hind the hill."], "It burned and fell behind the hill."),
        (["It burned and", "fell."], "It burned and fell."),
        (
            [f"The Tower {n}\nPart {n * 'x'}." for n in range(1, 4)],
            "Part x.\n\nPart xx.\n\nPart xxx.",
        ),
        (["", "A", " \n "], "A"),
        ([], ""),
    ],
)
def test_broken_lines_become_paragraphs(given: list[str], expected: str) -> None:
    assert joined(given) == expected
