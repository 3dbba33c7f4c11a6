"""The placeholders of shapes.inc, in single braces, as ours: `{user}` → `{{user}}`."""

import re

_PLACEHOLDER = re.compile(r"(?<!\{)\{(user|shape)\}(?!\})", re.IGNORECASE)
_OURS = {"user": "{{user}}", "shape": "{{char}}"}


def convert(text: str) -> str:
    """`text` with `{user}` and `{shape}` in any case as `{{user}}` and `{{char}}`.

    Other braces stay, JSON's and our own double ones among them.
    """
    return _PLACEHOLDER.sub(lambda match: _OURS[match[1].lower()], text)
