"""The same server with other models: what it has no setting for."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from tests.conftest import RunningServer
from tests.session.stage import Stage
from tzurot.account.fronting import Fronters
from tzurot.fetching.fetcher import Fetcher
from tzurot.llm.embeddings import Embedder
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.memory.facts.facts import Facts
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Recall
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge.knowledge import Knowledge
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.session.delivery.replicas import Replicas
from tzurot.session.incognito.held import Held
from tzurot.session.rooms import Rooms
from tzurot.session.servicer import SessionServicer
from tzurot.skill.skills import Skills
from tzurot.storage.signals import Signals
from tzurot.transport import server
from tzurot.transport.server import Binding
from tzurot.wallet.paying import Wallet
from tzurot.wallet.presets.presets import Presets
from tzurot.wiring.finding import withholding_of
from tzurot_client import connect


def speaker(stage: Stage, **fields: object) -> Speaker:
    """The scripted model, with other properties."""
    usual = Speaker(SpeakerKind.CONFIGURED, "Scripted", "scripted", stage.model.base_url)
    return replace(usual, **fields)


@asynccontextmanager
async def answering(stage: Stage, *speakers: Speaker) -> AsyncIterator[Stage]:
    """The stage with these models instead of its own, without skills."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(connections())
        models = [OpenAICompatibleModel(speaker, http) for speaker in speakers]
        listening = await stack.enter_async_context(_served(stage.server, Wallet(models, False)))
        client = await stack.enter_async_context(connect(listening, stage.server.token))
        yield replace(stage, client=client)


@asynccontextmanager
async def _served(running: RunningServer, wallet: Wallet) -> AsyncIterator[str]:
    parts, embedder = running.parts, Embedder()
    reader = Meaning(embedder)
    await reader.prepare()  # else the first turn waits for it, and has a deadline
    index, meaning = PgVectorIndex(parts.database), Slots(parts.database, reader)
    recall = Recall(parts.database, meaning, index, index)
    characters = Characters(parts.database)
    url = parts.database.engine.url.render_as_string(hide_password=False)
    signals = Signals(url, parts.database)
    rooms = Rooms(
        parts.database,
        parts.jobs,
        characters,
        Lorebooks(parts.database, characters),
        Knowledge(parts.database, characters, meaning, parts.jobs),
        recall,
        Facts(
            parts.database,
            parts.jobs,
            Meaning(embedder),
            withholding_of(parts.database, Meaning(embedder), meaning),
        ),
        wallet,
        Presets(parts.database, wallet),
        Skills([]),
        parts.delivery,
        signals,
        Replicas(signals, parts.delivery, parts.database),
        Fronters(Fetcher(), base=""),
        Held(),
    )
    services = [
        replace(service, servicer=SessionServicer(rooms))
        if isinstance(service.servicer, SessionServicer)
        else service
        for service in parts.services
    ]
    binding = Binding("127.0.0.1", 0, insecure=False)
    try:
        async with server.serve(services, parts.tokens.authenticate, binding) as listening:
            yield listening.address
    finally:
        embedder.close()
