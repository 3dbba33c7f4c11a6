"""The custom fields of a character as `character edit` shows and asks for them. Pure.

    fields → field → confirm

A field is named by its name: whoever changes another one meanwhile moves nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from tzurot.flow.kind import Answers, At, Draft, Refused, Step
from tzurot.flow.kinds import leafing
from tzurot.flow.views import ITEM, Action, Asks, Field, Item, Style, View, line
from tzurot.formats.custom_fields import MAX_FIELDS, MAX_NAME, key_of, name_of
from tzurot.formats.found import CustomField

FIELDS, FIELD, CONFIRM = "fields", "field", "confirm"
STEPS = (FIELDS, FIELD, CONFIRM)
LOOK = Action("custom_fields", "Custom fields")

_BACK = Action("back", "Back")
_BEFORE = {FIELDS: "overview", FIELD: FIELDS, CONFIRM: FIELD}  # where it goes back to
_TEXT = 200_000  # characters, as personality.proto has it
_SHOWN = 200  # characters of a field in the list
_LISTED, _LINE = 5, 80  # fields of an overview, and characters of each
_ASKED = ("field_name", "field_text", "field_told")
_SILENT = "Not told to the model"
_GONE = "That field is gone."
_UNDONE = "This cannot be undone."

Fields = Sequence[CustomField]


def item(fields: Fields) -> tuple[Item, ...]:
    """The line of an overview that tells of them, if there are any."""
    told = [line(f"{field.name}: {_text(field)}", _LINE) for field in fields[:_LISTED]]
    if len(fields) > _LISTED:
        told.append(f"and {len(fields) - _LISTED} more")
    return (Item("Custom fields", "\n".join(told)),) if fields else ()


def view(step: str, name: str, fields: Fields, draft: Draft, mark: str) -> View:
    """The list, one of them, or the question whether to remove it. `name` is the character's."""
    if step == FIELDS:
        return replace(_listed(name, fields, draft), mark=mark)
    field = _found(fields, draft)
    if field is None:
        return View("A custom field", _GONE, actions=(_BACK,), mark=mark)
    if step == CONFIRM:
        remove = Action("remove", "Remove it", Style.DANGER)
        return View(f"Remove {field.name}?", _UNDONE, actions=(_BACK, remove), mark=mark)
    actions = (
        _BACK,
        Action("save", "Change", Style.PRIMARY, asks=_ASKED),
        Action("ask", "Remove", Style.DANGER),
    )
    body = field.text if len(field.text) <= _SHOWN else f"{field.text[:_SHOWN]}…"
    return View(field.name, body, fields=_asked(field), actions=actions, mark=mark)


def first(at: At) -> Step:
    """The first page of the list."""
    return Step(FIELDS, leafing.first(at.draft))


def moved(fields: Fields, at: At, action: str, answers: Answers) -> Step:
    """Where an action leads that changes nothing."""
    match action:
        case "back":
            return Step(_BEFORE[at.step], at.draft)
        case "show":
            # Items are numbered through all pages.
            return Step(FIELD, {**at.draft, "field": key_of(fields[int(answers[ITEM][0])].name)})
        case "ask":
            return Step(CONFIRM, at.draft)
        case _:
            return Step(FIELDS, leafing.turned(at.draft, action, fields))


def written(fields: Fields, at: At, action: str, answers: Answers) -> list[CustomField] | None:
    """The fields as an action leaves them; None if it changes nothing.

    Raises:
        Refused: one would have no name, or that of another one.
    """
    before = _found(fields, at.draft)
    others = [it for it in fields if it is not before]
    match action:
        case "add":
            return [*fields, _entered(fields, answers)]
        case "save":
            new = _entered(others, answers)
            return [new if it is before else it for it in fields]
        case "remove":
            return others
        case _:
            return None


def _found(fields: Fields, draft: Draft) -> CustomField | None:
    """The field that is looked at, if it is still there."""
    return next((it for it in fields if key_of(it.name) == draft.get("field")), None)


def _entered(others: Fields, answers: Answers) -> CustomField:
    name, text, told = ("".join(answers.get(key, ())[:1]) for key in _ASKED)
    new = CustomField(name_of(name), text, told != "true")
    if not new.name:
        raise Refused(errors={"field_name": "This is needed."})
    if any(key_of(it.name) == key_of(new.name) for it in others):
        raise Refused(errors={"field_name": "Another one has this name."})
    return new


def _listed(name: str, fields: Fields, draft: Draft) -> View:
    add = Action("add", "Add a field", Style.PRIMARY, asks=_ASKED)
    numbered = list(enumerate(fields))
    return View(
        title=f"Custom fields of {name}",
        body="" if fields else "There is none yet. Each is told to the model as `Name: text`.",
        fields=_asked(CustomField("", "")),
        items=tuple(_item(number, it) for number, it in leafing.page(draft, numbered)),
        actions=(
            _BACK,
            *((add,) if len(fields) < MAX_FIELDS else ()),
            *leafing.actions(draft, numbered),
        ),
        item_action="show",
    )


def _item(number: int, field: CustomField) -> Item:
    return Item(field.name, line(_text(field), _SHOWN), str(number))


def _text(field: CustomField) -> str:
    return f"{_SILENT}. {field.text}" if field.silent else field.text


def _asked(field: CustomField) -> tuple[Field, ...]:
    return (
        Field(
            *("field_name", "Name", Asks.TEXT, "What it is about, such as Favorite lamp."),
            values=_one(field.name),
            required=True,
            max_length=MAX_NAME,
        ),
        Field("field_text", "Text", Asks.LONG_TEXT, values=_one(field.text), max_length=_TEXT),
        Field(
            *("field_told", "Told to the model?", Asks.BOOLEAN),
            values=("false" if field.silent else "true",),
        ),
    )


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
