"""A JSON file of shapes.inc, in any of the envelopes in which people saved it."""

from collections.abc import Mapping

from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Found, Kind
from tzurot.formats.shapes import config, memories, people, privacy, sniffing, stories, values
from tzurot.formats.shapes.part import Part, found, together
from tzurot.formats.shapes.people import Shape
from tzurot.formats.unreadable import Problem, Unreadable

_PREVIEW_ONLY = "A public profile has no prompts: this is a preview only, nothing to chat with."
_NO_PROMPTS = "The shape's config has no prompts: its character is a name and no more."


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
            return _config(values.members(document))
        case Kind.SHAPES_EXPORT:
            return _export(values.members(document))
        case Kind.SHAPES_PERSONALIZATION:
            return _personalization(values.members(document))
        case _:
            return _rows(kind, document)


def rest(top: Mapping[str, Json], *names: str) -> Part:
    """What else an envelope says: kept as it is, without what is private."""
    others = {name: value for name, value in top.items() if name not in names}
    scrubbed, dropped = privacy.scrub(others)
    return Part(dropped=dropped, kept=values.members(scrubbed))


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
    own = character(values.members(top.get("config")), "config.", name=slug)
    shape = Shape(own.character.name, own.character.origin) if own.character else Shape()
    told = memories.read(values.rows(top.get("memories")), personality_name=shape.name)
    known = stories.read(values.rows(top.get("stories")))
    person = people.read_personalization(
        values.members(top.get("userPersonalization")), shape, at="userPersonalization."
    )
    others = rest(top, "config", "memories", "stories", "userPersonalization")
    whole = together((own, told, known, person, others))
    details = {
        "username": own.details["username"] or slug,
        **{name: own.details[name] for name in ("engine_model", "preview_only") if name in own.details},
        **told.details,
        "stories": known.details["entries"],
        "stories_importable": known.details["importable"],
        **person.details,
    }
    return _with(details, Kind.SHAPES_EXPORT, whole, {**others.kept, "config": own.kept, **known.kept})


def _with(
    details: Mapping[str, object], kind: Kind, part: Part, document: Mapping[str, Json]
) -> Found:
    counted = together((part,))
    return found(kind, _detailed(counted, details), document=dict(document))
