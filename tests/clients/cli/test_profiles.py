"""Which server and token a command uses: options, then environment, profile and files."""

import json
from pathlib import Path

import pytest

from tzurot_cli.profiles import Given, TargetUnknown, find

NOTHING = Given(address=None, token=None, subject=None, profile=None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text("the owner's\n", "utf-8")
    return tmp_path


def given(**options: str) -> Given:
    return Given(**{"address": None, "token": None, "subject": None, "profile": None} | options)


def profiles(tmp_path: Path, text: str) -> dict[str, str]:
    folder = tmp_path / "config" / "tzurot"
    folder.mkdir(parents=True)
    (folder / "profiles.toml").write_text(text, "utf-8")
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "TZUROT_HOME": str(tmp_path)}


def test_without_anything_it_is_the_usual_address_with_the_owners_token(home: Path) -> None:
    target = find(NOTHING, {"TZUROT_HOME": str(home)})
    assert (target.address, target.token, target.tls) == ("127.0.0.1:50551", "the owner's", False)
    assert target.token_source == f"the token in {home / 'token'}"


def test_the_home_is_the_data_folder_of_the_desktop_standard(tmp_path: Path) -> None:
    (tmp_path / "tzurot").mkdir()
    (tmp_path / "tzurot" / "token").write_text("found", "utf-8")
    assert find(NOTHING, {"XDG_DATA_HOME": str(tmp_path)}).token == "found"


def test_a_running_server_tells_its_address(home: Path) -> None:
    told = json.dumps({"address": "127.0.0.1:4444", "pid": 1})
    (home / "server.json").write_text(told, "utf-8")
    environment = {"TZUROT_HOME": str(home)}
    assert find(NOTHING, environment).address == "127.0.0.1:4444"
    assert find(given(address="localhost:5555"), environment).address == "localhost:5555"


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"address'])
def test_a_broken_note_of_a_server_is_as_good_as_none(home: Path, broken: str) -> None:
    (home / "server.json").write_text(broken, "utf-8")
    assert find(NOTHING, {"TZUROT_HOME": str(home)}).address == "127.0.0.1:50551"


def test_tokens_are_looked_for_in_order(home: Path) -> None:
    environment = profiles(home, '[work]\ntoken = "of the profile"\n')
    file = home / "file"
    file.write_text("of the file\n", "utf-8")
    with_file = environment | {"TZUROT_TOKEN_FILE": str(file)}

    assert find(given(token="given", profile="work"), with_file).token == "given"
    assert find(given(profile="work"), with_file).token == "of the file"
    assert find(given(profile="work"), environment).token == "of the profile"
    assert find(NOTHING, environment).token == "the owner's"


def test_a_profile_names_a_server_its_token_file_and_its_authority(home: Path) -> None:
    file = home / "work.token"
    file.write_text("for work", "utf-8")
    environment = profiles(
        home,
        f'[work]\naddress = "tzurot.example:1"\ntoken_file = "{file}"\ntls = "/etc/ca.pem"\n'
        f'[plain]\naddress = "tzurot.example:1"\ntoken = "x"\ntls = false\n'
        f'[usual]\naddress = "tzurot.example:1"\ntoken = "x"\n',
    )
    work = find(given(profile="work"), environment)
    assert (work.address, work.token) == ("tzurot.example:1", "for work")
    assert (work.tls, work.insecure) == (Path("/etc/ca.pem"), False)
    plain = find(given(profile="plain"), environment)
    assert (plain.tls, plain.insecure) == (False, True)
    assert find(given(profile="usual"), environment).tls is True


def test_the_owners_token_never_goes_to_another_machine_unasked(home: Path) -> None:
    with pytest.raises(TargetUnknown, match=r"There is no token for tzurot\.example:1"):
        find(given(address="tzurot.example:1"), {"TZUROT_HOME": str(home)})


@pytest.mark.parametrize("address", ["localhost", ":1", "localhost:", "http://localhost"])
def test_what_is_no_address_is_told(home: Path, address: str) -> None:
    with pytest.raises(TargetUnknown, match="host:port"):
        find(given(address=address), {"TZUROT_HOME": str(home)})


def test_a_profile_or_file_that_is_not_there_is_told(home: Path) -> None:
    environment = profiles(home, "[work]\n")
    with pytest.raises(TargetUnknown, match=r"no profile \[play\]: it has work"):
        find(given(profile="play"), environment)
    with pytest.raises(TargetUnknown, match="No such file"):
        find(NOTHING, environment | {"TZUROT_TOKEN_FILE": str(home / "none")})
    (home / "config" / "tzurot" / "profiles.toml").write_text("[", "utf-8")
    with pytest.raises(TargetUnknown, match="is no TOML"):
        find(given(profile="work"), environment)
