"""Every part, built once, in order: the only file that knows all rooms."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

import tzurot
from tzurot.account import moderation as account_moderation
from tzurot.account import people
from tzurot.account.fronting import Fronters
from tzurot.account.moderation import Moderation
from tzurot.account.moderation_servicer import ModerationServicer
from tzurot.account.personas import Personas
from tzurot.account.servicer import AccountServicer, AdminServicer, ServerInfo
from tzurot.account.tokens import Tokens
from tzurot.config import Settings
from tzurot.errors import StartupError
from tzurot.fetching.fetcher import Fetcher
from tzurot.flow.answering import Answering
from tzurot.flow.catalogue import Catalogue
from tzurot.flow.flows import WORK_JOB, Flows
from tzurot.flow.kinds.channel_activate import ChannelActivate
from tzurot.flow.kinds.channel_browse import ChannelBrowse
from tzurot.flow.kinds.channel_deactivate import ChannelDeactivate
from tzurot.flow.kinds.character_aliases import CharacterAliases
from tzurot.flow.kinds.character_avatar import CharacterAvatar
from tzurot.flow.kinds.character_browse import CharacterBrowse
from tzurot.flow.kinds.character_chat import CharacterChat
from tzurot.flow.kinds.character_clone import CharacterClone
from tzurot.flow.kinds.character_create import CharacterCreate
from tzurot.flow.kinds.character_delete import CharacterDelete
from tzurot.flow.kinds.character_edit import CharacterEdit
from tzurot.flow.kinds.character_import import CharacterImport
from tzurot.flow.kinds.character_override import CharacterOverride
from tzurot.flow.kinds.character_share import CharacterShare
from tzurot.flow.kinds.conversation_reset import ConversationReset
from tzurot.flow.kinds.deny_add import DenyAdd
from tzurot.flow.kinds.deny_browse import DenyBrowse
from tzurot.flow.kinds.help import Help
from tzurot.flow.kinds.knowledge_browse import KnowledgeBrowse
from tzurot.flow.kinds.lorebook_browse import LorebookBrowse
from tzurot.flow.kinds.lorebook_test import LorebookTest
from tzurot.flow.kinds.me_front import MeFront
from tzurot.flow.kinds.memory_add import MemoryAdd
from tzurot.flow.kinds.memory_browse import MemoryBrowse
from tzurot.flow.kinds.memory_search import MemorySearch as SearchFlow
from tzurot.flow.kinds.message_alternatives import MessageAlternatives
from tzurot.flow.kinds.message_delete import MessageDelete
from tzurot.flow.kinds.message_edit import MessageEdit
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.kinds.turn_why import TurnWhy
from tzurot.flow.servicer import FlowServicer
from tzurot.flow.wire import CharacterRules
from tzurot.flow.working import SWEEP_CRON, SWEEP_JOB, Working
from tzurot.llm import providers
from tzurot.llm.embeddings import Embedder
from tzurot.llm.local import LocalModel
from tzurot.llm.openai_compatible import OpenAICompatibleModel, connections
from tzurot.llm.providers import ModelSources
from tzurot.memory.browsing import Memories
from tzurot.memory.claims import Claims, Rights
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.recall import Hit, Recall, Sight
from tzurot.memory.remembering import INDEX_JOB, Owner
from tzurot.memory.servicer import ClaimServicer, Heard, IsAdult, MemoryServicer
from tzurot.memory.venues import Venue, Where
from tzurot.personality.avatars.avatars import Avatars
from tzurot.personality.characters import Characters
from tzurot.personality.cloning import Cloning
from tzurot.personality.knowledge.knowledge import EMBED_JOB, Knowledge
from tzurot.personality.knowledge.knowledge_servicer import KnowledgeServicer
from tzurot.personality.lorebooks.lore_entries import LoreEntries
from tzurot.personality.lorebooks.lore_servicer import LorebookServicer
from tzurot.personality.lorebooks.lore_shelf import LoreShelf
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.personality.names.alias_servicer import AliasServicer
from tzurot.personality.names.aliases import Aliases
from tzurot.personality.overrides.override_servicer import OverrideServicer
from tzurot.personality.overrides.overrides import Overrides
from tzurot.personality.servicer import PersonalityServicer
from tzurot.personality.sharing.shares import Sharing
from tzurot.personality.sharing.sharing_servicer import SharingServicer
from tzurot.session import faces
from tzurot.session.attachments import attachments
from tzurot.session.attachments.attachments import Attachments
from tzurot.session.channels import lines, proactive
from tzurot.session.channels.channel_servicer import ChannelServicer
from tzurot.session.channels.channels import Channels
from tzurot.session.channels.direct import Direct
from tzurot.session.channels.lines import Lines
from tzurot.session.channels.proactive import Proactive
from tzurot.session.conversations import Conversations
from tzurot.session.delivery.delivery import Delivery
from tzurot.session.delivery.leases import Leases
from tzurot.session.delivery.replicas import Replicas
from tzurot.session.limits import limits
from tzurot.session.limits.limits import Buckets
from tzurot.session.messages.message_servicer import MessageServicer
from tzurot.session.messages.messages import Messages
from tzurot.session.prompt import marks
from tzurot.session.rooms import Rooms
from tzurot.session.servicer import SessionServicer
from tzurot.session.settings.deciding import Deciding
from tzurot.session.settings.setting_servicer import SettingServicer
from tzurot.skill.builtin.memory_search import Found, MemorySearch, Search
from tzurot.skill.servicer import SkillServicer
from tzurot.skill.skills import Occasion, Skills
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs
from tzurot.storage.signals import Signals
from tzurot.transfer.arriving import Arriving
from tzurot.transfer.companions import Companions
from tzurot.transfer.exporting import Exporting
from tzurot.transfer.importing import Importing
from tzurot.transfer.servicer import TransferServicer
from tzurot.transport.server import Service
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import Model, Wallet
from tzurot.wallet.servicer import WalletServicer


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
        in_database = PgVectorIndex(database)
        index = await stack.enter_async_context(_index(settings, in_database))
        recall = Recall(database, meaning, index, fallback=in_database)
        relay = Relay(database, meaning, index)
        jobs.register(INDEX_JOB, relay.drain)
        jobs.register(f"{INDEX_JOB}.all", relay.drain, cron="* * * * *")
        memories = Memories(database, jobs)

        characters = Characters(database)
        avatars = Avatars(database, characters)
        lorebooks = Lorebooks(database, characters)
        knowledge = Knowledge(database, characters, meaning, jobs)
        jobs.register(EMBED_JOB, knowledge.embed, lock=EMBED_JOB)
        jobs.register(f"{EMBED_JOB}.all", knowledge.embed, cron="* * * * *", lock=EMBED_JOB)
        wallet = Wallet(await _models(settings, stack), settings.share_operator_key)
        skills = Skills([MemorySearch(_search(recall))])
        delivery = Delivery()
        rooms = Rooms(
            database,
            jobs,
            characters,
            lorebooks,
            knowledge,
            recall,
            wallet,
            skills,
            delivery,
            signals,
            await stack.enter_async_context(Replicas.open(signals, delivery, database)),
            Fronters(fetcher or Fetcher(), settings.pluralkit_url),
        )
        _chores(database, jobs, signals)
        arriving = Arriving(characters, Companions(lorebooks, knowledge, jobs))
        importing = Importing(database, arriving, fetcher or Fetcher())
        tokens = Tokens(database)

        async def server_info() -> ServerInfo:
            engine = "weaviate" if settings.weaviate_url else "postgres"
            return await _server_info(database, relay, engine, delivery)

        rights = Rights(characters.get, characters.require_owned, characters.owned_ids)
        servicers = [
            PersonalityServicer(
                characters,
                Cloning(database, characters),
                avatars,
                memories.forget_personality,
            ),
            SharingServicer(Sharing(database, characters)),
            AliasServicer(Aliases(database, characters)),
            OverrideServicer(Overrides(database, characters)),
            LorebookServicer(lorebooks, LoreEntries(database)),
            KnowledgeServicer(knowledge),
            MemoryServicer(memories, recall, characters.get, _is_adult(database), _heard(rooms)),
            ClaimServicer(Claims(database, jobs, rights)),
            WalletServicer(wallet),
            SessionServicer(rooms),
            SettingServicer(rooms),
            ChannelServicer(rooms),
            MessageServicer(rooms),
            TransferServicer(importing, Exporting(database, characters, lorebooks, knowledge)),
            SkillServicer(skills),
            AccountServicer(database, Personas(database, memories.forget_persona)),
            AdminServicer(tokens, server_info),
            ModerationServicer(Moderation(database)),
            _flow_servicer(rooms, _catalogue(rooms, memories, importing, avatars)),
        ]
        services = [Service.of(servicer) for servicer in servicers]

        async def warm() -> None:
            await meaning.prepare()
            best = wallet.models[0] if wallet.models else None
            if isinstance(best, LocalModel):
                await best.load()

        yield Parts(database, jobs, tokens, delivery, Leases(database, delivery), services, warm)


def _chores(database: Database, jobs: Jobs, signals: Signals) -> None:
    """What is looked after from time to time."""
    moderation, buckets, said = Moderation(database), Buckets(database), Lines(database)
    jobs.register(
        account_moderation.SWEEP_JOB, moderation.sweep, cron=account_moderation.SWEEP_CRON
    )
    jobs.register(limits.SWEEP_JOB, buckets.sweep, cron=limits.SWEEP_CRON)
    thrown_away = Attachments(database).sweep
    jobs.register(attachments.SWEEP_JOB, thrown_away, cron=attachments.SWEEP_CRON)
    jobs.register(lines.FORGET_JOB, said.forget, cron=lines.FORGET_CRON)
    look = Proactive(database, signals).look
    jobs.register(proactive.LOOK_JOB, look, cron=proactive.LOOK_CRON)


def _flow_servicer(rooms: Rooms, catalogue: Catalogue) -> FlowServicer:
    flows = Flows(rooms.database, rooms.jobs, catalogue)
    working = Working(rooms.database, catalogue)
    rooms.jobs.register(WORK_JOB, working.work)
    rooms.jobs.register(SWEEP_JOB, working.sweep, cron=SWEEP_CRON)
    return FlowServicer(flows, Answering(rooms.database, rooms.jobs, flows))


def _catalogue(
    rooms: Rooms, memories: Memories, importing: Importing, avatars: Avatars
) -> Catalogue:
    characters, forms = rooms.characters, Sections(CharacterRules())
    shelf, messages = LoreShelf(rooms.database, characters), Messages(rooms)
    catalogue = Catalogue(
        [
            ChannelActivate(Channels(rooms), characters),
            ChannelBrowse(Channels(rooms), Deciding(rooms)),
            ChannelDeactivate(Channels(rooms), characters),
            CharacterAliases(characters, Aliases(rooms.database, characters)),
            CharacterAvatar(rooms.database, characters, avatars),
            CharacterBrowse(characters),
            CharacterChat(characters, Direct(rooms)),
            CharacterClone(characters, Cloning(rooms.database, characters), forms),
            CharacterCreate(characters, forms),
            CharacterDelete(characters, memories, Conversations(rooms)),
            CharacterEdit(characters, forms),
            CharacterImport(rooms.database, characters, importing),
            CharacterOverride(characters, Overrides(rooms.database, characters), Deciding(rooms)),
            CharacterShare(characters, Sharing(rooms.database, characters)),
            ConversationReset(Conversations(rooms), characters),
            MessageAlternatives(messages),
            MessageDelete(messages),
            MessageEdit(messages),
            DenyAdd(Moderation(rooms.database), characters),
            DenyBrowse(Moderation(rooms.database), characters),
            KnowledgeBrowse(rooms.database, rooms.knowledge, characters),
            LorebookBrowse(rooms.lorebooks, LoreEntries(rooms.database), shelf, characters),
            LorebookTest(rooms.lorebooks, shelf, characters),
            MeFront(Personas(rooms.database, memories.forget_persona), Deciding(rooms)),
            MemoryAdd(messages, memories, characters, rooms),
            MemoryBrowse(memories, characters, rooms),
            SearchFlow(memories, characters, _is_adult(rooms.database), rooms),
            TurnWhy(rooms.database, Conversations(rooms), characters),
        ]
    )
    return Catalogue([*catalogue.kinds, Help(catalogue)])


@asynccontextmanager
async def _index(settings: Settings, in_database: MemoryIndex) -> AsyncGenerator[MemoryIndex]:
    """Weaviate if it is configured, else Postgres itself."""
    if settings.weaviate_url is None:
        yield in_database
        return
    from tzurot.memory.index.weaviate import WeaviateIndex

    if settings.weaviate_url.rstrip("/").endswith(f":{settings.weaviate_grpc_port}"):
        raise StartupError("TZUROT_WEAVIATE_GRPC_PORT must not be the port of TZUROT_WEAVIATE_URL.")
    key = settings.weaviate_api_key
    async with WeaviateIndex.open(
        settings.weaviate_url,
        grpc_port=settings.weaviate_grpc_port,
        api_key=key.get_secret_value() if key else None,
    ) as index:
        yield index


async def _models(settings: Settings, stack: AsyncExitStack) -> list[Model]:
    http = await stack.enter_async_context(connections())
    sources = ModelSources(
        model=settings.model,
        model_base_url=settings.model_base_url,
        model_api_key=settings.model_api_key,
        openrouter_api_key=settings.openrouter_api_key,
        openai_api_key=settings.openai_api_key,
        ollama_url=settings.ollama_url,
        local_model=settings.local_model,
    )
    models: list[Model] = []
    for speaker in await providers.discover(sources, http):
        if speaker.weights is None:
            models.append(OpenAICompatibleModel(speaker, http))
        else:
            local = LocalModel(speaker, http)
            stack.push_async_callback(local.close)
            models.append(local)
    return models


def _search(recall: Recall) -> Search:
    async def search(query: str, occasion: Occasion) -> list[Found]:
        recalled = await recall.search(
            query,
            Owner(occasion.persona_id, occasion.personality_id, occasion.others),
            where=_where(occasion),
            limit=6,
            excluded=Sight(occasion.hidden_turns, occasion.hidden_messages),
        )
        return [Found(hit.occur_time, _words(hit, occasion)) for hit in recalled.hits]

    return search


def _where(occasion: Occasion) -> Where:
    venue, there = Venue(occasion.venue), (occasion.platform, occasion.channel_id)
    return Where(
        venue,
        *there,
        occasion.adults,
        direct_recalled=occasion.direct_recalled,
        servers_recalled=occasion.servers_recalled,
    )


def _heard(rooms: Rooms) -> Heard:
    async def heard(caller: Caller, personality_id: UUID | None) -> Sequence[UUID]:
        return await faces.heard(caller, personality_id, rooms)

    return heard


def _is_adult(database: Database) -> IsAdult:
    async def is_adult(person_id: UUID) -> bool:
        async with database.reading() as tx:
            return await people.is_adult(tx, person_id)

    return is_adult


def _words(hit: Hit, occasion: Occasion) -> str:
    """A memory in one line: whoever said it may have meant to forge another."""
    own, said = hit.persona_id == occasion.persona_id, marks.quoted(hit.person_text)
    said_by = "They" if own else marks.name(hit.person_name) or "Somebody else of them"
    if hit.is_note:
        return f"You noted: {said}" if own else f"You noted of {said_by}: {said}"
    return f"{said_by} said: {said} You said: {marks.quoted(hit.personality_text)}"


async def _server_info(
    database: Database, relay: Relay, engine: str, delivery: Delivery
) -> ServerInfo:
    async with database.transaction() as tx:
        version = str(await tx.scalar(text("SHOW server_version")))
        revision = str(await tx.scalar(text("SELECT version_num FROM alembic_version")))
    return ServerInfo(
        version=tzurot.__version__,
        database_version=f"PostgreSQL {version.split(maxsplit=1)[0]}",
        schema_revision=revision,
        index_engine=engine,
        index_backlog_count=await relay.backlog(),
        running_turn_count=len(delivery.running_turns),
    )
