"""Ids are in the order in which they were made."""

from datetime import UTC, datetime, timedelta

from tzurot import clock


def test_ids_are_in_the_order_in_which_they_were_made() -> None:
    made = [clock.uuid7() for _ in range(200)]
    assert sorted(made) == made
    assert len(set(made)) == len(made)


def test_an_id_tells_its_time() -> None:
    then = datetime(2026, 3, 4, 5, 6, 7, 891_234, UTC)
    made = clock.uuid7(then)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(then.timestamp() * 1000)
    later = clock.uuid7(then + timedelta(microseconds=1))
    assert made < later < clock.uuid7(then + timedelta(milliseconds=1))


def test_a_time_before_1970_is_the_first() -> None:
    assert clock.uuid7(datetime(1900, 1, 1, tzinfo=UTC)).int >> 80 == 0
