"""What a maker wants to say besides the fields that there are, and whether it is for adults."""

from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import create, share

LAMP, SEA = {"name": "Lamp", "text": "Brass."}, {"name": "Sea", "text": "Grey.", "silent": True}


@pytest.fixture
async def mira(served: Served) -> Client:
    return served.people("mira")[0]


@pytest.fixture
async def kael(served: Served) -> Client:
    return served.people("kael")[0]


def said(character: Any) -> list[tuple[str, str, bool]]:
    return [(it.name, it.text, it.silent) for it in character.custom_fields]


def changing(character: Any, *paths: str, **fields: Any) -> Any:
    mask = {"update_mask": {"paths": paths}} if paths else {}
    ref = {"id": character.id}
    return request_for("UpdatePersonality", ref=ref, personality=fields, **mask)


async def change(client: Client, character: Any, *paths: str, **fields: Any) -> Any:
    request = changing(character, *paths, **fields)
    return (await client.call("UpdatePersonality", request)).personality


async def get(client: Client, character: Any) -> Any:
    request = request_for("GetPersonality", personality={"id": character.id})
    return (await client.call("GetPersonality", request)).personality


async def test_they_are_kept_in_order_with_their_names_in_one_line(mira: Client) -> None:
    made = await create(mira, "Lilith", custom_fields=[SEA, {"name": " The \n lamp ", "text": " "}])
    assert said(made) == [("Sea", "Grey.", True), ("The lamp", " ", False)]
    assert said(await get(mira, made)) == said(made)


async def test_they_are_changed_as_one(mira: Client) -> None:
    made = await create(mira, "Lilith", custom_fields=[LAMP])
    changed = await change(mira, made, custom_fields=[SEA, LAMP])
    assert said(changed) == [("Sea", "Grey.", True), ("Lamp", "Brass.", False)]
    assert said(await change(mira, made, greeting="Hm.")) == said(changed)
    assert said(await change(mira, made, "custom_fields")) == []


@pytest.mark.parametrize(
    ("fields", "path", "problem"),
    [
        ([LAMP, LAMP], "personality.custom_fields", "no two may have the same name"),
        (
            [LAMP, {"name": "LAMP  "}],
            "personality.custom_fields[1].name",
            "no two may have the same name",
        ),
        ([{"name": " \n"}], "personality.custom_fields[0].name", "must not be blank"),
        ([{"name": "x" * 101}], "personality.custom_fields[0].name", "at most 100 characters"),
        ([{"name": str(n)} for n in range(51)], "personality.custom_fields", "50 item"),
    ],
    ids=["twice", "letter case", "blank", "long", "many"],
)
async def test_a_name_that_does_not_fit_is_refused_and_told(
    fields: list[dict[str, Any]], path: str, problem: str, mira: Client
) -> None:
    made = await create(mira, "Lilith", custom_fields=[SEA])
    new = request_for("CreatePersonality", personality={"name": "Eve", "custom_fields": fields})
    for name, request in (
        ("CreatePersonality", new),
        ("UpdatePersonality", changing(made, custom_fields=fields)),
        ("UpdatePersonality", changing(made, "custom_fields", custom_fields=fields)),
    ):
        refusal = await mira.refused(name, request)
        assert (refusal.reason, refusal.metadata["field"]) == ("INVALID_FIELD", path)
        assert problem in refusal.metadata["problem"]
    assert said(await get(mira, made)) == [("Sea", "Grey.", True)]


async def test_they_are_a_part_of_the_definition_and_the_age_is_everybodys(
    mira: Client, kael: Client
) -> None:
    made = await create(mira, "Lilith", "public", custom_fields=[LAMP], age_restricted=True)
    seen = await get(kael, made)
    assert (seen.definition_hidden, said(seen), seen.age_restricted) == (True, [], True)
    await change(mira, made, definition_visible=True)
    assert said(await get(kael, made)) == said(made)


async def test_only_an_owner_decides_whether_it_is_for_adults(mira: Client, kael: Client) -> None:
    made = await create(mira, "Lilith", custom_fields=[LAMP])
    await share(mira, made, kael, "editor")
    assert not made.age_restricted
    refusal = await kael.refused("UpdatePersonality", changing(made, age_restricted=True))
    assert refusal.reason == "NOT_OWNER"
    assert (await change(mira, made, age_restricted=True)).age_restricted
    assert said(await change(kael, made, custom_fields=[SEA])) == [("Sea", "Grey.", True)]
    refusal = await kael.refused("UpdatePersonality", changing(made, "age_restricted"))
    assert refusal.reason == "NOT_OWNER"
    assert (await get(kael, made)).age_restricted
    assert not (await change(mira, made, "age_restricted")).age_restricted
