"""Who is meant where nobody is named: words for whoever speaks, is spoken to, or is spoken of.

In English, German and Spanish. Pure.
"""

import re

I = re.compile(  # noqa: E741 - the word itself
    r"\b(?:(?P<whose>my|mine|our|mein\w*|unser\w*|mi|mis|nuestr[oa]s?)"
    r"|i|me|we|us|ich|mich|mir|wir|uns|yo|nosotros)\b",
    re.I,
)
YOU = re.compile(
    r"\b(?:(?P<whose>your|yours|dein\w*|ihr|tu|tus)|you|du|dich|dir|euch|usted|tú|te)\b", re.I
)
SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|they|him|his|her|hers|them|their|er|ihm|sein|seine[mnrs]?|él|ella|ellos|ellas)\b",
    re.I,
)


def named(text: str, pronoun: re.Pattern[str], name: str) -> str:
    """A text with a name in place of the pronouns for one of the two: `I` or `YOU`."""

    def put(match: re.Match[str]) -> str:
        return f"{name}'s" if match["whose"] else name

    return pronoun.sub(put, text)


def says_whose(text: str, pronoun: re.Pattern[str]) -> bool:
    """Whether something belongs to one of the two."""
    return any(it["whose"] for it in pronoun.finditer(text))
