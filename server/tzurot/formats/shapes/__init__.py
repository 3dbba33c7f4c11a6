"""shapes.inc, which never had an official export: what people saved of its private endpoints.

`envelopes.py` reads one JSON file and `backup.py` several; both tell by `sniffing.py` what they
have before them and put together what the readers of each piece give (`part.py`): `config.py`,
`memories.py`, `stories.py`, `people.py`. What must not be kept is taken out by `privacy.py`.
"""

from tzurot.formats.shapes.backup import read_zip as read_zip
from tzurot.formats.shapes.envelopes import read as read
