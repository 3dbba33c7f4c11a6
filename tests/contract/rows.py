"""One row for every RPC: how to ask rightly, how to ask wrongly, what is answered about others.

A new RPC without a row fails `test_rows.py`; a row says all that the tables of this folder need.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.protobuf.message import Message

from tests.calling import METHODS, request_for
from tests.contract.residents import GIFT, OLD_IDS, Ids, saying
from tzurot.personality.avatars import pictures

NOT_AN_ID = "not-an-id"
_MUCH = {"period": "BUDGET_PERIOD_DAY", "cap_tokens": 10**12}  # nobody is kept from anything
_ATTACHED = {
    "name": "bees.txt",
    "size_bytes": 4,
    "sha256": hashlib.sha256(b"bees").hexdigest(),
}
_CHANNEL = {"platform": "local", "channel_id": "1", "venue": "VENUE_PUBLIC_CHANNEL"}


@dataclass(frozen=True, slots=True)
class Row:
    """What the tables know of an RPC.

    `request` is what the owner of the handles may ask. `wrong` breaks the rule of `field`; None
    where a request has no field that could be wrong. `missing` is the reason that names somebody
    else's or no resource alike; None where the request names none, or a list or search just shows
    nothing of it. `owned`: the handles are somebody's own, not the server's. `spends`: afterwards
    the owner lacks what the handles named. `rest`: what follows the first part of an upload.
    """

    request: Callable[[Ids], Message]
    wrong: Message | None = None
    field: str = ""
    missing: str | None = None
    owned: bool = True
    spends: bool = False
    rest: tuple[Message, ...] = ()

    def asked(self, ids: Ids) -> Message | list[Message]:
        """The whole of what may be asked: an upload with all its parts."""
        return [self.request(ids), *self.rest] if self.rest else self.request(ids)


def _row(
    name: str, request: Callable[[Ids], dict[str, Any]], wrong: dict[str, Any], **more: Any
) -> Row:
    field = more.pop("field", next(iter(wrong), ""))
    return Row(
        lambda ids: request_for(name, **request(ids)),
        request_for(name, **wrong) if wrong else None,
        field,
        **more,
    )


def _by_id(name: str, field: str, handle: Callable[[Ids], str], missing: str, **more: Any) -> Row:
    return _row(name, lambda ids: {field: handle(ids)}, {field: NOT_AN_ID}, missing=missing, **more)


def _by_ref(name: str, handle: Callable[[Ids], dict[str, str]], **more: Any) -> Row:
    return _row(
        name,
        lambda ids: {"personality": handle(ids)},
        {"personality": {"id": NOT_AN_ID}},
        field="personality.id",
        missing="PERSONALITY_NOT_FOUND",
        **more,
    )


def _of_turn(name: str) -> Row:
    return _by_id(name, "turn_id", lambda ids: ids.turn, "TURN_NOT_FOUND")


def _of_conversation(name: str) -> Row:
    return _by_id(name, "conversation_id", lambda ids: ids.conversation, "CONVERSATION_NOT_FOUND")


def _of_book(name: str, **more: Any) -> Row:
    return _by_id(name, "lorebook_id", lambda ids: ids.lorebook, "LOREBOOK_NOT_FOUND", **more)


def _of_book_and_character(name: str, **more: Any) -> Row:
    return _row(
        name,
        lambda ids: {"lorebook_id": ids.lorebook, "personality": {"id": ids.personality}},
        {"lorebook_id": NOT_AN_ID, "personality": {"id": Ids.of_nothing().personality}},
        field="lorebook_id",
        missing="LOREBOOK_NOT_FOUND",
        **more,
    )


def _of_preset(name: str, **more: Any) -> Row:
    return _by_id(name, "preset_id", lambda ids: ids.preset, "PRESET_NOT_FOUND", **more)


def _of_document(name: str, **more: Any) -> Row:
    return _by_id(name, "document_id", lambda ids: ids.document, "DOCUMENT_NOT_FOUND", **more)


def _of_share(name: str, **more: str) -> Row:
    return _row(
        name,
        lambda ids: {"personality": {"id": ids.personality}, "subject": "local:guest", **more},
        {"personality": {"id": Ids.of_nothing().personality}, "subject": "nobody", **more},
        field="subject",
        missing="PERSONALITY_NOT_FOUND",
    )


def _of_message(name: str, *, spends: bool = False, **more: str) -> Row:
    return _row(
        name,
        lambda ids: {"message": {"id": ids.message}, **more},
        {"message": {"id": NOT_AN_ID}, **more},
        field="message.id",
        missing="MESSAGE_NOT_FOUND",
        spends=spends,
    )


def _of_fact(name: str, **more: Any) -> Row:
    return _by_id(name, "fact_id", lambda ids: ids.fact, "FACT_NOT_FOUND", **more)


def _of_flow(name: str) -> Row:
    return _by_id(name, "flow_id", lambda ids: ids.flow, "FLOW_NOT_FOUND")


def _of_place(name: str) -> Row:
    return _row(
        name,
        lambda _: {"place": _own_channel()},
        {"place": _own_channel() | {"channel_id": ""}},
        field="place.channel_id",
        owned=False,
    )


def _own_channel() -> dict[str, str]:
    """A channel that nobody else decides about."""
    return _CHANNEL | {"space_id": "1", "channel_id": uuid4().hex}


def _nothing(_: Ids) -> dict[str, Any]:
    return {}


_TOKEN = {"name": "bot", "scopes": ["memory.read"]}
_OPENAI_KEY = {"provider": "API_KEY_PROVIDER_OPENAI", "secret": "sk-of-somebody-who-pays"}
_TOO_FEW = {"page_size": -1}
_DENIED = {"subject": "local:nobody", "kind": "DENIAL_KIND_MUTE", "platform": "local"}
_FILE = {"size_bytes": 4, "sha256": hashlib.sha256(b"bees").hexdigest()}
_TEXT_HEADER = _FILE | {"file_name": "hives.txt"}
_BOOK = b'{"spec": "lorebook_v3", "data": {"name": "Hives", "entries": []}}'
_BOOK_HEADER = {"size_bytes": len(_BOOK), "sha256": hashlib.sha256(_BOOK).hexdigest()}
_FACE = pictures.blank()
_FACE_HEADER = {"size_bytes": len(_FACE), "sha256": hashlib.sha256(_FACE).hexdigest()}
_KEEPING = {"key": "persona", "value": {"flag": True}}  # as it is anyway
_OVERHEARD = {
    "platform_message_id": "7",
    "author_subject": "local:somebody",
    "author_name": "Kael",
    "text": "Good evening.",
    "create_time": {"seconds": 1_700_000_000},
}

ROWS: Mapping[str, Row] = {
    # PersonalityService
    "GetPersonality": _by_ref("GetPersonality", lambda ids: {"id": ids.personality}),
    "ListPersonalities": _row("ListPersonalities", lambda _: {"mine": True}, _TOO_FEW),
    "CreatePersonality": _row(
        "CreatePersonality",
        lambda _: {"personality": {"name": "Kael"}},
        {"personality": {"name": "Kael", "slug": "No Slug"}},
        field="personality.slug",
    ),
    "UpdatePersonality": _row(
        "UpdatePersonality",
        lambda ids: {"ref": {"slug": ids.slug}, "personality": {"greeting": "Hello."}},
        {"ref": {"slug": "lilith"}, "personality": {"name": "x" * 256}},
        field="personality.name",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "DeletePersonality": _by_ref("DeletePersonality", lambda ids: {"slug": ids.slug}, spends=True),
    "ResolvePersonalities": _row(
        "ResolvePersonalities", lambda ids: {"prefix": ids.slug}, {"limit": -1, "prefix": ""}
    ),
    "ClonePersonality": _by_ref("ClonePersonality", lambda ids: {"id": ids.personality}),
    "UploadAvatar": _row(
        "UploadAvatar",
        lambda ids: {"header": _FACE_HEADER | {"personality": {"id": ids.personality}}},
        {"header": _FACE_HEADER | {"personality": {"id": NOT_AN_ID}}},
        field="header.personality.id",
        missing="PERSONALITY_NOT_FOUND",
        rest=(request_for("UploadAvatar", chunk=_FACE),),
    ),
    "DeleteAvatar": _by_ref("DeleteAvatar", lambda ids: {"id": ids.personality}, spends=True),
    "DownloadAvatar": _by_ref("DownloadAvatar", lambda ids: {"id": ids.personality}),
    # SharingService
    "SharePersonality": _of_share("SharePersonality", role="PERSONALITY_ROLE_VIEWER"),
    "UnsharePersonality": _of_share("UnsharePersonality"),
    "ListPersonalityShares": _row(
        "ListPersonalityShares",
        lambda ids: {"personality": {"id": ids.personality}},
        {"personality": {"id": Ids.of_nothing().personality}, "page_size": -1},
        field="page_size",
        missing="PERSONALITY_NOT_FOUND",
    ),
    # AliasService
    "CreatePersonalityAlias": _row(
        "CreatePersonalityAlias",
        lambda ids: {"personality": {"id": ids.personality}, "alias": f"Lil {uuid4().hex}"},
        {"personality": {"id": Ids.of_nothing().personality}, "alias": "Lil@th"},
        field="alias",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "DeletePersonalityAlias": _by_id(
        "DeletePersonalityAlias", "alias_id", lambda ids: ids.alias, "ALIAS_NOT_FOUND", spends=True
    ),
    "ListPersonalityAliases": _row(
        "ListPersonalityAliases",
        lambda ids: {"personality": {"id": ids.personality}},
        _TOO_FEW,
        missing="PERSONALITY_NOT_FOUND",
    ),
    # OverrideService
    "GetPersonalityOverride": _by_ref(
        "GetPersonalityOverride", lambda ids: {"id": ids.personality}
    ),
    "UpdatePersonalityOverride": _row(
        "UpdatePersonalityOverride",
        lambda ids: {"personality": {"id": ids.personality}, "override": {"nickname": "Lil"}},
        {
            "personality": {"id": Ids.of_nothing().personality},
            "override": {"nickname": "x" * 256},
        },
        field="override.nickname",
        missing="PERSONALITY_NOT_FOUND",
    ),
    # LorebookService
    "GetLorebook": _of_book("GetLorebook"),
    "ListLorebooks": _row("ListLorebooks", _nothing, _TOO_FEW),
    "CreateLorebook": _row(
        "CreateLorebook",
        lambda _: {"lorebook": {"name": "Notes"}},
        {"lorebook": {"name": "Notes", "token_budget": -1}},
        field="lorebook.token_budget",
    ),
    "UpdateLorebook": _row(
        "UpdateLorebook",
        lambda ids: {"lorebook_id": ids.lorebook, "lorebook": {"description": "Of the coast."}},
        {"lorebook_id": NOT_AN_ID, "lorebook": {"description": "Of the coast."}},
        missing="LOREBOOK_NOT_FOUND",
    ),
    "CreateLorebookEntry": _row(
        "CreateLorebookEntry",
        lambda ids: {"lorebook_id": ids.lorebook, "entry": {"content": "It is old."}},
        {"lorebook_id": Ids.of_nothing().lorebook, "entry": {"probability": 101}},
        field="entry.probability",
        missing="LOREBOOK_NOT_FOUND",
    ),
    "UpdateLorebookEntry": _row(
        "UpdateLorebookEntry",
        lambda ids: {"entry_id": ids.entry, "entry": {"content": "It is older."}},
        {"entry_id": NOT_AN_ID, "entry": {"content": "It is older."}},
        missing="LOREBOOK_ENTRY_NOT_FOUND",
    ),
    "DeleteLorebookEntry": _by_id(
        "DeleteLorebookEntry",
        "entry_id",
        lambda ids: ids.entry,
        "LOREBOOK_ENTRY_NOT_FOUND",
        spends=True,
    ),
    "DeleteLorebook": _of_book("DeleteLorebook", spends=True),
    "AttachLorebook": _of_book_and_character("AttachLorebook"),
    "DetachLorebook": _of_book_and_character("DetachLorebook", spends=True),
    "TestLorebook": _row(
        "TestLorebook",
        lambda ids: {"lorebook_id": ids.lorebook, "messages": ["The harbor?"]},
        {"lorebook_id": Ids.of_nothing().lorebook},
        field="messages",
        missing="LOREBOOK_NOT_FOUND",
    ),
    "ExportLorebook": _of_book("ExportLorebook"),
    # KnowledgeService
    "UploadDocument": _row(
        "UploadDocument",
        lambda ids: {"header": _TEXT_HEADER | {"personality": {"id": ids.personality}}},
        {
            "header": _TEXT_HEADER
            | {"personality": {"id": Ids.of_nothing().personality}, "sha256": ""}
        },
        field="header.sha256",
        missing="PERSONALITY_NOT_FOUND",
        rest=(request_for("UploadDocument", chunk=b"bees"),),
    ),
    "GetDocument": _of_document("GetDocument"),
    "ListDocuments": _row(
        "ListDocuments",
        lambda ids: {"personality": {"id": ids.personality}},
        {"personality": {"id": Ids.of_nothing().personality}, "page_size": -1},
        field="page_size",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "DeleteDocument": _of_document("DeleteDocument", spends=True),
    "SearchKnowledge": _row(
        "SearchKnowledge",
        lambda ids: {"personality": {"id": ids.personality}, "query": "bells"},
        {"personality": {"id": Ids.of_nothing().personality}},
        field="query",
        missing="PERSONALITY_NOT_FOUND",
    ),
    # MemoryService
    "GetMemory": _by_id("GetMemory", "memory_id", lambda ids: ids.memory, "MEMORY_NOT_FOUND"),
    "ListMemories": _row("ListMemories", lambda ids: {"personality_id": ids.personality}, _TOO_FEW),
    "CreateMemory": _row(
        "CreateMemory",
        lambda ids: {"personality_id": ids.personality, "text": "My cat is called Kit."},
        {"personality_id": NOT_AN_ID, "text": "My cat is called Kit."},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "UpdateMemory": _row(
        "UpdateMemory",
        lambda ids: {"memory_id": ids.memory, "text": "I keep bees.", "locked": False},
        {"memory_id": Ids.of_nothing().memory, "text": ""},
        field="text",
        missing="MEMORY_NOT_FOUND",
    ),
    "PurgeMemories": _row(
        "PurgeMemories",
        lambda ids: {"personality_id": ids.personality},
        {"personality_id": NOT_AN_ID},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "DeleteMemory": _by_id(
        "DeleteMemory", "memory_id", lambda ids: ids.memory, "MEMORY_NOT_FOUND", spends=True
    ),
    "SearchMemories": _row(
        "SearchMemories",
        lambda ids: {"personality_id": ids.personality, "query": "bees"},
        {"query": "", "personality_id": Ids.of_nothing().personality},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "GetMemoryGraph": _row(
        "GetMemoryGraph",
        lambda ids: {
            "personality_id": ids.personality,
            "view": "GRAPH_VIEW_RELATIONSHIPS",
            "svg": True,
        },
        {"view": "GRAPH_VIEW_UNSPECIFIED"},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "GetMemoryStats": _row(
        "GetMemoryStats",
        lambda ids: {"personality_id": ids.personality},
        {"personality_id": NOT_AN_ID},
        missing="PERSONALITY_NOT_FOUND",
    ),
    # DreamService
    "ListDreams": _row("ListDreams", lambda ids: {"personality_id": ids.personality}, _TOO_FEW),
    "DeleteDream": _by_id(
        "DeleteDream", "dream_id", lambda ids: ids.dream, "DREAM_NOT_FOUND", spends=True
    ),
    # FactService
    "GetFact": _of_fact("GetFact"),
    "ListFacts": _row("ListFacts", lambda ids: {"personality_id": ids.personality}, _TOO_FEW),
    "CreateFact": _row(
        "CreateFact",
        lambda ids: {"personality_id": ids.personality, "text": "Mira keeps bees."},
        {"personality_id": NOT_AN_ID, "text": "Mira keeps bees."},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "CorrectFact": _row(
        "CorrectFact",
        lambda ids: {"fact_id": ids.fact, "text": "Mira keeps goats."},
        {"fact_id": NOT_AN_ID, "text": "Mira keeps goats."},
        missing="FACT_NOT_FOUND",
        spends=True,
    ),
    "ConfirmFact": _of_fact("ConfirmFact"),
    "RevertFact": _of_fact("RevertFact", spends=True),
    "ForgetFact": _of_fact("ForgetFact", spends=True),
    # ClaimService
    "ListUnclaimedMemories": _row(
        "ListUnclaimedMemories",
        lambda ids: {"personality_id": ids.personality},
        {"personality_id": NOT_AN_ID},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "CreateMemoryClaim": _row(
        "CreateMemoryClaim",
        lambda ids: {"personality_id": ids.personality, "sender_id": OLD_IDS[1]},
        {"personality_id": NOT_AN_ID, "sender_id": OLD_IDS[1]},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "ListMemoryClaims": _row("ListMemoryClaims", _nothing, _TOO_FEW),
    "DecideMemoryClaim": _by_id(
        "DecideMemoryClaim", "claim_id", lambda ids: ids.claim, "MEMORY_CLAIM_NOT_FOUND"
    ),
    # WalletService
    "ListModels": _row("ListModels", _nothing, _TOO_FEW),
    "GetModel": _row(
        "GetModel",
        lambda _: {"model_id": "gpt-4.1-mini"},
        {"model_id": ""},
        field="model_id",
    ),
    "ExplainPayment": _row(
        "ExplainPayment",
        lambda ids: {
            "personality_id": ids.personality,
            "platform": "local",
            "channel_id": "1",
        },
        {"personality_id": NOT_AN_ID},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "CreateApiKey": _row(
        "CreateApiKey",
        lambda _: _OPENAI_KEY | {"name": uuid4().hex},
        _OPENAI_KEY | {"secret": "short"},
        field="secret",
    ),
    "ListApiKeys": _row("ListApiKeys", _nothing, {}),
    "UpdateApiKey": _row(
        "UpdateApiKey",
        lambda ids: {"api_key_id": ids.api_key, "model": "gpt-4.1-mini"},
        {"api_key_id": NOT_AN_ID, "model": "gpt-4.1-mini"},
        field="api_key_id",
        missing="API_KEY_NOT_FOUND",
    ),
    "CheckApiKey": _by_id(
        "CheckApiKey", "api_key_id", lambda ids: ids.api_key, "API_KEY_NOT_FOUND"
    ),
    "DeleteApiKey": _by_id(
        "DeleteApiKey", "api_key_id", lambda ids: ids.api_key, "API_KEY_NOT_FOUND", spends=True
    ),
    "GetUsage": _row("GetUsage", _nothing, {"group_by": 99}),
    "ListUsageRecords": _row("ListUsageRecords", _nothing, _TOO_FEW),
    "ListBudgets": _row("ListBudgets", _nothing, {}),
    "UpdateBudget": _row(
        "UpdateBudget",
        lambda ids: _MUCH | {"api_key_id": ids.api_key},
        _MUCH | {"period": 0},
        field="period",
        missing="API_KEY_NOT_FOUND",
    ),
    "ListServerBudgets": _row("ListServerBudgets", _nothing, {}, owned=False),
    "UpdateServerBudget": _row(
        "UpdateServerBudget",
        lambda ids: _MUCH | {"personality_id": ids.personality},
        _MUCH | {"period": 0},
        field="period",
        missing="PERSONALITY_NOT_FOUND",
        owned=False,
    ),
    "ListChannelBudgets": _row(
        "ListChannelBudgets",
        lambda _: {"platform": "local", "channel_id": "1"},
        {"platform": "Local", "channel_id": "1"},
        field="platform",
        owned=False,
    ),
    "UpdateChannelBudget": _row(
        "UpdateChannelBudget",
        lambda _: _MUCH | {"platform": "local", "channel_id": "1"},
        _MUCH | {"platform": "local", "channel_id": ""},
        field="channel_id",
        owned=False,
    ),
    # SponsorService
    "SponsorSpace": _row(
        "SponsorSpace",
        lambda ids: GIFT | {"space_id": ids.giving_key, "api_key_id": ids.giving_key},
        GIFT | {"space_id": "1", "api_key_id": NOT_AN_ID},
        field="api_key_id",
        missing="API_KEY_NOT_FOUND",
    ),
    "ListSponsors": _row("ListSponsors", _nothing, {}),
    "UpdateSponsor": _row(
        "UpdateSponsor",
        lambda ids: {"sponsor_id": ids.sponsor, "cap_micros": 2_000_000},
        {"sponsor_id": NOT_AN_ID},
        missing="SPONSOR_NOT_FOUND",
    ),
    "DeleteSponsor": _by_id(
        "DeleteSponsor", "sponsor_id", lambda ids: ids.sponsor, "SPONSOR_NOT_FOUND", spends=True
    ),
    # PresetService
    "CreatePreset": _row(
        "CreatePreset",
        lambda _: {"preset": {"name": uuid4().hex}},
        {"preset": {"name": "Warm", "parameters": {"top_p": 1.5}}},
        field="preset.parameters.top_p",
    ),
    "GetPreset": _of_preset("GetPreset"),
    "ListPresets": _row("ListPresets", _nothing, _TOO_FEW),
    "UpdatePreset": _row(
        "UpdatePreset",
        lambda ids: {"preset_id": ids.preset, "preset": {"model": "gpt-4.1-mini"}},
        {"preset_id": NOT_AN_ID, "preset": {"model": "gpt-4.1-mini"}},
        missing="PRESET_NOT_FOUND",
    ),
    "DeletePreset": _of_preset("DeletePreset", spends=True),
    "ClonePreset": _of_preset("ClonePreset"),
    "ExplainPresetFile": _row(
        "ExplainPresetFile",
        lambda _: {"content": b'{"spec": "tzurot_preset", "name": "Warm"}'},
        {"content": b""},
    ),
    "ExportPreset": _of_preset("ExportPreset"),
    "PublishPreset": _of_preset("PublishPreset"),
    # SessionService
    "Chat": Row(
        lambda ids: saying("What do I keep?", ids.personality),
        saying("", Ids.of_nothing().personality),
        "utterance",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "WatchTurn": _of_turn("WatchTurn"),
    "CancelTurn": _of_turn("CancelTurn"),
    "ReportDelivery": _row(
        "ReportDelivery",
        lambda ids: {"turn_id": ids.turn, "platform_message_ids": ["1", "2"]},
        {"turn_id": Ids.of_nothing().turn},
        field="platform_message_ids",
        missing="TURN_NOT_FOUND",
    ),
    "ClaimDelivery": _row(
        "ClaimDelivery",
        lambda ids: {"turn_id": ids.turn, "instance_id": ids.persona},
        {"turn_id": Ids.of_nothing().turn},
        field="instance_id",
        missing="TURN_NOT_FOUND",
    ),
    "GetTurn": _of_turn("GetTurn"),
    "ListTurns": _row("ListTurns", lambda ids: {"conversation_id": ids.conversation}, _TOO_FEW),
    "GetTurnTrace": _of_turn("GetTurnTrace"),
    "GetConversation": _of_conversation("GetConversation"),
    "ListConversations": _row(
        "ListConversations", lambda ids: {"personality_id": ids.personality}, _TOO_FEW
    ),
    "ResetConversation": _of_conversation("ResetConversation"),
    "ListMessages": _of_conversation("ListMessages"),
    "ExportConversation": _of_conversation("ExportConversation"),
    # HistoryService
    "RestoreConversation": _of_conversation("RestoreConversation"),
    "GetConversationStats": _of_conversation("GetConversationStats"),
    "ListSummaries": _of_conversation("ListSummaries"),
    "DeleteConversation": _by_id(
        "DeleteConversation",
        "conversation_id",
        lambda ids: ids.conversation,
        "CONVERSATION_NOT_FOUND",
        spends=True,
    ),
    "SetConversationNote": _of_conversation("SetConversationNote"),
    # SettingService
    "ListSettings": _row("ListSettings", _nothing, {}),
    "ExplainSettings": _by_ref("ExplainSettings", lambda ids: {"id": ids.personality}),
    "SetPersonSetting": _row(
        "SetPersonSetting",
        lambda ids: _KEEPING | {"personality": {"id": ids.personality}},
        {"key": "", "personality": {"id": Ids.of_nothing().personality}},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "SetPersonalitySetting": _row(
        "SetPersonalitySetting",
        lambda ids: _KEEPING | {"personality": {"id": ids.personality}},
        _KEEPING,
        field="personality",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "SetChannelSetting": _row(
        "SetChannelSetting",
        lambda _: _KEEPING | {"place": _CHANNEL},
        _KEEPING | {"place": _CHANNEL | {"channel_id": ""}},
        field="place.channel_id",
        owned=False,
    ),
    "SetSystemSetting": _row(
        "SetSystemSetting",
        lambda _: {"key": "persona"},  # nothing is decided for all other tests on this server
        _KEEPING | {"value": {}},
        field="value.kind",
        owned=False,
    ),
    # ChannelService
    "GetChannel": _of_place("GetChannel"),
    "ListChannels": _row(
        "ListChannels",
        lambda _: {"platform": "local", "space_id": "1"},
        {"platform": "local", "space_id": ""},
        field="space_id",
        owned=False,
    ),
    "ActivatePersonality": _row(
        "ActivatePersonality",
        lambda ids: {"place": _own_channel(), "personality": {"id": ids.personality}},
        {"place": _own_channel(), "personality": {"id": NOT_AN_ID}},
        field="personality.id",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "DeactivatePersonality": _of_place("DeactivatePersonality"),
    "SetNextSpeaker": _of_place("SetNextSpeaker"),
    "ResetChannel": _of_place("ResetChannel"),
    "WatchChannels": _row(
        "WatchChannels",
        lambda _: {"platform": "local"},
        {"platform": "no platform"},
        owned=False,
    ),
    "UploadAttachment": _row(
        "UploadAttachment",
        lambda _: {"header": _ATTACHED},
        {"chunk": b"x" * 65_537},
        rest=(request_for("UploadAttachment", chunk=b"bees"),),
    ),
    # MessageService
    "GetMessage": _of_message("GetMessage"),
    "ListAlternatives": _of_message("ListAlternatives"),
    "EditMessage": _of_message("EditMessage", text="Who is there?"),
    "DeleteMessage": _of_message("DeleteMessage", spends=True),
    "ForgetRecentMessages": _row(
        "ForgetRecentMessages",
        lambda ids: {"duration": {"seconds": 1}, "personality": {"id": ids.personality}},
        {"personality": {"id": Ids.of_nothing().personality}},
        field="duration",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "AddAlternative": _of_message("AddAlternative", text="Who is there?"),
    "ChooseMessage": _of_message("ChooseMessage"),
    "BranchConversation": _of_message("BranchConversation"),
    "RecordMessages": _row(
        "RecordMessages",
        lambda _: {"place": _CHANNEL, "messages": [_OVERHEARD]},
        {"place": _CHANNEL, "messages": [_OVERHEARD | {"text": ""}]},
        field="messages[0].text",
        owned=False,
    ),
    # TransferService
    "ImportPersonality": _row(
        "ImportPersonality",
        lambda ids: {"header": _BOOK_HEADER | {"personality": {"id": ids.personality}}},
        {"header": _BOOK_HEADER | {"sha256": "no hash"}},
        field="header.sha256",
        missing="PERSONALITY_NOT_FOUND",
        rest=(request_for("ImportPersonality", chunk=_BOOK),),
    ),
    "ExportPersonality": _row(
        "ExportPersonality",
        lambda ids: {"personality": {"id": ids.personality}, "format": "EXPORT_FORMAT_TZUROT"},
        {"personality": {"id": Ids.of_nothing().personality}},
        field="format",
        missing="PERSONALITY_NOT_FOUND",
    ),
    "ExportMemories": _row(
        "ExportMemories",
        lambda ids: {"personality_id": ids.personality, "format": "MEMORY_FORMAT_JSON_LINES"},
        {"personality_id": Ids.of_nothing().personality},
        field="format",
        missing="PERSONALITY_NOT_FOUND",
    ),
    # FlowService
    "ListFlowKinds": _row("ListFlowKinds", _nothing, {}),
    "CompleteFlowArgument": _row(
        "CompleteFlowArgument",
        lambda ids: {"path": "character edit", "key": "character", "typed": ids.slug},
        {"path": "", "key": "character"},
    ),
    "StartFlow": _row(
        "StartFlow",
        lambda ids: {"path": "character edit", "arguments": {"character": ids.slug}},
        {"path": ""},
        missing="PERSONALITY_NOT_FOUND",
    ),
    "GetFlow": _of_flow("GetFlow"),
    "ListFlows": _row("ListFlows", _nothing, _TOO_FEW),
    "UploadFlowFile": _row(
        "UploadFlowFile",
        lambda ids: {"header": _FILE | {"flow_id": ids.flow}},
        {"header": _FILE | {"flow_id": NOT_AN_ID}},
        field="header.flow_id",
        missing="FLOW_NOT_FOUND",
        rest=(request_for("UploadFlowFile", chunk=b"bees"),),
    ),
    "SubmitFlow": _row(
        "SubmitFlow",
        lambda ids: {"flow_id": ids.flow, "etag": "1", "action": "close"},
        {"flow_id": NOT_AN_ID, "etag": "1", "action": "close"},
        missing="FLOW_NOT_FOUND",
        spends=True,
    ),
    "WatchFlow": _of_flow("WatchFlow"),
    # SkillService
    "ListSkills": _row("ListSkills", _nothing, {}),
    # AccountService
    "GetMe": _row("GetMe", _nothing, {}),
    "ListPersonas": _row("ListPersonas", _nothing, _TOO_FEW),
    "SetFront": _by_id("SetFront", "persona_id", lambda ids: ids.persona, "PERSONA_NOT_FOUND"),
    "SetTimeZone": _row(
        "SetTimeZone",
        lambda _: {"time_zone": "Europe/Berlin"},
        {"time_zone": "Nowhere/" + "x" * 60},
    ),
    "DeletePersona": _by_id(
        "DeletePersona", "persona_id", lambda ids: ids.persona, "PERSONA_NOT_FOUND", spends=True
    ),
    # ModerationService
    "CreateDenial": _row(
        "CreateDenial",
        lambda ids: {"denial": _DENIED | {"within_space_id": ids.personality}},
        {"denial": _DENIED | {"kind": "DENIAL_KIND_UNSPECIFIED"}},
        field="denial.kind",
        owned=False,
    ),
    "ListDenials": _row(
        "ListDenials",
        lambda ids: {"platform": "local", "within_space_id": ids.personality},
        _TOO_FEW,
        owned=False,
    ),
    "DeleteDenial": _row(
        "DeleteDenial",
        lambda ids: {
            "denial_id": ids.denial,
            "platform": "local",
            "within_space_id": ids.personality,
        },
        {"denial_id": NOT_AN_ID},
        missing="DENIAL_NOT_FOUND",
        owned=False,
        spends=True,
    ),
    "GetMaintenance": _row("GetMaintenance", _nothing, {}),
    "SetMaintenance": _row(
        "SetMaintenance",
        _nothing,  # as it is anyway: all other tests ask this server, too
        {"message": "x" * 501},
        owned=False,
    ),
    "SetAgeStanding": _row(
        "SetAgeStanding",
        lambda _: {"subject": f"local:{uuid4().hex}", "standing": "AGE_STANDING_ADULT"},
        {"subject": "local:nobody"},
        field="standing",
        owned=False,
    ),
    "RevokeAgeVerification": _row("RevokeAgeVerification", _nothing, {}),
    # AdminService
    "CreateServiceToken": _row(
        "CreateServiceToken",
        lambda _: {"service_token": _TOKEN},
        {"service_token": _TOKEN | {"scopes": []}},
        field="service_token.scopes",
    ),
    "ListServiceTokens": _row("ListServiceTokens", _nothing, _TOO_FEW),
    "RevokeServiceToken": _by_id(
        "RevokeServiceToken",
        "token_id",
        lambda ids: ids.token,
        "SERVICE_TOKEN_NOT_FOUND",
        owned=False,
    ),
    "GetServerInfo": _row("GetServerInfo", _nothing, {}),
}

RPCS = sorted(METHODS)
