"""Goes through the server's flows with a person: begins them, answers them, follows their work.

It knows no flow. The server holds each of them; a screen carries all that is needed to go on.
"""

import asyncio
from collections.abc import Iterable

from tzurot_bots.working import Work
from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.flow.v1 import (
    Flow,
    FlowAction,
    FlowAnswer,
    FlowState,
    FlowView,
    GetFlowRequest,
    StartFlowRequest,
    SubmitFlowRequest,
    ValueKind,
)
from tzurot_discord import errors
from tzurot_discord.controls import REFRESH, Offer, buttons
from tzurot_discord.custom_ids import Control, CustomIds, Step, Verb
from tzurot_discord.display import Display
from tzurot_discord.files import carry
from tzurot_discord.forms import asked
from tzurot_discord.inputs import Attachment
from tzurot_discord.outgoing import refusals_logged
from tzurot_discord.screens import draw

INTERVAL = 1.5  # seconds between two edits of a flow at work

Shown = tuple[Flow, str]
"""A flow to show, and what to say above it."""


class Flows:
    """The flows of this bot's people."""

    def __init__(self, ids: CustomIds) -> None:
        self.ids = ids
        self._following: dict[str, Display] = {}

    async def show(self, shown: Shown, display: Display, person: Client) -> None:
        """Show the flow; while the server works on it, how far it is, and then the result."""
        flow, notice = shown
        await self._draw(flow, display, notice)
        if flow.state is FlowState.WORKING:
            await self._follow(flow, display, person)

    async def _draw(self, flow: Flow, display: Display, notice: str = "") -> None:
        late = buttons(flow, self.ids, Offer(Step(Verb.REDRAW), REFRESH))
        await display.show(draw(flow, self.ids, notice), late)

    async def _follow(self, flow: Flow, display: Display, person: Client) -> None:
        """Edit what is shown until the server has done its work.

        Whoever looks anew gets the news from then on, here and in no second place.
        """
        self._following[flow.id] = display
        work = Work(flow)
        following = asyncio.create_task(work.follow(person))
        try:
            while not following.done():
                await asyncio.wait({following}, timeout=INTERVAL)
                if self._following.get(flow.id) is not display:
                    return
                if not following.done() and work.flow is not flow:
                    flow = work.flow
                    with refusals_logged():
                        await display.update(draw(flow, self.ids))
            following.result()
            await self._draw(work.flow, display)
        finally:
            following.cancel()
            if self._following.get(flow.id) is display:
                del self._following[flow.id]


async def start(request: StartFlowRequest, files: Iterable[Attachment], person: Client) -> Shown:
    """Begin a flow and hand it the files that came with the command."""
    flow = _told((await person.flow.start_flow(request)).flow)
    for file in files:
        action = _taking_a_file(flow)
        if action is None:
            return flow, errors.FILE_NOT_TAKEN
        answer = FlowAnswer(key=action.asks[0], values=[await carry(file, flow.id, person)])
        flow = await _submit(flow, action.key, [answer], person)
    return flow, ""


async def current(flow_id: str, person: Client, *, seconds: float | None = None) -> Flow:
    """The flow as it stands."""
    request = GetFlowRequest(flow_id=flow_id)
    return _told((await person.flow.get_flow(request, timeout=seconds)).flow)


async def take(control: Control, answers: list[FlowAnswer], person: Client) -> Shown:
    """Take an action of a flow; if it is no longer as it was drawn, show how it stands."""
    key = control.step.key
    if not key:
        flow = await current(control.flow_id, person)
        action = action_of(flow, control)
        if action is None:
            return flow, errors.CHANGED
        key = action.key
    return await _take(control, key, answers, person)


async def choose(control: Control, item: Step, person: Client) -> Shown:
    """Choose an item of a flow's list; as `take`."""
    action, key = control.step.key, item.key
    if not (action and key):
        flow = await current(control.flow_id, person)
        view = flow.view or FlowView()
        if flow.etag != control.etag or item.position >= len(view.items):
            return flow, errors.CHANGED
        action, key = view.item_action, view.items[item.position].key
    return await _take(control, action, [FlowAnswer(key="item", values=[key])], person)


def action_of(flow: Flow, control: Control) -> FlowAction | None:
    """The action that a control stands for; without a key only while the flow is as drawn."""
    actions = (flow.view or FlowView()).actions
    step = control.step
    if step.key:
        return next((action for action in actions if action.key == step.key), None)
    return actions[step.position] if flow.etag == control.etag else None


async def _take(control: Control, action: str, answers: list[FlowAnswer], person: Client) -> Shown:
    drawn = Flow(id=control.flow_id, etag=control.etag)
    try:
        return await _submit(drawn, action, answers, person), ""
    except TzurotError as refused:
        if refused.reason not in errors.STALE:
            raise
        return await current(control.flow_id, person), errors.sentence_for(refused)


async def _submit(flow: Flow, action: str, answers: list[FlowAnswer], person: Client) -> Flow:
    request = SubmitFlowRequest(flow_id=flow.id, etag=flow.etag, action=action, answers=answers)
    return _told((await person.flow.submit_flow(request)).flow)


def _taking_a_file(flow: Flow) -> FlowAction | None:
    """The first action that asks one file and nothing else."""
    for action in (flow.view or FlowView()).actions:
        if [field.kind for field in asked(flow, action)] == [ValueKind.FILE]:
            return action
    return None


def _told(flow: Flow | None) -> Flow:
    if flow is None:
        raise ValueError("the server has told of no flow")
    return flow
