"""Phrases that have to be typed before something is gone for good."""

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.views import Action, Field, Style, line
from tzurot.personality.names import mentions

_NAME = 32  # characters of a name that have to be typed
KEY = "phrase"


def to_delete(name: str) -> str:
    """What has to be typed: the beginning of a long name is enough."""
    return f"DELETE {line(name).upper()[:_NAME].strip() or 'IT'}"


def asked(phrase: str) -> Field:
    """The field to type it in."""
    return Field(KEY, "Confirmation", description=f"Type: {phrase}", required=True, max_length=100)


def deleting() -> Action:
    """What is done once it is typed."""
    return Action("delete", "Delete", Style.DANGER, asks=(KEY,))


def require(answers: Answers, phrase: str, nothing: str = "Nothing was deleted.") -> None:
    """Make sure that it was typed, in letters of any size.

    Raises:
        Refused: something else was.
    """
    if mentions.key(answers[KEY][0]) != mentions.key(phrase):
        raise Refused(nothing, {KEY: f"This is not `{phrase}`."})
