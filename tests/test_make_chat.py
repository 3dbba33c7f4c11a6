"""The first command of the README, as a newcomer runs it: `make chat`, twice."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def chat(home: Path, said: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make chat` with a home of its own, the bundled model and no key."""
    kept = ("PATH", "HOME", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"TZUROT_HOME": str(home), "TZUROT_OLLAMA_URL": "http://127.0.0.1:9"}
    return subprocess.run(
        ["make", "-s", "chat", *arguments],
        cwd=ROOT,
        input=said,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_make_chat_answers_and_remembers_the_next_time(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = chat(home, "My name is Ada and I keep bees.\nWhat do I keep?\n")
    assert first.returncode == 0, first.stderr
    assert len([line for line in first.stdout.splitlines() if line.strip()]) >= 2
    assert "remembers:" not in first.stdout  # what is in sight is not recalled

    second = chat(home, "What is my name?\n")
    assert second.returncode == 0, second.stderr
    assert 'remembers: "My name is Ada and I keep bees." (today)' in second.stdout

    assert not (home / "server.json").exists()  # the last chat ended the server that it started
