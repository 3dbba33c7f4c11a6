"""Screens and forms of any view, hostile ones too: within Discord's limits, and nothing lost."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.discord.oracle import Oracle
from tests.fakes.discord.rules import breaches, nested
from tests.fakes.discord.wire import Json
from tzurot_bots.wholes import whole
from tzurot_client.gen.tzurot.flow.v1 import (
    Choice,
    Flow,
    FlowAction,
    FlowActionStyle,
    FlowField,
    FlowItem,
    FlowProgress,
    FlowState,
    FlowView,
    ValueKind,
)
from tzurot_discord import forms
from tzurot_discord.controls import SHOW_ALL
from tzurot_discord.custom_ids import Control, CustomIds, Step, Verb
from tzurot_discord.markup import fit
from tzurot_discord.screens import Screen, draw

ORACLE = Oracle.load()
IDS = CustomIds("a-bot-token")
FLOW_ID = "01997e00-0000-7000-8000-000000000001"
BUTTON, SELECT = 2, 3

NASTY = (
    "",
    "   \n\t ",
    "\u200b",
    "\u202e\u0627\u0644\u0639\u0631\u0628\u064a\u0629",  # right to left
    "Z\u0351\u0352\u0353\u0354a\u0351\u0352\u0353\u0354lgo" * 40,
    "👩‍👩‍👧‍👦" * 60,
    "*_~|>#`-\\[a](b)",
    "**" * 300,
    "`" * 301,
    "```py\nfence",
    "@everyone @here <@1> <@&2> <#3> <t:1:R> <:a:1>",
    "# " * 200 + "\n> quoted\n-# small",
    "\x00\x07\r\n",
    "https://example.com/a_b?c=*d*",
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.sampled_from([piece * 100 for piece in ("word ", "*_~ ", "x", "a\nb\n")]),
)
long_texts = texts | st.sampled_from(
    [(piece * 200_000)[:size] for piece in ("word ", "*_~ ", "x") for size in (5_000, 200_000)]
)
item_texts = texts | st.sampled_from([(piece * 5_000)[:5_000] for piece in ("word ", "*_~ ", "x")])
keys = st.one_of(st.from_regex(r"[a-z_]{1,64}", fullmatch=True), st.text(min_size=1, max_size=64))
short_values = st.one_of(st.text(max_size=100), st.just("v" * 100), st.just(""))


def lists_of(
    one: st.SearchStrategy[Any], most: int, by: Callable[[Any], Any] | None = None
) -> st.SearchStrategy[list[Any]]:
    """Lists of few things, or of as many as there may be."""
    sizes = st.sampled_from(((0, 3), (most, most)))
    return sizes.flatmap(
        lambda size: st.lists(one, min_size=size[0], max_size=size[1], unique_by=by)
    )


choices = st.builds(Choice, value=short_values, label=texts, description=texts)
fields = st.builds(
    FlowField,
    key=keys,
    label=texts,
    description=texts,
    kind=st.sampled_from(list(ValueKind)),
    values=st.lists(long_texts, max_size=2),
    choices=st.lists(choices, max_size=25),
    required=st.booleans(),
    max_length=st.sampled_from((-1, 0, 1, 80, 4000, 200_000)),
    error=texts,
)
items = st.builds(FlowItem, key=st.one_of(st.just(""), keys), title=texts, text=item_texts)


@st.composite
def flows(draw_: st.DrawFn) -> Flow:
    asked = draw_(st.lists(fields, max_size=5, unique_by=lambda field: field.key))
    asks = (
        st.lists(st.sampled_from([f.key for f in asked]), max_size=5, unique=True)
        if asked
        else st.just([])
    )
    action = st.builds(
        FlowAction, key=keys, label=texts, style=st.sampled_from(list(FlowActionStyle)), asks=asks
    )
    progress = st.builds(
        FlowProgress,
        label=texts,
        done_count=st.integers(-5, 2**31 - 1),
        total_count=st.integers(-5, 2**31 - 1),
    )
    view = FlowView(
        title=draw_(texts),
        body=draw_(long_texts),
        fields=asked,
        items=draw_(lists_of(items, 60)),
        actions=draw_(lists_of(action, 30)),
        item_action=draw_(st.one_of(st.just(""), keys)),
        progress=draw_(st.one_of(st.none(), progress)),
        notice=draw_(texts),
    )
    etag = draw_(st.from_regex(r"[!-~]{1,20}", fullmatch=True))
    state = draw_(st.sampled_from(list(FlowState)))
    return Flow(id=FLOW_ID, etag=etag, path="a b", state=state, view=view)


def wrong(kind: int, data: Json) -> list[str]:
    """What Discord has against this as the first response to an interaction."""
    body: Json = {"type": kind, "data": data}
    found = ORACLE.match("POST", "/interactions/1/token/callback")
    assert found
    faults = ORACLE.request_faults(found[0], {}, body)
    return faults or breaches("create_interaction_response", body, {})


async def as_message(screen: Screen) -> Json:
    return {
        "embeds": [embed.to_dict() for embed in screen.embeds],
        "components": screen.view().to_components(),
    }


def offers(message: Json) -> Iterator[tuple[str, str, Control]]:
    """The kind, label and meaning of everything that can be chosen."""
    for one in nested(message["components"]):
        control = IDS.read(one["custom_id"]) if "custom_id" in one else None
        if one["type"] == BUTTON:
            assert control
            yield "button", one["label"], control
        for option in one.get("options", ()):
            step = Step.parse(option["value"])
            assert control and step
            yield "option", option["label"], Control(control.flow_id, control.etag, step)


@settings(max_examples=40)
@given(flow=flows(), notice=texts)
def test_any_view_makes_a_message_that_discord_takes(flow: Flow, notice: str) -> None:
    screen = asyncio.run(_drawn(flow, notice))

    assert wrong(4, screen) == []
    assert all(control.etag == flow.etag for _, _, control in offers(screen))


@settings(max_examples=40)
@given(flow=flows())
def test_everything_of_a_view_can_be_reached(flow: Flow) -> None:
    view = flow.view
    assert view is not None
    screen = asyncio.run(_drawn(flow))
    found = list(offers(screen))
    steps = {(control.step.verb, control.step.position) for _, _, control in found}

    if flow.state in (FlowState.OPEN, FlowState.WORKING):
        for place, action in enumerate(view.actions):
            verb = Verb.ASK if action.asks else Verb.TAKE
            assert (verb, place) in steps or action.key == view.item_action
        for place, item in enumerate(view.items):
            assert (Verb.ITEM, place) in steps or not (item.key and view.item_action)
    if not any(label == SHOW_ALL for _, label, _ in found):
        shown = "\n".join(embed.get("description", "") for embed in screen["embeds"])
        items = [text for item in view.items for text in (item.title, item.text)]
        for text in (view.body, view.notice, *items):
            assert " ".join(fit(text, 10**6)[0].split()) in " ".join(shown.split())


@settings(max_examples=25)
@given(flow=flows())
def test_any_form_is_one_that_discord_takes(flow: Flow) -> None:
    view = flow.view
    assert view is not None
    for place, action in enumerate(view.actions[:2]):
        if forms.is_drawable(flow, action):
            step = Step(Verb.ASK, place, action.key)
            assert wrong(9, asyncio.run(_form(flow, step, action))) == []
            warned = asyncio.run(_warned(flow, step, action))
            assert not forms.too_long(forms.asked(flow, action)) or wrong(4, warned) == []


@given(flow=flows())
@settings(max_examples=20)
def test_the_whole_is_whole(flow: Flow) -> None:
    text = whole(flow)

    view = flow.view
    assert view is not None
    for part in (view.title, view.body, view.notice, *(item.text for item in view.items)):
        assert part.strip() in text
    for field in view.fields:
        assert all(value in text for value in field.values)


@given(
    step=st.builds(Step, st.sampled_from(list(Verb)), st.integers(0, 9999), keys),
    etag=st.from_regex(r"[!-~]{1,20}", fullmatch=True),
)
def test_a_custom_id_says_what_it_was_written_with(step: Step, etag: str) -> None:
    control = Control(FLOW_ID, etag, step)
    written = IDS.write(control)

    assert len(written) <= 100
    read = IDS.read(written)
    assert read
    assert (read.flow_id, read.etag) == (FLOW_ID, etag)
    assert (read.step.verb, read.step.position) == (step.verb, step.position)
    assert read.step.key in (step.key, "")
    assert CustomIds("another-token").read(written) is None
    assert IDS.read(written[:-1] + ("A" if written[-1] != "A" else "B")) is None


@pytest.mark.parametrize("custom_id", ["", ":", "v1", "v1::::", "v1:x:y:z:w:m", "é:ü"])
def test_what_is_no_custom_id_is_none(custom_id: str) -> None:
    assert IDS.read(custom_id) is None


async def _drawn(flow: Flow, notice: str = "") -> Json:
    return await as_message(draw(flow, IDS, notice))


async def _form(flow: Flow, step: Step, action: FlowAction) -> Json:
    return forms.form(flow, step, action, IDS).to_dict()


async def _warned(flow: Flow, step: Step, action: FlowAction) -> Json:
    return await as_message(forms.warning(flow, step, action, IDS))
