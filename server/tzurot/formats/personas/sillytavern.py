"""SillyTavern's `settings.json`: of all that it sets, the personas are taken and nothing else.

`power_user.personas` has their names by avatar file, `power_user.persona_descriptions` the rest:
objects in newer files, plain texts in old ones.
"""

from collections.abc import Iterator

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Container, Face, Found, Kind, Mapped
from tzurot.formats.narrowing import is_empty, is_object, members, text
from tzurot.formats.unreadable import Problem, Unreadable

_PERSONAS = "power_user.personas"
_DESCRIPTIONS = "power_user.persona_descriptions"
_MAPPED = (
    Mapped(f"{_PERSONAS}.*", "persona.name"),
    Mapped(f"{_DESCRIPTIONS}.*.description", "persona.description"),
)
_DROPPED = Aside("*", "settings of the program itself")
_PLACING = frozenset({"description", "position", "depth", "role"})  # of the text in a prompt


def read(data: bytes, document: Json) -> Found | None:
    """The personas of a settings file; none if the document is something else.

    Raises:
        Unreadable: TOO_MANY.
    """
    del data  # most of it must not be kept: it can hold addresses and keys
    user = members(members(document).get("power_user"))
    names = user.get("personas")
    if not is_object(names):
        return None
    if len(names) > caps.ROWS:
        raise Unreadable(Problem.TOO_MANY, f"There are more than {caps.ROWS:,} personas.")
    descriptions = members(user.get("persona_descriptions"))
    faces = tuple(
        _face(avatar, text(name).strip(), descriptions.get(avatar))
        for avatar, name in names.items()
        if text(name).strip()
    )
    return Found(
        kind=Kind.SILLYTAVERN_SETTINGS,
        format="sillytavern_settings",
        container=Container.JSON,
        personas=faces,
        fields=_MAPPED if faces else (),
        kept_aside=tuple(_asides(descriptions)),
        dropped=(_DROPPED,),
        warnings=tuple(_warnings(names, faces)),
        details={
            "personas": len(names),
            "importable": len(faces),
            "default_persona": text(names.get(text(user.get("default_persona")))) or None,
        },
    )


def _face(avatar: str, name: str, described: Json) -> Face:
    words = members(described)
    return Face(
        name=name,
        description=text(words.get("description") if words else described),
        origin=f"sillytavern:{text(avatar)}",
        source=documents.dumps({"avatar": avatar, "name": name, "description": described}),
    )


def _asides(descriptions: dict[str, Json]) -> Iterator[Aside]:
    counted: dict[str, int] = {}
    for described in descriptions.values():
        for word, value in members(described).items():
            if word not in _PLACING and not is_empty(value):
                counted[word] = counted.get(word, 0) + 1
    for word in sorted(counted):
        yield Aside(f"{_DESCRIPTIONS}.*.{word}", f"kept in the source; personas: {counted[word]:,}")


def _warnings(names: dict[str, Json], faces: tuple[Face, ...]) -> Iterator[str]:
    if not names:
        yield "There are no personas in these settings."
    elif nameless := len(names) - len(faces):
        yield f"Personas without a name, left out: {nameless:,}."
