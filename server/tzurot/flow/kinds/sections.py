"""A character as a person fills it in: its forms, what they take, and an overview."""

from collections.abc import Collection, Mapping, Sequence

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import entering
from tzurot.flow.kinds.character_fields import KEYS, SECTIONS, VISIBILITIES, Asked, Section
from tzurot.flow.views import Action, Field, Item, line
from tzurot.flow.wire import CharacterRules
from tzurot.personality.fields import Value

Values = Mapping[str, Value]

_SHOWN = 300  # characters of a field in the overview
_LONGEST = 4000  # characters, where neither the contract nor the field says anything
_SENTENCES = {  # where the contract's own words are those of a pattern
    "slug": "Lowercase letters, digits and single dashes, such as `night-owl`; at most 64.",
    "birthday": "MM-DD or YYYY-MM-DD, such as 10-31.",
    "tags": "At most 200 tags of at most 200 characters each.",
    "alternate_greetings": "At most 100 greetings.",
    "group_greetings": "At most 100 greetings.",
    "depth_prompt_depth": "A whole number from 0 to 10,000.",
}
_UNSEEN = {
    "private": "Only you find it and talk with it; `character edit` can make it public.",
    "shared": "Only those find it whom you share it with.",
    "unlisted": "Whoever knows its handle can talk with it; no list shows it.",
}
_VISIBLE = {
    it.value: f"{it.label}: {it.description[0].lower()}{it.description[1:]}" for it in VISIBILITIES
}
_RESTRICTED = "It answers adults only."
_READABLE = "Everybody who may talk with it may read it."
_LABELS = {asked.key: asked.label for section in SECTIONS for asked in section.fields}


class Sections:
    """The forms, with the contract's rules for what is entered."""

    def __init__(self, rules: CharacterRules) -> None:
        self._rules = rules

    def fields(
        self, values: Values, needed: Collection[str], which: Sequence[Section] = SECTIONS
    ) -> tuple[Field, ...]:
        """What the forms ask, filled in with `values`; those of `needed` must be answered."""
        return tuple(
            self._field(asked, values.get(asked.key, ""), asked.key in needed)
            for section in which
            for asked in section.fields
        )

    def read(self, section: str, answers: Answers) -> Values:
        """The values of a form.

        Raises:
            Refused: some break a rule of the contract; which ones is told by field.
        """
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        for asked in next(it for it in SECTIONS if it.key == section).fields:
            try:
                values[asked.key] = entering.value_of(
                    asked.key, "".join(answers.get(asked.key, ())[:1])
                )
            except ValueError:
                problems[asked.key] = "is no number"
        checked = {key: value for key, value in values.items() if key != "visibility"}
        problems |= self._rules.problems(checked)
        errors = {key: _SENTENCES.get(key, f"It {problem}.") for key, problem in problems.items()}
        if errors:
            raise Refused(errors=errors)
        return values

    def _field(self, asked: Asked, value: Value, required: bool) -> Field:
        text = entering.text_of(asked.key, value)
        return Field(
            key=asked.key,
            label=asked.label,
            asks=asked.asks,
            description=asked.description,
            values=(text,) if text else (),
            choices=asked.choices,
            required=required,
            max_length=asked.longest or self._rules.limit(asked.key) or _LONGEST,
        )


def actions(which: Sequence[Section] = SECTIONS) -> tuple[Action, ...]:
    """One for each form."""
    return tuple(
        Action(section.key, section.label, asks=tuple(asked.key for asked in section.fields))
        for section in which
    )


def overview(values: Values) -> tuple[Item, ...]:
    """What is filled in besides the name, which is the title; each shortened."""
    told = {key: entering.text_of(key, values.get(key, "")) for key in KEYS if key != "name"}
    told["visibility"] = _VISIBLE.get(told["visibility"], told["visibility"])
    told["definition_visible"] = _READABLE if told["definition_visible"] == "true" else ""
    told["age_restricted"] = _RESTRICTED if told["age_restricted"] == "true" else ""
    if not told["depth_prompt"]:
        told["depth_prompt_depth"] = ""
    return tuple(
        Item(_LABELS[key], text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
        for key, text in told.items()
        if text
    )


def hello(name: str) -> str:
    """How to talk with a character, wherever one is."""
    return f"Say hello: `@{line(name, 80)} hello`"


def welcome(name: str, slug: str, visibility: str) -> str:
    """What its owner wants to know about a new character."""
    parts = (hello(name), f"Its handle is `{slug}`.", _UNSEEN.get(visibility, ""))
    return "\n".join(part for part in parts if part)


def label(field: str) -> str:
    """What people call a field."""
    return _LABELS.get(field, field.replace("_", " ").capitalize())
