"""Messages and interactions → the vendor's JSON; what else exists is in `payloads.py`."""

from hashlib import md5

from tests.fakes.discord.payloads import ALL_PERMISSIONS, MEMBERSHIP, channel_of, user_of
from tests.fakes.discord.state import ChannelKind, Interaction, Message, World
from tests.fakes.discord.wire import Json

FORWARD = 1  # Discord "Message Reference Types"
COMPONENT, FORM = 3, 5  # Discord "Interaction Type"
DEFERRED_UPDATE = 6  # Discord "Interaction Callback Type"
ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024  # bytes; Discord "Uploading Files", the default


def message_of(sent: Message, world: World) -> Json:
    """A message as REST returns it; `event` adds what only the gateway tells."""
    pings = sent.versions[-1].pings
    payload: Json = {
        "id": str(sent.id),
        "type": 20 if sent.interaction else 19 if sent.reply_to else 0,
        "channel_id": str(sent.channel.id),
        "author": _author(sent),
        "content": sent.content,
        "timestamp": sent.created_at.isoformat(),
        "edited_timestamp": sent.edited_at.isoformat() if sent.edited_at else None,
        "tts": False,
        "mention_everyone": pings.everyone,
        "mentions": [
            user_of(world.users[one]) for one in sorted(pings.users) if one in world.users
        ],
        "mention_roles": [str(role) for role in sorted(pings.roles)],
        "attachments": sent.attachments,
        "embeds": sent.embeds,
        "components": sent.components,
        "pinned": False,
        "flags": sent.flags,
    }
    if sent.nonce is not None:
        payload["nonce"] = sent.nonce
    if sent.webhook:
        payload["webhook_id"] = str(sent.webhook.id)
        if sent.webhook.application_id:
            payload["application_id"] = str(sent.webhook.application_id)
    if sent.interaction:
        payload |= _from_interaction(sent.interaction, world)
    if sent.reply_to:
        payload |= _reply(sent.reply_to, world)
    if sent.forwarded:
        payload |= _forward(sent.forwarded, world)
    return payload


def event_of(sent: Message, world: World) -> Json:
    """The data of MESSAGE_CREATE and MESSAGE_UPDATE (always the full message)."""
    payload = message_of(sent, world)
    if place := sent.channel.guild:
        payload["guild_id"] = str(place.id)
        if not sent.webhook:
            payload["member"] = MEMBERSHIP
    payload["channel_type"] = int(sent.channel.kind)
    return payload


def _author(sent: Message) -> Json:
    if not sent.webhook:
        return user_of(sent.author)
    face = sent.avatar_url
    return user_of(sent.author) | {
        "id": str(sent.webhook.id),
        "username": sent.name,
        "global_name": None,
        "discriminator": "0000",
        "bot": True,
        "avatar": md5(face.encode(), usedforsecurity=False).hexdigest() if face else None,
    }


def _from_interaction(source: Interaction, world: World) -> Json:
    return {
        "webhook_id": str(world.application_id),
        "application_id": str(world.application_id),
        "interaction_metadata": _metadata(source, source.kind),
    }


def _metadata(source: Interaction, kind: int) -> Json:
    """What a message tells of the interaction that it answers."""
    about: Json = {
        "id": str(source.id),
        "type": kind,
        "user": user_of(source.author),
        "authorizing_integration_owners": integration_owners(source),
    }
    if kind == COMPONENT and source.message:
        about["interacted_message_id"] = str(source.message.id)
    if kind == FORM:
        about["triggering_interaction_metadata"] = _metadata(source, COMPONENT)
    return about


def _reply(original: Message, world: World) -> Json:
    reference: Json = {
        "type": 0,
        "channel_id": str(original.channel.id),
        "message_id": str(original.id),
    }
    if original.channel.guild:
        reference["guild_id"] = str(original.channel.guild.id)
    whole = None if original.deleted else message_of(original, world)
    if whole:  # one level deep: a referenced message tells its reference's ids only
        whole.pop("referenced_message", None)
    return {"message_reference": reference, "referenced_message": whole}


def _forward(original: Message, world: World) -> Json:
    """What a forward carries of another message; by whom it was it does not tell."""
    whole = message_of(original, world)
    kept = ("type", "content", "mentions", "mention_roles", "attachments", "embeds", "timestamp")
    snapshot = {name: whole[name] for name in (*kept, "edited_timestamp", "flags", "components")}
    reference = _reply(original, world)["message_reference"] | {"type": FORWARD}
    return {"message_reference": reference, "message_snapshots": [{"message": snapshot}]}


def integration_owners(source: Interaction) -> Json:
    """Who installed the application there: "0" the server ("0" in direct ones), "1" a person."""
    if source.by_person:
        return {"1": str(source.author.id)}
    place = source.channel.guild
    return {"0": str(place.id) if place else "0"}


def interaction_of(source: Interaction, world: World) -> Json:
    """The data of INTERACTION_CREATE."""
    place = source.channel.guild
    payload: Json = {
        "id": str(source.id),
        "application_id": str(world.application_id),
        "type": source.kind,
        "token": source.token,
        "version": 1,
        "data": source.data,
        "channel": channel_of(source.channel),
        "channel_id": str(source.channel.id),
        "locale": "en-US",
        "app_permissions": ALL_PERMISSIONS,
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        "entitlements": [],
        "authorizing_integration_owners": integration_owners(source),
        "context": 0 if place else 2 if source.channel.kind is ChannelKind.GROUP else 1,
    }
    if source.message:
        payload["message"] = message_of(source.message, world)
    if place is None:
        return payload | {"user": user_of(source.author)}
    may = source.author.permissions
    person = MEMBERSHIP | {
        "user": user_of(source.author),
        "permissions": ALL_PERMISSIONS if may is None else str(may),
    }
    return payload | {
        "guild_id": str(place.id),
        "guild": {"id": str(place.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": person,
    }


def callback_of(source: Interaction, world: World) -> Json:
    """The answer to a callback with `with_response=1`."""
    about: Json = {
        "id": str(source.id),
        "type": source.kind,
        "channel_id": str(source.channel.id),
    }
    if not source.original:
        return {"interaction": about}
    about |= {
        "response_message_id": str(source.original.id),
        "response_message_loading": source.original.loading,
        "response_message_ephemeral": source.original.ephemeral,
    }
    resource = {"type": source.callback, "message": message_of(source.original, world)}
    if source.original.loading or source.callback == DEFERRED_UPDATE:
        return {"interaction": about}
    return {"interaction": about, "resource": resource}
