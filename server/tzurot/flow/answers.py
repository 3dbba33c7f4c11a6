"""Whether what was entered fits what was asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tzurot.errors import FlowActionUnknown
from tzurot.flow.kind import Answers
from tzurot.flow.views import ITEM, Asks, Field, View

GONE = "That is not in the list any more."


@dataclass(frozen=True, slots=True)
class Checked:
    """Complete answers, or by field why they are not taken."""

    answers: Answers
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    notice: str = ""

    @property
    def refused(self) -> bool:
        """Whether something is wrong."""
        return bool(self.errors or self.notice)


def check(view: View, action_key: str, given: Sequence[tuple[str, Sequence[str]]]) -> Checked:
    """What `view` asks for an action, from what was `given`; what was left out stays as it is.

    Raises:
        FlowActionUnknown: the view does not offer the action, or it asks other answers.
    """
    action = view.action(action_key)
    asked = {ITEM} if action_key == view.item_action else set(action.asks if action else ())
    keys = [key for key, _ in given]
    if action is None or len(set(keys)) < len(keys) or not asked.issuperset(keys):
        raise FlowActionUnknown(action_key)
    entered = {key: tuple(values) for key, values in given}
    if action_key == view.item_action:
        return _chosen(view, entered)
    answers: dict[str, tuple[str, ...]] = {}
    errors: dict[str, str] = {}
    for key in action.asks:
        one = view.field(key)
        answers[key] = _tidy(one, entered.get(key, one.values))
        if problem := _problem(one, answers[key]):
            errors[key] = problem
    return Checked(answers, errors)


def overlaid(
    view: View, entered: Mapping[str, Sequence[str]], errors: Mapping[str, str], notice: str
) -> View:
    """The view with what was entered and refused before, and why."""
    fields = [
        replace(one, values=tuple(entered[one.key]), error=errors.get(one.key, ""))
        if one.key in entered
        else replace(one, error=errors.get(one.key, ""))
        for one in view.fields
    ]
    return replace(view, fields=tuple(fields), notice=notice or view.notice)


def _chosen(view: View, entered: Answers) -> Checked:
    values = entered.get(ITEM, ())
    if len(values) != 1:
        raise FlowActionUnknown(view.item_action)
    known = values[0] and values[0] in {item.key for item in view.items}
    return Checked(entered, notice="" if known else GONE)


def _tidy(asked: Field, values: tuple[str, ...]) -> tuple[str, ...]:
    """Without empty values, so that "" and nothing are the same; one line is stripped."""
    if asked.asks in {Asks.TEXT, Asks.SECRET}:
        values = tuple(value.strip() for value in values)
    return tuple(value for value in values if value)


def _problem(asked: Field, values: tuple[str, ...]) -> str:  # noqa: PLR0911 - a table of checks
    first = values[0] if values else ""
    if not any(value.strip() for value in values):
        return "This is needed." if asked.required else ""
    if len(values) > 1 and asked.asks is not Asks.CHOICES:
        return "Only one value fits here."
    match asked.asks:
        case Asks.CHOICE | Asks.CHOICES:
            if len(set(values)) < len(values):
                return "Each one can be chosen once."
            known = {choice.value for choice in asked.choices}
            return "" if known.issuperset(values) else "Choose from the list."
        case Asks.BOOLEAN:
            return "" if first in {"true", "false"} else "Answer true or false."
        case Asks.TEXT | Asks.SECRET if len(first.splitlines()) > 1:
            return "Only one line fits here."
        case Asks.TEXT | Asks.LONG_TEXT | Asks.SECRET if len(first) > asked.max_length:
            return f"At most {asked.max_length:,} characters fit; these are {len(first):,}."
        case _:
            return ""
