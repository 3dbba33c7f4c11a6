"""Cards inside PNG and APNG pictures: read whatever programs have written, written in one way.

`ccv3` is preferred to `chara`, and of equals the first; one that can't be read gives way to the
next. What a card is, its own text says and never the keyword.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tzurot.formats import caps, documents, narrowing
from tzurot.formats.cards import chunks, reading
from tzurot.formats.cards.chunks import Chunk
from tzurot.formats.cards.outline import outline
from tzurot.formats.found import Container, Found
from tzurot.formats.narrowing import is_list, is_object
from tzurot.formats.unreadable import Problem, Unreadable

_KEYWORDS = ("ccv3", "chara")  # the better one first
_ASSET = ("chara-ext-asset_:", "chara-ext-asset_")  # RisuAI writes both
_ASSET_URI = "__asset:"
_INFLATED = 128 * 1024 * 1024  # bytes of all assets in base64; a file has no more uncompressed
_TRIED = 2  # cards of one kind
_LISTED = 20  # chunks in one detail
_ENCRYPTED = b"rcc||"  # RisuAI's own wrapping


def read(data: bytes) -> Found:
    """The card inside a picture, which is its avatar.

    Raises:
        Unreadable: NO_CARD, or what is wrong with the best card in it.
    """
    walked = list(chunks.walk(data))
    cards = [chunk for chunk in walked if chunk.is_text and chunk.keyword.lower() in _KEYWORDS]
    if not cards:
        raise Unreadable(Problem.NO_CARD, "This picture holds no character card.")
    tried: list[Chunk] = []
    for keyword in _KEYWORDS:
        tried += [chunk for chunk in cards if chunk.keyword.lower() == keyword][:_TRIED]
    files = _Assets(walked)
    around = reading.Surroundings(Container.PNG, data, files.content)
    found, used, warnings = _first_readable(tried, around)
    twins = sum(used.keyword.lower() == other.keyword.lower() for other in cards)
    if twins > 1:
        warnings.append(f"The PNG has {twins} cards of the same kind; the first counts.")
    if walked[-1].type != b"IEND":
        warnings.append("The PNG is cut off at its end.")
    broken = [_label(chunk) for chunk in walked if not chunk.intact]
    if broken:
        warnings.append(f"{len(broken)} chunks of the PNG have a wrong checksum.")
    details = {
        **found.details,
        "chunks": [_label(chunk) for chunk in cards[:_LISTED]],
        "crc_errors": broken[:_LISTED],
        "chunk_used": used.keyword.lower(),
    }
    return replace(found, details=details, warnings=(*found.warnings, *warnings))


def write(picture: bytes, v2: bytes, v3: bytes) -> bytes:
    """`picture` with both cards as its only ones. Old chunks of assets stay if `v3` names them.

    Raises:
        Unreadable: CORRUPT: the picture is no PNG.
    """
    walked = list(chunks.walk(picture))
    if not any(chunk.type == b"IDAT" for chunk in walked):
        raise Unreadable(Problem.CORRUPT, "The PNG holds no picture.")
    named = _named_assets(v3)
    parts = [chunks.SIGNATURE]
    written = False
    for chunk in walked:
        if chunk.type == b"IDAT" and not written:  # before it: some programs look no further
            parts += (_card_chunk(b"chara", v2), _card_chunk(b"ccv3", v3))
            written = True
        if not _is_old(chunk, named):
            parts.append(picture[chunk.start : chunk.end])
    if walked[-1].type != b"IEND":
        parts.append(b"\0\0\0\0IEND\xaeB`\x82")
    return b"".join(parts)


def assets(data: bytes) -> dict[str, bytes]:
    """The URIs of a PNG's asset chunks and what each holds, base64 undone."""
    files = _Assets(list(chunks.walk(data)))
    found = ((uri, files.content(uri)) for uri in files.uris)
    return {uri: content for uri, content in found if content is not None}


class _Assets:
    """The asset chunks of a PNG, read when one is asked for."""

    def __init__(self, walked: Sequence[Chunk]) -> None:
        self._left = _INFLATED
        self._chunks: dict[str, Chunk] = {}
        for chunk in walked:
            name = _asset_name(chunk)
            if name is not None:
                self._chunks.setdefault(_ASSET_URI + name, chunk)

    @property
    def uris(self) -> tuple[str, ...]:
        return tuple(self._chunks)

    def content(self, uri: str) -> bytes | None:
        chunk = self._chunks.get(uri)
        if chunk is None or self._left <= 0:
            return None
        try:
            text = chunks.content(chunk)
            self._left -= len(text)
            return binascii.a2b_base64(text)
        except Unreadable:
            self._left -= caps.INFLATED_CHUNK  # as much may have been inflated in vain
        except binascii.Error:
            pass
        return None


def _first_readable(
    cards: Sequence[Chunk], around: reading.Surroundings
) -> tuple[Found, Chunk, list[str]]:
    """The best card that can be read, its chunk, and what there is to say of the others."""
    problems: list[Unreadable] = []  # without their traces, which would hold what was parsed
    left = caps.INFLATED_CHUNK  # bytes that may turn out to be no card
    for chunk in cards:
        if left <= 0:
            break
        try:
            document = _document(chunks.content(chunk))
            left -= len(document)
            found = reading.card(document, documents.loads(document), around)
        except Unreadable as problem:
            problems.append(Unreadable(problem.problem, problem.sentence))
            continue
        if found is not None:
            warnings = [f"A better card in the PNG can't be read: {p.sentence}" for p in problems]
            return found, chunk, warnings
    raise (
        problems[0]
        if problems
        else Unreadable(Problem.NO_CARD, "The text in this picture is not a character card.")
    )


def _document(text: bytes) -> bytes:
    """The JSON that a chunk holds: in base64, as it should be, or as it is."""
    bare = text.strip(b" \t\r\n\0").removeprefix(b"\xef\xbb\xbf")
    if bare.startswith(_ENCRYPTED):
        raise Unreadable(Problem.ENCRYPTED, "The card is encrypted by RisuAI. Export it as CHARX.")
    if not bare.startswith(b"{"):
        return _unpacked(bare).removeprefix(b"\xef\xbb\xbf")
    try:
        bare.decode("utf-8")
    except UnicodeDecodeError:  # a tEXt chunk is Latin-1 by its specification
        return bare.decode("latin-1").encode()
    return bare


def _unpacked(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        pass  # some writers leave the padding away
    try:
        return binascii.a2b_base64(text + b"==")
    except binascii.Error as error:
        raise Unreadable(Problem.CORRUPT, "The card's base64 is broken.") from error


def _card_chunk(keyword: bytes, document: bytes) -> bytes:
    return chunks.text_chunk(keyword, base64.b64encode(document))


def _is_old(chunk: Chunk, named: frozenset[str]) -> bool:
    """Whether it is a card, or an asset that the new card doesn't name."""
    if not chunk.is_text:
        return False
    name = _asset_name(chunk)
    if name is not None:
        return _ASSET_URI + name not in named
    return chunk.keyword.lower() in _KEYWORDS


def _asset_name(chunk: Chunk) -> str | None:
    keyword = chunk.keyword if chunk.is_text else ""
    for prefix in _ASSET:
        if keyword.lower().startswith(prefix):
            return keyword[len(prefix) :]
    return None


def _named_assets(card: bytes) -> frozenset[str]:
    return frozenset(_uris(card))


def _uris(card: bytes) -> Iterator[str]:
    found = outline(documents.loads(card))
    listed = found.data.get("assets") if found else None
    for asset in listed if is_list(listed) else []:
        uri = asset.get("uri") if is_object(asset) else None
        if isinstance(uri, str):
            yield uri


def _label(chunk: Chunk) -> str:
    kind = chunk.type.decode("latin-1")
    return narrowing.text(f"{kind}:{chunk.keyword}" if chunk.is_text else kind)
