"""The dialogues: one file each, built in `wiring/dialogues.py`, read from top to bottom.

A kind declares its `path`, `summary` and `arguments`, and answers three questions: `start` (where
does it begin), `view` (what is shown at this step), `take` (what does this answer do, and where
does it go on). The machine in `flows.py` does the rest: it checks that an action is offered and its
answers fit the fields, takes an answer once, keeps what was entered when an answer is refused, adds
*Close* to each view, ends the flow when its person loses the right, and forgets it in time.

`view` and `take` call the rooms with the caller each time, and nothing about rights is remembered.
What cannot be undone asks first: a second step, or a phrase to type.
"""
