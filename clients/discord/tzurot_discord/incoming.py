"""What happens when somebody writes on Discord.

Read `Incoming.receive`: it ignores what can't concern a character, puts the rest into the words of
the contract and hands it to `Conversations`, which asks the server and lets `outgoing.py` show the
answers. Who answers is the server's decision; nobody is an answer too.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Collection

import discord

from tzurot_bots.listening import Channels
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    AmbientMessage,
    ChatRequest,
    DeleteMessageRequest,
    DueTurn,
    EditMessageRequest,
    Interjection,
    Place,
)
from tzurot_discord import errors
from tzurot_discord.conversations import Conversations
from tzurot_discord.interactions import Interactions
from tzurot_discord.outgoing import Stage, refusals_logged
from tzurot_discord.pointers import reply_in_embed
from tzurot_discord.proxies import Proxies, Speaker, service_of
from tzurot_discord.reading import readable
from tzurot_discord.references import References
from tzurot_discord.stages import Stages, may_speak
from tzurot_discord.subjects import (
    PLATFORM,
    Channel,
    direct_place,
    guild_place,
    message_ref,
    subject_of,
)
from tzurot_discord.utterances import said

REMEMBERED = 10_000  # message ids: a resumed gateway connection may tell of a message again

_HUMAN = (discord.MessageType.default, discord.MessageType.reply)

log = logging.getLogger(__name__)


class Incoming:
    """The way in for messages, and for what becomes of them."""

    def __init__(
        self,
        interactions: Interactions,
        conversations: Conversations,
        stages: Stages,
        references: References,
        proxies: Proxies,
    ) -> None:
        self.channels = Channels(PLATFORM)
        self._discord = references.discord
        self._interactions = interactions
        self._tzurot = interactions.tzurot
        self._conversations = conversations
        self._stages = stages
        self._references = references
        self._proxies = proxies
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._told_unreadable = set[int]()

    async def receive(self, message: discord.Message) -> None:
        """Let the message be answered by whom it concerns."""
        if message.type not in _HUMAN or self._is_repeated(message.id):
            return
        if not self._proxies.heard(message) or self._conversations.closing:
            return
        with refusals_logged(), self._conversations.answering():
            if isinstance(message.channel, discord.DMChannel):
                await self._answer_directly(message, message.channel)
            elif (channel := await self._channel(message)) is not None:
                await self._take_in(message, channel)

    async def speak_up(self, due: DueTurn) -> None:
        """Let a character say something unasked. What goes wrong then, nobody has to read."""
        channel = self._discord.get_channel(int(due.place.channel_id if due.place else 0))
        if self._conversations.closing or not isinstance(channel, Channel):
            return
        person = self._tzurot.acting_for(due.subject)
        request = ChatRequest(
            request_id=due.request_id,
            place=guild_place(channel),
            addressees=[PersonalityRef(id=due.personality_id)],
            interjection=Interjection(),
        )
        with refusals_logged():
            if may_speak(channel):
                await self._conversations.hold(
                    person, request, self._stages.unasked(channel, person)
                )

    async def edited(self, message: discord.Message) -> None:
        """The server reads it with its new words and answers nothing.

        Discord tells of links that unfold as well: those have no time of an edit.
        """
        self._references.forget(message.id)
        subject, text = self._conversations.whose(message.id), readable(message, self._discord.user)
        by_a_bot = message.author.bot and service_of(message) is None
        if message.edited_at is None or by_a_bot or not (subject and text):
            return
        ref = message_ref(message.channel.id, message.id)
        try:
            request = EditMessageRequest(message=ref, text=text)
            await self._tzurot.acting_for(subject).message.edit_message(request)
        except TzurotError as refused:
            log.warning("an edit was not told: %s", refused.reason.name)

    async def deleted(self, channel_id: int, message_ids: Collection[int]) -> None:
        """The server forgets them, for who has written them or was answered with them."""
        self._proxies.gone(message_ids)
        for message_id in message_ids:
            self._references.forget(message_id)
            subject = self._conversations.whose(message_id)
            if not subject or await self._proxies.has_copy(message_id):
                continue
            try:
                request = DeleteMessageRequest(message=message_ref(channel_id, message_id))
                await self._tzurot.acting_for(subject).message.delete_message(request)
            except TzurotError as refused:
                log.warning("a deletion was not told: %s", refused.reason.name)

    async def _answer_directly(self, message: discord.Message, channel: discord.DMChannel) -> None:
        speaker = await self._proxies.speaker(message)
        if speaker is None:
            return
        stage = self._stages.direct(channel, message.id)
        answered = await self._hold(message, speaker, direct_place(channel.id), stage)
        if answered is None:
            await stage.tell(errors.NOTHING_TO_READ)
        elif not answered:
            await self._help(message, "character chat", speaker, stage)

    async def _take_in(self, message: discord.Message, channel: Channel) -> None:
        """Let it be answered, or recorded, or nothing, as the channel and the message are."""
        place = guild_place(channel)
        heard = self.channels.of(place)
        text = readable(message, self._discord.user)
        concerns = heard.answers or "@" in text or _replies_to_no_human(message)
        if heard.answers and not (text or self._discord.intents.message_content):
            await self._tell_unreadable(channel, message.id)
            return
        wanted = concerns or heard.records
        speaker = await self._proxies.speaker(message) if wanted else None
        if speaker is None:
            return
        if concerns and may_speak(channel):
            await self._answer_openly(message, channel, speaker, place)
        elif heard.records and text:
            await self._record(message, speaker, place, text)

    async def _answer_openly(
        self, message: discord.Message, channel: Channel, speaker: Speaker, place: Place
    ) -> None:
        await self.channels.settle(place.channel_id)
        person = self._tzurot.acting_for(speaker.subject)
        stage = self._stages.channel(channel, person, message.id)
        answered = await self._hold(message, speaker, place, stage)
        if answered is False and self._is_called(message):
            await self._help(message, "help", speaker, stage)

    async def _hold(
        self, message: discord.Message, speaker: Speaker, place: Place, stage: Stage
    ) -> bool | None:
        """Whether anybody answered; None if there was nothing to say."""
        person = self._tzurot.acting_for(speaker.subject)
        it = await said(message, speaker, person, self._references)
        answered = None
        if it.request is not None:
            it.request.place = place
            self._conversations.remember(message.id, person.subject)
            answered = await self._conversations.hold(person, it.request, stage)
        if it.left_out and answered is not False:
            await stage.tell(it.left_out)
            return True
        return answered

    async def _help(
        self, message: discord.Message, flow: str, speaker: Speaker, stage: Stage
    ) -> None:
        """Show whoever has named nobody how to, and whom there is."""
        person, channel = self._tzurot.acting_for(speaker.subject), message.channel
        here = isinstance(channel, Channel)
        place = guild_place(channel) if here else direct_place(channel.id)
        if not await self._interactions.post(message, flow, place, person):
            await stage.tell(errors.NOBODY_ADDRESSED)

    async def _record(
        self, message: discord.Message, speaker: Speaker, place: Place, text: str
    ) -> None:
        self._conversations.remember(message.id, speaker.subject)
        line = AmbientMessage(
            platform_message_id=str(message.id),
            author_subject=speaker.subject,
            author_name=speaker.name,
            text=text,
            create_time=message.created_at,
        )
        me = self._discord.user or message.author
        bot = self._tzurot.acting_for(subject_of(me))
        await self.channels.record(bot, place, line)

    async def _tell_unreadable(self, channel: Channel, message_id: int) -> None:
        """Once for each channel: who expects an answer here waits in vain."""
        if channel.id not in self._told_unreadable and may_speak(channel):
            self._told_unreadable.add(channel.id)
            await self._stages.direct(channel, message_id).tell(errors.NOTHING_READABLE)

    async def _channel(self, message: discord.Message) -> Channel | None:
        """Where it was written, if characters can talk there."""
        channel = message.channel
        if message.guild is None:  # one that Discord has not described yet
            return None
        if isinstance(channel, discord.PartialMessageable):  # a thread that the cache has not seen
            channel = await self._discord.fetch_channel(channel.id)
        return channel if isinstance(channel, Channel) else None

    def _is_called(self, message: discord.Message) -> bool:
        """Whether the bot itself is mentioned, by hand."""
        me = self._discord.user
        return me is not None and re.search(f"<@!?{me.id}>", message.content) is not None

    def _is_repeated(self, message_id: int) -> bool:
        if message_id in self._seen:
            return True
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False


def _replies_to_no_human(message: discord.Message) -> bool:
    """Whether it is a reply, and not one to a person: only a webhook or bot can be a character."""
    if reply_in_embed(message) is not None:  # who wrote it, the server knows
        return True
    if message.type is not discord.MessageType.reply or message.reference is None:
        return False
    answered = message.reference.resolved
    return not isinstance(answered, discord.Message) or answered.author.bot
