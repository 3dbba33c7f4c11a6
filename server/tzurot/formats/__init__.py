"""Files of other programs: what they hold, and how ours are written for them.

Pure functions of bytes that know no room and touch nothing outside: `detection.read` takes a
file's bytes and gives one `Found`; the writers take values and give bytes. Start with `found.py`.
"""
