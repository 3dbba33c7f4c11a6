"""The floor: a grpc.aio stream of as many events as a turn has, and one INSERT.

    python -m benchmarks.bare_server [paced]

Paced, its words come with the pauses of paced_provider.py, as a model's do.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import grpc.aio
from sqlalchemy import Text, insert
from sqlalchemy.orm import Mapped, mapped_column

from benchmarks.paced_provider import PAUSE
from tzurot import clock
from tzurot.session.v1 import chat_event_pb2, session_service_pb2, session_service_pb2_grpc
from tzurot.storage.base import Base, Identified
from tzurot.storage.database import Database

DELTAS = 39


class Row(Base, Identified):
    """What the floor writes."""

    __tablename__ = "benchmark_rows"

    text: Mapped[str] = mapped_column(Text)


class Bare(session_service_pb2_grpc.SessionServiceServicer):
    """Streams and inserts; no identity, no rules, no memory, no model."""

    def __init__(self, database: Database, pause: float) -> None:
        self._database = database
        self._pause = pause

    async def Chat(  # noqa: N802
        self, request: session_service_pb2.ChatRequest, context: object
    ) -> AsyncIterator[session_service_pb2.ChatResponse]:
        turn_id = str(clock.uuid7())
        for sequence in range(1, DELTAS + 2):
            event = chat_event_pb2.ChatEvent(turn_id=turn_id, sequence=sequence)
            event.text_delta.text = f"word {sequence} "
            yield session_service_pb2.ChatResponse(event=event)
            if self._pause:
                await asyncio.sleep(self._pause)
        async with self._database.transaction() as tx:
            await tx.execute(insert(Row).values(id=clock.uuid7(), text=request.utterance.text))
        finished = chat_event_pb2.ChatEvent(turn_id=turn_id, sequence=DELTAS + 2)
        finished.finished.message.text = "word " * DELTAS
        yield session_service_pb2.ChatResponse(event=finished)


async def main() -> None:
    """Serve until killed; prints the port."""
    async with Database.open(os.environ["TZUROT_DATABASE_URL"]) as database:
        async with database.engine.begin() as connection:
            await connection.run_sync(Row.__table__.create, checkfirst=True)  # type: ignore[attr-defined]
        server = grpc.aio.server()
        bare = Bare(database, PAUSE if "paced" in sys.argv else 0)
        session_service_pb2_grpc.add_SessionServiceServicer_to_server(bare, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(f"serves on 127.0.0.1:{port};", flush=True)
        await server.wait_for_termination()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
