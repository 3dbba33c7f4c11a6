"""Which of several instances of a client shows a turn."""

import asyncio
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.session.stage import Person, Stage
from tzurot_client import NotFound
from tzurot_client.gen.tzurot.session.v1 import (
    ClaimDeliveryRequest,
    ClaimDeliveryResponse,
    ReportDeliveryRequest,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn that two instances could show."""

    ada: Person
    turn_id: str
    here: str
    there: str

    async def claim(self, instance_id: str, by: Person | None = None) -> ClaimDeliveryResponse:
        request = ClaimDeliveryRequest(turn_id=self.turn_id, instance_id=instance_id)
        return await (by or self.ada).client.session.claim_delivery(request)

    async def report(self) -> None:
        request = ReportDeliveryRequest(turn_id=self.turn_id, platform_message_ids=[uuid4().hex])
        await self.ada.client.session.report_delivery(request)


@pytest.fixture
async def shown(stage: Stage) -> Shown:
    ada = stage.person("Ada")
    told = await ada.asks("Hi", await stage.character("Lilith"))
    return Shown(ada, told.turn_id, str(uuid4()), str(uuid4()))


async def expired(stage: Stage, shown: Shown) -> None:
    """Let the time of the grant be over."""
    await stage.execute(
        "UPDATE turns SET delivery_expire_time = now() WHERE id = :id", id=shown.turn_id
    )


async def test_the_first_one_is_granted_and_the_other_knows_when_to_ask_again(
    shown: Shown,
) -> None:
    first, second = await shown.claim(shown.here), await shown.claim(shown.there)
    assert (first.granted, second.granted) == (True, False)
    assert first.expire_time
    assert second.expire_time == first.expire_time


async def test_a_grant_can_be_renewed(shown: Shown) -> None:
    first, again = await shown.claim(shown.here), await shown.claim(shown.here)
    assert first.granted and again.granted
    assert first.expire_time and again.expire_time
    assert again.expire_time > first.expire_time


async def test_when_a_grant_is_over_another_one_gets_it(stage: Stage, shown: Shown) -> None:
    await shown.claim(shown.here)
    await expired(stage, shown)
    assert (await shown.claim(shown.there)).granted
    assert not (await shown.claim(shown.here)).granted


async def test_what_was_shown_is_for_good(shown: Shown) -> None:
    await shown.claim(shown.here)
    await shown.report()
    other, own = await shown.claim(shown.there), await shown.claim(shown.here)
    assert (other.granted, other.expire_time) == (False, None)
    assert (own.granted, own.expire_time) == (True, None)


async def test_what_was_shown_by_one_that_did_not_ask_nobody_shows_again(shown: Shown) -> None:
    await shown.report()
    claimed = await shown.claim(shown.here)
    assert (claimed.granted, claimed.expire_time) == (False, None)


async def test_of_many_at_once_one_is_granted(shown: Shown) -> None:
    claimed = await asyncio.gather(*(shown.claim(str(uuid4())) for _ in range(8)))
    assert [it.granted for it in claimed].count(True) == 1
    assert len({it.expire_time for it in claimed}) == 1
    assert claimed[0].expire_time


async def test_somebody_else_cannot_claim_it(stage: Stage, shown: Shown) -> None:
    with pytest.raises(NotFound):
        await shown.claim(shown.here, by=stage.person("Bob"))
    assert (await shown.claim(shown.there)).granted
