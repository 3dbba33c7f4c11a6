"""`deny add` and `deny browse`: what a moderator decides about who is answered on a server."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, Dialogue, create
from tzurot import clock
from tzurot.account.tokens import ALL_SCOPES
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PUBLIC

KINDS = ("deny add", "deny browse")


@pytest.fixture
def meadow() -> dict[str, Any]:
    """A channel of a server on which nobody is denied."""
    channel = {"platform": "local", "space_id": uuid4().hex, "channel_id": uuid4().hex}
    return channel | {"venue": "VENUE_PUBLIC_CHANNEL"}


@pytest.fixture
async def moderator(served: Served, mira: Client) -> Client:
    """Somebody whose client has no scope `admin`."""
    token = {"name": "bot", "scopes": sorted(ALL_SCOPES - {"admin"}), "acts_for": ["local:*"]}
    made = await mira.call(
        "CreateServiceToken", request_for("CreateServiceToken", service_token=token)
    )
    return served.client(f"local:{uuid4().hex}", made.secret)


async def begun(client: Client, path: str, place: Any, **arguments: str) -> Dialogue:
    request = request_for("StartFlow", path=path, place=place, arguments=arguments)
    return Dialogue(client, (await client.call("StartFlow", request)).flow)


async def denied(client: Client, place: Any) -> list[Any]:
    where = {"platform": "local", "within_space_id": place["space_id"]}
    return list((await client.call("ListDenials", request_for("ListDenials", **where))).denials)


@pytest.mark.parametrize("path", KINDS)
async def test_it_is_for_moderators_and_about_a_server(
    path: str, moderator: Client, meadow: Any, served: Served, mira: Client
) -> None:
    for place in (None, meadow | {"venue": "VENUE_DIRECT"}, meadow | {"space_id": ""}):
        request = request_for("StartFlow", path=path, place=place)
        refusal = await moderator.refused("StartFlow", request)
        assert (refusal.reason, refusal.metadata["field"]) == ("INVALID_FIELD", "place")
    scopes = ["flow.read", "flow.write"]
    token = {"name": "no moderators", "scopes": scopes, "acts_for": ["local:*"]}
    made = await mira.call(
        "CreateServiceToken", request_for("CreateServiceToken", service_token=token)
    )
    anybody = served.client(moderator.subject, made.secret)
    refusal = await anybody.refused("StartFlow", request_for("StartFlow", path=path, place=meadow))
    assert refusal.reason == "FLOW_KIND_NOT_FOUND"


async def test_a_person_is_denied_as_it_was_entered(moderator: Client, meadow: Any) -> None:
    form = await begun(moderator, "deny add", meadow, person="<@77>")
    await form.answer("deny", person="<@77>", kind="mute", days="3", reason="Spam.")
    assert form.flow.state == DONE
    assert form.view.body == "local:77 is not answered on this server any more."
    (denial,) = await denied(moderator, meadow)
    assert (denial.subject, denial.reason) == ("local:77", "Spam.")
    assert (denial.kind, denial.platform) == (2, "local")
    left = denial.expire_time.ToDatetime(clock.now().tzinfo) - clock.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


async def test_a_character_or_the_channel_is_denied(
    moderator: Client, mira: Client, meadow: Any
) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}", visibility=VISIBILITY_PUBLIC)
    form = await begun(moderator, "deny add", meadow, character=lilith.slug)
    assert form.view.title == f"Deny {lilith.name}?"
    await form.answer("deny", kind="block")
    form = await begun(moderator, "deny add", meadow)
    await form.answer("channel", kind="block")
    channel, character = await denied(moderator, meadow)
    assert channel.channel_id == meadow["channel_id"]
    assert character.personality_id == lilith.id
    assert not character.HasField("expire_time")
    listed = await begun(moderator, "deny browse", meadow)
    assert [it.title for it in listed.view.items] == [
        f"Channel {meadow['channel_id']}",
        lilith.name,
    ]


@pytest.mark.parametrize(
    ("entered", "field", "words"),
    [
        ({"person": "somebody"}, "person", "Mention them"),
        ({"days": "0"}, "days", "a whole number from 1 to 3,650"),
        ({"days": "soon"}, "days", "a whole number from 1 to 3,650"),
        ({"days": "3651"}, "days", "a whole number from 1 to 3,650"),
    ],
)
async def test_what_is_no_good_is_asked_again(
    entered: dict[str, str], field: str, words: str, moderator: Client, meadow: Any
) -> None:
    form = await begun(moderator, "deny add", meadow)
    await form.answer("deny", **{"person": "<@77>", "kind": "block"} | entered)
    assert words in form.field(field).error
    assert await denied(moderator, meadow) == []


async def test_denials_are_leafed_through_looked_at_and_taken_back(
    moderator: Client, meadow: Any
) -> None:
    for number in range(12):
        wanted = {"subject": f"local:{number}", "kind": "DENIAL_KIND_BLOCK", "platform": "local"}
        wanted |= {"within_space_id": meadow["space_id"], "reason": f"Reason {number}."}
        await moderator.call("CreateDenial", request_for("CreateDenial", denial=wanted))
    pages = await begun(moderator, "deny browse", meadow)
    assert [it.title for it in pages.view.items] == [f"local:{it}" for it in range(11, 1, -1)]
    await pages.answer("next")
    assert [it.title for it in pages.view.items] == ["local:1", "local:0"]
    await pages.choose("local:1")
    assert (pages.view.title, pages.view.body) == ("local:1", "is told: Reason 1.")
    await pages.answer("lift")
    assert pages.view.body.startswith("It is taken back.")
    assert [it.title for it in pages.view.items] == ["local:0"]
    assert len(await denied(moderator, meadow)) == 11


async def test_what_the_operator_denied_is_shown_as_theirs_and_only_they_take_it_back(
    moderator: Client, mira: Client, meadow: Any
) -> None:
    form = await begun(mira, "deny add", meadow, person="<@77>")
    await form.answer("deny", person="<@77>", kind="block", reason="Spam.")
    for who, lifts in ((moderator, False), (mira, True)):
        pages = await begun(who, "deny browse", meadow)
        await pages.choose("local:77")
        assert pages.view.body == "is told, as the operator decided: Spam."
        assert ("lift" in [it.key for it in pages.view.actions]) == lifts


async def test_what_was_taken_back_meanwhile_is_said(moderator: Client, meadow: Any) -> None:
    form = await begun(moderator, "deny add", meadow)
    await form.answer("channel", kind="block")
    (denial,) = await denied(moderator, meadow)
    first, second = [await begun(moderator, "deny browse", meadow) for _ in range(2)]
    for listed in (first, second):
        await listed.choose("Channel")
    await first.answer("lift")
    assert (await second.refused("lift")).reason == "FLOW_ACTION_UNKNOWN"
    await second.look()
    assert second.view.body == "That denial is over or was taken back."
    assert denial.id not in first.items.values()
    assert first.view.body.endswith("Everybody is answered on this server.")
