"""A backup of a shape as a folder: what it remembers of three people, knows, and was told."""

import json
from pathlib import Path
from typing import Any

from tests.transfer.handing import sample

ME, HER, HIM = "aaaa1111", "bbbb2222", "cccc3333"  # ids at the source
MINE = "They are afraid of the deep, and dive all the same."
HERS = "She hides her letters under the third stair."
OURS = "The two of them mended the lamp together."
THEIRS = "He and she spoke about the wreck of the Heron."
STORY = "The foghorn on Gull Rock sounds every ninety seconds in winter."


def memory(identity: str, text: str, *senders: str, day: int, **more: Any) -> dict[str, Any]:
    """A row of a backup; a day of May 2024 for its date."""
    when = 1714521600 + (day - 1) * 86400  # 2024-05-01T00:00:00Z
    return {
        "id": identity,
        "shape_id": "3f0c2a9e-6b1d-4c58-9a77-1d2e3f405162",
        "senders": list(senders),
        "result": text,
        "summary_type": "automatic",
        "created_at": when,
        "metadata": {"start_ts": when - 60, "end_ts": when, "discord_channel_id": "42"},
    } | more


MEMORIES = [
    memory("m1", MINE, ME, day=2),
    memory("m2", HERS, HER, day=3),
    memory("m3", OURS, ME, HER, day=4, group=True),
    memory("m4", THEIRS, HER, HIM, day=5, group=True),
    memory("m5", "Something that was deleted there.", ME, day=6, deleted=True),
]
STORIES = [
    {"id": "s1", "story_type": "general", "title": "The Foghorn", "content": STORY},
    {"id": "s2", "story_type": "general", "content": "Insert general knowledge here"},
    {"id": "s3", "story_type": None, "content": "Gone.", "deleted": True},
]
PERSON = {"preferred_name": "Ida", "pronouns": "she/her", "backstory": "{user} dives for wrecks."}
CHAT = [
    {"id": "c1", "message": "Is the lamp lit?", "reply": "It always is.", "ts": 1714700000.0},
    {"id": "c2", "message": "Even in storms?", "reply": "Most of all then.", "ts": 1714700100.0},
]


def build(root: Path, memories: list[dict[str, Any]] = MEMORIES) -> Path:
    """The folder; its path."""
    folder = root / "marta-lamp"
    folder.mkdir(parents=True)
    (folder / "marta-lamp.json").write_bytes(sample("shapes/marta_config.json"))
    for name, value in (
        ("memories", memories),
        ("knowledge", STORIES),
        ("user_personalization", PERSON),
        ("chat_history", CHAT),
    ):
        (folder / f"marta-lamp_{name}.json").write_text(json.dumps(value))
    return folder
