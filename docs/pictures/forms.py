"""Draws a form: its title, a labeled input for each question, and the buttons below.

Selects are drawn open, so that one sees what there is to choose.
"""

from typing import Any

from docs.pictures.canvas import Box, Canvas
from docs.pictures.measure import Style, width
from docs.pictures.messages import (
    BLUE,
    BRIGHT,
    EMBED,
    FIELD,
    MUTED,
    TEXT,
    button,
    button_width,
    label,
)
from docs.pictures.words import Line, Run, set_plain

Json = dict[str, Any]  # Any: a payload as Discord defines it

WIDTH, PAD = 480.0, 20.0
EDGE = "#4a4d55"
DROP = "Drop a file here, or browse"
_SELECT, _TEXT_INPUT, _FILE_UPLOAD = 3, 4, 19  # Discord "Component Type"
_PARAGRAPH = 2  # Discord "Text Input Style"


def draw_form(canvas: Canvas, form: Json) -> None:
    """A form in front of everything else."""
    left = (canvas.width - WIDTH) / 2
    sketch = Canvas(canvas.width, canvas.height + 24)  # to know how high it gets
    _inside(sketch, form, left)
    sheet = Box(left, canvas.height + 24, WIDTH, sketch.height - canvas.height - 24)
    canvas.box(sheet, "#3a3c42", radius=8)
    canvas.height += 24
    _inside(canvas, form, left)
    canvas.height += 8


def _inside(canvas: Canvas, form: Json, left: float) -> None:
    x, room = left + PAD, WIDTH - 2 * PAD
    top = canvas.height
    title = set_plain(form["title"], Style(20, BRIGHT, bold=True), room - 30)
    canvas.height = canvas.lines(title, Box(x, top + 18, room - 30, 100), 26)
    canvas.path("M0 0l11 11M11 0l-11 11", left + WIDTH - PAD - 11, top + 25, MUTED)
    for question in form["components"]:
        _question(canvas, question, Box(x, canvas.height + 16, room, 10_000))
    y = canvas.height + 24
    submit, cancel = {"label": "Submit", "style": 1}, {"label": "Cancel", "style": 2}
    right = left + WIDTH - PAD - button_width(submit)
    button(canvas, submit, right, y)
    button(canvas, cancel, right - 8 - button_width(cancel), y)
    canvas.height = y + 32 + PAD


def _question(canvas: Canvas, question: Json, room: Box) -> None:
    asked = question["component"]
    y = room.y
    end = label(canvas, question["label"], Style(15, BRIGHT, bold=True), room.x, y + 14)
    if asked.get("required"):
        label(canvas, "*", Style(15, "#f47b7f", bold=True), end + 4, y + 15)
    y += 20
    if told := question.get("description"):
        lines = set_plain(told, Style(13, MUTED), room.width)
        y = canvas.lines(lines, Box(room.x, y, room.width, 1000), 18)
    _DRAWN[asked["type"]](canvas, asked, Box(room.x, y + 6, room.width, 10_000))


def _text_input(canvas: Canvas, asked: Json, room: Box) -> None:
    lines = set_plain(asked.get("value") or "", Style(15, TEXT), room.width - 24)
    least = 2 if asked["style"] == _PARAGRAPH else 1
    field = Box(room.x, room.y, room.width, 20 * max(least, len(lines)) + 20)
    canvas.box(field, FIELD, radius=6, edge=EDGE)
    canvas.lines(lines, Box(field.x + 12, field.y + 10, field.width - 24, field.height - 20), 20)
    canvas.height = field.y + field.height


def _select(canvas: Canvas, asked: Json, room: Box) -> None:
    options = [(one, _option(one, room.width - 60)) for one in asked["options"]]
    heights = [14 + 19.0 * len(lines) for _, lines in options]
    field = Box(room.x, room.y, room.width, sum(heights) + 8)
    canvas.box(field, FIELD, radius=6, edge=EDGE)
    y = field.y + 4
    for (one, lines), height in zip(options, heights, strict=True):
        canvas.lines(lines, Box(field.x + 12, y + 7, room.width - 60, height - 7), 19)
        mark = Box(field.x + field.width - 32, y + height / 2 - 9, 18, 18)
        canvas.box(mark, BLUE if one.get("default") else EMBED, radius=4, edge="#80848e")
        if one.get("default"):
            canvas.path("M0 4l4 4 7-8", mark.x + 3.5, mark.y + 5, "#ffffff")
        y += height
    canvas.height = field.y + field.height


def _option(one: Json, room: float) -> list[Line]:
    described = (
        set_plain(one["description"], Style(13, MUTED), room) if "description" in one else []
    )
    return [*set_plain(one["label"], Style(15, TEXT), room), *described]


def _file_upload(canvas: Canvas, _: Json, room: Box) -> None:
    field = Box(room.x, room.y, room.width, 84)
    canvas.box(field, FIELD, radius=6, edge=EDGE)
    middle = field.x + field.width / 2
    canvas.path("M0 8l8-8 8 8M8 0v18M-6 14v8h28v-8", middle - 8, field.y + 16, MUTED)
    style = Style(13, MUTED)
    canvas.text(
        Run(DROP, style, 0, width(DROP, style)),
        middle - width(DROP, style) / 2,
        field.y + 66,
        field,
    )
    canvas.height = field.y + field.height


_DRAWN = {_SELECT: _select, _TEXT_INPUT: _text_input, _FILE_UPLOAD: _file_upload}
