"""The fields of a character as a person fills them in: in sections, each one form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.views import Action, Asks, Choice, Field, Item, line
from tzurot.flow.wire import CharacterRules

Values = Mapping[str, str | list[str]]

_SHOWN = 300  # characters of a field in the overview
_SENTENCES = {  # where the contract's own words are those of a pattern
    "slug": "Lowercase letters, digits and single dashes, such as `night-owl`; at most 64.",
    "birthday": "MM-DD or YYYY-MM-DD, such as 10-31.",
    "tags": "At most 200 tags of at most 200 characters each.",
}

_UNSEEN = "Only you find it and talk with it; `character edit` can make it public."
_VISIBILITIES = (
    Choice("private", "Private", "Only you find it and talk with it."),
    Choice("public", "Public", "Everybody on this server."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a character, as it is asked for."""

    key: str
    label: str
    description: str = ""
    asks: Asks = Asks.LONG_TEXT


@dataclass(frozen=True, slots=True)
class Section:
    """One form."""

    key: str
    label: str
    fields: tuple[Asked, ...]


SECTIONS = (
    Section(
        "identity",
        "Identity",
        (
            Asked("name", "Name", "What it is called and mentioned by.", Asks.TEXT),
            Asked("slug", "Slug", "Its handle on this server, such as night-owl.", Asks.TEXT),
            Asked("nickname", "Nickname", "What it is called in conversation.", Asks.TEXT),
            Asked("birthday", "Birthday", "MM-DD or YYYY-MM-DD.", Asks.TEXT),
            Asked("tags", "Tags", "Words to find it by, with commas between.", Asks.TEXT),
        ),
    ),
    Section(
        "biography",
        "Biography",
        (
            Asked("description", "Description", "Who it is."),
            Asked("history", "History", "What happened to it before."),
            Asked("scenario", "Scenario", "Where a conversation takes place, and how it began."),
            Asked("age", "Age", asks=Asks.TEXT),
            Asked("appearance", "Appearance", "What it looks like."),
        ),
    ),
    Section(
        "personality",
        "Personality",
        (
            Asked("traits", "Traits", "Its personality in a few words."),
            Asked("tone", "Tone", "How it sounds."),
            Asked("likes", "Likes"),
            Asked("dislikes", "Dislikes"),
            Asked("goals", "Goals", "What it wants of a conversation."),
        ),
    ),
    Section(
        "conversation",
        "Conversation",
        (
            Asked("greeting", "Greeting", "What it says first. Empty: it waits to be spoken to."),
            Asked("example_dialogues", "Examples", "Lines of {{user}}: … and {{char}}: …"),
            Asked("system_prompt", "System prompt", "Told to the model before everything else."),
            Asked("post_history_instructions", "Last instructions", "Told after what was said."),
            Asked("error_message", "Error message", "What it says when an answer fails."),
        ),
    ),
    Section(
        "about",
        "About",
        (
            Asked("creator", "Creator", "Who made it. Never told to the model.", Asks.TEXT),
            Asked("creator_notes", "Notes", "For people. Never told to the model."),
            Asked("character_version", "Version", asks=Asks.TEXT),
        ),
    ),
    Section(
        "visibility",
        "Visibility",
        (Asked("visibility", "Visibility", "Who may find it and talk with it.", Asks.CHOICE),),
    ),
)

KEYS = tuple(asked.key for section in SECTIONS for asked in section.fields)
_VISIBLE = {
    it.value: f"{it.label}: {it.description[0].lower()}{it.description[1:]}" for it in _VISIBILITIES
}
_LABELS = {asked.key: asked.label for section in SECTIONS for asked in section.fields}


class Sections:
    """The forms, with the contract's rules for what is entered."""

    def __init__(self, rules: CharacterRules) -> None:
        self._rules = rules

    def fields(self, values: Values, needed: Collection[str]) -> tuple[Field, ...]:
        """What the forms ask, filled in with `values`; those of `needed` must be answered."""
        return tuple(
            self._field(asked, values.get(asked.key, ""), asked.key in needed)
            for section in SECTIONS
            for asked in section.fields
        )

    def read(self, section: str, answers: Answers) -> Values:
        """The values of a form.

        Raises:
            Refused: some break a rule of the contract; which ones is told by field.
        """
        asked = next(it for it in SECTIONS if it.key == section).fields
        values = {it.key: _value(it.key, answers.get(it.key, ())) for it in asked}
        checked = {key: value for key, value in values.items() if key != "visibility"}
        problems = self._rules.problems(checked)
        errors = {key: _SENTENCES.get(key, f"It {problem}.") for key, problem in problems.items()}
        if errors:
            raise Refused(errors=errors)
        return values

    def _field(self, asked: Asked, value: str | list[str], required: bool) -> Field:
        text = _text(value)
        return Field(
            key=asked.key,
            label=asked.label,
            asks=asked.asks,
            description=asked.description,
            values=(text,) if text else (),
            choices=_VISIBILITIES if asked.asks is Asks.CHOICE else (),
            required=required,
            max_length=self._rules.limit(asked.key) or 4000,
        )


def actions() -> tuple[Action, ...]:
    """One for each form."""
    return tuple(
        Action(section.key, section.label, asks=tuple(asked.key for asked in section.fields))
        for section in SECTIONS
    )


def overview(values: Values) -> tuple[Item, ...]:
    """What is filled in besides the name, which is the title; each shortened."""
    told = {key: _text(values.get(key, "")) for key in KEYS if key != "name"}
    told["visibility"] = _VISIBLE.get(told["visibility"], told["visibility"])
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
    parts = (hello(name), f"Its handle is `{slug}`.", _UNSEEN if visibility == "private" else "")
    return "\n".join(part for part in parts if part)


def label(field: str) -> str:
    """What people call a field."""
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def _text(value: str | list[str]) -> str:
    return ", ".join(value) if isinstance(value, list) else value


def _value(key: str, answered: tuple[str, ...]) -> str | list[str]:
    text = answered[0] if answered else ""
    if key == "tags":
        return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    return text
