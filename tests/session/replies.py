"""What models write for replies, what of it is to be read, and what it says of the cleaner.

Each row is written for this table, after what models do and after what people ask of them in
roleplay. docs/reference/replies.md has its counts.
"""

from dataclasses import dataclass
from enum import StrEnum

OWN = ("Lilith Tzel Shani", "Lilith")
OTHERS = ("Ada", "Bo")


class Habit(StrEnum):
    """What is wrong with an output; nothing, if it is an honest one."""

    NAME = "the character's name in front"
    TURN = "an invented turn"
    ECHO = "what was said, word by word"
    REPEAT = "what it had said already"
    MARK = "marks of a template"
    THOUGHT = "thoughts between tags"
    NONE = "nothing: all of it is to be read"


@dataclass(frozen=True, slots=True)
class Output:
    """What a model wrote for an answer to `said`, and the reply that is `read`."""

    habit: Habit
    written: str
    read: str
    said: str = "Hi"


def honest(written: str, said: str = "Hi") -> Output:
    """An output that is a reply as it is."""
    return Output(Habit.NONE, written, written, said)


BEES = "I keep bees in the garden behind the house, and they are well."
BIENEN = "Ich halte Bienen im Garten hinter dem Haus, und es geht ihnen gut."
MITSU = "庭の奥で蜜蜂を飼っていて、みんな元気にしています。"
LONG = (
    "*She closes the book with great care, sets it down beside the candle, and looks up at you "
    "for a long while before she says anything at all.*"
)
LANG = (
    "*Sie schließt das Buch, legt es behutsam neben die Kerze und sieht dich lange an, ehe sie "
    "überhaupt ein einziges Wort sagt.*"
)
NAGAI = (
    "彼女は本をそっと閉じて蝋燭のそばに置き、長いあいだ黙ったままあなたの顔をじっと見つめてから、"
    "ようやく静かに口を開いた。"
)

OUTPUTS = (
    # The name in front.
    Output(Habit.NAME, "Lilith: Come in, the door is open.", "Come in, the door is open."),
    Output(Habit.NAME, "**Lilith:** *smiles* Come in.", "*smiles* Come in."),
    Output(Habit.NAME, "Lilith Tzel Shani: So you came back.", "So you came back."),
    Output(
        Habit.NAME, "[Lilith]: Komm herein, die Tür ist offen.", "Komm herein, die Tür ist offen."
    ),
    Output(Habit.NAME, "Lilith : Entrez, je vous en prie.", "Entrez, je vous en prie."),
    Output(Habit.NAME, "Lilith：进来吧，门开着。", "进来吧，门开着。"),
    Output(Habit.NAME, "Assistant: Lilith: Good evening.", "Good evening."),
    Output(Habit.NAME, "### Response:\nGood evening.", "Good evening."),
    # Turns of others.
    Output(
        Habit.TURN, "The tea is hot.\n\nAda: Thank you!\nLilith: My pleasure.", "The tea is hot."
    ),
    Output(Habit.TURN, "*She nods.*\n\n**Ada:** *sits down* Tell me.", "*She nods.*"),
    Output(Habit.TURN, "Sure, ask me.\nUser: What is the moon?", "Sure, ask me."),
    Output(Habit.TURN, "Der Tee ist heiß.\nAda: Danke!", "Der Tee ist heiß."),
    Output(Habit.TURN, "Le thé est chaud.\nAda : Merci !", "Le thé est chaud."),
    Output(Habit.TURN, "お茶が入りました。\nAda：ありがとう。", "お茶が入りました。"),
    Output(Habit.TURN, "I listen.\n\nBo: She never does.", "I listen."),
    Output(Habit.TURN, "I listen.\n### Instruction:\nContinue.", "I listen."),
    # Echoes.
    Output(
        Habit.ECHO,
        f"{BEES}\n\nHow lovely! Do they hum at night?",
        "How lovely! Do they hum at night?",
        BEES,
    ),
    Output(Habit.ECHO, f"Ada: {BEES}\nLilith: How lovely!", "How lovely!", BEES),
    Output(Habit.ECHO, "Ada: Hi\nLilith: Good evening, Ada.", "Good evening, Ada."),
    Output(
        Habit.ECHO, f"{BIENEN}\n\n*Sie lächelt.* Wie schön.", "*Sie lächelt.* Wie schön.", BIENEN
    ),
    Output(Habit.ECHO, f"{MITSU}\n\nそれは素敵ですね。", "それは素敵ですね。", MITSU),
    Output(Habit.ECHO, f"**Ada:** {BEES}\n\n**Lilith:** And the honey?", "And the honey?", BEES),
    # Repeats.
    Output(
        Habit.REPEAT, f"{LONG}\n\nYou came.\n\n{LONG}\n\nStay.", f"{LONG}\n\nYou came.\n\nStay."
    ),
    Output(Habit.REPEAT, "\n\n".join([LONG] * 4), LONG),
    Output(Habit.REPEAT, f"{LANG}\n{LANG}\n\nBleib.", f"{LANG}\n\nBleib."),
    Output(Habit.REPEAT, f"{NAGAI}\n\n{NAGAI}", NAGAI),
    Output(
        Habit.REPEAT,
        "\n\n".join(
            [
                "*She laughs.* You again!",
                "Sit, and tell me where you have been all these years.",
                "I made tea, as I always do.",
            ]
            * 2
        ),
        "*She laughs.* You again!\n\nSit, and tell me where you have been all these years.\n\n"
        "I made tea, as I always do.",
    ),
    # Marks.
    Output(Habit.MARK, "Good night, Ada.<|im_end|>", "Good night, Ada."),
    Output(
        Habit.MARK,
        "<|im_start|>assistant\nGood night.<|im_end|>\n<|im_start|>user\nBye",
        "Good night.",
    ),
    Output(Habit.MARK, "<s> [/INST] Good night.</s>", "Good night."),
    Output(Habit.MARK, "Gute Nacht.<end_of_turn>\n<start_of_turn>user\nTschüss", "Gute Nacht."),
    Output(
        Habit.MARK, "Good night.<|eot_id|><|start_header_id|>user<|end_header_id|>", "Good night."
    ),
    Output(Habit.MARK, "晚安。<｜end▁of▁sentence｜>", "晚安。"),
    Output(Habit.MARK, "<|assistant|>\nGood night.", "Good night."),
    # Thoughts.
    Output(Habit.THOUGHT, "<think>\nShe greets me.\n</think>\n\nGood evening.", "Good evening."),
    Output(Habit.THOUGHT, "<thinking>Sie grüßt.</thinking>\nLilith: Guten Abend.", "Guten Abend."),
    Output(
        Habit.THOUGHT,
        "Good evening.\n\n<reflection>Too short?</reflection>\n\nSit.",
        "Good evening.\n\nSit.",
    ),
    Output(Habit.THOUGHT, "[THINK]Hm.[/THINK]Good evening.", "Good evening."),
    Output(
        Habit.THOUGHT,
        "<|channel|>analysis<|message|>She greets.<|end|><|start|>assistant<|channel|>final"
        "<|message|>Good evening.<|return|>",
        "Good evening.",
    ),
    Output(Habit.THOUGHT, "Good evening.\n<scratchpad>She looks tired, so I", "Good evening."),
    # Honest ones, that only look like it.
    honest("Good evening, Ada. The kettle is on."),
    honest('*She tilts her head.* "Ada: that is a short name. I like short names."'),
    honest('"Lilith: a moon, a demon, a librarian," she counts on her fingers.'),
    honest("My name? Lilith: because of the moon."),
    honest('She reads the label aloud: "User: unknown." Then she laughs.'),
    honest("Dear Ada,\n\nthe bees are well.\n\nYours,\nLilith"),
    honest("Note: the library closes at eight.\nRule: no candles near the scrolls."),
    honest("Things to buy:\n- tea: green\n- milk: two bottles\n- honey: none, Ada has some"),
    honest("> I keep bees in the garden behind the house, and they are well.\n\nAre they?", BEES),
    honest(f'"{BEES}" she repeats slowly. "Well, are they?"', BEES),
    honest(f"{BEES} That is what you told me, and I believe it.", BEES),
    honest("You keep bees in the garden behind the house? How lovely!", BEES),
    honest("Hi\n\nGood to see you."),
    # Scripts that were asked for.
    honest(
        "INT. LIBRARY - NIGHT\n\nMARA\n(whispering)\nWho is there?\n\nGUARD\nNobody.",
        "Write a scene.",
    ),
    honest("MARA: Who is there?\nGUARD: Nobody.\nMARA: Then who speaks?", "Write a dialogue."),
    honest(
        "ROMEO: But soft!\nJULIET: Who is it?\nNURSE: Ada, my lady? No: a boy.", "A parody, please."
    ),
    honest(
        "```\nAda: Hello?\nLilith: Hello.\nAda: Is it late?\n```\nLike that?",
        "Write us as a chat log.",
    ),
    honest(
        '<div class="name">Ada</div> is how you write it in HTML.', "How do I write it in HTML?"
    ),
    # Poems with refrains, and songs.
    honest(
        "The moon is a door,\nand the door is closed.\n\nThe bees are asleep,\nand the door is "
        "closed.\n\nThe candle is out,\nand the door is closed.",
        "A poem, please.",
    ),
    honest(
        "Hum, hum, hum, my bee,\nover hill and lea.\n\nHum, hum, hum, my bee,\nover hill and lea.",
        "Sing with me!",
    ),
    honest("Still, mein Kind, still.\nDer Mond ist da.\nStill, mein Kind, still.", "Ein Lied?"),
    honest("蜂が来た\n蜂が来た\n庭に来た", "歌って。"),
    honest("No. No. No!\nNo.\nNo.", "Say no five times."),
    honest("\n".join(["I must not feed honey to the dragon."] * 5), "Write it five times."),
    # Signs and tags.
    honest("I love you <3 and 1 < 2 > 0."),
    honest("Write `<think>` before it, and `</think>` after it.", "How do models think?"),
    honest("```xml\n<thinking>like this</thinking>\n```", "Show me the tag."),
    honest("<thoughts>This is mine</thoughts> she writes on the wall."),
    honest("[1] Ovid, [2] Rumi, [in that order]."),
    honest("*thinks: what a strange day* Come in."),
    honest("| who | says |\n| --- | --- |\n| Ada | hi |\n| Lilith | hello |", "A table, please."),
    honest("Привет, Ада: чай готов. Садись.", "Привет"),
    honest("مرحباً يا آدا: الشاي جاهز.", "مرحبا"),
    honest("Ada 12:30, Bo 13:00, Lilith 14:00.", "When do we meet?"),
)

CHORUS = (
    "Come down to the garden where the bees are at home, and the honey is slow, and the evening "
    "is long, and nobody asks for your name."
)
# Honest ones that are cut all the same: what was written, and what is left of it.
FALSELY_CUT = (
    Output(
        Habit.NONE,
        "Lilith: a play in one act.\n\nThe stage is dark. A candle burns.",
        "a play in one act.\n\nThe stage is dark. A candle burns.",
        "Write a play about you.",
    ),
    Output(
        Habit.NONE,
        "Here is our chat:\nAda: Hello?\nLilith: Hello.",
        "Here is our chat:",
        "Write our chat as a script.",
    ),
    Output(
        Habit.NONE,
        f"{CHORUS}\n\nOh, bees.\n\n{CHORUS}",
        f"{CHORUS}\n\nOh, bees.",
        "Sing, please.",
    ),
    Output(
        Habit.NONE,
        "Dear diary, this is what I sing: <thought>what a strange day</thought>",
        "Dear diary, this is what I sing:",
    ),
)


def counts() -> str:
    """How many outputs of each habit there are, as a table of Markdown."""
    found = {habit: [it for it in OUTPUTS if it.habit is habit] for habit in Habit}
    rows = [f"| {habit.value} | {len(rows)} | 0 |" for habit, rows in found.items()]
    honest_ones = len(found[Habit.NONE]) + len(FALSELY_CUT)
    rows[-1] = f"| {Habit.NONE.value} | {honest_ones} | {len(FALSELY_CUT)} |"
    return "\n".join(["| what is wrong | outputs | judged wrongly |", "| --- | --- | --- |", *rows])
