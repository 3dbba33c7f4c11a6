"""The SQL of an owner's words: how common a question's terms are, and which memories have them.

An index has the memories of each term of an owner (tables.TERM_FUNCTIONS), so that neither costs a
look at all of them. A term that more than FEW memories have is counted among the NEWEST. The same
is asked of what others said in a channel: there an index has the terms of each place, whoever said
them, so that of each term no more than AT_MOST are looked at.
"""

from dataclasses import dataclass

from tzurot.memory.tables import SAID_THERE

FEW, NEWEST = 200, 500
AT_MOST = 1_000
_MANY = 10_000  # memories of an owner: with more, candidates by words are found as if with so many

# What is told of an owner's words.
_VOCABULARY = f"""memory_count,
    (SELECT avg(length(words)) FROM (SELECT words FROM newest ORDER BY id DESC LIMIT {FEW}) few),
    ARRAY(SELECT CASE WHEN counted < {FEW} THEN counted ELSE greatest(counted, memory_count
        * (SELECT count(*) FROM newest WHERE words @@ term)
        / greatest(1, least(memory_count, {NEWEST}))
    ) END FROM asked ORDER BY number)"""  # noqa: S608 - made of constants

# Part of a WITH: the terms that any memory has, how rare each is, and how many have rarer ones.
_TELLING = """
    telling AS MATERIALIZED (
        SELECT term, keys, counted,
            ln(1.0 * greatest(about_so_many, counted) / counted) AS rarity,
            sum(counted) OVER (ORDER BY counted, number) - counted AS rarer
        FROM asked, owned WHERE counted > 0
    )
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """How queries say whose memories they are about."""

    owners: str
    """Rows of FROM, named `one`: what an index of terms has them by, a persona or a place."""
    personality: str
    """The character in such a row."""
    mine: str
    """Whether `m` is theirs."""
    terms: str = "NOT dormant AND memory_terms(persona_id, personality_id, words)"
    """That index, as far as it goes, up to the keys of terms."""
    ids: str = ""
    """Rows of FROM: their ids, the newest first; empty: those of each owner."""
    beside: bool = False
    """Whether the index has memories beside theirs: it may be asked for AT_MOST of a term."""


OF_ONE_CHARACTER = Whose(
    owners="unnest(CAST(:persona_ids AS uuid[])) AS one (persona_id)",
    personality=":personality_id",
    mine="m.persona_id = ANY(CAST(:persona_ids AS uuid[])) AND m.personality_id = :personality_id",
)
OF_SEVERAL = Whose(
    owners="""unnest(CAST(:pair_personas AS uuid[]), CAST(:pair_personalities AS uuid[]))
        AS one (persona_id, personality_id)""",
    personality="one.personality_id",
    mine="""m.persona_id = ANY(CAST(:persona_ids AS uuid[]))
        AND m.personality_id = ANY(CAST(:personality_ids AS uuid[]))""",
)
# In the channel of the question, by those of the others who were heard there.
HERE = """m.personality_id = :personality_id AND m.platform = CAST(:here_platform AS text)
    AND m.channel_id = CAST(:here_channel AS text)"""
OF_OTHERS = Whose(
    owners="""memory_place(CAST(:here_platform AS text), CAST(:here_channel AS text))
        AS one (persona_id)""",
    personality=":personality_id",
    mine=f"""{HERE} AND m.venue = CAST(:here_venue AS text)
        AND m.persona_id = ANY(CAST(:heard AS uuid[]))""",
    terms=f"""{SAID_THERE}
        AND memory_terms(memory_place(platform, channel_id), personality_id, words)""",
    ids=f"""
        (SELECT m.persona_id, m.venue, m.id FROM memories m WHERE {HERE} AND {SAID_THERE}
            ORDER BY m.occur_time DESC LIMIT :newest) m
        WHERE m.persona_id = ANY(CAST(:heard AS uuid[])) AND m.venue = CAST(:here_venue AS text)
    """,  # noqa: S608 - made of constants
    beside=True,
)


def vocabulary(whose: Whose) -> str:
    """SQL, one row: how many memories, the mean number of terms of the newest, terms' frequencies.

    These are in the order of the terms.
    """
    return f"""
        WITH {_counted(whose)}, {_owned(whose)}, {_newest(whose)}
        SELECT {_VOCABULARY} FROM owned
    """  # noqa: S608 - made of constants


def by_words(askable: str, whose: Whose, *, fits: str = "") -> str:
    """SQL: the `:by_words` askable memories whose terms in common with the question are rarest.

    Looked at are those that have the rarest term, and those with further rare ones, some NEWEST.
    How rare they are is counted among the memories that are meant, if `fits` says which.
    """
    return f"""
        WITH {_counted(whose, fits)}, {_owned(whose, f"LIMIT {_MANY}")}, {_TELLING}
        {_rarest(askable, whose)}
    """


def by_words_with_vocabulary(askable: str, whose: Whose) -> str:
    """SQL, one row: what `vocabulary` says, and the ids that `by_words` finds, in one look."""
    return f"""
        WITH {_counted(whose)}, {_owned(whose)}, {_newest(whose)}, {_TELLING}
        SELECT {_VOCABULARY}, ARRAY({_rarest(askable, whose)}) FROM owned
    """  # noqa: S608 - made of constants


def _owned(whose: Whose, at_most: str = "") -> str:
    """Part of a WITH: how many memories there are, and about how many, where they are many."""
    return f"""
        owned AS MATERIALIZED (
            SELECT CAST(sum(its) AS bigint) AS memory_count,
                CAST(sum(least(its, {_MANY})) AS bigint) AS about_so_many
            FROM {_counts(whose, at_most)}
        )
    """  # noqa: S608 - made of constants


def _newest(whose: Whose) -> str:
    """Part of a WITH: the words of the NEWEST."""
    return f"""
        newest AS (
            SELECT m.id, m.words FROM (
                SELECT id FROM {_ids(whose, f"LIMIT {NEWEST}")} ORDER BY id DESC LIMIT {NEWEST}
            ) few JOIN memories m ON m.id = few.id
        )
    """  # noqa: S608 - made of constants


def _rarest(askable: str, whose: Whose) -> str:
    """The ids of `by_words`, the best first.

    With OFFSET the sum of each is worked out once, and not for the condition and for the order.
    """
    rarest = f"rarer = 0 OR counted < {FEW} AND rarer < {NEWEST}"
    return f"""
        SELECT id FROM (
            SELECT m.id, (
                SELECT sum(rarity) FROM telling WHERE m.words @@ telling.term) AS rarity
            FROM {_with_rarest(whose, rarest)} WHERE {askable} OFFSET 0) found
        WHERE rarity IS NOT NULL ORDER BY rarity DESC, id DESC LIMIT :by_words
    """  # noqa: S608 - made of constants


def _counted(whose: Whose, fits: str = "") -> str:
    """Part of a WITH: the terms of the question, in order, each with its keys.

    And in how many memories of the owner it is, up to FEW.
    """
    return f"""
        asked AS MATERIALIZED (
            SELECT number, term, keys, (
                SELECT count(*) FROM (
                    SELECT FROM {_with_keys(whose, "keys")} WHERE {whose.mine} {fits} LIMIT {FEW}
                ) having_it
            ) AS counted
            FROM unnest(CAST(:terms AS tsquery[]), CAST(:stems AS text[]))
                WITH ORDINALITY AS it (term, stem, number)
            CROSS JOIN LATERAL (SELECT ARRAY(
                SELECT memory_term(persona_id, {whose.personality}, stem)
                FROM {whose.owners})) AS of_term (keys)
        )
    """  # noqa: S608 - made of constants


def _with_keys(whose: Whose, keys: str) -> str:
    """Named `m`, the owner's memories that have one of some keys.

    Without OFFSET the planner would find other conditions that look narrower and read all of the
    owner's memories.
    """
    most = f"LIMIT {AT_MOST}" if whose.beside else "OFFSET 0"
    return f"""(
        SELECT * FROM memories WHERE {whose.terms} && {keys} {most}) m
    """  # noqa: S608 - made of constants


def _with_rarest(whose: Whose, rarest: str) -> str:
    """Named `m`, the memories that have one of the `rarest` terms."""
    if not whose.beside:
        of_rarest = f"ARRAY(SELECT unnest(keys) FROM telling WHERE {rarest})"  # noqa: S608
        return _with_keys(whose, of_rarest)
    return f"""(
        SELECT DISTINCT m.id FROM telling CROSS JOIN LATERAL (
            SELECT m.id FROM {_with_keys(whose, "telling.keys")} WHERE {whose.mine}) m
        WHERE {rarest}) few
        CROSS JOIN LATERAL (SELECT * FROM memories WHERE id = few.id OFFSET 0) m
    """  # noqa: S608 - made of constants


def _counts(whose: Whose, at_most: str) -> str:
    """Rows of FROM, with `its`: how many memories each owner has.

    To count each by itself costs a third of counting all that a join brings together.
    """
    if whose.ids:
        return f"(SELECT count(*) AS its FROM {_ids(whose, at_most)}) counts"  # noqa: S608
    return f"""{whose.owners} CROSS JOIN LATERAL (
        SELECT count(*) AS its FROM {_of_one(whose, at_most)}) counts
    """  # noqa: S608 - made of constants


def _ids(whose: Whose, limit: str = "") -> str:
    """The ids of an owner's memories, the newest first."""
    if whose.ids:
        return f"(SELECT id FROM {whose.ids} {limit}) mine"  # noqa: S608 - made of constants
    return f"{whose.owners} CROSS JOIN LATERAL {_of_one(whose, limit)}"


def _of_one(whose: Whose, limit: str) -> str:
    """Those of one owner.

    Their order lets the planner see that one index has all that is asked for.
    """
    return f"""(
        SELECT m.id FROM memories m WHERE m.persona_id = one.persona_id
            AND m.personality_id = {whose.personality} AND NOT m.dormant
        ORDER BY m.id DESC {limit}) mine
    """  # noqa: S608 - made of constants
