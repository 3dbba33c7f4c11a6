"""PDFs: handed to a process of its own, which may fail in any way without harm to this one."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tzurot.formats import caps
from tzurot.formats.unreadable import Problem, Unreadable

_WAIT = 4  # seconds of the clock for each of the CPU: others may want it, too
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # the rest holds secrets
_PRINT = "Open it and print it as a PDF again, or save its text as plain text."
_ENDED_BY_LIMIT = frozenset((-signal.SIGXCPU, -signal.SIGKILL))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a PDF says; `title` as its metadata has it, or empty."""

    text: str
    title: str


def read(data: bytes, *, seconds: int = caps.PDF_SECONDS) -> Taken:
    """The text of a PDF, its pages joined, in at most so many seconds of the CPU.

    Raises:
        Unreadable: it is damaged, locked, scanned, too long, or takes too much to read.
    """
    answer = _answer(data, seconds)
    if problem := answer.get("problem"):
        raise _refusal(Problem(problem))
    return Taken(answer["text"], answer["title"])


def _answer(data: bytes, seconds: int) -> dict[str, Any]:
    limits = (caps.TEXT_LENGTH, caps.PDF_PAGES, caps.PDF_MEMORY, seconds)
    try:
        done = subprocess.run(  # noqa: S603 - this very package
            [sys.executable, "-P", "-m", "tzurot.formats.texts.pdf_child", *map(str, limits)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            start_new_session=True,  # Ctrl-C is for the server
            timeout=seconds * _WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:  # it has been killed
        raise _refusal(Problem.TOO_MANY) from error
    if done.returncode in _ENDED_BY_LIMIT:
        raise _refusal(Problem.TOO_MANY)
    if done.returncode:
        raise _refusal(Problem.CORRUPT)
    return json.loads(done.stdout)


def _refusal(problem: Problem) -> Unreadable:
    return Unreadable(problem, _SENTENCES[problem])


_SENTENCES = {
    Problem.CORRUPT: f"The PDF is damaged or unusual: it can't be read. {_PRINT}",
    Problem.ENCRYPTED: "The PDF asks for a password: save it without one.",
    Problem.NOTHING_INSIDE: (
        "The PDF has no text in it; it may be scanned. Run text recognition (OCR) on it first."
    ),
    Problem.TOO_LARGE: (
        f"The PDF holds more than {caps.PDF_PAGES:,} pages or {caps.TEXT_LENGTH:,} characters: "
        "split it into several files."
    ),
    Problem.TOO_MANY: f"The PDF takes too much time or memory to read: split it. {_PRINT}",
}
