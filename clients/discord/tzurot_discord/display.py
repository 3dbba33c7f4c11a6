"""Where the answer to one interaction appears: in time, for its person alone, exactly once.

Discord wants a first response within 3 seconds, and forgets an interaction after 15 minutes. Until
then everything is an edit of the flow's own message; afterwards it is a direct message.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, TypeVar

import discord

from tzurot_discord import errors
from tzurot_discord.controls import Row
from tzurot_discord.markup import fit
from tzurot_discord.screens import Screen

PATIENCE = 1.5  # seconds until an answer is announced
LIFETIME = timedelta(minutes=14)  # of an interaction's token; Discord: 15
GONE = (50027, 10015)  # Discord "JSON Error Codes": invalid webhook token, unknown webhook
MAX_SENTENCE = 1900  # characters

T = TypeVar("T")
Now = Callable[[], datetime]


class Display:
    """The way to the person who has used a command, a control or a form."""

    def __init__(self, interaction: discord.Interaction, now: Now) -> None:
        self._interaction = interaction
        self._now = now
        message = interaction.message
        # In a channel, what everybody sees is not changed for one of them.
        self._in_place = message is not None and (
            message.flags.ephemeral or interaction.guild_id is None
        )
        self._shown = False

    @property
    def expired(self) -> bool:
        """Whether Discord takes no more edits."""
        return self._now() - self._interaction.created_at > LIFETIME

    async def after(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work; if it takes long, the person sees that it is under way."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task}, timeout=PATIENCE)
            if not task.done() and not self._interaction.response.is_done():
                await self._announce()
            return await task
        finally:
            task.cancel()

    async def show(self, screen: Screen, late: list[Row]) -> None:
        """Show the screen; `late` are the controls that lead to it, where it has to wait."""
        try:
            if not self.expired:
                await self._show(screen)
                self._shown = True
                return
        except discord.HTTPException as refused:
            if refused.code not in GONE:
                raise
        await self._show_late(screen, late)

    async def update(self, screen: Screen) -> None:
        """Show how far something is; it is dropped where that can't be shown in place."""
        if not self.expired:
            await self._show(screen)

    async def tell(self, sentence: str) -> None:
        """Say something to the person alone; the screen stays."""
        interaction, text = self._interaction, fit(sentence, MAX_SENTENCE)[0]
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
        elif self.expired:
            await interaction.user.send(text)
        elif self._in_place or self._shown:
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.edit_original_response(content=text)

    async def hand(self, text: str, name: str) -> None:
        """Give the person a text as a file."""
        raw = text.encode()[: self._interaction.filesize_limit]
        file = discord.File(BytesIO(raw), name)
        if self._interaction.response.is_done():
            await self._interaction.followup.send(file=file, ephemeral=True)
        else:
            await self._interaction.response.send_message(file=file, ephemeral=True)

    async def _announce(self) -> None:
        response = self._interaction.response
        if self._in_place:
            await response.defer()
        else:
            await response.defer(ephemeral=True, thinking=True)

    async def _show(self, screen: Screen) -> None:
        interaction, response = self._interaction, self._interaction.response
        embeds, view, files = screen.embeds, screen.view(), screen.files()
        if not (response.is_done() or self._in_place):
            await response.send_message(embeds=embeds, view=view, files=files, ephemeral=True)
            return
        change = interaction.edit_original_response if response.is_done() else response.edit_message
        # What went with the screen before goes with it.
        await change(content=None, embeds=embeds, view=view, attachments=files)

    async def _show_late(self, screen: Screen, late: list[Row]) -> None:
        """As a direct message; if those are closed, a word in the channel, without the contents."""
        user, channel = self._interaction.user, self._interaction.channel
        try:
            await user.send(embeds=screen.embeds, view=screen.view(), files=screen.files())
        except discord.Forbidden:
            if not isinstance(channel, discord.abc.Messageable):
                raise
            name = fit(user.display_name, 100)[0]
            view = Screen("", [], late).view()
            await channel.send(f"{name}: {errors.ELSEWHERE}", view=view)
