"""Moving in and out: files of other programs, previewed, applied as previewed, and given back.

`importing.py` is the story: a file is read (`formats`) and carried into the rooms in one go
(`arriving.py`, `companions.py`); a preview takes that back again. `exporting.py` is the way out.
Stands above all rooms whose things a file can hold, and knows no file format itself.
"""
