"""Conversations as a whole: taking back resets, counting, deleting, and the note over them."""
