"""What characters are called: mentions, aliases, and the one order in which names are resolved."""
