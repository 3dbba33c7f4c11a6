"""A trace as it is stored: one document, of ids and numbers; people's words only in the prompt."""

from typing import NotRequired, TypedDict


class Step(TypedDict):
    """One step: seconds since the turn's admission, seconds it took, what came out."""

    name: str
    start: float
    seconds: float
    outcome: str


class Parts(TypedDict, total=False):
    """The parts of a score, without those that are 0."""

    similarity: float
    keyword: float
    wording: float
    neighbors: float
    speaker: float
    time: float
    recency: float
    salience: float
    link: float
    news: float
    guessed: float
    beside: float
    rest: float
    opening: float
    detail: float


class Scored(Parts):
    """A memory with its score. Its words are not kept here: they go when it goes."""

    memory_id: str
    final: float


class Recalled(Scored):
    """A memory that was recalled."""

    cited: bool
    of_another: NotRequired[bool]
    """Whether somebody else had said it, in the same channel."""


class Considered(Scored):
    """A memory that came up and was not recalled."""

    why: str  # as memory/recall.py names it


class Known(TypedDict):
    """A passage that was recalled."""

    passage_id: str
    score: float
    cited: bool


class Lore(TypedDict):
    """A lorebook entry that came up."""

    book: str
    entry_id: str
    name: str
    reason: str
    activated: bool
    told: bool
    place: str
    depth: int


class Silent(TypedDict):
    """Entries of one book that did not come up, all for the same reason."""

    book: str
    reason: str
    entries: list[tuple[str, str]]
    """Id and name of each."""


class Chosen(TypedDict):
    """What counted of a setting, and why: each decision as tier, value, and whether it is bound."""

    key: str
    counts: tuple[int, bool | int | float | str | None, bool]
    decided: list[tuple[int, bool | int | float | str | None, bool]]
    passed_over: NotRequired[list[tuple[int, bool | int | float | str | None, bool]]]


class Section(TypedDict):
    """A part of the prompt.

    The words of a memory, a summary or a document are not kept here: they go when it goes.
    """

    name: str
    text: str
    tokens: int
    cut: bool
    memory_id: str | None
    with_answer: bool
    said_by: NotRequired[str]
    said_to: NotRequired[str]
    passage_id: str | None
    fact_id: NotRequired[str | None]
    summary_id: NotRequired[str | None]
    rewritten: bool


class Call(TypedDict):
    """One request to a provider."""

    provider: str
    model: str
    start: float
    seconds: float
    outcome: str
    payer: NotRequired[str]
    """As wallet/plan.py names them."""
    prompt: NotRequired[int]
    """Tokens, as `completion`."""
    completion: NotRequired[int]
    cost_micros: NotRequired[int | None]
    """None: nobody knows."""


class UsedPreset(TypedDict):
    """The preset that the reply went by."""

    preset_id: str
    name: str
    model: str
    model_replaced: bool
    parameters: list[str]
    not_sent: list[str]


class CutText(TypedDict):
    """Words of the model that are no part of the reply."""

    why: str  # as cleaning.py names it
    text: str


class SkillCall(TypedDict):
    """One call of a skill by the model."""

    name: str
    arguments: str
    result: str
    succeeded: bool


class Document(TypedDict):
    """The trace as it is stored."""

    because: str
    """Why this character answers."""
    parent_channel_id: str
    """Of a thread: the channel that it belongs to."""
    steps: list[Step]
    memories: list[Recalled]
    considered: list[Considered]
    knowledge: list[Known]
    lore: list[Lore]
    silent_lore: list[Silent]
    settings: list[Chosen]
    not_run: list[str]
    error_message: str
    """What the character said of the failure."""
    sections: list[Section]
    attempts: list[Call]
    skill_calls: list[SkillCall]
    preset: NotRequired[UsedPreset]
    cut_texts: NotRequired[list[CutText]]
    reasoning: NotRequired[str]
    """What the model thought, if that is to be kept."""
