"""Presets of tests: making one, choosing it, talking with it."""

from typing import Any
from uuid import uuid4

from tests.calling import Client, request_for
from tests.contract.residents import in_channel, in_private
from tzurot.session.v1.place_pb2 import Place

TIERS = ("system", "personality", "channel", "person", "person_personality")


async def made(who: Client, name: str = "", /, **fields: Any) -> Any:
    """A new preset; `fields` are its own, such as `parameters`."""
    preset = {"name": name or f"Warm {uuid4().hex[:8]}", **fields}
    return (await who.call("CreatePreset", request_for("CreatePreset", preset=preset))).preset


async def published(who: Client, **fields: Any) -> Any:
    """One of everybody's."""
    preset = await made(who, **fields)
    asked = request_for("PublishPreset", preset_id=preset.id, published=True)
    return (await who.call("PublishPreset", asked)).preset


async def character(who: Client, **fields: Any) -> str:
    """A new character of theirs; its id."""
    new = {"name": f"Lilith {uuid4().hex[:12]}", **fields}
    asked = request_for("CreatePersonality", personality=new)
    return (await who.call("CreatePersonality", asked)).personality.id


async def choose(
    who: Client, tier: str, preset_id: str | None, *, lilith: str = "", place: Place | None = None
) -> Any:
    """Have a preset count at a tier; None: what was decided there counts no more."""
    name = "person" if tier == "person_personality" else tier
    fields: dict[str, Any] = {"key": "preset"}
    if preset_id is not None:
        fields["value"] = {"choice": preset_id} if preset_id else {"off": {}}
    if tier in ("personality", "person_personality"):
        fields["personality"] = {"id": lilith}
    if tier == "channel":
        fields["place"] = place
    rpc = f"Set{name.capitalize()}Setting"
    return (await who.call(rpc, request_for(rpc, **fields))).setting


async def said(who: Client, lilith: str, place: Place | None = None) -> Any:
    """All events of a turn of theirs."""
    asked = request_for(
        "Chat",
        place=place or in_private(),
        utterance={"text": "Good evening.", "speaker_name": "Ada"},
        addressees=[{"id": lilith}],
    )
    return [it.event for it in await who.call("Chat", asked)]


async def traced(who: Client, events: Any) -> Any:
    """The trace of a turn."""
    asked = request_for("GetTurnTrace", turn_id=events[0].turn_id)
    return (await who.call("GetTurnTrace", asked)).trace


def a_channel() -> Place:
    """One that the characters answer in."""
    return in_channel()
