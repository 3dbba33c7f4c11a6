"""How a flow is shown: its kind's view, with what the machine knows of it laid over."""

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from tzurot import clock
from tzurot.errors import NotFound, PermissionDenied
from tzurot.flow import answers
from tzurot.flow.answers import Checked
from tzurot.flow.kind import At, Kind
from tzurot.flow.memo import INTERRUPTED, Memo
from tzurot.flow.tables import Flow
from tzurot.flow.views import Action, Progress, State, View, line
from tzurot.transport.subject import Caller

CLOSE = "close"
CHANGED = "This was changed elsewhere in the meantime. Look at it again, then answer again."

_SHOWN = 60  # characters of a value that somebody else wrote meanwhile


@dataclass(frozen=True, slots=True)
class Drawn:
    """A flow, and what its person sees of it now."""

    flow: Flow
    state: State
    view: View

    @property
    def etag(self) -> str:
        """The version and, if there is one, a digest of the view's mark."""
        if not self.view.mark:
            return str(self.flow.version)
        digest = hashlib.blake2s(self.view.mark.encode(), digest_size=4).hexdigest()
        return f"{self.flow.version}.{digest}"


def is_version(etag: str, flow: Flow) -> bool:
    """Whether an etag is of this version of the flow, whatever the view's mark was."""
    return etag.partition(".")[0] == str(flow.version)


async def draw(kind: Kind, who: Caller, flow: Flow) -> Drawn:
    """How `flow` stands. What its person may not see any more has come to its end."""
    now, kept = state(flow), memo(flow)
    if now is State.CLOSED:
        return Drawn(flow, now, View("Closed"))
    if kept.ending:
        return Drawn(flow, now, View("This has ended", kept.ending))
    try:
        view = await kind.view(as_of(who, flow), at(flow))
    except (NotFound, PermissionDenied) as lost:
        if now is not State.WORKING:
            return Drawn(flow, State.DONE, View("This has ended", lost.message))
        view = View("One moment")  # an answer such as a deletion is just being taken
    return Drawn(flow, now, _laid_over(view, now, kept))


def state(flow: Flow) -> State:
    """Whether it can be answered: not while an answer is being taken."""
    return State.WORKING if memo(flow).is_claimed(clock.now()) else State(flow.state)


def memo(flow: Flow) -> Memo:
    """What the machine notes of a flow."""
    return Memo.read(flow.draft)


def at(flow: Flow) -> At:
    """Where a flow stands, for its kind."""
    return At(flow.id, flow.step, memo(flow).draft)


def as_of(who: Caller, flow: Flow) -> Caller:
    """The person, under the persona that the flow was begun with."""
    return replace(who, persona_id=flow.persona_id)


def person_of(flow: Flow) -> Caller:
    """The flow's person, for its job: no token came with it, and no scope."""
    return Caller(flow.person_id, flow.persona_id, flow.subject, frozenset(), UUID(int=0))


def changed(view: View, checked: Checked) -> Checked:
    """Why an answer waits that was given to another state of the world, and what it is now."""
    errors = {
        field.key: f"It now says: {line(' '.join(field.values), _SHOWN) or '(nothing)'}"
        for field in view.fields
        if field.key in checked.answers and field.values != checked.answers[field.key]
    }
    return Checked({}, errors, CHANGED)


def _laid_over(view: View, now: State, kept: Memo) -> View:
    match now:
        case State.OPEN:
            notice = INTERRUPTED if kept.is_abandoned(clock.now()) else kept.notice
            body = "\n\n".join(part for part in (kept.told, view.body) if part)
            view = replace(view, body=body)
            return _closable(answers.overlaid(view, kept.entered, kept.errors, notice))
        case State.WORKING:
            progress = kept.progress or view.progress or Progress("One moment")
            return replace(view.without_actions(), progress=progress)
        case _:
            return replace(view.without_actions(), notice=kept.notice or view.notice)


def _closable(view: View) -> View:
    if any(action.key == CLOSE for action in view.actions):
        return view
    return replace(view, actions=(*view.actions, Action(CLOSE, "Close")))
