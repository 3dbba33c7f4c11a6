"""Presets: a model and what is set of its requests. Read `presets.py`."""
