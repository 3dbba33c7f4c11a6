"""The form of an action, and what to do about texts that Discord's forms can't hold."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from tzurot_client.gen.tzurot.flow.v1 import (
    Choice,
    Flow,
    FlowAction,
    FlowAnswer,
    FlowField,
    FlowView,
    ValueKind,
)
from tzurot_discord.controls import MAX_OPTIONS, Offer, buttons
from tzurot_discord.custom_ids import MAX_CUSTOM_ID, Control, CustomIds, Step, Verb
from tzurot_discord.markup import clamp, fit, is_blank
from tzurot_discord.screens import Screen

# Discord "Modal" and "Component Reference"
MAX_FIELDS = 5
MAX_TITLE = MAX_LABEL = 45  # characters
MAX_TEXT = 100  # characters of a description, of an option
MAX_VALUE = 4000  # characters that can be entered

NOTHING: Final = "∅"
"""Stands for a choice whose value is empty: Discord has no empty values."""

_TRUTH = [Choice(value="true", label="Yes"), Choice(value="false", label="No")]
_CHOSEN = (ValueKind.CHOICE, ValueKind.CHOICES, ValueKind.BOOLEAN)


def asked(flow: Flow, action: FlowAction) -> list[FlowField]:
    """The fields that the action asks, in its order."""
    fields = {field.key: field for field in (flow.view or FlowView()).fields}
    return [fields[key] for key in action.asks if key in fields]


def is_drawable(flow: Flow, action: FlowAction) -> bool:
    """Whether Discord has a form for it."""
    keys = {field.key for field in asked(flow, action) if 0 < len(field.key) <= MAX_CUSTOM_ID}
    return 0 < len(keys) == len(action.asks) <= MAX_FIELDS


def too_long(fields: Iterable[FlowField]) -> list[FlowField]:
    """Those whose text is longer than what can be entered."""
    return [field for field in fields if not _choices(field) and len(_text(field)) > MAX_VALUE]


def form(flow: Flow, step: Step, action: FlowAction, ids: CustomIds) -> ui.Modal:
    """The form that asks what the action asks; texts that are too long are cut."""
    control = Control(flow.id, flow.etag, replace(step, verb=Verb.SUBMIT))
    title = "Edit" if is_blank(action.label) else clamp(action.label, MAX_TITLE)[0]
    modal = ui.Modal(title=title, custom_id=ids.write(control))
    modal.stop()  # nothing of it is kept: what is sent back says all
    for field in asked(flow, action):
        label = field.key if is_blank(field.label) else field.label
        told = field.description if is_blank(field.error) else field.error
        labeled = ui.Label[Any](
            text=clamp(label, MAX_LABEL)[0],
            description=clamp(told, MAX_TEXT)[0] or None,
            component=_input(field),
        )
        modal.add_item(labeled)
    return modal


def warning(flow: Flow, step: Step, action: FlowAction, ids: CustomIds) -> Screen:
    """What is shown in place of a form that would cut something."""
    lines = [
        f"**{field.label}** has {len(_text(field)):,} characters, but a form on Discord holds"
        f" {MAX_VALUE:,}. If you edit it here, the last {len(_text(field)) - MAX_VALUE:,}"
        " characters are **cut off** as soon as you send the form."
        for field in too_long(asked(flow, action))
    ]
    title = fit(action.label, 200)[0]
    embed = discord.Embed(title=title, description=fit("\n".join(lines), MAX_VALUE)[0])
    rows = buttons(
        flow,
        ids,
        Offer(replace(step, verb=Verb.READ_ASKED), "View all"),
        Offer(replace(step, verb=Verb.CUT), f"Edit the first {MAX_VALUE} characters…"),
        Offer(Step(Verb.REDRAW), "Cancel"),
    )
    return Screen(title, [embed], rows)


def answers(values: dict[str, list[str]]) -> list[FlowAnswer]:
    """What was entered."""
    return [
        FlowAnswer(key=key, values=["" if value == NOTHING else value for value in entered])
        for key, entered in values.items()
    ]


def _input(field: FlowField) -> ui.Item[Any]:
    if field.kind is ValueKind.FILE:
        least = 1 if field.required else 0
        return ui.FileUpload[Any](
            custom_id=field.key, required=field.required, min_values=least, max_values=1
        )
    return _select(field) if _choices(field) else _text_input(field)


def _text_input(field: FlowField) -> ui.TextInput[Any]:
    text = _text(field)[:MAX_VALUE]
    long = field.kind is ValueKind.LONG_TEXT or "\n" in text
    most = field.max_length if 0 < field.max_length <= MAX_VALUE else MAX_VALUE
    return ui.TextInput[Any](
        custom_id=field.key,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=text or None,
        required=field.required,
        max_length=max(most, len(text)),  # what is there already may be longer: the server says so
    )


def _select(field: FlowField) -> ui.Select[Any]:
    several = field.kind is ValueKind.CHOICES
    chosen = field.values if several else field.values[:1]
    options = [
        discord.SelectOption(
            label=clamp(choice.value if is_blank(choice.label) else choice.label, MAX_TEXT)[0]
            or NOTHING,
            value=choice.value or NOTHING,
            description=clamp(choice.description, MAX_TEXT)[0] or None,
            default=choice.value in chosen,
        )
        for choice in _choices(field)
    ]
    return ui.Select[Any](
        custom_id=field.key,
        options=options,
        required=field.required,
        min_values=1 if field.required else 0,
        max_values=len(options) if several else 1,
    )


def _choices(field: FlowField) -> list[Choice]:
    """The values to choose from, each once; none where text is entered."""
    if field.kind not in _CHOSEN:
        return []
    offered = field.choices or (_TRUTH if field.kind is ValueKind.BOOLEAN else [])
    return list({choice.value: choice for choice in offered}.values())[:MAX_OPTIONS]


def _text(field: FlowField) -> str:
    return "" if field.kind is ValueKind.FILE or not field.values else field.values[0]
