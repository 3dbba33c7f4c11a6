"""A key is nowhere but in the request that brings it and in those to its provider.

One key goes through everything that can happen to it; then every table, every line of the log at
DEBUG, every answer, error and trace is searched for it, also in other writings.
"""

import asyncio
import base64
import faulthandler
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import make_url

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import saying
from tests.fakes.keys import FakeInternet, Standing
from tests.flow.dialogue import Dialogue
from tests.wallet.keys.test_keys import asked
from tests.wallet.keys.test_turns import character
from tzurot.storage.database import Database
from tzurot.wallet.keys import key_store
from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.keys.keys import NewKey, Opened
from tzurot.wallet.keys.providers import Provider

PROVIDERS = ("OPENROUTER", "OPENAI", "ANTHROPIC", "GEMINI", "ELEVENLABS", "MISTRAL", "COMPATIBLE")


class Sweep:
    """Everything that was told about a key, and who is asked about it."""

    def __init__(self, who: Client, key: str) -> None:
        self.who = who
        self.key = key
        self.told: list[str] = []

    async def call(self, name: str, request: Any = None, seconds: float = 20) -> Any:
        """What is answered, or None where it is refused."""
        try:
            answer = await self.who.call(name, request, seconds)
        except grpc.aio.AioRpcError as error:
            self.told.append(f"{error!r} {error.trailing_metadata()!r}")
            return None
        self.told.append(str(answer))
        return answer

    def writings(self) -> Iterator[str]:
        """The key as it could be found, also without its ends."""
        inner = self.key[4:-4]
        for words in (self.key, inner):
            yield words
            yield words.encode().hex()
            yield words[::-1]
        for shift in range(3):  # Base64 of it within something longer
            encoded = base64.b64encode(b"x" * shift + inner.encode()).decode()
            yield encoded[4:-4]

    def found_in(self, where: str) -> list[str]:
        return [it for it in self.writings() if it in where]


async def test_a_key_is_nowhere_else(
    vault: Served,
    internet: FakeInternet,
    postgres: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    (ada,) = vault.people("ada")
    sweep = Sweep(ada, f"sk-or-v1-canary-{uuid4().hex}")
    await _bring(sweep, internet)
    database = vault.running.parts.database
    rows = await dump(database)
    await _enter(sweep, internet)
    rows += await dump(database)
    await _talk(sweep, internet)
    await _give(sweep, vault, internet)
    await _keep_watch(sweep, internet)
    rows += await dump(database)
    crash = await _break(sweep, internet, monkeypatch)
    keys = (await ada.call("ListApiKeys")).api_keys
    for key in keys:
        await sweep.call("DeleteApiKey", request_for("DeleteApiKey", api_key_id=key.id))
    rows += await dump(database)

    asked_with = [it for it in internet.seen if sweep.key in str(it.headers)]
    assert len(asked_with) > 3 * len(PROVIDERS)  # it was there indeed
    assert keys[0].last_four in rows
    assert "/chat/completions" in caplog.text  # the log has the calls, at DEBUG
    assert "internal error" in caplog.text
    assert "in added" in crash
    assert sweep.found_in(rows) == []
    assert sweep.found_in(caplog.text) == []
    assert sweep.found_in(crash) == []
    assert sweep.found_in(_log_of(postgres)) == []
    assert sweep.found_in("\n".join(sweep.told)) == []


async def _bring(sweep: Sweep, internet: FakeInternet) -> None:
    """Brought to every provider: refused in all ways, and then let in."""
    for provider in PROVIDERS:
        for standing in (*set(Standing) - {Standing.SILENT, Standing.GOOD}, Standing.GOOD):
            internet.knows(sweep.key, standing)
            await sweep.call("CreateApiKey", asked(provider, sweep.key))
    for more in ({"base_url": "https://10.0.0.1"}, {"name": "\n"}, {"model": " "}):
        await sweep.call("CreateApiKey", asked("COMPATIBLE", sweep.key, **more))
    await sweep.call("CreateApiKey", asked("OPENAI", f"{sweep.key} \0", name="broken"))
    internet.knows(sweep.key, Standing.SILENT)
    silent = asked("OPENROUTER", sweep.key, name="silent")
    await sweep.call("CreateApiKey", silent, seconds=0.5)


async def _enter(sweep: Sweep, internet: FakeInternet) -> None:
    """Entered in a dialogue: refused in all ways, and then let in."""
    dialogue = await Dialogue.start(sweep.who, "wallet keys")
    entered = {"provider": "mistral", "secret": sweep.key, "name": "entered"}
    wrong = ({"name": "-"}, {"secret": f"{sweep.key} x"}, {"base_url": "https://x.example.org"})
    for more in wrong:
        sweep.told.append(str(await dialogue.answer("add", **entered | more)))
    for standing in (*set(Standing) - {Standing.SILENT, Standing.GOOD}, Standing.GOOD):
        internet.knows(sweep.key, standing)
        sweep.told.append(str(await dialogue.answer("add", **entered | {"base_url": ""})))
        sweep.told.append(str(await dialogue.look()))
    assert "lets you in" in dialogue.view.body


async def _talk(sweep: Sweep, internet: FakeInternet) -> None:
    """Turns that it pays for: answered, refused, failing, cut off by their deadline."""
    lilith = await character(sweep.who)
    for standing in (*set(Standing) - {Standing.SILENT}, Standing.SILENT):
        internet.knows(sweep.key, standing)
        seconds = 0.7 if standing is Standing.SILENT else 20
        await sweep.call("Chat", saying(f"{standing}?", lilith), seconds)
    listing = request_for("ListTurns", page_size=50)
    async with asyncio.timeout(60):
        while any("RUNNING" in str(it) for it in (await sweep.call("ListTurns", listing)).turns):
            await asyncio.sleep(0.05)
    turns = (await sweep.call("ListTurns", listing)).turns
    assert len(turns) == len(Standing)
    for turn in turns:
        await sweep.call("GetTurnTrace", request_for("GetTurnTrace", turn_id=turn.id))


async def _give(sweep: Sweep, vault: Served, internet: FakeInternet) -> None:
    """It pays for a member of a space, who is answered, refused, and told who pays."""
    space, (member,) = uuid4().hex, vault.people("member")
    guest = Sweep(member, sweep.key)
    where = {"platform": "local", "space_id": space, "channel_id": f"of-{space}"}
    for key in (await sweep.call("ListApiKeys")).api_keys:
        gift = {it: where[it] for it in ("platform", "space_id")} | {"api_key_id": key.id}
        for model in ("gpt-4.1-mini", "openai/gpt-4.1-mini"):
            caps = {"cap_micros": 10**7, "member_cap_micros": 10**6, "model": model}
            await sweep.call("SponsorSpace", request_for("SponsorSpace", **gift, **caps))
    sponsors = (await sweep.call("ListSponsors")).sponsors
    assert sponsors
    lilith = await character(member)
    for standing in (*set(Standing) - {Standing.SILENT, Standing.GOOD}, Standing.GOOD):
        internet.knows(sweep.key, standing)
        request = request_for(
            "Chat",
            place=where | {"venue": "VENUE_PUBLIC_CHANNEL"},
            utterance={"text": f"{standing}?", "speaker_name": "Mira"},
            addressees=[{"id": lilith}],
        )
        await guest.call("Chat", request)
        await guest.call("ExplainPayment", request_for("ExplainPayment", **where))
    for turn in (await guest.call("ListTurns")).turns:
        await guest.call("GetTurnTrace", request_for("GetTurnTrace", turn_id=turn.id))
    await guest.call("ListUsageRecords")
    for sponsor in sponsors:
        await sweep.call("DeleteSponsor", request_for("DeleteSponsor", sponsor_id=sponsor.id))
    told = "\n".join(guest.told)
    assert "this server" in told
    for key in (await sweep.call("ListApiKeys")).api_keys:
        assert not [it for it in (key.fingerprint, key.id) if it in told]
    sweep.told += guest.told


async def _keep_watch(sweep: Sweep, internet: FakeInternet) -> None:
    """Checked, in all ways."""
    await sweep.call("ListModels")
    keys = (await sweep.call("ListApiKeys")).api_keys
    for standing in set(Standing) - {Standing.SILENT}:
        internet.knows(sweep.key, standing)
        for key in keys:
            await sweep.call("CheckApiKey", request_for("CheckApiKey", api_key_id=key.id))
            await sweep.call("ListApiKeys")


async def _break(sweep: Sweep, internet: FakeInternet, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server breaks with the key in its hands; what a crash at that moment would dump."""
    internet.knows(sweep.key)
    with monkeypatch.context() as patched, tempfile.TemporaryFile() as crash:

        async def added(tx: object, row: ApiKey) -> bool:
            faulthandler.dump_traceback(crash)
            raise RuntimeError("broken with the key in hand")

        patched.setattr(key_store, "add", added)
        await sweep.call("CreateApiKey", asked("OPENAI", sweep.key, name="broken"))
        crash.seek(0)
        return crash.read().decode()


def _log_of(postgres: str) -> str:
    """What the embedded Postgres has written into its log."""
    folder = make_url(postgres).query["host"]
    return (Path(str(folder)) / "log").read_text()


async def dump(database: Database) -> str:
    """All rows of all tables, as text: bytes in hexadecimal."""
    tables = text(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    rows: list[str] = []
    async with database.transaction() as tx:
        for table in (await tx.scalars(tables)).all():
            every = text(f"SELECT it::text FROM {table} AS it")  # noqa: S608 - ours
            rows += (await tx.scalars(every)).all()
    return "\n".join(rows)


def test_what_holds_a_key_does_not_show_it() -> None:
    key = f"sk-{uuid4().hex}"
    new = NewKey(Provider.OPENAI, "default", SecretStr(key))
    assert key not in f"{new} {new!r} {Opened(ApiKey(), new.secret)!r}"
