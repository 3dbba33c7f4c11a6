"""The characters of a scenario, with all that they bring."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.session.bringing import learns, takes_up
from tests.session.stage import Person, Stage, ref
from tzurot.formats.found import Document, Lorebook, LoreEntry
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityAliasRequest,
    CreatePersonalityRequest,
    DeletePersonalityRequest,
    Personality,
    PersonalityRef,
    RegexScript,
    Visibility,
)

_ELSEWHERE = ("world", "knows", "scripts", "owner", "aliases", "visibility")

Given = Mapping[str, Mapping[str, Any] | None]


@asynccontextmanager
async def cast(
    stage: Stage, given: Given, people: Mapping[str, Person]
) -> AsyncIterator[dict[str, Personality]]:
    """The characters by what the scenario calls them, gone afterwards."""
    made = dict[str, Personality]()
    try:
        for label, fields in given.items():
            made[label] = await _character(stage, label, fields or {}, people)
        yield made
        await stage.settled()
    finally:
        for label, one in made.items():
            owner = (given[label] or {}).get("owner")
            client = people[owner].client if owner else stage.client
            gone = DeletePersonalityRequest(personality=PersonalityRef(id=one.id))
            await client.personality.delete_personality(gone)


async def _character(
    stage: Stage, label: str, fields: Mapping[str, Any], people: Mapping[str, Person]
) -> Personality:
    client = people[fields["owner"]].client if "owner" in fields else stage.client
    new = Personality(
        name=label,
        visibility=Visibility[fields.get("visibility", "public").upper()],
        definition_visible=True,
        regex_scripts=[_script(it) for it in fields.get("scripts", ())],
    )
    for key in fields.keys() - set(_ELSEWHERE):
        setattr(new, key, fields[key])
    asked = CreatePersonalityRequest(personality=new)
    made = (await client.personality.create_personality(asked)).personality
    assert made
    for alias in fields.get("aliases", ()):
        wanted = CreatePersonalityAliasRequest(personality=ref(made), alias=alias, global_=True)
        await client.alias.create_personality_alias(wanted)
    await _bring(stage, made, fields)
    return made


def _script(said: Mapping[str, str]) -> RegexScript:
    script = RegexScript(find=said["finds"], replace=said["puts"])
    setattr(script, f"on_{said['in']}", True)
    return script


async def _bring(stage: Stage, who: Personality, fields: Mapping[str, Any]) -> None:
    entries = [
        LoreEntry(tuple(it.get("keys", ())), it["says"], constant="keys" not in it)
        for it in fields.get("world", ())
    ]
    if entries:
        await takes_up(stage, who, Lorebook(tuple(entries)))
    documents = [Document(it, title) for title, it in fields.get("knows", {}).items()]
    await learns(stage, who, *documents)
