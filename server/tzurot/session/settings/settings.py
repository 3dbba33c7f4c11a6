"""What people can decide about conversations: each setting, what it can be, and all of them chosen.

Who decides, and whose decision counts, is in cascade.py.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Self
from uuid import UUID

from tzurot.llm.data_policy import DataPolicy
from tzurot.llm.streaming import Reasoning

Value = bool | int | float | str | None
"""What somebody decided. None: off."""


class Undecided(Enum):
    """Nothing is decided here: what an earlier tier says counts."""

    UNDECIDED = "undecided"


UNDECIDED = Undecided.UNDECIDED


class Kind(StrEnum):
    """What a value looks like."""

    FLAG = "flag"
    WHOLE = "whole"
    RATIO = "ratio"
    CHOICE = "choice"
    PRESET = "preset"  # by its id


class Deciders(StrEnum):
    """Who may decide a setting; of the first three each includes those before."""

    OPERATOR = "operator"
    MODERATORS = "moderators"
    EVERYBODY = "everybody"
    EDITORS = "editors"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to decide. The range counts both of its ends; flags and choices have none."""

    key: str
    summary: str
    kind: Kind
    default: Value
    minimum: float = 0
    maximum: float = 0
    can_be_off: bool = False
    choices: tuple[str, ...] = ()
    deciders: Deciders = Deciders.EVERYBODY
    only_lower: bool = False
    """Whether who decides after others can only go below them; off is above all numbers, yes above
    no."""

    @property
    def range(self) -> str:
        """What it can be, in words that go on after "must be"."""
        match self.kind:
            case Kind.FLAG:
                words = "yes or no"
            case Kind.WHOLE:
                words = f"a whole number from {self.minimum:.0f} to {self.maximum:.0f}"
            case Kind.RATIO:
                words = f"a number from {self.minimum:g} to {self.maximum:g}"
            case Kind.CHOICE:
                words = f"one of {', '.join(self.choices)}"
            case Kind.PRESET:
                words = "a preset that is yours or everybody's"
        return f"{words}, or off" if self.can_be_off else words

    def allows(self, value: Value) -> bool:
        """Whether somebody may decide this."""
        match value:
            case None | bool() | str():
                in_range = True
            case _:
                in_range = self.minimum <= value <= self.maximum
        return in_range and self.fitted(value) is not UNDECIDED

    def fitted(self, stored: object) -> Value | Undecided:
        """What a stored value means: the nearest in the range; nothing if it is of another kind.

        Ranges can have been wider when it was stored, and kinds others.
        """
        match stored:
            case None:
                return None if self.can_be_off else UNDECIDED
            case bool():
                return stored if self.kind is Kind.FLAG else UNDECIDED
            case str():
                return self._word(stored)
            case int() if self.kind is Kind.WHOLE:
                return int(min(max(stored, self.minimum), self.maximum))
            case int() | float() if self.kind is Kind.RATIO:
                nearest = float(min(max(stored, self.minimum), self.maximum))
                return UNDECIDED if math.isnan(nearest) else nearest
            case _:
                return UNDECIDED

    def _word(self, stored: str) -> str | Undecided:
        if self.kind is Kind.PRESET:
            return _id(stored)
        return stored if stored in self.choices else UNDECIDED


def _id(text: str) -> str | Undecided:
    """An id as it is always written."""
    try:
        return str(UUID(text))
    except ValueError:
        return UNDECIDED


PRESET = "preset"  # the setting that turns go by
AUTO = "auto"  # a choice that leaves it to the model

SETTINGS = (  # by name
    Setting(
        "ambient_limit", "Messages that were said around the character and are told at most.",
        Kind.WHOLE, default=20, maximum=100, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "answer_limit", "Characters that answer one message at most.",
        Kind.WHOLE, default=5, minimum=1, maximum=10, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "channel_rate", "Answers a minute in one channel at most.",
        Kind.WHOLE, default=60, minimum=1, maximum=100_000, can_be_off=True,
        deciders=Deciders.MODERATORS, only_lower=True,
    ),
    Setting(
        "characters_share", "What was said to other characters may come up.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "direct_recalled", "What was said in direct messages may come up on servers.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "dreams", "The character dreams of people while they are away; they can read it.",
        Kind.FLAG, default=False, deciders=Deciders.EDITORS,
    ),
    Setting(
        "dreamt_of", "Characters that dream may dream of the person.",
        Kind.FLAG, default=True, deciders=Deciders.PERSON,
    ),
    Setting("examples", "Example dialogues are told.", Kind.FLAG, default=True),
    Setting(
        "facts_asked", "Nothing is learnt of the person before they say yes.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "facts_learnt", "Facts are learnt from what people say of themselves.",
        Kind.FLAG, default=True,
    ),
    Setting(
        "fresh", "Nothing of the person comes to mind: no memories, no facts.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "front_followed", "Where no service speaks for the person, it is who fronts at PluralKit.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "history_age", "Seconds after which messages are out of sight.",
        Kind.WHOLE, default=None, minimum=60, maximum=315_360_000, can_be_off=True,
    ),
    Setting(
        "history_limit", "Messages of the history that are told at most.",
        Kind.WHOLE, default=60, maximum=1_000,
    ),
    Setting(
        "incognito", "Nothing is kept of what is said: no messages, memories, facts or traces.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "knowledge_limit", "Passages of documents that are recalled at most.",
        Kind.WHOLE, default=4, maximum=20,
    ),
    Setting(
        "lore_scan_depth", "Newest messages that can bring up lore.",
        Kind.WHOLE, default=4, minimum=1, maximum=1_000,
    ),
    Setting(
        "lore_share", "Percent of the prompt that lore takes at most.",
        Kind.WHOLE, default=25, maximum=75,
    ),
    Setting(
        "members_share", "What one member of a system said may come up for the others of it.",
        Kind.FLAG, default=False, deciders=Deciders.PERSON,
    ),
    Setting(
        "memory_limit", "Memories that are recalled at most.",
        Kind.WHOLE, default=6, maximum=50,
    ),
    Setting(
        "memory_threshold", "Memories that score lower are not told.",
        Kind.RATIO, default=0.0, maximum=1,
    ),
    Setting(
        "payer_rate", "Answers a minute that one payer pays for at most.",
        Kind.WHOLE, default=None, minimum=1, maximum=100_000, can_be_off=True,
        deciders=Deciders.OPERATOR,
    ),
    Setting(
        "person_rate", "Answers a minute to one person at most.",
        Kind.WHOLE, default=20, minimum=1, maximum=100_000, can_be_off=True,
        deciders=Deciders.OPERATOR,
    ),
    Setting(
        "persona", "What the person says of themselves is told.", Kind.FLAG, default=True
    ),
    Setting(
        "place_share",
        "What is said in a channel comes up for others who talk there, and what they said for you.",
        Kind.FLAG, default=True, only_lower=True,
    ),
    Setting(
        PRESET, "The preset by whose model and parameters replies are written; off: none.",
        Kind.PRESET, default=None, can_be_off=True,
    ),
    Setting(
        "proactive_after", "Minutes of quiet after which a proactive character may speak up.",
        Kind.WHOLE, default=120, minimum=10, maximum=300, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "proactive_limit", "How often a proactive character speaks up in 24 hours at most.",
        Kind.WHOLE, default=3, maximum=24, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "quiet_from", "Hour (UTC) from which no character speaks up; off: none.",
        Kind.WHOLE, default=None, maximum=23, can_be_off=True, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "quiet_until", "Hour (UTC) until which no character speaks up; off: none.",
        Kind.WHOLE, default=None, maximum=23, can_be_off=True, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "reasoning", "How much the model thinks before it answers; auto: as it does by itself.",
        Kind.CHOICE, default=AUTO, choices=(AUTO, *Reasoning),
    ),
    Setting(
        "reasoning_shown", "What the model thinks is kept, for the person to read.",
        Kind.FLAG, default=False,
    ),
    Setting(
        "reference_limit", "Messages that one refers to and that are told at most.",
        Kind.WHOLE, default=10, maximum=50, deciders=Deciders.MODERATORS,
    ),
    Setting(
        "reflections_worded", "A model sums up what is gathered from memories; quotations stay.",
        Kind.FLAG, default=False, deciders=Deciders.EDITORS,
    ),
    Setting(
        "reply_limit", "Tokens of a reply at most; off: as many as the model's own limit.",
        Kind.WHOLE, default=None, minimum=16, maximum=32_768, can_be_off=True,
    ),
    Setting(
        "retention_allowed",
        "Providers may keep what is said; no: only those are asked who are known to keep nothing.",
        Kind.FLAG, default=True, only_lower=True,
    ),
    Setting(
        "sending_allowed",
        "What is said may go to models on other machines; no: only this server's own are asked.",
        Kind.FLAG, default=True, only_lower=True,
    ),
    Setting(
        "servers_recalled", "What was said on servers comes up in direct messages.",
        Kind.FLAG, default=True, deciders=Deciders.PERSON,
    ),
    Setting(
        "space_rate", "Answers a minute in all channels of one server at most.",
        Kind.WHOLE, default=300, minimum=1, maximum=100_000, can_be_off=True,
        deciders=Deciders.OPERATOR,
    ),
    Setting(
        "summaries", "What has fallen out of sight is told in short.", Kind.FLAG, default=True
    ),
    Setting(
        "training_allowed",
        "Providers may train on what is said; no: only those are asked who are known not to.",
        Kind.FLAG, default=True, only_lower=True,
    ),
)  # fmt: skip

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What counts, setting by setting."""

    ambient_limit: int
    answer_limit: int
    channel_rate: int | None
    """Answers a minute; so are the other rates."""
    characters_share: bool
    direct_recalled: bool
    dreams: bool
    dreamt_of: bool
    examples: bool
    facts_asked: bool
    facts_learnt: bool
    fresh: bool
    front_followed: bool
    history_age: int | None
    """Seconds."""
    history_limit: int
    incognito: bool
    knowledge_limit: int
    lore_scan_depth: int
    lore_share: int
    """Percent."""
    members_share: bool
    memory_limit: int
    memory_threshold: float
    payer_rate: int | None
    person_rate: int | None
    persona: bool
    place_share: bool
    preset: str | None
    """Its id."""
    proactive_after: int
    """Minutes."""
    proactive_limit: int
    quiet_from: int | None
    quiet_until: int | None
    """Hours of the day in UTC."""
    reasoning: str
    """AUTO, or a level of `llm.streaming.Reasoning`."""
    reasoning_shown: bool
    reference_limit: int
    reflections_worded: bool
    reply_limit: int | None
    """Tokens."""
    retention_allowed: bool
    sending_allowed: bool
    servers_recalled: bool
    space_rate: int | None
    summaries: bool
    training_allowed: bool

    @property
    def policy(self) -> DataPolicy:
        """What is demanded of where words go."""
        return DataPolicy.of(
            no_training=not self.training_allowed,
            no_retention=not self.retention_allowed,
            local_only=not self.sending_allowed,
        )

    @classmethod
    def default(cls) -> Self:
        """What counts where nobody decided."""
        return cls.of({})

    @classmethod
    def of(cls, decided: Mapping[str, Value]) -> Self:
        """Values that are fitted to their settings, over the defaults."""
        # Any: each value is of its setting's kind, and so of its field's; a test compares them.
        values: dict[str, Any] = {it.key: decided.get(it.key, it.default) for it in SETTINGS}
        return cls(**values)
