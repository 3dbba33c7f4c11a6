"""CHARX: a card as `card.json` in a ZIP with its assets; also behind a JPEG, as RisuAI writes it.

Character Card V3, "CHARX". Assets are found by their exact paths; what the card doesn't list stays
in the file, and is written again with it.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tzurot.formats import caps, documents
from tzurot.formats.cards import assets, png, reading
from tzurot.formats.cards.archive import Archive
from tzurot.formats.cards.chunks import SIGNATURE
from tzurot.formats.cards.notes import Notes, path
from tzurot.formats.cards.outline import outline
from tzurot.formats.documents import Json
from tzurot.formats.found import Asset, Container, Found
from tzurot.formats.narrowing import is_list, is_object
from tzurot.formats.unreadable import Problem, Unreadable

_CARD = "card.json"
_JPEG = b"\xff\xd8\xff"
_LISTED = 200  # names in one detail
_MODULE = "module.risum"
_ICONS = {SIGNATURE: "png", _JPEG: "jpeg", b"RIFF": "webp", b"GIF8": "gif"}


def read(data: bytes) -> Found | None:
    """The card in a ZIP; None if it has no card.json.

    Raises:
        Unreadable: see `cards.read_zip`.
    """
    is_jpeg = data.startswith(_JPEG)
    if is_jpeg and not zipfile.is_zipfile(io.BytesIO(data)):
        raise Unreadable(Problem.NO_CARD, "This picture holds no character card.")
    archive = Archive(data)
    if _CARD not in archive.members:
        return None
    if archive.members[_CARD].file_size > caps.DOCUMENT:
        raise Unreadable(Problem.TOO_LARGE, "The card.json of the ZIP is too large.")
    document = archive.read(_CARD).removeprefix(b"\xef\xbb\xbf")
    around = reading.Surroundings(
        Container.JPEG if is_jpeg else Container.CHARX,
        data[: archive.start] if is_jpeg else None,
        lambda uri: _member(archive, uri),
    )
    found = reading.card(document, documents.loads(document), around)
    if found is None or found.character is None:
        raise Unreadable(Problem.NO_CARD, "The card.json of the ZIP is not a character card.")
    return _with_members(found, found.character.assets, archive)


def write(card: bytes, *, original: bytes = b"", icon: bytes | None = None) -> bytes:
    """A CHARX of a V3 card with all that `original`, the CHARX or PNG it came in, had beside it.

    `icon` becomes the main icon; without one the card's assets stay as they are.

    Raises:
        Unreadable: CORRUPT, ENCRYPTED, TOO_LARGE or TOO_MANY, of `original`.
    """
    document = documents.loads(card)
    archive = Archive(original) if original and not original.startswith(SIGNATURE) else None
    added: dict[str, bytes] = {}
    if original.startswith(SIGNATURE):
        added |= _moved(document, png.assets(original))
    if icon is not None:
        added |= _main_icon(document, icon)
    renamed = _spell_as_specified(document)
    if added or renamed:
        card = documents.dumps(document)
    return _zipped(card, archive, added)


def _member(archive: Archive, uri: str) -> bytes | None:
    name = assets.embedded_path(uri)
    if name is None or name not in archive.members:
        return None
    if archive.members[name].file_size > caps.PICTURE:
        return None
    return archive.read(name)


def _with_members(found: Found, listed: Sequence[Asset], archive: Archive) -> Found:
    """The card with what else there is to say of the files beside it."""
    notes = Notes()
    paths = [name for asset in listed if (name := assets.embedded_path(asset.uri)) is not None]
    missing = [name for name in paths if name not in archive.members]
    unlisted = sorted(archive.members.keys() - {*paths, _CARD})
    for name in missing[:_LISTED]:
        notes.warn(f"The card names a file that the ZIP doesn't hold: {path(name)}")
    for name in unlisted:
        notes.keep(name, name, _why_kept(name))
    if archive.repeated:
        notes.warn(f"{archive.repeated} files in the ZIP have the name of another one.")
    details = {
        **found.details,
        "members": len(archive.members),
        "embedded_ok": len(paths) - len(missing),
        "embedded_missing": [path(name) for name in missing[:_LISTED]],
        "unlisted_members": [path(name) for name in unlisted[:_LISTED]],
    }
    return replace(
        found,
        details=details,
        kept_aside=(*found.kept_aside, *notes.kept_aside),
        warnings=(*found.warnings, *notes.warnings),
    )


def _why_kept(name: str) -> str:
    if name == _MODULE:
        return "RisuAI's module: its lorebook, scripts and triggers stay in the file."
    if name.startswith("x_meta/"):
        return "What made a picture, as RisuAI noted it; it stays in the file."
    if "/" not in name and name.endswith(".json"):
        return "Data of another program; it stays in the file."
    return "A file that the card doesn't list; it stays in the file."


def _moved(document: Json, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Assets that lay in chunks of a PNG, now as members that the card names."""
    members: dict[str, bytes] = {}
    for n, asset in enumerate(_listed(document)):
        content = contents.get(str(asset.get("uri")))
        if content is not None:
            name = f"assets/other/other/{n}.{_ext(content)}"
            asset["uri"] = assets.EMBEDDED[0] + name
            members[name] = content
    return members


def _main_icon(document: Json, icon: bytes) -> dict[str, bytes]:
    """The picture as a member, and the card's main icon made to name it."""
    ext = _ext(icon)
    name = f"assets/icon/images/main.{ext}"
    entry: dict[str, Json] = {"type": "icon", "name": "main"}
    icons = [asset for asset in _listed(document) if asset.get("type") == "icon"]
    mains = [asset for asset in icons if asset.get("name") == "main"]
    if mains:
        entry = mains[0]
    else:
        _append(document, entry)
    entry |= {"uri": assets.EMBEDDED[0] + name, "ext": ext}
    return {name: icon}


def _append(document: Json, asset: dict[str, Json]) -> None:
    found = outline(document)
    if found is None:
        return
    listed = found.data.get("assets")
    found.data["assets"] = [*(listed if is_list(listed) else []), asset]


def _spell_as_specified(document: Json) -> bool:
    """Write `embeded://` in the card's assets wherever it was spelled otherwise."""
    changed = False
    for asset in _listed(document):
        uri = asset.get("uri")
        name = assets.embedded_path(uri) if isinstance(uri, str) else None
        if name is not None and uri != assets.EMBEDDED[0] + name:
            asset["uri"] = assets.EMBEDDED[0] + name
            changed = True
    return changed


def _listed(document: Json) -> Iterator[dict[str, Json]]:
    found = outline(document)
    listed = found.data.get("assets") if found else None
    for asset in listed if is_list(listed) else []:
        if is_object(asset):
            yield asset


def _ext(content: bytes) -> str:
    """The ending for a file, told by how it begins."""
    return next((ext for magic, ext in _ICONS.items() if content.startswith(magic)), "unknown")


def _zipped(card: bytes, archive: Archive | None, added: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr(_info(_CARD, zipfile.ZIP_DEFLATED), card)
        for name, info in archive.members.items() if archive else ():
            if archive and name != _CARD and name not in added:
                target.writestr(_info(name, info.compress_type), archive.read(name))
        for name, content in added.items():
            target.writestr(_info(name, zipfile.ZIP_STORED), content)
    return out.getvalue()


def _info(name: str, method: int) -> zipfile.ZipInfo:
    """A member without a date, so that the same card gives the same bytes."""
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    return info
