"""Claims over gRPC: nobody reads what waits, until it is its owner's."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
import pytest
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message
from sqlalchemy import select

from tests.calling import METHODS, Client, refusal_of, request_for
from tests.conftest import Served
from tests.contract.residents import Ids, saying
from tests.contract.rows import ROWS
from tzurot.memory import arrivals, claims
from tzurot.memory.arrivals import Unclaimed
from tzurot.memory.tables import Memory, UnclaimedMemory

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
PENDING, CONFIRMED, REJECTED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Community:
    """A character that has moved here, with its owner, and what it remembers of old ids."""

    served: Served
    owner: Client
    personality_id: str

    async def left(self, text: str, *senders: str, minute: int = 0, channel_id: str = "42") -> None:
        """Somebody's memory, from a backup."""
        await self.imports([self.row(text, *senders, minute=minute, channel_id=channel_id)])

    def row(self, text: str, *senders: str, minute: int = 0, channel_id: str = "42") -> Unclaimed:
        return Unclaimed(
            key=arrivals.key_of(UUID(self.personality_id), text),
            senders=senders,
            person_text=text,
            personality_text="",
            personality_name="Lilith",
            channel_id=channel_id,
            space_id="7",
            occur_time=NOON + timedelta(minutes=minute),
        )

    async def imports(self, rows: Sequence[Unclaimed]) -> None:
        """A backup with these rows, moved in as an import does it."""
        parts = self.served.running.parts
        async with parts.database.transaction() as tx:
            await arrivals.keep_unclaimed(tx, UUID(self.personality_id), rows)
            await claims.hand_over(tx, UUID(self.personality_id), parts.jobs)

    async def waiting(self, client: Client, sender_id: str = "") -> list[tuple[str, int, int]]:
        found = await client.call(
            "ListUnclaimedMemories",
            request_for(
                "ListUnclaimedMemories", personality_id=self.personality_id, sender_id=sender_id
            ),
        )
        return [(it.sender_id, it.memory_count, it.group_memory_count) for it in found.unclaimed]

    def claiming(self, sender_id: str) -> Any:
        return request_for(
            "CreateMemoryClaim", personality_id=self.personality_id, sender_id=sender_id
        )

    async def claimed(self, client: Client, sender_id: str) -> Any:
        return (await client.call("CreateMemoryClaim", self.claiming(sender_id))).claim

    async def decided(self, claim: Any, *, confirmed: bool = True, by: Client | None = None) -> Any:
        request = request_for("DecideMemoryClaim", claim_id=claim.id, confirmed=confirmed)
        return (await (by or self.owner).call("DecideMemoryClaim", request)).claim

    async def memories(self, client: Client) -> list[str]:
        """What a person's list shows, oldest first."""
        request = request_for("ListMemories", personality_id=self.personality_id)
        found = (await client.call("ListMemories", request)).memories
        return [it.utterances[0].text for it in reversed(found)]

    async def unread(self) -> list[UnclaimedMemory]:
        """The rows that still wait."""
        query = select(UnclaimedMemory).where(
            UnclaimedMemory.personality_id == UUID(self.personality_id)
        )
        async with self.served.running.parts.database.transaction() as tx:
            return list(await tx.scalars(query.order_by(UnclaimedMemory.id)))


@pytest.fixture
async def community(served: Served) -> Community:
    (owner,) = served.people("owner")
    request = request_for("CreatePersonality", personality={"name": "Lilith", "visibility": 2})
    created = await owner.call("CreatePersonality", request)
    return Community(served, owner, created.personality.id)


@pytest.fixture
def ada(served: Served) -> Client:
    return served.people("ada")[0]


@pytest.fixture
def kael(served: Served) -> Client:
    return served.people("kael")[0]


async def test_the_owner_sees_how_much_waits_by_old_ids(community: Community) -> None:
    await community.left("one", "a", minute=1)
    await community.left("two", "a", minute=5)
    await community.left("three", "a", "b", minute=3)
    assert await community.waiting(community.owner) == [("a", 2, 1), ("b", 0, 1)]
    assert await community.waiting(community.owner, "b") == [("b", 0, 1)]
    request = request_for("ListUnclaimedMemories", personality_id=community.personality_id)
    first = (await community.owner.call("ListUnclaimedMemories", request)).unclaimed[0]
    assert first.first_time.ToDatetime(UTC) == NOON + timedelta(minutes=1)
    assert first.last_time.ToDatetime(UTC) == NOON + timedelta(minutes=5)


async def test_others_see_only_the_old_id_that_they_name(community: Community, ada: Client) -> None:
    await community.left("one", "a")
    await community.left("two", "b")
    assert await community.waiting(ada) == []
    assert await community.waiting(ada, "a") == [("a", 1, 0)]
    assert await community.waiting(ada, "nobody") == []


async def test_what_waits_is_read_by_nobody_through_any_rpc(
    community: Community, ada: Client, kael: Client
) -> None:
    secret = f"beekeeping {uuid4().hex}"
    await community.left(secret, "a")
    await community.claimed(ada, "a")
    (row,) = await community.unread()
    ids = replace(Ids.of_nothing(), personality=community.personality_id, memory=str(row.id))
    community.served.provider.reset()
    for person in (community.owner, ada, kael):
        await person.call("Chat", saying("What of beekeeping?", community.personality_id))
        for name in sorted(name for name in ROWS if _only_reads(name)):
            told = await _told(person, name, ROWS[name].request(ids))
            assert secret not in told, name
    prompts = "".join(str(request.messages) for request in community.served.provider.requests)
    assert "What of beekeeping?" in prompts
    assert secret not in prompts


async def test_a_claim_waits_for_the_owner_s_word(community: Community, ada: Client) -> None:
    await community.left("I keep bees.", "a")
    claim = await community.claimed(ada, "a")
    assert (claim.state, claim.subject) == (PENDING, ada.subject)
    assert claim.memories.sender_id == "a"
    assert claim.memories.personality_id == community.personality_id
    assert claim.memories.memory_count == 1
    assert not claim.HasField("decide_time")
    assert await community.memories(ada) == []


async def test_a_confirmed_claim_makes_the_memories_the_claimant_s(
    community: Community, ada: Client
) -> None:
    await community.left("second", "a", minute=2)
    await community.left("first", "a", minute=1)
    decided = await community.decided(await community.claimed(ada, "a"))
    assert decided.state == CONFIRMED
    assert decided.HasField("decide_time")
    assert await community.memories(ada) == ["first", "second"]
    assert await community.memories(community.owner) == []
    assert await community.unread() == []
    assert await community.waiting(community.owner) == []


async def test_what_was_claimed_is_the_character_s_note_of_a_private_talk(
    community: Community, ada: Client
) -> None:
    await community.left("Ada keeps bees.", "a", minute=2)
    await community.decided(await community.claimed(ada, "a"))
    request = request_for("ListMemories", personality_id=community.personality_id)
    (memory,) = (await ada.call("ListMemories", request)).memories
    assert memory.venue == 1  # VENUE_DIRECT
    assert memory.occur_time.ToDatetime(UTC) == NOON + timedelta(minutes=2)
    (noted,) = memory.utterances
    assert (noted.speaker, noted.speaker_name) == (2, "Lilith")  # SPEAKER_PERSONALITY
    search = request_for(
        "SearchMemories", personality_id=community.personality_id, query="Do I keep bees?"
    )
    (hit,) = (await ada.call("SearchMemories", search)).hits
    assert hit.memory == memory


async def test_a_rejected_claim_gives_nothing_and_can_be_made_again(
    community: Community, ada: Client
) -> None:
    await community.left("I keep bees.", "a")
    claim = await community.claimed(ada, "a")
    assert (await community.decided(claim, confirmed=False)).state == REJECTED
    assert await community.memories(ada) == []
    assert await community.waiting(community.owner) == [("a", 1, 0)]
    again = await community.claimed(ada, "a")
    assert (again.state, again.id != claim.id) == (PENDING, True)


async def test_a_decision_stays(community: Community, ada: Client) -> None:
    await community.left("I keep bees.", "a")
    claim = await community.claimed(ada, "a")
    decided = await community.decided(claim)
    assert await community.decided(claim, confirmed=False) == decided
    assert await community.memories(ada) == ["I keep bees."]


class TestGroups:
    """Several took part: each who did has it, as something that the channel heard."""

    async def test_each_gets_it_and_then_it_waits_no_longer(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        await community.left("We planned a party.", "a", "k", "m")
        await community.decided(await community.claimed(ada, "a"))
        (row,) = await community.unread()
        assert row.claimed == ["a"]
        assert await community.memories(ada) == ["We planned a party."]
        assert await community.waiting(community.owner) == [("k", 0, 1), ("m", 0, 1)]
        await community.decided(await community.claimed(kael, "k"))
        await community.decided(await community.claimed(community.owner, "m"))
        assert await community.unread() == []
        for person in (ada, kael, community.owner):
            assert await community.memories(person) == ["We planned a party."]

    async def test_who_has_it_with_the_import_is_not_waited_for(
        self, community: Community, kael: Client
    ) -> None:
        row = community.row("We planned a party.", "owner", "k")
        await community.imports([replace(row, claimed=("owner",))])
        assert await community.waiting(community.owner) == [("k", 0, 1)]
        await community.decided(await community.claimed(kael, "k"))
        assert await community.memories(kael) == ["We planned a party."]
        assert await community.unread() == []

    async def test_it_may_come_up_in_its_old_channel(
        self, community: Community, ada: Client
    ) -> None:
        await community.left("We planned a party.", "a", "k", channel_id="4711")
        await community.decided(await community.claimed(ada, "a"))
        query = select(Memory).where(Memory.personality_id == UUID(community.personality_id))
        async with community.served.running.parts.database.transaction() as tx:
            memory = (await tx.scalars(query)).one()
        assert (memory.venue, memory.platform, memory.channel_id) == (
            "private_channel",
            "discord",
            "4711",
        )


class TestOneOwner:
    """An old id is one person's."""

    async def test_a_confirmed_claim_rejects_the_others(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        await community.left("I keep bees.", "a")
        hers, his = [await community.claimed(who, "a") for who in (ada, kael)]
        await community.decided(hers)
        assert (await community.decided(his)).state == REJECTED
        assert await community.memories(kael) == []

    async def test_two_confirmations_at_once_confirm_one(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        for number in range(20):
            await community.left(f"memory {number}", "a")
        both = [await community.claimed(who, "a") for who in (ada, kael)]
        decided = await asyncio.gather(*(community.decided(claim) for claim in both * 3))
        assert {claim.state for claim in decided} == {CONFIRMED, REJECTED}
        kept = [len(await community.memories(who)) for who in (ada, kael)]
        assert sorted(kept) == [0, 20]

    async def test_neighbors_in_a_group_can_be_confirmed_at_once(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        for number in range(20):
            await community.left(f"memory {number}", "a", "k")
        both = [await community.claimed(ada, "a"), await community.claimed(kael, "k")]
        decided = await asyncio.gather(*(community.decided(claim) for claim in both))
        assert [claim.state for claim in decided] == [CONFIRMED, CONFIRMED]
        assert [len(await community.memories(who)) for who in (ada, kael)] == [20, 20]
        assert await community.unread() == []

    async def test_what_is_claimed_with_success_cannot_be_claimed(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        await community.left("I keep bees.", "a")
        await community.decided(await community.claimed(ada, "a"))
        refusal = await kael.refused("CreateMemoryClaim", community.claiming("a"))
        assert refusal.reason == "UNCLAIMED_MEMORIES_NOT_FOUND"
        assert refusal.metadata == {"sender_id": "a"}


class TestLaterBackup:
    async def test_repeats_nothing_and_gives_what_is_new_to_whom_it_belongs(
        self, community: Community, ada: Client
    ) -> None:
        first = [community.row("one", "a"), community.row("two", "a", "k")]
        await community.imports(first)
        await community.decided(await community.claimed(ada, "a"))
        await community.imports([*first, community.row("three", "a", minute=9)])
        assert await community.memories(ada) == ["one", "two", "three"]
        assert [row.person_text for row in await community.unread()] == ["two"]

    async def test_does_not_bring_back_what_was_forgotten(
        self, community: Community, ada: Client
    ) -> None:
        await community.left("one", "a")
        await community.decided(await community.claimed(ada, "a"))
        request = request_for("ListMemories", personality_id=community.personality_id)
        (memory,) = (await ada.call("ListMemories", request)).memories
        await ada.call("DeleteMemory", request_for("DeleteMemory", memory_id=memory.id))
        await community.left("one", "a")
        assert await community.memories(ada) == []
        assert await community.unread() == []


class TestRights:
    async def test_the_same_claim_again_is_the_first_one(
        self, community: Community, ada: Client
    ) -> None:
        await community.left("I keep bees.", "a")
        first = await community.claimed(ada, "a")
        assert await community.claimed(ada, "a") == first
        decided = await community.decided(first)
        assert await community.claimed(ada, "a") == decided

    async def test_nothing_waits_for_an_unknown_id(self, community: Community, ada: Client) -> None:
        refusal = await ada.refused("CreateMemoryClaim", community.claiming("nobody"))
        assert (refusal.code.name, refusal.reason) == ("NOT_FOUND", "UNCLAIMED_MEMORIES_NOT_FOUND")

    async def test_a_character_that_is_not_shown_has_nothing_to_claim(
        self, community: Community, ada: Client
    ) -> None:
        await community.left("I keep bees.", "a")
        await _hide(community)
        refusal = await ada.refused("CreateMemoryClaim", community.claiming("a"))
        assert refusal.reason == "PERSONALITY_NOT_FOUND"
        listing = request_for(
            "ListUnclaimedMemories", personality_id=community.personality_id, sender_id="a"
        )
        refusal = await ada.refused("ListUnclaimedMemories", listing)
        assert refusal.reason == "PERSONALITY_NOT_FOUND"

    async def test_only_the_owner_decides(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        await community.left("I keep bees.", "a")
        claim = await community.claimed(ada, "a")
        request = request_for("DecideMemoryClaim", claim_id=claim.id, confirmed=True)
        assert (await ada.refused("DecideMemoryClaim", request)).reason == "NOT_OWNER"
        assert (await kael.refused("DecideMemoryClaim", request)).reason == "MEMORY_CLAIM_NOT_FOUND"
        await _hide(community)
        assert (await ada.refused("DecideMemoryClaim", request)).reason == "MEMORY_CLAIM_NOT_FOUND"
        assert await community.memories(ada) == []

    async def test_claims_are_listed_for_who_made_and_who_decides_them(
        self, community: Community, ada: Client, kael: Client
    ) -> None:
        await community.left("one", "a", "k")
        hers, his = await community.claimed(ada, "a"), await community.claimed(kael, "k")
        shown = {
            person.subject: [claim.id for claim in (await person.call("ListMemoryClaims")).claims]
            for person in (community.owner, ada, kael)
        }
        assert shown == {
            community.owner.subject: [his.id, hers.id],
            ada.subject: [hers.id],
            kael.subject: [his.id],
        }


async def _hide(community: Community) -> None:
    change = {"ref": {"id": community.personality_id}, "personality": {"visibility": 1}}
    await community.owner.call("UpdatePersonality", request_for("UpdatePersonality", **change))


def _only_reads(name: str) -> bool:
    level: int = METHODS[name].GetOptions().idempotency_level
    return level == MethodOptions.NO_SIDE_EFFECTS


async def _told(person: Client, name: str, request: Message) -> str:
    """All that an RPC answers, refusals included."""
    try:
        return str(await person.call(name, request))
    except grpc.aio.AioRpcError as error:
        return str(refusal_of(error))
