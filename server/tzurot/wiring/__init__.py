"""How the parts come together: the only room that knows all others. Read `parts.py`."""
