"""How a server lives: its database, its home, its token, until SIGTERM and the drain.

With `TZUROT_DATABASE_URL` it refuses to serve a database behind the code's revision, and jobs are a
worker's business. Without it the embedded Postgres starts, migrates, and jobs run in this process.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tzurot.account.subjects import OWNER
from tzurot.account.tokens import ALL_SCOPES, NewToken, Tokens
from tzurot.config import Settings
from tzurot.errors import StartupError, TokenInvalid
from tzurot.home import Home
from tzurot.personality import starter
from tzurot.storage import embedded, schema
from tzurot.storage.keeping import OnLoss
from tzurot.transport import server
from tzurot.transport.server import Binding
from tzurot.wiring.finding import progress
from tzurot.wiring.parts import Parts, build

log = logging.getLogger(__name__)

_UNTIL_COLLECTED = 5_000  # new objects; Python's default of 700 is two or three times in a recall


async def serve(settings: Settings, *, for_chat: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; then no new turns, and running ones get their time.

    Raises:
        StartupError: what the operator has to mend first, or the embedded Postgres is lost.
    """
    stopping = _stop_signal()
    async with _until_lost(stopping) as on_loss, AsyncExitStack() as stack:
        home: Home | None = None
        if settings.database_url is None:
            home = Home.open(settings.home)
            stack.enter_context(home.lock())
            url = await stack.enter_async_context(
                embedded.start(home.postgres_folder, on_loss=on_loss)
            )
            with _telling():
                await schema.migrate(url)
        else:
            url = database_url(settings)
            await _require_ready(url)
        parts = await stack.enter_async_context(build(settings, url))
        if home:
            await starter.ensure(parts.database)
            await owner_token(home, parts.tokens)
            await stack.enter_async_context(parts.jobs.working())
        await stack.enter_async_context(parts.leases.held(alone=home is not None))
        listening = await stack.enter_async_context(
            server.serve(parts.services, parts.tokens.authenticate, _binding(settings))
        )
        warming = asyncio.create_task(_warm(parts))
        stack.push_async_callback(_ended, warming)
        if home:
            home.announce(listening.address, for_chat=for_chat)
        log.info("serving on %s", listening.address)
        _say(listening.address, home)
        await stopping.wait()
        if home:
            home.retract()
        await listening.drain()
        await parts.delivery.drain(settings.drain_seconds)


async def _warm(parts: Parts) -> None:
    """Load what the first turn would wait for; then garbage is no longer looked for in it all.

    What stays for good are some 360,000 objects: each full collection looked at them for 200 ms, in
    which nobody was answered.
    """
    await parts.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_UNTIL_COLLECTED, *gc.get_threshold()[1:])


async def work(settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT."""
    stopping = _stop_signal()
    url = database_url(settings)
    await _require_ready(url)
    async with build(settings, url) as parts, parts.jobs.working():
        log.info("working")
        await stopping.wait()


async def migrate(settings: Settings, revision: str) -> None:
    """Bring the configured database to a revision.

    Raises:
        StartupError: it cannot be reached, does not let us, or there is no such revision.
    """
    with _telling():
        await schema.migrate(database_url(settings), revision)


@asynccontextmanager
async def tokens(settings: Settings) -> AsyncGenerator[Tokens]:
    """The service tokens of the configured database, for whoever may reach it."""
    from tzurot.storage.database import Database

    url = database_url(settings)
    await _require_ready(url)
    async with Database.open(url) as database:
        yield Tokens(database)


async def reindex(settings: Settings) -> None:
    """Have the search index filled anew with all memories, by whoever runs jobs.

    Raises:
        StartupError: there is no index beside the database.
    """
    from tzurot.memory.index import reindexing
    from tzurot.storage.database import Database

    if settings.weaviate_url is None:
        raise StartupError(
            "There is no index to fill: without TZUROT_WEAVIATE_URL the database itself searches."
        )
    url = database_url(settings)
    await _require_ready(url)
    async with Database.open(url) as database:
        await reindexing.begin_anew(database)


async def reindex_status(settings: Settings) -> str:
    """How far the search index and the model that reads memories have got, in sentences."""
    from tzurot.storage.database import Database

    url = database_url(settings)
    await _require_ready(url)
    async with Database.open(url) as database:
        reached = await progress(database, settings)
    said = [f"Memories are searched by {reached.engine} and read by {reached.model}."]
    if not reached.is_index_complete:
        said.append("The index is being filled; until it is complete, the database searches.")
    if reached.next_model:
        said.append(
            f"{reached.next_model} takes over when it has read all: {reached.unread_count} to go."
        )
    return "\n".join(said)


async def rotate_keys(settings: Settings) -> str:
    """Rotate the master keys, whoever serves meanwhile; what to tell the operator.

    Raises:
        StartupError: the database or the master keys can't be used.
    """
    from tzurot.storage.database import Database
    from tzurot.wiring import sealing

    async with _reached(settings) as url:
        await _require_ready(url)
        async with Database.open(url) as database:
            return await sealing.rotate(settings, database)


@asynccontextmanager
async def _reached(settings: Settings) -> AsyncGenerator[str]:
    """The configured database, else the home's."""
    if settings.database_url is not None:
        yield database_url(settings)
        return
    async with embedded.joined(Home.open(settings.home).postgres_folder) as url:
        yield url


def database_url(settings: Settings) -> str:
    """The configured database, as SQLAlchemy names its driver.

    Raises:
        StartupError: none is configured, or what is configured is no address.
    """
    if settings.database_url is None:
        raise StartupError("Set TZUROT_DATABASE_URL to the database that this is about.")
    scheme, _, rest = settings.database_url.get_secret_value().partition("://")
    url = f"postgresql+psycopg://{rest}"
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        rest = ""
    if not rest or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise StartupError("TZUROT_DATABASE_URL is no address of the form postgresql://….")
    return url


async def _require_ready(url: str) -> None:
    with _telling():
        await schema.require_head(url)


@contextmanager
def _telling() -> Generator[None]:
    """What the database answers to an operator, in one sentence."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0].rstrip(".")
        raise StartupError(f"The database cannot be used: {reason}.") from None
    except CommandError as error:  # of Alembic
        raise StartupError(
            f"This release does not know a revision that it found or was given: {error}. Data of a"
            " newer release needs that one."
        ) from None


async def owner_token(home: Home, tokens: Tokens) -> None:
    """Whoever can read the home's token file may do everything; made anew if it may not."""
    if home.token_path.exists():
        try:
            owner = await tokens.authenticate(home.token_path.read_text().strip(), None)
        except TokenInvalid:
            log.warning("the token in %s belongs to another database", home.token_path)
        else:
            if owner.scopes >= ALL_SCOPES:
                return
            log.info("the token in %s is of a release with fewer scopes", home.token_path)
    new = NewToken("owner of this home", ALL_SCOPES, subject=OWNER, acts_for=("*",))
    _, secret = await tokens.create(new)
    home.write_token(secret)


@asynccontextmanager
async def _until_lost(stopping: asyncio.Event) -> AsyncGenerator[OnLoss]:
    """Ends what runs inside when its Postgres is lost; then that is all there is to tell.

    Raises:
        StartupError: why.
    """
    losses: list[StartupError] = []

    def on_loss(loss: StartupError) -> None:
        losses.append(loss)
        stopping.set()

    try:
        yield on_loss
    except Exception:
        if not losses:  # else whatever failed, failed for that
            raise
    if losses:
        raise losses[0]


async def _ended(warming: asyncio.Task[None]) -> None:
    warming.cancel()
    await asyncio.wait({warming})
    if not warming.cancelled() and (error := warming.exception()):
        log.warning("nothing was loaded ahead: %s", error)


def _binding(settings: Settings) -> Binding:
    return Binding(
        settings.host,
        settings.port,
        settings.insecure,
        settings.tls_certificate,
        settings.tls_key,
    )


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _say(address: str, home: Home | None) -> None:
    print(f"Tzurot serves on {address}; Ctrl-C ends it.", flush=True)
    if home:
        print(f"Token: {home.token_path}\nLog: {home.log_path}", flush=True)
