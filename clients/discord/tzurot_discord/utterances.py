"""A person's message in the words of the contract: what is said, with what, and about what."""

import asyncio
from dataclasses import dataclass

import discord

from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Utterance
from tzurot_discord import attachments
from tzurot_discord.proxies import Speaker
from tzurot_discord.reading import readable
from tzurot_discord.references import References
from tzurot_discord.subjects import request_id


@dataclass(frozen=True, slots=True)
class Said:
    """What goes to the server, its place aside, and what the person is told of the rest."""

    request: ChatRequest | None
    """None if nothing of the message can be said."""
    left_out: str


async def said(
    message: discord.Message, speaker: Speaker, person: Client, references: References
) -> Said:
    """The message as its speaker says it. What it brings along is read and uploaded meanwhile."""
    brought, referred = await asyncio.gather(
        attachments.of(message, person), references.of(message, speaker.person)
    )
    utterance = Utterance(
        text=readable(message, references.discord.user),
        speaker_name=speaker.name,
        replied_to_message_id=str(speaker.replied_to or ""),
        platform_message_id=str(message.id),
        references=referred,
        attachment_ids=brought.ids,
        proxy=speaker.proxy,
    )
    left_out = "\n".join(brought.sentences)
    if not (utterance.text or brought.ids or message.message_snapshots):
        return Said(None, left_out)
    request = ChatRequest(request_id=request_id("message", message.id), utterance=utterance)
    return Said(request, left_out)
