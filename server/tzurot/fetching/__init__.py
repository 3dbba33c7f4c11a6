"""Files from the open internet, and nothing from this machine or its neighbors.

Whoever types an address chooses where this server connects to (server-side request forgery).
`targets` says which addresses are open to everybody; `fetcher` connects to nothing else.
"""
