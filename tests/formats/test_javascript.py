"""Patterns of JavaScript: what they find is what a browser finds."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tzurot.formats import javascript


def found(written: str, text: str) -> list[str]:
    """All that a pattern finds, or the first alone without `g`."""
    expression = javascript.read(written)
    assert expression is not None
    matches = [match[0] for match in expression.pattern.finditer(text)]
    return matches if expression.every else matches[:1]


@pytest.mark.parametrize(
    ("written", "text", "finds"),
    [
        # how it is written
        ("a", "aAa", ["a"]),
        ("/a/g", "aAa", ["a", "a"]),
        ("/a/gi", "aAa", ["a", "A", "a"]),
        ("/a/gy", "ba", ["a"]),  # y is ignored
        ("/a/b/", "a/b", ["a/b"]),  # the last slash ends it
        ("/path/to/thing", "/path/to/thing", ["/path/to/thing"]),  # no flags: no slashes either
        (r"/<\/b>/", "</b>", ["</b>"]),
        # ASCII alone
        (r"/\d+/g", "1٣2", ["1", "2"]),
        (r"/\w+/g", "café", ["caf"]),
        (r"/\bcat\b/gi", "Cat, concat", ["Cat"]),
        (r"/[^\W\d]+/g", "a1é", ["a"]),
        (r"/[\D3]+/g", "1a٣3", ["a٣3"]),
        (r"/é/i", "É", ["É"]),
        # lines
        ("/a$/", "a\n", []),
        ("/^b$/gm", "a\r\nb\rb\u2028b", ["b", "b", "b"]),
        ("/a.c/g", "a\nc a\u2028c abc", ["abc"]),
        ("/a.c/gs", "a\nc", ["a\nc"]),
        (r"/<t>[\s\S]*?<\/t>/g", "<t>\n1</t> <t></t>", ["<t>\n1</t>", "<t></t>"]),
        # groups
        (r"/(?<q>['\"])x\k<q>/", "'x'", ["'x'"]),
        (r"/(?<a$>x)\1/", "xx", ["xx"]),
        (r"/(a)|b\1/g", "ab", ["a", "b"]),  # a group that found nothing is found everywhere
        (r"/(a\1)/", "aa", ["a"]),
        (r"/(?<=\$)\d/", "$5", ["5"]),
        # what other dialects read otherwise
        ("a{,2}", "a{,2}", ["a{,2}"]),
        ("a{e<=1}", "b a{e<=1}", ["a{e<=1}"]),
        ("]}", "]}", ["]}"]),
        ("[[:alpha:]]", ":]", [":]"]),
        ("[^]", "\n", ["\n"]),
        ("[]", "a", []),
        (r"[\w-.]+", "a-b.c d", ["a-b.c"]),
        (r"\A\z", "xAz", ["Az"]),
        (r"\x41\u0042\cI\0\101", "AB\t\0A", ["AB\t\0A"]),
        (r"\ud83d\ude00", "😀", ["😀"]),
        (r"/[\u{1F600}-\u{1F64F}]/u", "😀", ["😀"]),
        (r"/\p{L}+/u", "éa1", ["éa"]),
        (r"\p{L}", "p{L}", ["p{L}"]),
    ],
)
def test_it_finds_what_a_browser_finds(written: str, text: str, finds: list[str]) -> None:
    assert found(written, text) == finds


@pytest.mark.parametrize(
    "written",
    [
        *("", "*", "a**", "a++", "^*", "{2}", "(", ")", "(a", "a)", "[a", "[z-a]", "\\", "a{2,1}"),
        *("(?i)a", "(?>a)", "(?P<n>a)", "(?#a)", "(?R)", "(?<1>a)", "(?<>a)", r"(?<n>a)\k<m>"),
        *(r"/\k<n>/u", r"/\p{Nothing}/u", r"/\1/u", r"/\u{110000}/u", "/[a--b]/v", "/[[a]]/v"),
        *("a{9999999}", "(" * 60 + ")" * 60, "a" * (javascript.MAX_PATTERN + 1)),
    ],
)
def test_what_no_browser_reads_or_is_too_large_is_none(written: str) -> None:
    assert javascript.read(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "(?:" * 40 + "a" + "){2}" * 40,
        "(" * 40 + "a" + "){1,9}" * 40,
        "(?:" * 45 + "a" + ")+" * 45,
        "(?:ab){99999}",
        "(?:(?:ab){99}c){99}",
    ],
)
def test_what_would_fill_the_memory_is_none(written: str) -> None:
    assert javascript.read(written) is None


def test_names_tell_the_numbers_of_their_groups() -> None:
    expression = javascript.read(r"(a)(?<who>b)|[(?<no>](?:c)(?<what>d)|(?<who>e)")
    assert expression is not None
    assert expression.names == {"who": (2, 4), "what": (3,)}


signs = some.text(alphabet="ab1é[](){}*+?|^$.\\/-,<>=!:dDwWsSbBkpux\n", max_size=30)


@given(written=signs, flags=some.text(alphabet="dgimsuvyx", max_size=3), text=some.text(max_size=9))
@settings(max_examples=500)
def test_any_pattern_is_read_or_none(written: str, flags: str, text: str) -> None:
    for expression in (javascript.read(written), javascript.expression(written, flags)):
        if expression is not None:
            expression.pattern.search(text, timeout=1)


def test_the_largest_pattern_is_compiled_in_time() -> None:
    began = time.perf_counter()
    javascript.read("(a|b)" * (javascript.MAX_PATTERN // 5))
    javascript.read("[ab]" * (javascript.MAX_PATTERN // 4))
    assert time.perf_counter() - began < 30  # without a limit: hours
