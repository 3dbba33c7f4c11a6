"""A graph as a picture: a whole SVG document without scripts and without references.

The same graph looks the same each time. What people said stands in it as text only, escaped by the
library that writes it; what XML cannot have is left out.
"""

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from tzurot.memory.graph.graph import Graph, Node, NodeKind

_WIDTH, _HEIGHT = 1400, 1000
_MARGIN = 90
_FOOT = 60  # for what the colors mean
_RADIUS = (5.0, 22.0)
_LABEL = 30  # characters beside a node
_SEED = 1

# What XML 1.0 has no place for (its section 2.2), and marks that turn the direction of text.
_NO_TEXT = re.compile(
    "[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
    "|[\\u202a-\\u202e\\u2066-\\u2069]"
)

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1c1f26 }
.back { fill: #ffffff } .edge { stroke: #5b6270 } .node { stroke: #ffffff; stroke-width: 1.5 }
.memory { fill: #3a7bd5 } .persona { fill: #c2410c } .personality { fill: #7c3aed }
.name { fill: #0f766e } .topic { fill: #8a8f98 } .halo { stroke: #ffffff }
@media (prefers-color-scheme: dark) {
text { fill: #e8eaf0 } .back { fill: #15171c } .edge { stroke: #99a1b3 } .node { stroke: #15171c }
.memory { fill: #6aa5f8 } .persona { fill: #fb923c } .personality { fill: #b794f6 }
.name { fill: #2dd4bf } .halo { stroke: #15171c } }
.halo { fill: none; stroke-width: 4; stroke-linejoin: round }
"""
_MEANINGS = {
    NodeKind.MEMORY: "a memory",
    NodeKind.PERSONA: "you",
    NodeKind.PERSONALITY: "a character",
    NodeKind.NAME: "somebody or something by name",
    NodeKind.TOPIC: "a word that comes up again",
}

Place = tuple[float, float]
"""Where a node stands, in the picture's units."""


def svg(graph: Graph) -> str:
    """The drawing. It takes a second for 200 nodes, and as long to load what lays it out once."""
    document = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
            "width": str(_WIDTH),
            "height": str(_HEIGHT),
            "role": "img",
        },
    )
    SubElement(document, "title").text = _title(graph)
    SubElement(document, "style").text = _STYLE
    size = {"width": str(_WIDTH), "height": str(_HEIGHT)}
    SubElement(document, "rect", size | {"class": "back"})
    places = _places(graph)
    _draw_edges(document, graph, places)
    _draw_nodes(document, graph.nodes, places)
    _draw_meanings(document, graph)
    return tostring(document, encoding="unicode") + "\n"


def _title(graph: Graph) -> str:
    left_out = f", {graph.left_out:,} left out" if graph.left_out else ""
    return f"{len(graph.nodes):,} nodes of {graph.read:,} memories{left_out}"


def _places(graph: Graph) -> Mapping[str, Place]:
    """Where each node stands: linked ones near each other (Fruchterman and Reingold 1991)."""
    import networkx  # a second to load, and few want a picture

    drawn: networkx.Graph[str] = networkx.Graph()
    drawn.add_nodes_from(node.id for node in graph.nodes)
    most = max((edge.weight for edge in graph.edges), default=1.0)
    for edge in graph.edges:
        drawn.add_edge(edge.first_id, edge.second_id, weight=edge.weight / most)
    found = networkx.spring_layout(drawn, seed=_SEED, iterations=100, method="force")
    x = _spread([it[0] for it in found.values()], _MARGIN, _WIDTH - _MARGIN)
    y = _spread([it[1] for it in found.values()], _MARGIN, _HEIGHT - _MARGIN - _FOOT)
    return dict(zip(found, zip(x, y, strict=True), strict=True))


def _spread(values: Sequence[float], begin: float, end: float) -> list[float]:
    """Values moved apart so that they fill a span."""
    least, most = min(values, default=0.0), max(values, default=0.0)
    if least == most:
        return [(begin + end) / 2 for _ in values]
    return [round(begin + (it - least) / (most - least) * (end - begin), 1) for it in values]


def _draw_edges(document: Element, graph: Graph, places: Mapping[str, Place]) -> None:
    most = max((edge.weight for edge in graph.edges), default=1.0)
    for edge in reversed(graph.edges):  # the strongest on top
        (x1, y1), (x2, y2) = places[edge.first_id], places[edge.second_id]
        share = (edge.weight / most) ** 0.5
        line = {"x1": f"{x1}", "y1": f"{y1}", "x2": f"{x2}", "y2": f"{y2}", "class": "edge"}
        line |= {
            "stroke-width": f"{0.8 + 3 * share:.1f}",
            "stroke-opacity": f"{0.2 + 0.5 * share:.2f}",
        }
        SubElement(document, "line", line)


def _draw_nodes(document: Element, nodes: Sequence[Node], places: Mapping[str, Place]) -> None:
    most = max((node.weight for node in nodes), default=1.0) or 1.0
    smallest, largest = _RADIUS
    for node in nodes:
        x, y = places[node.id]
        radius = smallest + (largest - smallest) * (node.weight / most) ** 0.5
        circle = {"cx": f"{x}", "cy": f"{y}", "r": f"{radius:.1f}", "class": f"node {node.kind}"}
        drawn = SubElement(document, "circle", circle)
        SubElement(drawn, "title").text = _plain(node.label)
    for node in nodes:
        x, y = places[node.id]
        radius = smallest + (largest - smallest) * (node.weight / most) ** 0.5
        label = _plain(node.label)
        label = label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"
        _write(document, label, (x, y - radius - 5), "middle")


def _draw_meanings(document: Element, graph: Graph) -> None:
    """What the colors mean, and how much is shown."""
    kinds = [kind for kind in NodeKind if any(node.kind is kind for node in graph.nodes)]
    for place, kind in enumerate(kinds):
        x, y = _MARGIN / 2 + place * 230, _HEIGHT - _FOOT / 2
        circle = {"cx": f"{x}", "cy": f"{y}", "r": "7", "class": f"node {kind}"}
        SubElement(document, "circle", circle)
        _write(document, _MEANINGS[kind], (x + 14, y + 4.5), "start")
    _write(document, _title(graph), (_WIDTH - _MARGIN / 2, _HEIGHT - _FOOT / 2 + 4.5), "end")


def _write(document: Element, text: str, place: Place, anchor: str) -> None:
    """A text, with a halo so that it is read on lines."""
    for kind in ({"class": "halo", "aria-hidden": "true"}, {}):
        at = {"x": f"{place[0]:.1f}", "y": f"{place[1]:.1f}", "text-anchor": anchor}
        SubElement(document, "text", at | kind).text = text


def _plain(text: str) -> str:
    return _NO_TEXT.sub("", text)
