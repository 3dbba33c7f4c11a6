"""What moderators decide in a scenario: who answers in a channel, and who is not answered."""

from collections.abc import Mapping
from typing import Any

from tests.scenarios.props import Props
from tests.session.stage import Person, ref
from tzurot_client import Client
from tzurot_client.gen.tzurot.account.v1 import (
    CreateDenialRequest,
    DeleteDenialRequest,
    Denial,
    DenialKind,
)
from tzurot_client.gen.tzurot.session.v1 import (
    ActivatePersonalityRequest,
    ActivationMode,
    Channel,
    ChannelRule,
    DeactivatePersonalityRequest,
    GetChannelRequest,
    Off,
    Place,
    ResetChannelRequest,
    SetChannelSettingRequest,
    SetNextSpeakerRequest,
    SetPersonSettingRequest,
    SettingValue,
)

Line = Mapping[str, Any]

CHANNEL_VERBS = ("activates", "deactivates", "next", "follows_its_parent", "active_here")

_MODES = {
    "every": ActivationMode.EVERY_MESSAGE,
    "named": ActivationMode.WHEN_NAMED,
    "muted": ActivationMode.MUTED,
}


async def decide_who_answers(line: Line, person: Person, props: Props) -> None:
    """One of `CHANNEL_VERBS`."""
    place, service = props.places.at(line["where"], person), person.client.channel
    match line:
        case {"activates": name}:
            wanted = ref(props.characters[name])
            await service.activate_personality(
                ActivatePersonalityRequest(place=place, personality=wanted, rule=_rule(line))
            )
        case {"deactivates": name}:
            gone = DeactivatePersonalityRequest(place=place, personality_id=_id(name, props))
            await service.deactivate_personality(gone)
        case {"next": name}:
            named = SetNextSpeakerRequest(place=place, personality_id=_id(name, props))
            await service.set_next_speaker(named)
        case {"follows_its_parent": _}:
            await service.reset_channel(ResetChannelRequest(place=place))
        case _:
            channel = (await service.get_channel(GetChannelRequest(place=place))).channel
            _is_as_expected(channel, line, props)


async def decide_settings(line: Line, person: Person, props: Props) -> None:
    """Those of a channel, or the person's own."""
    service = person.client.setting
    for key, value in line["decides"].items():
        decided = _value(value)
        if "where" in line:
            place: Place = props.places.at(line["where"], person)
            await service.set_channel_setting(
                SetChannelSettingRequest(key=key, value=decided, place=place)
            )
        else:
            await service.set_person_setting(SetPersonSettingRequest(key=key, value=decided))


async def deny(line: Line, person: Person, operator: Client, props: Props) -> None:
    """Keep somebody from being answered, or answer them again."""
    everywhere = line.get("everywhere", False)
    service = (operator if everywhere else person.client).moderation
    platform = "" if everywhere else person.platform
    space_id = "" if everywhere else props.places.server()
    if name := line.get("allows_again"):
        denial_id = props.denials.pop(name)
        gone = DeleteDenialRequest(denial_id=denial_id, platform=platform, within_space_id=space_id)
        await service.delete_denial(gone)
        return
    denial = _denial(line["denies"], props)
    denial.platform, denial.within_space_id = platform, space_id
    denial.kind = DenialKind.MUTE if line.get("quietly") else DenialKind.BLOCK
    made = (await service.create_denial(CreateDenialRequest(denial=denial))).denial
    assert made
    props.denials[line["denies"]] = made.id


def _denial(name: str, props: Props) -> Denial:
    """Of whom: people come before characters, which scenarios call otherwise."""
    if name in props.people:
        return Denial(subject=props.people[name].subject)
    if name in props.characters:
        return Denial(personality_id=props.characters[name].id)
    if name[0] in "#%":
        return Denial(channel_id=props.places.channel(name))
    return Denial(space_id=props.places.server(name))


def _rule(line: Line) -> ChannelRule:
    mode = _MODES.get(line.get("mode", ""), ActivationMode.UNSPECIFIED)
    return ChannelRule(mode=mode, talkativeness=line.get("talkativeness"))


def _id(name: str, props: Props) -> str:
    """Empty for `everybody` and `whoever`."""
    return props.characters[name].id if name in props.characters else ""


def _is_as_expected(channel: Channel | None, line: Line, props: Props) -> None:
    assert channel
    labels = {one.id: label for label, one in props.characters.items()}
    active = [labels[it.personality_id] for it in channel.activations]
    assert active == line["active_here"]
    assert channel.inherited == line.get("inherited", False)


def _value(value: bool | float | str | None) -> SettingValue:
    match value:
        case None:
            return SettingValue(off=Off())
        case bool():
            return SettingValue(flag=value)
        case str():
            return SettingValue(choice=value)
        case int():
            return SettingValue(whole=value)
        case float():
            return SettingValue(ratio=value)
