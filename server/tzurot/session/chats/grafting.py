"""How an imported chat grows into the tree of messages that is there. Pure.

The chat is walked from its beginning. What is there already is followed; the first message that
isn't begins what is new. New messages are chosen where they go on from the conversation's end, so
a longer export of a chat goes on; a chat that leaves the path before becomes a branch beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from tzurot.formats.found import Said

_MAX_NAME = 255  # characters of a name that a message can keep
_NOBODY = UUID(int=0)


@dataclass(slots=True, eq=False)
class Node:
    """A message of the tree. The root is none: it stands before the first ones."""

    by_person: bool = False
    name: str = ""
    text: str = ""
    time: datetime = datetime.min
    hidden: bool = False
    chosen: bool = False
    id: UUID = _NOBODY
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list["Node"])
    has_source: bool = False
    """Whether a row of a file is kept beside it. Alternatives stand in the row of the chosen."""
    source: bytes | None = None
    """That row, if it is new."""
    has_new_source: bool = False
    new: bool = False

    @property
    def parent_id(self) -> UUID | None:
        """The message that it follows; None if it is a first one."""
        return None if self.parent is None or self.parent.id == _NOBODY else self.parent.id


@dataclass(slots=True)
class Tree:
    """A conversation's messages, and where it ends: None after a reset."""

    root: Node
    head: Node | None

    @classmethod
    def empty(cls) -> Self:
        """A conversation in which nothing was said."""
        root = Node()
        return cls(root, root)


@dataclass(frozen=True, slots=True)
class Growth:
    """What a chat brought: its own path, new nodes with parents first, and changed ones."""

    path: Sequence[Node]
    planted: Sequence[Node]
    changed: Sequence[Node]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.planted or self.changed)

    @property
    def new_messages(self) -> int:
        """How many messages of the chat were not there, alternatives not counted."""
        return sum(node.new for node in self.path)


def grow(tree: Tree, messages: Sequence[Said], now: datetime) -> Growth:
    """Let a chat grow into `tree`. Messages without a time get that of the one before."""
    path: list[Node] = []
    planted: list[Node] = []
    changed: dict[Node, None] = {}
    at = tree.root
    for said in messages:
        nodes = _alternatives(at, said, now if at is tree.root else at.time)
        chosen = nodes[said.chosen if said.alternatives else 0]
        planted += [node for node in nodes if node.new and node.parent is None]
        changed |= dict.fromkeys(_settle(tree, at, nodes, chosen, said))
        path.append(chosen)
        at = chosen
    return Growth(path, planted, [node for node in changed if not node.new])


def _alternatives(at: Node, said: Said, time: datetime) -> list[Node]:
    """A node for each text of a message, those that are there and new ones, in the text's order.

    The chosen one is the same only with the same time; its alternatives have none of their own.
    """
    texts = said.alternatives or (said.text,)
    chosen = said.chosen if said.alternatives else 0
    waiting = list(at.children)
    found: dict[int, Node] = {}
    for number in sorted(range(len(texts)), key=lambda number: number != chosen):
        same = _like(waiting, said, texts[number], strict=number == chosen)
        if same:
            waiting.remove(same)
        found[number] = same or _new(said, texts[number], said.time or time)
    return [found[number] for number in range(len(texts))]


def _like(nodes: Sequence[Node], said: Said, text: str, *, strict: bool) -> Node | None:
    """The node that says the same; with `strict` also at the same time, if both have one.

    Alternatives may say the very same: then the one from which the chat went on.
    """
    name = said.name[:_MAX_NAME]
    same = [
        node
        for node in nodes
        if (node.by_person, node.name, node.text) == (said.by_person, name, text)
        and (not strict or not said.time or not node.has_source or node.time == said.time)
    ]
    went_on = max if strict else min
    return went_on(same, key=_leads_on, default=None)


def _leads_on(node: Node) -> tuple[bool, bool, bool]:
    return node.chosen, node.has_source, bool(node.children)


def _new(said: Said, text: str, time: datetime) -> Node:
    name = said.name[:_MAX_NAME]
    return Node(said.by_person, name, text, time, said.hidden, new=True)


def _settle(
    tree: Tree, at: Node, nodes: Sequence[Node], chosen: Node, said: Said
) -> Iterator[Node]:
    """Hang new nodes on `at`, and say which one is chosen; yields the nodes that it changed."""
    grown = [node for node in nodes if node.parent is None]
    for node in grown:
        node.parent = at
        at.children.append(node)
    swiped = tree.head if tree.head in nodes and tree.head is not chosen else None
    if swiped:  # the chat's last message has another text since
        swiped.chosen = False
        _keep_source(swiped, b"")
        yield swiped
    if swiped or tree.head is at:
        chosen.chosen, tree.head = True, chosen
        yield chosen
    if chosen.new or swiped or (grown and chosen.has_source):
        chosen.time = said.time or chosen.time
        _keep_source(chosen, said.source)
        yield chosen


def _keep_source(node: Node, source: bytes) -> None:
    node.source, node.has_source, node.has_new_source = source or None, bool(source), True
