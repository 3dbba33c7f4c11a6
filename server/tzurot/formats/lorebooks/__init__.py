"""Lorebooks of all programs: read into one shape, and written back as they came.

    file → places (what it is, where its rows are) → a dialect (how one program writes an entry)

Start with `reading.py`; `writing.py` goes the same way back, changing only what differs.
"""

from tzurot.formats.lorebooks.reading import character_book as character_book
from tzurot.formats.lorebooks.reading import read as read
from tzurot.formats.lorebooks.writing import write as write
from tzurot.formats.lorebooks.writing import write_character_book as write_character_book
