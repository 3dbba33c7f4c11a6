"""What fell out of sight, in short: made of messages, never of summaries. See summarizing.py."""
