"""Whatever people write, what is shown keeps the limits of the contract."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from grpc.aio import AioRpcError
from hypothesis import given
from hypothesis import strategies as st

from tests.calling import Client, request_for
from tests.contract.residents import greeting_of
from tests.flow.dialogue import Dialogue, change, create
from tzurot.flow.kind import Argument
from tzurot.flow.views import Action, Asks, Choice, Field, Item, View, line

FIELDS = (Field("a", "A"), Field("b", "B"))

HOSTILE = (
    "x" * 255,
    "line\nbreak\r\n\ttab\u2028\u2029\x85\x1b[31m \u202e\u2066reversed",
    "**bold** `code` # title @everyone <@123> [x](https://example.org) '; DROP TABLE flows; --"
    " %s {0} ${x} \\",
    "👩‍🚀" * 60,
    " \u00a0\u2003 ",
)


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_a_line_is_one_line_that_fits(text: str, limit: int) -> None:
    cut = line(text, limit)
    assert len(cut) <= limit
    assert len(cut.splitlines()) <= 1
    assert cut == cut.strip()
    assert line(cut, limit) == cut


@given(st.text(), st.text(), st.text())
def test_texts_of_people_fit_wherever_they_stand(title: str, label: str, more: str) -> None:
    choice = Choice("x", label, more)
    assert 0 < len(choice.label) <= 100
    assert len(choice.description) <= 100
    view = View(title, items=(Item(title, more, key="1"),))
    for shown in (view.title, view.items[0].title):
        assert 0 < len(shown) <= 200
        assert len(shown.splitlines()) == 1
    assert view.items[0].text == more


@pytest.mark.parametrize(
    "build",
    [
        lambda: Field("a", "x" * 46),
        lambda: Field("a", ""),
        lambda: Field("", "A"),
        lambda: Field("item", "A"),
        lambda: Field("a", "A", description="x" * 101),
        lambda: Field("a", "A", max_length=0),
        lambda: Field("a", "A", Asks.CHOICE, choices=tuple(Choice(str(n), "") for n in range(26))),
        lambda: Field("a", "A", Asks.CHOICE, choices=(Choice("1", "a"), Choice("1", "b"))),
        lambda: Choice("x" * 101, "A"),
        lambda: Action("a", "x" * 46),
        lambda: Action("", "A"),
        lambda: Action("a", "A", asks=tuple("abcdef")),
        lambda: Argument("a b", "A"),
        lambda: Argument("a", "x" * 101),
        lambda: View("A", fields=(*FIELDS, FIELDS[0])),
        lambda: View("A", items=(Item("A", key="1"), Item("B", key="1"))),
        lambda: View("A", actions=(Action("a", "A"), Action("a", "B"))),
        lambda: View("A", fields=FIELDS, actions=(Action("a", "A", asks=("c",)),)),
        lambda: View("A", actions=(Action("a", "A"),), item_action="a"),
    ],
)
def test_what_breaks_a_limit_cannot_be_built(build: Any) -> None:
    with pytest.raises(ValueError, match="contract of flows"):
        build()


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_view_breaks_a_limit_whatever_people_wrote(text: str, mira: Client) -> None:
    odd = await create(mira, name=text, greeting=text)
    values = dict.fromkeys(("description", "traits", "nickname", "creator", "tone"), text)
    await change(mira, odd.id, **values, tags=[text[:200]])
    await mira.call("Chat", greeting_of(odd.id))
    for words in (text, text * 3):
        memory = request_for("CreateMemory", personality_id=odd.id, text=words)
        await mira.call("CreateMemory", memory)
    alias = request_for("CreatePersonalityAlias", personality={"id": odd.id}, alias=text[:100])
    with suppress(AioRpcError):  # what nobody sees is no name
        await mira.call("CreatePersonalityAlias", alias)
    for path, arguments in (
        ("character edit", {"character": odd.slug}),
        ("character delete", {"character": odd.slug}),
        ("character create", {"name": text}),
        ("character browse", {"whose": "mine"}),
        ("character aliases", {"character": odd.slug}),
        ("character aliases", {}),
        ("character avatar", {"character": odd.slug}),
        ("character clone", {"character": odd.slug}),
        ("character override", {"character": odd.slug}),
        ("character share", {"character": odd.slug, "person": text}),
        ("memory browse", {"character": odd.slug}),
        ("memory search", {"character": odd.slug, "query": text if text.strip() else "x"}),
        ("history browse", {"character": odd.slug}),
        ("history clear", {}),
        ("history clear", {"character": odd.slug}),
        ("history delete", {"character": odd.slug}),
        ("history stats", {"character": odd.slug}),
        ("history undo", {"character": odd.slug}),
        ("note", {"character": odd.slug}),
    ):
        flow = await Dialogue.start(mira, path, **arguments)
        fits(flow.view)
        for item in [it.key for it in flow.view.items if it.key][:1]:
            fits(await flow.answer(flow.view.item_action, item=item))
    for path, key in (
        ("character edit", "character"),
        ("memory browse", "character"),
        ("history clear", "conversation"),
        ("message edit", "message"),
    ):
        typed = request_for("CompleteFlowArgument", path=path, key=key, typed=text[:100])
        for choice in (await mira.call("CompleteFlowArgument", typed)).choices:
            choice_fits(choice)


async def test_hostile_answers_are_stored_as_they_are_or_told(mira: Client) -> None:
    odd = await create(mira)
    edit = await Dialogue.start(mira, "character edit", character=odd.slug)
    for text in HOSTILE:
        await edit.answer("biography", description=text)
        fits(edit.view)
        assert "".join(edit.field("description").values) == text
    for key in ("x" * 64, "__class__", str(uuid4())):
        assert (await edit.refused("biography", **{key: "x"})).reason == "FLOW_ACTION_UNKNOWN"


async def test_the_catalogue_keeps_the_limits_of_commands(mira: Client) -> None:
    kinds = (await mira.call("ListFlowKinds")).kinds
    assert [kind.path for kind in kinds] == sorted(kind.path for kind in kinds)
    for kind in kinds:
        assert len(kind.path.split()) == (1 if kind.path in ("help", "models", "note") else 2)
        assert 0 < len(kind.summary) <= 100
        needed = [argument.required for argument in kind.arguments]
        assert needed == sorted(needed, reverse=True)
        for argument in kind.arguments:
            assert len(argument.choices) <= 25


def fits(view: Any) -> None:
    """The limits that flow.proto states."""
    assert len(view.title.splitlines()) == 1
    assert len({field.key for field in view.fields}) == len(view.fields)
    keys = {field.key for field in view.fields}
    for field in view.fields:
        assert 0 < len(field.label) <= 45
        assert len(field.description) <= 100
        assert len(field.choices) <= 25
        for choice in field.choices:
            choice_fits(choice)
    assert len({action.key for action in view.actions}) == len(view.actions)
    for action in view.actions:
        assert 0 < len(action.label) <= 45
        assert len(action.asks) <= 5
        assert keys.issuperset(action.asks)
    shown = [item.key for item in view.items if item.key]
    assert len(set(shown)) == len(shown)
    for item in view.items:
        assert len(item.title.splitlines()) == 1


def choice_fits(choice: Any) -> None:
    assert 0 < len(choice.value) <= 100
    assert 0 < len(choice.label) <= 100
    assert len(choice.description) <= 100
