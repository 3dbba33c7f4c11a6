"""`channel activate`: a character answers in a channel without being named."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import active_words, choosing, in_channel, naming
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import Action, Choice, State, Style, View
from tzurot.personality.characters import Characters
from tzurot.session.channels.channels import Channels, Rule
from tzurot.session.said import Place
from tzurot.transport.subject import Caller


class ChannelActivate(InChannel):
    """Asks what it is to answer. One that is active already is decided anew."""

    path = "channel activate"
    summary = "Let a character answer in this channel without being named."
    arguments = (choosing.NEEDED_CHARACTER,)

    def __init__(self, channels: Channels, characters: Characters) -> None:
        self._channels = channels
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The form for the character that is meant."""
        meant = await choosing.meant(self._characters, who, arguments["character"])
        return Step("form", {"personality_id": str(meant.id)})

    async def view(self, who: Caller, at: At) -> View:
        """The form, or how it is now."""
        place, personality_id = in_channel.place_of(who, at), UUID(at.draft["personality_id"])
        found = await self._characters.get(who.person_id, personality_id)
        name = await naming.told(self._characters, who, found.personality)
        channel = await self._channels.get(who, place)
        active = active_words.one(channel, personality_id)
        if at.step == "done":
            return View(name, f"{name} {active_words.said(active.rule) if active else 'is gone'}.")
        return View(
            title=f"{name} in this channel",
            body=f"It {active_words.said(active.rule)} already." if active else "",
            fields=active_words.fields(active.rule if active else Rule()),
            actions=(Action("activate", "Activate", Style.PRIMARY, asks=active_words.ASKS),),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Activate it."""
        place, personality_id = in_channel.place_of(who, at), UUID(at.draft["personality_id"])
        rule = active_words.read(answers, Rule())
        await self._channels.activate(who, place, personality_id, rule)
        return Step("done", at.draft, State.DONE)
