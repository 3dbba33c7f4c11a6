"""Deciding about channels in one line each, as a client that is trusted with it.

await activates(ada, meadow, lilith, talkativeness=0.0)
assert await active(ada, meadow) == ["Lilith"]
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from tests.session.stage import PATIENCE, Person, Stage, ref
from tzurot_client import connect
from tzurot_client.gen.tzurot.account.v1 import CreateServiceTokenRequest, ServiceToken
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ActivatePersonalityRequest,
    ActivationMode,
    Channel,
    ChannelRule,
    DeactivatePersonalityRequest,
    GetChannelRequest,
    Place,
    ResetChannelRequest,
    SetNextSpeakerRequest,
    WatchChannelsRequest,
    WatchChannelsResponse,
)

EVERY, NAMED, MUTED = (
    ActivationMode.EVERY_MESSAGE,
    ActivationMode.WHEN_NAMED,
    ActivationMode.MUTED,
)


async def activates(
    who: Person,
    place: Place,
    character: Personality,
    mode: ActivationMode = EVERY,
    talkativeness: float | None = None,
) -> Channel:
    """Let a character answer there, or change how."""
    rule = ChannelRule(mode=mode, talkativeness=talkativeness)
    request = ActivatePersonalityRequest(place=place, personality=ref(character), rule=rule)
    return _of(await who.client.channel.activate_personality(request))


async def deactivates(who: Person, place: Place, character: Personality | None = None) -> Channel:
    """Take one out, or all."""
    request = DeactivatePersonalityRequest(
        place=place, personality_id=character.id if character else ""
    )
    return _of(await who.client.channel.deactivate_personality(request))


async def gives_the_floor(
    who: Person, place: Place, character: Personality | None = None
) -> Channel:
    """Choose who speaks next."""
    request = SetNextSpeakerRequest(place=place, personality_id=character.id if character else "")
    return _of(await who.client.channel.set_next_speaker(request))


async def resets(who: Person, place: Place) -> Channel:
    return _of(await who.client.channel.reset_channel(ResetChannelRequest(place=place)))


async def looks(who: Person, place: Place) -> Channel:
    return _of(await who.client.channel.get_channel(GetChannelRequest(place=place)))


async def active(who: Person, place: Place) -> list[str]:
    """The names of those active there, as somebody sees it."""
    return names(await looks(who, place))


def names(channel: Channel) -> list[str]:
    return [it.personality_name for it in channel.activations]


def thread(of: Place, channel_id: str) -> Place:
    """A thread of a channel."""
    return replace(of, channel_id=channel_id, parent_channel_id=of.channel_id)


@asynccontextmanager
async def trusted_with(stage: Stage, person: Person, *scopes: str) -> AsyncGenerator[Person]:
    """The same person with a client that has these scopes and no others."""
    token = ServiceToken(name=person.name, scopes=list(scopes), subject=person.subject)
    request = CreateServiceTokenRequest(service_token=token)
    created = await stage.client.admin.create_service_token(request)
    async with connect(stage.server.address, created.secret) as client:
        yield replace(person, client=client)


async def watches(who: Person, platform: str) -> AsyncGenerator[WatchChannelsResponse]:
    """What a client that listens to a platform is told, as it comes."""
    request = WatchChannelsRequest(platform=platform)
    async for told in who.client.channel.watch_channels(request, timeout=PATIENCE):
        yield told


def _of(response: Any) -> Channel:
    assert isinstance(response.channel, Channel)
    return response.channel
