"""People, places, webhooks and emojis → the vendor's JSON, for REST and gateway alike."""

from tests.fakes.discord.state import (
    Channel,
    ChannelKind,
    Emoji,
    Guild,
    User,
    Webhook,
    World,
)
from tests.fakes.discord.wire import Json

ALL_PERMISSIONS = str((1 << 53) - 1)
ADMINISTRATOR, VIEW_CHANNEL = 1 << 3, 1 << 10  # Discord "Permissions"
THREADS = (ChannelKind.THREAD, ChannelKind.PRIVATE_THREAD)
JOINED_AT = "2024-01-01T00:00:00+00:00"
MEMBERSHIP: Json = {
    "roles": [],
    "nick": None,
    "avatar": None,
    "joined_at": JOINED_AT,
    "premium_since": None,
    "deaf": False,
    "mute": False,
    "flags": 0,
    "pending": False,
    "communication_disabled_until": None,
}
"""A server member without its user, as it rides on a message."""


def user_of(person: User) -> Json:
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": person.display_name,
        "discriminator": "0000" if person.bot else "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def own_user_of(person: User) -> Json:
    """The answer to GET /users/@me."""
    return {**user_of(person), "mfa_enabled": False, "locale": "en-US", "verified": True}


def application_of(world: World) -> Json:
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": 1 << 19,  # GATEWAY_MESSAGE_CONTENT_LIMITED
        "flags_new": str(1 << 19),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_of(world.owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "bot_public": False,
        "bot_require_code_grant": False,
    }


def channel_of(place: Channel) -> Json:
    if place.kind in (ChannelKind.DIRECT, ChannelKind.GROUP):
        assert place.recipient
        group = {"name": place.name, "icon": None, "owner_id": str(place.recipient.id)}
        return (group if place.kind is ChannelKind.GROUP else {}) | {
            "id": str(place.id),
            "type": int(place.kind),
            "flags": 0,
            "last_message_id": None,
            "recipients": [user_of(place.recipient)],
        }
    assert place.guild
    common: Json = {
        "id": str(place.id),
        "type": int(place.kind),
        "guild_id": str(place.guild.id),
        "name": place.name,
        "flags": 0,
        "last_message_id": None,
        "parent_id": str(place.parent.id) if place.parent else None,
        "rate_limit_per_user": 0,
    }
    if place.kind in THREADS:
        return common | {
            "owner_id": str(next(iter(place.guild.members))),
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "thread_metadata": {
                "archived": False,
                "archive_timestamp": JOINED_AT,
                "auto_archive_duration": 1440,
                "locked": False,
            },
        }
    if place.kind is ChannelKind.FORUM:
        common |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        common |= {"default_forum_layout": 0}
    return common | {
        "position": 0,
        "topic": None,
        "nsfw": place.nsfw,
        "permission_overwrites": _overwrites(place),
    }


def _overwrites(place: Channel) -> list[Json]:
    """Nobody sees a private channel but its insiders, or who is a member of the server now."""
    assert place.guild
    denied = place.denied | (VIEW_CHANNEL if place.private else 0)
    nobody: Json = {"id": str(place.guild.id), "type": 0, "allow": "0", "deny": str(denied)}
    if not place.private:
        return [nobody] if denied else []
    return [nobody] + [
        {"id": str(member), "type": 1, "allow": str(VIEW_CHANNEL), "deny": "0"}
        for member in place.insiders or place.guild.members
    ]


def guild_of(place: Guild, world: World) -> Json:
    """The data of GUILD_CREATE: roles, channels, threads and members included."""
    channels = [channel for channel in world.channels.values() if channel.guild is place]
    everyone = {
        "id": str(place.id),  # @everyone's id is the server's own
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(int(ALL_PERMISSIONS) & ~ADMINISTRATOR),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(place.id),
        "name": place.name,
        "icon": None,
        "owner_id": str(next(iter(place.members))),
        "unavailable": False,
        "large": False,
        "member_count": len(place.members),
        "joined_at": JOINED_AT,
        "roles": [everyone, *(_role_of(bot, everyone) for bot in place.bots)],
        "channels": [channel_of(c) for c in channels if c.kind not in THREADS],
        "threads": [channel_of(c) for c in channels if c.kind in THREADS],
        "members": [MEMBERSHIP | {"user": user_of(m)} for m in place.members.values()],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "emojis": [],
        "stickers": [],
        "features": [],
        "preferred_locale": "en-US",
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": place.nsfw_level,
        "nsfw": False,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "application_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "splash": None,
        "discovery_splash": None,
    }


def _role_of(bot: int, everyone: Json) -> Json:
    """The role that an application gets with its invitation; here it has the same id."""
    own = {"id": str(bot), "name": f"bot {bot}", "managed": True, "position": 1}
    return everyone | own | {"tags": {"bot_id": str(bot)}}


def member_of(person: User) -> Json:
    """A member of a server as REST returns it."""
    return MEMBERSHIP | {"user": user_of(person), "banner": None}


def webhook_of(hook: Webhook, world: World) -> Json:
    """A webhook; its token is told to the application that owns it and to nobody else."""
    payload: Json = {
        "id": str(hook.id),
        "type": 1,
        "name": hook.name,
        "avatar": hook.avatar,
        "channel_id": str(hook.channel.id),
        "guild_id": str(hook.channel.guild.id) if hook.channel.guild else None,
        "application_id": str(hook.application_id) if hook.application_id else None,
        "user": user_of(hook.owner),
    }
    if hook.application_id == world.application_id:
        payload["token"] = hook.token
        payload["url"] = f"https://discord.com/api/webhooks/{hook.id}/{hook.token}"
    return payload


def emoji_of(image: Emoji, world: World) -> Json:
    return {
        "id": str(image.id),
        "name": image.name,
        "user": user_of(world.bot),
        "roles": [],
        "require_colons": True,
        "managed": False,
        "animated": False,
        "available": True,
    }
