"""Character files of Tzurot: our own export (`ours.py`), and that of Tzurot v2 (`v2.py`)."""

from tzurot.formats.tzurot.ours import Export as Export
from tzurot.formats.tzurot.ours import read as read_own
from tzurot.formats.tzurot.ours import write as write
from tzurot.formats.tzurot.v2 import read as read_v2

__all__ = ["read_own", "read_v2"]
