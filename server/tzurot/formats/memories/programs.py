"""How the memory layers write a memory: by which words a row is known, and what they mean here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tzurot.formats.documents import Json

Row = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Layer:
    """How one program writes a memory; of several words the first that says something counts."""

    format: str
    lists: tuple[str, ...]
    """Words under which a document may have its rows."""
    words: Mapping[str, tuple[str, ...]]
    owns: Callable[[Row], bool]
    """Whether a row is one of it."""

    @property
    def text_word(self) -> str:
        """Where it has what is remembered."""
        return self.words["text"][0]


MEM0 = Layer(
    "mem0",
    ("results", "memories"),
    {"text": ("memory",), "id": ("id",), "user": ("user_id",), "time": ("created_at",)},
    lambda row: "memory" in row and "id" in row and isinstance(row["memory"], str),
)
OPENMEMORY = Layer(
    "openmemory",
    ("memories", "items", "results"),
    {
        "text": ("content",),
        "id": ("id",),
        "user": ("user_id",),
        "time": ("created_at", "createdAt"),
        "sector": ("primary_sector",),
        "sectors": ("sectors",),
        "salience": ("salience",),
    },
    lambda row: (
        "id" in row
        and isinstance(row.get("content"), str)
        and bool({"created_at", "createdAt", "sectors", "primary_sector", "tags"} & row.keys())
    ),
)
PLAIN = Layer(
    "tzurot_memories",
    ("memories",),
    {"text": ("text",), "id": ("id",), "time": ("occur_time",), "answer": ("answer",)},
    lambda row: (
        isinstance(row.get("text"), str) and row.keys() <= {"text", "answer", "occur_time", "id"}
    ),
)
LAYERS = (MEM0, OPENMEMORY, PLAIN)
BY_FORMAT = {layer.format: layer for layer in (MEM0, OPENMEMORY)}
"""Those that get their rows back."""
