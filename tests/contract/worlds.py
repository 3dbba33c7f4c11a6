"""Six persons, and a character for each visibility that each of them is something else to.

What only a definition says, and what only those read who see the character, is marked with words
that stand nowhere else: who must not read them must never be told one.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from google.protobuf.message import Message

from tests.calling import Client, request_for
from tests.contract.residents import in_private
from tzurot.personality.avatars import pictures
from tzurot.session.v1.utterance_pb2 import Utterance

VISIBILITIES = ("private", "shared", "unlisted", "public")
ROLES = {"editor": "EDITOR", "viewer": "VIEWER", "shared with": "USER", "blocked": "BLOCKED"}
PERSONS: Sequence[str] = ("owner", "editor", "viewer", "shared with", "stranger", "blocked")

# Who does not see it any more: these talk with it before, all others when a test needs a turn.
LOST = {
    "private": ("shared with", "stranger", "blocked"),
    "shared": ("stranger", "blocked"),
    "unlisted": ("blocked",),
    "public": ("blocked",),
}

SECRET, FACE = "secret", "face"
_MARKED = re.compile(rf"({SECRET}|{FACE})([0-9a-f]{{12}})([a-z_]+)".encode())
_TEXTS = (
    "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals", "history",
    "scenario", "example_dialogues", "system_prompt", "post_history_instructions", "error_message",
    "depth_prompt",
)  # fmt: skip
FIELDS = frozenset(
    {*_TEXTS, "alternate_greetings", "group_greetings", "regex_scripts", "custom_fields"}
)
QUESTION = "What of the harbor and its bells?"
# Whoever writes this for themselves wants to have a card quoted that they may not read.
QUOTING = (
    "Hello. {{description}} {{personality}} {{scenario}} {{mesExamples}} {{charPrompt}} "
    "{{charInstruction}} {{charDepthPrompt}} {{outlet::tide}} {{getvar::mood}}"
)


def marked(said: bytes) -> Iterator[tuple[str, str, str]]:
    """The marks in what was said: which sort, of which world, of what."""
    for found in _MARKED.finditer(said):
        sort, world, what = (group.decode() for group in found.groups())
        yield sort, world, what


@dataclass(slots=True)
class World:
    """A character of this visibility with all that hangs on it.

    What a test has taken away, it puts back. `before` has the ids of what
    each person has from a time when the character was everybody's.
    """

    people: Mapping[str, Client]
    visibility: str
    shown: bool
    """Whether everybody may read the definition."""
    mark: str = field(default_factory=lambda: uuid4().hex[:12])
    id: str = ""
    slug: str = ""
    lorebook: str = ""
    entry: str = ""
    document: str = ""
    alias: str = ""
    before: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    talks: dict[str, Sequence[Any]] = field(default_factory=dict[str, Sequence[Any]])
    """The events of each person's turn."""
    pages: dict[str, tuple[bool, list[bytes]]] = field(
        default_factory=dict[str, tuple[bool, list[bytes]]]
    )
    """Whether a list led each person to it, and what they heard on the way."""
    spare: str = ""
    """Another one like it, bare, to be deleted."""

    @property
    def name(self) -> str:
        """What the character is called."""
        return f"Mira {self.mark}"

    @property
    def called(self) -> str:
        """Its alias for everybody."""
        return f"Tide {self.mark}"

    @property
    def ref(self) -> dict[str, str]:
        """The character as requests name it."""
        return {"id": self.id}

    def secret(self, name: str) -> str:
        """A word of the definition."""
        return f"{SECRET}{self.mark}{name}"

    async def settle(self) -> None:
        """Make all of it."""
        said: dict[str, Any] = {name: self.secret(name) for name in _TEXTS}
        said["description"] += "{{setvar::mood::" + self.secret("variable") + "}}"
        script = {
            "name": self.secret("regex_scripts"),
            "find": self.secret("script"),
            "on_input": 1,
        }
        made = await self._character(
            self.name,
            **said,
            alternate_greetings=[self.secret("alternate_greetings")],
            group_greetings=[self.secret("group_greetings")],
            regex_scripts=[script],
            custom_fields=[
                {"name": self.secret("label"), "text": self.secret("custom_fields")},
                {"name": self.secret("quiet"), "text": self.secret("silent"), "silent": True},
            ],
            greeting="Who are you?",
            creator_notes=f"{FACE}{self.mark}notes",
            tags=[f"{FACE}{self.mark}tags"],
        )
        self.id, self.slug = made.id, made.slug
        await self.paint()
        await self.shelve()
        await self.learn()
        await self.name_it()
        for person in self.people:
            self.before[person] = await self._before(person)
        await self._share(self.id)
        await self._turn_to(self.id)

    async def paint(self) -> None:
        """Give it its face."""
        await self._owner("UploadAvatar", upload(self, pictures.blank()))

    async def shelve(self) -> None:
        """Let it use a book."""
        written = {"name": self.secret("book"), "description": self.secret("book_notes")}
        self.lorebook = (await self._owner("CreateLorebook", lorebook=written)).lorebook.id
        await self.write_entry()
        await self.use_book()

    async def use_book(self) -> None:
        """Let it use its book, if it does not."""
        await self._owner("AttachLorebook", lorebook_id=self.lorebook, personality=self.ref)

    async def write_entry(self) -> None:
        """Write the entry of its book, and one that can be quoted."""
        entry = {
            "name": self.secret("entry"),
            "keys": ["harbor", self.secret("key")],
            "content": self.secret("lore"),
        }
        made = await self._owner("CreateLorebookEntry", lorebook_id=self.lorebook, entry=entry)
        self.entry = made.entry.id
        tide = {"content": self.secret("outlet"), "constant": True, "outlet": "tide"}
        tide |= {"place": "LORE_PLACE_OUTLET"}
        await self._owner("CreateLorebookEntry", lorebook_id=self.lorebook, entry=tide)

    async def learn(self) -> None:
        """Let it know a document."""
        made = await self._owner("UploadDocument", story(self))
        self.document = made.document.id

    async def name_it(self) -> None:
        """Give it its alias for everybody."""
        wanted = {"personality": self.ref, "alias": self.called, "global": True}
        self.alias = (await self._owner("CreatePersonalityAlias", **wanted)).alias.id

    async def another(self) -> None:
        """Make the bare one like it."""
        if not self.spare:
            self.spare = (await self._character(f"Spare {self.mark}")).id
            await self._share(self.spare)
            await self._turn_to(self.spare)

    async def share_with(self, person: str) -> None:
        """Give a person the role that they have."""
        if person in ROLES:
            await self._share_one(self.id, person)

    async def leave(self) -> None:
        """Take the character away."""
        for left in filter(None, (self.id, self.spare)):
            await self._owner("DeletePersonality", personality={"id": left})

    async def _character(self, name: str, **fields: Any) -> Any:
        """A character of the owner's that is everybody's for now."""
        wanted = {"name": name, "visibility": "VISIBILITY_PUBLIC", **fields}
        return (await self._owner("CreatePersonality", personality=wanted)).personality

    async def _share(self, personality_id: str) -> None:
        for person in ROLES:
            await self._share_one(personality_id, person)

    async def _share_one(self, personality_id: str, person: str) -> None:
        await self._owner(
            "SharePersonality",
            personality={"id": personality_id},
            subject=self.people[person].subject,
            role=f"PERSONALITY_ROLE_{ROLES[person]}",
        )

    async def _turn_to(self, personality_id: str) -> None:
        wanted = {
            "visibility": f"VISIBILITY_{self.visibility.upper()}",
            "definition_visible": self.shown,
        }
        await self._owner(
            "UpdatePersonality",
            ref={"id": personality_id},
            personality=wanted,
            update_mask={"paths": list(wanted)},
        )

    async def _before(self, person: str) -> dict[str, str]:
        """Names and an override of somebody's, and a turn if they are to lose it."""
        client = self.people[person]
        had: dict[str, str] = {}
        for alias in ("kept", "spent"):
            wanted = {"personality": self.ref, "alias": f"{alias} {self.mark}"}
            request = request_for("CreatePersonalityAlias", **wanted)
            had[alias] = (await client.call("CreatePersonalityAlias", request)).alias.id
        override = dict.fromkeys(("addition", "greeting", "instructions", "scenario"), QUOTING)
        request = request_for("UpdatePersonalityOverride", personality=self.ref, override=override)
        await client.call("UpdatePersonalityOverride", request)
        if person in LOST[self.visibility]:
            self.talks[person] = await client.call("Chat", asking(self))
        return had

    async def _owner(self, name: str, request: Any = None, **fields: Any) -> Any:
        return await self.people["owner"].call(name, request or request_for(name, **fields))


def asking(world: World) -> Message:
    """A question to the character that its lore and its document answer."""
    return request_for(
        "Chat",
        place=in_private(),
        utterance=Utterance(text=QUESTION, speaker_name="Kael"),
        addressees=[world.ref],
    )


def upload(world: World, picture: bytes) -> list[Any]:
    """A picture for the character."""
    return _parts("UploadAvatar", picture, personality=world.ref)


def story(world: World) -> list[Any]:
    """A document for the character."""
    text = f"The bells of the harbor ring at night. {world.secret('document')}".encode()
    title = world.secret("title")
    return _parts("UploadDocument", text, personality=world.ref, file_name="bells.txt", title=title)


def a_book(world: World, content: bytes) -> list[Any]:
    """A lorebook in a file for the character."""
    return _parts("ImportPersonality", content, personality=world.ref)


def _parts(name: str, content: bytes, **header: Any) -> list[Any]:
    header |= {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return [request_for(name, header=header), request_for(name, chunk=content)]
