"""Custom fields and the mark for adults, out of a server and into it again."""

import json
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.personality.asking import create, share
from tests.transfer.handing import Mover, mover, sample
from tzurot.transfer.v1.import_pb2 import OwnEdit

FIELDS = [{"name": "Lamp", "text": "{{char}}'s.\n"}, {"name": "Sea", "text": "", "silent": True}]
CARD = "cards/tk_full_v2_card.json"


def said(character: Any) -> list[tuple[str, str, bool]]:
    return [(it.name, it.text, it.silent) for it in character.custom_fields]


async def made(me: Mover, **fields: Any) -> Any:
    return await create(me.client, "Lilith", custom_fields=FIELDS, **fields)


async def decide(client: Client, character: Any, restricted: bool) -> None:
    """Say whether it is for adults."""
    request = request_for(
        "UpdatePersonality",
        ref={"id": character.id},
        personality={"age_restricted": restricted},
        update_mask={"paths": ["age_restricted"]},
    )
    await client.call("UpdatePersonality", request)


def marked(**mine: Any) -> bytes:
    """A card with values of our own."""
    card = json.loads(sample(CARD))
    card["data"]["extensions"]["tzurot"] = mine
    return json.dumps(card).encode()


@pytest.mark.parametrize("format_name", ["TZUROT", "CARD_V2", "CARD_V3", "PNG", "CHARX"])
@pytest.mark.parametrize("restricted", [True, False])
async def test_what_goes_out_comes_in_again(
    format_name: str, restricted: bool, served: Served
) -> None:
    me, other = mover(served), mover(served)
    lilith = await made(me, age_restricted=restricted)
    file = await me.exports(lilith.id, format_name)
    result = await other.imports(file)
    copy = await other.character(result.personality.id)
    assert (said(copy), copy.age_restricted) == (said(lilith), restricted)
    assert "custom_fields" in {it.destination for it in result.preview.fields}
    again = await other.previews(await other.exports(copy.id, format_name))
    assert list(again.own_edits) == []


async def test_a_shape_s_words_that_have_no_field_are_custom_fields(served: Served) -> None:
    me = mover(served)
    result = await me.imports(sample("shapes/marta_config.json"))
    marta = await me.character(result.personality.id)
    assert said(marta)[:2] == [
        ("Catchphrases", "Mind the step.", False),
        ("Keywords", "marta, lamp", True),
    ]
    notes = {it.source: it.note for it in result.preview.fields}
    assert notes["keywords"] == "as `Keywords`, not told to the model"


async def test_an_own_custom_field_stays_when_its_card_comes_again(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(marked(custom_fields=FIELDS[:1]))).personality
    await me.edits(mine.id, custom_fields=FIELDS[1:])
    result = await me.imports(marked(custom_fields=FIELDS))
    assert [it.field for it in result.preview.own_edits] == ["custom_fields"]
    assert said(await me.character(mine.id)) == [("Sea", "", True)]


async def test_a_card_that_says_nothing_of_adults_decides_nothing(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(sample(CARD))).personality
    await decide(me.client, mine, True)
    result = await me.imports(sample(CARD), overwrite_own_edits=True)
    assert list(result.preview.own_edits) == []
    assert (await me.character(mine.id)).age_restricted


async def test_a_card_does_not_lift_what_was_decided_here_unasked(served: Served) -> None:
    me = mover(served)
    mine = (await me.imports(sample(CARD))).personality
    await decide(me.client, mine, True)
    open_to_all = marked(age_restricted=False)
    result = await me.imports(open_to_all, personality={"id": mine.id})
    edit = OwnEdit(field="age_restricted", current="True", imported="False")
    assert list(result.preview.own_edits) == [edit]
    assert (await me.character(mine.id)).age_restricted
    await me.imports(open_to_all, personality={"id": mine.id}, overwrite_own_edits=True)
    assert not (await me.character(mine.id)).age_restricted


async def test_an_editor_s_file_decides_nothing_about_adults(served: Served) -> None:
    me, editor = mover(served), mover(served)
    lilith = await made(me, age_restricted=True)
    await share(me.client, lilith, editor.client, "editor")
    for restricted in (False, True):
        await decide(me.client, lilith, not restricted)
        file = marked(age_restricted=restricted, custom_fields=FIELDS[:1])
        ref = {"personality": {"id": lilith.id}, "overwrite_own_edits": True}
        result = await editor.imports(file, **ref)
        assert "age_restricted" not in {it.field for it in result.preview.own_edits}
        assert (await me.character(lilith.id)).age_restricted is not restricted
    assert said(await me.character(lilith.id)) == [("Lamp", "{{char}}'s.\n", False)]


async def test_what_is_changed_is_told_by_its_name_and_its_slug(served: Served) -> None:
    me = mover(served)
    first = await me.imports(sample(CARD))
    (told,) = [it for it in first.preview.changes if it.resource == "personality"]
    assert (told.name, told.slug) == ("Aurora", "")
    again = await me.previews(sample(CARD))
    (told,) = [it for it in again.changes if it.resource == "personality"]
    assert (told.name, told.slug) == ("Aurora", first.personality.slug)
