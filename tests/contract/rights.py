"""What each row of docs/reference/rights.md asks.

A case ends well if the person was answered, is False where they were answered but not shown it, and
is refused by an error. What it took away, it puts back.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from tests.contract import flow_rights, worlds
from tests.contract.asking import Asking, Case
from tests.contract.residents import greeting_of, in_channel, in_private
from tests.contract.worlds import FIELDS, World
from tzurot.personality.avatars import pictures

_BOOK = json.dumps({"spec": "lorebook_v3", "data": {"name": "Hives", "entries": []}}).encode()


def _asks(name: str, fields: Callable[[World], Mapping[str, Any]]) -> Case:
    """One call, which changes nothing that another one would miss."""

    async def case(at: Asking) -> None:
        await at.call(name, **fields(at.world))

    return case


def _of_turn(name: str) -> Case:
    async def case(at: Asking) -> None:
        turn_id, _ = await at.turn()
        await at.call(name, turn_id=turn_id)

    return case


def _of_conversation(name: str) -> Case:
    async def case(at: Asking) -> None:
        _, conversation_id = await at.turn()
        await at.call(name, conversation_id=conversation_id)

    return case


def _of_character(name: str, **fields: Any) -> Case:
    return _asks(name, lambda world: {"personality": world.ref, **fields})


def _of_book(name: str, **fields: Any) -> Case:
    return _asks(name, lambda world: {"lorebook_id": world.lorebook, **fields})


def _finds(query: Callable[[World], Mapping[str, str]]) -> Case:
    """Whether the character is among what a name, a beginning or a text leads to."""

    async def case(at: Asking) -> bool:
        found = await at.call("ResolvePersonalities", **query(at.world))
        return at.world.id in {match.personality.id for match in found.matches}

    return case


def _lists(query: Callable[[World], Mapping[str, Any]]) -> Case:
    async def case(at: Asking) -> bool:
        found = await at.call("ListPersonalities", page_size=200, **query(at.world))
        return at.world.id in {it.id for it in found.personalities}

    return case


async def _definition(at: Asking) -> bool:
    shown = (await at.about("GetPersonality")).personality
    assert shown.definition_hidden == (not at.told())
    assert not at.told() or at.told() >= FIELDS, FIELDS - at.told()
    return bool(at.told())


def _updates(name: str) -> Case:
    async def case(at: Asking) -> None:
        values = {
            "tone": at.world.secret("tone"),
            "visibility": f"VISIBILITY_{at.world.visibility.upper()}",
            "definition_visible": at.world.shown,
            "age_restricted": False,
        }
        wanted, mask = {name: values[name]}, {"paths": [name]}
        await at.call("UpdatePersonality", ref=at.world.ref, personality=wanted, update_mask=mask)

    return case


async def _delete(at: Asking) -> None:
    await at.world.another()
    await at.call("DeletePersonality", personality={"id": at.world.spare})
    at.world.spare = ""


async def _clone(at: Asking) -> None:
    copied = (await at.about("ClonePersonality", name=f"Copy {uuid4().hex}")).personality
    await at.call("DeletePersonality", personality={"id": copied.id})


async def _upload_avatar(at: Asking) -> None:
    await at.call("UploadAvatar", worlds.upload(at.world, pictures.blank()))


async def _delete_avatar(at: Asking) -> None:
    await at.about("DeleteAvatar")
    await at.world.paint()


async def _share(at: Asking) -> None:
    await at.about("SharePersonality", subject=at.guest, role="PERSONALITY_ROLE_USER")


async def _unshare(at: Asking) -> None:
    await at.about("UnsharePersonality", subject=at.guest)


async def _leave(at: Asking) -> None:
    await at.about("UnsharePersonality", subject=at.person.client.subject)
    await at.world.share_with(at.person.name)


async def _blocked(at: Asking) -> bool:
    shares = (await at.about("ListPersonalityShares")).shares
    return at.world.people["blocked"].subject in {it.subject for it in shares}


async def _create_alias(at: Asking) -> None:
    made = await at.about("CreatePersonalityAlias", alias=f"Mine {uuid4().hex}")
    await at.call("DeletePersonalityAlias", alias_id=made.alias.id)


async def _create_global_alias(at: Asking) -> None:
    fields = {"alias": f"Ours {uuid4().hex}", "global": True}
    made = await at.about("CreatePersonalityAlias", **fields)
    await at.call("DeletePersonalityAlias", alias_id=made.alias.id)


async def _delete_global_alias(at: Asking) -> None:
    await at.call("DeletePersonalityAlias", alias_id=at.world.alias)
    await at.world.name_it()


async def _delete_own_alias(at: Asking) -> None:
    await at.call("DeletePersonalityAlias", alias_id=at.before["spent"])


async def _aliases(at: Asking) -> None:
    """Those for everybody and one's own, and nobody else's."""
    shown = {it.id for it in (await at.about("ListPersonalityAliases")).aliases}
    assert {at.world.alias, at.before["kept"]} <= shown
    others = {had["kept"] for had in at.world.before.values()} - {at.before["kept"]}
    assert not others & shown


async def _own_aliases(at: Asking) -> bool:
    shown = (await at.call("ListPersonalityAliases", page_size=200)).aliases
    return at.before["kept"] in {it.id for it in shown}


async def _list_books(at: Asking) -> bool:
    shown = (await at.call("ListLorebooks", page_size=200)).lorebooks
    return at.world.lorebook in {it.id for it in shown}


async def _create_book(at: Asking) -> None:
    made = (await at.call("CreateLorebook", lorebook={"name": "Notes"})).lorebook
    await at.call("DeleteLorebook", lorebook_id=made.id)


async def _create_entry(at: Asking) -> None:
    fields = {"lorebook_id": at.world.lorebook, "entry": {"content": "Old."}}
    made = (await at.call("CreateLorebookEntry", **fields)).entry
    await at.call("DeleteLorebookEntry", entry_id=made.id)


async def _update_entry(at: Asking) -> None:
    entry = {"name": at.world.secret("entry")}
    await at.call("UpdateLorebookEntry", entry_id=at.world.entry, entry=entry)


async def _delete_entry(at: Asking) -> None:
    await at.call("DeleteLorebookEntry", entry_id=at.world.entry)
    await at.world.write_entry()


async def _delete_book(at: Asking) -> None:
    await at.call("DeleteLorebook", lorebook_id=at.world.lorebook)
    await at.world.shelve()


async def _attach_own(at: Asking) -> None:
    await at.about("AttachLorebook", lorebook_id=at.person.lorebook)
    await at.about("DetachLorebook", lorebook_id=at.person.lorebook)


async def _attach_to_own(at: Asking) -> None:
    fields = {"lorebook_id": at.world.lorebook, "personality": {"id": at.person.character}}
    await at.call("AttachLorebook", **fields)
    await at.call("DetachLorebook", **fields)


async def _detach(at: Asking) -> None:
    await at.about("DetachLorebook", lorebook_id=at.world.lorebook)
    await at.world.use_book()


async def _upload_document(at: Asking) -> None:
    await at.call("UploadDocument", worlds.story(at.world))


async def _delete_document(at: Asking) -> None:
    await at.call("DeleteDocument", document_id=at.world.document)
    await at.world.learn()


async def _import_book(at: Asking) -> None:
    header, content = worlds.a_book(at.world, _BOOK)
    header.header.validate_only = True
    await at.call("ImportPersonality", [header, content])


async def _create_memory(at: Asking) -> None:
    fields = {"personality_id": at.world.id, "text": "I keep bees."}
    made = (await at.call("CreateMemory", **fields)).memory
    await at.call("DeleteMemory", memory_id=made.id)


async def _greeting(at: Asking) -> None:
    said = await at.call("Chat", greeting_of(at.world.id))
    assert said[-1].event.finished.message.text


async def _activate(at: Asking) -> bool:
    """Let it answer in a channel of one's own, and see whether it does there."""
    place = in_channel()
    channel = (await at.about("ActivatePersonality", place=place)).channel
    seen = (await at.call("GetChannel", place=place)).channel
    return bool(channel.activations) and seen.activations == channel.activations


async def _chat(at: Asking) -> None:
    assert (await at.chat())[-1].finished.message.text


async def _again(at: Asking) -> None:
    """Let the character answer the same once more."""
    message = await at.reply()
    place = in_private()
    asked = {"message": {"id": message.id}}
    said = await at.call("Chat", place=place, regeneration=asked)
    assert said[-1].event.finished.message.alternative_count > 1


async def _message(at: Asking) -> bool:
    message = await at.reply()
    return bool((await at.call("GetMessage", message={"id": message.id})).message.text)


async def _edited(at: Asking) -> None:
    message = await at.reply()
    await at.call("EditMessage", message={"id": message.id}, text=message.text)


async def _chat_by_name(at: Asking) -> bool:
    """Somebody mentions the character where it can be anybody who answers."""
    utterance = {"text": f"@{at.world.name} hello", "speaker_name": "Kael"}
    place = in_private(uuid4().hex)
    return bool(await at.call("Chat", place=place, utterance=utterance))


async def _cited(at: Asking) -> bool:
    return any(event.HasField("knowledge_cited") for event in await at.chat())


async def _trace(at: Asking) -> bool:
    turn_id, _ = await at.turn()
    trace = (await at.call("GetTurnTrace", turn_id=turn_id)).trace
    assert trace.sections
    words = {"description", "variable", "lore", "outlet", "document", "system_prompt"}
    assert not at.told() or at.told() >= words, words - at.told()
    assert all(it.hidden == (not at.told()) for it in trace.sections if it.name == "character")
    return bool(at.told())


CASES: Mapping[str, Case] = {
    # PersonalityService
    "GetPersonality": _of_character("GetPersonality"),
    "GetPersonality by its slug": _asks(
        "GetPersonality", lambda world: {"personality": {"slug": world.slug}}
    ),
    "GetPersonality: its definition": _definition,
    "ListPersonalities": _lists(lambda world: {"query": world.name}),
    "ListPersonalities: one's own": _lists(lambda world: {"query": world.name, "mine": True}),
    "ListPersonalities by a word of its definition": _lists(
        lambda world: {"query": world.secret("description")}
    ),
    "ResolvePersonalities by its name": _finds(lambda world: {"name": world.name}),
    "ResolvePersonalities by its slug": _finds(lambda world: {"name": world.slug}),
    "ResolvePersonalities by its id": _finds(lambda world: {"name": world.id}),
    "ResolvePersonalities by its alias": _finds(lambda world: {"name": world.called}),
    "ResolvePersonalities by its beginning": _finds(lambda world: {"prefix": world.name}),
    "ResolvePersonalities in a text, @name": _finds(lambda world: {"text": f"Hi @{world.name}!"}),
    "ResolvePersonalities in a text, @slug": _finds(lambda world: {"text": f"Hi @{world.slug}!"}),
    "DownloadAvatar": _of_character("DownloadAvatar"),
    "UpdatePersonality": _updates("tone"),
    "UpdatePersonality: visibility": _updates("visibility"),
    "UpdatePersonality: definition_visible": _updates("definition_visible"),
    "UpdatePersonality: age_restricted": _updates("age_restricted"),
    "DeletePersonality": _delete,
    "ClonePersonality": _clone,
    "UploadAvatar": _upload_avatar,
    "DeleteAvatar": _delete_avatar,
    # SharingService
    "SharePersonality": _share,
    "UnsharePersonality": _unshare,
    "UnsharePersonality: oneself": _leave,
    "ListPersonalityShares": _of_character("ListPersonalityShares"),
    "ListPersonalityShares: who is blocked": _blocked,
    # AliasService
    "CreatePersonalityAlias for oneself": _create_alias,
    "CreatePersonalityAlias for everybody": _create_global_alias,
    "ListPersonalityAliases": _aliases,
    "ListPersonalityAliases: one's own": _own_aliases,
    "DeletePersonalityAlias: one's own": _delete_own_alias,
    "DeletePersonalityAlias for everybody": _delete_global_alias,
    # OverrideService
    "GetPersonalityOverride": _of_character("GetPersonalityOverride"),
    "UpdatePersonalityOverride": _of_character(
        "UpdatePersonalityOverride", override={"addition": worlds.QUOTING}
    ),
    # LorebookService
    "GetLorebook": _of_book("GetLorebook"),
    "ListLorebooks": _list_books,
    "CreateLorebook": _create_book,
    "UpdateLorebook": _asks(
        "UpdateLorebook",
        lambda world: {"lorebook_id": world.lorebook, "lorebook": {"name": world.secret("book")}},
    ),
    "DeleteLorebook": _delete_book,
    "CreateLorebookEntry": _create_entry,
    "UpdateLorebookEntry": _update_entry,
    "DeleteLorebookEntry": _delete_entry,
    "AttachLorebook: one's own book": _attach_own,
    "AttachLorebook: its book to one's own character": _attach_to_own,
    "DetachLorebook": _detach,
    "TestLorebook: the book": _of_book("TestLorebook", messages=[worlds.QUESTION]),
    "TestLorebook: the character": _of_character("TestLorebook", messages=[worlds.QUESTION]),
    "ExportLorebook": _of_book("ExportLorebook"),
    # KnowledgeService
    "UploadDocument": _upload_document,
    "GetDocument": _asks("GetDocument", lambda world: {"document_id": world.document}),
    "ListDocuments": _of_character("ListDocuments"),
    "DeleteDocument": _delete_document,
    "SearchKnowledge": _of_character("SearchKnowledge", query="bells"),
    # SettingService
    "ExplainSettings": _of_character("ExplainSettings"),
    "SetPersonSetting": _of_character("SetPersonSetting", key="persona", value={"flag": True}),
    "SetPersonalitySetting": _of_character(
        "SetPersonalitySetting", key="persona", value={"flag": True}
    ),
    # TransferService
    "ExportPersonality": _of_character("ExportPersonality", format="EXPORT_FORMAT_TZUROT"),
    "ImportPersonality: a book for it": _import_book,
    # SessionService
    "ActivatePersonality": _activate,
    "Chat": _chat,
    "Chat: its greeting": _greeting,
    "Chat: @name": _chat_by_name,
    "Chat: what it knows is cited": _cited,
    "GetTurnTrace": _of_turn("GetTurnTrace"),
    "GetTurnTrace: words of its definition": _trace,
    "WatchTurn": _of_turn("WatchTurn"),
    "ListMessages": _of_conversation("ListMessages"),
    "ListSummaries": _of_conversation("ListSummaries"),
    "ExportConversation": _of_conversation("ExportConversation"),
    "Chat: another reply": _again,
    "GetMessage": _message,
    "EditMessage": _edited,
    # MemoryService
    "CreateMemory": _create_memory,
    "SearchMemories": _asks(
        "SearchMemories", lambda world: {"personality_id": world.id, "query": "bees"}
    ),
    "GetMemoryGraph": _asks(
        "GetMemoryGraph",
        lambda world: {"personality_id": world.id, "view": "GRAPH_VIEW_RELATIONSHIPS"},
    ),
    "GetMemoryStats": _asks("GetMemoryStats", lambda world: {"personality_id": world.id}),
    "ListMemories": _asks("ListMemories", lambda world: {"personality_id": world.id}),
    "PurgeMemories: of whom it knows": _asks(
        "PurgeMemories", lambda world: {"personality_id": world.id}
    ),
    "ExportMemories: of whom it knows": _asks(
        "ExportMemories",
        lambda world: {"personality_id": world.id, "format": "MEMORY_FORMAT_JSON_LINES"},
    ),
    "ListUnclaimedMemories": _asks(
        "ListUnclaimedMemories", lambda world: {"personality_id": world.id}
    ),
    **flow_rights.CASES,
}
