"""Lorebooks as they are stored, shared and edited; how they come up in a turn is in `lore`."""
