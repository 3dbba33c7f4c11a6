"""Who a message means by `@…`: tables over the pure part, then over what the database knows."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calling import Client, request_for
from tests.conftest import Served
from tzurot.personality.names import mentions

KNOWN = ("bambi", "bambi prime", "lilith", "o'brien", "yahoo!", "strasse", "борис", "josé", "मीरा")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Bambi hello", ["@Bambi"]),
        ("hello @Bambi", ["@Bambi"]),
        ("@bambi prime, you there?", ["@bambi prime"]),
        ("@Bambi   Prime", ["@Bambi   Prime"]),
        ("@Bambi primed", ["@Bambi"]),
        ("@Bambi, prime!", ["@Bambi"]),
        ("@Bambi and @Lilith", ["@Bambi", "@Lilith"]),
        ("@Lilith's book", ["@Lilith"]),
        ("@Lilith’s book", ["@Lilith"]),
        ("@Lilith's, really", ["@Lilith"]),
        ("(@Lilith)", ["@Lilith"]),
        ("“@Lilith!?” she said", ["@Lilith"]),
        ("**@Lilith**", ["@Lilith"]),
        ("@Lilith…", ["@Lilith"]),
        ("@Lilith\nPrime", ["@Lilith"]),
        ("@Bambi\nPrime", ["@Bambi"]),
        ("@O'Brien's turn", ["@O'Brien"]),
        ("@Yahoo! you there", ["@Yahoo!"]),
        ("@Yahoo!, you", ["@Yahoo!"]),
        ("@STRASSE", ["@STRASSE"]),
        ("@Straße", ["@Straße"]),
        ("@БОРИС, привет", ["@БОРИС"]),
        ("@Josе́", []),  # a Cyrillic е is another letter
        ("@José, hola", ["@José"]),
        ("@Jose\u0301, hola", ["@Jose\u0301"]),
        ("@मीरा, नमस्ते", ["@मीरा"]),
        ("@ＬＩＬＩＴＨ", ["@ＬＩＬＩＴＨ"]),
        ("@Nobody", []),
        ("Lilith", []),
        ("ada@lilith.org", []),
        ("@@Lilith", []),
        ("@ Lilith", []),
        ("@Lilithium", []),
        ("@", []),
        ("", []),
    ],
)
def test_a_mention_means_the_longest_known_name(text: str, meant: list[str]) -> None:
    known = {mentions.key(name): name for name in KNOWN}
    chosen = mentions.choose(mentions.candidates(text), known)
    assert [text[span.start : span.start + span.length] for span, _ in chosen] == meant
    for span, name in chosen:
        said = text[span.start + 1 : span.start + span.length]
        assert mentions.key(said) == mentions.key(name)


@given(st.text(alphabet="@ab Bß'’s.,!?)(\nİı \u0301", max_size=60))
def test_spans_lie_in_the_text_and_begin_with_the_at_sign(text: str) -> None:
    for span in mentions.candidates(text):
        assert text[span.start] == "@"
        assert 2 <= span.length <= len(text) - span.start
        assert span.name == mentions.key(text[span.start + 1 : span.start + span.length])


@given(st.text(max_size=80))
def test_folding_a_name_twice_is_folding_it_once(name: str) -> None:
    assert mentions.key(mentions.key(name)) == mentions.key(name)


@given(st.text(min_size=1, max_size=80))
def test_a_name_is_found_in_any_case(name: str) -> None:
    assert mentions.key(name.upper()) == mentions.key(name.upper().lower())


def test_a_hostile_message_is_read_in_no_time() -> None:
    text = "@" + "!" * 20_000 + " @a" * 5_000
    assert len(mentions.candidates(text)) < 500


@pytest.fixture
async def mira(served: Served) -> Client:
    (client,) = served.people("mira")
    return client


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bambi Prime", "@bambi prime, come here"),
        ("Straße", "@STRASSE!"),
        ("STRASSE", "@straße!"),
        ("İpek", "@İPEK'"),
        ("İpek", "@İpek"),
        ("Борис", "@БОРИС, привет"),
        ("БОРИС", "@борис, привет"),
        ("Ωmega", "@ωMEGA"),
        ("Jose\u0301", "@José"),
        ("  Two   Spaces ", "@two spaces"),
        ("ﬁona", "@FIONA"),
    ],
)
async def test_a_name_of_any_alphabet_is_found_in_any_case(
    name: str, said: str, mira: Client
) -> None:
    created = await _create(mira, name)
    (match,) = await _resolve(mira, said)
    assert match.personality.id == created.id
    assert said[match.start : match.start + match.length].startswith("@")


async def test_a_slug_is_a_name_too(mira: Client) -> None:
    created = await _create(mira, f"Lilith {uuid4().hex[:8]}")
    (match,) = await _resolve(mira, f"@{created.slug}: hello")
    assert match.personality.id == created.id


async def test_of_two_names_the_longest_wins_whoever_was_first(mira: Client) -> None:
    await _create(mira, "Bambi")
    prime = await _create(mira, "Bambi Prime")
    await _create(mira, "Bambi Prime Time")
    (match,) = await _resolve(mira, "hey @Bambi Prime's, wait")
    assert (match.personality.id, match.start, match.length) == (prime.id, 4, 12)


async def test_each_is_meant_once_in_the_order_of_first_mention(mira: Client) -> None:
    lilith, kael = await _create(mira, "Lilith"), await _create(mira, "Kael")
    found = await _resolve(mira, "@Kael @Lilith @kael")
    assert [match.personality.id for match in found] == [kael.id, lilith.id]


async def test_positions_count_code_points(mira: Client) -> None:
    await _create(mira, "Lilith")
    (match,) = await _resolve(mira, "🐝👩‍👩‍👧 @Lilith")
    assert (match.start, match.length) == (7, 7)


async def test_my_own_character_comes_before_anybody_elses_of_the_same_name(
    served: Served, mira: Client
) -> None:
    (kael,) = served.people("kael")
    name = f"Twin {uuid4().hex[:8]}"
    theirs = await _create(kael, name, visibility="VISIBILITY_PUBLIC")
    mine = await _create(mira, name)
    (seen_by_mira,) = await _resolve(mira, f"@{name}")
    (seen_by_kael,) = await _resolve(kael, f"@{name}")
    assert seen_by_mira.personality.id == mine.id
    assert seen_by_kael.personality.id == theirs.id


async def test_somebody_elses_private_character_is_not_meant(served: Served, mira: Client) -> None:
    (kael,) = served.people("kael")
    hidden = await _create(kael, f"Hidden {uuid4().hex[:8]}")
    assert await _resolve(mira, f"@{hidden.name} @{hidden.slug}") == []
    assert await _complete(mira, "Hidden") == []


async def test_a_renamed_character_is_found_by_its_new_name_only(mira: Client) -> None:
    created = await _create(mira, "Fledgling", slug=f"a-{uuid4().hex}")
    change = request_for(
        "UpdatePersonality", ref={"id": created.id}, personality={"name": "Straßenkatze"}
    )
    await mira.call("UpdatePersonality", change)
    assert await _resolve(mira, "@Fledgling") == []
    assert len(await _resolve(mira, "@strassenkatze")) == 1


async def test_a_prefix_completes_names_and_slugs_in_order_of_name(mira: Client) -> None:
    for name in ("ZORA", "zoltan", "Zoa", "Zoë", "Ýrsa"):
        await _create(mira, name)
    assert await _complete(mira, "zo") == ["Zoa", "zoltan", "ZORA", "Zoë"]
    assert await _complete(mira, "ZOL") == ["zoltan"]
    assert await _complete(mira, "zoe") == ["Zoë"]  # by its slug
    assert await _complete(mira, "ý") == ["Ýrsa"]


@pytest.mark.parametrize("prefix", ["%", "_", "\\", "%o"])
async def test_a_prefix_is_no_pattern(prefix: str, mira: Client) -> None:
    await _create(mira, "Zora")
    assert await _complete(mira, prefix) == []


async def test_no_more_come_than_were_asked_for(mira: Client) -> None:
    names = [f"Bee {number}" for number in range(30)]
    for name in names:
        await _create(mira, name)
    assert len(await _complete(mira, "bee", limit=3)) == 3
    assert len(await _complete(mira, "bee")) == 25
    assert len(await _complete(mira, "bee", limit=1000)) == 25
    assert len(await _resolve(mira, "@bee 1 @bee 2 @bee 3", limit=2)) == 2


async def _create(client: Client, name: str, **fields: object) -> Any:
    request = request_for("CreatePersonality", personality={"name": name, **fields})
    return (await client.call("CreatePersonality", request)).personality


async def _resolve(client: Client, text: str, limit: int = 0) -> list[Any]:
    request = request_for("ResolvePersonalities", text=text, limit=limit)
    return list((await client.call("ResolvePersonalities", request)).matches)


async def _complete(client: Client, prefix: str, limit: int = 0) -> list[str]:
    request = request_for("ResolvePersonalities", prefix=prefix, limit=limit)
    found = (await client.call("ResolvePersonalities", request)).matches
    assert all((match.start, match.length) == (0, 0) for match in found)
    return [match.personality.name for match in found]
