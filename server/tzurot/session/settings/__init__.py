"""What people decide about conversations, tier by tier, and what counts of it."""
