"""Real cards, and made ones with one quirk each: what every reader must find in them."""

from collections.abc import Mapping

import pytest

from tests.formats.cards.making import SAMPLES, character, problem, read
from tzurot.formats.unreadable import Problem

MARTA: Mapping[str, object] = {
    "name": "Márta Öz 雪",
    "spec": "V2",
    "spec_version": "2.0",
    "nickname": None,
    "description_chars": 76,
    "first_mes_chars": 47,
    "mes_example_chars": 50,
    "alternate_greetings": 2,
    "group_only_greetings": 0,
    "tags": 2,
    "has_system_prompt": True,
    "has_post_history": True,
    "creator": "tests",
    "character_version": "1.2",
    "extension_keys": ["depth_prompt", "fav", "talkativeness", "vendor/x"],
    "lorebook_entries": 3,
    "lorebook_enabled": 2,
    "assets": 0,
    "root_keys_outside_spec": ["unknown_root_field"],
}
MARTA_V3 = {
    **MARTA,
    "spec": "V3",
    "spec_version": "3.0",
    "nickname": "Marta",
    "group_only_greetings": 1,
    "lorebook_entries": 4,
    "lorebook_enabled": 3,
}
SYNTHETIC: Mapping[str, object] = {
    "spec": "V3",
    "description_chars": 27,
    "first_mes_chars": 39,
    "mes_example_chars": 37,
    "tags": 3,
    "creator": "Synthetic Generator",
    "character_version": "1.0.0",
    "lorebook_entries": 2,
    "has_avatar": True,
}

EXPECTED: Mapping[str, Mapping[str, object]] = {
    "ca_baseline_v3.charx": {  # its members are stored, not deflated
        **SYNTHETIC,
        "name": "Synthetic CharX Character",
        "assets": 1,
        "members": 2,
        "embedded_ok": 1,
        "embedded_missing": [],
        "unlisted_members": [],
    },
    "ca_baseline_v3_in_chara.png": {  # V3 under the keyword of V2
        **SYNTHETIC,
        "name": "Synthetic V3 Character",
        "chunks": ["tEXt:chara"],
        "chunk_used": "chara",
    },
    "ca_LunaStarweaver_v3.json": {
        "name": "Luna Starweaver",
        "spec": "V3",
        "description_chars": 254,
        "first_mes_chars": 380,
        "mes_example_chars": 397,
        "alternate_greetings": 2,
        "tags": 5,
        "lorebook_entries": 1,
        "creator": "Character Architect Test Suite",
        "has_avatar": False,
    },
    "Default-chan_v3_ccv3only.png": {
        "name": "Default-chan",
        "spec": "V3",
        "description_chars": 1949,
        "first_mes_chars": 775,
        "mes_example_chars": 2261,
        "creator": "Choral",
        "chunks": ["tEXt:ccv3"],
        "chunk_used": "ccv3",
        "has_avatar": True,
    },
    "tk_ccv3_st_export_like.json": {  # copies of V1's fields at the root
        "name": "Diana",
        "spec": "V3",
        "nickname": "Princess D",
        "alternate_greetings": 2,
        "group_only_greetings": 2,
        "extension_keys": ["st_specific"],
        "assets": 2,
        "root_keys_outside_spec": [
            *("creator", "description", "first_mes", "mes_example"),
            *("name", "personality", "scenario", "tags"),
        ],
        "has_avatar": False,
    },
    "tk_full_v2_card.json": {
        "name": "Aurora",
        "spec": "V2",
        "extension_keys": ["custom_field", "tavern_kit/test"],
        "lorebook_entries": 1,
        "has_system_prompt": True,
        "has_post_history": True,
    },
    "tk_minimal_v2.json": {"name": "Test Character V2", "alternate_greetings": 1, "tags": 3},
    "quirk_after_idat.png": {**MARTA, "chunks": ["tEXt:chara"], "crc_errors": []},
    "quirk_bom.json": MARTA,
    "quirk_case_sensitive_paths.charx": {
        **MARTA_V3,
        "assets": 3,
        "members": 3,
        "embedded_ok": 2,
        "embedded_missing": ["assets/emotion/images/happy.png"],
        "unlisted_members": [],
        "has_avatar": True,
    },
    "quirk_chub_nulls.json": {
        **MARTA,
        "alternate_greetings": 0,
        "tags": 0,
        "extension_keys": [],
        "lorebook_entries": 0,
        "lorebook_enabled": 0,
    },
    "quirk_future_number.json": MARTA,
    "quirk_itxt_chara.png": {**MARTA, "chunks": ["iTXt:chara"], "chunk_used": "chara"},
    "quirk_rawjson_chara.png": {**MARTA, "chunks": ["iTXt:chara"]},
    "quirk_stale_chara_newer_ccv3.png": {
        **MARTA_V3,
        "assets": 2,
        "chunks": ["tEXt:chara", "tEXt:ccv3"],
        "chunk_used": "ccv3",
    },
    "quirk_v3_assets_rules.json": {**MARTA_V3, "assets": 3, "has_avatar": True},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_holds_what_it_is_known_to_hold(name: str) -> None:
    found = read((SAMPLES / name).read_bytes())
    shown = {"name": found.name, **found.details}
    assert {key: shown[key] for key in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tk_invalid_missing_name.json", Problem.BLANK_NAME),
        ("quirk_no_card.png", Problem.NO_CARD),
    ],
)
def test_a_sample_without_a_usable_card_says_why(name: str, expected: Problem) -> None:
    assert problem((SAMPLES / name).read_bytes()) == expected


def test_every_sample_is_expected_something_of() -> None:
    files = {path.name for path in SAMPLES.iterdir()} - {"README.md"}
    assert files == EXPECTED.keys() | {"tk_invalid_missing_name.json", "quirk_no_card.png"}


def test_a_card_becomes_a_character_in_our_words() -> None:
    luna = character(read((SAMPLES / "tk_ccv3_st_export_like.json").read_bytes()))
    assert luna.traits == "Brave, honorable, and compassionate."
    assert luna.greeting == "Halt! State your purpose, stranger."
    assert luna.alternate_greetings[0] == "Who goes there?"
    assert luna.group_greetings[1] == "My allies, the battle begins."
    assert luna.tags == ("fantasy", "warrior", "princess", "v3")
