"""What can be done about a message, and what makes characters go on or stop.

Message commands ("Apps" in a message's menu): of a character's another reply, more of it, others,
why, delete; of any, that it is remembered; and `/stop`. New words appear in the channel; all else
is said to the asker alone.
"""

from typing import Final

import discord

from tzurot_client import Client
from tzurot_client.gen.tzurot.flow.v1 import StartFlowRequest
from tzurot_client.gen.tzurot.session.v1 import (
    Author,
    ChatRequest,
    Continuation,
    DeleteMessageRequest,
    GetMessageRequest,
    Message,
    MessageRef,
    Place,
    Regeneration,
    TurnStarted,
)
from tzurot_discord import errors
from tzurot_discord.catalogue import MAX_ARGUMENT
from tzurot_discord.conversations import Conversations
from tzurot_discord.inputs import Command, Target
from tzurot_discord.outgoing import Stage, show_anew
from tzurot_discord.own_commands import on_a_message, slash
from tzurot_discord.reading import named
from tzurot_discord.stages import Aside, Stages
from tzurot_discord.subjects import Channel, interaction_place, message_ref, request_id

STOP, REGENERATE, CONTINUE, DELETE = "stop", "Regenerate", "Continue", "Delete this reply"
OTHERS, ABOUT, REMEMBER = "Other replies", "About this reply", "Remember this"
_ABOUT: Final = {OTHERS: ("message alternatives", "message"), ABOUT: ("turn why", "turn")}
"""The flow that answers each, and which of the reply's ids it takes."""
COMMANDS: Final = (
    slash(STOP, "Stop what is being answered to you here"),
    on_a_message(REGENERATE, "Another reply in place of this one"),
    on_a_message(CONTINUE, "This reply goes on"),
    on_a_message(OTHERS, "What else was said in its place: choose one, or write another"),
    on_a_message(ABOUT, "Why a character said that"),
    on_a_message(REMEMBER, "A character remembers it of you"),
    on_a_message(DELETE, "The reply goes, and what is remembered of it"),
)
NAMES: Final = tuple(one.declared["name"] for one in COMMANDS)


class Cues:
    """The way in for these commands."""

    def __init__(self, conversations: Conversations, stages: Stages) -> None:
        self._conversations = conversations
        self._stages = stages

    async def take(
        self, interaction: discord.Interaction, command: Command, person: Client
    ) -> StartFlowRequest | str:
        """Do what the command says. What it leaves to a flow is returned, else what to say of it.

        Raises:
            TzurotError: the message is none of the person's, or of no character.
        """
        place, channel = interaction_place(interaction), interaction.channel
        if place is None or not isinstance(channel, Channel | discord.DMChannel):
            return errors.NOT_HERE
        if command.name == STOP:
            stopped = await self._conversations.stop(person, place.channel_id)
            return errors.STOPPED if stopped else errors.NOTHING_RUNS
        if command.name == REMEMBER:
            return _remembering(command.target, place, interaction)
        if not _is_ours(command.target, interaction):
            return errors.NOT_A_REPLY
        if command.name in _ABOUT:
            return await _flow_about(command, channel.id, interaction, person)
        stage = self._stage(interaction, channel, command.target.author.id, person)
        await interaction.response.defer(ephemeral=True, thinking=True)
        return await self._change(interaction, command, stage, person)

    async def show_anew(
        self, interaction: discord.Interaction, message_id: str, person: Client
    ) -> None:
        """Show a reply as it is since a flow has changed it, if it stands in this channel."""
        request = GetMessageRequest(message=MessageRef(id=message_id))
        told, channel = (await person.message.get_message(request)).message, interaction.channel
        if told is None or told.author is not Author.PERSONALITY or not told.platform_message_ids:
            return
        if isinstance(channel, Channel | discord.DMChannel):
            sender = (await channel.fetch_message(int(told.platform_message_ids[0]))).author
            stage = self._stage(interaction, channel, sender.id, person)
            started = TurnStarted(
                display_name=told.author_name,
                replaced_platform_message_ids=told.platform_message_ids,
            )
            await self._conversations.report(
                person, told.turn_id, await show_anew(stage, started, told.text)
            )

    def _stage(
        self,
        interaction: discord.Interaction,
        channel: Channel | discord.DMChannel,
        sender_id: int,
        person: Client,
    ) -> Stage:
        """Where only its sender can change a message: the bot itself, or a webhook."""
        if isinstance(channel, Channel) and sender_id != _me(interaction):
            return self._stages.channel(channel, person, interaction.id)
        return self._stages.direct(channel, interaction.id)

    async def _change(
        self, interaction: discord.Interaction, command: Command, stage: Stage, person: Client
    ) -> str:
        """Let another reply, or a longer one, stand where this one stands; or none."""
        aside, place = Aside(interaction, stage), interaction_place(interaction)
        ref = message_ref(int(place.channel_id if place else 0), command.target.id)
        if command.name == DELETE:
            await _delete(ref, aside, person)
            return errors.DELETED
        request = ChatRequest(request_id=_request_id(interaction), place=place)
        speaker = interaction.user.display_name
        if command.name == CONTINUE:
            request.continuation = Continuation(message=ref, speaker_name=speaker)
        else:
            request.regeneration = Regeneration(message=ref, speaker_name=speaker)
        if not await self._conversations.hold(person, request, aside):
            return errors.NOTHING_SAID
        await aside.close()
        return ""


async def _delete(ref: MessageRef, aside: Aside, person: Client) -> None:
    """The server first: what it does not let go stays on Discord as well."""
    shown = (await person.message.get_message(GetMessageRequest(message=ref))).message
    await person.message.delete_message(DeleteMessageRequest(message=ref))
    voice = await aside.voice(TurnStarted())
    for message_id in shown.platform_message_ids if shown else ():
        await voice.delete(int(message_id))


async def _flow_about(
    command: Command, channel_id: int, interaction: discord.Interaction, person: Client
) -> StartFlowRequest:
    request = GetMessageRequest(message=message_ref(channel_id, command.target.id))
    told = (await person.message.get_message(request)).message or Message()
    path, key = _ABOUT[command.name]
    about = told.turn_id if key == "turn" else told.id
    return StartFlowRequest(path=path, arguments={key: about}, request_id=_request_id(interaction))


def _remembering(
    target: Target, place: Place, interaction: discord.Interaction
) -> StartFlowRequest:
    """Of a message that the server doesn't know, its words are what Discord shows."""
    words = named(target.content, {it.id: it.global_name or it.username for it in target.mentions})
    return StartFlowRequest(
        path="memory add",
        arguments={"message": str(target.id), "text": words[:MAX_ARGUMENT]},
        request_id=_request_id(interaction),
        place=place,
    )


def _is_ours(target: Target, interaction: discord.Interaction) -> bool:
    """Whether the bot or one of its webhooks has sent the message."""
    ours = target.application_id == interaction.application_id
    return ours or target.author.id == _me(interaction)


def _me(interaction: discord.Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


def _request_id(interaction: discord.Interaction) -> str:
    return request_id("interaction", interaction.id)
