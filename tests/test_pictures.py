"""The pictures of the docs show what the bot sends, and nothing in them sticks out.

`TZUROT_WRITE_PICTURES=1 make test ARGS=tests/test_pictures.py` writes them anew.
"""

import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from docs.pictures.canvas import Box
from docs.pictures.measure import Style, width
from docs.pictures.render import SCREENS, WIDTH, draw_all, drawn, recorded, svg
from docs.pictures.words import set_markdown, set_plain
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.provider import FakeProvider
from tests.walkthrough import Json, Screens, walk

PAGE = Path(__file__).parent.parent / "docs/how-to/discord-screens.md"
SHOWN = recorded()
TOLD = (
    "by",
    "command",
    "title",
    "label",
    "description",
    "text",
    "content",
    "name",
    "value",
    "placeholder",
)
LOOK = Style(14, "#ffffff")

pictures = pytest.mark.parametrize("picture", sorted(SHOWN))


async def test_the_pictures_show_what_the_bot_sends(
    running_server: RunningServer, provider: FakeProvider
) -> None:
    async with FakeDiscord.start() as fake:
        screens = await walk(fake, running_server, provider)
        fake.check()
    if os.environ.get("TZUROT_WRITE_PICTURES"):
        _write(screens)
    assert _lasting(recorded()) == _lasting(screens), "write the pictures anew: see this module"


@pictures
def test_a_picture_is_what_its_payloads_give(picture: str) -> None:
    kept = (SCREENS / f"{picture}.svg").read_text(encoding="utf-8")
    assert kept == svg(SHOWN[picture]), "run make docs"


@pictures
def test_no_text_leaves_its_box_nor_the_picture(picture: str) -> None:
    canvas = drawn(SHOWN[picture])
    whole = Box(0, 0, canvas.width, canvas.height)
    assert [one for one in canvas.texts if not one.within.holds(one.box)] == []
    assert [one for one in canvas.texts if not whole.holds(one.box)] == []


@pictures
def test_no_text_lies_upon_another(picture: str) -> None:
    texts = drawn(SHOWN[picture]).texts
    upon = [
        (one.text, other.text)
        for place, one in enumerate(texts)
        for other in texts[place + 1 :]
        if _overlap(one.box, other.box)
    ]
    assert upon == []


@pictures
def test_every_text_of_the_payloads_is_in_the_picture(picture: str) -> None:
    seen = "".join(_texts_of((SCREENS / f"{picture}.svg").read_text(encoding="utf-8")))
    told = list(_told(SHOWN[picture]))
    assert told
    assert [text for text in told if _bare(text) not in _bare(seen)] == []


def test_every_picture_is_on_the_page_and_the_page_has_no_other() -> None:
    named = re.findall(r"!\[[^\]]+\]\(\.\./pictures/screens/([\w-]+)\.svg\)", PAGE.read_text())
    assert sorted(named) == sorted(SHOWN)
    assert sorted(SHOWN) == sorted(file.stem for file in SCREENS.glob("*.svg"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two", ["one two"]),
        ("a **b c** d", ["a|b c|d"]),
        ("`a` `b`", ["a|b"]),
        ("snake\\_case", ["snake_case"]),
        ("⚠️ Mind", ["⚠️|Mind"]),
        ("2 * 3 * 4 **", ["2 * 3 * 4 **"]),
        ("- an item\nthe rest", ["an item", "the rest"]),
        ("a\n\nb", ["a", "", "b"]),
        ("W" * 30, ["W" * 15, "W" * 15]),
        ("`" + "x" * 40 + "`", ["x" * 25, "x" * 15]),
    ],
)
def test_a_text_is_set_in_lines(text: str, lines: list[str]) -> None:
    """W has 944 thousandths of 14 pixels, a sign of code 602 of 12.25."""
    found = set_markdown(text, LOOK, room=200)
    assert ["|".join(run.text for run in line.runs) for line in found] == lines


def test_a_line_of_a_list_begins_with_a_bullet_and_its_other_lines_with_room() -> None:
    first, second = set_markdown("- some words that need two lines", LOOK, room=130)
    assert (first.bullet, second.bullet) == (True, False)
    assert first.runs[0].x == second.runs[0].x > 0


def test_what_is_no_markdown_stays() -> None:
    (line,) = set_plain("**not bold** `here`", LOOK, room=WIDTH)
    assert [run.text for run in line.runs] == ["**not bold** `here`"]


def test_an_unknown_sign_is_as_wide_as_it_can_get() -> None:
    assert width("燈", LOOK) == LOOK.size


def test_a_message_with_everything_in_it_is_drawn() -> None:
    embed = {
        "title": "A title",
        "description": "Some *italics*",
        "color": 0xFF8800,
        "fields": [{"name": "A field", "value": "its value"}],
        "footer": {"text": "A footer"},
    }
    buttons = [
        {"type": 2, "style": style, "label": f"A button {style}", "disabled": style == 2}
        for style in (1, 2, 3, 4)
    ]
    menu = {"type": 3, "placeholder": "Choose one", "options": []}
    message = {
        "username": "Marta",
        "content": "Words",
        "embeds": [embed],
        "attachments": [{"filename": "text.txt"}],
        "components": [{"components": buttons}, {"components": [menu]}],
        "flags": 64,
    }
    shown = [{"message": message}]
    seen = _bare("".join(_texts_of(svg(shown))))
    assert [text for text in _told(shown) if _bare(text) not in seen] == []
    assert _bare("text.txt") in seen
    assert "#ff8800" in svg(shown)


def _write(screens: Screens) -> None:
    for file in SCREENS.iterdir():
        file.unlink()
    for picture, shown in screens.items():
        text = json.dumps(shown, indent=1, ensure_ascii=False) + "\n"
        (SCREENS / f"{picture}.json").write_text(text, encoding="utf-8")
    draw_all()


def _lasting(screens: Screens) -> Any:
    """Without how near a memory is: that differs a little from machine to machine."""
    return json.loads(re.sub(r"\d+%", "some %", json.dumps(screens)))


def _told(shown: list[Json]) -> list[str]:
    """All texts that are seen: the options of a message's select are not until it is opened."""
    found: list[str] = []

    def look(part: Any, *, in_form: bool) -> None:
        match part:
            case dict():
                texts = [part[key] for key in TOLD if isinstance(part.get(key), str)]
                is_option = "value" in part and part.get("type") is None and "label" in part
                found.extend(text for text in texts if not (is_option and text == part["value"]))
                for key, value in part.items():
                    if key != "options" or in_form:
                        look(value, in_form=in_form or key == "form")
            case list():
                for one in part:
                    look(one, in_form=in_form)
            case _:
                pass

    look(shown, in_form=False)
    return found


def _texts_of(picture: str) -> list[str]:
    """All that is written or drawn as a sign, in order."""
    return [
        part.get("aria-label") or part.text or ""
        for part in ElementTree.fromstring(picture).iter()  # noqa: S314 (we have drawn it)
        if part.tag.endswith("}text") or part.get("aria-label")
    ]


def _bare(text: str) -> str:
    """Letters, digits and signs without Markdown, bullets and spaces."""
    unlisted = re.sub(r"^- ", "", text, flags=re.MULTILINE)
    return re.sub(r"[\s*`\\]", "", unlisted)


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > 0.5 and down > 0.5
