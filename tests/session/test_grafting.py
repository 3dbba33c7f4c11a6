"""Growing a tree of messages: whatever chats come, nothing comes twice and one path is chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats.found import Said
from tzurot.session.chats import grafting
from tzurot.session.chats.grafting import Node, Tree

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@st.composite
def messages(draw: st.DrawFn) -> Said:
    """Few words, so that chats often meet."""
    texts = tuple(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3)))
    chosen = draw(st.integers(0, len(texts) - 1))
    time = draw(st.none() | st.integers(0, 2).map(lambda n: NOON + timedelta(minutes=n)))
    return Said(
        by_person=draw(st.booleans()),
        name=draw(st.sampled_from(["Ada", "Lilith"])),
        text=texts[chosen],
        alternatives=texts if len(texts) > 1 else (),
        chosen=chosen if len(texts) > 1 else 0,
        time=time,
        source=draw(st.sampled_from([b"", b"{}"])),
    )


chats = st.lists(messages(), max_size=6)


def grow(tree: Tree, chat: Sequence[Said]) -> grafting.Growth:
    """Let a chat grow, and have it stored."""
    growth = grafting.grow(tree, chat, NOON)
    for node in everything(tree.root):
        node.new = node.has_new_source = False
    return growth


def everything(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from everything(child)


def chosen_path(tree: Tree) -> list[str]:
    path: list[str] = []
    at = tree.root
    while chosen := [child for child in at.children if child.chosen]:
        (at,) = chosen
        path.append(at.text)
    assert at is tree.head
    return path


@given(st.lists(chats, max_size=4))
def test_one_path_is_chosen_and_ends_at_the_head(coming: Sequence[Sequence[Said]]) -> None:
    tree = Tree.empty()
    for chat in coming:
        grow(tree, chat)
        chosen_path(tree)
        for node in [tree.root, *everything(tree.root)]:
            assert sum(child.chosen for child in node.children) <= 1


@given(chats)
def test_the_same_chat_again_brings_nothing(chat: Sequence[Said]) -> None:
    tree = Tree.empty()
    first = grow(tree, chat)
    again = grafting.grow(tree, chat, NOON + timedelta(days=1))
    assert (again.new_messages, list(again.planted), list(again.changed)) == (0, [], [])
    assert list(again.path) == list(first.path)
    assert chosen_path(tree) == [said.text for said in chat]


@given(chats, chats)
def test_a_longer_export_is_the_chosen_path(chat: Sequence[Said], more: Sequence[Said]) -> None:
    tree = Tree.empty()
    grow(tree, chat)
    growth = grow(tree, [*chat, *more])
    assert len(growth.path) == len(chat) + len(more)
    assert chosen_path(tree) == [said.text for said in [*chat, *more]]


@given(chats.filter(bool), st.lists(messages(), min_size=1, max_size=3))
def test_a_branch_leaves_the_chosen_path_as_it_is(
    chat: Sequence[Said], branch: Sequence[Said]
) -> None:
    tree = Tree.empty()
    grow(tree, chat)
    before = chosen_path(tree)
    strange = [replace(said, name="Kael") for said in branch]
    grow(tree, [*chat[:-1], *strange])
    assert chosen_path(tree) == before


@given(chats)
def test_new_messages_come_after_those_they_follow(chat: Sequence[Said]) -> None:
    tree = Tree.empty()
    seen = {tree.root}
    for node in grow(tree, chat).planted:
        assert node.parent in seen
        seen.add(node)
