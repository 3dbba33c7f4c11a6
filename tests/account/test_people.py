"""People: somebody's first call makes a person and a persona, whatever else happens then."""

import asyncio

from tests.calling import Client, request_for
from tests.conftest import Served


async def test_a_first_call_creates_the_person_and_its_persona_in_one_step(served: Served) -> None:
    (mira,) = served.people("mira")
    person = (await mira.call("GetMe")).person
    assert person.subject == mira.subject
    assert person.id
    assert person.persona.id
    assert person.persona.name == ""
    assert person.create_time.seconds > 0


async def test_the_second_call_meets_the_same_person(served: Served) -> None:
    (mira,) = served.people("mira")
    first = await mira.call("GetMe")
    assert await mira.call("GetMe") == first


async def test_calls_that_race_for_a_first_contact_make_one_person(served: Served) -> None:
    (mira,) = served.people("mira")
    answers = await asyncio.gather(*(mira.call("GetMe") for _ in range(8)))
    assert len({answer.person.id for answer in answers}) == 1
    assert len({answer.person.persona.id for answer in answers}) == 1


async def test_two_tokens_that_race_for_the_same_subject_meet_one_person(served: Served) -> None:
    (mira,) = served.people("mira")
    tokens = [await _token(mira) for _ in range(3)]
    (kael,) = served.people("kael")
    calls = [served.client(kael.subject, token).call("GetMe") for token in tokens * 2]
    answers = await asyncio.gather(*calls)
    assert len({answer.person.id for answer in answers}) == 1


async def test_other_subjects_are_other_people_even_with_the_same_name(served: Served) -> None:
    (mira,) = served.people("mira")
    assert mira.subject
    elsewhere = served.client(mira.subject.replace("local:", "discord:"))
    here = await mira.call("GetMe")
    there = await elsewhere.call("GetMe")
    assert here.person.id != there.person.id
    assert here.person.persona.id != there.person.persona.id


async def test_without_a_named_subject_the_token_speaks_for_its_own(served: Served) -> None:
    person = (await served.client().call("GetMe")).person
    assert person.subject == "local:owner"


async def _token(creator: Client) -> str:
    wanted = {"name": "racing", "scopes": ["account.read"], "acts_for": ["local:*"]}
    request = request_for("CreateServiceToken", service_token=wanted)
    return (await creator.call("CreateServiceToken", request)).secret
