"""`tzurot-server`: serve, work, migrate, reindex, rotate keys, create tokens, run beside a home."""

import argparse
import asyncio
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tzurot.config import Settings

EXIT_MENDABLE = 2
CHATTY = ("httpx2", "procrastinate", "alembic", "openai")  # libraries that tell too much


def main() -> None:
    """Run the command line; an error that the operator can mend is one sentence and exit code 2."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what it prints of a taken port, we say
    try:
        from tzurot.errors import StartupError
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is missing: install tzurot[server,local].")
    try:
        sys.exit(_run(_parser().parse_args()))
    except StartupError as error:
        print(f"tzurot-server: {error}", file=sys.stderr)
        sys.exit(EXIT_MENDABLE)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tzurot-server", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve until SIGTERM; see the settings TZUROT_*")
    serve.add_argument("--port", type=int, help="0 takes a free one")
    serve.add_argument(
        "--embedded", action="store_true", help="with the embedded Postgres, whatever is configured"
    )
    serve.add_argument("--for-chat", action="store_true", help=argparse.SUPPRESS)
    commands.add_parser("worker", help="run jobs of TZUROT_DATABASE_URL")
    migrate = commands.add_parser("migrate", help="bring TZUROT_DATABASE_URL to this version")
    migrate.add_argument("revision", nargs="?", default="head")
    reindex = commands.add_parser("reindex", help="fill the search index anew, while all goes on")
    reindex.add_argument(
        "--status", action="store_true", help="tell only how far it and a change of model are"
    )
    commands.add_parser(
        "rotate-keys", help="seal people's keys with a new master key, while all goes on"
    )
    token = commands.add_parser("token", help="service tokens of TZUROT_DATABASE_URL")
    create = token.add_subparsers(dest="action", required=True).add_parser("create")
    create.add_argument("--name", required=True)
    create.add_argument("--scope", action="append", required=True, help="repeatable")
    create.add_argument("--subject", help="who calls when a call names nobody, as local:owner")
    create.add_argument("--acts-for", action="append", default=[], help="as discord:*; repeatable")
    run = commands.add_parser("run", help="run a command against this home's server")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from tzurot import running, serving
    from tzurot.config import Settings
    from tzurot.home import Home

    settings = Settings.load(port=getattr(arguments, "port", None))
    match arguments.command:
        case "serve":
            if arguments.embedded:
                settings.database_url = None
            _log_to(settings, for_chat=arguments.for_chat)
            asyncio.run(serving.serve(settings, for_chat=arguments.for_chat))
        case "worker":
            _log_with(logging.StreamHandler())
            asyncio.run(serving.work(settings))
        case "migrate":
            asyncio.run(serving.migrate(settings, arguments.revision))
        case "reindex":
            if not arguments.status:
                asyncio.run(serving.reindex(settings))
            print(asyncio.run(serving.reindex_status(settings)))
        case "rotate-keys":
            print(asyncio.run(serving.rotate_keys(settings)))
        case "token":
            asyncio.run(_create_token(settings, arguments))
        case _:
            return running.run(arguments.arguments, Home.open(settings.home))
    return 0


async def _create_token(settings: "Settings", arguments: argparse.Namespace) -> None:
    """Create a service token on the database directly, and print its secret once."""
    from tzurot import serving
    from tzurot.account.tokens import ALL_SCOPES, NewToken
    from tzurot.errors import StartupError

    scopes = frozenset(arguments.scope)
    if unknown := scopes - ALL_SCOPES:
        raise StartupError(
            f"There is no scope {sorted(unknown)[0]}; there are {', '.join(sorted(ALL_SCOPES))}."
        )
    new = NewToken(arguments.name, scopes, arguments.subject, tuple(arguments.acts_for))
    async with serving.tokens(settings) as tokens:
        _, secret = await tokens.create(new)
    print(secret)


def _log_to(settings: "Settings", *, for_chat: bool) -> None:
    """A server that somebody watches logs beside its home; all others log to stderr."""
    handler: logging.Handler = logging.StreamHandler()
    if settings.database_url is None and not for_chat:
        from tzurot.home import Home

        path = Home.open(settings.home).log_path
        handler = RotatingFileHandler(path, maxBytes=1024 * 1024, backupCount=1)
    _log_with(handler)


def _log_with(handler: logging.Handler) -> None:
    """What libraries tell at length has addresses and texts in it: it is not for logs."""
    logging.basicConfig(
        level=logging.INFO,
        handlers=[handler],
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
