"""`tzurot flow`: dialogues that the server holds, with a person or one step at a time."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Never

import typer

from tzurot_cli import answering, asking, failing, places, views
from tzurot_cli.answering import HAS_GONE_ON
from tzurot_cli.background import Background
from tzurot_cli.calling import Json, Limit, call, collect, connected, target
from tzurot_cli.console import as_json, clean, console, one_line, show_json, show_table
from tzurot_cli.dialogue import Dialogue
from tzurot_cli.failing import CommandFailed
from tzurot_cli.profiles import Target
from tzurot_client import Client, DeadlineExceeded, TzurotError, Unavailable
from tzurot_client.gen.tzurot.flow.v1 import (
    CompleteFlowArgumentRequest,
    Flow,
    FlowArgument,
    FlowState,
    FlowView,
    ListFlowKindsRequest,
    ListFlowsRequest,
    ValueKind,
)

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it

app = typer.Typer(help="Dialogues: wizards, dashboards, questions.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="FLOW_ID", help="As `flow open` shows it.")]
Words = Annotated[
    list[str],
    typer.Argument(metavar="PATH… [KEY=VALUE…]", help="As `flow list` shows them."),
]


@app.command("list")
def list_kinds(context: typer.Context, json: Json = False) -> None:
    """List the dialogues that can be begun."""
    listed = call(context, lambda client: client.flow.list_flow_kinds(ListFlowKindsRequest()))
    if json:
        show_json({"kinds": [as_json(kind) for kind in listed.kinds]})
        return
    show_table(
        ("path", "takes", "what for"),
        ((kind.path, _takes(kind.arguments), kind.summary) for kind in listed.kinds),
    )


@app.command("open")
def list_open(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """List your dialogues that can be gone on with, newest first, wherever they were begun."""

    async def listed(client: Client) -> list[Flow]:
        return await collect(
            limit,
            lambda size, token: client.flow.list_flows(
                ListFlowsRequest(page_size=size, page_token=token)
            ),
            lambda page: page.flows,
        )

    found = call(context, listed)
    if json:
        show_json({"flows": [as_json(each) for each in found]})
        return
    show_table(
        ("id", "path", "title", "expires"),
        ((f.id, f.path, (f.view or FlowView()).title, f.expire_time) for f in found),
    )


@app.command("run")
def run(
    context: typer.Context,
    words: Words,
    where: Annotated[
        str | None,
        typer.Option("--place", help="Of dialogues about a channel: platform:space/channel."),
    ] = None,
    json: Json = False,
) -> None:
    """Begin a dialogue and hold it; through a pipe or with --json only begin it."""
    path = " ".join(words[: _path_length(words)])
    arguments = dict(_pairs(words[_path_length(words) :]))
    place = places.parsed(where) if where else None
    if json or not is_on_a_terminal():
        _step(context, lambda client: answering.begin(client, path, arguments, place), json=json)
        return
    _hold(context, lambda dialogue: dialogue.begin(path, arguments, place))


@app.command("resume")
def resume(context: typer.Context, flow_id: Id, json: Json = False) -> None:
    """Go on with a dialogue, wherever it was begun."""
    if json or not is_on_a_terminal():
        _step(context, lambda client: answering.read(client, flow_id), json=json)
        return
    _hold(context, lambda dialogue: dialogue.resume(flow_id))


@app.command("show")
def show(context: typer.Context, flow_id: Id, json: Json = False) -> None:
    """Show a dialogue as it stands, and what `flow submit` can do with it."""
    _show(call(context, lambda client: answering.read(client, flow_id)), json=json)


@app.command("submit")
def submit(  # noqa: PLR0913, PLR0917  one for each part of an answer
    context: typer.Context,
    flow_id: Id,
    action: Annotated[str, typer.Argument(help="As `flow show` shows it.")],
    pairs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE…]",
            help="A key may come several times; nothing after = empties it; of a file, its path.",
        ),
    ] = None,
    etag: Annotated[
        str, typer.Option(help="Only if this is still the dialogue's. Default: the present one.")
    ] = "",
    json: Json = False,
) -> None:
    """Take one step of a dialogue, and wait while the server works."""
    entered: dict[str, list[str]] = {}
    for key, value in _pairs(pairs or []):
        entered.setdefault(key, []).extend([value] if value else [])

    async def submitted(client: Client) -> Flow:
        shown = await answering.read(client, flow_id)
        answers = await _with_files(client, shown, entered)
        shown.etag = etag or shown.etag
        try:
            return await answering.submit(client, shown, action, answers)
        except TzurotError as error:
            if error.reason not in HAS_GONE_ON:
                raise
            raise CommandFailed(
                f"{error.message.rstrip('.')}: `tzurot flow show {flow_id}` shows how it stands.",
                reason=error.reason.name or "",
            ) from error

    _step(context, submitted, json=json)


@app.command("complete")
def complete(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help='The dialogue, in quotes: "character edit".')],
    key: Annotated[str, typer.Argument(help="Which of its arguments.")],
    typed: Annotated[str, typer.Argument(help="What the value begins with.")] = "",
    json: Json = False,
) -> None:
    """Show what an argument can be."""
    request = CompleteFlowArgumentRequest(path=path, key=key, typed=typed)
    found = call(context, lambda client: client.flow.complete_flow_argument(request)).choices
    if json:
        show_json({"choices": [as_json(choice) for choice in found]})
        return
    show_table(
        ("value", "name", ""),
        ((choice.value, choice.label, choice.description) for choice in found),
    )


def is_on_a_terminal() -> bool:
    """Whether somebody is there to hold a dialogue with."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def hold(context: typer.Context, path: str, arguments: Mapping[str, str]) -> Never:
    """Begin a dialogue and hold it with the person at the terminal."""
    _hold(context, lambda dialogue: dialogue.begin(path, arguments))


def _hold(context: typer.Context, enter: Callable[[Dialogue], None]) -> Never:
    server = target(context)
    with Background() as background:
        client = background.enter(connected(server))
        dialogue = Dialogue(background, client, console())
        try:
            enter(dialogue)
            dialogue.hold()
            code = 0
        except (EOFError, KeyboardInterrupt) as left:
            console().print()
            code = INTERRUPTED if isinstance(left, KeyboardInterrupt) else 0
        except TzurotError as error:
            raise _failed(error, server, dialogue.flow) from error
        if _goes_on(dialogue.flow):
            typer.echo(clean(_resumable(dialogue.flow, server)))
    raise typer.Exit(code)


def _failed(error: TzurotError, server: Target, flow: Flow) -> CommandFailed:
    """What a call that failed means; if the server was only away, the dialogue is still there."""
    failed = failing.of_call(error, server)
    if isinstance(error, Unavailable | DeadlineExceeded) and _goes_on(flow):
        failed.sentence = f"{failed.sentence}\n{_resumable(flow, server)}"
    return failed


def _goes_on(flow: Flow) -> bool:
    return flow.state in (FlowState.OPEN, FlowState.WORKING)


def _resumable(flow: Flow, server: Target) -> str:
    whose = f" --as {server.subject}" if server.subject else ""
    return f"The dialogue stays open: go on with `tzurot{whose} flow resume {flow.id}`."


def _step(context: typer.Context, take: Callable[[Client], Awaitable[Flow]], *, json: bool) -> None:
    """One step for a script: what comes of it once the server no longer works."""

    async def taken(client: Client) -> Flow:
        flow = await take(client)
        with views.progress() as tell:
            return await answering.followed(client, flow, tell)

    _show(call(context, taken), json=json)


def _show(flow: Flow, *, json: bool) -> None:
    if json:
        show_json({"flow": as_json(flow)})
        return
    out = console()
    views.draw(out, flow, views.keyed)
    if flow.state == FlowState.OPEN:
        out.print(f"Answer with `tzurot flow submit {one_line(flow.id)} …`.", soft_wrap=True)


async def _with_files(
    client: Client, flow: Flow, entered: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """The answers, each path of a file handed over and replaced by the file's id."""
    fields = (flow.view or FlowView()).fields
    if secret := [it.key for it in fields if it.kind == ValueKind.SECRET and it.key in entered]:
        raise CommandFailed(
            f"`{secret[0]}` is secret, so it is no argument: go on with"
            f" `tzurot flow resume {one_line(flow.id)}` on a terminal."
        )
    of_files = {field.key for field in fields if field.kind == ValueKind.FILE}
    answers = dict(entered)
    for key in of_files & entered.keys():
        paths = entered[key]
        answers[key] = [
            await answering.upload(client, flow.id, asking.taken(path)) for path in paths
        ]
    return answers


def _path_length(words: list[str]) -> int:
    return next((at for at, word in enumerate(words) if "=" in word), len(words))


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    pairs = [word.partition("=") for word in words]
    for key, equals, _ in pairs:
        if not (key and equals):
            raise CommandFailed(f"`{key}{equals}` is no KEY=VALUE.")
    return [(key, value) for key, _, value in pairs]


def _takes(arguments: list[FlowArgument]) -> str:
    return " ".join(f"{it.key}=…" if it.required else f"[{it.key}=…]" for it in arguments)
