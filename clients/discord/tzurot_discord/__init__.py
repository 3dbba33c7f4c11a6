"""The Discord bot: translates between Discord and the contracts, and holds no rule of its own.

Start with `incoming.py` (what happens when a message comes in) and `outgoing.py` (how a character
answers). Dialogues are the server's flows: `interactions.py` takes commands, clicks and forms,
`screens.py` draws whatever the server shows. Who answers, what is remembered and what a turn may
cost are the server's business.
"""
