"""Whom and what memories are about, and how they hang together: as data and as a picture."""
