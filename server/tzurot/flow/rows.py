"""What is written into a flow's row, and how long it lives from then on."""

from datetime import timedelta
from typing import Any

from tzurot import clock
from tzurot.flow.kind import Step
from tzurot.flow.memo import Memo
from tzurot.flow.views import State

LIFE = timedelta(minutes=15)  # without an answer
WORK_SILENCE = timedelta(hours=2)  # without a word of a flow's job, then it is taken for lost


def going_on(step: Step) -> dict[str, Any]:
    """The columns of a flow that goes on at `step`."""
    memo = Memo(draft=step.draft, notice=step.notice, told=step.told)
    return {"step": step.name, **_columns(memo, step.state)}


def waiting(memo: Memo) -> dict[str, Any]:
    """The columns of a flow that stays where it is, open."""
    return _columns(memo, State.OPEN)


def working(memo: Memo) -> dict[str, Any]:
    """The columns of a flow whose work goes on."""
    return _columns(memo, State.WORKING)


def ended(memo: Memo, sentence: str) -> dict[str, Any]:
    """The columns of a flow that the machine ends."""
    return _columns(memo.ended(sentence), State.DONE)


def _columns(memo: Memo, state: State) -> dict[str, Any]:
    life = WORK_SILENCE if state is State.WORKING else LIFE
    return {
        "draft": memo.written(),
        "state": state.value,
        "expire_time": clock.now() + life,
    }
