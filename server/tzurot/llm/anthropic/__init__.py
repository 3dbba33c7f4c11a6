"""Anthropic's own API, for Claude: https://platform.claude.com/docs/en/api/messages.

`model` asks and streams, over the HTTP client that all share; `request` is what is sent, `events`
how what comes back is read, `refusals` what errors mean. Why not through Anthropic's client
library: docs/decisions/0041.
"""
