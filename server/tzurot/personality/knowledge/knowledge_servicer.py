"""KnowledgeService: read the message, call the room, write the message."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from tzurot.formats import caps
from tzurot.personality import wire
from tzurot.personality.knowledge import knowledge_wire
from tzurot.personality.knowledge.knowledge import Knowledge, TextFile
from tzurot.personality.v1 import knowledge_service_pb2 as pb
from tzurot.personality.v1 import knowledge_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport import uploads
from tzurot.transport.subject import caller

_DEFAULT_HITS = 8
_MAXIMUM_HITS = 50


class KnowledgeServicer(knowledge_service_pb2_grpc.KnowledgeServiceServicer):
    """What characters know from documents."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def UploadDocument(
        self, request_iterator: AsyncIterator[pb.UploadDocumentRequest], context: Any
    ) -> pb.UploadDocumentResponse:
        """A text, Markdown or PDF file that a character is to know."""
        header, chunks = await uploads.opened(request_iterator)
        content = await uploads.collected(
            chunks,
            size_bytes=header.size_bytes,
            sha256=header.sha256,
            limit_bytes=caps.TEXT_FILE,
        )
        known = await self._knowledge.upload(
            caller(context).person_id,
            wire.ref_from(header.personality),
            TextFile(content, header.file_name, header.title),
        )
        return pb.UploadDocumentResponse(document=knowledge_wire.document_to(known))

    async def GetDocument(
        self, request: pb.GetDocumentRequest, context: Any
    ) -> pb.GetDocumentResponse:
        """One document with its text."""
        known = await self._knowledge.get(caller(context).person_id, UUID(request.document_id))
        return pb.GetDocumentResponse(document=knowledge_wire.document_to(known))

    async def ListDocuments(
        self, request: pb.ListDocumentsRequest, context: Any
    ) -> pb.ListDocumentsResponse:
        """A page of a character's documents, newest first."""
        ref = wire.ref_from(request.personality)
        size, filters = pagination.size(request.page_size), {"documents_of": str(ref)}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._knowledge.list(
            caller(context).person_id, ref, before=before, limit=size + 1
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListDocumentsResponse(
            documents=[knowledge_wire.document_to(row) for row in page], next_page_token=more
        )

    async def DeleteDocument(
        self, request: pb.DeleteDocumentRequest, context: Any
    ) -> pb.DeleteDocumentResponse:
        """The end of a document."""
        await self._knowledge.delete(caller(context).person_id, UUID(request.document_id))
        return pb.DeleteDocumentResponse()

    async def SearchKnowledge(
        self, request: pb.SearchKnowledgeRequest, context: Any
    ) -> pb.SearchKnowledgeResponse:
        """What a turn would recall for a question."""
        hits = await self._knowledge.search(
            caller(context).person_id,
            wire.ref_from(request.personality),
            request.query,
            pagination.size(request.limit, default=_DEFAULT_HITS, maximum=_MAXIMUM_HITS),
        )
        return pb.SearchKnowledgeResponse(passages=[knowledge_wire.passage_to(it) for it in hits])
