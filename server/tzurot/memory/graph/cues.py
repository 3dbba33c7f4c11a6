"""Words that tell names from others that are written with a capital, mostly German ones."""

import re

_GERMAN_WORDS = """
der das und ich nicht ist ein eine mit auf für wir du es sich auch mein meine den dem von zu im habe
war dass noch aber wie bin hat sie er heute gestern dann schon mir dich dir mich
"""
_ENGLISH_WORDS = """
the and is of i you to it was that my have we this with for are a in on he she they
"""
GERMAN = frozenset(_GERMAN_WORDS.split())
ENGLISH = frozenset(_ENGLISH_WORDS.split())

# Written with a capital and no name: days, months, what is said in chats.
_NO_NAMES_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december montag dienstag mittwoch donnerstag freitag
samstag sonntag januar februar märz mai juni juli oktober dezember ok okay lol omg wow haha yes
no oh hey hi yeah god christmas easter weihnachten ostern tv id mr mrs ms dr sir lady miss herr
frau
"""
NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
# What German has before a noun and hardly before a name.
DETERMINER = re.compile(
    r"(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins|ans|aufs|fürs|ums|übers"
    r"|(?:m|d|s|k)?ein(?:e[nmrs]?)?|(?:ihr|unser|euer|eur|dies|jed|jen|welch|manch|solch|all|viel"
    r"|wenig|einig|mehrer)(?:e[nmrs]?)?|zwei|drei|vier|fünf|etwas|nichts|kein|mehr|so|sehr)"
)
_INTRODUCES_WORDS = """
herr herrn frau onkel tante oma opa doktor dr professor prof bruder schwester freund freundin
mann sohn tochter hund katze kater vater mutter cousin cousine kollege kollegin chef stadt
nachbar nachbarin lehrer lehrerin kumpel heißt heisst heiße heisse heißen hieß namens genannt
nenne nennt
"""
INTRODUCES = frozenset(_INTRODUCES_WORDS.split())
_DOES_WORDS = """
ist hat war hatte sagt sagte meint meinte kommt kam will wollte kann mag wird wohnt geht ging
liebt arbeitet fragt fragte erzählt erzählte schreibt schrieb ruft rief findet fand
"""
DOES = frozenset(_DOES_WORDS.split())
# Nouns without an article, and what only nouns end with.
NOUN = re.compile(
    r"(?:angst|zeit|lust|spaß|hunger|durst|geld|hause|haus|musik|kaffee|tee|arbeit|schule|urlaub"
    r"|glück|liebe|sport|fußball|wasser|brot|bier|wein|essen|abend|morgen|nacht|tag|tage|woche|jahr"
    r"|jahre|ende|anfang|leute|freunde|kinder|eltern|mama|papa|danke|bitte|recht|schuld|ruhe|stress"
    r"|.+(?:ung|heit|keit|schaft|tion|tät|nis|ismus|ment|erei|zeug))"
)
