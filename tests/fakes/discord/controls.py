"""What a person does with buttons, selects and forms → an interaction's data.

Checked as Discord's client does: only what is drawn can be used, only what fits can be entered.
"""

from collections.abc import Iterator, Mapping

from tests.fakes.discord.commands import resolved
from tests.fakes.discord.rules import nested
from tests.fakes.discord.state import Message, Upload
from tests.fakes.discord.wire import Json, items

BUTTON, SELECT, TEXT_INPUT, FILE_UPLOAD = 2, 3, 4, 19  # Discord "Component Type"

Answer = str | list[str] | Upload
"""The text of an input, labels of a select's options, or a file."""


def click_data(message: Message, label: str, *, option: bool = False) -> Json:
    """The data of pressing a button, or of choosing an option, by its label."""
    for one in nested(message.components):
        if not option and one["type"] == BUTTON and one.get("label") == label:
            return {"custom_id": one["custom_id"], "component_type": BUTTON}
        if option and one["type"] == SELECT:
            for offered in one["options"]:
                if offered["label"] == label:
                    chosen = {"custom_id": one["custom_id"], "component_type": SELECT}
                    return chosen | {"values": [offered["value"]]}
    raise LookupError(f"{label!r} is not among {labels(message)}")


def labels(message: Message) -> list[str]:
    """What can be pressed or chosen, in order."""
    found: list[str] = []
    for one in nested(message.components):
        if one["type"] == BUTTON:
            found.append(one["label"])
        found += [offered["label"] for offered in items(one, "options")]
    return found


def form_data(modal: Json, answers: Mapping[str, Answer]) -> Json:
    """The data of sending a form."""
    fields = {holder["label"]: holder["component"] for holder in modal["components"]}
    if unknown := answers.keys() - fields.keys():
        raise LookupError(f"no field {sorted(unknown)}; there are {list(fields)}")
    components = [
        {"type": 18, "id": place, "component": _entry(field, answers.get(label))}
        for place, (label, field) in enumerate(fields.items(), start=1)
    ]
    files = [answer for answer in answers.values() if isinstance(answer, Upload)]
    data: Json = {"custom_id": modal["custom_id"], "components": components}
    return data | (resolved(files) if files else {})


def _entry(field: Json, answer: Answer | None) -> Json:
    entry: Json = {"type": field["type"], "id": 1, "custom_id": field["custom_id"]}
    if field["type"] == TEXT_INPUT:
        text = field.get("value") or "" if answer is None else answer
        assert isinstance(text, str)
        if len(text) > (field.get("max_length") or 4000):
            raise ValueError(f"{len(text)} characters are more than the field takes")
        if field.get("required", True) and not text:
            raise ValueError(f"{field['custom_id']} is required")
        return entry | {"value": text}
    if field["type"] == FILE_UPLOAD:
        return entry | {"values": [answer.payload["id"]] if isinstance(answer, Upload) else []}
    return entry | {"values": list(_chosen(field, answer))}


def _chosen(field: Json, answer: Answer | None) -> Iterator[str]:
    wanted = [answer] if isinstance(answer, str) else answer
    for offered in field["options"]:
        default = answer is None and offered.get("default")
        if default or (isinstance(wanted, list) and offered["label"] in wanted):
            yield offered["value"]
