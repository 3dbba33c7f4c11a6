"""Active characters of a channel as people read and decide them. Pure."""

from uuid import UUID

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import naming
from tzurot.flow.views import Asks, Choice, Field, Item
from tzurot.session.channels.addressing import Mode
from tzurot.session.channels.channels import Active, Channel, Rule

ASKS = ("mode", "talkativeness")

_MODES = (
    Choice(Mode.EVERY, "Every message", "All that name nobody, and those that name it."),
    Choice(Mode.NAMED, "Only when named", "Messages that name it or reply to it."),
    Choice(Mode.MUTED, "Muted", "None at all, not even when it is named."),
)
_ANSWERS = {
    Mode.EVERY: "answers every message",
    Mode.NAMED: "answers only when named",
    Mode.MUTED: "is muted",
}


def fields(rule: Rule) -> tuple[Field, ...]:
    """What is asked about one, filled in with what is so."""
    return (
        Field("mode", "What does it answer?", Asks.CHOICE, values=(rule.mode,), choices=_MODES,
              required=True),
        Field(
            "talkativeness",
            "Talkativeness",
            Asks.TEXT,
            "0 to 100: of a hundred messages that name nobody, how many it answers.",
            values=(percent(rule),),
            max_length=3,
        ),
    )  # fmt: skip


def read(answers: Answers, before: Rule) -> Rule:
    """What was entered; what is not asked stays as it was.

    Raises:
        Refused: the talkativeness is none.
    """
    typed = "".join(answers.get("talkativeness", ())).strip().removesuffix("%") or "100"
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= 100):
        raise Refused(errors={"talkativeness": "It must be a whole number from 0 to 100."})
    return Rule(Mode(answers["mode"][0]), int(typed) / 100, before.proactive)


def percent(rule: Rule) -> str:
    """Its talkativeness as it is typed."""
    return f"{rule.talkativeness * 100:.0f}"


def said(rule: Rule) -> str:
    """What one does, as it goes on after its name."""
    if rule.mode is Mode.EVERY and rule.talkativeness < 1:
        return f"answers {percent(rule)} of 100 messages"
    return _ANSWERS[rule.mode]


def item(channel: Channel, one: Active) -> Item:
    """A line of the list."""
    turn = ", and the next message alone" if channel.next_speaker_id == one.personality_id else ""
    return Item(naming.listed(one.label), said(one.rule) + turn, key=str(one.personality_id))


def standing(channel: Channel) -> str:
    """How it is with a channel, in a sentence or two."""
    if not channel.active:
        body = "Nobody answers here without being named."
    elif all(it.rule.mode is not Mode.EVERY for it in channel.active):
        body = "Nobody answers here what names nobody."
    else:
        body = "These answer here, in this order."
    return f"{body} This is as in the channel above." if channel.inherited else body


def one(channel: Channel, personality_id: UUID) -> Active | None:
    """The one with this id, if it is active."""
    return next((it for it in channel.active if it.personality_id == personality_id), None)
