"""Settings with a real server: who may decide what, and what counts for whom then."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from tests.calling import Client, Refusal, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.common.v1 import venue_pb2
from tzurot.session.settings.settings import SETTINGS
from tzurot.session.v1.place_pb2 import Place
from tzurot.session.v1.setting_pb2 import ExplainedSetting, Off, SettingTier, SettingValue
from tzurot.wallet.presets.preset_tables import PresetRow

PRESET = "0199c5a0-0000-7000-8000-000000000001"

VALUES = {
    "ambient_limit": SettingValue(whole=0),
    "answer_limit": SettingValue(whole=1),
    "channel_rate": SettingValue(whole=60),
    "characters_share": SettingValue(flag=True),
    "direct_recalled": SettingValue(flag=True),
    "dreams": SettingValue(flag=True),
    "dreamt_of": SettingValue(flag=False),
    "examples": SettingValue(flag=False),
    "facts_asked": SettingValue(flag=True),
    "facts_learnt": SettingValue(flag=False),
    "fresh": SettingValue(flag=True),
    "front_followed": SettingValue(flag=True),
    "history_age": SettingValue(whole=60),
    "history_limit": SettingValue(whole=0),
    "incognito": SettingValue(flag=True),
    "knowledge_limit": SettingValue(whole=20),
    "lore_scan_depth": SettingValue(whole=1_000),
    "lore_share": SettingValue(whole=0),
    "members_share": SettingValue(flag=True),
    "memory_limit": SettingValue(whole=50),
    "memory_threshold": SettingValue(ratio=0.25),
    "payer_rate": SettingValue(whole=100_000),
    "person_rate": SettingValue(whole=100_000),
    "persona": SettingValue(flag=False),
    "preset": SettingValue(choice=PRESET),
    "place_share": SettingValue(flag=True),  # as it is: nobody turns it on again for others
    "proactive_after": SettingValue(whole=300),
    "proactive_limit": SettingValue(whole=24),
    "quiet_from": SettingValue(whole=23),
    "quiet_until": SettingValue(whole=0),
    "reasoning": SettingValue(choice="high"),
    "reasoning_shown": SettingValue(flag=True),
    "reference_limit": SettingValue(whole=50),
    "reflections_worded": SettingValue(flag=True),
    "reply_limit": SettingValue(whole=16),
    "retention_allowed": SettingValue(flag=True),  # the same
    "sending_allowed": SettingValue(flag=True),
    "servers_recalled": SettingValue(flag=False),
    "space_rate": SettingValue(whole=100_000),
    "summaries": SettingValue(flag=False),
    "training_allowed": SettingValue(flag=True),
}
TIERS = ("SYSTEM", "PERSONALITY", "CHANNEL", "PERSON", "PERSON_PERSONALITY")
DECIDERS = {
    **dict.fromkeys(VALUES, TIERS),
    **dict.fromkeys(("payer_rate", "person_rate", "space_rate"), ("SYSTEM",)),
    **dict.fromkeys(
        (
            *("characters_share", "direct_recalled", "dreamt_of", "facts_asked", "fresh"),
            *("front_followed", "incognito", "members_share", "servers_recalled"),
        ),
        ("PERSON", "PERSON_PERSONALITY"),
    ),
    **dict.fromkeys(("dreams", "reflections_worded"), ("PERSONALITY",)),
    **dict.fromkeys(
        (
            *("ambient_limit", "answer_limit", "channel_rate", "proactive_after"),
            *("proactive_limit", "quiet_from", "quiet_until", "reference_limit"),
        ),
        ("SYSTEM", "CHANNEL"),
    ),
}
OFF = SettingValue(off=Off())


@pytest.fixture
def ada(served: Served) -> Client:
    return served.people("ada")[0]


@pytest.fixture(scope="module", autouse=True)
async def _a_preset(served: Served) -> AsyncIterator[None]:  # pyright: ignore[reportUnusedFunction] - pytest's to call
    """One that everybody may use."""
    (owner,) = served.people("keeper")
    person = (await owner.call("GetMe")).person
    row = PresetRow(
        id=UUID(PRESET), owner_id=UUID(person.id), name="Warm", published=True, parameters={}
    )
    database = served.running.parts.database
    async with database.transaction() as tx:
        tx.add(row)
    yield
    async with database.transaction() as tx:
        await tx.execute(delete(PresetRow).where(PresetRow.id == UUID(PRESET)))


@pytest.fixture
def kim(served: Served) -> Client:
    return served.people("kim")[0]


def a_channel(platform: str = "local", venue: str = "VENUE_PUBLIC_CHANNEL") -> Place:
    number = venue_pb2.Venue.Value(venue)
    return Place(platform=platform, space_id="s", channel_id=clock.uuid7().hex, venue=number)


async def a_character(owner: Client, visibility: str = "VISIBILITY_PUBLIC") -> dict[str, str]:
    """A new character, as requests refer to it."""
    new = {"name": "Lilith", "visibility": visibility}
    request = request_for("CreatePersonality", personality=new)
    return {"id": (await owner.call("CreatePersonality", request)).personality.id}


async def decides(who: Client, tier: str, key: str, value: Any, **where: Any) -> ExplainedSetting:
    rpc = f"Set{tier}Setting"
    asked = request_for(rpc, key=key, **({"value": value} if value else {}), **where)
    return (await who.call(rpc, asked)).setting


async def refused(who: Client, tier: str, key: str, value: Any, **where: Any) -> Refusal:
    rpc = f"Set{tier}Setting"
    return await who.refused(rpc, request_for(rpc, key=key, value=value, **where))


async def explained(who: Client, key: str, **where: Any) -> ExplainedSetting:
    """What counts for somebody."""
    found = await who.call("ExplainSettings", request_for("ExplainSettings", **where))
    return next(it for it in found.settings if it.key == key)


def tier(setting: ExplainedSetting) -> str:
    return SettingTier.Name(setting.source).removeprefix("SETTING_TIER_")


async def test_all_settings_are_listed_by_name_with_what_they_can_be(ada: Client) -> None:
    listed = (await ada.call("ListSettings")).settings
    assert [it.key for it in listed] == sorted(VALUES) == [it.key for it in SETTINGS]
    by_key = {it.key: it for it in listed}
    limit, age = by_key["memory_limit"], by_key["history_age"]
    assert (limit.minimum, limit.maximum, limit.can_be_off) == (0, 50, False)
    assert limit.default_value == SettingValue(whole=6)
    assert (age.can_be_off, age.default_value) == (True, OFF)
    assert all(it.summary.endswith(".") for it in listed)
    shown = {it.key: [SettingTier.Name(tier) for tier in it.deciders] for it in listed}
    assert shown == {
        key: [f"SETTING_TIER_{tier}" for tier in tiers] for key, tiers in DECIDERS.items()
    }


@pytest.mark.parametrize("key", sorted(VALUES))
async def test_a_setting_is_decided_at_every_tier_and_taken_back_again(
    key: str, ada: Client, served: Served
) -> None:
    place, lilith = a_channel(), await a_character(ada)
    here = {"personality": lilith, "place": place}
    untouched = await explained(ada, key, **here)
    assert tier(untouched) == "UNSPECIFIED"
    everybody = {
        "SYSTEM": ("System", served.client(), {}),
        "PERSONALITY": ("Personality", ada, {"personality": lilith}),
        "CHANNEL": ("Channel", ada, {"place": place}),
        "PERSON": ("Person", ada, {}),
        "PERSON_PERSONALITY": ("Person", ada, {"personality": lilith}),
    }
    wishes = {name: everybody[name] for name in DECIDERS[key]}
    default = untouched.value
    try:
        # One after another, alternately something else and the default: each changes what counts.
        for number, (name, (rpc, who, where)) in enumerate(wishes.items()):
            value = default if number % 2 else VALUES[key]
            answer = await decides(who, rpc, key, value, **where)
            found = await explained(ada, key, **here)
            assert (tier(answer), answer.value) == (name, value)
            assert (tier(found), found.value) == (name, value)
            assert len(found.decided) == number + 1
        for rpc, who, where in reversed(wishes.values()):
            await decides(who, rpc, key, None, **where)
    finally:
        await decides(served.client(), "System", key, None)
    assert await explained(ada, key, **here) == untouched


@pytest.mark.parametrize("key", [key for key in VALUES if DECIDERS[key] != TIERS])
async def test_who_may_not_decide_is_told_who_may(key: str, ada: Client, served: Served) -> None:
    place, lilith = a_channel(), await a_character(ada)
    tries = {
        "PERSONALITY": ("Personality", {"personality": lilith}),
        "CHANNEL": ("Channel", {"place": place}),
        "PERSON": ("Person", {}),
        "PERSON_PERSONALITY": ("Person", {"personality": lilith}),
    }
    who = "is for who runs the server"
    if "CHANNEL" in DECIDERS[key]:
        who += " and for moderators of a channel"
    if DECIDERS[key] == ("PERSONALITY",):
        who = "is for the editors of a character"
    if "PERSON" in DECIDERS[key]:
        who = "is for each person to decide for themselves"
    for tier_name, (rpc, where) in tries.items():
        if tier_name in DECIDERS[key]:
            continue
        refusal = await refused(ada, rpc, key, VALUES[key], **where)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("key",))
        assert refusal.message == f"key: must be one that is yours to decide: `{key}` {who}."
        await decides(ada, rpc, key, None, **where)  # what was decided once can be taken back
    found = await explained(ada, key, personality=lilith, place=place)
    assert (tier(found), list(found.decided)) == ("UNSPECIFIED", [])


async def test_a_channel_cannot_be_given_more_than_the_server_gives_it(
    ada: Client, served: Served
) -> None:
    place, value = a_channel(), SettingValue(whole=61)
    for more in (value, OFF):
        refusal = await refused(ada, "Channel", "channel_rate", more, place=place)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("value",))
        assert refusal.message == "value: must not be above 60, as the server has `channel_rate`."
    assert (await explained(ada, "channel_rate", place=place)).decided == []


@pytest.mark.parametrize("key", ["history_age", "reply_limit"])
async def test_off_is_kept_apart_from_nothing(key: str, ada: Client) -> None:
    lilith = await a_character(ada)
    await decides(ada, "Personality", key, VALUES[key], personality=lilith)
    off = await decides(ada, "Person", key, OFF)
    assert (tier(off), off.value) == ("PERSON", OFF)
    found = await explained(ada, key, personality=lilith)
    assert (tier(found), found.value) == ("PERSON", OFF)
    await decides(ada, "Person", key, None)
    found = await explained(ada, key, personality=lilith)
    assert (tier(found), found.value) == ("PERSONALITY", VALUES[key])


async def test_a_later_decision_takes_the_place_of_the_one_before(ada: Client) -> None:
    for number in (1, 2, 2):
        await decides(ada, "Person", "memory_limit", SettingValue(whole=number))
    found = await explained(ada, "memory_limit")
    assert [it.value.whole for it in found.decided] == [2]


async def test_what_a_person_decides_counts_for_nobody_else(ada: Client, kim: Client) -> None:
    lilith, other = await a_character(ada), await a_character(ada)
    await decides(ada, "Person", "memory_limit", SettingValue(whole=1), personality=lilith)
    assert (await explained(ada, "memory_limit", personality=lilith)).value.whole == 1
    assert (await explained(ada, "memory_limit", personality=other)).value.whole == 6
    assert (await explained(ada, "memory_limit")).value.whole == 6
    assert (await explained(kim, "memory_limit", personality=lilith)).decided == []


async def test_what_an_editor_decides_counts_for_who_talks_with_that_character(
    ada: Client, kim: Client
) -> None:
    lilith = await a_character(ada)
    await decides(ada, "Person", "memory_limit", SettingValue(whole=9))
    answer = await decides(
        ada, "Personality", "memory_limit", SettingValue(whole=2), personality=lilith
    )
    assert (tier(answer), answer.value.whole) == ("PERSONALITY", 2), "for who decided nothing"
    assert (await explained(kim, "memory_limit", personality=lilith)).value.whole == 2
    assert (await explained(kim, "memory_limit")).value.whole == 6
    assert (await explained(ada, "memory_limit", personality=lilith)).value.whole == 9


async def test_only_editors_decide_for_a_character(ada: Client, kim: Client) -> None:
    value = SettingValue(whole=2)
    seen, hidden = await a_character(ada), await a_character(ada, "VISIBILITY_PRIVATE")
    refusal = await refused(kim, "Personality", "memory_limit", value, personality=seen)
    assert refusal.reason == "NOT_EDITOR"
    for rpc in ("Personality", "Person"):
        refusal = await refused(kim, rpc, "memory_limit", value, personality=hidden)
        assert refusal.reason == "PERSONALITY_NOT_FOUND"
    assert (await explained(ada, "memory_limit", personality=seen)).decided == []


async def test_what_a_moderator_binds_counts_before_what_persons_decide(ada: Client) -> None:
    place = a_channel()
    await decides(ada, "Person", "memory_limit", SettingValue(whole=9))
    free = await decides(ada, "Channel", "memory_limit", SettingValue(whole=3), place=place)
    assert (free.value.whole, free.bound) == (3, False)
    assert (await explained(ada, "memory_limit", place=place)).value.whole == 9
    await decides(ada, "Channel", "memory_limit", SettingValue(whole=3), place=place, bound=True)
    found = await explained(ada, "memory_limit", place=place)
    assert (found.value.whole, tier(found), found.bound) == (3, "CHANNEL", True)
    assert [(it.value.whole, it.bound) for it in found.decided] == [(3, True), (9, False)]
    assert (await explained(ada, "memory_limit", place=a_channel())).value.whole == 9


async def test_a_channel_is_decided_about_and_looked_into_from_its_platform_alone(
    ada: Client,
) -> None:
    elsewhere = a_channel("discord")
    value = SettingValue(whole=3)
    refusal = await refused(ada, "Channel", "memory_limit", value, place=elsewhere)
    assert refusal.reason == "SUBJECT_DENIED"
    asked = request_for("ExplainSettings", place=elsewhere)
    assert (await ada.refused("ExplainSettings", asked)).reason == "SUBJECT_DENIED"


async def test_nobody_moderates_a_direct_place(ada: Client) -> None:
    value, place = SettingValue(whole=3), a_channel()
    await decides(ada, "Channel", "memory_limit", value, place=place, bound=True)
    place.venue = venue_pb2.VENUE_DIRECT
    refusal = await refused(ada, "Channel", "memory_limit", value, place=place)
    assert (refusal.reason, refusal.metadata["field"]) == ("INVALID_FIELD", "place.venue")
    assert (await explained(ada, "memory_limit", place=place)).decided == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("memory_limit", SettingValue(whole=51), "a whole number from 0 to 50"),
        ("memory_limit", SettingValue(whole=-(2**63)), "a whole number from 0 to 50"),
        ("memory_limit", SettingValue(ratio=3), "a whole number from 0 to 50"),
        ("memory_limit", SettingValue(flag=True), "a whole number from 0 to 50"),
        ("memory_limit", OFF, "a whole number from 0 to 50"),
        ("memory_threshold", SettingValue(ratio=float("nan")), "a number from 0 to 1"),
        ("memory_threshold", SettingValue(ratio=1.01), "a number from 0 to 1"),
        ("reply_limit", SettingValue(whole=15), "a whole number from 16 to 32768, or off"),
        ("examples", SettingValue(whole=1), "yes or no"),
        (
            "reasoning",
            SettingValue(choice="most"),
            "one of auto, off, minimal, low, medium, high, max",
        ),
        ("reasoning", OFF, "one of auto, off, minimal, low, medium, high, max"),
        ("examples", OFF, "yes or no"),
    ],
    ids=lambda it: str(it).replace("\n", " ")[:30],
)
async def test_what_a_setting_cannot_be_is_refused_with_what_it_can_be(
    key: str, value: SettingValue, words: str, ada: Client, served: Served
) -> None:
    lilith = await a_character(ada)
    for who, rpc, where in (
        (ada, "Person", {}),
        (ada, "Personality", {"personality": lilith}),
        (ada, "Channel", {"place": a_channel()}),
        (served.client(), "System", {}),
    ):
        refusal = await refused(who, rpc, key, value, **where)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("value",))
        assert refusal.message == f"value: must be {words} for `{key}`."


async def test_a_setting_that_nobody_knows_is_not_found(ada: Client, served: Served) -> None:
    lilith = await a_character(ada)
    for who, rpc, where in (
        (ada, "Person", {}),
        (ada, "Personality", {"personality": lilith}),
        (ada, "Channel", {"place": a_channel()}),
        (served.client(), "System", {}),
    ):
        refusal = await refused(who, rpc, "moon_phase", SettingValue(whole=1), **where)
        assert (refusal.reason, refusal.metadata) == ("SETTING_NOT_FOUND", {"key": "moon_phase"})


async def test_a_deleted_character_takes_what_was_decided_for_it_along(
    ada: Client, served: Served
) -> None:
    lilith = await a_character(ada)
    await decides(ada, "Personality", "memory_limit", SettingValue(whole=2), personality=lilith)
    await decides(ada, "Person", "memory_limit", SettingValue(whole=2), personality=lilith)
    await ada.call("DeletePersonality", request_for("DeletePersonality", personality=lilith))
    assert (await explained(ada, "memory_limit")).decided == []
    value = SettingValue(whole=2)
    refusal = await refused(ada, "Person", "memory_limit", value, personality=lilith)
    assert refusal.reason == "PERSONALITY_NOT_FOUND"


async def test_what_is_decided_for_a_while_says_until_when(ada: Client) -> None:
    lilith = await a_character(ada)
    flag = SettingValue(flag=True)
    before = clock.now()
    for_all = await decides(ada, "Person", "incognito", flag, duration={"seconds": 3600})
    until = for_all.expire_time.ToDatetime(UTC)
    assert before + timedelta(hours=1) <= until <= clock.now() + timedelta(hours=1)
    with_her = await decides(ada, "Person", "incognito", flag, personality=lilith)
    assert not with_her.HasField("expire_time")
    assert [it.HasField("expire_time") for it in with_her.decided] == [True, False]
    found = await explained(ada, "incognito", personality=lilith)
    assert (tier(found), found.HasField("expire_time")) == ("PERSON_PERSONALITY", False)
    taken_back = await decides(
        ada, "Person", "incognito", None, personality=lilith, duration={"seconds": 60}
    )
    assert taken_back.expire_time == for_all.expire_time


@pytest.mark.parametrize("seconds", [0, 59, 31_536_001, -60])
async def test_a_while_is_a_minute_at_least_and_a_year_at_most(ada: Client, seconds: int) -> None:
    no = await refused(
        ada, "Person", "fresh", SettingValue(flag=True), duration={"seconds": seconds}
    )
    assert (no.reason, no.fields) == ("INVALID_FIELD", ("duration",))
