import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.shapes.making import IDA, SECRETS, config, found, memory, read, story
from tzurot.formats import documents
from tzurot.formats.found import Kind


def export(**changes: object) -> dict[str, object]:
    """What `/shapes export` of Tzurot v2 wrote."""
    return {
        "exportedAt": "2026-03-01T00:00:00.000Z",
        "sourceSlug": "marta-lamp",
        "config": config(),
        "memories": [memory("Ida brought oil.", IDA), memory("gone", IDA, deleted=True)],
        "stories": [story("The lamp was lit.")],
        "userPersonalization": {"preferred_name": "Ida", "backstory": "", "pronouns": ""},
        "stats": {"memoriesCount": 2, "storiesCount": 1, "pagesTraversed": 1},
    } | changes


def test_an_export_holds_character_memories_stories_and_person():
    result = found(export())
    assert result.kind is Kind.SHAPES_EXPORT
    assert result.character == found(config()).character
    assert [it.text for it in result.memories] == ["Ida brought oil."]
    assert [it.text for it in result.documents] == ["The lamp was lit."]
    assert [it.name for it in result.personas] == ["Ida"]
    assert result.details["username"] == "marta-lamp"
    assert (result.details["memories"], result.details["stories"]) == (2, 1)
    assert "config.jailbreak" in {it.source for it in result.fields}


def test_the_document_of_an_export_keeps_what_is_not_of_people():
    result = found(export(future={"depth": 1.50}))
    kept = documents.loads(result.document)
    assert isinstance(kept, dict)
    assert set(kept) == {"exportedAt", "sourceSlug", "stats", "config", "stories", "future"}
    assert b"brought oil" not in result.document
    for secret in SECRETS:
        assert secret not in repr(result)


def test_an_export_without_a_person_or_memories():
    result = found(export(userPersonalization=None, memories=[], stories=None))
    assert result.personas == ()
    assert result.details["has_personalization"] is False
    assert (result.details["memories"], result.details["stories"]) == (0, 0)


def test_an_export_of_a_nameless_config_is_called_by_its_slug():
    result = found(export(config=config(name="", username="")))
    assert result.name == "marta-lamp"


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "text",
        [],
        {},
        [1, "a"],
        {"name": "Marta", "username": "marta"},
        {"name": "Marta", "description": "A keeper.", "first_mes": "Hi", "personality": "calm"},
        {"name": "Marta", "jailbreak": "x", "user_prompt": "y", "first_mes": "Hi"},
        {"spec": "chara_card_v2", "data": {"name": "Marta", "jailbreak": "x"}},
        {"name": "Marta", "slug": "marta", "characterInfo": "x", "personalityTraits": "y"},
        {"entries": {"0": {"key": ["lamp"], "content": "lit"}}},
        {"entries": [{"keys": ["lamp"], "content": "lit"}], "name": "Book"},
        [{"keys": ["lamp"], "content": "lit"}],
        {"messages": [{"msg": "hi", "userId": "u"}]},
        {"data_visible": [["a", "b"]]},
        {"version": 2, "members": [], "switches": []},
        {"tuppers": [{"name": "Marta", "brackets": []}]},
        {"memories": [{"text": "one"}]},
        {"memories": [{"id": "1", "memory": "one", "user_id": "u"}]},
        {"items": [{"id": "1", "content": "one", "created_at": 1}], "total": 1, "page": 1},
        {"items": [], "pagination": {"has_next": False}},
        {"type": "message", "user": "U1", "text": "hi", "ts": "1.2"},
        {"config": {"a": 1}},
    ],
    ids=lambda value: documents.dumps(value).decode()[:40],
)
def test_what_is_of_something_else_is_nothing(value: object):
    assert read(value) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["items", "memories", "result", "senders", "content", "shape_id", "ts", "reply",
                 "training", "story", "config", "shape", "backstory", "pagination"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)  # fmt: skip


@given(_JSON)
def test_no_value_breaks_the_reader(value: object):
    result = read(value)
    assert result is None or result.kind.value.startswith("shapes_")
