"""Why a file can't be used: the one error of all readers, with a word for programs."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with a file."""

    NOT_RECOGNIZED = "not_recognized"
    NOT_SUPPORTED = "not_supported"  # detected, and named in the sentence
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    NO_CARD = "no_card"
    CORRUPT = "corrupt"
    ENCRYPTED = "encrypted"
    BLANK_NAME = "blank_name"
    WRONG_TYPE = "wrong_type"
    NOTHING_INSIDE = "nothing_inside"
    SEVERAL = "several"  # more than one character in one file


class Unreadable(Exception):
    """A file that can't be used. `sentence` tells a person what is wrong and what to do."""

    def __init__(self, problem: Problem, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.sentence = sentence
