"""Why a file was not fetched: one error, with a word for programs."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with an address, or with what answers there."""

    NOT_HTTPS = "not_https"
    BAD_ADDRESS = "bad_address"  # no name of a machine, another port, a password inside
    PRIVATE_ADDRESS = "private_address"
    UNRESOLVABLE = "unresolvable"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_STATUS = "bad_status"
    BAD_CERTIFICATE = "bad_certificate"
    BAD_RESPONSE = "bad_response"  # not HTTP, cut off, or compressed though nobody asked for it


class FetchRefused(Exception):
    """A file that was not fetched. `sentence` tells a person what is wrong."""

    def __init__(self, problem: Problem, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.sentence = sentence
