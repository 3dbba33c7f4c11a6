"""Where master keys lie: a file that is nobody else's, or a variable."""

import base64
import os
from functools import partial
from pathlib import Path

import pytest

from tzurot.wallet.keys.master_keys import (
    MasterKeyMissing,
    MasterKeys,
    MasterKeysUnusable,
    Ring,
    in_file,
    write,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    keys = MasterKeys.new().with_new()
    path = tmp_path / "master-keys"
    write(path, keys)
    assert path.stat().st_mode & 0o777 == 0o600
    assert in_file(path) == keys
    assert list(in_file(path).keys) == list(keys.keys)  # the first one seals
    assert [it.name for it in tmp_path.iterdir()] == ["master-keys"]


def test_a_variable_has_them_in_one_line() -> None:
    keys = MasterKeys.new().with_new()
    assert MasterKeys.read(keys.written().replace("\n", ";")) == keys


def test_blank_lines_and_remarks_are_no_keys() -> None:
    keys = MasterKeys.new()
    assert MasterKeys.read(f"# of the server in Lisbon\n\n  {keys.written()}\n") == keys


@pytest.mark.parametrize(
    "text", ["", "# none\n", "secret", "0123456789ab c2hvcnQ=", "0123456789ab ***"]
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(MasterKeysUnusable) as refused:
        MasterKeys.read(text)
    assert "secret" not in str(refused.value)
    assert "c2hvcnQ" not in str(refused.value)


def test_a_key_under_another_ones_id_is_refused() -> None:
    one, other = MasterKeys.new(), MasterKeys.new()
    (key,) = other.keys.values()
    line = f"{one.current} {base64.urlsafe_b64encode(key).decode()}"
    with pytest.raises(MasterKeysUnusable):
        MasterKeys.read(line)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master-keys"
    write(path, MasterKeys.new())
    path.chmod(0o640)
    with pytest.raises(MasterKeysUnusable, match=f"chmod 600 {path}"):
        in_file(path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MasterKeysUnusable, match="no such file"):
        in_file(tmp_path / "nowhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_file_stays_the_account_s_that_had_it(tmp_path: Path) -> None:
    """Else a rotation by root would take it from the server."""
    path = tmp_path / "master-keys"
    write(path, MasterKeys.new())
    os.chown(path, 65534, 65534)
    write(path, MasterKeys.new())
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_a_file_that_can_not_be_read_any_more_takes_no_key_from_whoever_has_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "master-keys"
    write(path, MasterKeys.new())
    ring = Ring(partial(in_file, path))
    path.chmod(0o644)
    assert ring.opening(ring.keys.current) == ring.keys.keys[ring.keys.current]
    with pytest.raises(MasterKeyMissing):
        ring.opening("000000000000")


def test_a_link_in_its_place_is_replaced_not_followed(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "master-keys", tmp_path / "elsewhere"
    elsewhere.write_text("as it was")
    path.symlink_to(elsewhere)
    write(path, MasterKeys.new())
    assert not path.is_symlink()
    assert elsewhere.read_text() == "as it was"
