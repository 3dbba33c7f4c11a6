"""A JSON file of shapes.inc, in any of the envelopes in which people saved it."""

from collections.abc import Mapping
from dataclasses import replace

from tzurot.formats import narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Found, Kind
from tzurot.formats.shapes import config, memories, people, privacy, sniffing, stories, values
from tzurot.formats.shapes.part import Part, found, together
from tzurot.formats.shapes.people import Shape
from tzurot.formats.unreadable import Problem, Unreadable

_PREVIEW_ONLY = "A public profile has no prompts: this is a preview only, nothing to chat with."
_NO_PROMPTS = "The shape's config has no prompts: its character is a name and no more."
_TOLD = ("engine_model", "has_avatar_url", "preview_only")


def read(data: bytes, document: Json) -> Found | None:
    """What a JSON file of shapes.inc holds, or None if it is of something else.

    Raises:
        Unreadable: it is of shapes.inc, and can't be used.
    """
    del data  # the document says it all
    kind = sniffing.sniff(document)
    match kind:
        case None:
            return None
        case Kind.SHAPES_CONFIG:
            return _config(narrowing.members(document))
        case Kind.SHAPES_EXPORT:
            return _export(narrowing.members(document))
        case Kind.SHAPES_PERSONALIZATION:
            return _personalization(narrowing.members(document))
        case _:
            return _rows(kind, document)


def rest(top: Mapping[str, Json], *names: str) -> Part:
    """What else an envelope says: kept as it is, without what is private."""
    others = {name: value for name, value in top.items() if name not in names}
    scrubbed, dropped = privacy.scrub(others)
    return Part(dropped=dropped, kept=narrowing.members(scrubbed))


def character(top: Mapping[str, Json], at: str, *, name: str = "") -> Part:
    """The character of a config that came with other parts: without prompts it is a warning.

    Raises:
        Unreadable: BLANK_NAME or TOO_LARGE.
    """
    part = config.read(top, at, name=name)
    if config.has_prompts(top):
        return part
    return together((part, Part(warnings=(_NO_PROMPTS,), details={"preview_only": True})))


def _config(top: dict[str, Json]) -> Found:
    part = config.read(top)
    kind = Kind.SHAPES_CONFIG
    if not config.has_prompts(top):
        if config.has_prompt_fields(top):
            raise Unreadable(
                Problem.NOTHING_INSIDE,
                "The shape's prompts are all empty, so there is no character to move. Save its "
                "config again while you are logged in as its owner.",
            )
        kind = Kind.SHAPES_PROFILE
        part = together((part, Part(warnings=(_PREVIEW_ONLY,), details={"preview_only": True})))
    return found(kind, part, document=dict(part.kept))


def _export(top: dict[str, Json]) -> Found:
    slug = values.name(top.get("sourceSlug"))
    own = character(narrowing.members(top.get("config")), "config.", name=slug)
    shape = Shape(own.character.name, own.character.origin) if own.character else Shape()
    told = memories.read(narrowing.items(top.get("memories")), personality_name=shape.name)
    known = stories.read(narrowing.items(top.get("stories")))
    person = people.read_personalization(
        narrowing.members(top.get("userPersonalization")), shape, at="userPersonalization."
    )
    others = rest(top, "config", "memories", "stories", "userPersonalization")
    whole = together((own, told, known, person, others))
    document = {**others.kept, "config": dict(own.kept), **known.kept}
    details = {
        "username": own.details["username"] or slug,
        **counts(own),
        **told.details,
        **counts(known),
        **person.details,
    }
    return found(Kind.SHAPES_EXPORT, replace(whole, details=details), document=document)


def counts(part: Part) -> dict[str, object]:
    """Of a config or of stories: the details that several parts together tell."""
    told = part.details
    named = {"stories": "entries", "stories_importable": "importable", "stories_types": "types"}
    renamed = {name: told[own] for name, own in named.items() if own in told}
    return renamed | {name: told[name] for name in _TOLD if name in told}


def _personalization(top: dict[str, Json]) -> Found:
    part = people.read_personalization(top, Shape(origin=_shape_of([top])))
    return found(Kind.SHAPES_PERSONALIZATION, part)


def _rows(kind: Kind, document: Json) -> Found:
    """A list of one kind, alone or in a page of the API."""
    name, rows = sniffing.listed(document)
    top = narrowing.members(document)
    at = name or kind.value.removeprefix("shapes_")
    part = of_kind(kind, rows, Shape(values.name(top.get("shape")), _shape_of(rows)), at=at)
    others = rest(top, *((name,) if name else top))
    part = together((part, others, Part(warnings=_incomplete(top))))
    if kind is Kind.SHAPES_MEMEXPORTER:
        part = replace(part, details={**part.details, "shape": values.name(top.get("shape"))})
    return found(kind, part, name=values.name(top.get("shape")), document=dict(part.kept))


def of_kind(kind: Kind, rows: list[Json], shape: Shape, *, at: str, person: str = "") -> Part:
    """What rows of one kind give.

    Raises:
        Unreadable: TOO_MANY.
    """
    match kind:
        case Kind.SHAPES_KNOWLEDGE:
            return stories.read(rows, at=at)
        case Kind.SHAPES_TRAINING:
            return stories.read_training(rows, at=at)
        case Kind.SHAPES_CHAT:
            return people.read_chat(rows, shape, at=at, person=person)
        case _:
            return memories.read(rows, at=at, personality_name=shape.name)


def _shape_of(rows: list[Json]) -> str:
    """The shape that the first row names, as in `Character.origin`."""
    shape_id = values.name(narrowing.members(rows[0]).get("shape_id")).lower() if rows else ""
    return f"shapes:{shape_id}" if shape_id else ""


def _incomplete(top: Mapping[str, Json]) -> tuple[str, ...]:
    """Whether a page of the API says that there are more."""
    page = narrowing.members(
        top.get("pagination") or narrowing.members(top.get("meta")).get("pagination")
    )
    pages = narrowing.text(page.get("total_pages") or page.get("totalPages"))
    if page.get("has_next") is not True and pages in ("", "0", "1"):
        return ()
    number = narrowing.text(page.get("page")) or "one"
    return (f"This is page {number} of {pages or 'several'}; the others are not in the file.",)
