"""Sharing: who may do what with a character, given and taken by its owner."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import pytest

from tests.calling import Client, refusal_of, request_for
from tests.conftest import Served
from tests.personality.asking import ROLES, VISIBILITIES, create, share, sharing
from tzurot import clock
from tzurot.account import people
from tzurot.personality.sharing.shares import MAX_SHARES
from tzurot.personality.tables import Share

# What each sees at each visibility: nothing, the character, or its definition too.
SEEN = {
    "blocked": ("nothing", "nothing", "nothing", "nothing"),
    "nobody": ("nothing", "nothing", "character", "character"),
    "user": ("nothing", "character", "character", "character"),
    "viewer": ("definition",) * 4,
    "editor": ("definition",) * 4,
    "owner": ("definition",) * 4,
}


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    (client,) = served.people("kael")
    return client


class TestSharing:
    @pytest.mark.parametrize("role", SEEN)
    async def test_a_role_lets_in_at_each_visibility(
        self, role: str, mira: Client, kael: Client
    ) -> None:
        for visibility, seen in zip(VISIBILITIES, SEEN[role], strict=True):
            lilith = await create(mira, "Lilith", visibility, description="Keeps an archive.")
            if role in ROLES:
                await share(mira, lilith, kael, role)
            assert await _seen(mira if role == "owner" else kael, lilith) == seen, visibility

    async def test_an_editor_changes_all_but_who_sees_it(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith")
        await share(mira, lilith, kael, "editor")
        changed = await kael.call("UpdatePersonality", _change(lilith, greeting="Out."))
        assert (changed.personality.greeting, changed.personality.editable) == ("Out.", True)
        for rpc, request in (
            ("UpdatePersonality", _change(lilith, visibility="VISIBILITY_PUBLIC")),
            ("UpdatePersonality", _change(lilith, definition_visible=True)),
            ("DeletePersonality", _of("DeletePersonality", lilith)),
            ("SharePersonality", sharing(lilith, "local:somebody", "user")),
            ("UnsharePersonality", _of("UnsharePersonality", lilith, subject="local:somebody")),
        ):
            assert (await kael.refused(rpc, request)).reason == "NOT_OWNER"

    async def test_a_viewer_changes_nothing(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith")
        await share(mira, lilith, kael, "viewer")
        refusal = await kael.refused("UpdatePersonality", _change(lilith, greeting="Out."))
        assert refusal.reason == "NOT_EDITOR"

    async def test_who_was_never_here_finds_the_role_waiting(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        subject = f"discord:{uuid4().int % 10**18}"
        request = sharing(lilith, subject, "viewer")
        given = (await mira.call("SharePersonality", request)).share
        assert (given.subject, given.name) == (subject, subject)
        assert await _seen(served.client(subject), lilith) == "definition"

    async def test_a_repeat_changes_nothing_and_another_role_takes_its_place(
        self, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        first = await share(mira, lilith, kael, "viewer")
        assert await share(mira, lilith, kael, "viewer") == first
        second = await share(mira, lilith, kael, "blocked")
        assert (await _list(mira, lilith)) == [second]
        assert await _seen(kael, lilith) == "nothing"

    async def test_twins_give_one_role(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith")
        given = await asyncio.gather(*(share(mira, lilith, kael, "user") for _ in range(5)))
        assert len({str(it) for it in given}) == 1
        assert len(await _list(mira, lilith)) == 1

    async def test_the_owner_has_every_role_already(self, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        request = sharing(lilith, mira.subject, "blocked")
        refusal = await mira.refused("SharePersonality", request)
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "OWNER_HAS_ALL_ROLES")
        assert refusal.metadata == {"subject": mira.subject}
        assert await _seen(mira, lilith) == "definition"

    @pytest.mark.parametrize("role", ["PERSONALITY_ROLE_OWNER", "PERSONALITY_ROLE_UNSPECIFIED"])
    async def test_ownership_is_no_role_to_give(self, role: str, mira: Client) -> None:
        lilith = await create(mira, "Lilith")
        request = sharing(lilith, "local:kael", "user")
        request.role = role
        refusal = await mira.refused("SharePersonality", request)
        assert (refusal.reason, refusal.fields) == ("INVALID_FIELD", ("role",))

    async def test_there_is_an_end_to_how_many_may_have_a_role(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        first = await share(mira, lilith, kael, "user")
        await _fill(served, lilith, MAX_SHARES - 1)
        request = sharing(lilith, "local:one-too-many", "user")
        refusal = await mira.refused("SharePersonality", request)
        assert (refusal.code.name, refusal.reason) == ("FAILED_PRECONDITION", "LIMIT_REACHED")
        assert refusal.metadata == {"what": "shares", "limit": "500"}
        assert await share(mira, lilith, kael, "user") == first  # whoever is in can be changed
        await share(mira, lilith, kael, "editor")


class TestTakingAway:
    async def test_a_role_that_is_taken_away_is_gone(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith")
        await share(mira, lilith, kael, "editor")
        for _ in range(2):
            request = _of("UnsharePersonality", lilith, subject=kael.subject)
            await mira.call("UnsharePersonality", request)
        assert await _seen(kael, lilith) == "nothing"

    @pytest.mark.parametrize("role", ["user", "viewer", "editor"])
    async def test_anybody_gives_up_their_own(self, role: str, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "shared")
        await share(mira, lilith, kael, role)
        request = _of("UnsharePersonality", lilith, subject=kael.subject)
        await kael.call("UnsharePersonality", request)
        assert await _seen(kael, lilith) == "nothing"
        assert await _list(mira, lilith) == []

    async def test_who_is_blocked_stays_so(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, "Lilith", "public")
        await share(mira, lilith, kael, "blocked")
        request = _of("UnsharePersonality", lilith, subject=kael.subject)
        refusal = await kael.refused("UnsharePersonality", request)
        assert refusal.reason == "PERSONALITY_NOT_FOUND"
        assert await _seen(kael, lilith) == "nothing"

    async def test_nobody_takes_away_what_is_somebody_elses(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        (noor,) = served.people("noor")
        lilith = await create(mira, "Lilith", "public")
        await share(mira, lilith, noor, "editor")
        request = _of("UnsharePersonality", lilith, subject=noor.subject)
        assert (await kael.refused("UnsharePersonality", request)).reason == "NOT_OWNER"
        assert await _seen(noor, lilith) == "definition"


class TestListing:
    async def test_the_latest_given_comes_first_with_names(
        self, served: Served, mira: Client, kael: Client
    ) -> None:
        (noor,) = served.people("noor")
        lilith = await create(mira, "Lilith")
        older, newer = (
            await share(mira, lilith, kael, "user"),
            await share(mira, lilith, noor, "viewer"),
        )
        assert await _list(mira, lilith) == [newer, older]
        changed = await share(mira, lilith, kael, "editor")
        assert await _list(mira, lilith) == [changed, newer]
        assert (newer.subject, newer.name) == (noor.subject, noor.subject)
        assert newer.HasField("create_time")

    async def test_it_is_shown_to_co_owners_and_whom_it_blocks_to_editors(
        self, served: Served, mira: Client
    ) -> None:
        guests = dict(zip(ROLES, served.people(*ROLES), strict=True))
        lilith = await create(mira, "Lilith", "public", definition_visible=True)
        for role, guest in guests.items():
            await share(mira, lilith, guest, role)
        assert len(await _list(mira, lilith)) == len(await _list(guests["editor"], lilith)) == 4
        shown = {it.subject for it in await _list(guests["viewer"], lilith)}
        assert shown == {guests[role].subject for role in ("user", "viewer", "editor")}
        (stranger,) = served.people("stranger")
        request = _of("ListPersonalityShares", lilith)
        for who, reason in (
            (guests["user"], "DEFINITION_HIDDEN"),
            (stranger, "DEFINITION_HIDDEN"),
            (guests["blocked"], "PERSONALITY_NOT_FOUND"),
        ):
            assert (await who.refused("ListPersonalityShares", request)).reason == reason

    async def test_pages_are_the_whole_list_without_repeats(
        self, served: Served, mira: Client
    ) -> None:
        lilith = await create(mira, "Lilith")
        guests = await _fill(served, lilith, 7)
        subjects: list[str] = []
        token, pages = "", 0
        while pages == 0 or token:
            request = _of("ListPersonalityShares", lilith, page_size=3, page_token=token)
            page = await mira.call("ListPersonalityShares", request)
            subjects += [it.subject for it in page.shares]
            token, pages = page.next_page_token, pages + 1
        assert subjects == guests[::-1]
        assert pages == 3

    async def test_a_page_token_is_of_one_character(self, served: Served, mira: Client) -> None:
        one, other = await create(mira, "One"), await create(mira, "Other")
        await _fill(served, one, 2)
        request = _of("ListPersonalityShares", one, page_size=1)
        token = (await mira.call("ListPersonalityShares", request)).next_page_token
        wrong = _of("ListPersonalityShares", other, page_token=token)
        refusal = await mira.refused("ListPersonalityShares", wrong)
        assert refusal.reason == "PAGE_TOKEN_MISMATCH"


async def _seen(client: Client, character: Any) -> str:
    request = _of("GetPersonality", character)
    try:
        shown = (await client.call("GetPersonality", request)).personality
    except grpc.aio.AioRpcError as error:
        assert refusal_of(error).reason == "PERSONALITY_NOT_FOUND"
        return "nothing"
    return "character" if shown.definition_hidden else "definition"


async def _list(client: Client, character: Any) -> list[Any]:
    page = await client.call("ListPersonalityShares", _of("ListPersonalityShares", character))
    return list(page.shares)


def _of(rpc: str, character: Any, **fields: Any) -> Any:
    return request_for(rpc, personality={"id": character.id}, **fields)


def _change(character: Any, **fields: Any) -> Any:
    return request_for("UpdatePersonality", ref={"id": character.id}, personality=fields)


async def _fill(served: Served, character: Any, count: int) -> list[str]:
    """Let many people have a role, faster than by as many calls; their subjects, in order."""
    mark = uuid4().hex[:12]
    subjects = [f"local:guest-{mark}-{number}" for number in range(count)]
    async with served.running.parts.database.transaction() as tx:
        for subject in subjects:
            person_id = await people.meet(tx, subject)
            share = Share(personality_id=UUID(character.id), person_id=person_id, subject=subject)
            share.id, share.role, share.create_time = clock.uuid7(), "user", clock.now()
            tx.add(share)
    return subjects
