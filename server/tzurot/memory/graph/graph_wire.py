"""Graphs and numbers as messages."""

from tzurot.memory.graph.graph import Edge, Graph, Node, NodeKind
from tzurot.memory.graph.stats import Stats
from tzurot.memory.v1 import graph_pb2, memory_service_pb2
from tzurot.memory.wire import SECTORS, WAYPOINT_KINDS
from tzurot.transport.wire import moment_or_none

_KINDS = {
    NodeKind.MEMORY: graph_pb2.GRAPH_NODE_KIND_MEMORY,
    NodeKind.PERSONA: graph_pb2.GRAPH_NODE_KIND_PERSONA,
    NodeKind.PERSONALITY: graph_pb2.GRAPH_NODE_KIND_PERSONALITY,
    NodeKind.NAME: graph_pb2.GRAPH_NODE_KIND_NAME,
    NodeKind.TOPIC: graph_pb2.GRAPH_NODE_KIND_TOPIC,
}


def graph_to(graph: Graph, svg: str) -> memory_service_pb2.GetMemoryGraphResponse:
    """A graph, with its drawing if there is one."""
    return memory_service_pb2.GetMemoryGraphResponse(
        nodes=[_node_to(node) for node in graph.nodes],
        edges=[_edge_to(edge) for edge in graph.edges],
        left_out_count=graph.left_out,
        read_count=graph.read,
        svg=svg,
    )


def stats_to(stats: Stats) -> memory_service_pb2.GetMemoryStatsResponse:
    """The numbers of memories."""
    return memory_service_pb2.GetMemoryStatsResponse(
        memory_count=stats.memory_count,
        sectors=[
            memory_service_pb2.SectorStats(
                sector=SECTORS[it.sector],
                memory_count=it.memory_count,
                mean_salience=it.mean_salience,
            )
            for it in stats.sectors
        ],
        personalities=[
            memory_service_pb2.PersonalityStats(
                personality_id=str(it.personality_id), memory_count=it.memory_count
            )
            for it in stats.personalities
        ],
        reflection_count=stats.reflection_count,
        waypoint_count=stats.waypoint_count,
        recalled_count=stats.recalled_count,
        waiting_count=stats.waiting_count,
        first_time=moment_or_none(stats.first_time),
        last_time=moment_or_none(stats.last_time),
    )


def _node_to(node: Node) -> graph_pb2.GraphNode:
    return graph_pb2.GraphNode(
        id=node.id,
        label=node.label,
        kind=_KINDS[node.kind],
        weight=node.weight,
        memory_ids=[str(it) for it in node.memory_ids],
    )


def _edge_to(edge: Edge) -> graph_pb2.GraphEdge:
    return graph_pb2.GraphEdge(
        first_id=edge.first_id,
        second_id=edge.second_id,
        weight=edge.weight,
        kinds=[WAYPOINT_KINDS[it] for it in edge.kinds],
    )
