"""The character export of Tzurot v2, the Discord bot in TypeScript: flat JSON in camelCase.

An empty text there means "clear this". What it was asked to keep in `customFields` and has a field
here moves there; the rest becomes custom fields, silent where its own import of shapes.inc put it:
that was never for the model. Its limits of length are not ours.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from tzurot.formats import custom_fields, narrowing
from tzurot.formats.custom_fields import Placed
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Character, Container, CustomField, Found, Kind, Mapped
from tzurot.formats.shapes.values import birthday as birthday_of
from tzurot.formats.tzurot import values
from tzurot.formats.unreadable import Problem, Unreadable

_TEXTS: Mapping[str, str] = {
    "name": "name",
    "slug": "slug",
    "characterInfo": "description",
    "personalityTraits": "traits",
    "personalityTone": "tone",
    "personalityAge": "age",
    "personalityAppearance": "appearance",
    "personalityLikes": "likes",
    "personalityDislikes": "dislikes",
    "conversationalGoals": "goals",
    "conversationalExamples": "example_dialogues",
    "errorMessage": "error_message",
    "customFields.initialMessage": "greeting",
    "customFields.personalityHistory": "history",
    "customFields.searchDescription": "creator_notes",
}
# What its import of shapes.inc kept there, and what people call it.
_SILENT: Mapping[str, str] = {
    "keywords": "Keywords",
    "favoriteReacts": "Favorite reactions",
    "wackMessage": "Wack message",
    "sleepMessage": "Sleep message",
}
_REQUIRED = ("name", "slug", "characterInfo", "personalityTraits")
_SLUG = re.compile(r"[a-z][a-z0-9-]{2,49}")
_ASIDES: Mapping[str, str] = {
    "isPublic": "imported characters are private until you share them",
    "definitionPublic": "imported characters are private until you share them",
    "voiceReferenceData": "characters have no voice here",
    "avatarData": "not a picture that can be read",
    "customFields.birthday": "not a date that can be used",
    "customFields.shapesId": "what the shape was called by its platform",
    "customFields.shapesUsername": "what the shape was called by its platform",
}


def read(data: bytes, document: Json) -> Found | None:
    """What a character export of Tzurot v2 holds, or None if it is something else.

    Raises:
        Unreadable: BLANK_NAME, TOO_LARGE.
    """
    top = narrowing.members(document)
    if (
        not {"characterInfo", "personalityTraits"} & top.keys()
        or {"spec", "first_mes"} & top.keys()
    ):
        return None
    texts = {path: narrowing.text(_at(top, path)) for path in _TEXTS}
    used = {path: ours for path, ours in _TEXTS.items() if texts[path].strip()}
    if "name" not in used:
        raise Unreadable(Problem.BLANK_NAME, "The character has no name. Give it a `name`.")
    values.require_short(texts)
    character = replace(Character(name=""), **{ours: texts[path] for path, ours in used.items()})
    character, more, warnings = _extras(character, top)
    used |= more
    custom, asides = _custom(top, used)
    errors = _errors(top)
    return Found(
        kind=Kind.TZUROT_CHARACTER,
        format="tzurot_v2",
        container=Container.JSON,
        name=character.name,
        character=replace(character, custom_fields=custom.fields),
        fields=(*(Mapped(path, ours) for path, ours in used.items()), *custom.mapped),
        kept_aside=_rest(top, {*used, *custom.sources}, asides),
        warnings=(
            *(f"`{name}` is missing or not what Tzurot v2 asks for." for name in errors),
            *warnings,
        ),
        details={"slug": character.slug, "errors_in": errors},
        document=data.removeprefix(b"\xef\xbb\xbf"),
    )


def _at(top: Mapping[str, Json], path: str) -> Json:
    outer, _, inner = path.partition(".")
    return narrowing.members(top.get(outer)).get(inner) if inner else top.get(outer)


def _extras(
    character: Character, top: Mapping[str, Json]
) -> tuple[Character, dict[str, str], tuple[str, ...]]:
    """The character with what is no plain text, where that came from, and what was odd."""
    avatar, warnings = values.picture(top.get("avatarData"), "avatarData")
    shown = narrowing.text(top.get("displayName")).strip()
    written = _at(top, "customFields.birthday")
    birthday = birthday_of(written)
    tags = tuple(tag.strip() for tag in narrowing.texts(top.get("tags")))
    if written and not birthday:
        warnings += ("`customFields.birthday` is not MM-DD or YYYY-MM-DD; it is kept aside.",)
    used = {
        "avatarData": "avatar" if avatar else "",
        "displayName": "nickname" if shown != character.name else "name",
        "customFields.birthday": "birthday" if birthday else "",
        "tags": "tags" if tags else "",
    }
    full = replace(
        character,
        nickname=shown if shown != character.name else "",
        birthday=birthday,
        tags=tags,
        avatar=avatar,
        origin=f"tzurot:{character.slug}" if character.slug.strip() else "",
    )
    return full, {path: ours for path, ours in used.items() if ours and _at(top, path)}, warnings


def _errors(top: Mapping[str, Json]) -> list[str]:
    """The fields that Tzurot v2 itself would refuse; its limits of length are not ours."""
    missing = [name for name in _REQUIRED if not narrowing.text(top.get(name)).strip()]
    slug = narrowing.text(top.get("slug"))
    odd = ["slug"] if slug and not _SLUG.fullmatch(slug) else []
    texts = (path for path in _TEXTS if "." not in path and path not in missing)
    wrong = [path for path in texts if not isinstance(top.get(path), str | None)]
    return [*missing, *odd, *wrong]


def _custom(top: Mapping[str, Json], used: Collection[str]) -> tuple[Placed, dict[str, str]]:
    """What else is in `customFields`; and why some of it has no place, by path."""
    placed, asides = Placed(), dict[str, str]()
    for name, value in narrowing.members(top.get("customFields")).items():
        path, text = f"customFields.{name}", custom_fields.told(value)
        if not value or path in used or path in _ASIDES or path in _TEXTS:
            continue
        field = CustomField(_SILENT.get(name, name), text, silent=name in _SILENT)
        if reason := placed.place(path, field):
            asides[path] = reason
    return placed, asides


def _rest(
    top: Mapping[str, Json], used: Collection[str], reasons: Mapping[str, str]
) -> tuple[Aside, ...]:
    custom = narrowing.members(top.get("customFields"))
    paths = {name: value for name, value in top.items() if name != "customFields" or not custom}
    paths |= {f"customFields.{name}": value for name, value in custom.items()}
    reasons = {**_ASIDES, **reasons}
    return tuple(
        Aside(path, reasons.get(path, "there is no field for it here"))
        for path, value in paths.items()
        if value and path not in used
    )
