"""Chats of other programs: read into one shape, and written as SillyTavern's JSON Lines.

Start with `sillytavern.py`; `others.py` reads Agnai, Character.AI and Oobabooga.
"""

from tzurot.formats.chats.others import read_json as read_json
from tzurot.formats.chats.sillytavern import read as read
from tzurot.formats.chats.writing import write_jsonl as write_jsonl
