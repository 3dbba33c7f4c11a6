"""Files of a few bytes that ask for gigabytes or hours."""

import zlib
from collections.abc import Callable, Mapping

from tests.formats.texts import making
from tests.formats.texts.making import packed, page_objects, pages, pdf, shown, stream

MIB = 1024 * 1024
LARGEST = 16 * MIB


def inflating(size: int, unit: bytes, rounds: int = 1) -> bytes:
    """Deflated once or several times, without ever having been in memory."""
    packer = zlib.compressobj(9)
    piece = unit * (MIB // len(unit))
    out = b"".join(packer.compress(piece) for _ in range(size // MIB)) + packer.flush()
    for _ in range(rounds - 1):
        out = zlib.compress(out, 9)
    return out


def flate(size: int, unit: bytes, rounds: int = 1) -> bytes:
    filters = b"/FlateDecode" * rounds
    return stream(inflating(size, unit, rounds), b"/Filter[%s]" % filters)


def nested(start: bytes, end: bytes, depth: int) -> bytes:
    return pdf({**page_objects(packed(shown("a"))), 5: start * depth + end * depth})


def page_tree_wide() -> bytes:
    kids = b"10 0 R " * 2_000_000
    return pdf({**page_objects(packed(shown("a"))), 2: b"<</Type/Pages/Kids[%s]>>" % kids})


def page_tree_of_itself() -> bytes:
    return pdf({**page_objects(packed(shown("a"))), 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]>>"})


def page_tree_doubling() -> bytes:
    """Forty levels, each of the next one twice: 2^40 pages."""
    objects = page_objects(packed(shown("a")))
    objects[2] = b"<</Type/Pages/Count 9/Kids[100 0 R 100 0 R]>>"
    for level in range(100, 140):
        objects[level] = b"<</Type/Pages/Count 9/Kids[%d 0 R %d 0 R]>>" % (level + 1, level + 1)
    objects[140] = b"<</Type/Pages/Count 1/Kids[10 0 R]>>"
    return pdf(objects)


def page_tree_deep() -> bytes:
    objects = page_objects(packed(shown("a")))
    objects[2] = b"<</Type/Pages/Count 1/Kids[1000 0 R]>>"
    for level in range(1_000, 10_000):
        objects[level] = b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (level + 1)
    return pdf(objects)


def form_calling_itself() -> bytes:
    objects = page_objects(packed(b"/X Do"))
    objects[10] = objects[10].replace(b"/Font", b"/XObject<</X 5 0 R>>/Font", 1)
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    objects[5] = packed(b"/X Do " * 9, form)
    return pdf(objects)


def forms_doubling() -> bytes:
    """Thirty forms, each drawing the next one eight times."""
    objects = page_objects(packed(b"/X Do"))
    objects[10] = objects[10].replace(b"/Font", b"/XObject<</X 100 0 R>>/Font", 1)
    for n in range(100, 130):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
        objects[n] = packed(b"/X Do " * 8, form % (n + 1))
    objects[130] = packed(shown("a"), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return pdf(objects)


def object_stream_in_itself() -> bytes:
    """A table that says: object 1 is in stream 5, and stream 5 is in stream 5."""
    head = b"%PDF-1.7\n"
    body = b"5 0 obj\n%s\nendobj\n" % stream(b"1 0 <</Type/Catalog>>", b"/Type/ObjStm/N 1/First 4")
    rows = bytes([0, 0, 0, 2, 0, 5, 2, 0, 5, 2, 0, 5, 2, 0, 5, 2, 0, 5])
    at = len(head) + len(body)
    table = stream(rows, b"/Type/XRef/Size 6/W[1 1 1]/Root 1 0 R")
    return head + body + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (table, at)


def object_stream_of_millions() -> bytes:
    head = b"%PDF-1.7\n"
    listed = flate(14 * MIB, b"1 0 ")
    listed = listed.replace(b"/Filter", b"/Type/ObjStm/N 3000000/First 4/Filter", 1)
    body = b"5 0 obj\n%s\nendobj\n" % listed
    rows = bytes([0, 0, 0, 2, 5, 0, 2, 5, 1, 2, 5, 2, 2, 5, 3, 1, 9, 0])
    at = len(head) + len(body)
    table = stream(rows, b"/Type/XRef/Size 6/W[1 1 1]/Root 1 0 R")
    return head + body + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (table, at)


def tables_in_a_ring() -> bytes:
    data = pages(packed(shown("a")))
    start = data.rindex(b"xref\n0 1")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def table_of_millions() -> bytes:
    rows = inflating(16 * MIB, b"\1\0\0\0")
    entries = b"/Type/XRef/Size 4194304/W[1 2 1]/Root 1 0 R/Filter/FlateDecode"
    return b"%%PDF-1.7\n6 0 obj\n%s\nendobj\nstartxref\n9\n%%%%EOF" % stream(rows, entries)


def reference_to_itself() -> bytes:
    objects = page_objects(packed(shown("a")))
    objects[11] = b"12 0 R"
    objects[12] = b"11 0 R"
    return pdf(objects)


def length_elsewhere() -> bytes:
    objects = page_objects(b"<</Length 11 0 R>>\nstream\nBT ET\nendstream")
    return pdf(objects)


def contents_often() -> bytes:
    objects = page_objects(flate(2 * MIB, b"BT ET   "))
    objects[10] = objects[10].replace(b"/Contents 11 0 R", b"/Contents[%s]" % (b"11 0 R " * 90_000))
    return pdf(objects)


def mapping(size: int, unit: bytes) -> bytes:
    """A font whose table of letters is long."""
    objects = page_objects(packed(shown("a")), font=making.FONT[:-2] + b"/ToUnicode 5 0 R>>")
    objects[5] = flate(size, unit)
    return pdf(objects)


def range_of_letters() -> bytes:
    table = b"begincmap 1 begincodespacerange <0000> <ffffffff> endcodespacerange\n"
    table += b"9 beginbfrange\n" + b"<00000000> <ffffffff> <0041>\n" * 9 + b"endbfrange endcmap"
    font = making.FONT[:-2] + b"/ToUnicode 5 0 R>>"
    return pdf({**page_objects(packed(shown("a")), font=font), 5: packed(table)})


def words(*, times: int) -> bytes:
    return pages(packed(b"BT /F1 9 Tf " + b"(aaaa bbbb) Tj 9 9 Td " * times + b"ET"))


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "a million arrays in each other": lambda: nested(b"[", b"]", 10**6),
    "arrays that only open": lambda: pages(packed(b"[" * 10**6)),
    "a page of 32 MiB": lambda: pages(flate(32 * MIB, b" ")),
    "a page of 64 MiB, deflated twice": lambda: pages(flate(64 * MIB, b"BT ET   ", 2)),
    "a page of many steps": lambda: pages(flate(2 * MIB, b"BT ET   ")),
    "many words": lambda: words(times=10_000),
    "a wide tree of pages": page_tree_wide,
    "a tree of pages in itself": page_tree_of_itself,
    "a tree of pages that doubles": page_tree_doubling,
    "a deep tree of pages": page_tree_deep,
    "a form that draws itself": form_calling_itself,
    "forms that multiply": forms_doubling,
    "a stream of objects in itself": object_stream_in_itself,
    "a stream of millions of objects": object_stream_of_millions,
    "tables in a ring": tables_in_a_ring,
    "a table of millions": table_of_millions,
    "a reference to itself": reference_to_itself,
    "a length that is elsewhere": length_elsewhere,
    "one content often": contents_often,
    "a long table of letters": lambda: mapping(MIB, b"1 beginbfchar <01> <0041> endbfchar\n"[:32]),
    "all letters that there are": range_of_letters,
    "nothing but objects": lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * (MIB // 16),
    "nothing but brackets": lambda: b"%PDF-1.7\n" + b"<" * (4 * MIB),
    "nothing but ends": lambda: b"%PDF-1.7\n" + b"startxref\n9\n" * (MIB // 16),
    "a table that never ends": lambda: (
        b"%PDF-1.7\nxref\n0 999999999\n" + b"0" * (15 * MIB) + b"\nstartxref\n9\n%%EOF"
    ),
}


def many_pages() -> bytes:
    """Each page takes a second, and there are as many as may be."""
    content = flate(4 * MIB, b"BT ET   ")
    return pages(*[content] * 2_000)
