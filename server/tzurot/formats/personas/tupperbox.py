"""Tupperbox's export (`tul!export`), both generations: tuppers become personas."""

from collections.abc import Iterator, Mapping

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Container, Face, Found, Kind, Mapped, ProxyTag
from tzurot.formats.narrowing import flag, is_empty, is_list, is_object, items, members, rows, text
from tzurot.formats.personas import birthdays
from tzurot.formats.unreadable import Problem, Unreadable

Row = dict[str, Json]

_MAPPED = (
    Mapped("tuppers.*.id", "persona.origin"),
    Mapped("tuppers.*.name", "persona.name"),
    Mapped("tuppers.*.nick", "persona.display_name"),
    Mapped("tuppers.*.description", "persona.description"),
    Mapped("tuppers.*.birthday", "persona.birthday", "MM-DD: Tupperbox makes up the years"),
    Mapped("tuppers.*.avatar_url", "persona.avatar_url"),
    Mapped("tuppers.*.tag", "persona.shown_as", "behind the name: so it is known when it speaks"),
    Mapped("tuppers.*.brackets", "persona.proxy_tags"),
    Mapped("tuppers.*.show_brackets", "persona.keep_proxy"),
)
_WORDS = frozenset(each.source.rpartition(".")[2] for each in _MAPPED)
_DROPPED = "user_id"
_HOME_MADE = (
    "This is a list of some other proxy bot, not Tupperbox's export. Its members can be put into "
    'a file like Tupperbox\'s: {"tuppers": [{"name": …, "brackets": [prefix, suffix]}], '
    '"groups": []}.'
)


def read(data: bytes, document: Json) -> Found | None:
    """The tuppers as personas; none if the document is something else.

    Raises:
        Unreadable: TOO_MANY, or NOT_SUPPORTED (a list made by some other bot).
    """
    root = members(document)
    held = root.get("tuppers")
    if _is_home_made(held if "tuppers" in root else document):
        raise Unreadable(Problem.NOT_SUPPORTED, _HOME_MADE)
    if not is_list(held):
        return None
    if len(held) > caps.ROWS:
        raise Unreadable(
            Problem.TOO_MANY, f"The export has more than {caps.ROWS:,} tuppers: {len(held):,}."
        )
    tags = {text(it.get("id")): text(it.get("tag")) for it in rows(root.get("groups"))}
    faces = [face for row in rows(held) if (face := _face(row, tags))]
    accounts = sum(not is_empty(row.get(_DROPPED)) for row in rows(held))
    dropped = Aside(f"tuppers.*.{_DROPPED}", "id of a Discord account")
    return Found(
        kind=Kind.TUPPERBOX,
        format="tupperbox",
        container=Container.JSON,
        personas=tuple(faces),
        fields=_MAPPED,
        kept_aside=tuple(_asides(root)),
        dropped=(dropped,) if accounts else (),
        warnings=tuple(_warnings(held)),
        details=_details(root, held, faces),
        document=_document(data, root) if accounts else data.removeprefix(b"\xef\xbb\xbf"),
    )


def _is_home_made(document: Json) -> bool:
    """Rows with a name and a `prefix`, or some `uid`, but no brackets: bots that people write."""
    listed = rows(document)
    return bool(listed) and all(
        "name" in row and "brackets" not in row and ("prefix" in row or "uid" in row)
        for row in listed
    )


def _face(row: Row, group_tags: Mapping[str, str]) -> Face | None:
    name = text(row.get("name")).strip()
    if not name:
        return None
    number = text(row.get("id")).strip()
    return Face(
        name=name,
        display_name=text(row.get("nick")),
        description=text(row.get("description")),
        birthday=birthdays.without_year(text(row.get("birthday"))) or "",
        avatar_url=_address(row.get("avatar_url")),
        proxy_tags=tuple(tag for tag in _tags(row) if tag.prefix or tag.suffix),
        keep_proxy=flag(row.get("show_brackets")),
        private=True,  # Tupperbox has no privacy: nobody was asked
        origin=f"tupperbox:{number}" if number else "",
        shown_as=_shown_as(row, group_tags),
        source=documents.dumps(_without_account(row)),
    )


def _shown_as(row: Row, group_tags: Mapping[str, str]) -> str:
    """The name that Tupperbox gives its messages: with the tags of the tupper and of its group."""
    called = text(row.get("nick")).strip() or text(row.get("name")).strip()
    tags = (text(row.get("tag")).strip(), group_tags.get(text(row.get("group_id")), "").strip())
    return " ".join(part for part in (called, *tags) if part)


def _tags(row: Row) -> list[ProxyTag]:
    """The pairs of a flat list: prefix, suffix, prefix, suffix; none if one is left over."""
    flat = [text(part) for part in items(row.get("brackets"))]
    if len(flat) % 2:
        return []
    return [ProxyTag(*pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


def _address(value: Json) -> str:
    """An address of the web, or empty."""
    written = text(value).strip()
    return written if written.lower().startswith(("https://", "http://")) else ""


def _without_account(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != _DROPPED}


def _document(data: bytes, root: Row) -> bytes:
    kept = [_without_account(row) if is_object(row) else row for row in items(root["tuppers"])]
    return documents.dumps({**root, "tuppers": kept})


def _details(root: Row, held: list[Json], faces: list[Face]) -> dict[str, object]:
    listed = rows(held)
    return {
        "tuppers": len(held),
        "importable": len(faces),
        "rejected_rows": [n for n, row in enumerate(held) if not _face(members(row), {})],
        "bracket_pairs": sum(len(_tags(row)) for row in listed),
        "without_avatar": sum(not text(row.get("avatar_url")).strip() for row in listed),
        "groups": len(rows(root.get("groups"))),
    }


def _asides(root: Row) -> Iterator[Aside]:
    for word, value in root.items():
        if word != "tuppers" and not is_empty(value):
            number = f": {len(value):,}" if is_list(value) else ""
            yield Aside(word, f"not of a persona{number}")
    counted: dict[str, int] = {}
    for row in rows(root["tuppers"]):
        for word in row.keys() - _WORDS - {_DROPPED}:
            if not is_empty(row[word]) and row[word] is not False:
                counted[word] = counted.get(word, 0) + 1
    for word in sorted(counted):
        yield Aside(f"tuppers.*.{word}", f"kept in the source; tuppers: {counted[word]:,}")


def _warnings(held: list[Json]) -> Iterator[str]:
    for number, row in enumerate(held, 1):
        if is_object(row):
            who = f"Tupper {number} (id {text(row.get('id')).strip() or 'unknown'})"
            yield from (f"{who} {said}" for said in _oddities(row))
        else:
            yield f"Tupper {number} is not an object: left out."


def _oddities(row: Row) -> Iterator[str]:
    if not text(row.get("name")).strip():
        yield "has no name: left out."
        return
    if len(items(row.get("brackets"))) % 2:
        yield "has an odd number of brackets: it gets no proxy tags."
    elif any(not (tag.prefix or tag.suffix) for tag in _tags(row)):
        yield "has a pair of empty brackets: left out."
    birthday = text(row.get("birthday"))
    if birthday and birthdays.without_year(birthday) is None:
        yield "has a birthday that is no date: left empty."
    if not is_empty(row.get("avatar_url")) and not _address(row.get("avatar_url")):
        yield "has an avatar_url that is no address of the web: left empty."
