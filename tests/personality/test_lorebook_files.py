"""Books that were edited here, on their way out and in again: nothing but the edits differs."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import Served
from tests.formats.lorebooks.making import V3
from tests.personality.shelf import Owner, owner
from tests.transfer.handing import Mover, sample
from tzurot.formats import documents
from tzurot.formats.documents import Json
from tzurot.formats.lorebooks import read
from tzurot.formats.narrowing import is_object, members, numbered

CARD = "cards/tk_full_v2_card.json"


def a_world(*, order: Sequence[int] = (0, 1, 2, 3), shown: bool = True) -> bytes:
    """A world of SillyTavern's with four entries, in digits and words of its own."""
    rows = {
        str(10 + number): {
            "uid": 10 + number,
            "key": [f"key {number}"],
            "keysecondary": [],
            "comment": f"Entry {number}",
            "content": f"Content {number}.",
            "order": 100.50,
            "position": 4,
            "depth": 2,
            "unheardOf": {"w": 0.1000, "of": number},
            **({"displayIndex": order[number]} if shown else {}),
        }
        for number in range(4)
    }
    world = {"entries": rows, "name": "Varn", "unheardOf": 1.0}
    return json.dumps(world, indent=4).replace("100.5", "100.50").encode()


def a_v3_book() -> bytes:
    """A `lorebook_v3` with three entries."""
    third = {"keys": ["fog"], "content": "Thick.", "insertion_order": 1, "mine": [1]}
    data: dict[str, Any] = members(V3["data"])
    book = data | {"entries": [*data["entries"], third]}
    return json.dumps({**V3, "data": book}, indent=1).encode()


@pytest.fixture
async def mira(served: Served) -> Owner:
    return await owner(served, "mira")


@pytest.fixture
def mover(mira: Owner) -> Mover:
    return Mover(mira.client)


@pytest.mark.parametrize(
    "data",
    [
        a_world(),
        a_world(order=(3, 1, 0, 2)),
        a_world(shown=False),
        a_v3_book(),
        sample("lorebooks/syn_st_world_full_fields.json"),
    ],
)
async def test_only_what_was_edited_differs_in_the_file(
    data: bytes, mira: Owner, mover: Mover
) -> None:
    await mover.imports(data)
    (lorebook_id,) = await mira.lists()
    assert (await mira.exports(lorebook_id))[1] == data
    first, *others = await mira.entries(lorebook_id)
    await mira.takes_out(others[0].id)
    await mira.edits(first.id, keys=["rope"], content="Rewritten.", name="Rope", sticky=3)
    added = await mira.adds(lorebook_id, keys=["new"], content="Added.", name="Fresh")
    wanted = [it.content for it in await mira.entries(lorebook_id)]

    (_, written) = await mira.exports(lorebook_id)
    before, after = _rows(data), _rows(written)
    assert len(after) == len(before)
    assert [_words(row) for row in after][-1] == "Added."
    same = [it for it in before if _words(it) in wanted]
    assert same == [it for it in after if _words(it) in {_words(row) for row in same}]
    (edited,) = (row for row in after if _words(row) == "Rewritten.")
    (was,) = (row for row in before if _words(row) == first.content)
    unknown = [key for key in was if key in {"unheardOf", "uid", "id", "displayIndex"}]
    assert [edited[key] for key in unknown] == [was[key] for key in unknown]
    (new,) = (row for row in after if _words(row) == added.content)
    assert "unheardOf" not in new
    assert _read(written) == wanted

    await mira.call("DeleteLorebook", lorebook_id)
    await mover.imports(written)
    (again,) = await mira.lists()
    assert [it.content for it in await mira.entries(again)] == wanted
    assert (await mira.exports(again))[1] == written


async def test_a_row_that_was_taken_out_leaves_nothing_to_one_that_was_added(
    mira: Owner, mover: Mover
) -> None:
    await mover.imports(a_world())
    (lorebook_id,) = await mira.lists()
    last = (await mira.entries(lorebook_id))[-1]
    await mira.takes_out(last.id)
    await mira.adds(lorebook_id, keys=["new"], content="Added.")
    rows = json.loads((await mira.exports(lorebook_id))[1])["entries"]
    assert list(rows) == ["10", "11", "12", "14"]
    assert "unheardOf" not in rows["14"]


async def test_a_book_that_was_written_here_comes_back(mira: Owner, mover: Mover) -> None:
    notes = await mira.writes(description="Of the coast.", token_budget=50)
    await mira.adds(notes.id, keys=["bell"], content="Bronze.", place="LORE_PLACE_SCENARIO")
    _, written = await mira.exports(notes.id)
    await mira.call("DeleteLorebook", notes.id)
    await mover.imports(written)
    (again,) = await mira.lists()
    shown = await mira.shown(again)
    assert (shown.description, shown.token_budget) == ("Of the coast.", 50)
    (entry,) = shown.entries
    assert (list(entry.keys), entry.content, entry.place) == (["bell"], "Bronze.", 10)


class TestAgain:
    async def test_the_same_file_leaves_edits_alone(self, mira: Owner, mover: Mover) -> None:
        await mover.imports(a_world())
        (lorebook_id,) = await mira.lists()
        (first, *_) = await mira.entries(lorebook_id)
        await mira.edits(first.id, content="My own words.")
        result = await mover.imports(a_world())
        assert await mira.lists() == [lorebook_id]
        assert (await mira.entries(lorebook_id))[0].content == "My own words."
        assert not [it for it in result.preview.warnings if "edited here" in it]

    async def test_the_same_card_leaves_edits_of_its_book_alone(
        self, mira: Owner, mover: Mover
    ) -> None:
        lilith, lorebook_id = await _card_with_edited_book(mira, mover)
        await mover.imports(sample(CARD))
        changed = _card(first_mes="New words.")
        await mover.imports(changed)
        assert await mira.lists() == [lorebook_id]
        assert list((await mira.shown(lorebook_id)).personality_ids) == [lilith]
        assert (await mira.entries(lorebook_id))[0].content == "My own words."

    async def test_an_editor_who_brings_the_same_card_leaves_them_alone_too(
        self, served: Served, mira: Owner, mover: Mover
    ) -> None:
        lilith, lorebook_id = await _card_with_edited_book(mira, mover)
        kael = await owner(served, "kael")
        await mira.shares(lilith, kael, "editor")
        await Mover(kael.client).imports(sample(CARD), personality={"id": lilith})
        assert await kael.lists() == []
        assert list((await mira.shown(lorebook_id)).personality_ids) == [lilith]

    async def test_a_newer_book_of_the_card_leaves_the_edited_one_to_its_owner(
        self, mira: Owner, mover: Mover
    ) -> None:
        lilith, edited = await _card_with_edited_book(mira, mover)
        newer = _card_with_other_book()
        told = await mover.previews(newer)
        (warning,) = [it for it in told.warnings if "edited here" in it]
        assert (await mira.shown(edited)).name in warning
        await mover.imports(newer)
        new, kept = await mira.lists()
        assert kept == edited
        assert list((await mira.shown(edited)).personality_ids) == []
        assert list((await mira.shown(new)).personality_ids) == [lilith]

    async def test_a_newer_book_of_the_card_takes_the_place_of_one_that_was_not_edited(
        self, mira: Owner, mover: Mover
    ) -> None:
        await mover.imports(sample(CARD))
        (old,) = await mira.lists()
        told = await mover.imports(_card_with_other_book())
        (new,) = await mira.lists()
        assert new != old
        assert not [it for it in told.preview.warnings if "edited here" in it]

    async def test_a_deleted_character_takes_its_edited_book_along(
        self, mira: Owner, mover: Mover
    ) -> None:
        lilith, _ = await _card_with_edited_book(mira, mover)
        await mira.deletes(lilith)
        assert await mira.lists() == []

    async def test_an_edited_book_goes_out_with_its_card(self, mira: Owner, mover: Mover) -> None:
        rows = [
            {"keys": [word], "content": word.title(), "insertion_order": 1.50, "mine": word}
            for word in ("bell", "sea", "fog", "tower")
        ]
        card = _card(character_book={"name": "Coast", "entries": rows})
        lilith = (await mover.imports(card)).personality.id
        (lorebook_id,) = await mira.lists()
        bell, sea, _, tower = await mira.entries(lorebook_id)
        await mira.edits(bell.id, keys=["gong"], content="Rung.")
        for entry in (sea, tower):
            await mira.takes_out(entry.id)
        await mira.adds(lorebook_id, keys=["new"], content="Added.")
        await mira.adds(lorebook_id, keys=["newer"], content="Added, too.")
        written = json.loads(await mover.exports(lilith, "CARD_V2"))
        first, fog, *added = written["data"]["character_book"]["entries"]
        assert first == rows[0] | {"keys": ["gong"], "content": "Rung."}
        assert fog == rows[2]
        assert [row["content"] for row in added] == ["Added.", "Added, too."]
        assert not [row for row in added if "mine" in row]

    async def test_a_card_that_went_out_comes_in_again_with_the_same_book(
        self, mira: Owner, mover: Mover
    ) -> None:
        lilith, lorebook_id = await _card_with_edited_book(mira, mover)
        await mira.adds(lorebook_id, keys=["new"], content="Added.", sticky=2, priority=0.5)
        written = await mover.exports(lilith, "CARD_V3")
        told = await mover.imports(written, personality={"id": lilith})
        assert not [it for it in told.preview.warnings if "edited here" in it]
        assert await mira.lists() == [lorebook_id]


async def _card_with_edited_book(mira: Owner, mover: Mover) -> tuple[str, str]:
    """A character out of a card, and its book, whose first entry was edited here."""
    lilith = (await mover.imports(sample(CARD))).personality.id
    (lorebook_id,) = await mira.lists()
    (first, *_) = await mira.entries(lorebook_id)
    await mira.edits(first.id, content="My own words.")
    return lilith, lorebook_id


def _card(**fields: Any) -> bytes:
    card = json.loads(sample(CARD))
    card["data"] |= fields
    return json.dumps(card).encode()


def _card_with_other_book() -> bytes:
    book = json.loads(sample(CARD))["data"]["character_book"]
    book["entries"][0]["content"] = "The author's new words."
    return _card(character_book=book)


def _rows(data: bytes) -> list[dict[str, Json]]:
    """The rows of a file, numbers with their digits, in their order in the file."""
    document = members(documents.loads(data))
    held = members(document.get("data", document)).get("entries")
    return [row for _, row in numbered(held) if is_object(row)]


def _words(row: dict[str, Json]) -> Json:
    return row["content"]


def _read(data: bytes) -> list[str]:
    found = read(data, documents.loads(data))
    assert found
    return [entry.content for entry in found.lorebooks[0].entries]
