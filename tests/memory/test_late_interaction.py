"""Token states: kept in two bits, and compared with a question's."""

import numpy as np
import pytest

from tzurot.memory.late_interaction import BYTES, WIDTH, Matrix, likeness, packed, rotated, unpacked

FIRST = [-0.015625, -0.03125, 0.078125, 0.03125]  # of the first axis, once rotated


def states(count: int, seed: int = 1) -> Matrix:
    """States of length 1, none like another."""
    drawn = np.random.RandomState(seed).standard_normal((count, WIDTH)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_a_rotation_changes_no_likeness_and_is_always_the_same() -> None:
    some = states(20)
    np.testing.assert_allclose(rotated(some) @ rotated(some).T, some @ some.T, atol=1e-5)
    # What is kept in databases must be readable for ever.
    one = np.zeros((1, WIDTH), np.float32)
    one[0, 0] = 1
    assert rotated(one)[0, :4] == pytest.approx(FIRST, abs=1e-6)


def test_states_are_kept_in_two_bits_nearly() -> None:
    some = rotated(states(200))
    kept = packed(some)
    assert len(kept) == 200 * BYTES == 200 * WIDTH / 4
    again = unpacked(kept)
    cosines = (again * some).sum(axis=1) / np.linalg.norm(again, axis=1)
    assert cosines.min() > 0.9
    assert packed(again) == kept


def test_the_nearest_token_counts_by_its_square() -> None:
    some = rotated(states(5_000))  # of many, what they share is next to nothing
    asked = some[[7, 30]]
    near = likeness(asked, some, [10, 30, 4_960])
    assert near.shape == (2, 3)
    assert near[0, 0] == pytest.approx(1, abs=0.01)
    assert near[1, 1] == pytest.approx(1, abs=0.01)
    assert near[0, 1] == pytest.approx((some[7] @ some[10:40].T).max() ** 2, abs=0.02)


def test_what_all_texts_share_is_no_likeness() -> None:
    shared = states(1, seed=2)[0] * 2
    alike = states(4_000) + shared
    alike /= np.linalg.norm(alike, axis=1, keepdims=True)
    near = likeness(rotated(alike[:1]), rotated(alike[2_000:]), [2_000])
    assert (alike[0] @ alike[2_000:].T).max() ** 2 > 0.6
    assert near[0, 0] < 0.2


def test_a_single_text_keeps_what_it_says() -> None:
    some = rotated(states(8))
    assert likeness(some[:1], some, [8]).item() > 0.95
