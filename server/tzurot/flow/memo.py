"""What the machine notes beside a kind's draft, in the same column. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from tzurot.flow.kind import Answers, Draft, Step
from tzurot.flow.views import Progress

CLAIM_SECONDS = 20  # that an answer may be worked on; a unary call has 10

INTERRUPTED = "That was interrupted. Look whether it was done before you try again."


@dataclass(frozen=True, slots=True)
class Memo:
    """A flow's memory.

    `entered`, `errors` and `notice` are of the last answer, if it was not taken; `told` is what was
    done, if it was. `claimed_until`:
    somebody's answer is being taken at this moment; past that, its process died. `ending`: why the
    machine itself ended the flow.
    """

    draft: Draft = field(default_factory=dict[str, Any])
    entered: Answers = field(default_factory=dict[str, tuple[str, ...]])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    notice: str = ""
    told: str = ""
    ending: str = ""
    claimed_until: datetime | None = None
    progress: Progress | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """What `written` wrote."""
        until, progress = document.get("claimed_until"), document.get("progress")
        return cls(
            draft=document.get("draft", {}),
            entered={key: tuple(it) for key, it in document.get("entered", {}).items()},
            errors=document.get("errors", {}),
            notice=document.get("notice", ""),
            told=document.get("told", ""),
            ending=document.get("ending", ""),
            claimed_until=datetime.fromisoformat(until) if until else None,
            progress=Progress(*progress) if progress else None,
        )

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        it = self.progress
        document = {
            "draft": dict(self.draft),
            "entered": {key: list(values) for key, values in self.entered.items()},
            "errors": dict(self.errors),
            "notice": self.notice,
            "told": self.told,
            "ending": self.ending,
            "claimed_until": self.claimed_until.isoformat() if self.claimed_until else "",
            "progress": [it.label, it.done, it.total] if it else None,
        }
        return {key: value for key, value in document.items() if value}

    def claimed(self, entered: Answers, now: datetime) -> Self:
        """An answer is about to be taken; should its process die, it is not lost."""
        until = now + timedelta(seconds=CLAIM_SECONDS)
        kept = {**self.entered, **entered}
        return replace(self, entered=kept, notice="", told="", claimed_until=until)

    def refused(self, entered: Answers, errors: Mapping[str, str], notice: str) -> Self:
        """An answer was not taken."""
        kept = {**self.entered, **entered}
        fresh = replace(self, told="", claimed_until=None)
        return replace(fresh, entered=kept, errors=errors, notice=notice)

    def after(self, step: Step, taken: Collection[str]) -> Self:
        """The same step goes on: what waits in other fields than the `taken` ones still waits."""
        return type(self)(
            draft=step.draft,
            notice=step.notice,
            told=step.told,
            entered={key: it for key, it in self.entered.items() if key not in taken},
            errors={key: it for key, it in self.errors.items() if key not in taken},
        )

    def ended(self, ending: str) -> Self:
        """The machine ends the flow; the draft is not needed any more."""
        return type(self)(ending=ending)

    def is_claimed(self, now: datetime) -> bool:
        """Whether an answer is being taken."""
        return self.claimed_until is not None and self.claimed_until > now

    def is_abandoned(self, now: datetime) -> bool:
        """Whether the process died that was taking an answer."""
        return self.claimed_until is not None and self.claimed_until <= now
