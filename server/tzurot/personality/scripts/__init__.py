"""Cards' regex scripts, and the patterns of strangers that they and lorebooks search with."""
