"""Decorators at the top of an entry's content: what is one, what begins the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats.lorebooks.decorators import Decorator, parse

NAMES = st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True)
VALUES = st.none() | st.from_regex(r"[a-z0-9,]{1,9}", fullmatch=True)


@pytest.mark.parametrize(
    ("content", "decorators", "text"),
    [
        ("Plain.", (), "Plain."),
        ("", (), ""),
        ("\n Plain.", (), "\n Plain."),  # without decorators nothing is trimmed
        ("@@depth 4\nBell.", (Decorator("depth", "4"),), "Bell."),
        ("@@activate\r\n\r\nBell.", (Decorator("activate"),), "Bell."),
        ("\n\n@@activate\n\n@@role user\n\nBell.\n", (Decorator("activate"),
         Decorator("role", "user")), "Bell.\n"),
        ("@@a 1\n@@@b 2\n@@@c\nBell.", (Decorator("a", "1"), Decorator("b", "2", True),
         Decorator("c", None, True)), "Bell."),
        ("@@depth 1\n@@depth 9\nBell.", (Decorator("depth", "1"), Decorator("depth", "9")),
         "Bell."),  # both are told; whoever follows them takes the first
        ("@@exclude_keys  noon, dusk \nBell.", (Decorator("exclude_keys", "noon, dusk"),), "Bell."),
        ("Mail me @@home.", (), "Mail me @@home."),
        ("Bell.\n@@depth 4", (), "Bell.\n@@depth 4"),  # only at the top
        ("@@depth 4\nBell.\n@@role user", (Decorator("depth", "4"),), "Bell.\n@@role user"),
        ("@@ depth\nBell.", (), "@@ depth\nBell."),
        ("@@@@depth\nBell.", (), "@@@@depth\nBell."),
        ("@@activate", (Decorator("activate"),), ""),
        ("@@activate\n", (Decorator("activate"),), ""),
        ("@@activate\n  Indented.", (Decorator("activate"),), "  Indented."),
    ],
)  # fmt: skip
def test_a_content_has_decorators_at_its_top(
    content: str, decorators: tuple[Decorator, ...], text: str
) -> None:
    assert parse(content) == (decorators, text)


@given(st.lists(st.builds(Decorator, NAMES, VALUES, st.booleans()), min_size=1, max_size=9))
def test_what_was_written_is_read(decorators: list[Decorator]) -> None:
    lines = [
        f"{'@@@' if one.fallback else '@@'}{one.name}" + (f" {one.value}" if one.value else "")
        for one in decorators
    ]
    assert parse("\n".join([*lines, "Bell."])) == (tuple(decorators), "Bell.")


@given(st.text())
def test_the_text_is_the_end_of_the_content(content: str) -> None:
    decorators, text = parse(content)
    assert content.endswith(text)
    assert decorators or text == content
