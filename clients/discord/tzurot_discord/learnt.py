"""What was learnt of a person, as they are told of it where nobody else reads it.

Each fact is a message of its own with what they can say to it. Its buttons lead to `memory undo`,
whenever they are used: the server decides whose the fact is, and whether it still stands.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui
from discord.utils import escape_markdown

from tzurot_client import Client
from tzurot_client.gen.tzurot.flow.v1 import Flow, FlowActionStyle, FlowView, StartFlowRequest
from tzurot_client.gen.tzurot.session.v1 import FactLearnt
from tzurot_discord import errors, flows
from tzurot_discord.controls import Offer, buttons
from tzurot_discord.custom_ids import Control, CustomIds, Step, Verb
from tzurot_discord.screens import Screen

MOST = 3  # facts that are told one by one
MAX_FACT = 200  # characters of each

_UNDO = Offer(Step(Verb.REVERT), "Undo")
_YES = Offer(Step(Verb.CONFIRM), "Yes, remember", style=FlowActionStyle.PRIMARY)
_NO = Offer(Step(Verb.REVERT), "No")
ACTIONS: Final = {Verb.REVERT: "undo", Verb.CONFIRM: "right"}
"""What each button does in the flow."""

_REMEMBERED = "It is remembered."


def messages(learnt: Sequence[FactLearnt], ids: CustomIds) -> Iterator[tuple[str, ui.View]]:
    """The messages that tell of it."""
    for it in learnt[:MOST]:
        offers = (_YES, _NO) if it.proposed else (_UNDO,)
        yield _line(it), Screen("", [], buttons(Flow(id=it.fact_id), ids, *offers)).view()
    if (left := len(learnt) - MOST) > 0:
        yield errors.MORE_LEARNT.format(count=left), Screen("", [], []).view()


async def decide(control: Control, asked: str, person: Client) -> flows.Shown:
    """Do what a button says; if that can't be done any more, there is only something to say."""
    request = StartFlowRequest(
        path="memory undo", arguments={"fact": control.flow_id}, request_id=asked
    )
    flow, _ = await flows.start(request, (), person)
    view, action = flow.view or FlowView(), ACTIONS[control.step.verb]
    offered = {it.key for it in view.actions}
    if action not in offered:  # a fact that still stands needs no other yes
        return flow, _REMEMBERED if offered & {*ACTIONS.values()} else view.body
    step = Step(Verb.TAKE, 0, action)
    flow, stale = await flows.take(Control(flow.id, flow.etag, step), [], person)
    view = flow.view or FlowView()
    return flow, view.body if stale else view.notice


def _line(fact: FactLearnt) -> str:
    before = f" (before: “{_words(fact.superseded_text)}”)" if fact.superseded_text else ""
    return f"-# {'is this so?' if fact.proposed else 'learnt:'} “{_words(fact.text)}”{before}"


def _words(text: str) -> str:
    return escape_markdown(" ".join(text.split())[:MAX_FACT])
