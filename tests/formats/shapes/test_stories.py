from datetime import UTC, datetime

import pytest

from tests.formats.shapes.making import SHAPE, found, story
from tzurot.formats import documents
from tzurot.formats.found import Document, Kind


def test_a_story_becomes_a_document():
    result = found(
        [
            story(
                "The lamp was lit in 1871.",
                id="c9",
                title="The lamp",
                story_type="personal",
                origin_url="https://a.example/lamp",
            )
        ]
    )
    assert result.kind is Kind.SHAPES_KNOWLEDGE
    assert result.documents == (
        Document(
            text="The lamp was lit in 1871.",
            title="The lamp",
            kind="personal",
            origin="c9",
            url="https://a.example/lamp",
            create_time=datetime(2024, 5, 26, 5, 36, 31, 500000, tzinfo=UTC),
        ),
    )


def test_stories_are_counted_by_what_becomes_of_them():
    result = found(
        [
            story("One."),
            story("One."),
            story("Two.", story_type=None),
            story("Gone.", deleted=True),
            story(""),
            story("Insert relationship here"),
            story(["not a text"]),
        ]
    )
    assert [it.text for it in result.documents] == ["One.", "Two."]
    assert result.details == {
        "entries": 7,
        "importable": 2,
        "types": ["None", "general"],
        "placeholders": 1,
        "deleted": 1,
        "blank": 1,
        "duplicate": 1,
    }
    assert result.warnings == ("Stories without a text were skipped (row 7)",)


@pytest.mark.parametrize(
    "placeholder",
    [
        "Insert general knowledge here",
        "Insert relationship here",
        "insert command here ",
        'Insert "personal" custom knowledge about your shape',
    ],
)
def test_placeholders_of_the_site_are_no_stories(placeholder: str):
    result = found([story(placeholder)])
    assert result.documents == ()
    assert result.details["placeholders"] == 1


def test_a_story_about_inserting_is_one():
    text = "Insert coins here, said the sign on the lamp."
    assert found([story(text)]).documents[0].text == text


def test_a_story_without_a_title_has_its_first_words():
    result = found(
        [
            story("The lamp of the island was lit in eighteen seventy-one."),
            story("Short."),
            story("a" * 5000),
        ]
    )
    assert [it.title for it in result.documents] == [
        "The lamp of the island was lit in…",
        "Short.",
        "a" * 80 + "…",
    ]


def test_html_stays_and_placeholders_become_ours():
    (document,) = found([story("<p>{user} &amp; {shape}</p>")]).documents
    assert document.text == "<p>{{user}} &amp; {{char}}</p>"


def test_the_first_address_of_several_is_kept():
    (document,) = found([story("One.", urls=[None, "https://b.example", "x"])]).documents
    assert document.url == "https://b.example"


@pytest.mark.parametrize(
    "envelope",
    [
        [story("One.")],
        {"items": [story("One.")]},
        {"story": [story("One.")]},
        {"knowledge": [story("One.")]},
        {"story": story("One.")},
        story("One."),
    ],
    ids=["list", "items", "story", "knowledge", "one in story", "one"],
)
def test_all_envelopes_of_knowledge(envelope: object):
    result = found(envelope)
    assert result.kind is Kind.SHAPES_KNOWLEDGE
    assert [it.text for it in result.documents] == ["One."]


def test_the_stored_document_has_all_stories_word_for_word():
    rows = [story("{user} waits."), story("Insert relationship here", user_id="SECRET")]
    kept = documents.loads(found(rows).document)
    del rows[1]["user_id"]
    assert kept == {"stories": documents.loads(documents.dumps(rows))}


@pytest.mark.parametrize(
    "envelope",
    [
        [{"shape_id": SHAPE, "prompt": "Fog?", "answer": "Soon."}],
        {"training": [{"prompt": "Fog?", "answer": "Soon."}]},
        {"training": {"prompt": "Fog?", "answer": "Soon."}},
    ],
)
def test_training_is_kept_aside(envelope: object):
    result = found(envelope)
    assert result.kind is Kind.SHAPES_TRAINING
    assert result.details == {"training": 1}
    assert [it.path for it in result.kept_aside] == ["training"]
    assert b"Fog?" in result.document
