"""Sealed keys open where they belong, with the master key that sealed them, and nowhere else."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.wallet.keys.master_keys import MasterKeyMissing, MasterKeys, Ring
from tzurot.wallet.keys.sealing import Bound, SealBroken, Sealed, reseal, seal, unseal

HERE = Bound(uuid4(), "person 1", "openrouter")
SECRET = "sk-or-v1-0123456789abcdef"


class Vault:
    """Master keys that change under a ring, as a file of theirs does."""

    def __init__(self) -> None:
        self.keys = MasterKeys.new()
        self.ring = Ring(lambda: self.keys)

    def rotated(self) -> Ring:
        """The ring of the process that rotates."""
        self.keys = self.keys.with_new()
        return Ring(lambda: self.keys)


@given(st.text(min_size=1))
def test_what_is_sealed_opens_where_it_belongs(secret: str) -> None:
    ring = Vault().ring
    sealed = seal(secret, HERE, ring)
    assert unseal(sealed, HERE, ring) == secret
    if len(secret.encode()) > 3:  # fewer bytes can be there by chance
        assert secret.encode() not in sealed.secret + sealed.data_key


def test_two_seals_of_the_same_have_nothing_in_common() -> None:
    ring = Vault().ring
    one, other = (seal(SECRET, HERE, ring) for _ in range(2))
    assert one.secret[12:] != other.secret[12:]
    assert one.data_key[12:] != other.data_key[12:]


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, row_id=uuid4()),
        replace(HERE, owner="person 2"),
        replace(HERE, provider="openai"),
        replace(HERE, address="https://llm.example.org/v1"),
        replace(HERE, owner="person 1open", provider="router"),
    ],
    ids=["another row", "another owner", "another provider", "an address", "the same letters"],
)
def test_what_was_moved_does_not_open(elsewhere: Bound) -> None:
    ring = Vault().ring
    sealed = seal(SECRET, HERE, ring)
    with pytest.raises(SealBroken):
        unseal(sealed, elsewhere, ring)
    with pytest.raises(SealBroken):
        reseal(sealed, elsewhere, ring)


def test_parts_of_two_keys_make_none() -> None:
    """Not even where both are the same person's of the same provider in the same row."""
    ring = Vault().ring
    one, other = seal(SECRET, HERE, ring), seal(SECRET, HERE, ring)
    for mixed in (replace(one, secret=other.secret), replace(one, data_key=other.data_key)):
        with pytest.raises(SealBroken):
            unseal(mixed, HERE, ring)
    with pytest.raises(SealBroken):  # a data key is no secret, though both are sealed alike
        unseal(replace(one, secret=one.data_key), HERE, ring)


@given(st.data())
def test_of_what_was_changed_nothing_opens(data: st.DataObject) -> None:
    ring = Vault().ring
    sealed = seal(SECRET, HERE, ring)
    part = data.draw(st.sampled_from(["secret", "data_key"]))
    whole: bytes = getattr(sealed, part)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    for it in (bytes(changed), cut):
        with pytest.raises(SealBroken):
            unseal(replace(sealed, **{part: it}), HERE, ring)


def test_another_replica_follows_a_rotation() -> None:
    vault = Vault()
    before = seal(SECRET, HERE, vault.ring)
    elsewhere = vault.rotated()
    assert unseal(before, HERE, elsewhere) == SECRET
    after = reseal(before, HERE, elsewhere)
    assert after.master_key_id == vault.keys.current != before.master_key_id
    assert after.secret == before.secret
    assert unseal(after, HERE, vault.ring) == SECRET  # though it was made before


def test_without_its_master_key_nothing_opens() -> None:
    vault = Vault()
    sealed = seal(SECRET, HERE, vault.ring)
    ring = vault.rotated()
    vault.keys = vault.keys.without(sealed.master_key_id)
    ring.reread()
    with pytest.raises(MasterKeyMissing) as missing:
        unseal(sealed, HERE, ring)
    assert missing.value.key_id == sealed.master_key_id
    under_the_new_one = replace(sealed, master_key_id=vault.keys.current)
    with pytest.raises(SealBroken):
        unseal(under_the_new_one, HERE, ring)


def test_nothing_that_is_shown_of_it_tells_it() -> None:
    vault = Vault()
    sealed: Sealed = seal(SECRET, HERE, vault.ring)
    shown = repr((sealed, vault.keys, vault.ring))
    assert SECRET not in shown
    assert all(
        key.hex() not in shown and repr(key) not in shown for key in vault.keys.keys.values()
    )
