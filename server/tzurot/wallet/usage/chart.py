"""What was spent day by day, as a picture.

One bar a day, in dollars, or in tokens where nothing was paid. The same sums look the same each
time.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from tzurot.wallet.catalogue import price
from tzurot.wallet.usage.usage import Told

_WIDTH, _HEIGHT = 1000, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 110, 24, 24, 52  # around the bars
_FONT = 20
_LINES = 4  # above the ground
_LABELS = 6  # days that are named at most
_LEAST_MICROS = 400  # of the scale: sums of money are told to the hundredth of a cent

_BACK, _INK, _FAINT, _BAR = "#ffffff", "#1c1f26", "#d4d8e0", "#3a7bd5"


def png(told: Told) -> bytes:
    """The picture of usage that was added up by day: each day of its span has a place."""
    days = _days(told)
    costs = any(it.cost_micros for it in told.groups)
    heights = {
        date.fromisoformat(it.key): (it.cost_micros or 0)
        if costs
        else it.prompt_tokens + it.completion_tokens
        for it in told.groups
    }
    top = _round_above(max((_LEAST_MICROS if costs else 0, *heights.values())))
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _BACK)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(_FONT)
    for line in range(_LINES + 1):
        level = top * line // _LINES
        y = _y(level, top)
        draw.line((_LEFT, y, _WIDTH - _RIGHT, y), fill=_INK if line == 0 else _FAINT)
        label = price.dollars(level) if costs and level else f"{level:,}"
        draw.text((_LEFT - 10, y), label, fill=_INK, font=font, anchor="rm")
    for number, day in enumerate(days):
        left, right = _edges(number, len(days))
        if heights.get(day):
            box = (left, _y(heights[day], top), right, _y(0, top))
            draw.rectangle(box, fill=_BAR)
        if number % -(-len(days) // _LABELS) == 0:
            at = ((left + right) / 2, _HEIGHT - _BOTTOM + 12)
            draw.text(at, f"{day:%d %b}", fill=_INK, font=font, anchor="ma")
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _days(told: Told) -> Sequence[date]:
    first, last = told.span.start.date(), told.span.end.date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _round_above(most: int) -> int:
    """The least of 4, 8, 12, 20, 40 … that is no smaller: a scale of whole and round steps."""
    power = 1
    while True:
        for step in (1, 2, 3, 5):
            if _LINES * step * power >= most:
                return _LINES * step * power
        power *= 10


def _y(value: int, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _edges(number: int, count: int) -> tuple[float, float]:
    """Where a day's bar begins and ends: a fifth of its room stays free."""
    room = (_WIDTH - _LEFT - _RIGHT) / count
    left = _LEFT + room * (number + 0.1)
    return left, max(left + 1, left + room * 0.8)
