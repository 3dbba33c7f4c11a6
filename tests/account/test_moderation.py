"""Denials, maintenance and ages with a real server: who decides them, where, and how they end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot import clock
from tzurot.account.moderation import MAX_DENIALS, Moderation
from tzurot.account.tokens import ALL_SCOPES
from tzurot.transport.wire import moment


@pytest.fixture
def operator(served: Served) -> Client:
    return served.people("operator")[0]


@pytest.fixture
async def bot(served: Served, operator: Client) -> str:
    """The secret of a client without the scope `admin`, as a bot has it."""
    scopes = sorted(ALL_SCOPES - {"admin"})
    wanted = {"name": "bot", "scopes": scopes, "acts_for": ["discord:*"]}
    made = await operator.call(
        "CreateServiceToken", request_for("CreateServiceToken", service_token=wanted)
    )
    return made.secret


@pytest.fixture
def moderator(served: Served, bot: str) -> Client:
    return served.client(f"discord:{uuid4().hex}", bot)


@pytest.fixture
def space() -> str:
    return uuid4().hex


@pytest.fixture
async def working(operator: Client) -> AsyncIterator[None]:
    """Whatever a test begins, the work is over afterwards."""
    yield
    await operator.call("SetMaintenance")


def denying(space: str = "", **fields: Any) -> Any:
    wanted = {"subject": "discord:1", "kind": "DENIAL_KIND_BLOCK", "platform": "discord"}
    if {"space_id", "channel_id", "personality_id"} & set(fields):
        del wanted["subject"]
    request_id = fields.pop("request_id", "")
    denial = wanted | {"within_space_id": space} | fields
    return request_for("CreateDenial", denial=denial, request_id=request_id)


async def denies(who: Client, space: str = "", **fields: Any) -> Any:
    return (await who.call("CreateDenial", denying(space, **fields))).denial


async def listed(who: Client, space: str, platform: str = "discord") -> list[Any]:
    asked = request_for("ListDenials", platform=platform, within_space_id=space)
    return list((await who.call("ListDenials", asked)).denials)


def lifting(denial: Any, space: str = "", platform: str = "discord") -> Any:
    return request_for(
        "DeleteDenial", denial_id=denial.id, platform=platform, within_space_id=space
    )


async def test_a_denial_is_listed_as_it_was_decided_until_it_is_taken_back(
    moderator: Client, space: str
) -> None:
    later = moment(clock.now() + timedelta(days=1))
    for target in ({"subject": "discord:9"}, {"channel_id": "7"}, {"personality_id": str(uuid4())}):
        wanted = {"reason": "Spam.", "kind": "DENIAL_KIND_MUTE", "expire_time": later}
        made = await denies(moderator, space, **target, **wanted)
        assert await listed(moderator, space) == [made]
        (field,) = target
        assert getattr(made, field) == target[field]
        assert (made.reason, made.platform, made.within_space_id) == ("Spam.", "discord", space)
        assert made.expire_time == later
        await moderator.call("DeleteDenial", lifting(made, space))
        assert await listed(moderator, space) == []


async def test_a_later_denial_of_the_same_takes_the_place_of_the_one_before(
    moderator: Client, space: str
) -> None:
    await denies(moderator, space)
    muted = await denies(moderator, space, kind="DENIAL_KIND_MUTE")
    assert await listed(moderator, space) == [muted]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"platform": ""}, "SCOPE_MISSING"),
        ({"within_space_id": ""}, "SCOPE_MISSING"),
        ({"space_id": "7"}, "SCOPE_MISSING"),
        ({"platform": "matrix"}, "SUBJECT_DENIED"),
    ],
    ids=["everywhere", "whole-platform", "a-space", "another-platform"],
)
async def test_without_the_scope_admin_one_decides_within_one_space_of_ones_own_platform(
    wanted: dict[str, str], reason: str, moderator: Client, operator: Client, space: str
) -> None:
    request = denying(space, **wanted)
    assert (await moderator.refused("CreateDenial", request)).reason == reason
    where = {"platform": "discord", "within_space_id": space} | wanted
    where.pop("space_id", None)
    if "space_id" not in wanted:
        asked = request_for("ListDenials", **where)
        assert (await moderator.refused("ListDenials", asked)).reason == reason
        made = await denies(operator, space)
        asked = request_for("DeleteDenial", denial_id=made.id, **where)
        assert (await moderator.refused("DeleteDenial", asked)).reason == reason


async def test_a_moderator_lifts_nothing_of_another_space_nor_what_holds_for_a_whole_one(
    moderator: Client, operator: Client, space: str
) -> None:
    elsewhere = await denies(operator, uuid4().hex)
    whole = await denies(operator, space, space_id=space)
    everywhere = await denies(operator, subject=f"discord:{uuid4().hex}")
    for denial in (elsewhere, whole, everywhere):
        refusal = await moderator.refused("DeleteDenial", lifting(denial, space))
        assert (refusal.reason, refusal.metadata) == ("DENIAL_NOT_FOUND", {"denial_id": denial.id})
        anywhere = request_for("DeleteDenial", denial_id=denial.id)
        assert await operator.call("DeleteDenial", anywhere) is not None


async def test_a_moderator_sees_what_the_operator_denied_in_their_space_and_does_not_lift_it(
    moderator: Client, operator: Client, space: str
) -> None:
    theirs = await denies(operator, space)
    own = await denies(moderator, space, channel_id="7")
    assert (theirs.by_operator, own.by_operator) == (True, False)
    assert await listed(moderator, space) == [own, theirs]
    refusal = await moderator.refused("DeleteDenial", lifting(theirs, space))
    assert (refusal.reason, refusal.metadata) == ("DENIAL_NOT_FOUND", {"denial_id": theirs.id})
    await moderator.call("DeleteDenial", lifting(own, space))
    assert await listed(moderator, space) == [theirs]
    await operator.call("DeleteDenial", lifting(theirs, space))
    assert await listed(moderator, space) == []


async def test_a_moderator_who_denies_the_same_again_leaves_what_the_operator_decided(
    moderator: Client, operator: Client, space: str
) -> None:
    soon = moment(clock.now() + timedelta(hours=1))
    await denies(moderator, space)
    theirs = await denies(operator, space, kind="DENIAL_KIND_MUTE")
    assert await listed(moderator, space) == [theirs]  # in place of the moderator's
    for wanted in ({}, {"expire_time": soon}):
        own = await denies(moderator, space, **wanted)
        assert await listed(moderator, space) == [own, theirs]
    await moderator.call("DeleteDenial", lifting(own, space))
    assert await listed(moderator, space) == [theirs]


async def test_an_operator_sees_the_denials_of_all_spaces(operator: Client, space: str) -> None:
    here, there = await denies(operator, space), await denies(operator, f"{space}2")
    asked = request_for("ListDenials", page_size=200)
    found = {it.id for it in (await operator.call("ListDenials", asked)).denials}
    assert {here.id, there.id} <= found
    assert await listed(operator, space) == [here]


async def test_who_runs_the_server_cannot_deny_themselves(operator: Client, space: str) -> None:
    subject = str(operator.subject)
    for where in ({"platform": ""}, {"platform": "local", "within_space_id": space}):
        refusal = await operator.refused("CreateDenial", denying(subject=subject, **where))
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("denial.subject",))


@pytest.mark.parametrize(
    "target", [{"space_id": "7"}, {"channel_id": "7"}, {"within_space_id": "7"}], ids=str
)
async def test_a_servers_id_is_one_of_a_platform(target: dict[str, str], operator: Client) -> None:
    refusal = await operator.refused("CreateDenial", denying(**target | {"platform": ""}))
    assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("denial.platform",))


async def test_a_denial_that_is_over_is_none(moderator: Client, space: str) -> None:
    past = moment(clock.now() - timedelta(seconds=1))
    refusal = await moderator.refused("CreateDenial", denying(space, expire_time=past))
    assert refusal.fields == ("denial.expire_time",)


async def test_expired_denials_are_swept(served: Served, moderator: Client, space: str) -> None:
    kept, over = await denies(moderator, space), await denies(moderator, space, channel_id="7")
    database = served.running.parts.database
    await _execute(
        served,
        "UPDATE denials SET expire_time = now() - interval '1 s' WHERE id = CAST(:id AS uuid)",
        id=over.id,
    )
    await Moderation(database).sweep()
    assert [it.id for it in await listed(moderator, space)] == [kept.id]


async def test_a_space_has_a_limited_number_of_denials(
    served: Served, moderator: Client, space: str
) -> None:
    first = await denies(moderator, space)
    await _execute(
        served,
        """INSERT INTO denials
            (id, target, target_id, platform, space_id, kind, reason, by_operator, create_time)
        SELECT gen_random_uuid(), 'subject', 'discord:c' || number, platform, space_id, kind, '',
            by_operator, create_time
        FROM denials, generate_series(2, :count) AS number WHERE id = CAST(:id AS uuid)""",
        count=MAX_DENIALS,
        id=first.id,
    )
    refusal = await moderator.refused("CreateDenial", denying(space, subject="discord:more"))
    assert (refusal.reason, refusal.metadata["limit"]) == ("LIMIT_REACHED", "1,000")
    again = await denies(moderator, space, kind="DENIAL_KIND_MUTE")  # in place of the first
    assert again.id != first.id
    assert await denies(moderator, f"{space}2", subject="discord:more")


async def test_work_on_the_server_is_told_until_it_is_over(
    operator: Client, moderator: Client, working: None
) -> None:
    await operator.call("SetMaintenance", request_for("SetMaintenance", message="Back at noon."))
    first = await moderator.call("GetMaintenance")
    assert first.message == "Back at noon."
    await operator.call("SetMaintenance", request_for("SetMaintenance", message="Back at one."))
    second = await moderator.call("GetMaintenance")
    assert (second.message, second.start_time) == ("Back at one.", first.start_time)
    refusal = await moderator.refused("SetMaintenance")
    assert refusal.reason == "SCOPE_MISSING"
    await operator.call("SetMaintenance")
    over = await moderator.call("GetMaintenance")
    assert not over.message
    assert not over.HasField("start_time")


async def test_an_operator_says_what_is_known_of_a_persons_age(
    operator: Client, served: Served
) -> None:
    (ada,) = served.people("ada")

    async def adult() -> Any:
        me = (await ada.call("GetMe")).person
        return me.adult_time if me.HasField("adult_time") else None

    async def is_said(standing: str) -> None:
        asked = {"subject": ada.subject, "standing": f"AGE_STANDING_{standing}"}
        await operator.call("SetAgeStanding", request_for("SetAgeStanding", **asked))

    assert await adult() is None
    await is_said("ADULT")
    since = await adult()
    assert since is not None
    await is_said("ADULT")
    assert await adult() == since
    for standing in ("UNPROVEN", "ADULT", "BARRED"):
        await is_said(standing)
        assert (await adult() is None) == (standing != "ADULT")


async def test_a_person_takes_back_that_they_proved_to_be_an_adult(
    operator: Client, served: Served
) -> None:
    (ada,) = served.people("ada")
    asked = {"subject": ada.subject, "standing": "AGE_STANDING_ADULT"}
    await operator.call("SetAgeStanding", request_for("SetAgeStanding", **asked))
    await ada.call("RevokeAgeVerification")
    assert not (await ada.call("GetMe")).person.HasField("adult_time")


async def _execute(served: Served, statement: str, **values: object) -> None:
    async with served.running.parts.database.transaction() as tx:
        await tx.execute(text(statement), values)
