"""Page tokens: what goes in comes out, for the same list only; what nobody sealed is refused."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tzurot.errors import PageTokenInvalid, PageTokenMismatch
from tzurot.storage import pagination

filters = st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=4)


@given(st.text(max_size=80), filters)
def test_a_token_gives_back_the_position_it_was_made_of(
    position: str, wanted: Mapping[str, str]
) -> None:
    assert pagination.unseal(pagination.seal(position, wanted), wanted, str) == position


@given(st.text(max_size=80), filters)
def test_the_order_of_filters_does_not_matter(position: str, wanted: Mapping[str, str]) -> None:
    other_order = dict(reversed(list(wanted.items())))
    assert pagination.unseal(pagination.seal(position, wanted), other_order, str) == position


@given(st.text(max_size=80), filters, filters)
def test_a_token_is_no_good_for_a_list_with_other_filters(
    position: str, wanted: Mapping[str, str], others: Mapping[str, str]
) -> None:
    assume(wanted != others)
    with pytest.raises(PageTokenMismatch):
        pagination.unseal(pagination.seal(position, wanted), others, str)


@given(st.text(min_size=1, max_size=200))
def test_text_that_nobody_sealed_is_refused(token: str) -> None:
    with pytest.raises(PageTokenInvalid):
        pagination.unseal(token, {}, str)


@given(st.binary(min_size=1, max_size=100))
def test_bytes_that_nobody_sealed_are_refused(raw: bytes) -> None:
    with pytest.raises(PageTokenInvalid):
        pagination.unseal(base64.urlsafe_b64encode(raw).decode(), {}, str)


@given(st.text(max_size=40), st.integers(0, 10_000), st.integers(1, 255))
def test_a_token_with_one_byte_changed_is_refused(position: str, at: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(pagination.seal(position, {})))
    raw[at % len(raw)] ^= flip
    with pytest.raises(PageTokenInvalid):
        pagination.unseal(base64.urlsafe_b64encode(raw).decode(), {}, str)


@pytest.mark.parametrize("body", [b"1", b"[]", b'["a"]', b'{"a": 1, "b": 2}', b"null", b"\xff"])
def test_a_well_sealed_body_of_another_shape_is_refused(body: bytes) -> None:
    """Anybody can make such a digest: it guards against mistakes, not against malice."""
    digest = hashlib.blake2s(body, digest_size=12).digest()
    with pytest.raises((PageTokenInvalid, PageTokenMismatch)):
        pagination.unseal(base64.urlsafe_b64encode(digest + body).decode(), {}, str)


def test_no_token_is_the_first_page() -> None:
    assert pagination.unseal("", {"mine": "True"}, str) is None


def test_a_token_fits_into_the_field_that_carries_it() -> None:
    longest = pagination.seal("2026-11-24T19:23:14.000001+00:00 " + "f" * 36, {"x": "y" * 200})
    assert len(longest) <= 1024
    assert longest.isascii()


@given(st.lists(st.integers(), unique=True, max_size=50), st.integers(1, 60))
def test_cutting_page_by_page_goes_through_all_rows_once(rows: list[int], size: int) -> None:
    wanted = {"list": "rows"}
    seen: list[int] = []
    token = ""
    for _ in range(len(rows) + 1):
        after = pagination.unseal(token, wanted, str)
        left = rows[rows.index(int(after)) + 1 :] if after else rows
        page, token = pagination.cut(left[: size + 1], size, wanted, _itself)
        seen.extend(page)
        if not token:
            break
    assert seen == rows


@given(st.integers(0, 10**9))
def test_a_page_is_never_empty_by_wish_nor_larger_than_the_maximum(asked: int) -> None:
    assert 1 <= pagination.size(asked) <= pagination.MAXIMUM_SIZE
    assert pagination.size(0) == pagination.DEFAULT_SIZE


def test_a_digest_tells_names_from_values() -> None:
    pairs: Sequence[Mapping[str, str]] = [{"a": "b,c"}, {"a,b": "c"}, {"a": "b", "c": ""}]
    tokens = {pagination.seal("1", pair) for pair in pairs}
    assert len(tokens) == len(pairs)
    assert json.loads(base64.urlsafe_b64decode(tokens.pop())[12:])[1] == "1"


def _itself(row: int) -> int:
    return row


def test_a_made_up_position_is_an_invalid_token_and_no_fault_of_the_server() -> None:
    with pytest.raises(PageTokenInvalid):
        pagination.unseal(pagination.seal("no id", {}), {}, UUID)
