"""`tzurot chat`: talk with a character, on a terminal or through a pipe."""

import contextlib
import signal
import sys
import termios
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import Future
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from tzurot_cli import calling, failing, slash, talk, talk_dialogues
from tzurot_cli.background import Background
from tzurot_cli.calling import STARTER, Json, connected, target
from tzurot_cli.console import as_json, clean, console, show_json
from tzurot_cli.failing import FAILED, CommandFailed
from tzurot_cli.profiles import Target
from tzurot_cli.screen import Screen, knowledge_line, learnt_line, paid_line, quoted
from tzurot_cli.talk import Reply, Talk
from tzurot_client import Client, TzurotError, Unauthenticated, Unavailable
from tzurot_client.gen.tzurot.session.v1 import ChatEvent
from tzurot_client.gen.tzurot.wallet.v1 import ListModelsRequest, ListModelsResponse


def chat(  # noqa: PLR0913, PLR0917  one for each option
    context: typer.Context,
    personality: Annotated[
        str, typer.Argument(metavar="[PERSONALITY]", help="Slug, id or name of the character.")
    ] = STARTER,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last conversation.")
    ] = False,
    conversation: Annotated[
        str | None,
        typer.Option(help="Go on with this one, such as an imported chat: its id."),
    ] = None,
    greeting: Annotated[
        int | None,
        typer.Option(
            min=0, max=100, help="Let it greet you with this one: 1 is its first alternate one."
        ),
    ] = None,
    attach: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Say the first line with this picture or text."),
    ] = None,
    json: Json = False,
) -> None:
    """Talk with a character.

    Through a pipe, each line is said and answered. A line that begins with a slash is a command
    (/help lists them).
    """
    server = target(context)
    with Background() as background:
        try:
            client = background.enter(connected(server))
            found = background.run(talk.go_on(client, conversation)) if conversation else None
            if found:
                talking = found
            else:
                who = background.run(calling.personality(client, personality, quiet=json))
                found = background.run(talk.resume(client, who)) if resume else None
                if resume and found is None:
                    console(stderr=True).print("There was no conversation yet: this is a new one.")
                talking = found or background.run(talk.begin(client, who))
            for path in attach or ():
                background.run(talking.attach(path))
            conversing = _Conversing(background, server, talking)
            if json or not (sys.stdin.isatty() and sys.stdout.isatty()):
                code = conversing.through_a_pipe(greeting, json=json)
            else:
                if greeting is None and found is None and talking.personality.greeting:
                    greeting = 0
                conversing.on_a_terminal(client, greeting)
                code = 0
        except TzurotError as error:
            raise failing.of_call(error, server) from error
    raise typer.Exit(code)


class _Conversing:
    """The two loops: a line in, its answer out, until the input ends."""

    def __init__(self, background: Background, server: Target, talking: Talk) -> None:
        self._background = background
        self._server = server
        self._talk = talking
        self._on = ""

    def on_a_terminal(self, client: Client, greeting: int | None) -> None:
        """Prompt, spinner, streamed words; Ctrl-C stops a reply, and at the prompt the talk.

        It begins with a greeting, if there is a number of one.
        """
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  # pyright: ignore[reportUnusedImport] # gives `input` line editing
        signal.signal(signal.SIGTERM, _terminated)
        out = console()
        screen = Screen(out, self._talk.personality.id, self._talk.called)
        with contextlib.suppress(KeyboardInterrupt):
            screen.introduce(self._background.run(_models(client)))
            if greeting is not None:
                self._show(screen, self._talk.greet(greeting))
            while (line := _line(out, self._modes())) is not None:
                if not self._answer(line, client, screen, out):
                    break

    def _answer(self, line: str, client: Client, screen: Screen, out: Console) -> bool:
        try:
            if slash.is_command(line):
                slug = self._talk.personality.slug
                if slash.begins_dialogue(line) and talk_dialogues.hold(
                    line, slug, self._background, client, out
                ):
                    return True
                if events := self._background.run(slash.again(line, self._talk)):
                    self._show(screen, events)
                    return True
                return self._background.run(slash.obey(line, self._talk, out))
            self._show(screen, self._talk.say(line.removeprefix("/") if line[:2] == "//" else line))
        except TzurotError as error:
            screen.tell(failing.of_call(error, self._server).sentence, "red")
        except CommandFailed as failed:
            screen.tell(failed.sentence, "red")
        return True

    def _modes(self) -> str:
        """What is on, as the prompt shows it; as it was last if the server does not say."""
        with contextlib.suppress(TzurotError):
            self._on = ", ".join(self._background.run(self._talk.modes()))
        return self._on

    def _show(self, screen: Screen, events: AsyncIterator[ChatEvent]) -> None:
        """Show a turn to its end; Ctrl-C stops the turn, a second one only the waiting."""
        showing = self._background.start(screen.show(events))
        try:
            with _keys_unseen():
                self._await_or_stop(showing)
        except KeyboardInterrupt:
            screen.tell("(no longer waiting for it)")
        finally:
            showing.cancel()

    def _await_or_stop(self, showing: "Future[None]") -> None:
        try:
            showing.result()
        except KeyboardInterrupt:
            self._background.run(self._talk.stop())
            showing.result()

    def through_a_pipe(self, greeting: int | None, *, json: bool) -> int:
        """Lines in, replies out; the exit code tells whether all were answered."""
        out = console(stderr=json)
        turns: list[dict[str, object]] = []
        code = 0
        for said in _spoken(greeting):
            try:
                words = said.removeprefix("/") if said[:2] == "//" else said
                events = self._background.run(slash.again(said, self._talk))
                if events is None and slash.is_command(said):
                    if not self._background.run(slash.obey(said, self._talk, out)):
                        break
                    continue
                if events is None:
                    events = self._talk.say(words) if words else self._talk.greet(greeting or 0)
                replies = self._background.run(_hear(events))
            except TzurotError as error:
                failed = failing.of_call(error, self._server)
                code = _told(failed, code)
                if isinstance(error, Unavailable | Unauthenticated):
                    break
                continue
            for reply in replies:
                if json:
                    turns.append(_document(words, reply))
                else:
                    _print(reply, by=reply.speaker if len(replies) > 1 else "")
                if reply.failure:
                    code = _told(failing.of_failure(reply.failure), code)
        if json:
            show_json({"personality": as_json(self._talk.personality), "turns": turns})
        return code


async def _models(client: Client) -> ListModelsResponse:
    return await client.wallet.list_models(ListModelsRequest())


async def _hear(events: AsyncIterator[ChatEvent]) -> list[Reply]:
    """What was answered; in a scene by one after another."""
    replies = [Reply()]
    async for event in events:
        if event.started and replies[-1].finished:
            replies.append(Reply())
        replies[-1].take(event)
    return replies


def _print(reply: Reply, by: str) -> None:
    if reply.text:
        print(clean(f"{by}: {reply.text}" if by else reply.text))
    if reply.failure and reply.own_words.strip():
        print(clean(reply.own_words))
    for cited in reply.cited:
        print(f"remembers: {quoted(cited)}")
    if reply.known:
        print(knowledge_line(reply.known))
    for learnt in reply.learnt:
        print(learnt_line(learnt))
    for notice in reply.notices:
        print(f"note: {clean(notice.message)}", file=sys.stderr)
    if paid := paid_line(reply):
        print(paid, file=sys.stderr)
    sys.stdout.flush()


def _document(said: str, reply: Reply) -> dict[str, object]:
    return {
        "turn_id": reply.turn_id,
        "conversation_id": reply.conversation_id,
        "said": said,
        "reply": reply.text,
        "memories": [as_json(cited) for cited in reply.cited],
        "knowledge": [as_json(known) for known in reply.known],
        "learnt": [as_json(learnt) for learnt in reply.learnt],
        "incognito": reply.incognito,
        "notices": [as_json(notice) for notice in reply.notices],
        "finished": as_json(reply.finished) if reply.finished else None,
    }


def _told(failed: CommandFailed, code: int) -> int:
    """Tell a failure; the worse of both codes: what nobody can mend by themselves wins."""
    print(failed.sentence, file=sys.stderr)
    return FAILED if FAILED in (code, failed.code) else failed.code


def _terminated(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # an exception, so that the terminal is left as it was


@contextlib.contextmanager
def _keys_unseen() -> Generator[None]:
    """What is typed while a reply comes in is not mixed into it; the next prompt shows it."""
    before = termios.tcgetattr(sys.stdin)
    silent = termios.tcgetattr(sys.stdin)
    silent[3] &= ~termios.ECHO  # the local modes
    termios.tcsetattr(sys.stdin, termios.TCSANOW, silent)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _spoken(greeting: int | None) -> Iterator[str]:
    """The lines that are said; an empty one first if the character is to greet."""
    if greeting is not None:
        yield ""
    yield from _lines()


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def _line(out: Console, modes: str) -> str | None:
    """The next line that says something; None at the end of the input."""
    who = f"you ({modes}):" if modes else "you:"
    prompt = f"{who} "
    if out.color_system:  # \x01 and \x02 tell readline which characters take no room
        prompt = f"\x01\x1b[1m\x02{who}\x01\x1b[0m\x02 "
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            out.print()
            return None
        except KeyboardInterrupt:
            out.print()
            raise
        if line:
            return line
