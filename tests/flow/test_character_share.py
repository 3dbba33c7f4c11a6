"""`character share`: the owner gives and takes roles; others see who has one, and may leave."""

from typing import Any
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, OPEN, Dialogue, change, create, get, starting
from tzurot.personality.v1 import personality_pb2 as pb

ROLES = ("user", "viewer", "editor", "blocked")


async def test_a_role_is_given_changed_and_taken_away(mira: Client, kael: Client) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    assert (share.view.title, list(share.view.items)) == (f"Who shares {lilith.name}", [])
    assert share.actions == ["give", "visibility", "refresh", "close"]
    await share.answer("give", person=str(kael.subject), role="viewer")
    assert share.view.body.startswith(f"{kael.subject} co-owns it now")
    assert share.item(str(kael.subject)).text.startswith("viewer · since ")
    assert await _role(kael, lilith.id) == pb.PERSONALITY_ROLE_VIEWER

    await share.choose(str(kael.subject))
    assert list(share.field("role").values) == ["viewer"]
    await share.answer("change", role="editor")
    assert share.item(str(kael.subject)).text.startswith("editor · since ")
    assert await _role(kael, lilith.id) == pb.PERSONALITY_ROLE_EDITOR

    await share.choose(str(kael.subject))
    await share.answer("ask")
    assert share.view.title == f"Take away the role of {kael.subject} with {lilith.name}?"
    assert await _role(kael, lilith.id) == pb.PERSONALITY_ROLE_EDITOR
    await share.answer("take")
    assert list(share.view.items) == []
    assert await _shares(mira, lilith.id) == []


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_described_and_can_be_given(role: str, mira: Client) -> None:
    lilith = await create(mira)
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    described = {choice.value: choice.description for choice in share.field("role").choices}
    assert tuple(described) == ROLES
    assert all(described.values())
    await share.answer("give", person=f"discord:{uuid4().int}"[:40], role=role)
    assert [it.role for it in await _shares(mira, lilith.id)] == [
        pb.PersonalityRole.Value(f"PERSONALITY_ROLE_{role.upper()}")
    ]


@pytest.mark.parametrize("typed", ["<@{id}>", "<@!{id}>", "@{id}", "{id}", "discord:{id}"])
async def test_a_mention_is_of_the_caller_s_platform(typed: str, served: Served) -> None:
    owner, friend = (str(uuid4().int)[:19] for _ in range(2))
    me = served.client(subject=f"discord:{owner}")
    lilith = await create(me)
    share = await Dialogue.start(
        me, "character share", character=lilith.slug, person=typed.format(id=friend)
    )
    assert list(share.field("person").values) == [typed.format(id=friend)]
    await share.answer("give", role="viewer")
    assert [it.subject for it in await _shares(me, lilith.id)] == [f"discord:{friend}"]
    assert list(share.field("person").values) == []


@pytest.mark.parametrize("typed", ["kael", "@kael", "discord:", "Discord:1", "<@>", "a b", "<@&1>"])
async def test_who_is_no_person_is_told_and_nothing_is_lost(typed: str, mira: Client) -> None:
    lilith = await create(mira)
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    await share.answer("give", person=typed, role="editor")
    assert share.field("person").error == "Mention them, or name them like `discord:123`."
    assert list(share.field("person").values) == [typed]
    assert list(share.field("role").values) == ["editor"]
    assert await _shares(mira, lilith.id) == []


async def test_the_owner_has_every_role_already(mira: Client) -> None:
    lilith = await create(mira)
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    await share.answer("give", person=str(mira.subject), role="user")
    assert "has every role already" in share.field("person").error
    assert share.flow.state == OPEN


async def test_who_is_shared_a_private_character_learns_nothing_until_it_is_shared(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    await share.answer("give", person=str(kael.subject), role="user")
    assert share.view.notice.startswith("It is private: only co-owners find it.")
    await share.answer("visibility", visibility="shared", definition_visible="true")
    assert "Shared: " in share.view.body
    assert "may read its definition" in share.view.body
    seen = await get(kael, lilith.id)
    assert (seen.visibility, seen.definition_visible) == (pb.VISIBILITY_SHARED, True)
    await share.answer("give", person=str(kael.subject), role="user")
    assert share.view.notice == ""


async def test_a_visibility_that_was_changed_elsewhere_is_looked_at_first(mira: Client) -> None:
    lilith = await create(mira)
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    await change(mira, lilith.id, visibility=pb.VISIBILITY_UNLISTED)
    await share.answer("visibility", visibility="public")
    assert share.view.notice.startswith("This was changed elsewhere")
    assert (await get(mira, lilith.id)).visibility == pb.VISIBILITY_UNLISTED
    await share.answer("visibility", visibility="public")
    assert (await get(mira, lilith.id)).visibility == pb.VISIBILITY_PUBLIC


@pytest.mark.parametrize("role", ["viewer", "editor"])
async def test_co_owners_see_the_list_and_give_up_their_own_role(
    role: str, mira: Client, kael: Client
) -> None:
    lilith = await create(mira, name=f"Lilith {uuid4().hex}")
    await _give(mira, lilith.id, str(kael.subject), role)
    await _give(mira, lilith.id, f"discord:{uuid4().int}"[:40], "blocked")
    share = await Dialogue.start(kael, "character share", character=lilith.slug)
    assert share.actions == ["leave", "refresh", "close"]
    assert f"Your role is {role}." in share.view.body
    assert len(share.view.items) == (2 if role == "editor" else 1)  # who is blocked is for editors
    assert {it.key for it in share.view.items} == {""}
    assert (await share.refused("give", person="discord:1", role="user")).reason
    await share.answer("leave")
    assert share.view.title == f"Give up your role with {lilith.name}?"
    await share.answer("back")
    assert await _role(kael, lilith.id)
    await share.answer("leave")
    await share.answer("give_up")
    assert (share.flow.state, share.view.title) == (DONE, lilith.name)
    with pytest.raises(grpc.aio.AioRpcError):
        await get(kael, lilith.id)


async def test_who_only_talks_with_it_sees_no_list_and_may_leave(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira, visibility=pb.VISIBILITY_SHARED)
    await _give(mira, lilith.id, str(kael.subject), "user")
    share = await Dialogue.start(kael, "character share", character=lilith.slug)
    assert (list(share.view.items), share.actions) == ([], ["leave", "close"])
    await share.answer("leave")
    await share.answer("give_up")
    assert share.flow.state == DONE
    assert await _shares(mira, lilith.id) == []


async def test_who_has_no_role_does_not_learn_who_has(mira: Client, kael: Client) -> None:
    public = await create(mira, visibility=pb.VISIBILITY_PUBLIC)
    refusal = await kael.refused("StartFlow", starting("character share", character=public.slug))
    assert refusal.reason == "DEFINITION_HIDDEN"


async def test_a_role_that_is_taken_away_meanwhile_ends_the_flow(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    await _give(mira, lilith.id, str(kael.subject), "viewer")
    share = await Dialogue.start(kael, "character share", character=lilith.slug)
    await _give(mira, lilith.id, str(kael.subject), "blocked")
    await share.look()
    assert (share.flow.state, share.actions) == (DONE, [])


async def test_a_role_that_changed_meanwhile_is_not_taken_unseen(
    mira: Client, kael: Client
) -> None:
    lilith = await create(mira)
    await _give(mira, lilith.id, str(kael.subject), "viewer")
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    await share.choose(str(kael.subject))
    await share.answer("ask")
    await _give(mira, lilith.id, str(kael.subject), "editor")
    await share.look()
    assert (share.view.title, share.actions) == ("A role", ["back", "close"])
    assert await _role(kael, lilith.id) == pb.PERSONALITY_ROLE_EDITOR


async def test_the_list_has_pages(mira: Client) -> None:
    lilith = await create(mira)
    people = [f"discord:{1000 + number}{uuid4().int}"[:40] for number in range(11)]
    for person in people:
        await _give(mira, lilith.id, person, "viewer")
    share = await Dialogue.start(mira, "character share", character=lilith.slug)
    assert list(share.items) == people[:0:-1]
    await share.answer("next")
    assert list(share.items) == people[:1]
    await share.answer("previous")
    assert list(share.items) == people[:0:-1]


async def test_it_is_offered_to_those_who_have_a_role(mira: Client, kael: Client) -> None:
    mark = f"Share{uuid4().hex[:8]}"
    lilith = await create(mira, name=mark, visibility=pb.VISIBILITY_PUBLIC)
    asked = request_for("CompleteFlowArgument", path="character share", key="character", typed=mark)
    assert (await kael.call("CompleteFlowArgument", asked)).choices == []
    await _give(mira, lilith.id, str(kael.subject), "user")
    for client in (mira, kael):
        offered = (await client.call("CompleteFlowArgument", asked)).choices
        assert [choice.value for choice in offered] == [lilith.slug]


async def _give(owner: Client, personality_id: str, subject: str, role: str) -> None:
    request = request_for(
        "SharePersonality",
        personality={"id": personality_id},
        subject=subject,
        role=f"PERSONALITY_ROLE_{role.upper()}",
    )
    await owner.call("SharePersonality", request)


async def _shares(client: Client, personality_id: str) -> list[Any]:
    request = request_for("ListPersonalityShares", personality={"id": personality_id})
    return list((await client.call("ListPersonalityShares", request)).shares)


async def _role(client: Client, personality_id: str) -> int:
    return (await get(client, personality_id)).role
