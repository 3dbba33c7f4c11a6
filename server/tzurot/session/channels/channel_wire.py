"""Channels and who is active there as messages, and back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tzurot.session.channels.addressing import Mode
from tzurot.session.channels.channel_store import Position
from tzurot.session.channels.channels import Active, Channel, Rule
from tzurot.session.channels.listening import Heard
from tzurot.session.said_wire import place_to
from tzurot.session.v1 import channel_pb2, channel_service_pb2
from tzurot.transport.wire import moment, moment_or_none, text_of

_MODES = {
    Mode.EVERY: channel_pb2.ACTIVATION_MODE_EVERY_MESSAGE,
    Mode.NAMED: channel_pb2.ACTIVATION_MODE_WHEN_NAMED,
    Mode.MUTED: channel_pb2.ACTIVATION_MODE_MUTED,
}
_BY_NUMBER = {number: mode for mode, number in _MODES.items()}


def channel_to(channel: Channel) -> channel_pb2.Channel:
    """A channel as somebody sees it."""
    return channel_pb2.Channel(
        place=place_to(channel.place),
        activations=[_activation_to(it) for it in channel.active],
        inherited=channel.inherited,
        next_speaker_id=text_of(channel.next_speaker_id),
        update_time=moment_or_none(channel.update_time),
    )


def rule_from(rule: channel_pb2.ChannelRule) -> Rule:
    """What a request decides; what it leaves out is as for a new activation."""
    return Rule(
        _BY_NUMBER.get(rule.mode, Mode.EVERY),
        rule.talkativeness if rule.HasField("talkativeness") else 1.0,
        rule.proactive,
    )


def heard_to(heard: Heard) -> channel_service_pb2.WatchChannelsResponse:
    """What a client is to listen to."""
    return channel_service_pb2.WatchChannelsResponse(
        channels=[
            channel_pb2.Listening(
                channel_id=it.channel_id,
                answers=it.answers,
                records=it.records,
                removed=it.removed,
            )
            for it in heard.channels
        ],
        complete=heard.complete,
        due_turns=[
            channel_pb2.DueTurn(
                request_id=it.request_id,
                personality_id=it.personality_id,
                subject=it.subject,
                place=place_to(it.place),
            )
            for it in heard.due
        ],
    )


def position_to(position: Position) -> str:
    """Where a list goes on, as its token has it."""
    when, row_id = position
    return f"{when.isoformat()} {row_id}"


def position_from(text: str) -> Position:
    """The same, read from a token."""
    when, _, row_id = text.partition(" ")
    return datetime.fromisoformat(when), UUID(row_id)


def _activation_to(it: Active) -> Any:
    return channel_pb2.Activation(
        personality_id=str(it.personality_id),
        personality_name=it.label.name,
        personality_slug=it.label.slug,
        mode=_MODES[it.rule.mode],
        talkativeness=it.rule.talkativeness,
        create_time=moment(it.create_time),
        proactive=it.rule.proactive,
    )
