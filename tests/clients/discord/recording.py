"""Keeps what a test has shown on Discord, so that pictures can be made of it.

With `TZUROT_RECORD_SCREENS=<folder>` every test with a fake Discord leaves `<test>.json` there: a
list of what the bot has sent and that can be seen, in order, each with `method`, `template` and the
`body` as it went over the wire (messages, their edits, forms, completions, commands).
"""

import json
import os
import re
from pathlib import Path

from tests.fakes.discord import FakeDiscord

SEEN = re.compile(r"/callback$|/messages|/webhooks/\{webhook_id\}/\{webhook_token\}$|/commands$")


def record(fake: FakeDiscord, test: str) -> None:
    """Write the file of this test, if the environment asks for it."""
    folder = os.environ.get("TZUROT_RECORD_SCREENS")
    if not folder:
        return
    shown = [
        {"method": one.method, "template": one.template, "body": one.json}
        for one in fake.requests
        if one.json is not None and SEEN.search(one.template)
    ]
    name = re.sub(r"[^\w-]+", "-", test).strip("-")
    Path(folder).mkdir(parents=True, exist_ok=True)
    text = json.dumps(shown, indent=1, ensure_ascii=False)
    (Path(folder) / f"{name}.json").write_text(text, encoding="utf-8")
