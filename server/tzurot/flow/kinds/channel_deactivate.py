"""`channel deactivate`: a character, or all of them, answer in a channel only when named."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tzurot.errors import PersonalityNotActive
from tzurot.flow.drawing import CLOSE
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import active_words, choosing, in_channel, naming
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import ITEM, Action, Choice, State, Style, View
from tzurot.personality.characters import Characters
from tzurot.personality.names import mentions
from tzurot.session.channels.channels import Active, Channel, Channels
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

_ALL = "all"
_NOBODY = "Nobody is active in this channel."


class ChannelDeactivate(InChannel):
    """Asks who if that is not clear, and then whether it is meant."""

    path = "channel deactivate"
    summary = "Let a character, or all of them, answer here only when named."
    arguments = (choosing.CHARACTER,)

    def __init__(self, channels: Channels, characters: Characters) -> None:
        self._channels = channels
        self._characters = characters

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees."""
        return await choosing.offered(self._characters, who, typed)

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The question about the one that is named, or first who."""
        if "character" not in arguments:
            return Step("choose")
        channel = await self._channels.get(who, place)
        called = _called(channel, arguments["character"])
        if called is None:
            raise PersonalityNotActive(arguments["character"][:80])
        return Step("ask", {"who": str(called.personality_id)})

    async def view(self, who: Caller, at: At) -> View:
        """Who, whether it is meant, or that it is done."""
        channel = await self._channels.get(who, in_channel.place_of(who, at))
        if at.step == "choose":
            return _choice(channel)
        if at.step == "done":
            return View("Done", active_words.standing(channel))
        name = _name(channel, at.draft["who"])
        return View(
            title=f"Take {name} out of this channel?",
            body="Whoever names them is still answered. You can activate them again.",
            actions=(Action(CLOSE, "Cancel"), Action("sure", "Take out", Style.DANGER)),
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Choose, or take out who was chosen."""
        place = in_channel.place_of(who, at)
        match action:
            case "choose":
                return Step("ask", {**at.draft, "who": answers[ITEM][0]})
            case "all":
                return Step("ask", {**at.draft, "who": _ALL})
            case _:
                whom = None if at.draft["who"] == _ALL else UUID(at.draft["who"])
                await self._channels.deactivate(who, place, whom)
                return Step("done", at.draft, State.DONE)


def _choice(channel: Channel) -> View:
    return View(
        title="Who is to be taken out?",
        body=active_words.standing(channel) if channel.active else _NOBODY,
        items=tuple(active_words.item(channel, it) for it in channel.active),
        actions=(Action("all", "All of them", Style.DANGER),) if channel.active else (),
        item_action="choose",
    )


def _called(channel: Channel, text: str) -> Active | None:
    """The active one that is called so: by its id or slug, else by its name."""
    key = mentions.key(text.removeprefix("@"))
    exact = (it for it in channel.active if key in {str(it.personality_id), it.label.slug})
    named = (it for it in channel.active if mentions.key(it.label.name) == key)
    return next(exact, None) or next(named, None)


def _name(channel: Channel, whom: str) -> str:
    """Whom the question is about.

    Raises:
        PersonalityNotActive: it was taken out meanwhile.
    """
    if whom == _ALL:
        return "all of them"
    active = active_words.one(channel, UUID(whom))
    if active is None:
        raise PersonalityNotActive(whom)
    return naming.listed(active.label)
