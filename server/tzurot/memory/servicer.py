"""MemoryService and ClaimService: read the message, call the room, write the message."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from tzurot.memory import wire
from tzurot.memory.browsing import Memories
from tzurot.memory.claims import Claims, Wanted
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import Owner
from tzurot.memory.v1 import claim_service_pb2, claim_service_pb2_grpc, memory_service_pb2_grpc
from tzurot.memory.v1 import memory_service_pb2 as pb
from tzurot.memory.venues import Where
from tzurot.storage import pagination
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import uuid_or_none

_DEFAULT_HITS = 8
_MAXIMUM_HITS = 50

IsAdult = Callable[[UUID], Awaitable[bool]]
"""Called with a person: whether they have proved to be an adult."""

Heard = Callable[[Caller, UUID | None], Awaitable[Sequence[UUID]]]
"""Called with a caller and a personality: the personas whose memories of it, or of all, the caller
sees; the first is the one that speaks."""

VisiblePersonality = Callable[[UUID, UUID], Awaitable[object]]
"""Called with person and personality; raises PersonalityNotFound if that one may not be seen."""


class MemoryServicer(memory_service_pb2_grpc.MemoryServiceServicer):
    """The memories of the persona that the caller speaks as, and of those that share theirs."""

    def __init__(
        self,
        memories: Memories,
        recall: Recall,
        visible_personality: VisiblePersonality,
        is_adult: IsAdult,
        heard: Heard,
    ) -> None:
        self._memories = memories
        self._recall = recall
        self._is_adult = is_adult
        self._heard = heard
        self._visible_personality = visible_personality

    async def GetMemory(self, request: pb.GetMemoryRequest, context: Any) -> pb.GetMemoryResponse:
        """One memory."""
        heard = await self._heard(caller(context), None)
        found = await self._memories.get(heard, UUID(request.memory_id))
        return pb.GetMemoryResponse(memory=wire.memory_to(found))

    async def ListMemories(
        self, request: pb.ListMemoriesRequest, context: Any
    ) -> pb.ListMemoriesResponse:
        """A page, newest first."""
        personality_id = uuid_or_none(request.personality_id)
        size, filters = pagination.size(request.page_size), {"personality": request.personality_id}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._memories.list(
            await self._heard(caller(context), personality_id),
            personality_id=personality_id,
            before=before,
            limit=size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda memory: memory.memory_id)
        return pb.ListMemoriesResponse(
            memories=[wire.memory_to(memory) for memory in page], next_page_token=more
        )

    async def CreateMemory(
        self, request: pb.CreateMemoryRequest, context: Any
    ) -> pb.CreateMemoryResponse:
        """Something to remember."""
        me, personality_id = caller(context), UUID(request.personality_id)
        await self._visible_personality(me.person_id, personality_id)
        persona_id, *_ = await self._heard(me, personality_id)
        created = await self._memories.create(
            Owner(persona_id, personality_id), request.text, uuid_or_none(request.request_id)
        )
        return pb.CreateMemoryResponse(memory=wire.memory_to(created))

    async def DeleteMemory(
        self, request: pb.DeleteMemoryRequest, context: Any
    ) -> pb.DeleteMemoryResponse:
        """The end of a memory."""
        heard = await self._heard(caller(context), None)
        await self._memories.delete(heard, UUID(request.memory_id))
        return pb.DeleteMemoryResponse()

    async def SearchMemories(
        self, request: pb.SearchMemoriesRequest, context: Any
    ) -> pb.SearchMemoriesResponse:
        """What a turn would recall where nobody else listens."""
        me, personality_id = caller(context), UUID(request.personality_id)
        await self._visible_personality(me.person_id, personality_id)
        persona_id, *others = await self._heard(me, personality_id)
        recalled = await self._recall.search(
            request.query,
            Owner(persona_id, personality_id, tuple(others)),
            where=Where.direct(adults=await self._is_adult(me.person_id)),
            limit=pagination.size(request.limit, default=_DEFAULT_HITS, maximum=_MAXIMUM_HITS),
        )
        return pb.SearchMemoriesResponse(
            hits=[wire.hit_to(hit, explain=request.explain) for hit in recalled.hits],
            degraded=recalled.degraded,
        )


class ClaimServicer(claim_service_pb2_grpc.ClaimServiceServicer):
    """Memories of people whom only an old id names."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def ListUnclaimedMemories(
        self, request: claim_service_pb2.ListUnclaimedMemoriesRequest, context: Any
    ) -> claim_service_pb2.ListUnclaimedMemoriesResponse:
        """How much waits, by old ids."""
        me, personality_id = caller(context), UUID(request.personality_id)
        found = await self._claims.waiting(me.person_id, personality_id, request.sender_id)
        return claim_service_pb2.ListUnclaimedMemoriesResponse(
            unclaimed=[wire.unclaimed_to(personality_id, waiting) for waiting in found]
        )

    async def CreateMemoryClaim(
        self, request: claim_service_pb2.CreateMemoryClaimRequest, context: Any
    ) -> claim_service_pb2.CreateMemoryClaimResponse:
        """Somebody's word that an old id is theirs."""
        wanted = Wanted(
            UUID(request.personality_id), request.sender_id, uuid_or_none(request.request_id)
        )
        claim = await self._claims.create(caller(context), wanted)
        return claim_service_pb2.CreateMemoryClaimResponse(claim=wire.claim_to(claim))

    async def ListMemoryClaims(
        self, request: claim_service_pb2.ListMemoryClaimsRequest, context: Any
    ) -> claim_service_pb2.ListMemoryClaimsResponse:
        """A page of the caller's claims and of those that the caller may decide, newest first."""
        size, filters = pagination.size(request.page_size), {"list": "memory_claims"}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._claims.list(caller(context).person_id, before=before, limit=size + 1)
        page, more = pagination.cut(rows, size, filters, lambda claim: claim.id)
        return claim_service_pb2.ListMemoryClaimsResponse(
            claims=[wire.claim_to(claim) for claim in page], next_page_token=more
        )

    async def DecideMemoryClaim(
        self, request: claim_service_pb2.DecideMemoryClaimRequest, context: Any
    ) -> claim_service_pb2.DecideMemoryClaimResponse:
        """Confirm or reject."""
        claim = await self._claims.decide(
            caller(context).person_id, UUID(request.claim_id), confirmed=request.confirmed
        )
        return claim_service_pb2.DecideMemoryClaimResponse(claim=wire.claim_to(claim))
