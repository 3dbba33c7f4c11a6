"""What can be done about a character's message, and what makes characters go on or stop.

Message commands ("Apps" in a message's menu): another reply, more of it, others, why, delete; and
`/stop`. New words appear in the channel; all else is said to the asker alone.
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
    Regeneration,
    TurnStarted,
)
from tzurot_discord import errors
from tzurot_discord.catalogue import EVERYWHERE, Json
from tzurot_discord.conversations import Conversations
from tzurot_discord.inputs import Command, Target
from tzurot_discord.outgoing import Stage, show_anew
from tzurot_discord.stages import Aside, Stages
from tzurot_discord.subjects import Channel, interaction_place, message_ref, request_id

STOP, REGENERATE, CONTINUE, DELETE = "stop", "Regenerate", "Continue", "Delete this reply"
_ABOUT: Final = {
    "Other replies": ("message alternatives", "message"),
    "About this reply": ("turn why", "turn"),
}
"""The flow that answers each, and which of the reply's ids it takes."""
_ON_A_MESSAGE = (REGENERATE, CONTINUE, *_ABOUT, DELETE)
NAMES = (STOP, *_ON_A_MESSAGE)
COMMANDS: Final[tuple[Json, ...]] = (
    EVERYWHERE | {"name": STOP, "description": "Stop what is being answered to you here"},
    *(EVERYWHERE | {"type": 3, "name": name} for name in _ON_A_MESSAGE),
)


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
        if not _is_ours(command.target, interaction):
            return errors.NOT_A_REPLY
        if command.name in _ABOUT:
            return await _flow_about(command, channel.id, interaction, person)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stage = self._stage(interaction, channel, command.target.author.id, person)
        aside = self._stages.aside(interaction, stage)
        if command.name == DELETE:
            return await _delete(message_ref(channel.id, command.target.id), aside, person)
        request = ChatRequest(request_id=_request_id(interaction), place=place)
        return await self._say_again(request, command, aside, person)

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

    async def _say_again(
        self, request: ChatRequest, command: Command, aside: Aside, person: Client
    ) -> str:
        ref = message_ref(int(request.place.channel_id if request.place else 0), command.target.id)
        if command.name == CONTINUE:
            request.continuation = Continuation(message=ref)
        else:
            request.regeneration = Regeneration(message=ref)
        if not await self._conversations.hold(person, request, aside):
            return errors.NOTHING_SAID
        await aside.close()
        return ""


async def _delete(ref: MessageRef, aside: Aside, person: Client) -> str:
    """The server first: what it does not let go stays on Discord as well."""
    shown = (await person.message.get_message(GetMessageRequest(message=ref))).message
    await person.message.delete_message(DeleteMessageRequest(message=ref))
    voice = await aside.voice(TurnStarted())
    for message_id in shown.platform_message_ids if shown else ():
        await voice.delete(int(message_id))
    return errors.DELETED


async def _flow_about(
    command: Command, channel_id: int, interaction: discord.Interaction, person: Client
) -> StartFlowRequest:
    request = GetMessageRequest(message=message_ref(channel_id, command.target.id))
    told = (await person.message.get_message(request)).message or Message()
    path, key = _ABOUT[command.name]
    about = told.turn_id if key == "turn" else told.id
    return StartFlowRequest(path=path, arguments={key: about}, request_id=_request_id(interaction))


def _is_ours(target: Target, interaction: discord.Interaction) -> bool:
    """Whether the bot or one of its webhooks has sent the message."""
    ours = target.application_id == interaction.application_id
    return ours or target.author.id == _me(interaction)


def _me(interaction: discord.Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


def _request_id(interaction: discord.Interaction) -> str:
    return request_id("interaction", interaction.id)
