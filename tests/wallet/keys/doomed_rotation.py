"""A rotation, two keys at a time, that stops at one step and never goes on.

python -m tests.wallet.keys.doomed_rotation after:tzurot.wallet.keys.rotation:_batch
"""

import asyncio
import sys

from tests.memory.doomed_worker import place_of, stopping
from tzurot import serving
from tzurot.config import Settings
from tzurot.wallet.keys import rotation


def main() -> None:
    """Be the real command, but for that step."""
    when, owner, name = place_of(sys.argv[1])

    def reached() -> None:
        print(f"stopped: {sys.argv[1]}", flush=True)

    rotation.BATCH = 2
    setattr(owner, name, stopping(getattr(owner, name), when, reached))
    print(asyncio.run(serving.rotate_keys(Settings.load())))


if __name__ == "__main__":
    main()
