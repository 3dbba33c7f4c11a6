"""What a file turned out to hold: the one shape that all readers give and that moving in takes.

A reader never decides what happens to what it found: it says what each part means here (`fields`),
what only the stored source keeps (`kept_aside`), and what must not be kept at all (`dropped`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a file is about."""

    CHARACTER_CARD = "character_card"
    LOREBOOK = "lorebook"
    CHAT = "chat"
    PLURALKIT = "pluralkit"
    TUPPERBOX = "tupperbox"
    SILLYTAVERN_SETTINGS = "sillytavern_settings"
    SHAPES_CONFIG = "shapes_config"
    SHAPES_EXPORT = "shapes_tzurot_export"
    SHAPES_BACKUP = "shapes_backup"
    SHAPES_MEMORIES = "shapes_memories"
    SHAPES_MEMEXPORTER = "shapes_memexporter"
    SHAPES_KNOWLEDGE = "shapes_knowledge"
    SHAPES_TRAINING = "shapes_training"
    SHAPES_PERSONALIZATION = "shapes_personalization"
    SHAPES_CHAT = "shapes_chat_history"
    SHAPES_PROFILE = "shapes_public_profile"
    TZUROT_CHARACTER = "tzurot_character"
    MEMORIES = "memories"


class Container(StrEnum):
    """What the file is wrapped in."""

    JSON = "json"
    JSONL = "jsonl"
    PNG = "png"
    CHARX = "charx"
    JPEG = "jpeg"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field of the source that has a place here: `data.first_mes` → `greeting`."""

    source: str
    destination: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A part of the source that has no place here, and why. Never an empty value."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture or other file that came along, or its address."""

    type: str
    name: str
    ext: str
    uri: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class CustomField:
    """A part of a character that its maker named; a `silent` one is not told to the model."""

    name: str
    text: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Character:
    """A character in our fields; placeholders in its texts are `{{user}}` and `{{char}}`."""

    name: str
    nickname: str = ""
    description: str = ""
    traits: str = ""
    tone: str = ""
    age: str = ""
    appearance: str = ""
    likes: str = ""
    dislikes: str = ""
    goals: str = ""
    history: str = ""
    scenario: str = ""
    greeting: str = ""
    example_dialogues: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    depth_prompt: str = ""
    """A note that is told between the last messages."""
    depth_prompt_depth: int = 4
    """How many messages come after it, 0 to 10,000."""
    depth_prompt_role: str = "system"
    """Who says it: `system`, `user` or `assistant`."""
    error_message: str = ""
    birthday: str = ""
    """`MM-DD` or `YYYY-MM-DD`."""
    creator: str = ""
    creator_notes: str = ""
    character_version: str = ""
    alternate_greetings: tuple[str, ...] = ()
    group_greetings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    regex_scripts: tuple[Mapping[str, object], ...] = ()
    """Rules that rewrite messages: SillyTavern's rows by its names, as plain JSON, at most 100."""
    custom_fields: tuple[CustomField, ...] = ()
    """No two have the same name."""
    age_restricted: bool | None = None
    """Whether it is only for adults; None: the source does not say."""
    slug: str = ""
    """The handle that the source suggests, not yet checked."""
    origin: str = ""
    """What stays the same when the source is exported again, such as `shapes:<uuid>`; or empty."""
    avatar: bytes | None = None
    """The picture as it came, not yet checked."""
    avatar_url: str = ""
    assets: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True)
class LoreEntry:
    """One entry of a lorebook, in the words of Character Card V3."""

    keys: tuple[str, ...]
    content: str
    """Decorators included."""
    secondary_keys: tuple[str, ...] = ()
    name: str = ""
    enabled: bool = True
    constant: bool = False
    selective: bool = False
    use_regex: bool = False
    case_sensitive: bool | None = None
    insertion_order: float = 0
    priority: float | None = None
    position: str = "before_char"
    """`before_char` or `after_char`."""
    extensions: Mapping[str, object] = field(default_factory=dict[str, object])
    """SillyTavern's settings of an entry by its own names: probability, depth, sticky, …"""
    row: int | None = field(default=None, compare=False, repr=False)
    """Of a book that is kept here: the entry's number in the file that the book came from, or
    `NO_ROW` if it was added since. None: not known."""


NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Lorebook:
    """A book of entries. `document` is its own JSON, for a lossless export; empty inside a card."""

    entries: tuple[LoreEntry, ...]
    name: str = ""
    description: str = ""
    scan_depth: int | None = None
    token_budget: int | None = None
    recursive_scanning: bool | None = None
    format: str = ""
    document: bytes = b""


@dataclass(frozen=True, slots=True)
class Document:
    """A story or text that the character knows. `origin`: its id at the source."""

    text: str
    title: str = ""
    kind: str = ""
    origin: str = ""
    url: str = ""
    create_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """How often a memory was cited, and how much it stood out then (0..1)."""

    count: int
    salience: float
    last_time: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What a source knows of a memory besides its words. What it doesn't say is empty."""

    id: str = ""
    """Of the memory in our own files; memories of other programs have an `origin` alone."""
    persona_name: str = ""
    character_slug: str = ""
    character_name: str = ""
    """What the character is called by now; `personality_name` is its name at that time."""
    kind: str = "exchange"
    """`exchange` or `reflection`."""
    sector: str = ""
    other_sectors: tuple[str, ...] = ()
    salience: float | None = None
    """How much it stood out when it was said, 0..1."""
    venue: str = "direct"
    """`direct`, `private_channel` or `public_channel`."""
    platform: str = ""
    recalls: Recalled | None = None
    locked: bool = False
    age_restricted: bool = False
    dormant: bool = False
    edit_time: datetime | None = None
    source_ids: tuple[str, ...] = ()
    """The ids in the same file of what a reflection was gathered from."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of another program, as JSON with every value but its text, which is null."""

    format: str
    row: bytes


@dataclass(frozen=True, slots=True)
class Recollection:
    """Something that the character remembers of people: a summary, or one exchange.

    `senders` are ids of the source; none: it is the importer's own. With `group` (or several
    senders) several people took part. A summary has no `answer`.
    """

    text: str
    answer: str = ""
    origin: str = ""
    senders: tuple[str, ...] = ()
    group: bool = False
    channel_id: str = ""
    space_id: str = ""
    occur_time: datetime | None = None
    person_name: str = ""
    personality_name: str = ""
    known: Known = Known()
    source: SourceRow | None = None
    """For a lossless export."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact of our own files: one thing that a character knows of a persona.

    Ids are those of the server that it comes from.
    """

    id: str
    text: str
    valid_from: datetime
    """From when on it is so: when it was said."""
    persona_name: str = ""
    character_slug: str = ""
    character_name: str = ""
    entity: str = ""
    """Whom or what it is about."""
    state: str = "current"
    """`current`, `proposed` or `superseded`."""
    origin: str = "learnt"
    """`learnt`, or `told` by its person."""
    fictional: bool = False
    valid_until: datetime | None = None
    superseded_by_id: str = ""
    replaces_id: str = ""
    """Of one that is proposed: what it is to take the place of."""
    venue: str = "direct"
    """`direct`, `private_channel` or `public_channel`."""
    platform: str = ""
    channel_id: str = ""
    age_restricted: bool = False
    source_ids: tuple[str, ...] = ()
    """The memories that say it."""
    outdated_source_ids: tuple[str, ...] = ()
    """The memories that say what it was put in the place of."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat. `alternatives` are all its texts (swipes), `text` the chosen one's.

    `source` is its row as JSON, for a lossless export; `hidden` rows are kept, never prompted.
    """

    by_person: bool
    name: str
    text: str
    alternatives: tuple[str, ...] = ()
    chosen: int = 0
    hidden: bool = False
    time: datetime | None = None
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class History:
    """A chat. `key` is the same for a later export of it, and for chats that branch off from it."""

    messages: tuple[Said, ...]
    key: str
    character_name: str = ""
    person_name: str = ""
    group: bool = False
    header: bytes = b""
    """Its first line as JSON, for a lossless export."""


@dataclass(frozen=True, slots=True)
class ProxyTag:
    """Text between prefix and suffix is said by this persona. Not both are empty."""

    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """A persona of the person who moves in. `private`: the source doesn't show it to others."""

    name: str
    display_name: str = ""
    description: str = ""
    pronouns: str = ""
    birthday: str = ""
    avatar_url: str = ""
    proxy_tags: tuple[ProxyTag, ...] = ()
    keep_proxy: bool = False
    private: bool = True
    origin: str = ""
    """Its id at the source: `pluralkit:abcde`."""
    shown_as: str = ""
    """What its service calls it where it speaks, if that is all that tells who it is."""
    for_character: bool = False
    """It is shown to the imported character alone, not a general one."""
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """All that a file holds, and what becomes of each part."""

    kind: Kind
    format: str
    """`chara_card_v2`, `st_world_info`, `sillytavern_jsonl`, …"""
    container: Container
    spec_version: str = ""
    """As the file says it."""
    name: str = ""
    """Of the character, book, system; empty if it has none."""
    character: Character | None = None
    lorebooks: tuple[Lorebook, ...] = ()
    documents: tuple[Document, ...] = ()
    memories: tuple[Recollection, ...] = ()
    facts: tuple[KnownFact, ...] = ()
    histories: tuple[History, ...] = ()
    personas: tuple[Face, ...] = ()
    fields: tuple[Mapped, ...] = ()
    kept_aside: tuple[Aside, ...] = ()
    dropped: tuple[Aside, ...] = ()
    warnings: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    """What else a preview shows of this format: JSON values by name (counts, chunks, …)."""
    document: bytes = b""
    """The source document as JSON, verbatim but for what is `dropped`. Exports start from it."""
