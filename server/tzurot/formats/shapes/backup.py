"""A backup of one shape in several files, from a folder or a ZIP.

`{slug}.json`, `{slug}_memories.json`, `{slug}_knowledge.json`, … in a folder of their own or not;
or openshapes' `shapes.json` and `brain.json`. What a file is, is told by its content; its name
only decides for an empty one, and says which shape it is of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from tzurot.formats import documents, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Container, Found, Kind
from tzurot.formats.shapes import config, envelopes, people, privacy, sniffing, values
from tzurot.formats.shapes.part import Part, found, together
from tzurot.formats.shapes.people import Shape
from tzurot.formats.unreadable import Problem, Unreadable

_SUFFIXES: Mapping[str, Kind] = {
    "_memories": Kind.SHAPES_MEMORIES,
    "_knowledge": Kind.SHAPES_KNOWLEDGE,
    "_training": Kind.SHAPES_TRAINING,
    "_user_personalization": Kind.SHAPES_PERSONALIZATION,
    "_chat_history": Kind.SHAPES_CHAT,
}
_METADATA = ".backup-metadata.json"
_ROWS = {
    Kind.SHAPES_MEMORIES: "memories",
    Kind.SHAPES_KNOWLEDGE: "knowledge",
    Kind.SHAPES_TRAINING: "training",
    Kind.SHAPES_CHAT: "chat_history",
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a backup. `slug` is the shape that its name says, if it says one."""

    path: PurePosixPath
    kind: Kind
    slug: str
    value: Json


def read_zip(members: Mapping[str, bytes]) -> Found | None:
    """What the JSON files of a backup hold, by their paths; None if none is of shapes.inc.

    Raises:
        Unreadable: TOO_MANY values, SEVERAL shapes, or a file of shapes.inc that can't be used.
    """
    documents.require_few(*members.values())
    files: list[_File] = []
    left_out: list[str] = []
    for path, data in members.items():
        if PurePosixPath(path).name == _METADATA:
            continue
        try:
            file = _file(PurePosixPath(path), data)
        except Unreadable as error:
            if _is_promised(PurePosixPath(path)):
                raise Unreadable(error.problem, f"{path}: {error.sentence}") from error
            left_out.append(f"{path} was left out: {error.sentence}")
            continue
        if file:
            files.append(file)
        else:
            left_out.append(f"{path} was left out: it isn't a part of a shapes.inc backup.")
    if not files:
        return None
    _require_one(files)
    whole = envelopes.read(b"", files[0].value) if len(files) == 1 else None
    whole = whole or _backup(files, members)
    return replace(whole, container=Container.ZIP, warnings=(*whole.warnings, *left_out))


def _file(path: PurePosixPath, data: bytes) -> _File | None:
    value = documents.loads(data)
    suffix = _suffix(path)
    slug = path.stem.removesuffix(suffix) if suffix else ""
    kind = sniffing.sniff(value) or _SUFFIXES.get(suffix)
    return _File(path, kind, slug, value) if kind else None


def _is_promised(path: PurePosixPath) -> bool:
    """Whether its name says that it is a part of a backup."""
    return bool(_suffix(path)) or path.stem == path.parent.name


def _suffix(path: PurePosixPath) -> str:
    return next((it for it in _SUFFIXES if path.stem.endswith(it)), "")


def _require_one(files: Sequence[_File]) -> None:
    """Several configs are several shapes, and so are parts of one that belong to another."""
    names: dict[str, str] = {}
    own: set[str] = set()
    folders = {file.path.parent for file in files if _config(file)}
    for file in files:
        if top := _config(file):
            handle = values.name(top.get("username")) or values.name(top.get("name"))
            names[config.identity(top)] = handle or file.path.stem
            own |= {handle, file.path.stem}
    others = {
        file.slug
        for file in files
        if file.slug and file.slug not in own and not folders & {file.path.parent}
    }
    shapes = sorted({*names.values(), *others}) if len(names) < 2 else sorted(names.values())
    if len(shapes) > 1:
        raise Unreadable(
            Problem.SEVERAL,
            f"There are {len(shapes)} shapes in this file: {', '.join(shapes)}. "
            "Pack each into a ZIP of its own.",
        )


def _config(file: _File) -> dict[str, Json]:
    top = narrowing.members(file.value)
    if file.kind is Kind.SHAPES_EXPORT:
        return narrowing.members(top.get("config"))
    return top if file.kind in (Kind.SHAPES_CONFIG, Kind.SHAPES_PROFILE) else {}


def _backup(files: Sequence[_File], members: Mapping[str, bytes]) -> Found:
    slug = next((file.slug for file in files if file.slug), "")
    configs = [top for file in files if (top := _config(file))]
    own = envelopes.character(configs[0], "config.", name=slug) if configs else Part()
    shape = _shape(own, slug)
    person = people.read_personalization(_personalization(files), shape, at="user_personalization.")
    name = person.personas[0].name if person.personas else ""
    rows = {kind: list(_rows_of(files, kind)) for kind in _ROWS}
    parts = {
        kind: envelopes.of_kind(kind, rows[kind], shape, at=at, person=name)
        for kind, at in _ROWS.items()
    }
    whole = together((own, person, *parts.values()))
    if not (whole.character or whole.fields or whole.kept_aside):
        raise Unreadable(Problem.NOTHING_INSIDE, "The files of the backup are all empty.")
    details = {"username": own.details.get("username") or slug, **envelopes.counts(own)}
    for part in parts.values():
        details |= envelopes.counts(part) if "entries" in part.details else part.details
    details |= person.details
    details["sizes"] = {path: len(data) for path, data in members.items()}
    known = {**parts[Kind.SHAPES_KNOWLEDGE].kept, **parts[Kind.SHAPES_TRAINING].kept}
    metadata = {"backupMetadata": it} if (it := _metadata(members)) else {}
    document = {**({"config": dict(own.kept)} if own.kept else {}), **known, **metadata}
    return found(Kind.SHAPES_BACKUP, replace(whole, details=details), name=slug, document=document)


def _shape(own: Part, slug: str) -> Shape:
    if own.character:
        return Shape(own.character.name, own.character.origin)
    return Shape(slug, f"shapes:{slug}" if slug else "")


def _personalization(files: Sequence[_File]) -> dict[str, Json]:
    for file in files:
        top = narrowing.members(file.value)
        if file.kind is Kind.SHAPES_PERSONALIZATION:
            return top
        if person := narrowing.members(top.get("userPersonalization")):
            return person
    return {}


def _rows_of(files: Sequence[_File], kind: Kind) -> Iterator[Json]:
    """The rows of all files of this kind: a backup may be pages of the API."""
    inside = {Kind.SHAPES_MEMORIES: "memories", Kind.SHAPES_KNOWLEDGE: "stories"}.get(kind, "")
    for file in files:
        known = Kind.SHAPES_MEMORIES if file.kind is Kind.SHAPES_MEMEXPORTER else file.kind
        if known is kind:
            yield from sniffing.listed(file.value)[1]
        elif file.kind is Kind.SHAPES_EXPORT:
            yield from narrowing.items(narrowing.members(file.value).get(inside))


def _metadata(members: Mapping[str, bytes]) -> dict[str, Json]:
    """What the backup says of itself: when it was made. Nothing in it is needed."""
    for path, data in members.items():
        if PurePosixPath(path).name == _METADATA:
            try:
                return narrowing.members(privacy.scrub(documents.loads(data))[0])
            except Unreadable:
                return {}
    return {}
