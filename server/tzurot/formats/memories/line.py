"""One memory as a line of our own: all that is known of it, read back as it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tzurot.formats import caps, documents, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Known, Recalled, Recollection, SourceRow
from tzurot.formats.memories import strict
from tzurot.formats.memories.strict import Wrong
from tzurot.formats.unreadable import Unreadable

SECTORS = ("episodic", "semantic", "procedural", "emotional", "reflective")
VENUES = ("direct", "private_channel", "public_channel")
_KINDS = ("exchange", "reflection")
MAX_NAME = 255  # characters
MAX_ID = 64
MAX_PLATFORM = 32
_NESTING = 2  # of a source's row in our line

FIELDS = {
    "text": "person_text",
    "answer": "personality_text",
    **{
        name: name
        for name in (
            *("id", "character", "persona", "person_name", "personality_name", "occur_time"),
            *("edit_time", "venue", "platform", "channel_id", "kind", "sector", "other_sectors"),
            *("salience", "recalls", "locked", "age_restricted", "dormant", "source_ids"),
            "source",
        )
    },
}
"""What a line says, and what that is here."""
ASIDE = {"create_time": "it is stored anew: its time here is that of the import"}
"""What else a line says, and why that is not taken."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A memory that goes out; `told.known` has its id."""

    told: Recollection
    occur_time: datetime
    create_time: datetime
    persona_id: str


def origin_of(memory_id: str) -> str:
    """What a memory of our own files is known by when it comes again; `memory_id`: as it had it."""
    return f"tzurot_memories:{memory_id}"


def write(leaving: Leaving) -> bytes:
    """The line of a memory, without its end."""
    told, known = leaving.told, leaving.told.known
    recalls = known.recalls
    return documents.dumps(
        {
            "id": known.id,
            "character": {"slug": known.character_slug, "name": known.character_name},
            "persona": known.persona_name,
            "text": told.text,
            "answer": told.answer,
            "person_name": told.person_name,
            "personality_name": told.personality_name,
            "occur_time": leaving.occur_time.isoformat(),
            "create_time": leaving.create_time.isoformat(),
            "edit_time": known.edit_time.isoformat() if known.edit_time else None,
            "venue": known.venue,
            "platform": known.platform,
            "channel_id": told.channel_id,
            "kind": known.kind,
            "sector": known.sector or None,
            "other_sectors": list(known.other_sectors),
            "salience": known.salience,
            "recalls": {
                "count": recalls.count,
                "salience": recalls.salience,
                "last_time": recalls.last_time.isoformat(),
            }
            if recalls
            else None,
            "locked": known.locked,
            "age_restricted": known.age_restricted,
            "dormant": known.dormant,
            "source_ids": list(known.source_ids),
            "source": _source_to(told.source),
        }
    )


def read(row: Mapping[str, Json]) -> Recollection:
    """The memory that a line tells.

    Raises:
        Wrong: something of it can't be used.
    """
    said = {name: strict.text(row, name, caps.TEXT) for name in ("text", "answer")}
    if not any(it.strip() for it in said.values()):
        raise Wrong("neither `text` nor `answer` says anything")
    known = _known(row)
    if not known.id:
        raise Wrong("it has no `id`")
    return Recollection(
        text=said["text"],
        answer=said["answer"],
        origin=origin_of(known.id),
        channel_id=strict.text(row, "channel_id", MAX_ID),
        occur_time=strict.needed_time(row, "occur_time"),
        person_name=strict.text(row, "person_name", MAX_NAME),
        personality_name=strict.text(row, "personality_name", MAX_NAME),
        known=known,
        source=_source_from(row),
    )


def _known(row: Mapping[str, Json]) -> Known:
    character = strict.members(row, "character") or {}
    known = Known(
        id=strict.text(row, "id", MAX_ID),
        persona_name=strict.text(row, "persona", MAX_NAME),
        character_slug=strict.text(character, "slug", MAX_NAME),
        character_name=strict.text(character, "name", MAX_NAME),
        kind=strict.one_of(row, "kind", _KINDS) or "exchange",
        sector=strict.one_of(row, "sector", SECTORS),
        other_sectors=tuple(strict.texts(row, "other_sectors")),
        salience=strict.share(row, "salience"),
        venue=strict.one_of(row, "venue", VENUES) or "direct",
        platform=strict.text(row, "platform", MAX_PLATFORM),
        recalls=_recalls(strict.members(row, "recalls")),
        locked=strict.flag(row, "locked"),
        age_restricted=strict.flag(row, "age_restricted"),
        dormant=strict.flag(row, "dormant"),
        edit_time=strict.time(row, "edit_time"),
        source_ids=tuple(strict.texts(row, "source_ids")),
    )
    if not set(known.other_sectors) <= set(SECTORS):
        raise Wrong("`other_sectors` has something that is no sector")
    if (known.kind == "reflection") != bool(known.source_ids):
        raise Wrong("reflections have `source_ids`, and nothing else has")
    return known


def _recalls(row: Mapping[str, Json] | None) -> Recalled | None:
    if row is None:
        return None
    count, salience = row.get("count"), strict.share(row, "salience")
    time = strict.needed_time(row, "last_time")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count < 2**31:
        raise Wrong("`recalls.count` is no whole number from 1")
    if salience is None:
        raise Wrong("`recalls` has no `salience`")
    return Recalled(count, salience, time)


def _source_to(source: SourceRow | None) -> Json:
    """The row itself, or its text if inside of ours it would be nested too deep to be read."""
    if source is None:
        return None
    whole = documents.fits_into(source.row, _NESTING)
    row = documents.loads(source.row) if whole else source.row.decode()
    return {"format": source.format, "row": row}


def _source_from(row: Mapping[str, Json]) -> SourceRow | None:
    source = strict.members(row, "source")
    if source is None:
        return None
    written = source.get("row")
    if isinstance(written, str):
        try:
            written = documents.loads(written.encode("utf-8", "surrogatepass"))
        except Unreadable as error:
            raise Wrong("`source.row` is no JSON") from error
    if not narrowing.is_object(written):
        raise Wrong("`source.row` is no object")
    return SourceRow(strict.text(source, "format", MAX_ID), documents.dumps(written))
