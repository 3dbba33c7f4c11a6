"""Graphs of memories: waypoints between them, and whom and what they are about. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from tzurot.memory.graph.names import name_words, names
from tzurot.memory.graph.topics import Commonness, topics
from tzurot.memory.remembering import MemoryId
from tzurot.memory.waypoints import Waypoint, WaypointKind

_LABEL = 60  # characters, by the contract (memory.v1.GraphNode)
_NEWEST = 20  # memories that a node names, by the same
_EDGES = 5  # for each node


class NodeKind(StrEnum):
    """What stands at a node."""

    MEMORY = "memory"
    PERSONA = "persona"
    PERSONALITY = "personality"
    NAME = "name"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Node:
    """A memory, or somebody or something that memories are about."""

    id: str
    label: str
    kind: NodeKind
    weight: float
    """Of a memory its salience, 0..1, else in how many memories it is."""
    memory_ids: tuple[MemoryId, ...]
    """The memory, or the newest that name it."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins two nodes."""

    first_id: str
    second_id: str
    weight: float
    """Above 0; at most 1 between memories, else how many memories name both."""
    kinds: tuple[WaypointKind, ...] = ()
    """The strongest first."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The weightiest nodes first, and the strongest edges between them first."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int
    """How many more nodes there would be."""
    read: int
    """How many memories were looked at, the newest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A memory by its first words, and how much it stands out now: 0..1."""

    memory_id: MemoryId
    opening: str
    salience: float


@dataclass(frozen=True, slots=True)
class Told:
    """A memory with the beginnings of what both sides said."""

    memory_id: MemoryId
    persona_id: UUID
    personality_id: UUID
    person_name: str
    person_text: str
    personality_name: str
    personality_text: str


def of_waypoints(
    memories: Sequence[Standing], count: int, links: Iterable[Waypoint], now: datetime
) -> Graph:
    """Memories, the weightiest first, of `count` in all, and the links between them."""
    ids = {it.memory_id for it in memories}
    joined: dict[tuple[MemoryId, MemoryId], list[Waypoint]] = defaultdict(list)
    for link in links:
        if link.first_id in ids and link.second_id in ids:
            joined[link.first_id, link.second_id].append(link)
    edges = [_linked(its, now) for its in joined.values()]
    nodes = [
        Node(str(it.memory_id), it.opening, NodeKind.MEMORY, it.salience, (it.memory_id,))
        for it in memories
    ]
    return Graph(tuple(nodes), _strongest(edges, len(nodes)), count - len(nodes), count)


def of_relationships(
    memories: Sequence[Told],
    called: Mapping[UUID, str],
    commonness: Commonness,
    max_nodes: int,
) -> Graph:
    """Whom and what memories are about, which come newest first.

    `called`: what characters are called now. Who talks comes first; a name counts twice as much as
    a word that comes up again.
    """
    subjects = [*_talkers(memories, called), *_named(memories, called, commonness)]
    kept = sorted(subjects[:max_nodes], key=lambda it: (-len(it.memories), it.id))
    nodes = [
        Node(
            it.id,
            short(it.label),
            it.kind,
            len(it.memories),
            tuple(memories[number].memory_id for number in it.memories[:_NEWEST]),
        )
        for it in kept
    ]
    edges = _strongest(_related(kept), len(kept))
    return Graph(tuple(nodes), edges, len(subjects) - len(kept), len(memories))


def short(text: str) -> str:
    """What a node is called, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class _Subject:
    """Somebody or something, and the memories that are about it, by their numbers, in order."""

    id: str
    label: str
    kind: NodeKind
    memories: Sequence[int]


def _talkers(memories: Sequence[Told], called: Mapping[UUID, str]) -> list[_Subject]:
    """The personas and the characters."""
    personas: dict[UUID, list[int]] = defaultdict(list)
    personalities: dict[UUID, list[int]] = defaultdict(list)
    for number, it in enumerate(memories):
        personas[it.persona_id].append(number)
        personalities[it.personality_id].append(number)
    faces: dict[UUID, str] = {}
    for it in memories:
        if it.person_name:
            faces.setdefault(it.persona_id, it.person_name)
    return [
        *(
            _Subject(f"persona:{id_}", faces.get(id_, "you"), NodeKind.PERSONA, its)
            for id_, its in personas.items()
        ),
        *(
            _Subject(f"personality:{id_}", called.get(id_, "?"), NodeKind.PERSONALITY, its)
            for id_, its in personalities.items()
        ),
    ]


def _named(
    memories: Sequence[Told], called: Mapping[UUID, str], commonness: Commonness
) -> list[_Subject]:
    """Who and what is named and what comes up again, the most first."""
    known = _names_of_talkers(memories, called)
    found = names([(it.person_text, it.personality_text) for it in memories], known)
    taken = known.union(*(it.key.split() for it in found))
    again = topics([it.person_text or it.personality_text for it in memories], commonness, taken)
    subjects = [
        *(_Subject(f"name:{it.key}", it.label, NodeKind.NAME, it.memories) for it in found),
        *(_Subject(f"topic:{it.key}", it.label, NodeKind.TOPIC, it.memories) for it in again),
    ]
    counts = {NodeKind.NAME: 2, NodeKind.TOPIC: 1}
    return sorted(subjects, key=lambda it: (-counts[it.kind] * len(it.memories), it.id))


def _names_of_talkers(memories: Sequence[Told], called: Mapping[UUID, str]) -> frozenset[str]:
    """The words of all their names, in small letters: they have their own nodes."""
    told = {name for it in memories for name in (it.person_name, it.personality_name)}
    return frozenset(name_words(told.union(called.values())))


def _related(subjects: Sequence[_Subject]) -> Iterable[Edge]:
    """What memories name together. All of one character's memories are its own: that is no news."""
    one_character = sum(it.kind is NodeKind.PERSONALITY for it in subjects) == 1
    met: dict[int, list[_Subject]] = defaultdict(list)
    for subject in subjects:
        for number in subject.memories:
            met[number].append(subject)
    counts = Counter(
        (first.id, second.id)
        for its in met.values()
        for first, second in combinations(its, 2)
        if not (one_character and _is_no_news(first, second))
    )
    return (Edge(first, second, count) for (first, second), count in counts.items())


def _is_no_news(first: _Subject, second: _Subject) -> bool:
    kinds = {first.kind, second.kind}
    return NodeKind.PERSONALITY in kinds and NodeKind.PERSONA not in kinds


def _linked(links: Sequence[Waypoint], now: datetime) -> Edge:
    strongest = sorted(links, key=lambda it: (-it.weight_at(now), it.kind))
    best = strongest[0]
    kinds = tuple(it.kind for it in strongest)
    return Edge(str(best.first_id), str(best.second_id), best.weight_at(now), kinds)


def _strongest(edges: Iterable[Edge], nodes: int) -> tuple[Edge, ...]:
    """At most five for each node."""
    ordered = sorted(edges, key=lambda it: (-it.weight, it.first_id, it.second_id))
    return tuple(ordered[: _EDGES * nodes])
