"""PluralKit's export (`pk;export`), versions 1 and 2: members become personas.

Old files have `prefix` and `suffix` on the member instead of `proxy_tags`, and flat privacy keys.
"""

from collections.abc import Iterator, Mapping

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Container, Face, Found, Kind, Mapped, ProxyTag
from tzurot.formats.narrowing import flag, is_empty, is_list, is_object, items, members, rows, text
from tzurot.formats.personas import birthdays
from tzurot.formats.unreadable import Problem, Unreadable

Row = dict[str, Json]

# Characters; PluralKit's own limits. Longer ones are kept, and a person is told.
_LIMITS = {
    "name": 100,
    "display_name": 100,
    "description": 1000,
    "pronouns": 100,
    "avatar_url": 256,
}
_TAGS = 100  # prefix + "text" + suffix stay below
_COUNTS = {"members": 1000, "groups": 250, "switches": 100_000}

_MARKS = frozenset({"version", "switches", "accounts", "config", "timezone", "tz"})
_DROPPED = {
    "webhook_url": "a secret address of the system's own webhook",
    "accounts": "ids of Discord accounts",
}
# What of a member we take over, by what its privacy is called; the rest stays in the source.
_PRIVACY = ("visibility", "name", "description", "birthday", "pronoun", "avatar", "proxy")
_MAPPED = (
    Mapped("members.*.id", "persona.origin"),
    Mapped("members.*.name", "persona.name"),
    Mapped("members.*.display_name", "persona.display_name"),
    Mapped("members.*.description", "persona.description"),
    Mapped("members.*.pronouns", "persona.pronouns"),
    Mapped("members.*.birthday", "persona.birthday", "MM-DD where the year is hidden (0004)"),
    Mapped("members.*.avatar_url", "persona.avatar_url"),
    Mapped("members.*.proxy_tags", "persona.proxy_tags"),
    Mapped("members.*.keep_proxy", "persona.keep_proxy"),
    Mapped("members.*.privacy", "persona.private", "private if any part of it is"),
)
_WORDS = frozenset(each.source.rpartition(".")[2] for each in _MAPPED)
_OLD_WORDS = frozenset({"prefix", "suffix", "visibility", *(f"{n}_privacy" for n in _PRIVACY)})


def read(data: bytes, document: Json) -> Found | None:
    """The members of a system as personas; none if the document is something else.

    Raises:
        Unreadable: TOO_MANY.
    """
    root = members(document)
    if not is_list(root.get("members")) or not isinstance(root.get("id"), str):
        return None
    if not _MARKS & root.keys():
        return None
    _require_few(root)
    listed = rows(root["members"])
    faces = [face for row in listed if (face := _face(row))]
    return Found(
        kind=Kind.PLURALKIT,
        format="pluralkit",
        container=Container.JSON,
        spec_version=text(root.get("version")),
        name=text(root.get("name")),
        personas=tuple(faces),
        fields=_MAPPED,
        kept_aside=tuple(_asides(root, listed)),
        dropped=tuple(Aside(w, why) for w, why in _DROPPED.items() if not is_empty(root.get(w))),
        warnings=tuple(_warnings(root)),
        details=_details(root, listed, faces),
        document=_document(data, root),
    )


def _require_few(root: Row) -> None:
    for word in _COUNTS:
        number = len(items(root.get(word)))
        if number > caps.ROWS:
            raise Unreadable(
                Problem.TOO_MANY, f"The export has more than {caps.ROWS:,} {word}: {number:,}."
            )


def _face(row: Row) -> Face | None:
    name = text(row.get("name")).strip()
    if not name:
        return None
    return Face(
        name=name,
        display_name=text(row.get("display_name")),
        description=text(row.get("description")),
        pronouns=text(row.get("pronouns")),
        birthday=birthdays.with_year(text(row.get("birthday"))) or "",
        avatar_url=_address(row.get("avatar_url")),
        proxy_tags=tuple(tag for tag in _tags(row) if tag.prefix or tag.suffix),
        keep_proxy=flag(row.get("keep_proxy")),
        private=_is_private(row),
        origin=f"pluralkit:{_id(row)}" if _id(row) else "",
        source=documents.dumps(row),
    )


def _tags(row: Mapping[str, Json]) -> list[ProxyTag]:
    """The tags as the file lists them, empty ones included."""
    listed = row.get("proxy_tags")
    if is_list(listed):
        return [ProxyTag(text(tag.get("prefix")), text(tag.get("suffix"))) for tag in rows(listed)]
    old = ProxyTag(text(row.get("prefix")), text(row.get("suffix")))
    return [old] if old.prefix or old.suffix else []


def _is_private(row: Mapping[str, Json]) -> bool:
    """Whether others may not see a part of it; also if the file doesn't say."""
    said = members(row.get("privacy"))
    levels = [
        said.get(f"{part}_privacy", said.get(part, row.get(f"{part}_privacy")))
        for part in _PRIVACY
        if part != "visibility"
    ]
    levels.append(said.get("visibility", row.get("visibility")))
    known = [level for level in levels if level is not None]
    return not known or any(level != "public" for level in known)


def _id(row: Mapping[str, Json]) -> str:
    return text(row.get("id")).strip() or text(row.get("uuid")).strip()


def _address(value: Json) -> str:
    """An address of the web, or empty."""
    written = text(value).strip()
    return written if written.lower().startswith(("https://", "http://")) else ""


def _document(data: bytes, root: Row) -> bytes:
    if any(word in root for word in _DROPPED):
        return documents.dumps({name: v for name, v in root.items() if name not in _DROPPED})
    return data.removeprefix(b"\xef\xbb\xbf")


def _details(root: Row, listed: list[Row], faces: list[Face]) -> dict[str, object]:
    version = root.get("version")
    held = items(root.get("members"))
    return {
        "version": version if isinstance(version, int) else None,
        "system_name": text(root.get("name")) or None,
        "members": len(held),
        "importable": len(faces),
        "rejected_rows": [n for n, row in enumerate(held) if not _face(members(row))],
        "members_without_name": sum(not text(row.get("name")).strip() for row in listed),
        "proxy_tags": sum(len(_tags(row)) for row in listed),
        "groups": len(rows(root.get("groups"))),
        "switches": len(rows(root.get("switches"))),
        "birthdays_without_year": sum(
            birthdays.has_hidden_year(text(row.get("birthday"))) for row in listed
        ),
        "keep_proxy": sum(flag(row.get("keep_proxy")) for row in listed),
        "private": sum(face.private for face in faces),
        "without_avatar": sum(not face.avatar_url for face in faces),
    }


def _asides(root: Row, listed: list[Row]) -> Iterator[Aside]:
    for word, value in root.items():
        if word not in {"members", "version", *_DROPPED} and not is_empty(value):
            number = f": {len(value):,}" if is_list(value) else ""
            yield Aside(word, f"of the system, not of a persona{number}")
    if members(root.get("config")).get("case_sensitive_proxy_tags") is False:
        yield Aside("config.case_sensitive_proxy_tags", "their tags matched in any case")
    counted: dict[str, int] = {}
    for row in listed:
        for word in row.keys() - _WORDS - _OLD_WORDS:
            same = word == "webhook_avatar_url" and row[word] == row.get("avatar_url")
            if not same and not is_empty(row[word]) and row[word] is not False:
                counted[word] = counted.get(word, 0) + 1
    for word in sorted(counted):
        yield Aside(f"members.*.{word}", f"kept in the source; members: {counted[word]:,}")


def _warnings(root: Row) -> Iterator[str]:
    for word, most in _COUNTS.items():
        number = len(rows(root.get(word)))
        if number > most:
            yield f"More {word} than PluralKit itself takes ({most:,}): {number:,}."
    for number, row in enumerate(items(root.get("members")), 1):
        if is_object(row):
            who = f"Member {number} (id {_id(row) or 'unknown'})"
            yield from (f"{who} {said}" for said in _oddities(row))
        else:
            yield f"Member {number} is not an object: left out."


def _oddities(row: Row) -> Iterator[str]:
    if not text(row.get("name")).strip():
        yield "has no name: left out."
        return
    for word, most in _LIMITS.items():
        if len(text(row.get(word))) > most:
            yield f"has a {word} longer than PluralKit's {most} characters."
    birthday = text(row.get("birthday"))
    if birthday and birthdays.with_year(birthday) is None:
        yield "has a birthday that is no date: left empty."
    if not is_empty(row.get("avatar_url")) and not _address(row.get("avatar_url")):
        yield "has an avatar_url that is no address of the web: left empty."
    if len(rows(row.get("proxy_tags"))) < len(items(row.get("proxy_tags"))):
        yield "has a proxy tag that is not an object: left out."
    for tag in _tags(row):
        if not (tag.prefix or tag.suffix):
            yield "has a proxy tag without prefix and suffix: left out."
        elif len(f"{tag.prefix}text{tag.suffix}") >= _TAGS:
            yield f"has a proxy tag of {_TAGS} or more characters."
