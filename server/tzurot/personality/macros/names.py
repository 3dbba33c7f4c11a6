"""The names of macros: which run, which are another program's, and which nobody knows.

As SillyTavern (macro engine of 2026), RisuAI, Agnai and KoboldAI Lite have them; in lower case.
"""

import re

# Other names of a macro: SillyTavern's own, then RisuAI's and Agnai's.
ALIASES = {
    "bot": "char", "character": "char", "assistant": "char", "shape": "char",
    "group": "char", "charifnotgroup": "char", "groupnotmuted": "char", "notchar": "user",
    "chardescription": "description", "charpersonality": "personality",
    "charscenario": "scenario", "mesexamplesraw": "mesexamples",
    "charjailbreak": "charinstruction", "greeting": "charfirstmessage",
    "version": "charversion", "char_version": "charversion",
    "creatornotes": "charcreatornotes", "idleduration": "idle_duration",
    "maxprompttokens": "maxprompt", "maxcontext": "maxprompt", "maxcontexttokens": "maxprompt",
    "varexists": "hasvar", "flushvar": "deletevar",

    "charpersona": "personality", "chardesc": "description", "userpersona": "persona",
    "exampledialogue": "mesexamples", "example_dialogue": "mesexamples",
    "examplemessage": "mesexamples", "samplechat": "mesexamples",
    "previouscharchat": "lastcharmessage", "previoususerchat": "lastusermessage",
    "lastmessageindex": "lastmessageid", "hiddenkey": "hidden_key",
    "br": "newline", "blank": "noop", "none": "noop",
}  # fmt: skip

NAMES = frozenset({"char", "user"})
SILENT = frozenset({"//", "comment", "hidden_key"})

# Texts of the card; they may hold macros themselves.
TEXTS = frozenset({
    "description", "personality", "scenario", "mesexamples", "charprompt", "charinstruction",
    "charfirstmessage", "charversion", "charcreatornotes", "chardepthprompt",
})  # fmt: skip

# How many arguments a macro has, at least and at most.
ARGUMENTS = {
    **dict.fromkeys(TEXTS, (0, 0)),
    "char": (0, 0), "user": (0, 0), "persona": (0, 0), "model": (0, 0), "maxprompt": (0, 0),
    "lastmessage": (0, 0), "lastusermessage": (0, 0), "lastcharmessage": (0, 0),
    "lastmessageid": (0, 0), "input": (0, 0), "original": (0, 0), "outlet": (1, 1),
    "noop": (0, 0), "trim": (0, 1), "newline": (0, 1), "space": (0, 1), "reverse": (1, 1),
    "if": (1, 2), "random": (1, 10_000), "pick": (1, 10_000), "roll": (1, 1),
    "time": (0, 1), "date": (0, 0), "weekday": (0, 0), "isotime": (0, 0), "isodate": (0, 0),
    "datetimeformat": (1, 1), "timediff": (2, 2), "idle_duration": (0, 0),
    "getvar": (1, 1), "setvar": (2, 2), "addvar": (2, 2), "incvar": (1, 1), "decvar": (1, 1),
    "hasvar": (1, 1), "deletevar": (1, 1),
    **dict.fromkeys(SILENT, (0, 1)),
}  # fmt: skip

NOT_RUN = {
    "variables of all conversations are not kept here": """
        getglobalvar setglobalvar addglobalvar incglobalvar decglobalvar hasglobalvar
        globalvarexists deleteglobalvar flushglobalvar""",
    "the short forms of variables are not known here: write getvar, setvar or addvar": ". $",
    "it belongs to the templates of SillyTavern's prompt": """
        systemprompt defaultsystemprompt instructsystem instructsystemprompt authorsnote
        charauthorsnote defaultauthorsnote chatstart chatseparator exampleseparator
        reasoningprefix reasoningsuffix reasoningseparator charprefix charnegativeprefix
        instructstorystringprefix instructstorystringsuffix instructuserprefix instructinput
        instructusersuffix instructassistantprefix instructoutput instructassistantsuffix
        instructseparator instructsystemprefix instructsystemsuffix instructfirstassistantprefix
        instructfirstoutputprefix instructlastassistantprefix instructlastoutputprefix
        instructstop instructuserfiller instructsysteminstructionprefix instructfirstuserprefix
        instructfirstinput instructlastuserprefix instructlastinput
        instructconsecutiveassistantmessage""",
    "it tells of SillyTavern's screen or settings": """
        firstincludedmessageid firstdisplayedmessageid lastswipeid currentswipeid allchatrange
        maxresponse maxresponsetokens ismobile lastgenerationtype hasextension pipe summary""",
    "it steers the words of a model, which is not done here": "banned bias",
    "it shows a picture, sound or button of RisuAI": """
        asset emotion audio bg bgm video video-img image img path raw source inlay inlayed
        inlayeddata chardisplayasset button risu tex latex katex ruby furigana codeblock file""",
    "it tells of RisuAI's screen or settings": """
        trigger_id triggerid emotionlist assetlist moduleenabled module_enabled moduleassetlist
        module_assetlist screenwidth screen_width screenheight screen_height axmodel role
        jbtoggled prefillsupported prefill_supported prefill metadata isfirstmsg isfirstmessage
        chatindex chat_index firstmsgindex firstmessageindex first_msg_index messagetime
        message_time messagedate message_date messageunixtimearray message_unixtime_array
        unixtime messageidleduration message_idle_duration slot position""",
    "it belongs to the templates of RisuAI's or Agnai's prompt": """
        mainprompt main_prompt lorebook worldinfo userhistory usermessages user_history
        charhistory charmessages char_history jb jailbreak globalnote systemnote system_note ujb
        history messages previouschatlog previous_chat_log post memory
        [input] [output] [system] [input_end] [output_end] [system_end]""",
    "RisuAI's functions are not known here": """
        ? #if_pure #when #each #func #pure #puredisplay #pure_display #escape #code :each
        tempvar gettempvar settempvar setdefaultvar calc return equal notequal not_equal greater
        less greaterequal greater_equal lessequal less_equal and or not startswith endswith
        contains replace split join spread length arraylength lower upper capitalize round floor
        ceil abs remaind tonumber pow arrayelement dictelement objectelement objectassert
        dictassert object_assert element ele arrayshift arraypop arraypush arraysplice arrayassert
        makearray array makedict dict makeobject object range filter all any min max sum average
        fixnum fixnumber unicodeencode unicode_encode unicodedecode unicode_decode
        unicodedecodefromhex unicodeencodefromhex hash randint dice fromhex tohex iserror xor
        xorencrypt xorencode xordecrypt xordecode crypt crypto caesar encrypt decrypt rollp
        rollpick cbr cnl cnewline decbo decbc bo bc ddecbo ddecbc debo debc deabo deabc
        displayescapedcolon a d o u ue __""",
}
_REASONS = {name: reason for reason, names in NOT_RUN.items() for name in names.split()}

NOT_RUN_BLOCKS = frozenset(name for name in _REASONS if name.startswith("#"))

# Words that an author may have put into braces for other ends: RisuAI's only with an argument.
_ORDINARY = frozenset({
    "a", "d", "o", "u", "and", "or", "not", "all", "any", "min", "max", "sum", "file", "image",
    "path", "source", "role", "position", "slot", "post", "memory", "history", "messages",
    "filter", "range", "hash", "dice", "object", "array", "dict", "element", "length", "split",
    "join", "replace", "contains", "equal", "greater", "less", "lower", "upper", "round", "floor",
    "ceil", "abs", "return", "raw", "button", "video", "audio", "summary", "pipe", "bg",
    "metadata",
})  # fmt: skip

_SHORT_FORM = re.compile(r"[.$][a-z]")
_UTC = re.compile(r"time_(utc[+-]\d{1,4})")


def canonical(name: str) -> str:
    """The one name of a macro that has several, without the sign for text that stays as it is."""
    if _UTC.fullmatch(name):
        return "time"
    plain = name[1:] if name.startswith("#") and name not in _REASONS else name
    return ALIASES.get(plain, plain)


def zone_in(name: str) -> str:
    """`utc+2` of `time_utc+2`; empty for another name."""
    found = _UTC.fullmatch(name)
    return found[1] if found else ""


def why_not(name: str, *, arguments: int) -> str | None:
    """Why a macro of this name is not run; None if it is, or if nobody knows it."""
    if _SHORT_FORM.match(name):
        return _REASONS[name[0]]
    if name in _ORDINARY and not arguments:
        return None
    return _REASONS.get(name)
