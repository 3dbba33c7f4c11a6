"""What a channel decides about settings, as its moderators read and type it. Pure."""

from tzurot.flow.kinds import setting_words
from tzurot.flow.views import Action, Asks, Choice, Field, Item, View
from tzurot.session.settings.cascade import Decision, Explained, Outcome, Tier, deciding
from tzurot.session.settings.settings import SETTINGS

ASKS = ("setting", "value", "bound")

_DECIDED = [it for it in SETTINGS if Tier.CHANNEL in deciding(it)]
_BODY = (
    "What this channel decides counts for all who talk here. Persons can decide some of it "
    "otherwise for themselves, unless the channel demands it."
)


def view(found: Explained) -> View:
    """What the channel decides of each setting, and the form."""
    return View(
        title="What this channel decides",
        body=_BODY,
        fields=(
            Field(
                "setting",
                "Setting",
                Asks.CHOICE,
                choices=tuple(Choice(it.key, it.key, it.summary) for it in _DECIDED),
                required=True,
            ),
            Field(
                "value",
                "Value",
                description="on, off, a number; inherit: not decided.",
                required=True,
            ),
            Field("bound", "Whatever persons decide?", Asks.BOOLEAN),
        ),
        items=tuple(
            Item(it.summary.rstrip("."), f"{it.key}: {said(found.outcomes[it.key])}")
            for it in _DECIDED
        ),
        actions=(Action("back", "Back"), Action("decide", "Decide", asks=ASKS)),
    )


def said(outcome: Outcome) -> str:
    """What the channel decides of one setting."""
    made = decided(outcome)
    if made is None:
        return "not decided here"
    demanded = ", whatever persons decide" if made.bound else ""
    return f"{setting_words.shown(made.value)}{demanded}"


def decided(outcome: Outcome) -> Decision | None:
    """The channel's own decision, if there is one."""
    return next((it for it in outcome.decided if it.tier is Tier.CHANNEL), None)
