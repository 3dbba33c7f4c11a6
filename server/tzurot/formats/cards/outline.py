"""Which kind of card a JSON document is, and where its fields lie: told by its content alone.

`Outline.data` is the same for all kinds: the fields under their names of V2 and V3. The table
`FIELDS` says what each is here; reading and writing both follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tzurot.formats.documents import Json
from tzurot.formats.narrowing import is_object

FIELDS: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "personality": "traits",
    "scenario": "scenario",
    "first_mes": "greeting",
    "mes_example": "example_dialogues",
    "creator_notes": "creator_notes",
    "system_prompt": "system_prompt",
    "post_history_instructions": "post_history_instructions",
    "alternate_greetings": "alternate_greetings",
    "tags": "tags",
    "creator": "creator",
    "character_version": "character_version",
    "nickname": "nickname",
    "group_only_greetings": "group_greetings",
}
"""A card's field → ours."""

LISTS = frozenset({"alternate_greetings", "tags", "group_only_greetings"})

OURS = (
    "tone",
    "age",
    "appearance",
    "likes",
    "dislikes",
    "goals",
    "history",
    "error_message",
    "birthday",
)
"""Fields of ours that cards have no place for; they lie in `data.extensions.tzurot`."""

REQUIRED_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
REQUIRED_V2 = (
    *REQUIRED_V1,
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
)

ALIASES: Mapping[str, str] = {
    "char_name": "name",
    "char_persona": "description",
    "char_greeting": "first_mes",
    "world_scenario": "scenario",
    "example_dialogue": "mes_example",
    "creatorcomment": "creator_notes",
}
"""Names at the root of older files → those of V1 and V2."""

_PYGMALION = frozenset({"char_name", "char_persona", "char_greeting"})
_IN_DATA = frozenset({*FIELDS, "character_book", "extensions", "assets", "avatar"})


class Format(StrEnum):
    """A kind of card, as `Found.format` names it."""

    V1 = "chara_card_v1"
    V2 = "chara_card_v2"
    V3 = "chara_card_v3"
    PYGMALION = "pygmalion"


@dataclass(frozen=True, slots=True)
class Outline:
    """A card's parts. Nothing in it is checked yet."""

    format: Format
    spec: Json
    spec_version: Json
    data: dict[str, Json]
    root: dict[str, Json]
    """What else lies at the root."""
    paths: Mapping[str, str]
    """Of a field in `data`, where it comes from if its name there is another."""

    @property
    def wrapped(self) -> bool:
        """Whether the fields lie in `data` and not at the root."""
        return self.format in {Format.V2, Format.V3}

    def path(self, key: str) -> str:
        """Where in the document a field of `data` is."""
        return f"data.{key}" if self.wrapped else self.paths.get(key, key)


def outline(document: Json) -> Outline | None:
    """The parts of a card, or None: this JSON is none."""
    if not is_object(document):
        return None
    data = document.get("data")
    if is_object(data) and (_named(document) or _looks_like_a_card(data)):
        return _wrapped(document, data)
    if _named(document) or _looks_like_a_card(document) or _PYGMALION & document.keys():
        return _flat(document)
    return None


def _named(root: dict[str, Json]) -> bool:
    spec = root.get("spec")
    return isinstance(spec, str) and spec.startswith("chara_card_")


def _looks_like_a_card(fields: dict[str, Json]) -> bool:
    """Whether the fields are those of V1, and not just any object with a name and description."""
    if "first_mes" in fields or "mes_example" in fields:
        return True
    return "personality" in fields and ("scenario" in fields or "description" in fields)


def _wrapped(root: dict[str, Json], data: dict[str, Json]) -> Outline:
    rest = {k: v for k, v in root.items() if k not in {"spec", "spec_version", "data"}}
    kind = Format.V3 if root.get("spec") == Format.V3 else Format.V2
    return Outline(kind, root.get("spec"), root.get("spec_version"), data, rest, {})


def _flat(root: dict[str, Json]) -> Outline:
    """Fields at the root. Of a field under two names, the newer name counts if it has a value."""
    data = {k: v for k, v in root.items() if k in _IN_DATA}
    paths: dict[str, str] = {}
    for alias, key in ALIASES.items():
        if root.get(alias) is not None and not data.get(key):
            data[key] = root[alias]
            paths[key] = alias
    moved = {*data, *paths.values(), "spec", "spec_version"}
    rest = {k: v for k, v in root.items() if k not in moved}
    old = _PYGMALION & root.keys() and not root.get("name")
    kind = Format.PYGMALION if old else Format.V1
    return Outline(kind, root.get("spec"), root.get("spec_version"), data, rest, paths)
