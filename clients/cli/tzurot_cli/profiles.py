"""Which server a command talks to, with which token: options, environment, profile, then files.

Profiles are tables of `$XDG_CONFIG_HOME/tzurot/profiles.toml`, which is only read:

    [work]
    address = "tzurot.example:50551"
    token_file = "~/.config/tzurot/work.token"   # or token = "…"
    tls = "~/.config/tzurot/ca.pem"              # an authority; true is the default beyond
                                                 # this machine, false sends plaintext
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tzurot_client import is_loopback

DEFAULT_ADDRESS = "127.0.0.1:50551"


class TargetUnknown(Exception):
    """Nothing says which server or token is meant; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line and its environment say; None where they say nothing."""

    address: str | None
    token: str | None
    subject: str | None
    profile: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and as whom to call it."""

    address: str
    token: str
    token_source: str  # for a person: which token it is
    subject: str | None
    tls: bool | Path

    @property
    def insecure(self) -> bool:
        """Whether a profile asks for plaintext beyond this machine."""
        return self.tls is False


def find(given: Given, environment: Mapping[str, str]) -> Target:
    """The server and token that are meant.

    Raises:
        TargetUnknown: there is no token, or what was named cannot be read.
    """
    profile: Mapping[str, object] = {}
    if given.profile:
        profile = _profile(given.profile, environment)
    home = _home(environment)
    address = given.address or _text(profile, "address") or _running_address(home)
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise TargetUnknown(f"`{address}` is no address: write host:port, such as 127.0.0.1:50551.")
    token, source = _token(given, profile, environment, address)
    tls = profile.get("tls", not is_loopback(address))
    return Target(
        address=address,
        token=token,
        token_source=source,
        subject=given.subject,
        tls=tls if isinstance(tls, bool) else Path(str(tls)).expanduser(),
    )


def _token(
    given: Given, profile: Mapping[str, object], environment: Mapping[str, str], address: str
) -> tuple[str, str]:
    if given.token:
        return given.token, "this token"
    if file := environment.get("TZUROT_TOKEN_FILE"):
        return _read(Path(file)), f"the token in {file} (TZUROT_TOKEN_FILE)"
    if token := _text(profile, "token"):
        return token, f"the token of the profile {given.profile}"
    if file := _text(profile, "token_file"):
        return _read(Path(file).expanduser()), f"the token in {file} (profile {given.profile})"
    file = _home(environment) / "token"
    # The owner's token never leaves this machine unasked.
    if is_loopback(address) and file.exists():
        return _read(file), f"the token in {file}"
    raise TargetUnknown(
        f"There is no token for {address}: start a server with `make up` (it writes one to"
        f" {file}), or give one with --token or TZUROT_TOKEN."
    )


def _profile(name: str, environment: Mapping[str, str]) -> Mapping[str, object]:
    config = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    file = config / "tzurot" / "profiles.toml"
    try:
        profiles = tomllib.loads(_read(file))
    except tomllib.TOMLDecodeError as error:
        raise TargetUnknown(f"{file} is no TOML: {error}.") from error
    profile = profiles.get(name)
    if not isinstance(profile, dict):
        raise TargetUnknown(f"{file} has no profile [{name}]: it has {', '.join(profiles)}.")
    return {str(key): value for key, value in profile.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] # TOML


def _home(environment: Mapping[str, str]) -> Path:
    if home := environment.get("TZUROT_HOME"):
        return Path(home)
    data = environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "tzurot"


def _running_address(home: Path) -> str:
    """Where the server of this home says that it listens; the usual address if none does."""
    try:
        told = json.loads((home / "server.json").read_text("utf-8"))
        return str(told["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return DEFAULT_ADDRESS


def _text(profile: Mapping[str, object], key: str) -> str:
    return str(profile.get(key, ""))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TargetUnknown(f"{file} cannot be read: {reason}.") from error
