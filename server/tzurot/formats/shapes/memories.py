"""Memories of a shape: summaries of conversations, with the ids of who took part.

Rows are from a backup (`result`, `senders`, `metadata`) or from a memory exporter that saw only
the page (`content`, `date`). No bad row stops the others.
"""

from collections import Counter
from collections.abc import Sequence

from tzurot.formats import narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Recollection
from tzurot.formats.shapes import values
from tzurot.formats.shapes.part import Part, counted, require_few

_USED = frozenset((
    "id", "result", "content", "senders", "group", "deleted", "created_at", "date",
    "discord_channel_id", "discord_guild_id",
))  # fmt: skip
_REASONS = {
    "shape_id": "which shape it is of is known",
    "summary_type": "how the platform came to write it",
    "type": "how the platform came to write it",
    "start_ts": "of the conversation, not of the memory",
    "end_ts": "of the conversation, not of the memory",
    "msg_ids": "ids of messages that aren't here",
}


def read(rows: Sequence[Json], *, at: str = "memories", personality_name: str = "") -> Part:
    """The memories worth keeping; what was left out is counted in `details`.

    Raises:
        Unreadable: TOO_MANY.
    """
    require_few(rows, "memories")
    reading = _Reading(personality_name)
    for position, row in enumerate(rows, start=1):
        reading.take(row, position)
    counts = reading.counts
    return Part(
        memories=tuple(reading.kept.values()),
        fields=counted(f"{at}[]", "memories", len(reading.kept), len(rows)),
        dropped=tuple(
            Aside(f"{at}[].{path}", reason) for path, reason in sorted(reading.unused.items())
        ),
        warnings=reading.remarks.sentences(),
        details={
            "memories": len(rows),
            "memories_importable": len(reading.kept),
            "memories_deleted": counts["deleted"],
            "memories_blank": counts["blank"],
            "memories_duplicate": counts["duplicate"],
            "memories_unreadable": counts["unreadable"],
            "memories_group": sum(memory.group for memory in reading.kept.values()),
            "senders": dict(reading.senders),
        },
    )


class _Reading:
    """What the rows so far gave."""

    def __init__(self, personality_name: str) -> None:
        self.kept: dict[tuple[object, ...], Recollection] = {}
        self.counts: Counter[str] = Counter()
        self.senders: Counter[str] = Counter()
        self.unused: dict[str, str] = {}
        self.remarks = values.Remarks()
        self._personality_name = personality_name

    def take(self, row: Json, position: int) -> None:
        """Keep the row's memory, or count why not."""
        fields = narrowing.members(row)
        metadata = narrowing.members(fields.get("metadata"))
        text = fields.get("result") if "result" in fields else fields.get("content")
        if not fields or not isinstance(text, str | None):
            self.counts["unreadable"] += 1
            self.remarks.add("Memories without a text were skipped", position)
            return
        senders = _senders(fields, metadata)
        self.senders.update(senders)
        if fields.get("deleted") is True or metadata.get("deleted") is True:
            self.counts["deleted"] += 1
        elif text is None or not text.strip():
            self.counts["blank"] += 1
        elif (key := (text, frozenset(senders))) in self.kept:
            self.counts["duplicate"] += 1
        else:
            self._note_unused(fields, metadata)
            self.kept[key] = self._recollection(text, senders, (fields, metadata), position)

    def _recollection(
        self,
        text: str,
        senders: tuple[str, ...],
        sources: tuple[dict[str, Json], dict[str, Json]],
        position: int,
    ) -> Recollection:
        fields, metadata = sources
        time = _first(fields, metadata, ("created_at", "date", "end_ts", "start_ts"))
        occur_time = values.moment(time)
        if time and occur_time is None:
            self.remarks.add("Memories with a time that can't be read have none", position)
        return Recollection(
            text=narrowing.text(text),  # without what can't be stored
            origin=values.name(fields.get("id")),
            senders=senders,
            group=len(senders) > 1 or True in (fields.get("group"), metadata.get("group")),
            channel_id=values.name(_first(fields, metadata, ("discord_channel_id",))),
            space_id=values.name(_first(fields, metadata, ("discord_guild_id",))),
            occur_time=occur_time,
            personality_name=self._personality_name,
        )

    def _note_unused(self, fields: dict[str, Json], metadata: dict[str, Json]) -> None:
        for prefix, part in (("", fields), ("metadata.", metadata)):
            for name, value in part.items():
                if value and name not in _USED and (prefix or name != "metadata"):
                    self.unused.setdefault(
                        prefix + name, _REASONS.get(name, "memories have no place for it")
                    )


def _senders(fields: dict[str, Json], metadata: dict[str, Json]) -> tuple[str, ...]:
    both = (*narrowing.items(fields.get("senders")), *narrowing.items(metadata.get("senders")))
    return tuple(dict.fromkeys(sender for it in both if (sender := values.name(it))))


def _first(fields: dict[str, Json], metadata: dict[str, Json], names: tuple[str, ...]) -> Json:
    return next((it for name in names for it in (fields.get(name), metadata.get(name)) if it), None)
