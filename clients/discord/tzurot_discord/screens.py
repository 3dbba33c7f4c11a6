"""Draws a flow as a Discord message, whatever the flow is about. Start with `draw`.

Every limit of Discord holds by construction. What has to be cut ends in an ellipsis, and the
message then offers the whole as a file. Buttons and selects come from `controls.py`.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import discord
from discord import ui

from tzurot_client.gen.tzurot.flow.v1 import Flow, FlowDocument, FlowItem, FlowProgress, FlowView
from tzurot_discord.controls import Row, rows_for
from tzurot_discord.custom_ids import CustomIds
from tzurot_discord.markup import fit, is_blank

# Characters; Discord "Embed Limits"
MAX_TITLE = 256
MAX_DESCRIPTION = 4096
MAX_EMBEDS = 6000

NOTICE, BODY, ERRORS, ITEMS = 700, 3400, 800, 3900  # characters at most of each part
MIN_ITEM = 40  # characters that each item of a list gets at least
BAR = 10  # signs of a progress bar

_BREAK: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it is to be shown."""

    title: str
    embeds: list[discord.Embed]
    rows: list[Row]
    document: FlowDocument | None = None

    def files(self) -> list[discord.File]:
        """What goes with it, anew for each time that it is sent."""
        it = self.document
        return [discord.File(BytesIO(it.content), it.name)] if it else []

    def view(self) -> ui.View:
        """The controls as discord.py sends them: stopped, so that it keeps nothing of them."""
        view = ui.View(timeout=None)
        view.stop()
        for number, row in enumerate(self.rows):
            for item in row:
                item.row = number
                view.add_item(item)
        return view


def draw(flow: Flow, ids: CustomIds, notice: str = "") -> Screen:
    """The flow as it stands; `notice` is the bot's own, above everything else."""
    view = flow.view or FlowView()
    parts = _Parts()
    title = parts.fit(flow.path if is_blank(view.title) else view.title, MAX_TITLE)
    for told in (notice, view.notice):
        parts.add(f"⚠️ {parts.fit(told, NOTICE)}" if not is_blank(told) else "")
    parts.add(parts.fit(view.body, BODY))
    refused = [f"**{field.label}**: {field.error}" for field in view.fields if field.error]
    parts.add(parts.fit("\n".join(refused), ERRORS))
    parts.add(_progress(parts, view.progress) if view.progress else "")
    room = MAX_EMBEDS - len(title) - parts.size - 2 * len(_BREAK) - 100  # 100: the footer
    parts.add(_list(parts, view.items, min(ITEMS, room)))

    rows, left_out = rows_for(flow, ids, cut=parts.cut)
    embeds = parts.embeds()
    embeds[0].title = title
    if left_out:
        embeds[-1].set_footer(text=f"{left_out} more choices than Discord can show here.")
    return Screen(title, embeds, rows, view.document)


class _Parts:
    """The parts of a message, and whether any of them had to be cut."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.cut = False

    @property
    def size(self) -> int:
        return len(_BREAK.join(self._parts))

    def fit(self, text: str, limit: int) -> str:
        shown, cut = fit(text, limit)
        self.cut = self.cut or cut
        return shown

    def add(self, part: str) -> None:
        if part:
            self._parts.append(part)

    def embeds(self) -> list[discord.Embed]:
        """All parts: in one embed, or in a second one where one can't hold them."""
        descriptions = [""]
        for part in self._parts:
            longer = f"{descriptions[-1]}{_BREAK}{part}".lstrip()
            if len(longer) <= MAX_DESCRIPTION:
                descriptions[-1] = longer
            else:
                descriptions.append(part)
        return [discord.Embed(description=text) for text in descriptions]


def _progress(parts: _Parts, progress: FlowProgress) -> str:
    label = parts.fit(progress.label, 200)
    done, total = max(0, progress.done_count), progress.total_count
    if total <= 0:
        return f"⏳ {label} {done or ''}".rstrip()
    filled = min(BAR, BAR * done // total)
    return f"⏳ {label}\n`{'█' * filled}{'░' * (BAR - filled)}` {done} of {total}"


def _list(parts: _Parts, items: list[FlowItem], room: int) -> str:
    """A line or more for each item, all of them sharing the room."""
    share = max(MIN_ITEM, room // max(1, len(items)) - 1)
    lines = list[str]()
    for place, item in enumerate(items):
        line = _item(parts, item, share)
        left = len(items) - place
        more = f"… and {left} more"
        if (len("\n".join([*lines, line, more])) > room and left > 1) or len(line) > room:
            parts.cut = True
            lines.append(more)
            break
        lines.append(line)
    return "\n".join(lines)


def _item(parts: _Parts, item: FlowItem, share: int) -> str:
    title = parts.fit(" ".join(item.title.split()), share // 2 - 4)
    bold = f"**{title}**" if title and "*" not in title and "`" not in title else title
    if is_blank(item.text):
        return bold
    text = parts.fit(item.text, share - len(bold) - 1)
    return f"{bold}\n{text}" if bold else text
