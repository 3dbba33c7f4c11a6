"""What `make lint` runs besides ruff: each check is silent unless it fails."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
BASELINE = "tests/contract/baseline.binpb"  # how to make it: tests/contract/test_breaking.py
IMAGE = "buf build --path proto/tzurot -o -"

CHECKS = {
    "types": ["pyright"],
    "layers": ["lint-imports", "--no-cache"],
    "contracts": ["buf", "lint"],
    "format of contracts": ["buf", "format", "-d", "--exit-code"],
    "breaking changes of contracts": ["sh", "-c", f"{IMAGE} | buf breaking - --against {BASELINE}"],
}

GENERATED = (
    "server/buf",
    "clients/python/tzurot_client/gen",
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("server/tzurot/*/v1")),
)


def main() -> int:
    """Run all checks; what fails is printed whole."""
    failed = False
    for name, command in CHECKS.items():
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            failed = True
            print(f"--- {name}\n{result.stdout}{result.stderr}")
    for path in stale():
        failed = True
        print(f"--- generated code\n{path} is stale: run make proto")
    return int(failed)


def stale() -> list[str]:
    """Generated folders that differ from what the contracts give."""
    with tempfile.TemporaryDirectory() as folder:
        make = ["make", "-s", "proto", f"OUT={folder}"]
        subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
        return [
            path
            for path in GENERATED
            if subprocess.run(
                ["diff", "-rq", "-x", "__pycache__", ROOT / path, Path(folder) / path],
                capture_output=True,
                check=False,
            ).returncode
        ]


if __name__ == "__main__":
    sys.exit(main())
