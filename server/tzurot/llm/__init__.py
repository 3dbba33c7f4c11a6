"""Language models: who can speak, what is asked of them, and what they stream back.

`providers` finds the models that are there, best first; `openai_compatible` talks to any of them
over the protocol that nearly all speak, `anthropic` to Claude over its own; `local` makes a file of
weights speak the former too; `fallback` asks again where that helps. `streaming` holds the words
they share. `embeddings` turns text into vectors. Nothing here knows a character, a person or a
conversation, and nothing outside imports `openai`.
"""
