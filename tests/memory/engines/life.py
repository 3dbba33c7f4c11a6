"""What is said where much is said, or much at once."""

# 8,000 characters about nothing, and a fact at their end.
LONG = (
    "Then we walked along the road and talked about the weather and the news of the week. " * 100
)[:7_960] + "In the end we sold the old boat to a dentist."
# 150 memories: more than an engine may give as candidates.
_SUBJECTS = ("My sister Clara", "My neighbor Tom", "My old teacher", "The baker", "My cat Momo")
_DOINGS = (
    "plays the cello in an orchestra",
    "travels to Portugal every summer",
    "is afraid of spiders",
    "keeps bees behind the house",
    "broke a leg while skiing",
    "listens to jazz at night",
    "paints pictures of the harbor",
    "lost the keys again",
    "sleeps on the sofa all day",
    "wants to learn Japanese",
)
_WHENS = ("as you know", "since last year", "though nobody believes it")
LIFE = [f"{who} {does}, {when}." for who in _SUBJECTS for does in _DOINGS for when in _WHENS]
