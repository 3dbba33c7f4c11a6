"""What an entry asks for that nobody here does is said: in its reason and in previews."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.personality.lore.books import book, decorated, entry, judged, one, reasons, scene
from tzurot.formats.found import Container, Found, Kind, LoreEntry
from tzurot.formats.lorebooks import decorators
from tzurot.personality.lore import unfollowed, wishes
from tzurot.personality.lore.verdicts import Placement, Role, Where
from tzurot.transfer import machinery

LAST = "key `tower` in the last message"
LINES = st.sampled_from(
    [
        "@@depth 2",
        "@@@depth 3",
        "@@@role user",
        "@@nonsense",
        "@@ x",
        "Told.",
        "",
        " \t",
        "\x0b@@end",
    ]
)


@pytest.mark.parametrize(
    ("which", "reason"),
    [
        (decorated("@@inject_lore Tower"), f"{LAST}; not followed: @@inject_lore Tower"),
        (decorated("@@depth deep", "@@sing"), f"{LAST}; not followed: @@depth deep, @@sing"),
        (decorated("@@instruct_depth 1", "@@@depth 1"), LAST),  # the fallback is
        (
            decorated("@@instruct_depth 1", "@@@sing"),
            f"{LAST}; not followed: @@instruct_depth 1",
        ),
        (decorated("@@@sing"), LAST),  # a fallback of nothing is none
        (decorated(*(f"@@x{n}" for n in range(7))),
         f"{LAST}; not followed: @@x0, @@x1, @@x2, @@x3, @@x4, 2 more"),
        (entry("tower", extensions={"vectorized": True}),
         f"{LAST}; not followed: search by meaning"),
        (entry("moon", extensions={"vectorized": True}),
         "no key came up; not followed: search by meaning"),
        (entry("tower", extensions={"automation_id": " lamp "}),
         f"{LAST}; not followed: automation id"),
        (entry("tower", extensions={"automation_id": "", "vectorized": False}), LAST),
        (entry("tower", enabled=False, extensions={"vectorized": True}), "switched off"),
    ],
)  # fmt: skip
def test_a_reason_says_what_is_not_followed(which: LoreEntry, reason: str) -> None:
    assert one(which).reason == reason


def test_what_found_no_room_says_it_too() -> None:
    which = replace(decorated("@@inject_at top"), content="@@inject_at top\n" + "Told. " * 90)
    (reason,) = reasons(judged(book(which, token_budget=1))).values()
    assert reason.startswith(f"{LAST}; left out")
    assert reason.endswith("; not followed: @@inject_at top")


@pytest.mark.parametrize(
    ("lines", "placed"),
    [
        (("@@end",), Placement(Where.AT_DEPTH)),
        (("@@end", "@@role user"), Placement(Where.AT_DEPTH, role=Role.USER)),
        (("@@end", "@@depth 3"), Placement(Where.AT_DEPTH, 3)),
        (("@@reverse_depth 1", "@@end"), Placement(Where.AT_DEPTH)),
        (("@@end", "@@position scenario"), Placement(Where.SCENARIO)),
        (("@@reverse_depth 1", "@@role assistant"), Placement(Where.AT_DEPTH, 2, Role.ASSISTANT)),
    ],
)
def test_an_entry_for_the_end_is_told_after_the_newest_message(
    lines: tuple[str, ...], placed: Placement
) -> None:
    assert one(decorated(*lines), at=scene("a", "b", "tower")).placement == placed


def test_a_preview_counts_what_is_not_followed() -> None:
    shelf = book(
        decorated("@@inject_lore Tower", "@@inject_lore Sea"),
        decorated("@@inject_lore Sea", "@@end", "@@depth deep"),
        entry("a", extensions={"vectorized": True, "automation_id": "lamp"}),
        entry("b", extensions={"vectorized": True}),
    )
    said = [
        "Decorators that are not followed here: `@@inject_lore` (2 entries), `@@depth` (1 entry).",
        "Found by its keys only, not by its meaning (vectorized): 2 entries.",
        "Runs no script of SillyTavern's (automation id): 1 entry.",
    ]
    assert list(unfollowed.warnings([shelf])) == said
    found = Found(Kind.LOREBOOK, "lorebook_v3", Container.JSON, lorebooks=(shelf,))
    assert machinery.warnings(found) == said
    assert list(unfollowed.warnings([book(entry("a"), decorated("@@depth 1"))])) == []


@given(st.lists(LINES, max_size=5).map("\n".join))
def test_what_is_read_once_is_what_the_whole_content_says(content: str) -> None:
    found, text = decorators.parse(content)
    for _ in range(2):
        wished, told = wishes.parse(content)
        assert told == text
        assert bool(wished.said or wished.ignored) <= bool(found)


def test_the_same_top_of_two_contents_is_read_once() -> None:
    first, told = wishes.parse("@@depth 77\n@@role user\nOne.")
    second, other = wishes.parse("@@depth 77\n@@role user\nTwo.")
    assert (told, other) == ("One.", "Two.")
    assert first is second
