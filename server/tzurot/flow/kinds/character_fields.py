"""The fields of a character that people are asked for, in forms of at most five."""

from dataclasses import dataclass

from tzurot.flow.views import Asks, Choice

VISIBILITIES = (
    Choice("private", "Private", "Only you and its co-owners find it and talk with it."),
    Choice("shared", "Shared", "Those whom it is shared with, too."),
    Choice("unlisted", "Unlisted", "Everybody who knows its slug; no list or search shows it."),
    Choice("public", "Public", "Everybody on this server."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a character, as it is asked for.

    `longest`: how many characters fit where the contract has no such rule.
    """

    key: str
    label: str
    description: str = ""
    asks: Asks = Asks.LONG_TEXT
    longest: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One form."""

    key: str
    label: str
    fields: tuple[Asked, ...]


_GROUPS = "For a talk with several characters; a line of --- between two."
_GREETINGS = "Others to choose from; a line of --- between two."

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
        "greetings",
        "More greetings",
        (
            Asked("alternate_greetings", "More greetings", _GREETINGS, longest=200_000),
            Asked("group_greetings", "Greetings for groups", _GROUPS, longest=200_000),
        ),
    ),
    Section(
        "note",
        "Note",
        (
            Asked("depth_prompt", "Note", "Told to the model between the last messages."),
            Asked(
                "depth_prompt_depth",
                "Messages after the note",
                "How many come after it, 0 to 10,000. Empty: 4.",
                Asks.TEXT,
                longest=5,
            ),
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
        (
            Asked(
                "visibility",
                "Visibility",
                "Who may find it and talk with it.",
                Asks.CHOICE,
                choices=VISIBILITIES,
            ),
            Asked(
                "definition_visible",
                "Show its definition",
                "Whether all who may talk with it may read what the model is told of it.",
                Asks.BOOLEAN,
            ),
            Asked(
                "age_restricted",
                "Only for adults",
                "It answers where only adults are let in; in direct messages, known adults.",
                Asks.BOOLEAN,
            ),
        ),
    ),
)

EDITORS = tuple(it for it in SECTIONS if it.key != "visibility")
"""What those may change who are not its owner."""

KEYS = tuple(asked.key for section in SECTIONS for asked in section.fields)
