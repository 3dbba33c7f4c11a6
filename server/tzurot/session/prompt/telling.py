"""What was said, as sections of a prompt: the history's lines and the message. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from tzurot.llm.streaming import Role
from tzurot.session.prompt import marks
from tzurot.session.prompt.cast import Cast
from tzurot.session.prompt.sections import Section, section
from tzurot.session.turns import Line, Turn

_WORDLESS = "(no words with it)"  # of a message that only refers to something, or shows it


def message(turn: Turn, words: str, cast: Cast) -> Section:
    """The message that is answered, with the words that scripts left; or what is asked instead."""
    if turn.nudge:
        return section("message", turn.nudge)
    told = section("message", _spoken(cast.speaker, words or _WORDLESS, cast))
    return replace(told, rewritten=words != turn.text)


def line(it: Line, notes: Mapping[UUID, str], cast: Cast) -> Section:
    """A line of the history; `notes` tell what was attached, by turn."""
    return section("history", _words(it, notes, cast))


def lines(turn: Turn, told: Sequence[Line], notes: Mapping[UUID, str], cast: Cast) -> list[Section]:
    """Lines of the history; what scripts made of them is marked."""
    said = {it.message_id: it.text for it in turn.history}
    return [
        replace(line(it, notes, cast), rewritten=it.text != said.get(it.message_id, it.text))
        for it in told
    ]


def role(it: Line, cast: Cast) -> Role:
    """Whose words the model is to take for its own: the character's."""
    return Role.USER if it.by_person or cast.other(it) else Role.ASSISTANT


def _words(it: Line, notes: Mapping[UUID, str], cast: Cast) -> str:
    if it.by_person:
        note = notes.get(it.turn_id, "") if it.turn_id else ""
        text = f"{it.text}\n{note}".lstrip("\n") if note else it.text
        return _spoken(cast.name_of(it), text, cast)
    if other := cast.other(it):
        return marks.said(other, it.text, cast.alike)
    return it.text


def _spoken(name: str, text: str, cast: Cast) -> str:
    """What a person says; where several people can speak, with the speaker's name."""
    return marks.said(name, text, cast.alike) if cast.labelled else text
