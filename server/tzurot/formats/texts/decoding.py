"""Bytes as text: which encoding it is, whether it is text at all, and what of it is kept.

UTF-8 unless a mark at the start says otherwise; Windows-1252 where that is likely.
"""

import codecs
import re
import unicodedata

from tzurot.formats import caps
from tzurot.formats.unreadable import Problem, Unreadable

# The longer marks first: that of UTF-32 begins as UTF-16's does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DROPPED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile(r"\r\n|[\r\x85\u2028]")
_PAGE_ENDS = re.compile(r"[\v\f\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_LIGATURES = re.compile(r"[\ufb00-\ufb06]")
# A letter and its marks. Of more marks than any language has, sorting them takes for ever.
_MARKED = re.compile(r"[^\W\d_][\u0300-\u036f]{1,4}(?![\u0300-\u036f])")
_BLANK = re.compile(r"\n{3,}")
_SPACES = re.compile(r"\s+")


def decoded(data: bytes) -> str:
    """A file's text, cleaned.

    Raises:
        Unreadable: it is no text (NOT_SUPPORTED), or too long (TOO_LARGE).
    """
    text = _text(data)
    sample = text[: caps.TEXT_LENGTH]
    controls = len(_CONTROL.findall(sample))
    if "\0" in sample.rstrip("\0\x1a\n") or controls > 1 + len(sample) // 1_000:
        raise _no_text()
    if len(text) > caps.TEXT_LENGTH:
        raise too_long()
    return cleaned(text)


def cleaned(text: str) -> str:
    """A text that can be stored and searched: one kind of line end, letters in one piece each."""
    text = _PAGE_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text))
    text = _SURROGATES.sub("\ufffd", _DROPPED.sub("", text))
    text = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    return _BLANK.sub("\n\n", text).strip("\n").rstrip()


def one_line(text: str) -> str:
    """The same without line ends and doubled spaces."""
    return _SPACES.sub(" ", cleaned(text)).strip()


def too_long() -> Unreadable:
    """The refusal of a text over the limit."""
    return Unreadable(
        Problem.TOO_LARGE,
        f"The text is longer than {caps.TEXT_LENGTH:,} characters: split it into several files.",
    )


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            # A half character at the end is a file that was cut; the rest is worth reading.
            return data.removeprefix(mark).decode(encoding, errors="replace")
    if b"\0" in data.rstrip(b"\0\x1a\r\n"):
        raise _no_text()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    """UTF-8 with a few broken bytes, else Windows-1252 if letters of other scripts are rare."""
    above = sum(data.count(byte) for byte in range(0x80, 0x100))
    inside = sum(len(found) for found in _MULTIBYTE.findall(data))
    if inside > above * 0.9:
        return data.decode(errors="replace")
    if above * 3 <= len(data):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass  # has bytes that Windows-1252 doesn't know: said below
    raise Unreadable(
        Problem.NOT_SUPPORTED,
        "The file is no text, or one in an encoding that can't be told. If it is text, save it "
        "as UTF-8.",
    )


def _no_text() -> Unreadable:
    return Unreadable(
        Problem.NOT_SUPPORTED,
        "The file is no text. A document is plain text, Markdown or PDF; if this is plain text, "
        "save it as UTF-8.",
    )
