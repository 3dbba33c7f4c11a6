"""The contract's Markdown becomes Discord's; everything else stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot_discord.markup import clamp, fit

UNTOUCHED = ("**bold**", "*italics*", "`code *_ @everyone`", "- a\n- b", "**a *b* `c`**", "2 - 1")


@pytest.mark.parametrize("text", UNTOUCHED)
def test_the_markdown_of_the_contract_stays(text: str) -> None:
    assert fit(text, 100) == (text, False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("snake_case_name", r"snake\_case\_name"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("~~no~~ ||no||", r"\~\~no\~\~ \|\|no\|\|"),
        ("# no\n> no\n-# no", "\\# no\n\\> no\n-\\# no"),
        ("a # b > c", "a # b > c"),
        ("[text](https://example.com)", r"\[text\](https://example.com)"),
        ("https://example.com/a_b", "https://example.com/a_b"),
        ("@everyone @here @ada", "@\u200beveryone @\u200bhere @ada"),
        ("<@1> <#2> <:x:3>", r"\<@1> \<#2> \<:x:3>"),
        ("```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`"),
        ("back\\slash", r"back\\slash"),
        ("**open", r"\*\*open"),
        ("**bold_er**", r"**bold\_er**"),
    ],
)
def test_other_markup_is_escaped(text: str, shown: str) -> None:
    assert fit(text, 100) == (shown, False)


@given(text=st.text(alphabet="ab *_`#>@\n\\", max_size=200), limit=st.integers(1, 100))
def test_a_text_is_never_longer_than_its_limit_and_a_cut_is_seen(text: str, limit: int) -> None:
    shown, cut = fit(text, limit)

    assert len(shown) <= limit
    assert shown.endswith("…") == cut


@given(text=st.text(max_size=200), limit=st.integers(2, 100))
def test_a_label_is_one_line_within_its_limit(text: str, limit: int) -> None:
    shown, cut = clamp(text, limit)

    assert len(shown) <= limit
    assert "\n" not in shown
    assert cut == (len(clamp(text, 10_000)[0]) > limit)
