"""Graphs of memories: who and what they are about, and their links."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tzurot import clock
from tzurot.memory.graph.graph import (
    Edge,
    Graph,
    NodeKind,
    Standing,
    Told,
    of_relationships,
    of_waypoints,
    short,
)
from tzurot.memory.remembering import MemoryId
from tzurot.memory.waypoints import Waypoint, WaypointKind

NOW = datetime(2026, 7, 10, tzinfo=UTC)
ADA, LUNA, BAMBI = UUID(int=1), UUID(int=2), UUID(int=3)
CALLED = {LUNA: "Luna", BAMBI: "Bambi"}


def rare(_: str) -> float:
    return -99.0


def told(*texts: str, by: UUID = LUNA, persona: UUID = ADA, name: str = "Ada") -> list[Told]:
    """Memories with an answer to each."""
    return [
        Told(MemoryId(clock.uuid7()), persona, by, name, text, CALLED[by], "I see.")
        for text in texts
    ]


def related(memories: list[Told], most: int = 50) -> Graph:
    return of_relationships(memories, CALLED, rare, most)


def labels(graph: Graph) -> dict[str, tuple[NodeKind, float]]:
    return {it.label: (it.kind, it.weight) for it in graph.nodes}


def edges(graph: Graph) -> dict[frozenset[str], float]:
    called = {it.id: it.label for it in graph.nodes}
    return {frozenset({called[it.first_id], called[it.second_id]}): it.weight for it in graph.edges}


STORIES = told(
    "We sailed with Jonas to Kos.",
    "I met Jonas and Mary.",
    "The lighthouse that Mary paints.",
    "One more lighthouse.",
    "Ada and Luna saw the lighthouse.",
)


def test_it_has_who_talks_and_whom_and_what_they_talk_about() -> None:
    graph = related(STORIES)
    assert labels(graph) == {
        "Ada": (NodeKind.PERSONA, 5),
        "Luna": (NodeKind.PERSONALITY, 5),
        "lighthouse": (NodeKind.TOPIC, 3),
        "Jonas": (NodeKind.NAME, 2),
        "Mary": (NodeKind.NAME, 2),
        "Kos": (NodeKind.NAME, 1),
    }
    assert [it.weight for it in graph.nodes] == [5, 5, 3, 2, 2, 1]
    assert (graph.left_out, graph.read) == (0, 5)
    jonas = next(it for it in graph.nodes if it.label == "Jonas")
    assert jonas.memory_ids == tuple(it.memory_id for it in STORIES[:2])


def test_edges_tell_how_many_memories_name_both() -> None:
    found = edges(related(STORIES))
    assert found == {
        frozenset({"Ada", "Luna"}): 5,
        frozenset({"Ada", "lighthouse"}): 3,
        frozenset({"Ada", "Jonas"}): 2,
        frozenset({"Ada", "Mary"}): 2,
        frozenset({"Ada", "Kos"}): 1,
        frozenset({"Jonas", "Kos"}): 1,
        frozenset({"Jonas", "Mary"}): 1,
        frozenset({"Mary", "lighthouse"}): 1,
    }


def test_of_several_characters_it_tells_which_one_heard_of_whom() -> None:
    graph = related([*told("I met Jonas."), *told("I met Mary.", by=BAMBI)])
    found = edges(graph)
    assert found[frozenset({"Luna", "Jonas"})] == 1
    assert found[frozenset({"Bambi", "Mary"})] == 1
    assert frozenset({"Bambi", "Jonas"}) not in found


def test_who_talks_is_never_left_out_and_names_go_before_words() -> None:
    graph = related(STORIES, 4)
    assert set(labels(graph)) == {"Ada", "Luna", "Jonas", "Mary"}
    assert graph.left_out == 2
    assert {it.first_id for it in graph.edges} <= {it.id for it in graph.nodes}


def test_a_persona_without_a_name_is_you_and_each_has_its_own_node() -> None:
    graph = related([*told("Hi.", name=""), *told("Hi.", persona=UUID(int=9), name="Kim")])
    assert {it.label for it in graph.nodes} == {"you", "Kim", "Luna"}


def test_of_nothing_there_is_nothing() -> None:
    assert related([]) == Graph((), (), 0, 0)
    assert of_waypoints([], 0, [], NOW) == Graph((), (), 0, 0)


def test_a_node_names_twenty_memories_and_has_a_short_label() -> None:
    graph = related(told(*[f"I saw {'Jo' * 80}."] * 30))
    (longest,) = [it for it in graph.nodes if it.kind is NodeKind.NAME]
    assert (longest.weight, len(longest.memory_ids), len(longest.label)) == (30, 20, 60)
    assert short("a\n b") == "a b"


def test_two_memories_are_joined_once_by_their_strongest_link() -> None:
    one, two, other = sorted(MemoryId(clock.uuid7()) for _ in range(3))
    links = [
        Waypoint(one, two, WaypointKind.CONVERSATION, 0.3, NOW),
        Waypoint(one, two, WaypointKind.SIMILARITY, 0.9, NOW - timedelta(days=139)),
        Waypoint(two, other, WaypointKind.SIMILARITY, 0.9, NOW),  # the other one isn't shown
    ]
    shown = [Standing(one, "One", 0.6), Standing(two, "Two", 0.4)]
    graph = of_waypoints(shown, 7, links, NOW)
    assert [(it.id, it.weight) for it in graph.nodes] == [(str(one), 0.6), (str(two), 0.4)]
    (edge,) = graph.edges
    kinds = (WaypointKind.SIMILARITY, WaypointKind.CONVERSATION)
    assert edge == Edge(str(one), str(two), edge.weight, kinds)
    assert 0.44 < edge.weight < 0.46  # it faded by half
    assert (graph.left_out, graph.read) == (5, 7)
