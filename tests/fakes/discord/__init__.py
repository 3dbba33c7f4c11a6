"""A Discord for tests: REST, gateway and CDN over real sockets on one loopback port.

An unmodified discord.py runs against it, in the test's own loop or in another process. Begin with
`drive.py` (what a test does with it: `FakeDiscord`) and `stage.py` (people, places, what they say).
A request goes through `rest.py`: recorded, judged by `oracle.py` (the vendor's schema, pinned in
`tests/data/discord`) and `rules.py` (what the schema misses), counted by `limits.py`, answered by
`channels.py`, `webhooks.py`, `interactions.py` or `applications.py`, which change `state.py` and
let `gateway.py` tell about it. What people press, choose and fill in is in `controls.py`.

Assumed, never checked against the real service: how many requests a webhook may make (5 in 2 s),
that a repeated emoji name is refused, the refusal's code at 2,000 emojis (30008), that a webhook's
avatar may come from an emoji's address.
"""

from tests.fakes.discord.drive import FakeDiscord as FakeDiscord
from tests.fakes.discord.platform import PER_WEBHOOK as PER_WEBHOOK
from tests.fakes.discord.platform import Terms as Terms
