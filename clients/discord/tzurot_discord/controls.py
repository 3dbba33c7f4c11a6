"""The buttons and selects of a flow: which there are, and how they fit into a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import discord
from discord import ui
from discord.utils import as_chunks

from tzurot_client.gen.tzurot.flow.v1 import Flow, FlowActionStyle, FlowState, FlowView
from tzurot_discord.custom_ids import Control, CustomIds, Step, Verb
from tzurot_discord.markup import clamp, is_blank

# Discord "Component Reference"
MAX_ROWS = MAX_BUTTONS = 5
MAX_OPTIONS = 25
MAX_LABEL = 80  # characters of a button
MAX_OPTION = 100  # characters of an option: its label, its description, its value
MAX_PLACEHOLDER = 150  # characters

FEW_ROWS = 2  # of buttons: as long as they are no more, nothing hides in a select
ITEM_ROWS = 3  # of items at most where there are actions too

SHOW_ALL: Final = "Show everything"
REFRESH: Final = "Refresh"
_UNNAMED: Final = "…"
_STYLES: Mapping[FlowActionStyle, discord.ButtonStyle] = {
    FlowActionStyle.PRIMARY: discord.ButtonStyle.primary,
    FlowActionStyle.DANGER: discord.ButtonStyle.danger,
}

Row = list[ui.Button[Any] | ui.Select[Any]]  # Any: the view that it is shown in


CHOOSE: Final = Step(Verb.CHOOSE)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done; it becomes a button or an option of a select."""

    step: Step
    label: str
    text: str = ""
    style: FlowActionStyle = FlowActionStyle.SECONDARY


def rows_for(flow: Flow, ids: CustomIds, *, cut: bool) -> tuple[list[Row], int]:
    """The rows of controls, and how many offers found no place; `cut`: the text is not whole."""
    view = flow.view or FlowView()
    if flow.state not in (FlowState.OPEN, FlowState.WORKING):
        items, actions = list[Offer](), list[Offer]()
    else:
        items, actions = _items(view), _actions(view)
    room = ITEM_ROWS if actions else MAX_ROWS
    labels_cut = any(clamp(offer.label, MAX_LABEL)[1] for offer in actions)
    if cut or labels_cut or len(items) > room * MAX_OPTIONS:
        actions = [Offer(Step(Verb.READ), SHOW_ALL), *actions]
    if flow.state is FlowState.WORKING:
        actions.append(Offer(Step(Verb.REDRAW), REFRESH))
    made = _Rows(flow, ids)
    room = ITEM_ROWS if actions else MAX_ROWS
    placeholder = _placeholder(view)
    made.add_selects(items[: room * MAX_OPTIONS], placeholder, Step(Verb.ITEM, 0, view.item_action))
    left_out = len(items[room * MAX_OPTIONS :]) + made.add_actions(actions)
    return made.rows, left_out


def buttons(flow: Flow, ids: CustomIds, *offers: Offer) -> list[Row]:
    """Rows with these buttons, five at most in each."""
    made = _Rows(flow, ids)
    made.add_buttons(list(offers))
    return made.rows


class _Rows:
    """Rows of controls that are being filled."""

    def __init__(self, flow: Flow, ids: CustomIds) -> None:
        self._flow = flow
        self._ids = ids
        self.rows: list[Row] = []

    def add_actions(self, offers: list[Offer]) -> int:
        """Buttons if they are few; else those that open a form go into a select, then all do.

        How many found no place even so.
        """
        offers = sorted(offers, key=lambda offer: offer.style is FlowActionStyle.DANGER)
        room = MAX_ROWS - len(self.rows)
        asking = [offer for offer in offers if offer.step.verb is Verb.ASK]
        others = [offer for offer in offers if offer.step.verb is not Verb.ASK]
        if len(offers) <= MAX_BUTTONS * min(FEW_ROWS, room):
            self.add_buttons(offers)
        elif ceil(len(asking) / MAX_OPTIONS) + ceil(len(others) / MAX_BUTTONS) <= room:
            self.add_selects(asking, "Choose what to edit")
            self.add_buttons(others)
        else:
            self.add_selects(offers[: room * MAX_OPTIONS], "Choose what to do")
        return max(0, len(offers) - room * MAX_OPTIONS)

    def add_selects(self, offers: list[Offer], placeholder: str, step: Step = CHOOSE) -> None:
        """As many selects as it takes."""
        for part in as_chunks(offers, MAX_OPTIONS):
            # Rows have numbers, so that no two ids of a message are the same.
            numbered = Step(step.verb, len(self.rows), step.key)
            select = ui.Select[Any](custom_id=self._id(numbered), placeholder=placeholder)
            for offer in part:
                select.add_option(
                    label=_shown(offer.label, MAX_OPTION),
                    value=offer.step.text(MAX_OPTION),
                    description=clamp(offer.text, MAX_OPTION)[0] or None,
                )
            self.rows.append([select])

    def add_buttons(self, offers: list[Offer]) -> None:
        """Five in a row."""
        for part in as_chunks(offers, MAX_BUTTONS):
            self.rows.append([self._button(offer) for offer in part])

    def _button(self, offer: Offer) -> ui.Button[Any]:
        return ui.Button[Any](
            custom_id=self._id(offer.step),
            label=_shown(offer.label, MAX_LABEL),
            style=_STYLES.get(offer.style, discord.ButtonStyle.secondary),
        )

    def _id(self, step: Step) -> str:
        return self._ids.write(Control(self._flow.id, self._flow.etag, step))


def _items(view: FlowView) -> list[Offer]:
    if not view.item_action:
        return []
    return [
        Offer(Step(Verb.ITEM, place, item.key), item.title, item.text)
        for place, item in enumerate(view.items)
        if item.key
    ]


def _actions(view: FlowView) -> list[Offer]:
    """Every action but that of the items, which needs one."""
    return [
        Offer(
            Step(Verb.ASK if action.asks else Verb.TAKE, place, action.key),
            action.label,
            style=action.style,
        )
        for place, action in enumerate(view.actions)
        if not (view.item_action and action.key == view.item_action)
    ]


def _placeholder(view: FlowView) -> str:
    labels = [action.label for action in view.actions if action.key == view.item_action]
    return _shown(labels[0], MAX_PLACEHOLDER) if labels else "Choose one"


def _shown(label: str, limit: int) -> str:
    return _UNNAMED if is_blank(label) else clamp(label, limit)[0]
