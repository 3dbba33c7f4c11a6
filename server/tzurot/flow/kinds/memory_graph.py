"""`memory graph`: whom and what memories are about, or how they are linked, as lists to go through.

    nodes → about → one memory: one_memory.py
          → picture

The same graphs as of GetMemoryGraph. Of the relationships a node leads to the newest memories that
name it, of the links it is a memory itself.
"""

from collections.abc import Mapping, Sequence

from tzurot.flow.kind import Answers, Argument, At, Kind, Step
from tzurot.flow.kinds import leafing, memory_owners, one_memory, telling
from tzurot.flow.kinds.memory_choices import Selection
from tzurot.flow.kinds.memory_owners import Owners
from tzurot.flow.kinds.one_memory import OneMemory
from tzurot.flow.views import ITEM, Action, Choice, Document, Item, View, line
from tzurot.memory.browsing import Memories
from tzurot.memory.graph.graph import Edge, Graph, Node, NodeKind
from tzurot.transport.subject import Caller

RELATIONSHIPS, LINKS = "relationships", "links"
_VIEWS = (
    Choice(RELATIONSHIPS, "Whom and what they are about"),
    Choice(LINKS, "How they are linked"),
)
_NODES = 60
_NEIGHBORS = 4  # that are named of a node
_LABEL = 60  # characters of a neighbor
_BACK = Action("back", "Back")
_DRAW = Action("picture", "Draw it")
_DRAWN = "A browser shows the picture, and lets you zoom into it."
_NOTHING = "Nothing is remembered here yet."
_KINDS = {
    NodeKind.PERSONA: "you",
    NodeKind.PERSONALITY: "a character",
    NodeKind.NAME: "named",
    NodeKind.TOPIC: "comes up again",
    NodeKind.MEMORY: "a memory",
}


class MemoryGraph(Kind):
    """Shows a graph as text."""

    path = "memory graph"
    summary = "Whom and what memories are about, and how they are linked."
    arguments = (
        *memory_owners.ARGUMENTS,
        Argument("view", "What stands in the list.", choices=_VIEWS),
    )

    def __init__(self, memories: Memories, owners: Owners) -> None:
        self._owners = owners
        self._one = OneMemory(memories, owners)

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """The characters that the person sees, or personas of theirs."""
        return await self._owners.complete(who, key, typed)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The weightiest."""
        selection = await self._owners.selected(who, arguments)
        view = arguments.get("view", RELATIONSHIPS)
        return Step("nodes", leafing.first({**selection.kept(), "view": view}))

    async def view(self, who: Caller, at: At) -> View:
        """A page of the list, the memories that name one of it, or one memory."""
        if at.step in one_memory.STEPS:
            return await self._one.view(who, at)
        graph = await self._graph(who, at)
        if at.step == "about":
            return await self._about(who, at, graph)
        if at.step == "picture":
            return await self._picture(who, at, graph)
        selection = Selection.read(at.draft)
        heard = await self._owners.heard(who, selection)
        fields = await self._owners.fields(who, selection, heard)
        labels = {choice.value: choice.label for choice in _VIEWS}
        return View(
            title=await self._title(who, at),
            body=_told(graph) if graph.nodes else _NOTHING,
            fields=fields,
            items=tuple(_item(it, graph) for it in leafing.page(at.draft, graph.nodes)),
            actions=(
                *leafing.actions(at.draft, graph.nodes),
                memory_owners.whose(fields),
                Action("other", labels[_other(at)]),
                *((_DRAW,) if graph.nodes else ()),
            ),
            item_action="show",
        )

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Turn a page, look at the other view, go to what memories say."""
        if at.step in one_memory.STEPS:
            home = "nodes" if at.draft["view"] == LINKS else "about"
            return await self._one.take(who, at, action, answers, home)
        match action:
            case "show" | "open":
                return _chosen(at, answers[ITEM][0])
            case "back" | "picture":
                return Step("picture" if action == "picture" else "nodes", at.draft)
            case "other":
                return Step("nodes", leafing.first({**at.draft, "view": _other(at)}))
            case "whose":
                selection = Selection.read(at.draft).with_answers(answers)
                return Step("nodes", leafing.first({**at.draft, **selection.kept()}))
            case _:
                graph = await self._graph(who, at)
                return Step("nodes", leafing.turned(at.draft, action, graph.nodes))

    async def _graph(self, who: Caller, at: At) -> Graph:
        selection, graphs = Selection.read(at.draft), self._owners.graphs
        heard = await self._owners.heard(who, selection)
        read = graphs.relationships if at.draft["view"] == RELATIONSHIPS else graphs.waypoints
        return await read(heard, selection.personality_id, _NODES)

    async def _title(self, who: Caller, at: At) -> str:
        name = await self._owners.called(who, Selection.read(at.draft))
        whose = f"{name}'s memories of you" if name else "the memories of you"
        if at.draft["view"] == RELATIONSHIPS:
            return f"Whom and what {whose} are about"
        return f"How {whose} are linked"

    async def _picture(self, who: Caller, at: At, graph: Graph) -> View:
        """The drawing, as a file."""
        drawing = await self._owners.graphs.svg(graph)
        return View(
            title=await self._title(who, at),
            body=f"{_told(graph)}\n\n{_DRAWN}",
            actions=(_BACK,),
            document=Document("memories.svg", drawing.encode()),
        )

    async def _about(self, who: Caller, at: At, graph: Graph) -> View:
        """The newest memories that name somebody or something."""
        node = next((it for it in graph.nodes if it.id == at.draft["node"]), None)
        if node is None:
            return View("Memories", "None of the weightiest names this any more.", actions=(_BACK,))
        heard = await self._owners.heard(who, Selection.read(at.draft))
        found = await self._owners.rooms.recall.shown(heard, node.memory_ids)
        labels = await self._owners.labels({it.personality_id for it in found})
        return View(
            title=f"{line(node.label, 80)}: {_weight(node)}",
            body=_together(node, graph),
            items=tuple(telling.item(it, labels[it.personality_id], own=heard[0]) for it in found),
            actions=(_BACK,),
            item_action="open",
        )


def _chosen(at: At, key: str) -> Step:
    """A memory's page, or first the memories that name what was chosen."""
    if at.step == "nodes" and at.draft["view"] == RELATIONSHIPS:
        return Step("about", {**at.draft, "node": key})
    return one_memory.opened(at.draft, key)


def _other(at: At) -> str:
    return LINKS if at.draft["view"] == RELATIONSHIPS else RELATIONSHIPS


def _item(node: Node, graph: Graph) -> Item:
    told = (_weight(node), _together(node, graph))
    title = (
        f"{node.label} ({_KINDS[node.kind]})" if node.kind is not NodeKind.MEMORY else node.label
    )
    return Item(title, "\n".join(part for part in told if part), key=node.id)


def _weight(node: Node) -> str:
    if node.kind is NodeKind.MEMORY:
        return f"stands out {telling.salience(node.weight)}"
    return f"in {telling.count(round(node.weight), 'memory', 'memories')}"


def _together(node: Node, graph: Graph) -> str:
    """With whom and what it is told together most, or what it is linked with."""
    labels = {it.id: it.label for it in graph.nodes}
    told = [
        _edge(it, labels[it.second_id if it.first_id == node.id else it.first_id])
        for it in graph.edges
        if node.id in (it.first_id, it.second_id)
    ]
    if not told:
        return ""
    more = f", and {len(told) - _NEIGHBORS} more" if len(told) > _NEIGHBORS else ""
    together = "linked with" if node.kind is NodeKind.MEMORY else "most together with"
    return f"{together} {', '.join(told[:_NEIGHBORS])}{more}"


def _edge(edge: Edge, other: str) -> str:
    """The other end: of a link with its words, else with how many memories name both."""
    label = line(other, _LABEL)
    if edge.kinds:
        return f"“{label}” ({one_memory.strength(edge.weight)})"
    return f"{label} ({round(edge.weight):,})"


def _told(graph: Graph) -> str:
    """How much of what there is is shown."""
    left_out = (
        f", the weightiest of {len(graph.nodes) + graph.left_out:,}" if graph.left_out else ""
    )
    return f"{len(graph.nodes):,} of {telling.count(graph.read, 'memory', 'memories')}{left_out}."
