"""A character card's JSON → what it holds, whatever it came wrapped in.

`outline` tells the kind and finds the fields; here they become a character in our words. Each part
that has no place is named by `asides`. Read `card` from top to bottom.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from tzurot.formats import lorebooks, narrowing
from tzurot.formats.cards import asides, assets, own, sillytavern
from tzurot.formats.cards.notes import LISTED, Notes
from tzurot.formats.cards.outline import (
    FIELDS,
    LISTS,
    OURS,
    REQUIRED_V1,
    REQUIRED_V2,
    Format,
    Outline,
    outline,
)
from tzurot.formats.cards.values import text, texts
from tzurot.formats.documents import Json
from tzurot.formats.found import Character, Container, Found, Kind, Lorebook
from tzurot.formats.narrowing import is_empty, is_object
from tzurot.formats.shapes.values import birthday
from tzurot.formats.unreadable import Problem, Unreadable

BACKFILLED = "\n\n(Made from a Character Card V3: a program that reads V3 shows more of it.)"
"""What V3's writers should add to the notes of its V2 twin, and its readers should take off."""

_PLACEHOLDER_NOTES = "Creator's notes go here."  # what an editor of old wrote into empty notes
_SPECS = {Format.V1: "V1", Format.V2: "V2", Format.V3: "V3", Format.PYGMALION: "pygmalion"}
_ORIGIN = re.compile(r"[\w./-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a card came in: its container, the picture that is it, and the files beside it."""

    container: Container = Container.JSON
    picture: bytes | None = None
    files: assets.Files = lambda _uri: None


def card(document: bytes, value: Json, around: Surroundings) -> Found | None:
    """What a card holds; `value` is the parsed `document`. None: it is no card.

    Raises:
        Unreadable: BLANK_NAME, WRONG_TYPE, TOO_LARGE or TOO_MANY.
    """
    found = outline(value)
    if found is None:
        return None
    notes = Notes()
    _check(found, notes)
    character = _pictured(found, _character(found, notes), around, notes)
    book = _book(found, notes)
    asides.note(found, notes)
    return Found(
        kind=Kind.CHARACTER_CARD,
        format=found.format,
        container=around.container,
        spec_version=_version(found) or "",
        name=character.name,
        character=character,
        lorebooks=(book,) if book else (),
        fields=tuple(notes.fields),
        kept_aside=notes.kept_aside,
        warnings=tuple(notes.warnings[:LISTED]),
        details=_details(found, character, book),
        document=document,
    )


def extensions(found: Outline) -> dict[str, Json]:
    """The extensions of a card; {} if they are none."""
    value = found.data.get("extensions")
    return value if is_object(value) else {}


def ours(found: Outline) -> dict[str, Json]:
    """What we ourselves have put into the extensions of a card."""
    value = extensions(found).get("tzurot")
    return value if is_object(value) else {}


def _check(found: Outline, notes: Notes) -> None:
    """Warn of what a specification asks for and the card doesn't have."""
    required = REQUIRED_V2 if found.wrapped else REQUIRED_V1
    for key in required:
        old = found.format == Format.PYGMALION and key == "personality"  # it never had one
        if found.data.get(key) is None and key != "name" and not old:
            notes.warn(f"`{found.path(key)}` is missing and stays empty.")
    if found.wrapped and found.spec != found.format:
        notes.warn("The card doesn't say which version it is and was read as V2.")
    if not found.wrapped and found.spec is not None:
        notes.warn("The card has no `data`; its fields at the root were read.")
    try:
        newer = found.format == Format.V3 and Decimal(_version(found) or "3.0") > 3
    except InvalidOperation:
        newer = False
        notes.warn("`spec_version` is no number.")
    if newer:
        notes.warn("The card is of a later version than 3.0: parts of it may be unknown here.")


def _character(found: Outline, notes: Notes) -> Character:
    said = {field: _said(found, key, notes) for key, field in FIELDS.items()}
    for key, field in FIELDS.items():
        if said[field]:
            notes.map(found.path(key), field)
    name = str(said.pop("name")).strip()
    if not name:
        raise Unreadable(Problem.BLANK_NAME, "The card has no name. Give it one and try again.")
    prompt, depth, role = sillytavern.depth_prompt(found, notes)
    mine, source = ours(found), f"{found.path('extensions')}.tzurot"
    return replace(
        Character(name),
        **said,
        **_own(found, notes),
        depth_prompt=prompt,
        depth_prompt_depth=depth,
        depth_prompt_role=role,
        regex_scripts=sillytavern.regex_scripts(found, notes),
        custom_fields=own.fields(mine, source, notes),
        age_restricted=own.restriction(mine, source, notes),
        origin=_origin(found, notes),
    )


def _said(found: Outline, key: str, notes: Notes) -> str | tuple[str, ...]:
    source, value = found.path(key), found.data.get(key)
    if key in LISTS:
        read = texts(value, source, notes.warnings)
        return tuple(tag for tag in read if tag.strip()) if key == "tags" else read
    read = text(value, source, notes.warnings)
    if key == "creator_notes":
        return read.replace(_PLACEHOLDER_NOTES, "").removesuffix(BACKFILLED)
    return read


def _own(found: Outline, notes: Notes) -> dict[str, str]:
    """The fields that only our own cards have."""
    said: dict[str, str] = {}
    for key in OURS:
        source = f"{found.path('extensions')}.tzurot.{key}"
        value = text(ours(found).get(key), source, notes.warnings)
        if key == "birthday" and value and not birthday(value):
            notes.keep(source, value, "It is no date like 03-14 or 1990-03-14.")
            continue
        value = birthday(value) if key == "birthday" else value
        said[key] = value
        if value:
            notes.map(source, key)
    return said


def _origin(found: Outline, notes: Notes) -> str:
    chub = extensions(found).get("chub")
    named = str(chub.get("id") or "") if is_object(chub) else ""
    if not _ORIGIN.fullmatch(named):
        return ""
    notes.map(f"{found.path('extensions')}.chub.id", "origin")
    return f"chub:{named}"


def _pictured(
    found: Outline, character: Character, around: Surroundings, notes: Notes
) -> Character:
    """The character with its assets and its portrait."""
    source = found.path("assets")
    listed_assets = assets.assets(found.data.get("assets"), source, notes)
    assets.check(listed_assets, notes)
    listed_assets = assets.with_contents(listed_assets, around.files)
    # A PNG card is its own portrait in every program, whatever its assets say.
    shown = () if around.container == Container.PNG else listed_assets
    look = assets.portrait(shown, around.picture, source)
    if look == assets.Portrait():
        look = _fallback(found)
    if look.source:
        notes.map(look.source, "avatar_url" if look.url else "avatar")
    for n, asset in enumerate(listed_assets):
        is_default = asset.uri.lower().startswith("ccdefault:")  # which says nothing
        if f"{source}[{n}]" != look.source and not is_default:
            notes.keep(f"{source}[{n}]", asset.uri, "Only one picture becomes the avatar.")
    return replace(character, assets=listed_assets, avatar=look.picture, avatar_url=look.url)


def _fallback(found: Outline) -> assets.Portrait:
    """Older cards name their picture's address in a field of their own, or "none"."""
    avatar = found.data.get("avatar")
    if isinstance(avatar, str) and assets.is_address(avatar):
        return assets.Portrait(found.path("avatar"), url=avatar)
    return assets.Portrait()


def _book(found: Outline, notes: Notes) -> Lorebook | None:
    source, value = found.path("character_book"), found.data.get("character_book")
    if is_empty(value):
        return None
    if not is_object(value):
        raise Unreadable(Problem.WRONG_TYPE, f"`{source}` has to be an object.")
    book = lorebooks.character_book(value)
    notes.map(source, "lorebooks")
    return book


def _version(found: Outline) -> str | None:
    version = found.spec_version
    if isinstance(version, bool) or not isinstance(version, (str, int, Decimal)):
        return None
    return narrowing.text(str(version))[:20]


def _details(found: Outline, character: Character, book: Lorebook | None) -> dict[str, object]:
    said = found.data
    return {
        "spec": _SPECS[found.format],
        "spec_version": _version(found),
        "nickname": character.nickname if said.get("nickname") is not None else None,
        "description_chars": len(character.description),
        "first_mes_chars": len(character.greeting),
        "mes_example_chars": len(character.example_dialogues),
        "alternate_greetings": len(character.alternate_greetings),
        "group_only_greetings": len(character.group_greetings),
        "tags": len(character.tags),
        "has_system_prompt": bool(character.system_prompt.strip()),
        "has_post_history": bool(character.post_history_instructions.strip()),
        "creator": character.creator if said.get("creator") is not None else None,
        "character_version": (
            character.character_version if said.get("character_version") is not None else None
        ),
        "extension_keys": asides.keys(extensions(found)),
        "lorebook_entries": len(book.entries) if book else 0,
        "lorebook_enabled": sum(entry.enabled for entry in book.entries) if book else 0,
        "assets": len(character.assets),
        "root_keys_outside_spec": asides.keys(found.root) if found.wrapped else [],
        "has_avatar": character.avatar is not None or bool(character.avatar_url),
    }
