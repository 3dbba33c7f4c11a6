"""What all commands share: one call or a few of a server, and the options that they take."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

import typer

from tzurot_cli import failing, naming, profiles
from tzurot_cli.failing import CommandFailed
from tzurot_cli.profiles import Given, Target, TargetUnknown
from tzurot_client import Client, TzurotError, connect
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import (
    GetPersonalityRequest,
    Personality,
    PersonalityRef,
)

STARTER = "tzu"  # the slug of the character that every server has from the start
_NO_SLUG = (ErrorReason.PERSONALITY_NOT_FOUND, ErrorReason.INVALID_FIELD)  # too long for one
PAGE = 200  # the largest page that a server gives

T = TypeVar("T")
P = TypeVar("P", bound="Page")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
Named = Annotated[str, typer.Argument(metavar="PERSONALITY", help="Slug, id or name.")]
Who = Annotated[str, typer.Option("--personality", "-p", help="Slug, id or name of the character.")]


class Page(Protocol):
    """A response that may have a next page."""

    next_page_token: str


def target(context: typer.Context) -> Target:
    """The server that the options before the command name."""
    given: Given = context.obj
    try:
        return profiles.find(given, os.environ)
    except TargetUnknown as error:
        raise CommandFailed(str(error)) from error


def call(context: typer.Context, work: Callable[[Client], Awaitable[T]]) -> T:
    """Run `work` with a client; what a call raises ends the command with its sentence."""
    server = target(context)

    async def called() -> T:
        async with connected(server) as client:
            return await work(client)

    try:
        return asyncio.run(called())
    except TzurotError as error:
        raise failing.of_call(error, server) from error


def connected(server: Target) -> AbstractAsyncContextManager[Client]:
    """A client of this server."""
    return connect(
        server.address,
        server.token,
        subject=server.subject,
        tls=server.tls,
        insecure=server.insecure,
    )


def ref(personality: str) -> PersonalityRef:
    """A personality as somebody names it: by id or slug."""
    try:
        return PersonalityRef(id=str(UUID(personality)))
    except ValueError:
        return PersonalityRef(slug=personality.removeprefix("@"))


async def personality(client: Client, name: str, *, quiet: bool = False) -> Personality:
    """The personality that somebody names by id or slug, else as the server understands the name.

    What else the name can mean is told on stderr, unless `quiet`.
    """
    request = GetPersonalityRequest(personality=ref(name))
    try:
        found = (await client.personality.get_personality(request)).personality
        return found or Personality()
    except TzurotError as error:
        if error.reason not in _NO_SLUG or not (could := await naming.meant(client, name)):
            raise
    if not quiet:
        naming.tell(name, could)
    return could[0]


async def refer(client: Client, name: str, *, quiet: bool = False) -> PersonalityRef:
    """The same as requests name it."""
    return ref((await personality(client, name, quiet=quiet)).id)


async def collect(
    limit: int, fetch: Callable[[int, str], Awaitable[P]], items: Callable[[P], list[T]]
) -> list[T]:
    """The first `limit` items of a list, over as many pages as it takes."""
    found: list[T] = []
    token = ""
    while True:
        page = await fetch(min(limit - len(found), PAGE), token)
        found += items(page)
        token = page.next_page_token
        if not token or len(found) >= limit:
            return found[:limit]
