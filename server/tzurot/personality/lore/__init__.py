"""Lorebooks at work: which entries come up, why, and where they are told. Pure.

`judging.judge` is the way in: books, a scene and what happened before give a verdict on each entry
and what to remember for the next turn.

    candidates  an entry while it is judged     settings, wishes   what it says (SillyTavern, V3)
    conditions  what is decided without keys    hearing, matching  where keys stand, what follows
    groups, chance, budget  who of them is told          timing    what stays and what rests
    placing, ordering  where, in which order, and what is kept longest
    unfollowed  what nobody here does, in words

Followed are all of Character Card V3's lorebooks and decorators, SillyTavern's world info, and
Risu's decorators `end`, `probability`, `priority`, `match_full_word`, `match_partial_word`,
`exclude_keys_all`, `recursive`, `unrecursive` and `no_recursive_search`. What is not followed, and
why, is in docs/how-to/giving-a-character-a-world.md. Where they differ or say nothing:

- Keys are found in any letter case and inside words unless the entry says otherwise, each message
  by itself, so that a reason can say in which. A key with several words is whole at both ends too
  (SillyTavern looks for it anywhere). Scripts without spaces between words have no whole words.
- The name of who speaks is looked through with the message if it is given (as in SillyTavern).
- `constant` holds with `use_regex` too (as in SillyTavern and Risu, against V3's SHOULD).
- A book that doesn't say `recursive_scanning` is not recursive, but SillyTavern's worlds are: there
  it is a setting of the program, and their entries say one by one who takes no part. @@recursive
  makes its entry call others in any book but one that says `false`.
- An entry in which others are looked up is read without its macros run. Scan depth doesn't limit
  it; an entry of scan depth 0 comes up by calls only (as in SillyTavern).
- `delay_until_recursion`: nothing of it comes up if nobody calls; a level opens when the one before
  calls nobody any more.
- Chance comes after groups (as in SillyTavern): a winner may fail, and then nobody of the group is
  told. But what has no chance at all takes no part. @@activate is left to chance if its entry says
  a chance.
- A cooldown is counted from the end of `sticky` on. Being told counts, not matching: who lost a
  group, a roll or its room neither stays nor rests.
- Budget: what is called up by others gets the room that those before left.
- @@depth beats @@end, which beats @@reverse_depth; @@position beats all three, and each beats
  SillyTavern's position.
"""
