"""A view as a plain text file, for what a message can't hold. Pure."""

from collections.abc import Iterable

from tzurot_client.gen.tzurot.flow.v1 import Flow, FlowField, FlowView


def whole(flow: Flow) -> str:
    """Everything of the view."""
    view = flow.view or FlowView()
    items = [f"{item.title}\n{item.text}".strip() for item in view.items]
    actions = "\n".join(f"- {action.label}" for action in view.actions)
    parts = [view.title, view.notice, view.body, *items, asked_texts(view.fields), actions]
    return "\n\n".join(part for part in parts if part)


def asked_texts(fields: Iterable[FlowField]) -> str:
    """The fields with their values and what is wrong with them."""
    return "\n\n".join(
        "\n".join(part for part in (f"{field.label}:", field.error, *field.values) if part)
        for field in fields
    )
