"""The command line `tzurot`: an ordinary client of the contracts.

Each group of commands is a file named after its room's word; `calling.py` is what they share.
`chat` is more than one call: `chat.py` has its loops, `talk.py` its state, `screen.py` its looks.
"""
