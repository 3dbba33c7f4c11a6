"""FactService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.memory.facts.fact_wire import fact_to, states_from
from tzurot.memory.facts.facts import Facts
from tzurot.memory.remembering import Owner
from tzurot.memory.servicer import Asker
from tzurot.memory.v1 import fact_service_pb2 as pb
from tzurot.memory.v1 import fact_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import uuid_or_none


class FactServicer(fact_service_pb2_grpc.FactServiceServicer):
    """What characters know of a person, under whichever of their faces they said it."""

    def __init__(self, facts: Facts, asker: Asker) -> None:
        self._facts = facts
        self._asker = asker

    async def GetFact(self, request: pb.GetFactRequest, context: Any) -> pb.GetFactResponse:
        """One fact, and what it superseded."""
        own = await self._asker.own(caller(context))
        found, superseded = await self._facts.get(own, UUID(request.fact_id))
        return pb.GetFactResponse(fact=fact_to(found), superseded=map(fact_to, superseded))

    async def ListFacts(self, request: pb.ListFactsRequest, context: Any) -> pb.ListFactsResponse:
        """A page, newest first."""
        size = pagination.size(request.page_size)
        own = await self._asker.own(caller(context))
        named = set(map(UUID, request.persona_ids))
        meant = [it for it in own if not named or it in named]
        states = states_from(request.states)
        filters = {
            "facts": request.personality_id,
            "personas": ",".join(sorted(request.persona_ids)),
            "states": ",".join(sorted(states)),
        }
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._facts.list(
            meant,
            personality_id=uuid_or_none(request.personality_id),
            states=states,
            before=before,
            limit=size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda fact: fact.fact_id)
        return pb.ListFactsResponse(facts=map(fact_to, page), next_page_token=more)

    async def CreateFact(
        self, request: pb.CreateFactRequest, context: Any
    ) -> pb.CreateFactResponse:
        """What the caller tells of themselves, as whoever they speak as now."""
        me, personality_id = caller(context), UUID(request.personality_id)
        await self._asker.visible_personality(me.person_id, personality_id)
        persona_id, *_ = await self._asker.heard(me, personality_id)
        created = await self._facts.create(
            Owner(persona_id, personality_id), request.text, uuid_or_none(request.request_id)
        )
        return pb.CreateFactResponse(fact=fact_to(created))

    async def CorrectFact(
        self, request: pb.CorrectFactRequest, context: Any
    ) -> pb.CorrectFactResponse:
        """Other words for a fact."""
        own = await self._asker.own(caller(context))
        corrected = await self._facts.correct(own, UUID(request.fact_id), request.text)
        return pb.CorrectFactResponse(fact=fact_to(corrected))

    async def ConfirmFact(
        self, request: pb.ConfirmFactRequest, context: Any
    ) -> pb.ConfirmFactResponse:
        """A yes."""
        own = await self._asker.own(caller(context))
        confirmed = await self._facts.confirm(own, UUID(request.fact_id))
        return pb.ConfirmFactResponse(fact=fact_to(confirmed))

    async def RevertFact(
        self, request: pb.RevertFactRequest, context: Any
    ) -> pb.RevertFactResponse:
        """Back to what was known before."""
        own = await self._asker.own(caller(context))
        before = await self._facts.revert(own, UUID(request.fact_id))
        return pb.RevertFactResponse(fact=fact_to(before) if before else None)

    async def ForgetFact(
        self, request: pb.ForgetFactRequest, context: Any
    ) -> pb.ForgetFactResponse:
        """The end of a fact."""
        own = await self._asker.own(caller(context))
        await self._facts.forget(own, UUID(request.fact_id))
        return pb.ForgetFactResponse()
