"""Macros that stand for a word or a text of the moment, and take no argument."""

from collections.abc import Callable, Mapping

from tzurot.personality.macros import dates
from tzurot.personality.macros.stage import Stage


def said(name: str, stage: Stage) -> str | None:
    """What a macro stands for; None if it is none of these. Never holds macros that are to run."""
    word = _WORDS.get(name)
    return word(stage) if word else None


def _last_message(stage: Stage) -> str:
    return stage.messages[-1].text if stage.messages else ""


def _last_by_character(stage: Stage) -> str:
    return next((it.text for it in reversed(stage.messages) if it.by_character), "")


def _last_by_person(stage: Stage) -> str:
    return next((it.text for it in reversed(stage.messages) if not it.by_character), "")


def _last_message_id(stage: Stage) -> str:
    """Counted from 0, as SillyTavern counts."""
    return str(len(stage.messages) - 1) if stage.messages else ""


def _context(stage: Stage) -> str:
    return str(stage.context_tokens) if stage.context_tokens else ""


_WORDS: Mapping[str, Callable[[Stage], str]] = {
    "char": lambda stage: stage.char,
    "user": lambda stage: stage.user,
    "persona": lambda stage: stage.texts.get("persona", ""),
    "model": lambda stage: stage.model,
    "maxprompt": _context,
    "lastmessage": _last_message,
    "lastusermessage": _last_by_person,
    "input": _last_by_person,
    "lastcharmessage": _last_by_character,
    "lastmessageid": _last_message_id,
    "noop": lambda _: "",
    "date": lambda stage: dates.formatted(stage.now, "LL"),
    "weekday": lambda stage: dates.formatted(stage.now, "dddd"),
    "isotime": lambda stage: dates.formatted(stage.now, "HH:mm"),
    "isodate": lambda stage: dates.formatted(stage.now, "YYYY-MM-DD"),
    "idle_duration": lambda stage: dates.idle(stage.now, stage.last_message_time),
}
