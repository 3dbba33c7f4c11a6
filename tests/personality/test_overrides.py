"""Overrides: how one person has a character, which nobody else sees and its card does not know."""

import asyncio
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import create, share

FIELDS = ("nickname", "addition", "scenario", "greeting", "instructions")
ALL = {name: f"My {name}." for name in FIELDS}


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestReading:
    async def test_without_one_all_fields_are_empty(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith", greeting="Come in.")
        found = await _get(mira, lilith)
        assert _said(found) == dict.fromkeys(FIELDS, "")
        assert (found.personality_id, found.etag) == (lilith.id, "0")

    async def test_it_is_its_persons_alone(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public", greeting="Come in.")
        await _change(kael, lilith, ALL)
        assert _said(await _get(kael, lilith)) == ALL
        assert _said(await _get(mira, lilith)) == dict.fromkeys(FIELDS, "")
        for who in (mira, kael):
            request = request_for("GetPersonality", personality={"id": lilith.id})
            shown = (await who.call("GetPersonality", request)).personality
            assert (shown.greeting, shown.nickname) == ("Come in.", "")

    async def test_it_waits_for_who_gets_the_character_back(
        self, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith", "public")
        await _change(kael, lilith, ALL)
        await share(mira, lilith, kael, "blocked")
        for rpc in ("GetPersonalityOverride", "UpdatePersonalityOverride"):
            refusal = await kael.refused(rpc, _of(rpc, lilith))
            assert refusal.reason == "PERSONALITY_NOT_FOUND"
        await share(mira, lilith, kael, "user")
        assert _said(await _get(kael, lilith)) == ALL


class TestChanging:
    async def test_without_a_mask_what_is_set_is_changed(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await _change(mira, lilith, ALL)
        changed = await _change(mira, lilith, {"nickname": "Lil", "greeting": ""})
        assert _said(changed) == ALL | {"nickname": "Lil"}
        assert await _get(mira, lilith) == changed

    async def test_a_masked_field_that_is_empty_goes_back_to_the_card(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await _change(mira, lilith, ALL)
        changed = await _change(mira, lilith, {"nickname": "Lil"}, ["nickname", "greeting"])
        assert _said(changed) == ALL | {"nickname": "Lil", "greeting": ""}

    async def test_when_all_is_empty_there_is_none(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await _change(mira, lilith, {"nickname": "Lil"})
        gone = await _change(mira, lilith, {}, list(FIELDS))
        assert (_said(gone), gone.etag) == (dict.fromkeys(FIELDS, ""), "0")
        assert await _get(mira, lilith) == gone
        nothing = await _change(mira, lilith, {})
        assert nothing == gone

    @pytest.mark.parametrize("path", ["*", "personality_id", "etag", "nickname.x", "nome", ""])
    async def test_a_mask_names_only_what_can_be_changed(self, path: str, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        request = _update(lilith, {"nickname": "Lil"}, ["nickname", path])
        refusal = await mira.refused("UpdatePersonalityOverride", request)
        assert refusal.reason == "UPDATE_MASK_INVALID"
        assert refusal.metadata == {"path": path}
        assert (await _get(mira, lilith)).etag == "0"

    async def test_only_the_version_that_was_read_is_written_over(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        first = await _change(mira, lilith, {"nickname": "Lil", "etag": "0"})
        second = await _change(mira, lilith, {"nickname": "Lilly", "etag": first.etag})
        for old in ("0", first.etag):
            request = _update(lilith, {"nickname": "Li", "etag": old})
            refusal = await mira.refused("UpdatePersonalityOverride", request)
            assert (refusal.code.name, refusal.reason) == ("ABORTED", "ETAG_MISMATCH")
            assert refusal.metadata == {"etag": second.etag}
        assert await _get(mira, lilith) == second

    async def test_a_refused_first_one_leaves_none(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        request = _update(lilith, {"nickname": "Lil", "etag": "7"})
        refusal = await mira.refused("UpdatePersonalityOverride", request)
        assert refusal.metadata == {"etag": "0"}
        assert (await _get(mira, lilith)).etag == "0"

    async def test_changes_at_the_same_time_all_count(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        await asyncio.gather(*(_change(mira, lilith, {name: value}) for name, value in ALL.items()))
        assert _said(await _get(mira, lilith)) == ALL

    async def test_it_goes_with_its_character(self, served: Served, mira: Client) -> None:
        (guest,) = served.people("guest")
        lilith = await create(mira, "Lilith", "public")
        await _change(guest, lilith, ALL)
        await mira.call("DeletePersonality", _of("DeletePersonality", lilith))
        refusal = await guest.refused("GetPersonalityOverride", _of(_GET, lilith))
        assert refusal.reason == "PERSONALITY_NOT_FOUND"


_GET = "GetPersonalityOverride"


def _of(rpc: str, character: Any) -> Any:
    request = request_for(rpc, personality={"id": character.id})
    if rpc.startswith("Update"):
        request.override.nickname = "Lil"
    return request


def _update(character: Any, values: dict[str, str], mask: list[str] | None = None) -> Any:
    request = request_for(
        "UpdatePersonalityOverride", personality={"id": character.id}, override=values
    )
    request.update_mask.paths.extend(mask or [])
    return request


async def _change(
    client: Client, character: Any, values: dict[str, str], mask: list[str] | None = None
) -> Any:
    request = _update(character, values, mask)
    return (await client.call("UpdatePersonalityOverride", request)).override


async def _get(client: Client, character: Any) -> Any:
    return (await client.call(_GET, _of(_GET, character))).override


def _said(override: Any) -> dict[str, str]:
    return {name: getattr(override, name) for name in FIELDS}
