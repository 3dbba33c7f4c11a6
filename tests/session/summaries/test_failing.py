"""What can't be summarized keeps nothing else waiting."""

from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import a_database
from tzurot.session.rooms import Rooms
from tzurot.session.summaries import summary_store
from tzurot.session.summaries.summarizing import Summarizing
from tzurot.storage.database import Database


async def test_a_conversation_that_always_fails_keeps_no_other_waiting(
    postgres: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, *others = [uuid4() for _ in range(3)]
    looked_at: list[UUID] = []

    async def there(_: AsyncSession, conversation_id: UUID) -> None:
        if conversation_id == bad:
            raise RuntimeError("always")
        looked_at.append(conversation_id)

    monkeypatch.setattr(summary_store, "there", there)
    async with a_database(postgres) as url, Database.open(url) as database:
        async with database.transaction() as tx:
            for it in (bad, *others):
                await summary_store.want(tx, it, uuid4())
        rooms = cast("Rooms", cast("Any", type("_", (), {"database": database})))
        await Summarizing(rooms).summarize()
        await Summarizing(rooms).summarize()  # the bad one waits for its lease
    assert looked_at == others
    assert [it.message for it in caplog.records if it.levelname == "ERROR"] == [
        "a conversation was not summarized"
    ]
