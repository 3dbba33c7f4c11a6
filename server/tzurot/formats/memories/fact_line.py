"""One fact as a line of our own: all that is known of it, read back as it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tzurot.formats import documents
from tzurot.formats.documents import Json
from tzurot.formats.found import KnownFact
from tzurot.formats.memories import strict
from tzurot.formats.memories.line import MAX_ID, MAX_NAME, MAX_PLATFORM, VENUES
from tzurot.formats.memories.strict import Wrong

KIND = "fact"
"""What a line's `kind` says if it is none of a memory."""

_STATES = ("current", "proposed", "superseded")
_ORIGINS = ("learnt", "told")
_MAX_TEXT = 500  # characters, as FactService takes them

FIELDS = frozenset(
    {
        *("kind", "id", "character", "persona", "text", "entity", "state", "origin", "fictional"),
        *("valid_from", "valid_until", "superseded_by_id", "replaces_id", "venue", "platform"),
        *("channel_id", "age_restricted", "source_ids", "outdated_source_ids"),
    }
)


@dataclass(frozen=True, slots=True)
class FactLeaving:
    """A fact that goes out."""

    known: KnownFact
    create_time: datetime


def write(leaving: FactLeaving) -> bytes:
    """The line of a fact, without its end."""
    it = leaving.known
    return documents.dumps(
        {
            "kind": KIND,
            "id": it.id,
            "character": {"slug": it.character_slug, "name": it.character_name},
            "persona": it.persona_name,
            "text": it.text,
            "entity": it.entity,
            "state": it.state,
            "origin": it.origin,
            "fictional": it.fictional,
            "valid_from": it.valid_from.isoformat(),
            "valid_until": it.valid_until.isoformat() if it.valid_until else None,
            "superseded_by_id": it.superseded_by_id or None,
            "replaces_id": it.replaces_id or None,
            "create_time": leaving.create_time.isoformat(),
            "venue": it.venue,
            "platform": it.platform,
            "channel_id": it.channel_id,
            "age_restricted": it.age_restricted,
            "source_ids": list(it.source_ids),
            "outdated_source_ids": list(it.outdated_source_ids),
        }
    )


def read(row: Mapping[str, Json]) -> KnownFact:
    """The fact that a line tells.

    Raises:
        Wrong: something of it can't be used.
    """
    character = strict.members(row, "character") or {}
    it = KnownFact(
        id=strict.text(row, "id", MAX_ID),
        text=strict.text(row, "text", _MAX_TEXT),
        valid_from=strict.needed_time(row, "valid_from"),
        persona_name=strict.text(row, "persona", MAX_NAME),
        character_slug=strict.text(character, "slug", MAX_NAME),
        character_name=strict.text(character, "name", MAX_NAME),
        entity=strict.text(row, "entity", MAX_NAME),
        state=strict.one_of(row, "state", _STATES) or "current",
        origin=strict.one_of(row, "origin", _ORIGINS) or "learnt",
        fictional=strict.flag(row, "fictional"),
        valid_until=strict.time(row, "valid_until"),
        superseded_by_id=strict.text(row, "superseded_by_id", MAX_ID),
        replaces_id=strict.text(row, "replaces_id", MAX_ID),
        venue=strict.one_of(row, "venue", VENUES) or "direct",
        platform=strict.text(row, "platform", MAX_PLATFORM),
        channel_id=strict.text(row, "channel_id", MAX_ID),
        age_restricted=strict.flag(row, "age_restricted"),
        source_ids=tuple(strict.texts(row, "source_ids")),
        outdated_source_ids=tuple(strict.texts(row, "outdated_source_ids")),
    )
    _require_sense(it)
    return it


def _require_sense(it: KnownFact) -> None:
    if not it.id:
        raise Wrong("it has no `id`")
    if not it.text.strip():
        raise Wrong("`text` says nothing")
    if (it.state == "superseded") != (it.valid_until is not None):
        raise Wrong("what is superseded has a `valid_until`, and nothing else has")
    if it.valid_until and it.valid_until < it.valid_from:
        raise Wrong("`valid_until` is before `valid_from`")
    if it.superseded_by_id and it.state != "superseded":
        raise Wrong("only what is superseded has a `superseded_by_id`")
    if it.replaces_id and it.state != "proposed":
        raise Wrong("only what is proposed has a `replaces_id`")
    if it.id in (it.superseded_by_id, it.replaces_id):
        raise Wrong("it takes its own place")
