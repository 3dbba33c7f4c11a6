"""PDFs of our own, byte by byte: whole ones, and such as nobody would write."""

import io
import zlib
from collections.abc import Mapping, Sequence

from pypdf import PdfReader, PdfWriter

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file of these objects with a table of where they are."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(objects) + 1
    out += b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream of this content as it stands."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def packed(content: bytes, entries: bytes = b"") -> bytes:
    """A stream of this content, deflated."""
    return stream(zlib.compress(content, 9), b"/Filter/FlateDecode" + entries)


def shown(*lines: str) -> bytes:
    """What draws these lines, one below the other."""
    drawn = b" T* ".join(b"(%s) Tj" % _escaped(line) for line in lines)
    return b"BT /F1 12 Tf 14 TL 72 720 Td " + drawn + b" ET"


def pages(*contents: bytes, font: bytes = FONT, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file whose pages have these streams, such as `packed(shown("Hello"))`."""
    return pdf(page_objects(*contents, font=font), trailer)


def page_objects(*contents: bytes, font: bytes = FONT) -> dict[int, bytes]:
    """The objects of such a file; 3 is the font, 10 the first page, 11 its content."""
    kids = b" ".join(b"%d 0 R" % (10 + 2 * n) for n in range(len(contents)))
    objects = {
        1: _CATALOG,
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        3: font,
    }
    for n, content in enumerate(contents):
        objects[10 + 2 * n] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            b"/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>" % (11 + 2 * n)
        )
        objects[11 + 2 * n] = content
    return objects


def document(*texts: Sequence[str], title: str = "", password: str | None = None) -> bytes:
    """A file of pages, each of some lines."""
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(pages(*(packed(shown(*it)) for it in texts))))
    )
    if title:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, owner_password="theirs", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(line: str) -> bytes:
    text = line.encode("cp1252")
    for mark in (b"\\", b"(", b")"):
        text = text.replace(mark, b"\\" + mark)
    return text
