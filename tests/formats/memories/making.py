"""Memories that nobody would make up, with all that can be known of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from tzurot.formats.found import Known, KnownFact, Recalled, Recollection
from tzurot.formats.memories.line import SECTORS, Leaving

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, LAST = datetime(1, 1, 2), datetime(9999, 12, 30, 23, 59, 59, 999_999)

# What Postgres can keep: no U+0000, no lone surrogate. All scripts, and what ends lines elsewhere.
LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
TEXTS = st.text(LETTERS, max_size=40) | st.sampled_from(
    ("\u2028\r\n\t", "ёлка 海 สวัสดี עברית 🧜‍♀️", "ａ" * 8_000, '"}\n{"', "\ufeff", "\x1f")
)
NAMES = st.text(LETTERS, max_size=9)
TIMES = st.datetimes(FIRST, LAST).map(lambda it: it.replace(tzinfo=UTC))
SHARES = st.integers(0, 1_000).map(lambda it: it / 1_000)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def told(
    text: str = "I live in Bergen.", answer: str = "By the sea?", **known: object
) -> Recollection:
    """A plain memory."""
    return Recollection(
        text,
        answer,
        occur_time=NOON,
        person_name="Mira",
        personality_name="Lilith",
        known=replace(Known(sector="semantic", salience=0.4), **known),  # type: ignore[arg-type]
    )


def leaving(memory: Recollection) -> Leaving:
    """The same as it goes out."""
    when = memory.occur_time or NOON
    return Leaving(memory, when, NOON, str(UUID(int=7)))


@st.composite
def memories(draw: st.DrawFn) -> Recollection:
    """One exchange, or note, of which anything may be known."""
    text, answer = draw(st.tuples(TEXTS, TEXTS).filter(lambda sides: any(map(str.strip, sides))))
    sector, *others = draw(st.lists(st.sampled_from(SECTORS), min_size=1, max_size=5, unique=True))
    return Recollection(
        text=text,
        answer=answer,
        channel_id=draw(NAMES),
        occur_time=draw(TIMES),
        person_name=draw(NAMES),
        personality_name=draw(NAMES),
        known=Known(
            id=str(draw(st.uuids())),
            sector=sector,
            other_sectors=tuple(others),
            salience=draw(SHARES),
            venue=draw(st.sampled_from(("direct", "private_channel", "public_channel"))),
            platform=draw(NAMES),
            recalls=draw(
                st.none() | st.builds(Recalled, st.integers(1, 9_999), SHARES, TIMES),
            ),
            locked=draw(st.booleans()),
            age_restricted=draw(st.booleans()),
            dormant=draw(st.booleans()),
            edit_time=draw(st.none() | TIMES),
        ),
    )


def files() -> st.SearchStrategy[list[Recollection]]:
    """Several memories of different ids and different moments, and reflections of the first."""
    several = st.lists(memories(), min_size=1, max_size=6, unique_by=lambda it: it.known.id)
    return several.map(apart).flatmap(
        lambda found: st.booleans().map(lambda gathers: [*found, *_gathered(found, gathers)])
    )


def files_with_facts() -> st.SearchStrategy[tuple[list[Recollection], list[KnownFact]]]:
    """The same, and facts that these memories say."""
    return files().flatmap(lambda found: st.tuples(st.just(found), facts_of(found)))


@st.composite
def facts_of(draw: st.DrawFn, memories: Sequence[Recollection]) -> list[KnownFact]:
    """Facts of which anything may be known: what is so now, what was before, what waits."""
    said = [it.known.id for it in memories if it.known.kind == "exchange"]
    drawn = draw(st.lists(_facts(said), max_size=5, unique_by=lambda it: it.id))
    return [_linked(it, drawn[number + 1 :]) for number, it in enumerate(drawn)]


@st.composite
def _facts(draw: st.DrawFn, said: Sequence[str]) -> KnownFact:
    state = draw(st.sampled_from(("current", "proposed", "superseded")))
    origin = "learnt" if state == "proposed" else draw(st.sampled_from(("learnt", "told")))
    sources = st.lists(st.sampled_from(said), unique=True, min_size=origin == "learnt", max_size=3)
    says = sorted(draw(sources))
    outdated = [it for it in said if it not in says][:1] if origin == "told" else []
    first, last = sorted((draw(TIMES), draw(TIMES)))
    return KnownFact(
        id=str(draw(st.uuids())),
        text=draw(TEXTS.filter(lambda it: bool(it.strip()) and len(it) <= 500)),
        valid_from=first,
        entity=draw(NAMES),
        state=state,
        origin=origin,
        fictional=draw(st.booleans()),
        valid_until=last if state == "superseded" else None,
        venue=draw(st.sampled_from(("direct", "private_channel", "public_channel"))),
        platform=draw(NAMES),
        channel_id=draw(NAMES),
        age_restricted=draw(st.booleans()),
        source_ids=tuple(says),
        outdated_source_ids=tuple(outdated),
    )


def _linked(it: KnownFact, later: Sequence[KnownFact]) -> KnownFact:
    """One that names a later one, as far as there is one: so there are chains, and no circles."""
    states = ("current", "superseded") if it.state == "superseded" else ("current",)
    others = [one.id for one in later if one.state in states]
    if not others or it.state == "current":
        return it
    key = "superseded_by_id" if it.state == "superseded" else "replaces_id"
    return replace(it, **{key: others[len(it.text) % len(others)]})


def short(memory: Recollection) -> Recollection:
    """The same with little of its text: a server takes seconds to read thousands of letters."""
    return replace(memory, text=memory.text[:200], answer=memory.answer[:200])


def apart(found: Sequence[Recollection]) -> list[Recollection]:
    """The same words at the same moment are one memory: here no two moments are the same."""
    return [
        replace(it, occur_time=(it.occur_time or NOON) + timedelta(microseconds=number))
        for number, it in enumerate(found)
    ]


def _gathered(found: Sequence[Recollection], gathers: bool) -> list[Recollection]:
    if not gathers:
        return []
    known = Known(
        id=str(UUID(int=1)),
        kind="reflection",
        sector="reflective",
        salience=0.5,
        dormant=True,
        source_ids=tuple(it.known.id for it in found[:3]),
    )
    return [
        Recollection("Much is of the sea.", occur_time=NOON, personality_name="Lilith", known=known)
    ]
