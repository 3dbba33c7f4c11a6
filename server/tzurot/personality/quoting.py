"""What of a character's card macros can quote, and lore can be looked up in."""

from tzurot.personality.tables import Personality

# The macro that quotes a text of the card, in lower case, and the text's field.
_QUOTED = {
    "description": "description",
    "personality": "traits",
    "scenario": "scenario",
    "mesexamples": "example_dialogues",
    "charprompt": "system_prompt",
    "charinstruction": "post_history_instructions",
    "charfirstmessage": "greeting",
    "charcreatornotes": "creator_notes",
    "charversion": "character_version",
    "chardepthprompt": "depth_prompt",
}
# SillyTavern's name of a text in which an entry can be looked up, and the text's field.
_LOOKED_THROUGH = {
    "character_description": "description",
    "character_personality": "traits",
    "character_depth_prompt": "depth_prompt",
    "scenario": "scenario",
    "creator_notes": "creator_notes",
}


def quoted(who: Personality) -> dict[str, str]:
    """Texts of the card by their macros, as `Stage.texts` has them."""
    return {macro: getattr(who, field) or "" for macro, field in _QUOTED.items()}


def looked_through(who: Personality) -> dict[str, str]:
    """Texts of the card in which lore can be looked up, as `Scene.texts` has them."""
    return {name: getattr(who, field) or "" for name, field in _LOOKED_THROUGH.items()}
