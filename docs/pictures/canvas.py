"""What a picture is drawn with: boxes, lines of text, a few signs. Becomes SVG.

Each text knows the box that it must not leave, so that a test can look.
"""

from dataclasses import dataclass, field
from html import escape

from docs.pictures.words import Line, Run

SANS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
MONO = "Menlo, 'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace"
CODE_BACK = "#1e1f22"
BULLET = 2.5  # pixels of radius


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: "Box") -> bool:
        """Whether the other one is inside; a twentieth of a pixel is nothing."""
        near = 0.05
        return (
            self.x <= other.x + near
            and self.y <= other.y + near
            and other.x + other.width <= self.x + self.width + near
            and other.y + other.height <= self.y + self.height + near
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A text where it stands, and the box that it belongs into."""

    text: str
    box: Box
    within: Box


@dataclass(slots=True)
class Canvas:
    """A picture that is being drawn."""

    width: float
    height: float = 0.0
    texts: list[Placed] = field(default_factory=list[Placed])
    _parts: list[str] = field(default_factory=list[str])

    def box(self, box: Box, fill: str, *, radius: float = 0, edge: str = "") -> None:
        """A box; `edge` is the color of a thin line around it."""
        line = f' stroke="{edge}"' if edge else ""
        self._parts.append(
            f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}"'
            f' height="{_n(box.height)}" rx="{_n(radius)}" fill="{fill}"{line}/>'
        )

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        """A disk around a point."""
        self._parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"/>')

    def path(self, steps: str, x: float, y: float, color: str, *, filled: bool = False) -> None:
        """A path in SVG's words, moved by x and y: filled, or a line."""
        paint = (
            f'fill="{color}"'
            if filled
            else f'fill="none" stroke="{color}" stroke-width="1.8" stroke-linecap="round"'
        )
        self._parts.append(f'<path transform="translate({_n(x)} {_n(y)})" d="{steps}" {paint}/>')

    def lines(self, lines: list[Line], within: Box, leading: float) -> float:
        """Draw lines from the box's top on, each `leading` pixels high; where the last one ends.

        A line without words is half as high.
        """
        y = within.y
        for line in lines:
            if line.bullet:
                self.circle(within.x + 9, y + leading / 2, BULLET, line.runs[0].style.color)
            for run in line.runs:
                self._run(run, within, y, leading)
            y += leading if line.runs else leading / 2
        return y

    def text(self, run: Run, x: float, y: float, within: Box) -> None:
        """A text whose baseline is at y."""
        style = run.style
        box = Box(x + run.x, y - style.size * 0.8, run.width, style.size)
        self.texts.append(Placed(run.text, box, within))
        look = f'font-size="{_n(style.size)}" fill="{style.color}"'
        look += ' class="c"' if style.code else ""
        look += ' font-weight="bold"' if style.bold else ""
        look += ' font-style="italic"' if style.italic else ""
        self._parts.append(
            f'<text x="{_n(box.x)}" y="{_n(y)}" {look} textLength="{_n(run.width)}"'
            f' lengthAdjust="spacingAndGlyphs">{escape(run.text, quote=False)}</text>'
        )

    def svg(self, background: str) -> str:
        """The whole picture."""
        size = f'width="{_n(self.width)}" height="{_n(self.height)}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{SANS}">',
                f"<style>.c{{font-family:{MONO};white-space:pre}}</style>",
                f'<rect {size} rx="8" fill="{background}"/>',
                *self._parts,
                "</svg>\n",
            ]
        )

    def _run(self, run: Run, within: Box, top: float, leading: float) -> None:
        baseline = top + leading / 2 + run.style.size * 0.35
        if run.is_sign:
            self._sign(run, within, baseline)
            return
        if run.style.code:
            back = Box(within.x + run.x - 3, top + 1, run.width + 6, leading - 2)
            self.box(back, CODE_BACK, radius=3)
        self.text(run, within.x, baseline, within)

    def _sign(self, run: Run, within: Box, baseline: float) -> None:
        x, y, size = within.x + run.x, baseline - run.style.size * 0.92, run.style.size * 1.15
        self.texts.append(Placed(run.text, Box(x, y, size, size), within))
        draw = _HOURGLASS if run.text == "⏳" else _WARNING
        self._parts.append(
            f'<g role="img" aria-label="{run.text}"'
            f' transform="translate({_n(x)} {_n(y)}) scale({_n(size / 16)})">{draw}</g>'
        )


def _n(number: float) -> str:
    """As short as it gets."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


_WARNING = (
    '<path d="M8 1.5 15.2 14.5H.8Z" fill="#f0b232" stroke="#f0b232" stroke-linejoin="round"/>'
    '<path d="M8 6v4.2M8 12.3v.2" stroke="#313338" stroke-width="1.7" stroke-linecap="round"/>'
)
_HOURGLASS = (
    '<path d="M3.5 1.5h9M3.5 14.5h9" stroke="#c9975b" stroke-width="2" stroke-linecap="round"/>'
    '<path d="M4.5 2v2.5L8 8l3.5-3.5V2ZM4.5 14v-2.5L8 8l3.5 3.5V14Z" fill="#b5d3e8"/>'
    '<path d="M5.6 4.6h4.8L8 7ZM5 14l3-2.6L11 14Z" fill="#f0b232"/>'
)
