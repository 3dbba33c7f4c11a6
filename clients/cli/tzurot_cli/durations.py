"""How long something lasts, or how long ago it was, as people type it: 10m, 2h, 7d, 2w."""

import re
from datetime import timedelta

import typer

_TYPED = re.compile(r"(\d{1,6})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def typed(text: str) -> timedelta | None:
    """A duration; None if it is none."""
    found = _TYPED.fullmatch(text.strip().casefold())
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def read(text: str) -> timedelta:
    """A duration, for an option; whether it is too long is the server's to say.

    Raises:
        typer.BadParameter: it is none.
    """
    found = typed(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration: it must be like 10m, 2h or 7d.")
    return found
