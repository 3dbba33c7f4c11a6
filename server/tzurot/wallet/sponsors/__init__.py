"""Keys of moderators that pay for the members of a space. Read sponsors.py."""
