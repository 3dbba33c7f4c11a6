"""How a key lies in the database: sealed for its owner, provider and row. Pure but for chance.

Envelope encryption with AES-256-GCM (NIST SP 800-38D): each key is sealed with a data key of its
own, and that with a master key. Both are bound to where they belong by additional data, so that
what is moved to another row, owner, provider or address does not open. A rotation seals data keys
anew and leaves what they seal alone.
"""

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tzurot.wallet.keys.master_keys import KEY_BYTES, Ring

_NONCE_BYTES = (
    12  # 96 bits, by chance: a data key seals once, a master key far less than 2^32 times
)


class SealBroken(Exception):
    """What is sealed was changed, or belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a key belongs."""

    row_id: UUID
    owner: str
    provider: str
    address: str = ""
    """Where it is sent; empty where the provider alone says that."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A key as it is stored."""

    master_key_id: str
    data_key: bytes = field(repr=False)
    """Nonce and sealed data key."""
    secret: bytes = field(repr=False)
    """Nonce and sealed key."""


def seal(secret: str, bound: Bound, ring: Ring) -> Sealed:
    """Seal a key where it belongs."""
    data_key = AESGCM.generate_key(8 * KEY_BYTES)
    master_key_id, master_key = ring.sealing()
    return Sealed(
        master_key_id,
        _sealed(master_key, data_key, _of(bound, f"data key {master_key_id}")),
        _sealed(data_key, secret.encode(), _of(bound, "secret")),
    )


def unseal(sealed: Sealed, bound: Bound, ring: Ring) -> str:
    """The key itself.

    Raises:
        MasterKeyMissing: it is sealed with a master key that isn't here.
        SealBroken: it was changed, or belongs elsewhere.
    """
    data_key = _data_key(sealed, bound, ring)
    return _opened(data_key, sealed.secret, _of(bound, "secret")).decode()


def reseal(sealed: Sealed, bound: Bound, ring: Ring) -> Sealed:
    """The same with its data key sealed by the current master key.

    Raises:
        MasterKeyMissing, SealBroken: as `unseal`.
    """
    data_key = _data_key(sealed, bound, ring)
    master_key_id, master_key = ring.sealing()
    again = _sealed(master_key, data_key, _of(bound, f"data key {master_key_id}"))
    return Sealed(master_key_id, again, sealed.secret)


def _data_key(sealed: Sealed, bound: Bound, ring: Ring) -> bytes:
    master_key = ring.opening(sealed.master_key_id)
    return _opened(master_key, sealed.data_key, _of(bound, f"data key {sealed.master_key_id}"))


def _of(bound: Bound, what: str) -> bytes:
    """The additional data. Each part has its length before it: no two places have the same."""
    parts = [what, str(bound.row_id), bound.owner, bound.provider]
    parts += [bound.address] if bound.address else []
    return b"".join(len(it.encode()).to_bytes(4, "big") + it.encode() for it in parts)


def _sealed(key: bytes, words: bytes, belonging: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, words, belonging)


def _opened(key: bytes, sealed: bytes, belonging: bytes) -> bytes:
    nonce, words = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, words, belonging)
    except (InvalidTag, ValueError):
        raise SealBroken from None
