"""Conversations that come from elsewhere or go there, as trees of messages."""
