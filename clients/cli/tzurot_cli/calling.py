"""What all commands share: one call or a few of a server, and the options that they take."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

import typer

from tzurot_cli import failing, profiles
from tzurot_cli.failing import CommandFailed
from tzurot_cli.profiles import Given, Target, TargetUnknown
from tzurot_client import Client, TzurotError, connect
from tzurot_client.gen.tzurot.personality.v1 import (
    GetPersonalityRequest,
    Personality,
    PersonalityRef,
)

STARTER = "tzu"  # the slug of the character that every server has from the start
PAGE = 200  # the largest page that a server gives

T = TypeVar("T")
P = TypeVar("P", bound="Page")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
Who = Annotated[str, typer.Option("--personality", "-p", help="Slug or id of the character.")]


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


async def personality(client: Client, name: str) -> Personality:
    """The personality that somebody names by id or slug."""
    request = GetPersonalityRequest(personality=ref(name))
    found = (await client.personality.get_personality(request)).personality
    return found or Personality()


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
