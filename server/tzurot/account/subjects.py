"""Subjects: who a client acts for, such as `discord:123`, and the patterns that allow it."""

import re
from collections.abc import Iterable
from typing import NewType

from tzurot.errors import SubjectDenied

Subject = NewType("Subject", str)

OWNER = Subject("local:owner")  # whoever has the token file of a home

_SUBJECT = re.compile(r"[a-z]+:[A-Za-z0-9._-]{1,64}")


def parse(text: str) -> Subject:
    """The subject that `text` names.

    Raises:
        SubjectDenied: it names none.
    """
    if not _SUBJECT.fullmatch(text):
        raise SubjectDenied(text[:80])
    return Subject(text)


def allowed(subject: Subject, patterns: Iterable[str]) -> bool:
    """Whether one of `patterns` (a subject, `discord:*` or `*`) matches."""
    everyone_there = f"{subject.partition(':')[0]}:*"
    return any(pattern in ("*", everyone_there, subject) for pattern in patterns)
