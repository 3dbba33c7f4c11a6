"""What a JSON value of shapes.inc is, told by its keys alone: no name of a file is needed."""

from collections import Counter
from collections.abc import Mapping

from tzurot.formats import narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Kind

_CONFIG = frozenset((
    "jailbreak", "user_prompt", "shape_settings", "engine_model", "engine_temperature",
    "fallback_engine_model", "wack_message", "sleep_message", "onboard_message", "ltm_enabled",
    "ltm_threshold", "ltm_max_retrieved_summaries", "stm_window", "free_will", "favorite_reacts",
    "search_description", "search_tags_v2", "character_universe", "character_background",
    "typical_phrases", "example_prompts", "app_info",
))  # fmt: skip
_WEAK = frozenset(("username", "error_message", "keywords", "tagline", "user_count", "avatar_url"))
_FOREIGN = frozenset((
    "spec", "data", "first_mes", "mes_example", "personality", "scenario", "char_name",
    "characterInfo", "personalityTraits", "entries", "tuppers", "format",
))  # fmt: skip
_LISTS = ("items", "memories", "story", "stories", "knowledge", "training", "history", "messages",
          "chat_history", "chat")  # fmt: skip
_TRAINING_COMPANY = frozenset(("training", "pagination", "meta", "shape_id", "total", "page"))
_LOOKED_AT = 100  # rows


def sniff(value: Json) -> Kind | None:
    """What the value is, or None if it isn't of shapes.inc."""
    if narrowing.is_list(value):
        return _rows(narrowing.items(value), "")
    top = narrowing.members(value)
    if _is_export(top):
        return Kind.SHAPES_EXPORT
    if is_config(top):
        return Kind.SHAPES_CONFIG
    if _is_personalization(top):
        return Kind.SHAPES_PERSONALIZATION
    return _listed(top) if top else None


def listed(value: Json) -> tuple[str, list[Json]]:
    """The rows of a value and the name under which they stand: a list, `{items: […]}`, one row."""
    if narrowing.is_list(value):
        return "", narrowing.items(value)
    top = narrowing.members(value)
    for name in _LISTS:
        if isinstance(top.get(name), list):
            return name, narrowing.items(top[name])
        if name in ("story", "knowledge", "training") and isinstance(top.get(name), dict):
            return name, [top[name]]
    return "", [value] if top else []


def is_config(top: Mapping[str, Json]) -> bool:
    """Whether it is a shape's config, or its public profile."""
    if _FOREIGN & top.keys():
        return False
    strong = sum(name in _CONFIG or name.startswith("personality_") for name in top)
    named = "name" in top or "username" in top
    return strong > (0 if named else 2) and strong + len(_WEAK & top.keys()) > 1


def _listed(top: dict[str, Json]) -> Kind | None:
    name, rows = listed(top)
    if name == "memories" and isinstance(top.get("shape"), str):
        return Kind.SHAPES_MEMEXPORTER
    if name == "training" and top.keys() <= _TRAINING_COMPANY:
        return Kind.SHAPES_TRAINING
    kind = _rows(rows, name)
    alone = not name and kind is not Kind.SHAPES_KNOWLEDGE  # only a story comes alone
    return None if alone else kind


def _is_export(top: Mapping[str, Json]) -> bool:
    config = top.get("config")
    return narrowing.is_object(config) and ("sourceSlug" in top or is_config(config))


def _is_personalization(top: Mapping[str, Json]) -> bool:
    named = "preferred_name" in top or {"backstory", "pronouns"} <= top.keys()
    return named and not (_FOREIGN | {"name", "members"}) & top.keys()


def _rows(rows: list[Json], name: str) -> Kind | None:
    """What most of the first rows are."""
    kinds = Counter(_row(narrowing.members(row), name) for row in rows[:_LOOKED_AT])
    del kinds[None]
    return kinds.most_common(1)[0][0] if kinds else None


def _row(row: Mapping[str, Json], name: str) -> Kind | None:
    keys = row.keys()
    if "result" in keys and (
        name == "memories" or keys & {"senders", "summary_type", "shape_id", "metadata"}
    ):
        return Kind.SHAPES_MEMORIES
    if "ts" in keys and keys & {"message", "reply"}:
        return Kind.SHAPES_CHAT
    if "content" in keys and keys & {"story_type", "origin_url", "shape_id"}:
        return Kind.SHAPES_KNOWLEDGE
    return Kind.SHAPES_TRAINING if "shape_id" in keys and name != "memories" else None
