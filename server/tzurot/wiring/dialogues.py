"""All dialogues: what each is built of."""

from tzurot.account.moderation import Moderation
from tzurot.account.personas import Personas
from tzurot.account.time_zones import TimeZones
from tzurot.flow.answering import Answering
from tzurot.flow.catalogue import Catalogue
from tzurot.flow.flows import WORK_JOB, Flows
from tzurot.flow.kinds.channel_activate import ChannelActivate
from tzurot.flow.kinds.channel_browse import ChannelBrowse
from tzurot.flow.kinds.channel_budget import ChannelBudget
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
from tzurot.flow.kinds.deny_add import DenyAdd
from tzurot.flow.kinds.deny_browse import DenyBrowse
from tzurot.flow.kinds.help import Help
from tzurot.flow.kinds.history_browse import HistoryBrowse
from tzurot.flow.kinds.history_clear import HistoryClear
from tzurot.flow.kinds.history_delete import HistoryDelete
from tzurot.flow.kinds.history_stats import HistoryStats
from tzurot.flow.kinds.history_undo import HistoryUndo
from tzurot.flow.kinds.knowledge_browse import KnowledgeBrowse
from tzurot.flow.kinds.lorebook_browse import LorebookBrowse
from tzurot.flow.kinds.lorebook_test import LorebookTest
from tzurot.flow.kinds.me_front import MeFront
from tzurot.flow.kinds.me_model import MeModel
from tzurot.flow.kinds.me_time import MeTime
from tzurot.flow.kinds.memory_add import MemoryAdd
from tzurot.flow.kinds.memory_browse import MemoryBrowse
from tzurot.flow.kinds.memory_dreams import MemoryDreams
from tzurot.flow.kinds.memory_export import MemoryExport
from tzurot.flow.kinds.memory_facts import MemoryFacts
from tzurot.flow.kinds.memory_forget import MemoryForget
from tzurot.flow.kinds.memory_fresh import MemoryFresh
from tzurot.flow.kinds.memory_graph import MemoryGraph
from tzurot.flow.kinds.memory_incognito import MemoryIncognito
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.kinds.memory_purge import MemoryPurge
from tzurot.flow.kinds.memory_search import MemorySearch as SearchFlow
from tzurot.flow.kinds.memory_stats import MemoryStats
from tzurot.flow.kinds.memory_undo import MemoryUndo
from tzurot.flow.kinds.message_alternatives import MessageAlternatives
from tzurot.flow.kinds.message_delete import MessageDelete
from tzurot.flow.kinds.message_edit import MessageEdit
from tzurot.flow.kinds.models import Models
from tzurot.flow.kinds.note import Note
from tzurot.flow.kinds.one_memory import OneMemory
from tzurot.flow.kinds.preset_browse import PresetBrowse
from tzurot.flow.kinds.preset_create import PresetCreate
from tzurot.flow.kinds.sections import Sections
from tzurot.flow.kinds.turn_why import TurnWhy
from tzurot.flow.kinds.wallet_explain import WalletExplain
from tzurot.flow.kinds.wallet_keys import WalletKeys
from tzurot.flow.kinds.wallet_sponsor import WalletSponsor
from tzurot.flow.kinds.wallet_usage import WalletUsage
from tzurot.flow.servicer import FlowServicer
from tzurot.flow.wire import CharacterRules
from tzurot.flow.working import SWEEP_CRON, SWEEP_JOB, Working
from tzurot.memory.browsing import Memories
from tzurot.memory.graph.graphs import Graphs
from tzurot.memory.purging import Purging
from tzurot.memory.reflection.dreams import Dreams
from tzurot.personality.avatars.avatars import Avatars
from tzurot.personality.cloning import Cloning
from tzurot.personality.lorebooks.lore_entries import LoreEntries
from tzurot.personality.lorebooks.lore_shelf import LoreShelf
from tzurot.personality.names.aliases import Aliases
from tzurot.personality.overrides.overrides import Overrides
from tzurot.personality.sharing.shares import Sharing
from tzurot.session.channels.channels import Channels
from tzurot.session.channels.direct import Direct
from tzurot.session.conversations import Conversations
from tzurot.session.histories.histories import Histories
from tzurot.session.messages.messages import Messages
from tzurot.session.rooms import Rooms
from tzurot.session.settings.deciding import Deciding
from tzurot.transfer.importing import Importing
from tzurot.transfer.memory_exporting import MemoryExporting
from tzurot.wallet.budgets.budgets import Budgets
from tzurot.wallet.usage.usage import Usage
from tzurot.wiring.models import Offered


def flow_servicer(  # noqa: PLR0913, PLR0917  what dialogues are about
    rooms: Rooms,
    memories: Memories,
    graphs: Graphs,
    importing: Importing,
    avatars: Avatars,
    offered: Offered,
) -> FlowServicer:
    """The service, and the jobs that work for dialogues."""
    catalogue = _catalogue(rooms, memories, graphs, importing, avatars, offered)
    flows = Flows(rooms.database, rooms.jobs, catalogue)
    working = Working(rooms.database, catalogue)
    rooms.jobs.register(WORK_JOB, working.work)
    rooms.jobs.register(SWEEP_JOB, working.sweep, cron=SWEEP_CRON)
    return FlowServicer(flows, Answering(rooms.database, rooms.jobs, flows))


def _catalogue(  # noqa: PLR0913, PLR0917  the same
    rooms: Rooms,
    memories: Memories,
    graphs: Graphs,
    importing: Importing,
    avatars: Avatars,
    offered: Offered,
) -> Catalogue:
    characters, forms = rooms.characters, Sections(CharacterRules())
    personas = Personas(rooms.database, memories.forget_persona)
    owners = Owners(personas, graphs, rooms)
    shelf, messages = LoreShelf(rooms.database, characters), Messages(rooms)
    about_conversations = (Histories(rooms), Conversations(rooms), characters)
    catalogue = Catalogue(
        [
            ChannelActivate(Channels(rooms), characters),
            ChannelBrowse(Channels(rooms), Deciding(rooms)),
            ChannelBudget(Budgets(rooms.database)),
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
            HistoryBrowse(*about_conversations, messages),
            HistoryClear(*about_conversations),
            HistoryDelete(*about_conversations),
            HistoryStats(*about_conversations),
            HistoryUndo(*about_conversations),
            Note(*about_conversations),
            MessageAlternatives(messages),
            MessageDelete(messages),
            MessageEdit(messages),
            DenyAdd(Moderation(rooms.database), characters),
            DenyBrowse(Moderation(rooms.database), characters),
            KnowledgeBrowse(rooms.database, rooms.knowledge, characters),
            LorebookBrowse(rooms.lorebooks, LoreEntries(rooms.database), shelf, characters),
            LorebookTest(rooms.lorebooks, shelf, characters),
            MeFront(personas, Deciding(rooms)),
            MeModel(offered.choosing),
            MeTime(TimeZones(rooms.database)),
            MemoryAdd(messages, memories, characters, rooms),
            MemoryBrowse(memories, owners),
            MemoryDreams(Dreams(rooms.database), owners),
            MemoryFacts(rooms.facts, owners),
            MemoryForget(rooms, characters),
            MemoryFresh(Deciding(rooms), characters),
            MemoryIncognito(Deciding(rooms), characters),
            MemoryExport(MemoryExporting(rooms.database, characters), owners),
            MemoryGraph(memories, owners),
            MemoryPurge(Purging(rooms.database, rooms.jobs), owners),
            SearchFlow(memories, owners),
            MemoryStats(owners),
            MemoryUndo(rooms.facts, owners),
            Models(offered.browsing, offered.choosing, Deciding(rooms)),
            PresetBrowse(rooms.presets, Deciding(rooms)),
            PresetCreate(rooms.presets, Deciding(rooms)),
            WalletExplain(rooms.wallet, Deciding(rooms), characters),
            WalletKeys(offered.keys),
            WalletSponsor(offered.sponsors, offered.choosing),
            WalletUsage(Usage(rooms.database), Budgets(rooms.database)),
            TurnWhy(rooms.database, Conversations(rooms), characters, OneMemory(memories, owners)),
        ]
    )
    return Catalogue([*catalogue.kinds, Help(catalogue)])
