"""Whose decision counts: every setting at every tier, with a value, off, or nothing decided."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from itertools import combinations
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.session.settings.cascade import Decision, Row, Tier, deciding, explained
from tzurot.session.settings.settings import BY_KEY, SETTINGS, Chosen, Kind, Setting, Value

TIERS = [tier for tier in Tier if tier is not Tier.DEFAULT]
PERSONS = (Tier.PERSON, Tier.PERSON_PERSONALITY)

# What a setting is where nobody decided, and two other values that somebody may decide.
# Where later tiers can only go lower, the second is the lower one.
EXPECTED: Mapping[str, tuple[Value, Value, Value]] = {
    "ambient_limit": (20, 0, 100),
    "answer_limit": (5, 1, 10),
    "channel_rate": (60, 30, 1),
    "characters_share": (False, True, False),
    "direct_recalled": (False, True, False),
    "dreams": (False, True, False),
    "dreamt_of": (True, False, True),
    "examples": (True, False, True),
    "facts_asked": (False, True, False),
    "facts_learnt": (True, False, True),
    "fresh": (False, True, False),
    "front_followed": (False, True, False),
    "history_age": (None, 60, 315_360_000),
    "history_limit": (60, 0, 1_000),
    "incognito": (False, True, False),
    "knowledge_limit": (4, 0, 20),
    "lore_scan_depth": (4, 1, 1_000),
    "lore_share": (25, 0, 75),
    "members_share": (False, True, False),
    "memory_limit": (6, 0, 50),
    "memory_threshold": (0.0, 1.0, 0.25),
    "payer_rate": (None, 1, 100_000),
    "person_rate": (20, 1, 100_000),
    "persona": (True, False, True),
    "place_share": (True, True, False),
    "preset": (
        None,
        "0199c5a0-0000-7000-8000-000000000001",
        "0199c5a0-0000-7000-8000-000000000002",
    ),
    "proactive_after": (120, 10, 300),
    "proactive_limit": (3, 0, 24),
    "quiet_from": (None, 0, 23),
    "quiet_until": (None, 23, 0),
    "reasoning": ("auto", "off", "max"),
    "reasoning_shown": (False, True, False),
    "reference_limit": (10, 0, 50),
    "reflections_worded": (False, True, False),
    "reply_limit": (None, 16, 32_768),
    "retention_allowed": (True, True, False),
    "sending_allowed": (True, True, False),
    "servers_recalled": (True, False, True),
    "space_rate": (300, 1, 100_000),
    "summaries": (True, False, True),
    "training_allowed": (True, True, False),
}
RATES = {"channel_rate", "payer_rate", "person_rate", "space_rate"}
QUIET = {"quiet_from", "quiet_until"}
CAN_BE_OFF = {"history_age", "preset", "reply_limit", *QUIET, *RATES}
OPERATORS = {"payer_rate", "person_rate", "space_rate"}
EACH_FOR_THEMSELVES = {
    *("characters_share", "direct_recalled", "dreamt_of", "facts_asked", "fresh"),
    *("front_followed", "incognito", "members_share", "servers_recalled"),
}
WHERE_WORDS_GO = {"retention_allowed", "sending_allowed", "training_allowed"}
EDITORS = {"dreams", "reflections_worded"}
PROACTIVE = {"proactive_after", "proactive_limit"}
LIMITS = {"ambient_limit", "answer_limit", "reference_limit"}
MODERATORS = {"channel_rate", *LIMITS, *PROACTIVE, *QUIET}


def decides(key: str, tier: Tier) -> bool:
    """Who may decide what, said once more."""
    if key in OPERATORS:
        return tier is Tier.SYSTEM
    if key in EACH_FOR_THEMSELVES:
        return tier in PERSONS
    if key in EDITORS:
        return tier is Tier.PERSONALITY
    return key not in MODERATORS or tier in (Tier.SYSTEM, Tier.CHANNEL)


def first_decider(setting: Setting) -> Tier:
    return next(it for it in TIERS if decides(setting.key, it))


DECISIONS = [(setting, tier) for setting in SETTINGS for tier in TIERS]
every_setting = pytest.mark.parametrize("setting", SETTINGS, ids=lambda it: it.key)


def where(*, decided: bool) -> pytest.MarkDecorator:
    """Each setting with each tier that may decide it, or that may not."""
    found = [it for it in DECISIONS if decides(it[0].key, it[1]) is decided]
    ids = [f"{setting.key}-{tier.name}" for setting, tier in found]
    return pytest.mark.parametrize(("setting", "tier"), found, ids=ids)


def counts(key: str, *rows: Row) -> tuple[Value, Tier]:
    """What counts, and who decided it."""
    found = explained(rows)
    assert getattr(found.chosen, key) == found.outcomes[key].counts.value
    return getattr(found.chosen, key), found.source(key)


@every_setting
def test_without_a_decision_a_setting_is_its_default(setting: Setting) -> None:
    default, *_ = EXPECTED[setting.key]
    assert counts(setting.key) == (default, Tier.DEFAULT)
    assert getattr(Chosen.default(), setting.key) == default
    assert explained([]).outcomes[setting.key].decided == ()


@where(decided=True)
def test_a_value_counts_wherever_it_was_decided_alone(setting: Setting, tier: Tier) -> None:
    for value in EXPECTED[setting.key][1:]:
        assert counts(setting.key, Row(setting.key, tier, value)) == (value, tier)


@where(decided=False)
def test_what_a_tier_may_not_decide_is_passed_over(setting: Setting, tier: Tier) -> None:
    default, value, other = EXPECTED[setting.key]
    for passed_over in (Row(setting.key, tier, other), Row(setting.key, tier, None, bound=True)):
        assert counts(setting.key, passed_over) == (default, Tier.DEFAULT)
        first = first_decider(setting)
        below = Row(setting.key, first, value)
        assert counts(setting.key, below, passed_over) == (value, first)
        assert len(explained([below, passed_over]).outcomes[setting.key].decided) == 1


def test_who_may_decide_is_listed_in_the_order_of_tiers() -> None:
    assert {it.key: list(deciding(it)) for it in SETTINGS} == {
        it.key: [tier for tier in TIERS if decides(it.key, tier)] for it in SETTINGS
    }


@pytest.mark.parametrize(
    ("system", "channel", "counts_then"),
    [
        (30, 29, (29, Tier.CHANNEL)),
        (30, 30, (30, Tier.CHANNEL)),
        (30, 31, (30, Tier.SYSTEM)),
        (30, None, (30, Tier.SYSTEM)),
        (None, 500, (500, Tier.CHANNEL)),
        (None, None, (None, Tier.CHANNEL)),
        (90, 80, (80, Tier.CHANNEL)),
    ],
)
def test_a_moderator_can_only_go_below_what_the_server_allows_a_channel(
    system: Value, channel: Value, counts_then: tuple[Value, Tier]
) -> None:
    key = "channel_rate"
    rows = [Row(key, Tier.SYSTEM, system), Row(key, Tier.CHANNEL, channel, bound=True)]
    assert counts(key, *rows) == counts_then


def test_without_a_decision_for_the_server_its_default_is_the_most() -> None:
    key = "channel_rate"
    assert counts(key, Row(key, Tier.CHANNEL, 61)) == (60, Tier.DEFAULT)
    assert counts(key, Row(key, Tier.CHANNEL, 59)) == (59, Tier.CHANNEL)


@where(decided=True)
def test_off_is_a_decision_where_a_setting_can_be_off(setting: Setting, tier: Tier) -> None:
    default, value, _ = EXPECTED[setting.key]
    off = Row(setting.key, tier, None)
    can_be = setting.key in CAN_BE_OFF and (setting.key, tier) != ("channel_rate", Tier.CHANNEL)
    assert counts(setting.key, off) == ((None, tier) if can_be else (default, Tier.DEFAULT))
    if tier is not (first := first_decider(setting)):
        below = Row(setting.key, first, value)
        expected = (None, tier) if can_be else (value, first)
        assert counts(setting.key, below, off) == expected


@where(decided=True)
def test_what_no_later_tier_decides_is_passed_on(setting: Setting, tier: Tier) -> None:
    _, value, other = EXPECTED[setting.key]
    for later in (it for it in TIERS if it > tier and decides(setting.key, it)):
        first, second = Row(setting.key, tier, value), Row(setting.key, later, other)
        assert counts(setting.key, first) == (value, tier)
        assert counts(setting.key, first, second) == (other, later)
        assert counts(setting.key, second, first) == (other, later), "in any order of rows"


@pytest.mark.parametrize(
    ("channel", "person", "with_one", "counts_then"),
    [
        (None, False, None, (False, Tier.PERSON)),
        (None, False, True, (True, Tier.PERSON_PERSONALITY)),
        (None, None, False, (False, Tier.PERSON_PERSONALITY)),
        (False, True, True, (False, Tier.CHANNEL)),
        (True, False, None, (False, Tier.PERSON)),
        (True, None, False, (False, Tier.PERSON_PERSONALITY)),
    ],
)
def test_what_is_said_in_a_place_is_shared_where_all_let_it_be(
    channel: Value, person: Value, with_one: Value, counts_then: tuple[Value, Tier]
) -> None:
    """A moderator can only turn it off, whatever is bound; a person decides anew for each."""
    tiers = (Tier.CHANNEL, Tier.PERSON, Tier.PERSON_PERSONALITY)
    decided = list(zip(tiers, (channel, person, with_one), strict=True))
    for bound in (False, True):
        rows = [
            Row("place_share", tier, value, bound and tier is Tier.CHANNEL)
            for tier, value in decided
            if value is not None
        ]
        assert counts("place_share", *rows) == counts_then


@pytest.mark.parametrize(
    "setting",
    [
        it
        for it in SETTINGS
        if decides(it.key, Tier.PERSON) and decides(it.key, Tier.CHANNEL) and not it.only_lower
    ],
    ids=lambda it: it.key,
)
def test_what_a_channel_has_bound_counts_before_what_persons_decide(setting: Setting) -> None:
    _, value, other = EXPECTED[setting.key]
    persons = [Row(setting.key, tier, other) for tier in PERSONS]
    free = Row(setting.key, Tier.CHANNEL, value)
    bound = Row(setting.key, Tier.CHANNEL, value, bound=True)
    assert counts(setting.key, free, *persons) == (other, Tier.PERSON_PERSONALITY)
    assert counts(setting.key, bound, *persons) == (value, Tier.CHANNEL)
    outcome = explained([bound, *persons]).outcomes[setting.key]
    assert outcome.counts.bound
    assert [it.tier for it in outcome.decided] == [Tier.CHANNEL, *PERSONS]


@where(decided=True)
def test_what_is_decided_for_a_while_counts_in_place_of_what_its_tier_decided_for_good(
    setting: Setting, tier: Tier
) -> None:
    _, value, other = EXPECTED[setting.key]
    until = datetime(2026, 5, 17, tzinfo=UTC)
    lasting, passing = Row(setting.key, tier, value), Row(setting.key, tier, other, False, until)
    for rows in ([lasting, passing], [passing, lasting]):
        assert counts(setting.key, *rows) == (other, tier)
        outcome = explained(rows).outcomes[setting.key]
        assert outcome.counts.expire_time == until
        assert len(outcome.decided) == 1


def test_off_can_be_bound() -> None:
    rows = [Row("reply_limit", Tier.CHANNEL, None, bound=True), Row("reply_limit", Tier.PERSON, 64)]
    assert counts("reply_limit", *rows) == (None, Tier.CHANNEL)


@pytest.mark.parametrize(
    ("key", "stored", "value", "source"),
    [
        ("memory_limit", 51, 50, Tier.PERSON),
        ("memory_limit", -1, 0, Tier.PERSON),
        ("lore_scan_depth", 0, 1, Tier.PERSON),
        ("history_age", 1, 60, Tier.PERSON),
        ("memory_threshold", 1.5, 1.0, Tier.PERSON),
        ("memory_threshold", 1, 1.0, Tier.PERSON),
        ("memory_limit", 10**400, 50, Tier.PERSON),
        ("memory_threshold", 10**400, 1.0, Tier.PERSON),
        ("memory_threshold", float("-inf"), 0.0, Tier.PERSON),
        ("memory_limit", True, 3, Tier.SYSTEM),
        ("memory_limit", 2.0, 3, Tier.SYSTEM),
        ("memory_limit", "many", 3, Tier.SYSTEM),
        ("examples", 1, True, Tier.DEFAULT),
        ("memory_threshold", False, 0.0, Tier.DEFAULT),
        ("memory_threshold", float("nan"), 0.0, Tier.DEFAULT),
        ("reply_limit", {}, None, Tier.DEFAULT),
    ],
)
def test_a_value_of_another_release_is_fitted_or_passed_over(
    key: str, stored: object, value: Value, source: Tier
) -> None:
    rows = [Row("memory_limit", Tier.SYSTEM, 3), Row(key, Tier.PERSON, stored)]
    found, tier = counts(key, *rows)
    assert (found, tier) == (value, source)
    assert type(found) is type(value)


def test_a_setting_of_another_release_is_passed_over() -> None:
    assert explained([Row("moon_phase", Tier.PERSON, 3)]) == explained([])


def test_one_setting_says_nothing_about_the_others() -> None:
    for one, other in combinations(EXPECTED, 2):
        value = EXPECTED[one][1]
        assert counts(other, Row(one, Tier.SYSTEM, value)) == (EXPECTED[other][0], Tier.DEFAULT)


def test_the_settings_are_those_that_are_chosen_each_of_its_kind() -> None:
    types = {
        Kind.FLAG: bool,
        Kind.WHOLE: int,
        Kind.RATIO: float,
        Kind.CHOICE: str,
        Kind.PRESET: str,
    }
    declared = {
        it.key: types[it.kind] | None if it.can_be_off else types[it.kind] for it in SETTINGS
    }
    assert get_type_hints(Chosen) == declared
    assert [it.name for it in fields(Chosen)] == [it.key for it in SETTINGS]
    assert sorted(EXPECTED) == [it.key for it in SETTINGS]
    assert {it.key for it in SETTINGS if it.can_be_off} == CAN_BE_OFF
    lowered = {it.key for it in SETTINGS if it.only_lower}
    assert lowered == {"channel_rate", "place_share", *WHERE_WORDS_GO}


@pytest.mark.parametrize(
    ("key", "allowed", "refused"),
    [
        ("memory_limit", [0, 50], [-1, 51, 1.0, True, None]),
        ("memory_threshold", [0.0, 0.5, 1.0], [-0.01, 1.01, float("nan"), float("inf"), None]),
        ("history_age", [60, 315_360_000, None], [59, 315_360_001, False]),
        ("reply_limit", [16, 32_768, None], [15, 32_769]),
        ("lore_share", [0, 75], [76, None]),
        ("examples", [True, False], [1, 0.0, None]),
        ("reasoning", ["auto", "off", "max"], ["most", "", "HIGH", None, True, 1]),
    ],
)
def test_what_somebody_may_decide(key: str, allowed: list[Value], refused: list[Value]) -> None:
    assert [it for it in allowed if not BY_KEY[key].allows(it)] == []
    assert [it for it in refused if BY_KEY[key].allows(it)] == []


def test_the_range_is_told_in_words() -> None:
    assert BY_KEY["examples"].range == "yes or no"
    assert BY_KEY["memory_limit"].range == "a whole number from 0 to 50"
    assert BY_KEY["memory_threshold"].range == "a number from 0 to 1"
    choices = "auto, off, minimal, low, medium, high, max"
    assert BY_KEY["reasoning"].range == f"one of {choices}"
    assert BY_KEY["reply_limit"].range == "a whole number from 16 to 32768, or off"


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([])
decisions = st.dictionaries(
    st.tuples(st.sampled_from([*EXPECTED, "moon_phase"]), st.sampled_from(TIERS)),
    st.tuples(anything, st.booleans()),
)


@given(decisions)
def test_whatever_is_stored_the_settings_are_ones_that_could_be_decided(
    stored: dict[tuple[str, Tier], tuple[object, bool]],
) -> None:
    rows = [
        Row(key, tier, value, bound and tier is Tier.CHANNEL)
        for (key, tier), (value, bound) in stored.items()
    ]
    found = explained(rows)
    for setting in SETTINGS:
        outcome = found.outcomes[setting.key]
        assert setting.allows(outcome.counts.value)
        assert _by_hand(outcome.decided) in (outcome.counts, None)
        assert (outcome.counts.tier is Tier.DEFAULT) == (not outcome.decided)
    assert explained(reversed(rows)) == found


def _by_hand(decided: tuple[Decision, ...]) -> Decision | None:
    """The decision that counts, found by asking each tier from the last one down."""
    by_tier = {it.tier: it for it in decided}
    channel = by_tier.get(Tier.CHANNEL)
    if channel and channel.bound:
        return channel
    return next((by_tier[tier] for tier in reversed(TIERS) if tier in by_tier), None)
