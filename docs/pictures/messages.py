"""Draws messages: who speaks, the text, embeds, files, buttons and closed selects.

Distances and colors resemble the dark look of the app; nothing of it is copied.
"""

from typing import Any, Final

from docs.pictures.canvas import Box, Canvas
from docs.pictures.measure import Style, width
from docs.pictures.words import Run, set_markdown, set_plain

Json = dict[str, Any]  # Any: a payload as Discord defines it

BACK = "#313338"
TEXT, BRIGHT, MUTED, LINK = "#dbdee1", "#f2f3f5", "#a5abb3", "#4fb0ff"
EMBED, FIELD, BLUE = "#2b2d31", "#1e1f22", "#5865f2"
BUTTONS = {1: BLUE, 2: "#4e5058", 3: "#248046", 4: "#c93338", 5: "#4e5058"}
FACES = ("#3e70dd", "#2f7d5b", "#a8572c", "#8a4b94")

MARGIN, LEFT = 16.0, 72.0  # pixels from the picture's edge; of what is said
EMBED_WIDTH = 520.0
EPHEMERAL: Final = 64  # Discord "Message Flags"
ONLY_YOU = "Only you can see this"
_BUTTON, _SELECT = 2, 3  # Discord "Component Type"


def draw_said(canvas: Canvas, said: Json) -> None:
    """A person's own words."""
    top = canvas.height + MARGIN
    _speaker(canvas, said["by"], top, is_app=False)
    canvas.height = _content(canvas, said["text"], top + 22)


def draw_message(canvas: Canvas, message: Json, used: Json | None) -> None:
    """A message of the bot or of one of its webhooks; `used` is the command that it answers."""
    top = canvas.height + MARGIN
    if used:
        top = _command(canvas, used, top)
    _speaker(canvas, message["username"], top, is_app=True)
    canvas.height = top + 22
    if message.get("content"):
        canvas.height = _content(canvas, message["content"], canvas.height)
    for embed in message.get("embeds", []):
        _embed(canvas, embed)
    for attachment in message.get("attachments", []):
        _file(canvas, attachment["filename"])
    for row in message.get("components", []):
        _row(canvas, row["components"])
    if message.get("flags", 0) & EPHEMERAL:
        _only_you(canvas)


def label(canvas: Canvas, text: str, style: Style, x: float, baseline: float) -> float:
    """One line of text that goes on to the right as far as it does; where it ends."""
    run = Run(text, style, 0.0, width(text, style))
    canvas.text(run, x, baseline, Box(0, 0, canvas.width - MARGIN, baseline + style.size))
    return x + run.width


def button(canvas: Canvas, one: Json, x: float, y: float) -> None:
    """A button, as wide as its label."""
    box = Box(x, y, button_width(one), 32)
    style = Style(14, "#ffffff" if not one.get("disabled") else "#a0a2a6")
    color = BUTTONS[one["style"]] if not one.get("disabled") else "#3f4147"
    canvas.box(box, color, radius=8)
    run = Run(one["label"], style, 16.0, width(one["label"], style))
    canvas.text(run, x, y + 21, box)


def button_width(one: Json) -> float:
    """Pixels."""
    return width(one["label"], Style(14, "")) + 32


def _speaker(canvas: Canvas, name: str, top: float, *, is_app: bool) -> None:
    face = FACES[sum(map(ord, name)) % len(FACES)]
    canvas.circle(MARGIN + 20, top + 20, 20, face)
    initial = Style(18, "#ffffff", bold=True)
    letter = name[:1].upper()
    label(canvas, letter, initial, MARGIN + 20 - width(letter, initial) / 2, top + 26.5)
    end = label(canvas, name, Style(16, BRIGHT, bold=True), LEFT, top + 15)
    if is_app:
        canvas.box(Box(end + 6, top + 2.5, 32, 16), BLUE, radius=4)
        label(canvas, "APP", Style(10.5, "#ffffff", bold=True), end + 10.5, top + 14.3)


def _command(canvas: Canvas, used: Json, top: float) -> float:
    """The line that says who has used which command; where what follows begins."""
    canvas.path("M0 14V8a5 5 0 0 1 5-5h20", MARGIN + 20, top + 4, "#4e5058")
    name = label(canvas, used["by"], Style(14, TEXT, bold=True), LEFT, top + 12)
    end = label(canvas, "used", Style(14, MUTED), name + 5, top + 12)
    label(canvas, used["command"], Style(14, LINK), end + 5, top + 12)
    return top + 24


def _content(canvas: Canvas, text: str, top: float) -> float:
    room = Box(LEFT, top, canvas.width - LEFT - MARGIN, 10_000)
    return canvas.lines(set_markdown(text, Style(16, TEXT), room.width), room, 22)


def _embed(canvas: Canvas, embed: Json) -> None:
    """A card; its height is known when its texts are set."""
    inside = EMBED_WIDTH - 32
    parts = [(set_markdown(text, style, inside), gap) for text, style, gap in _texts(embed)]
    heights = [gap + sum(19 if line.runs else 9.5 for line in lines) for lines, gap in parts]
    card = Box(LEFT, canvas.height + 6, EMBED_WIDTH, sum(heights) + 20)
    color = f"#{embed['color']:06x}" if embed.get("color") else FIELD
    canvas.box(Box(card.x, card.y, 10, card.height), color, radius=4)
    canvas.box(Box(card.x + 4, card.y, card.width - 4, card.height), EMBED, radius=4)
    y = card.y + 6
    for lines, gap in parts:
        room = Box(card.x + 16, y + gap, inside, card.y + card.height - y - gap)
        y = canvas.lines(lines, room, 19)
    canvas.height = card.y + card.height


def _texts(embed: Json) -> list[tuple[str, Style, float]]:
    """The texts of an embed from top to bottom, each with the gap above it."""
    found = [(embed.get("title"), Style(16, BRIGHT, bold=True), 6.0)]
    found.append((embed.get("description"), Style(14, TEXT), 6.0))
    for field in embed.get("fields", []):
        found.append((field["name"], Style(14, BRIGHT, bold=True), 8.0))
        found.append((field["value"], Style(14, TEXT), 2.0))
    found.append((embed.get("footer", {}).get("text"), Style(12, MUTED), 8.0))
    return [(text, style, gap) for text, style, gap in found if text]


def _file(canvas: Canvas, name: str) -> None:
    chip = Box(LEFT, canvas.height + 8, 340, 52)
    canvas.box(chip, EMBED, radius=8, edge="#3f4147")
    canvas.path("M0 0h12l6 6v18H0ZM12 0v6h6", chip.x + 16, chip.y + 14, "#c4c9ce")
    room = Box(chip.x + 50, chip.y + 16, chip.width - 66, chip.height - 16)
    canvas.lines(set_plain(name, Style(15, LINK), room.width), room, 20)
    canvas.height = chip.y + chip.height


def _row(canvas: Canvas, components: list[Json]) -> None:
    if components[0]["type"] == _SELECT:
        _select(canvas, components[0])
        return
    x, y = LEFT, canvas.height + 8
    for one in components:
        if x > LEFT and x + button_width(one) > canvas.width - MARGIN:
            x, y = LEFT, y + 40
        button(canvas, one, x, y)
        x += button_width(one) + 8
    canvas.height = y + 32


def _select(canvas: Canvas, one: Json) -> None:
    box = Box(LEFT, canvas.height + 8, 400, 40)
    canvas.box(box, FIELD, radius=8, edge="#3f4147")
    text = Run(one["placeholder"], Style(15, MUTED), 12, width(one["placeholder"], Style(15, "")))
    canvas.text(text, box.x, box.y + 25, Box(box.x, box.y, box.width - 36, box.height))
    canvas.path("M0 0l5 5 5-5", box.x + box.width - 26, box.y + 18, "#c4c9ce")
    canvas.height = box.y + box.height


def _only_you(canvas: Canvas) -> None:
    y = canvas.height + 10
    canvas.path(
        "M0 5q7-9 14 0q-7 9-14 0ZM5.5 5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0", LEFT, y + 2, MUTED
    )
    label(canvas, ONLY_YOU, Style(12, MUTED), LEFT + 21, y + 11)
    canvas.height = y + 14
