"""A graph's picture is one harmless document, whatever was said."""

from itertools import pairwise
from uuid import UUID
from xml.etree import ElementTree

import pytest

from tzurot.memory.graph.drawing import svg
from tzurot.memory.graph.graph import Edge, Graph, Node, NodeKind

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "style", "rect", "line", "circle", "text"}
HOSTILE = [
    "</text><script>alert(1)</script>",
    "]]>",
    "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    '" onload="alert(1)',
    "<image href='http://127.0.0.1/'/>",
    "</style><style>@import url(//x)</style>",
    "\x00\x1b[2J\ufffe\ud800 \u202egnp.exe",
    "&#0;&lt;",
]


def graph(*said: str, kind: NodeKind = NodeKind.MEMORY) -> Graph:
    nodes = [Node(f"{kind}:{text}", text, kind, 1 / (n + 1), ()) for n, text in enumerate(said)]
    edges = [Edge(a.id, b.id, 0.5) for a, b in pairwise(nodes)]
    return Graph(tuple(nodes), tuple(edges), 3, 9)


@pytest.mark.parametrize("said", HOSTILE)
def test_what_was_said_stands_in_it_as_text_only(said: str) -> None:
    drawn = svg(graph(said, "Harmless.", said + "!"))
    drawn.encode()
    root = ElementTree.fromstring(drawn)  # noqa: S314  our own
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ALLOWED
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    assert "<!" not in drawn
    assert len(root.findall(f"{SVG}style")) == 1
    assert [it.text for it in root.iter(f"{SVG}text")].count("Harmless.") == 2  # with its halo


def test_the_style_refers_to_nothing() -> None:
    assert "url(" not in svg(graph("One"))
    assert "@import" not in svg(graph("One"))


def test_the_same_graph_is_drawn_the_same() -> None:
    its = graph(*map(str, range(40)))
    assert svg(its) == svg(its)


@pytest.mark.parametrize("count", [0, 1, 2, 200])
def test_all_nodes_stand_inside_of_it(count: int) -> None:
    root = ElementTree.fromstring(svg(graph(*map(str, range(count)))))  # noqa: S314  our own
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    circles = root.findall(f"{SVG}circle")
    assert len(circles) == count + (count > 0)  # and one that says what the color means
    for circle in circles:
        assert 0 < float(circle.attrib["cx"]) < width
        assert 0 < float(circle.attrib["cy"]) < height
    assert len(root.findall(f"{SVG}line")) == max(0, count - 1)


def test_each_kind_has_its_color_and_its_meaning() -> None:
    nodes = tuple(Node(str(it), "x", it, 1, (UUID(int=1),)) for it in NodeKind)  # pyright: ignore
    drawn = svg(Graph(nodes, (), 0, 1))
    for kind in NodeKind:
        assert f'class="node {kind}"' in drawn
        assert f".{kind} {{" in drawn
