"""Every part, built once, in order."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import text

import tzurot
from tzurot.account.fronting import Fronters
from tzurot.account.moderation import Moderation
from tzurot.account.moderation_servicer import ModerationServicer
from tzurot.account.personas import Personas
from tzurot.account.servicer import AccountServicer, AdminServicer, ServerInfo
from tzurot.account.tokens import Tokens
from tzurot.config import Settings
from tzurot.fetching.fetcher import Fetcher
from tzurot.llm.embeddings import Embedder, commonness
from tzurot.llm.local import LocalModel
from tzurot.memory import wire as memory_wire
from tzurot.memory.browsing import Memories
from tzurot.memory.claims import Claims, Rights
from tzurot.memory.facts.fact_servicer import FactServicer
from tzurot.memory.facts.facts import Facts
from tzurot.memory.graph.graphs import Graphs
from tzurot.memory.index.outbox import Relay
from tzurot.memory.meaning import Meaning
from tzurot.memory.purging import Purging
from tzurot.memory.reflection.dream_servicer import DreamServicer
from tzurot.memory.servicer import Asker, ClaimServicer, MemoryParts, MemoryServicer
from tzurot.personality.avatars.avatars import Avatars
from tzurot.personality.characters import Characters
from tzurot.personality.cloning import Cloning
from tzurot.personality.knowledge.knowledge import EMBED_JOB, Knowledge
from tzurot.personality.knowledge.knowledge_servicer import KnowledgeServicer
from tzurot.personality.lorebooks.lore_entries import LoreEntries
from tzurot.personality.lorebooks.lore_servicer import LorebookServicer
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.personality.names.alias_servicer import AliasServicer
from tzurot.personality.names.aliases import Aliases
from tzurot.personality.overrides.override_servicer import OverrideServicer
from tzurot.personality.overrides.overrides import Overrides
from tzurot.personality.servicer import PersonalityServicer
from tzurot.personality.sharing.shares import Sharing
from tzurot.personality.sharing.sharing_servicer import SharingServicer
from tzurot.session.channels.channel_servicer import ChannelServicer
from tzurot.session.delivery.delivery import Delivery
from tzurot.session.delivery.leases import Leases
from tzurot.session.delivery.replicas import Replicas
from tzurot.session.histories.history_servicer import HistoryServicer
from tzurot.session.incognito import letting_go
from tzurot.session.incognito.held import Held
from tzurot.session.limits import limits
from tzurot.session.messages.message_servicer import MessageServicer
from tzurot.session.rooms import Rooms
from tzurot.session.servicer import SessionServicer
from tzurot.session.settings.setting_servicer import SettingServicer
from tzurot.skill.builtin.memory_search import MemorySearch
from tzurot.skill.servicer import SkillServicer
from tzurot.skill.skills import Skills
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.storage.signals import Signals
from tzurot.transfer.arriving import Arriving
from tzurot.transfer.companions import Companions
from tzurot.transfer.exporting import Exporting
from tzurot.transfer.importing import Importing
from tzurot.transfer.memory_exporting import MemoryExporting
from tzurot.transfer.servicer import TransferServicer
from tzurot.transport.server import Service
from tzurot.wallet.budgets.budgets import Budgets
from tzurot.wallet.presets.preset_servicer import PresetServicer
from tzurot.wallet.servicer import WalletServicer
from tzurot.wallet.sponsors.sponsor_servicer import SponsorServicer
from tzurot.wallet.usage.usage import Usage
from tzurot.wiring.asking import alone, called, heard, own, payers, search
from tzurot.wiring.chores import chores, dreaming_of, learning_in, summarizing_in
from tzurot.wiring.dialogues import flow_servicer
from tzurot.wiring.finding import engine_of, finding, progress, slots_of, withholding_of
from tzurot.wiring.models import Offered, offered_in


@dataclass(frozen=True, slots=True)
class Parts:
    """What `serve` and `worker` run."""

    database: Database
    jobs: Jobs
    tokens: Tokens
    delivery: Delivery
    leases: Leases
    services: Sequence[Service]
    warm: Callable[[], Coroutine[Any, Any, None]]
    """Loads what the first turn would wait for."""


@asynccontextmanager
async def build(
    settings: Settings,
    database_url: str,
    fetcher: Fetcher | None = None,
    embedder: Embedder | None = None,
) -> AsyncGenerator[Parts]:
    """All parts on the database at `database_url`; leaving closes them in reverse.

    `fetcher` is the way to the open internet, `embedder` what reads texts.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(database_url))
        jobs = await stack.enter_async_context(Jobs.open(database_url))
        signals = await stack.enter_async_context(Signals.open(database_url, database))
        embedder = embedder or Embedder()
        stack.callback(embedder.close)

        meaning = Meaning(embedder)
        slots = await slots_of(settings, database, meaning, stack)
        engine = await engine_of(settings, database, stack)
        withholding = withholding_of(database, meaning, slots)
        recall, relay = await finding(database, jobs, slots, engine, withholding)
        characters = Characters(database)
        knowledge = Knowledge(database, characters, slots, jobs)
        facts = Facts(database, jobs, meaning, withholding)
        jobs.register(EMBED_JOB, knowledge.embed, lock=EMBED_JOB)
        jobs.register(f"{EMBED_JOB}.all", knowledge.embed, cron="* * * * *", lock=EMBED_JOB)
        fetcher = fetcher or Fetcher()
        take_check = partial(limits.take_key_check, database)
        offered = await offered_in(settings, database, jobs, signals, fetcher, take_check, stack)
        delivery, tokens, held = Delivery(), Tokens(database), Held()
        await stack.enter_async_context(letting_go.watching(held, signals, database))
        rooms = Rooms(
            database,
            jobs,
            characters,
            Lorebooks(database, characters),
            knowledge,
            recall,
            facts,
            offered.wallet,
            offered.presets,
            Skills([MemorySearch(search(recall, facts))]),
            delivery,
            signals,
            await stack.enter_async_context(Replicas.open(signals, delivery, database)),
            Fronters(fetcher, settings.pluralkit_url),
            held,
        )
        chores(database, jobs, signals)
        learning_in(rooms, meaning)
        summarizing_in(rooms)

        async def server_info() -> ServerInfo:
            return await _server_info(database, relay, settings, delivery)

        admin = AdminServicer(tokens, server_info)
        made = _servicers(rooms, offered, fetcher, meaning)
        services = [Service.of(it) for it in (admin, *made)]

        async def warm() -> None:
            await slots.prepare()
            best = next(iter(offered.wallet.models), None)
            if isinstance(best, LocalModel):
                await best.load()

        yield Parts(database, jobs, tokens, delivery, Leases(database, delivery), services, warm)


def _servicers(
    rooms: Rooms, offered: Offered, fetcher: Fetcher, meaning: Meaning
) -> Iterator[object]:
    """All services but the operator's."""
    database, jobs, characters = rooms.database, rooms.jobs, rooms.characters
    memories, avatars = Memories(database, jobs), Avatars(database, characters)
    companions = Companions(rooms.lorebooks, rooms.knowledge, jobs)
    arriving = Arriving(characters, companions)
    importing = Importing(database, arriving, fetcher, meaning)
    exporting = Exporting(database, characters, rooms.lorebooks, rooms.knowledge)
    graphs = Graphs(database, called(database, characters), commonness)
    asker = Asker(characters.get, alone(rooms), heard(rooms), own(database))
    rights = Rights(characters.get, characters.require_owned, characters.owned_ids)
    cloning, forget = Cloning(database, characters), memories.forget_personality
    yield PersonalityServicer(characters, cloning, avatars, forget)
    yield SharingServicer(Sharing(database, characters))
    yield AliasServicer(Aliases(database, characters))
    yield OverrideServicer(Overrides(database, characters))
    yield LorebookServicer(rooms.lorebooks, LoreEntries(database))
    yield KnowledgeServicer(rooms.knowledge)
    remembering = MemoryParts(memories, Purging(database, jobs), rooms.recall, graphs)
    yield MemoryServicer(remembering, asker)
    yield FactServicer(rooms.facts, asker)
    yield DreamServicer(dreaming_of(rooms), own(database))
    yield ClaimServicer(Claims(database, jobs, rights))
    yield WalletServicer(
        rooms.wallet,
        offered.browsing,
        offered.keys,
        offered.choosing,
        payers(rooms),
        Usage(database),
        Budgets(database),
    )
    yield PresetServicer(rooms.presets, payers(rooms))
    yield SponsorServicer(offered.sponsors)
    yield SessionServicer(rooms)
    yield HistoryServicer(rooms)
    yield SettingServicer(rooms)
    yield ChannelServicer(rooms)
    yield MessageServicer(rooms)
    yield TransferServicer(
        importing, exporting, MemoryExporting(database, characters), memory_wire.filter_of
    )
    yield SkillServicer(rooms.skills)
    yield AccountServicer(database, Personas(database, memories.forget_persona))
    yield ModerationServicer(Moderation(database))
    yield flow_servicer(rooms, memories, graphs, importing, avatars, offered)


async def _server_info(
    database: Database, relay: Relay, settings: Settings, delivery: Delivery
) -> ServerInfo:
    async with database.transaction() as tx:
        version = str(await tx.scalar(text("SHOW server_version")))
        revision = str(await tx.scalar(text("SELECT version_num FROM alembic_version")))
    reached = await progress(database, settings)
    return ServerInfo(
        version=tzurot.__version__,
        database_version=f"PostgreSQL {version.split(maxsplit=1)[0]}",
        schema_revision=revision,
        index_engine=reached.engine,
        index_backlog_count=await relay.backlog(),
        running_turn_count=len(delivery.running_turns),
        embedding_model=reached.model,
        next_embedding_model=reached.next_model,
        unread_count=reached.unread_count,
        index_complete=reached.is_index_complete,
    )
