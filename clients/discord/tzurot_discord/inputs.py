"""What an interaction carries, in our words. Pure: Discord's JSON in, values out."""

from pydantic import BaseModel, JsonValue

_SUBCOMMANDS = (1, 2)  # Discord "Application Command Option Type"
_FILE_UPLOAD = 19  # Discord "Component Type"


class Attachment(BaseModel):
    """A file on Discord's CDN."""

    id: str
    filename: str
    size: int
    """Bytes."""
    url: str


class Sender(BaseModel):
    """Who a message is by, or mentions."""

    id: int = 0
    username: str = ""
    global_name: str | None = None


class Target(BaseModel):
    """The message that a command was used on."""

    id: int = 0
    author: Sender = Sender()
    content: str = ""
    mentions: list[Sender] = []
    application_id: int = 0
    """The application that it was sent by through a webhook or in answer to a command."""


class Resolved(BaseModel):
    """What the ids in an interaction stand for."""

    attachments: dict[str, Attachment] = {}
    messages: dict[str, Target] = {}


class Option(BaseModel):
    """A word of a command or a value for one of its arguments."""

    name: str
    type: int
    value: JsonValue = None
    options: list["Option"] = []
    focused: bool = False


class Command(BaseModel):
    """A slash command that was sent or is being typed."""

    name: str
    options: list[Option] = []
    resolved: Resolved = Resolved()

    @property
    def path(self) -> str:
        """All its words."""
        return " ".join([self.name, *(word.name for word in self._words)])

    @property
    def target(self) -> Target:
        """The message that it was used on."""
        return next(iter(self.resolved.messages.values()), Target())

    @property
    def arguments(self) -> dict[str, str]:
        """What was given, files aside."""
        return {
            option.name: _text(option.value)
            for option in self._given
            if str(option.value) not in self.resolved.attachments
        }

    @property
    def files(self) -> list[Attachment]:
        """What was attached, in order."""
        known = self.resolved.attachments
        return [known[str(one.value)] for one in self._given if str(one.value) in known]

    @property
    def focused(self) -> tuple[str, str]:
        """The argument that is being typed, and what of it."""
        typed = next((option for option in self._given if option.focused), None)
        return (typed.name, _text(typed.value)) if typed else ("", "")

    @property
    def _words(self) -> list[Option]:
        words, options = list[Option](), self.options
        while options and options[0].type in _SUBCOMMANDS:
            words.append(options[0])
            options = options[0].options
        return words

    @property
    def _given(self) -> list[Option]:
        words = self._words
        return words[-1].options if words else self.options


class Click(BaseModel):
    """A button that was pressed, or a select with what was chosen."""

    custom_id: str
    values: list[str] = []


class Entry(BaseModel):
    """What was entered in one field of a form."""

    custom_id: str
    type: int
    value: str | None = None
    values: list[str] = []


class Label(BaseModel):
    """A field of a form."""

    component: Entry


class Form(BaseModel):
    """A form that was sent."""

    custom_id: str
    components: list[Label]
    resolved: Resolved = Resolved()

    @property
    def values(self) -> dict[str, list[str]]:
        """What was entered by field; files are in `files`."""
        entries = [label.component for label in self.components]
        return {
            one.custom_id: one.values if one.value is None else [one.value]
            for one in entries
            if one.type != _FILE_UPLOAD
        }

    @property
    def files(self) -> dict[str, Attachment]:
        """The file by field."""
        return {
            label.component.custom_id: self.resolved.attachments[value]
            for label in self.components
            if label.component.type == _FILE_UPLOAD
            for value in label.component.values[:1]
        }


def _text(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
