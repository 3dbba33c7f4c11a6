"""The config of a shape as a character: which of its fields have a place here.

The real file has some 240 fields, most of them switches of the platform; what has no place here is
kept aside with a reason (`asides.py`), what is private is dropped (`privacy.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from tzurot.formats import caps, custom_fields, narrowing
from tzurot.formats.custom_fields import Placed
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Character, CustomField, Mapped
from tzurot.formats.shapes import asides, placeholders, privacy, values
from tzurot.formats.shapes.part import Part
from tzurot.formats.unreadable import Problem, Unreadable

# Several sources of one destination are joined by a blank line, in this order.
_TEXTS: tuple[tuple[str, str], ...] = (
    ("jailbreak", "system_prompt"),
    ("user_prompt", "description"),
    ("personality_traits", "traits"),
    ("personality_tone", "tone"),
    ("personality_age", "age"),
    ("personality_appearance", "appearance"),
    ("shape_settings.appearance", "appearance"),
    ("personality_physical_traits", "appearance"),
    ("personality_likes", "likes"),
    ("personality_dislikes", "dislikes"),
    ("personality_history", "history"),
    ("personality_conversational_goals", "goals"),
    ("personality_goals", "goals"),
    ("personality_conversational_examples", "example_dialogues"),
    ("shape_settings.shape_initial_message", "greeting"),
    ("error_message", "error_message"),
    ("search_description", "creator_notes"),
)
# What is a custom field here: what it is called, and whether the model is not told it.
_CUSTOM: tuple[tuple[str, str, bool], ...] = (
    ("personality_catchphrases", "Catchphrases", False),
    ("keywords", "Keywords", True),
    ("favorite_reacts", "Favorite reactions", True),
    ("wack_message", "Wack message", True),
    ("sleep_message", "Sleep message", True),
    ("onboard_message", "Welcome message", True),
)
_NOT_PROMPTS = {"error_message", "creator_notes", "greeting"}
_PROMPTS = tuple(path for path, destination in _TEXTS if destination not in _NOT_PROMPTS)
_SENSITIVE = ("is_sensitive", "self_identified_sensitive", "is_high_risk")


def read(config: Mapping[str, Json], at: str = "", *, name: str = "") -> Part:
    """The character that a config describes; `kept` is the config without what is private.

    `at` stands before the paths of its fields; `name` is for a config without one.

    Raises:
        Unreadable: BLANK_NAME, or TOO_LARGE for a text.
    """
    scrubbed, dropped = privacy.scrub(dict(config), at)
    kept = narrowing.members(scrubbed)
    texts, mapped = _texts(kept)
    single, told, warnings = _single(kept, name)
    mapped |= told
    custom, reasons = _custom(kept)
    rest = _rest(kept, {*mapped, *custom.sources}, at, reasons)
    strange = tuple(
        f"`{at}{path}` isn't text; it is kept aside."
        for path, _ in _TEXTS
        if (value := at_path(kept, path)) and not narrowing.text(value)
    )
    return Part(
        character=replace(single, **texts, custom_fields=custom.fields),
        fields=(
            *(Mapped(at + path, whither, note) for path, (whither, note) in mapped.items()),
            *(replace(it, source=at + it.source) for it in custom.mapped),
        ),
        kept_aside=rest,
        dropped=dropped,
        warnings=(*warnings, *strange, *_cautions(kept)),
        details=_details(config),
        kept=kept,
    )


def has_prompts(config: Mapping[str, Json]) -> bool:
    """Whether some text in it tells a model who the character is."""
    return any(values.name(at_path(config, path)) for path in _PROMPTS)


def has_prompt_fields(config: Mapping[str, Json]) -> bool:
    """Whether it has fields for such texts, if only empty ones: a public profile has none."""
    return any(path in config for path in _PROMPTS)


def identity(config: Mapping[str, Json]) -> str:
    """What tells one shape from another: its id, else its handle, else its name."""
    return next(
        (it for key in ("id", "username", "name") if (it := values.name(config.get(key)))), ""
    )


def origin(config: Mapping[str, Json]) -> str:
    """The same at each export of the same shape; empty for one that has neither id nor handle."""
    key = values.name(config.get("id")).lower() or values.name(config.get("username"))
    return f"shapes:{key}" if key else ""


def at_path(config: Mapping[str, Json], path: str) -> Json:
    """The value at a path such as `shape_settings.appearance`, or None."""
    outer, _, inner = path.partition(".")
    return narrowing.members(config.get(outer)).get(inner) if inner else config.get(outer)


def _texts(config: Mapping[str, Json]) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    texts: dict[str, list[str]] = {}
    mapped: dict[str, tuple[str, str]] = {}
    for path, destination in _TEXTS:
        text = narrowing.text(at_path(config, path))
        if not text.strip():
            continue
        if len(text) > caps.TEXT:
            raise Unreadable(
                Problem.TOO_LARGE,
                f"`{path}` has {len(text):,} characters; at most {caps.TEXT:,} can be kept.",
            )
        before = texts.setdefault(destination, [])
        mapped[path] = destination, "joined to the others" if before else ""
        if (converted := placeholders.convert(text)) not in before:
            before.append(converted)
    return {name: "\n\n".join(parts) for name, parts in texts.items()}, mapped


def _custom(config: Mapping[str, Json]) -> tuple[Placed, dict[str, str]]:
    """What has no field of its own here; and why some of it has no place, by path."""
    placed, reasons = Placed(), dict[str, str]()
    for path, name, silent in _CUSTOM:
        text = placeholders.convert(custom_fields.told(config.get(path)))
        if not config.get(path):
            continue
        if reason := placed.place(path, CustomField(name, text, silent)):
            reasons[path] = reason
    return placed, reasons


def _single(
    config: Mapping[str, Json], fallback: str
) -> tuple[Character, dict[str, tuple[str, str]], list[str]]:
    """The character without its texts; which fields were used, and what was odd about them."""
    handle = values.name(config.get("username"))
    name = values.name(config.get("name"))
    birthday, url = values.birthday(config.get("birthday")), _avatar_url(config)
    tags = values.strings(config.get("search_tags_v2"))
    used = {"name": "name" if name else "", "username": "slug" if name else "name, slug"}
    used |= {"id": "origin" if values.name(config.get("id")) else ""}
    used |= {"birthday": "birthday" if birthday else "", "search_tags_v2": "tags" if tags else ""}
    used |= {
        key: "avatar_url" for key in ("avatar", "avatar_url") if url and config.get(key) == url
    }
    if not (name or handle or fallback):
        raise Unreadable(
            Problem.BLANK_NAME, "The shape has no name. Give it a `name` or a `username`."
        )
    warnings: list[str] = []
    if config.get("birthday") and not birthday:
        warnings.append("`birthday` is not MM-DD or YYYY-MM-DD; it is kept aside.")
    character = Character(
        name=name or handle or fallback,
        birthday=birthday,
        tags=tags,
        slug=handle or fallback,
        origin=origin(config),
        avatar_url=url,
    )
    filled = {key: (where, "") for key, where in used.items() if where and config.get(key)}
    return character, filled, warnings


def _avatar_url(config: Mapping[str, Json]) -> str:
    for key in ("avatar", "avatar_url"):
        url = narrowing.text(config.get(key))
        if url.lower().startswith(("https://", "http://")):
            return url
    return ""


def _rest(
    config: Mapping[str, Json], mapped: Collection[str], at: str, reasons: Mapping[str, str]
) -> tuple[Aside, ...]:
    rest: list[Aside] = []
    for key, value in config.items():
        inner = narrowing.members(value) if key == "shape_settings" else {}
        paths = {f"{key}.{name}": member for name, member in inner.items()} or {key: value}
        rest += (
            Aside(at + path, reasons.get(path) or asides.reason(path))
            for path, member in paths.items()
            if member and path not in mapped
        )
    return tuple(rest)


def _cautions(config: Mapping[str, Json]) -> tuple[str, ...]:
    told: list[str] = []
    if config.get("deleted") is True:
        told.append("The shape was deleted at shapes.inc: make sure that you want it back.")
    if marks := [key for key in _SENSITIVE if config.get(key) is True]:
        told.append(f"The shape was marked {', '.join(marks)} at shapes.inc; no rating moves.")
    if model := values.name(config.get("engine_model")):
        told.append(f"The model {model} doesn't move: the character answers with yours.")
    return tuple(told)


def _details(config: Mapping[str, Json]) -> dict[str, object]:
    return {
        "username": values.name(config.get("username")),
        "keys": len(config),
        "keys_with_value": sum(bool(value) for value in config.values()),
        "has_avatar_url": bool(_avatar_url(config)),
        "engine_model": values.name(config.get("engine_model")) or None,
        "keywords": len(narrowing.items(config.get("keywords"))),
        "birthday": narrowing.text(config.get("birthday")) or None,
        "initial_message": narrowing.text(at_path(config, "shape_settings.shape_initial_message")),
    }
