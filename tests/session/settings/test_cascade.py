"""Whose decision counts: every setting at every tier, with a value, off, or nothing decided."""

from collections.abc import Mapping
from dataclasses import fields
from itertools import combinations
from typing import get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tzurot.session.cascade import Decision, Row, Tier, explained
from tzurot.session.settings import BY_KEY, SETTINGS, Chosen, Kind, Setting, Value

TIERS = [tier for tier in Tier if tier is not Tier.DEFAULT]
PERSONS = (Tier.PERSON, Tier.PERSON_PERSONALITY)

# What a setting is where nobody decided, and two other values that somebody may decide.
EXPECTED: Mapping[str, tuple[Value, Value, Value]] = {
    "examples": (True, False, True),
    "history_age": (None, 60, 315_360_000),
    "history_limit": (60, 0, 1_000),
    "knowledge_limit": (4, 0, 20),
    "lore_scan_depth": (4, 1, 1_000),
    "lore_share": (25, 0, 75),
    "memory_limit": (6, 0, 50),
    "memory_threshold": (0.0, 1.0, 0.25),
    "persona": (True, False, True),
    "reply_limit": (None, 16, 32_768),
}
CAN_BE_OFF = {"history_age", "reply_limit"}

every_setting = pytest.mark.parametrize("setting", SETTINGS, ids=lambda it: it.key)
every_tier = pytest.mark.parametrize("tier", TIERS, ids=lambda it: it.name)


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


@every_setting
@every_tier
def test_a_value_counts_wherever_it_was_decided_alone(setting: Setting, tier: Tier) -> None:
    for value in EXPECTED[setting.key][1:]:
        assert counts(setting.key, Row(setting.key, tier, value)) == (value, tier)


@every_setting
@every_tier
def test_off_is_a_decision_where_a_setting_can_be_off(setting: Setting, tier: Tier) -> None:
    default, value, _ = EXPECTED[setting.key]
    off = Row(setting.key, tier, None)
    expected = (None, tier) if setting.key in CAN_BE_OFF else (default, Tier.DEFAULT)
    assert counts(setting.key, off) == expected
    if tier is not Tier.SYSTEM:
        below = Row(setting.key, Tier.SYSTEM, value)
        expected = (None, tier) if setting.key in CAN_BE_OFF else (value, Tier.SYSTEM)
        assert counts(setting.key, below, off) == expected


@every_setting
@every_tier
def test_what_no_later_tier_decides_is_passed_on(setting: Setting, tier: Tier) -> None:
    _, value, other = EXPECTED[setting.key]
    for later in (it for it in TIERS if it > tier):
        first, second = Row(setting.key, tier, value), Row(setting.key, later, other)
        assert counts(setting.key, first) == (value, tier)
        assert counts(setting.key, first, second) == (other, later)
        assert counts(setting.key, second, first) == (other, later), "in any order of rows"


@every_setting
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
        assert counts(other, Row(one, Tier.PERSON, value)) == (EXPECTED[other][0], Tier.DEFAULT)


def test_the_settings_are_those_that_are_chosen_each_of_its_kind() -> None:
    types = {Kind.FLAG: bool, Kind.WHOLE: int, Kind.RATIO: float}
    declared = {
        it.key: types[it.kind] | None if it.can_be_off else types[it.kind] for it in SETTINGS
    }
    assert get_type_hints(Chosen) == declared
    assert [it.name for it in fields(Chosen)] == [it.key for it in SETTINGS]
    assert sorted(EXPECTED) == [it.key for it in SETTINGS]
    assert {it.key for it in SETTINGS if it.can_be_off} == CAN_BE_OFF


@pytest.mark.parametrize(
    ("key", "allowed", "refused"),
    [
        ("memory_limit", [0, 50], [-1, 51, 1.0, True, None]),
        ("memory_threshold", [0.0, 0.5, 1.0], [-0.01, 1.01, float("nan"), float("inf"), None]),
        ("history_age", [60, 315_360_000, None], [59, 315_360_001, False]),
        ("reply_limit", [16, 32_768, None], [15, 32_769]),
        ("lore_share", [0, 75], [76, None]),
        ("examples", [True, False], [1, 0.0, None]),
    ],
)
def test_what_somebody_may_decide(key: str, allowed: list[Value], refused: list[Value]) -> None:
    assert [it for it in allowed if not BY_KEY[key].allows(it)] == []
    assert [it for it in refused if BY_KEY[key].allows(it)] == []


def test_the_range_is_told_in_words() -> None:
    assert BY_KEY["examples"].range == "yes or no"
    assert BY_KEY["memory_limit"].range == "a whole number from 0 to 50"
    assert BY_KEY["memory_threshold"].range == "a number from 0 to 1"
    assert BY_KEY["reply_limit"].range == "a whole number from 16 to 32768, or off"


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([])
decisions = st.dictionaries(
    st.tuples(st.sampled_from([*EXPECTED, "moon_phase"]), st.sampled_from(TIERS)),
    st.tuples(anything, st.booleans()),
)


@settings(deadline=None)  # seconds are the machine's matter
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
