"""Knowledge of a shape ("stories"), and its training."""

import re
from collections import Counter
from collections.abc import Sequence

from tzurot.formats import narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Document
from tzurot.formats.shapes import placeholders, privacy, values
from tzurot.formats.shapes.part import Part, counted, require_few

# What the site writes into an empty field: Insert general knowledge here, Insert "personal" custom…
_PLACEHOLDER = re.compile(
    r"insert (?:general knowledge|relationships?|commands?|personal knowledge) here\W*"
    r"|insert [\"“']?\w+[\"”']? custom\b.{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_TITLE_WORDS = 8
_TITLE = 80  # characters


def read(rows: Sequence[Json], *, at: str = "stories") -> Part:
    """The stories worth keeping as documents; `kept` is all of them without what is private.

    Raises:
        Unreadable: TOO_MANY.
    """
    require_few(rows, "stories")
    scrubbed, dropped = privacy.scrub(list(rows), at)
    texts, counts, remarks = _taken(narrowing.items(scrubbed))
    types = {narrowing.text(str(narrowing.members(row).get("story_type"))) for row in rows if row}
    return Part(
        documents=tuple(texts.values()),
        fields=counted(f"{at}[]", "documents", len(texts), len(rows)),
        dropped=dropped,
        warnings=remarks.sentences(),
        details={
            "entries": len(rows),
            "importable": len(texts),
            "types": sorted(types),
            "placeholders": counts["placeholder"],
            "deleted": counts["deleted"],
            "blank": counts["blank"],
            "duplicate": counts["duplicate"],
        },
        kept={"stories": scrubbed} if rows else {},
    )


def read_training(rows: Sequence[Json], *, at: str = "training") -> Part:
    """Training pairs, whose form nobody has seen: kept as they are."""
    scrubbed, dropped = privacy.scrub(list(rows), at)
    reason = f"characters aren't trained here; {len(rows):,} kept as they are"
    return Part(
        kept_aside=(Aside(at, reason),) if rows else (),
        dropped=dropped,
        details={"training": len(rows)},
        kept={"training": scrubbed} if rows else {},
    )


def _taken(rows: Sequence[Json]) -> tuple[dict[str, Document], Counter[str], values.Remarks]:
    """The documents by the texts of their stories, and why the other rows are none."""
    remarks, counts = values.Remarks(), Counter[str]()
    texts: dict[str, Document] = {}
    for position, row in enumerate(rows, start=1):
        story = narrowing.members(row)
        why_not = _why_not(story, texts)
        if not why_not:
            texts[narrowing.text(story.get("content"))] = _document(story)
            continue
        counts[why_not] += 1
        if why_not == "unreadable":
            remarks.add("Stories without a text were skipped", position)
    return texts, counts, remarks


def _why_not(story: dict[str, Json], texts: dict[str, Document]) -> str:
    """Why it isn't imported, in a word; empty if it is."""
    content = story.get("content")
    if not story or not isinstance(content, str | None):
        return "unreadable"
    if story.get("deleted") is True:
        return "deleted"
    if content is None or not content.strip():
        return "blank"
    if _PLACEHOLDER.fullmatch(content.strip()):
        return "placeholder"
    return "duplicate" if content in texts else ""


def _document(story: dict[str, Json]) -> Document:
    text = placeholders.convert(narrowing.text(story.get("content")))
    urls = (story.get("origin_url"), *narrowing.items(story.get("urls")))
    return Document(
        text=text,
        title=placeholders.convert(values.name(story.get("title"))) or _first_words(text),
        kind=values.name(story.get("story_type")),
        origin=values.name(story.get("id")),
        url=next((url for it in urls if (url := values.name(it))), ""),
        create_time=values.moment(story.get("created_ts")),
    )


def _first_words(text: str) -> str:
    start = text.strip()[: 4 * _TITLE]  # the words of a whole book aren't needed
    words = start.split()[: _TITLE_WORDS + 1]
    title = " ".join(words[:_TITLE_WORDS])
    cut = len(words) > _TITLE_WORDS or len(title) > _TITLE
    return title[:_TITLE] + "…" if cut else title
