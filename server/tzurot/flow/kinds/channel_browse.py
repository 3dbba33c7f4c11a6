"""`channel browse`: who answers in a channel, how, and what the channel decides.

list → character; list → settings → setting; list → reset (asked)
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from tzurot.errors import InvalidField, PresetNotFound
from tzurot.flow.kind import Answers, At, Step
from tzurot.flow.kinds import active_words, channel_settings, in_channel, naming, setting_words
from tzurot.flow.kinds.in_channel import InChannel
from tzurot.flow.views import ITEM, Action, Style, View
from tzurot.session.channels.addressing import Mode
from tzurot.session.channels.channels import Active, Channel, Channels
from tzurot.session.said import Place
from tzurot.session.settings.deciding import Deciding
from tzurot.transport.subject import Caller

_BACK = Action("back", "Back")
_LEADS_TO = {"back": "list", "refresh": "list"}
_GONE = "It is not active here any more."


class ChannelBrowse(InChannel):
    """Shows who is active, and changes how."""

    path = "channel browse"
    summary = "Who answers in this channel, how often, and what the channel decides."

    def __init__(self, channels: Channels, deciding: Deciding) -> None:
        self._channels = channels
        self._deciding = deciding

    async def begin_in(self, who: Caller, place: Place, arguments: Mapping[str, str]) -> Step:
        """The list."""
        return Step("list")

    async def view(self, who: Caller, at: At) -> View:
        """Who is active, one of them, the settings, or whether to forget all."""
        place = in_channel.place_of(who, at)
        if at.step in ("settings", "setting"):
            found = await self._deciding.explain(who, None, place)
            if at.step == "setting":
                return channel_settings.one(found, at.draft["setting"])
            return channel_settings.view(found)
        channel = await self._channels.get(who, place)
        if at.step == "reset":
            return _question(channel)
        if at.step == "list":
            return _list(channel)
        active = active_words.one(channel, UUID(at.draft["personality_id"]))
        return _one(channel, active) if active else View("A character", _GONE, actions=(_BACK,))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go to a character or the settings and back, or decide something."""
        place = in_channel.place_of(who, at)
        match action:
            case "show":
                return Step("character", {**at.draft, "personality_id": answers[ITEM][0]})
            case "one":
                return Step("setting", {**at.draft, "setting": answers[ITEM][0]})
            case "settings" | "reset" | "back" | "refresh":
                return Step(_LEADS_TO.get(action, action), at.draft)
            case "decide":
                return await self._decided(who, place, at, answers)
            case "sure" | "whoever":
                return await self._taken_back(who, place, at, action)
            case _:
                return await self._changed(who, place, at, (action, answers))

    async def _taken_back(self, who: Caller, place: Place, at: At, action: str) -> Step:
        if action == "sure":
            await self._channels.reset(who, place)
            return Step("list", at.draft, told="What this channel decided is forgotten.")
        await self._channels.set_next(who, place, None)
        return Step("list", at.draft, told="Whoever would answers next.")

    async def _changed(
        self, who: Caller, place: Place, at: At, answered: tuple[str, Answers]
    ) -> Step:
        """Decide about the one that is looked at."""
        action, answers = answered
        personality_id = UUID(at.draft["personality_id"])
        active = active_words.one(await self._channels.get(who, place), personality_id)
        if active is None:
            return Step("list", at.draft, notice=_GONE)
        name = naming.listed(active.label)
        if action == "remove":
            await self._channels.deactivate(who, place, personality_id)
            return Step("list", at.draft, told=f"{name} answers here only when named.")
        if action == "next":
            await self._channels.set_next(who, place, personality_id)
            return Step("list", at.draft, told=f"{name} alone answers the next message.")
        rule = _rule(active, action, answers)
        await self._channels.activate(who, place, personality_id, rule)
        return Step(at.step, at.draft, told=f"{name} {active_words.said(rule)}.")

    async def _decided(self, who: Caller, place: Place, at: At, answers: Answers) -> Step:
        key = at.draft["setting"]
        value = setting_words.read(key, answers)
        bound = answers.get("bound", ()) == ("true",)
        try:
            outcome = await self._deciding.for_channel(who, place, key, value, bound=bound)
        except (InvalidField, PresetNotFound):
            raise setting_words.out_of_range(key) from None
        told = f"`{key}`: {channel_settings.said(outcome)}."
        return Step("settings", at.draft, told=told)


def _rule(active: Active, action: str, answers: Answers) -> active_words.Rule:
    """What is decided with one of the buttons, or with the form."""
    modes = {"mute": Mode.MUTED, "named": Mode.NAMED, "every": Mode.EVERY}
    if action in modes:
        return replace(active.rule, mode=modes[action])
    return active_words.read(answers, active.rule)


def _list(channel: Channel) -> View:
    turn = (Action("whoever", "No next speaker"),) if channel.next_speaker_id else ()
    forget = () if channel.update_time is None else (Action("reset", "Reset", Style.DANGER),)
    return View(
        title="Who answers in this channel",
        body=active_words.standing(channel),
        items=tuple(active_words.item(channel, it) for it in channel.active),
        actions=(Action("settings", "Settings"), Action("refresh", "Refresh"), *turn, *forget),
        item_action="show",
    )


def _one(channel: Channel, active: Active) -> View:
    others = {
        Mode.EVERY: Action("every", "Every message"),
        Mode.NAMED: Action("named", "Only when named"),
        Mode.MUTED: Action("mute", "Mute"),
    }
    del others[active.rule.mode]
    return View(
        title=naming.listed(active.label),
        body=f"It {active_words.said(active.rule)}.",
        fields=active_words.fields(active.rule),
        actions=(
            _BACK,
            *others.values(),
            Action("edit", "How often", asks=active_words.ASKS),
            Action("next", "Next speaker"),
            Action("remove", "Take out", Style.DANGER),
        ),
    )


def _question(channel: Channel) -> View:
    above = "It is as the channel above it then." if channel.place.parent_channel_id else ""
    body = f"Nobody whom this channel itself lets answer does so any more. {above}".strip()
    return View("Reset this channel?", body, actions=(_BACK, Action("sure", "Reset", Style.DANGER)))
