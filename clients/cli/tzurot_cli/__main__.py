"""`tzurot`: the groups of commands, the options before them, and how a command ends."""

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from tzurot_cli import (
    channel,
    claim,
    conversation,
    deny,
    flow,
    knowledge,
    library,
    lorebook,
    me,
    memory,
    message,
    model,
    operating,
    persona,
    personality,
    preset,
    server,
    setting,
    token,
    turn,
    wallet,
)
from tzurot_cli.chat import chat
from tzurot_cli.console import clean
from tzurot_cli.failing import CommandFailed
from tzurot_cli.helping import help_
from tzurot_cli.profiles import Given

app = typer.Typer(
    name="tzurot",
    help="Talk with characters that remember, and look after them.",
    no_args_is_help=True,
    rich_markup_mode=None,  # usage errors are plain sentences
    pretty_exceptions_enable=False,
)
app.command("chat")(chat)
app.command("help")(help_)
app.add_typer(personality.app, name="personality")
app.add_typer(library.app, name="import")
app.add_typer(lorebook.app, name="lorebook")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(memory.app, name="memory")
app.add_typer(claim.app, name="claim")
app.add_typer(me.app, name="me")
app.add_typer(persona.app, name="persona")
app.add_typer(turn.app, name="turn")
app.add_typer(conversation.app, name="conversation")
app.add_typer(channel.app, name="channel")
app.add_typer(message.app, name="message")
app.add_typer(flow.app, name="flow")
app.add_typer(setting.app, name="setting")
app.add_typer(deny.app, name="deny")
app.add_typer(operating.maintenance_app, name="maintenance")
app.add_typer(operating.age_app, name="age")
app.add_typer(token.app, name="token")
app.add_typer(wallet.app, name="wallet")
app.add_typer(model.app, name="model")
app.add_typer(preset.app, name="preset")
app.add_typer(server.skill_app, name="skill")
app.add_typer(server.server_app, name="server")


@app.callback()
def options(
    context: typer.Context,
    address: Annotated[
        str | None,
        typer.Option(
            envvar="TZUROT_ADDRESS",
            help="host:port of the server. Default: the one that runs here.",
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="TZUROT_TOKEN",
            help="Service token. Default: TZUROT_TOKEN_FILE, the profile, $TZUROT_HOME/token.",
        ),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--as", help="Act for this subject, such as discord:123.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="A table of $XDG_CONFIG_HOME/tzurot/profiles.toml.")
    ] = None,
) -> None:
    """Which server to talk to, and as whom."""
    context.obj = Given(address=address, token=token, subject=subject, profile=profile)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="tzurot")
    except CommandFailed as failed:
        print(clean(failed.sentence), file=sys.stderr)
        sys.exit(failed.code)
    finally:
        _flush()


def _flush() -> None:
    """Write what is left; a reader that has gone is no news."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
