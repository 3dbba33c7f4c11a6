"""What an uploaded file says: told by its content; its name parts only Markdown from plain text."""

import re
from dataclasses import replace
from pathlib import PurePath

from tzurot.formats import caps, documents
from tzurot.formats.found import Document
from tzurot.formats.texts import decoding, markdown, pdf
from tzurot.formats.unreadable import Problem, Unreadable

_MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd"))
_TITLE = 200  # characters
_TITLE_LINE = 80  # characters of a first line that may be a title; a longer one is a paragraph
_UNDERSTOOD = "A document is plain text, Markdown or PDF"
_SAVE = f"{_UNDERSTOOD}: save it as one of these."
_PDF_AT = 1_024  # bytes that may stand before it, as readers of PDFs have it
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP, or a document of an office program (DOCX, ODT, EPUB)"),
    (b"\xd0\xcf\x11\xe0", "a document of an old office program (DOC)"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"%!PS", "PostScript"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip"),
    (b"Rar!\x1a", "packed with RAR"),
    (b"SQLite format 3\0", "a database"),
)
_WEB_PAGE = re.compile(r"\s{0,99}(?:<!--|<\?xml\b|<!doctype html\b|<html\b)", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…,;:。！？]\W{0,3}\Z")


def read(data: bytes, file_name: str) -> Document:
    """The document that a file holds; its `kind` is `text`, `markdown` or `pdf`.

    A PDF takes up to `caps.PDF_SECONDS` in a process of its own: call it in a thread.

    Raises:
        Unreadable: it can't be used, and what to do.
    """
    document = _read(data, PurePath(file_name.replace("\\", "/")))
    if not document.text:
        raise Unreadable(Problem.NOTHING_INSIDE, "The file is empty: there is no text in it.")
    if len(document.text) > caps.TEXT_LENGTH:
        raise decoding.too_long()
    return replace(document, title=decoding.one_line(document.title)[:_TITLE].rstrip())


def _read(data: bytes, name: PurePath) -> Document:
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable(Problem.NOTHING_INSIDE, "The file is empty.")
    if len(data) > caps.TEXT_FILE:
        raise Unreadable(
            Problem.TOO_LARGE,
            f"The file is larger than {caps.TEXT_FILE // 1024 // 1024} MiB: split it.",
        )
    if _is_pdf(data):
        found = pdf.read(data)
        text = decoding.cleaned(found.text)
        return Document(text, title=found.title or _title(text, name), kind="pdf")
    for magic, what in _OTHERS:
        if data.startswith(magic):
            raise Unreadable(Problem.NOT_SUPPORTED, f"The file is {what}. {_SAVE}")
    _refuse_json(data)
    text = decoding.decoded(data)
    if name.suffix.lower() in _MARKDOWN:
        written = markdown.read(text)
        title = written.title or _name(name) or _title(written.text, name)
        return Document(written.text, title, "markdown")
    if _WEB_PAGE.match(text):
        raise Unreadable(Problem.NOT_SUPPORTED, f"This is a web page or XML. {_SAVE}")
    return Document(text, _title(text, name), "text")


def _is_pdf(data: bytes) -> bool:
    """Also with something before it; a text about PDFs does not say where its table starts."""
    if data.lstrip().startswith(b"%PDF-"):
        return True
    return b"%PDF-" in data[:_PDF_AT] and b"startxref" in data[-_PDF_AT:]


def _refuse_json(data: bytes) -> None:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith((b"{", b"[")):
        return
    try:
        documents.loads(data)
    except Unreadable as error:
        if error.problem is Problem.NOT_JSON:
            return  # a text may begin with a bracket
        raise
    raise Unreadable(
        Problem.NOT_SUPPORTED,
        "This is JSON. If it is an export of a character or of what it knows, import it instead. "
        f"{_UNDERSTOOD}.",
    )


def _title(text: str, name: PurePath) -> str:
    """The first line if it looks like a title, else the file's name, else the first words."""
    first = text[: _TITLE_LINE + 1].partition("\n")[0].strip()
    telling = any(letter.isalpha() for letter in first)
    if telling and len(first) <= _TITLE_LINE and not _ENDS_SENTENCE.search(first):
        return first
    return _name(name) or first[:_TITLE_LINE].rpartition(" ")[0] or first[:_TITLE_LINE]


def _name(name: PurePath) -> str:
    return decoding.one_line(name.stem.replace("_", " ")).strip(" .")
