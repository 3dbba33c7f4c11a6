"""MemoryService and ClaimService: read the message, call the room, write the message."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.memory import wire
from tzurot.memory.browsing import Memories
from tzurot.memory.claims import Claims, Wanted
from tzurot.memory.filters import Filter
from tzurot.memory.graph import graph_wire
from tzurot.memory.graph.graphs import Graphs
from tzurot.memory.purging import Purging
from tzurot.memory.reasons import Asking
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import Owner, Remembered
from tzurot.memory.v1 import (
    claim_service_pb2,
    claim_service_pb2_grpc,
    memory_pb2,
    memory_service_pb2_grpc,
)
from tzurot.memory.v1 import memory_service_pb2 as pb
from tzurot.memory.venues import Where
from tzurot.storage import pagination
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import uuid_or_none

_DEFAULT_HITS = 8
_MAXIMUM_HITS = 50
_DEFAULT_NODES = 60
_MAXIMUM_NODES = 200

Alone = Callable[[Caller, UUID], Awaitable[Where]]
"""Called with a caller and a personality: a place where nobody else listens, as memory sees it."""

Heard = Callable[[Caller, UUID | None], Awaitable[Sequence[UUID]]]
"""Called with a caller and a personality: the personas whose memories a turn with it would recall
now; the first is the one that speaks."""

Own = Callable[[Caller], Awaitable[Sequence[UUID]]]
"""Called with a caller: all personas of that person, whoever of them speaks now."""

VisiblePersonality = Callable[[UUID, UUID], Awaitable[object]]
"""Called with person and personality; raises PersonalityNotFound if that one may not be seen."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What other rooms know of who asks."""

    visible_personality: VisiblePersonality
    alone: Alone
    heard: Heard
    own: Own


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """What of the room answers."""

    memories: Memories
    purging: Purging
    recall: Recall
    graphs: Graphs


class MemoryServicer(memory_service_pb2_grpc.MemoryServiceServicer):
    """The memories of a person, under whichever of their faces they were said.

    They are theirs to see and to change whoever of them speaks now. Only what a turn would do, to
    recall and to remember, is done for the persona that speaks.
    """

    def __init__(self, parts: MemoryParts, asker: Asker) -> None:
        self._memories = parts.memories
        self._purging = parts.purging
        self._recall = parts.recall
        self._graphs = parts.graphs
        self._asker = asker

    async def GetMemory(self, request: pb.GetMemoryRequest, context: Any) -> pb.GetMemoryResponse:
        """One memory."""
        own = await self._asker.own(caller(context))
        found = await self._memories.get(own, UUID(request.memory_id))
        (message,) = await self._with_beside(own, [found])
        links = await self._memories.waypoints(own, found.memory_id)
        return pb.GetMemoryResponse(
            memory=message, waypoints=[wire.waypoint_to(link, clock.now()) for link in links]
        )

    async def ListMemories(
        self, request: pb.ListMemoriesRequest, context: Any
    ) -> pb.ListMemoriesResponse:
        """A page, newest first."""
        size, filter = pagination.size(request.page_size), wire.filter_of(request.filter)
        filters = {"personality": request.personality_id, "filter": filter.key}
        before = pagination.unseal(request.page_token, filters, UUID)
        own = await self._asker.own(caller(context))
        rows = await self._memories.list(
            own,
            personality_id=uuid_or_none(request.personality_id),
            before=before,
            limit=size + 1,
            filter=filter,
        )
        page, more = pagination.cut(rows, size, filters, lambda memory: memory.memory_id)
        return pb.ListMemoriesResponse(
            memories=await self._with_beside(own, page), next_page_token=more
        )

    async def CreateMemory(
        self, request: pb.CreateMemoryRequest, context: Any
    ) -> pb.CreateMemoryResponse:
        """Something to remember."""
        me, personality_id = caller(context), UUID(request.personality_id)
        await self._asker.visible_personality(me.person_id, personality_id)
        persona_id, *_ = await self._asker.heard(me, personality_id)
        created = await self._memories.create(
            Owner(persona_id, personality_id), request.text, uuid_or_none(request.request_id)
        )
        (message,) = await self._with_beside([persona_id], [created])
        return pb.CreateMemoryResponse(memory=message)

    async def UpdateMemory(
        self, request: pb.UpdateMemoryRequest, context: Any
    ) -> pb.UpdateMemoryResponse:
        """Other words for a memory, or a lock.

        A lock keeps it from fading and from a purge that doesn't name locked memories; not from
        whoever deletes it by its id, or deletes or edits what it came from.
        """
        change = wire.change_from(request)
        own = await self._asker.own(caller(context))
        changed = await self._memories.update(
            own, UUID(request.memory_id), text=change.text, locked=change.locked
        )
        (message,) = await self._with_beside(own, [changed])
        return pb.UpdateMemoryResponse(memory=message)

    async def PurgeMemories(
        self, request: pb.PurgeMemoriesRequest, context: Any
    ) -> pb.PurgeMemoriesResponse:
        """A preview, or the end of what one has shown."""
        me, ask = caller(context), wire.purge_from(request)
        own = await self._asker.own(me)
        await self._require_known(me, own, ask.personality_id)
        if request.confirmation:
            gone = await self._purging.purge(me.person_id, own, ask, request.confirmation)
            return wire.purged_to(gone)
        preview = await self._purging.preview(me.person_id, own, ask)
        return wire.preview_to(preview, await self._with_beside(own, preview.samples))

    async def DeleteMemory(
        self, request: pb.DeleteMemoryRequest, context: Any
    ) -> pb.DeleteMemoryResponse:
        """The end of a memory."""
        own = await self._asker.own(caller(context))
        await self._memories.delete(own, UUID(request.memory_id))
        return pb.DeleteMemoryResponse()

    async def SearchMemories(
        self, request: pb.SearchMemoriesRequest, context: Any
    ) -> pb.SearchMemoriesResponse:
        """What a turn would recall where nobody else listens; other personas if they are named."""
        me, personality_id = caller(context), UUID(request.personality_id)
        filter = wire.filter_of(request.filter)
        await self._asker.visible_personality(me.person_id, personality_id)
        whose = await self._searched(me, personality_id, filter)
        if not whose:
            return pb.SearchMemoriesResponse()
        persona_id, *others = whose
        recalled = await self._recall.search(
            request.query,
            Owner(persona_id, personality_id, tuple(others)),
            where=await self._asker.alone(me, personality_id),
            limit=pagination.size(request.limit, default=_DEFAULT_HITS, maximum=_MAXIMUM_HITS),
            filter=filter,
        )
        found = await self._with_beside(whose, recalled.hits)
        why: Sequence[Sequence[str] | None] = [None] * len(found)
        if request.explain:
            told = [(hit, hit.parts) for hit in recalled.hits]
            asking = Asking(request.query, clock.now(), personality_id)
            why = await self._recall.why(asking, told)
        return pb.SearchMemoriesResponse(
            hits=[
                wire.hit_to(memory, hit, reasons)
                for memory, hit, reasons in zip(found, recalled.hits, why, strict=True)
            ],
            degraded=recalled.degraded,
        )

    async def GetMemoryGraph(
        self, request: pb.GetMemoryGraphRequest, context: Any
    ) -> pb.GetMemoryGraphResponse:
        """Memories and their links, or whom and what they are about."""
        own, personality_id = await self._seen(context, request.personality_id)
        most = pagination.size(request.max_nodes, default=_DEFAULT_NODES, maximum=_MAXIMUM_NODES)
        read = (
            self._graphs.waypoints
            if request.view == pb.GRAPH_VIEW_WAYPOINTS
            else self._graphs.relationships
        )
        graph = await read(own, personality_id, most)
        svg = await self._graphs.svg(graph) if request.svg else ""
        return graph_wire.graph_to(graph, svg)

    async def GetMemoryStats(
        self, request: pb.GetMemoryStatsRequest, context: Any
    ) -> pb.GetMemoryStatsResponse:
        """Memories in numbers."""
        own, personality_id = await self._seen(context, request.personality_id)
        return graph_wire.stats_to(await self._graphs.stats(own, personality_id))

    async def _searched(self, me: Caller, personality_id: UUID, filter: Filter) -> Sequence[UUID]:
        """The personas whose memories may come up: of the caller's those that are named."""
        if not filter.persona_ids:
            return await self._asker.heard(me, personality_id)
        return [it for it in await self._asker.own(me) if it in filter.persona_ids]

    async def _seen(self, context: Any, personality_id: str) -> tuple[Sequence[UUID], UUID | None]:
        """The caller's personas, and the one character that is meant, if it is one."""
        me, whose = caller(context), uuid_or_none(personality_id)
        if whose:
            await self._asker.visible_personality(me.person_id, whose)
        return await self._asker.own(me), whose

    async def _require_known(
        self, me: Caller, own: Sequence[UUID], personality_id: UUID | None
    ) -> None:
        """Raises PersonalityNotFound of a character that remembers nothing and may not be seen.

        What one remembers of them is theirs to delete, even if they may not see it any more.
        """
        if personality_id is None or await self._memories.any(own, personality_id):
            return
        await self._asker.visible_personality(me.person_id, personality_id)

    async def _with_beside(
        self, own: Sequence[UUID], memories: Sequence[Remembered]
    ) -> list[memory_pb2.Memory]:
        beside = await self._memories.beside(own, [memory.memory_id for memory in memories])
        return [wire.memory_to(it, beside[it.memory_id], clock.now()) for it in memories]


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
