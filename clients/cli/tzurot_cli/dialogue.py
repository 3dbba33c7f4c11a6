"""A flow on a terminal: what it shows, what to choose, what it asks, until it has ended.

It knows no flow and no rule: read `Dialogue.hold`.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tzurot_cli import answering, handing, views
from tzurot_cli.answering import HAS_GONE_ON, ITEM
from tzurot_cli.asking import Form, Unusable, typed
from tzurot_cli.background import Background
from tzurot_cli.console import clean, one_line
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Handed
from tzurot_cli.views import Pick
from tzurot_client import Client, InvalidArgument, TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.flow.v1 import (
    CompleteFlowArgumentRequest,
    Flow,
    FlowAction,
    FlowArgument,
    FlowDocument,
    FlowField,
    FlowState,
    FlowView,
    ListFlowKindsRequest,
)
from tzurot_client.gen.tzurot.session.v1 import Place

_GONE_ON = "It went on elsewhere in the meantime: this is how it stands."
_KEPT = "What you entered is offered again."


class Dialogue:
    """One person at one flow. Everything that waits for them may raise EOFError.

    Raises:
        TzurotError: a call failed.
        EOFError, KeyboardInterrupt: the person leaves; `flow` stays open.
    """

    def __init__(self, background: Background, client: Client, out: Console) -> None:
        self._background = background
        self._client = client
        self._out = out
        self._form = Form(out, self._upload)
        self._unsent: dict[str, list[str]] = {}
        self.flow = Flow()
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # pyright: ignore[reportUnusedImport] # gives `input` line editing

    def begin(self, path: str, arguments: Mapping[str, str], place: Place | None = None) -> None:
        """Begin a flow, after asking what it needs and was not given."""
        given = dict(arguments)
        for argument in self._needed(path):
            if argument.key not in given:
                given[argument.key] = self._form.ask(self._as_field(path, argument))[0]
        self.flow = self._background.run(answering.begin(self._client, path, given, place))

    def resume(self, flow_id: str) -> None:
        """Go on with a flow."""
        self.flow = self._background.run(answering.read(self._client, flow_id))

    def hold(self) -> None:
        """Show and ask, until the flow can't be answered any more."""
        while True:
            if self.flow.state == FlowState.WORKING:
                self._follow()
            view = self.flow.view or FlowView()
            own = _saving(view)
            views.draw(self._out, self.flow, views.numbered, own)
            choices = views.picks(view)
            if self.flow.state != FlowState.OPEN or not choices:
                return
            pick = self._choose([*choices, *own])
            if pick in own and view.document:
                self._save(view.document)
                continue
            self._submit(pick, {ITEM: [pick.item]} if pick.item else self._answers(pick))

    def _choose(self, choices: list[Pick]) -> Pick:
        while True:
            word = typed(self._out, "choose:")
            if word.isdecimal() and 1 <= int(word) <= len(choices):
                return choices[int(word) - 1]
            for pick in choices:
                names = (pick.action.key.casefold(), pick.action.label.casefold())
                if not pick.item and word and word.casefold() in names:
                    return pick
            there_is = f"There is no {one_line(word, 40)}: choose" if word else "Choose"
            self._tell(f"{there_is} by number or name; Ctrl-D leaves.")

    def _save(self, document: FlowDocument) -> None:
        """Write a file where the person says."""
        path = typed(self._out, f"where to [{one_line(document.name)}]:")
        try:
            written = handing.write(
                Handed(Path(document.name).name, document.content), path or None
            )
        except CommandFailed as failed:
            self._tell(failed.sentence, "red")
        else:
            self._tell(f"{one_line(written)} is written.")

    def _answers(self, pick: Pick) -> dict[str, list[str]]:
        fields = {field.key: field for field in (self.flow.view or FlowView()).fields}
        asked = [fields[key] for key in pick.action.asks if key in fields]
        for field in asked:
            field.values = self._unsent.get(field.key, field.values)
        self._form.explain(asked)
        answers = {field.key: self._form.ask(field) for field in asked}
        self._unsent = dict(answers)
        return answers

    def _submit(self, pick: Pick, answers: dict[str, list[str]]) -> None:
        """Send an answer; what can't be taken like this is told, and asked again."""
        try:
            answered = answering.submit(self._client, self.flow, pick.action.key, answers)
            self.flow = self._background.run(answered)
            self._unsent = {}
        except TzurotError as error:
            if error.reason in HAS_GONE_ON:
                self._tell(f"{_GONE_ON} {_KEPT}" if self._unsent else _GONE_ON, "yellow")
            elif isinstance(error, InvalidArgument):
                self._tell(error.message, "red")
            else:
                raise
            self.resume(self.flow.id)

    def _follow(self) -> None:
        with views.progress() as tell:
            following = answering.followed(self._client, self.flow, tell)
            self.flow = self._background.run(following)

    def _upload(self, handed: Handed) -> str:
        try:
            return self._background.run(answering.upload(self._client, self.flow.id, handed))
        except TzurotError as error:
            if error.reason == ErrorReason.FILE_UNREADABLE or isinstance(error, InvalidArgument):
                raise Unusable(error.message) from error
            raise

    def _needed(self, path: str) -> list[FlowArgument]:
        listed = self._background.run(self._client.flow.list_flow_kinds(ListFlowKindsRequest()))
        found = next((kind for kind in listed.kinds if kind.path == path), None)
        return [it for it in found.arguments if it.required] if found else []

    def _as_field(self, path: str, argument: FlowArgument) -> FlowField:
        """An argument as a field; what the server offers for it is told first."""
        if argument.completes and not argument.choices:
            self._offer(path, argument)
        return FlowField(
            key=argument.key,
            label=argument.key,
            description=argument.summary,
            kind=argument.kind,
            choices=argument.choices,
            required=True,
        )

    def _offer(self, path: str, argument: FlowArgument) -> None:
        request = CompleteFlowArgumentRequest(path=path, key=argument.key)
        offered = self._background.run(self._client.flow.complete_flow_argument(request)).choices
        if offered:
            names = ", ".join(one_line(choice.value, 40) for choice in offered)
            self._tell(f"Such as {names}.")

    def _tell(self, sentence: str, style: str = "dim") -> None:
        self._out.print(Text(clean(sentence), style=style))


def _saving(view: FlowView) -> list[Pick]:
    """What is offered for a file that goes with a view."""
    if view.document is None:
        return []
    return [Pick(FlowAction(key="save-file", label=f"Save {one_line(view.document.name)}"))]
