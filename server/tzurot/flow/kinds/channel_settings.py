"""What a channel decides about settings, as its moderators read and type it. Pure."""

from tzurot.flow.kinds import setting_words
from tzurot.flow.views import Action, Asks, Field, View
from tzurot.session.settings.cascade import Decision, Explained, Outcome, Tier, deciding
from tzurot.session.settings.settings import SETTINGS

_DECIDED = [it for it in SETTINGS if Tier.CHANNEL in deciding(it)]
_BODY = (
    "What this channel decides counts for all who talk here. Persons can decide some of it "
    "otherwise for themselves, unless the channel demands it."
)


def view(found: Explained) -> View:
    """What the channel decides of each setting."""
    items = tuple(setting_words.item(it, said(found.outcomes[it.key])) for it in _DECIDED)
    actions = (Action("back", "Back"),)
    return View("What this channel decides", _BODY, items=items, actions=actions, item_action="one")


def one(found: Explained, key: str) -> View:
    """One setting, and the form that decides it."""
    bound = Field("bound", "Whatever persons decide?", Asks.BOOLEAN)
    return View(
        title=setting_words.heading(key),
        body=f"`{key}`: {said(found.outcomes[key])}.",
        fields=(setting_words.value_field(key), bound),
        actions=(Action("settings", "Back"), Action("decide", "Decide", asks=("value", "bound"))),
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
