import pytest

from tests.formats.shapes.making import (
    IDA,
    JON,
    SECRETS,
    SHAPE,
    backup,
    config,
    found,
    memory,
    story,
)
from tzurot.formats import documents, shapes
from tzurot.formats.found import Container, Found, Kind
from tzurot.formats.unreadable import Problem, Unreadable


def read(members: dict[str, bytes]) -> Found:
    result = shapes.read_zip(members)
    assert result is not None
    return result


@pytest.mark.parametrize("folder", ["marta-lamp/", "", "backups/2026/marta-lamp/"])
def test_a_backup_is_one_whole(folder: str):
    result = read(backup(folder))
    assert (result.kind, result.container) == (Kind.SHAPES_BACKUP, Container.ZIP)
    assert result.name == "Marta"
    assert result.character == found(config()).character
    assert [it.text for it in result.memories] == [
        "Ida brought oil.",
        "Jon asked about the fog.",
        "Ida and Jon met at the stairs.",
        "All of them sang.",
    ]
    assert [it.group for it in result.memories] == [False, False, True, True]
    assert {it.personality_name for it in result.memories} == {"Marta"}
    assert [it.title for it in result.documents] == [
        "The lamp",
        "<p>{{user}} is {{char}}'s niece.</p>",
    ]
    assert [it.name for it in result.personas] == ["Ida"]
    assert result.personas[0].origin == f"shapes:{SHAPE}:me"
    (history,) = result.histories
    assert history.key == f"shapes:{SHAPE}"
    assert (history.character_name, history.person_name) == ("Marta", "Ida")
    assert [it.name for it in history.messages] == ["Ida", "Marta", "Marta"]
    assert history.messages[2].alternatives == ("Oil?", "Well.", "Bring oil.")


def test_a_preview_counts_what_a_backup_holds():
    members = backup()
    details = dict(read(members).details)
    sizes = details.pop("sizes")
    assert sizes == {path: len(data) for path, data in members.items()}
    assert details == {
        "username": "marta-lamp",
        "engine_model": "lamp-labs/Beacon-8B",
        "has_avatar_url": False,
        "memories": 7,
        "memories_importable": 4,
        "memories_deleted": 1,
        "memories_blank": 1,
        "memories_duplicate": 1,
        "memories_unreadable": 0,
        "memories_group": 2,
        "senders": {IDA: 5, JON: 3},
        "stories": 3,
        "stories_importable": 2,
        "stories_types": ["None", "general"],
        "training": 1,
        "chat_messages": 2,
        "chat_importable": 3,
        "has_personalization": True,
    }


def test_nothing_private_of_a_backup_is_kept():
    result = read(backup())
    for secret in SECRETS:
        assert secret not in repr(result)
    assert "user_personalization.user_id" in {it.path for it in result.dropped}


def test_what_belongs_to_people_is_not_in_the_document():
    document = read(backup()).document
    for theirs in (b"brought oil", b"Who goes", b"repairs boats", IDA.encode()):
        assert theirs not in document
    kept = documents.loads(document)
    assert isinstance(kept, dict)
    assert set(kept) == {"config", "stories", "training", "backupMetadata"}


def test_the_document_of_a_backup_gives_the_same_character_again():
    result = read(backup())
    again = found(documents.loads(result.document))
    assert again.kind is Kind.SHAPES_EXPORT
    assert again.character == result.character
    assert again.documents == result.documents


def test_openshapes_has_its_own_names():
    members = {
        "bot/shapes.json": documents.dumps(config()),
        "bot/brain.json": documents.dumps([story("The lamp was lit.")]),
    }
    result = read(members)
    assert result.character is not None
    assert [it.text for it in result.documents] == ["The lamp was lit."]


def test_empty_files_are_told_by_their_names():
    members = {
        "m/m.json": documents.dumps(config(username="m")),
        "m/m_memories.json": b"[]",
        "m/m_knowledge.json": b"[]",
        "m/m_training.json": b"[]",
        "m/m_chat_history.json": b"[]",
        "m/m_user_personalization.json": b"null",
    }
    result = read(members)
    assert result.warnings == found(config()).warnings
    assert (result.details["memories"], result.details["has_personalization"]) == (0, False)


def test_a_backup_of_empty_files_is_refused():
    with pytest.raises(Unreadable) as refused:
        shapes.read_zip({"m_memories.json": b"[]", "m_chat_history.json": b"[]"})
    assert refused.value.problem is Problem.NOTHING_INSIDE


def test_pages_of_memories_are_put_together():
    pages = {
        f"page{number}.json": documents.dumps({"items": [memory(f"m{number}", IDA)]})
        for number in (1, 2, 3)
    }
    assert [it.text for it in read(pages).memories] == ["m1", "m2", "m3"]


def test_memories_without_a_config_move_too():
    name = "marta-lamp_memories.json"
    result = read({name: documents.dumps([memory("one", IDA)])})
    assert (result.kind, result.container) == (Kind.SHAPES_MEMORIES, Container.ZIP)
    chat = backup("")["marta-lamp_chat_history.json"]
    both = read(
        {
            name: documents.dumps([memory("one", IDA)]),
            "marta-lamp_chat_history.json": chat,
        }
    )
    assert both.character is None
    assert both.name == "marta-lamp"
    assert both.histories[0].key == "shapes:marta-lamp"


@pytest.mark.parametrize(
    "members",
    [
        {
            "a/a.json": documents.dumps(config(id="1", username="a")),
            "b/b.json": documents.dumps(config(id="2", username="b")),
        },
        {
            "a/a.json": documents.dumps(config(id="1", username="a")),
            "b/b_memories.json": documents.dumps([memory("one", IDA)]),
        },
        {
            "a_memories.json": documents.dumps([memory("one", IDA)]),
            "b_memories.json": documents.dumps([memory("two", IDA)]),
        },
    ],
)
def test_several_shapes_are_refused_and_named(members: dict[str, bytes]):
    with pytest.raises(Unreadable, match="a, b") as refused:
        shapes.read_zip(members)
    assert refused.value.problem is Problem.SEVERAL


def test_the_same_config_twice_is_one_shape():
    members = {**backup(), "old/marta.json": documents.dumps(config())}
    assert read(members).name == "Marta"


def test_a_broken_part_is_named():
    members = backup() | {"marta-lamp/marta-lamp_memories.json": b'[{"id": '}
    with pytest.raises(Unreadable, match="marta-lamp_memories") as refused:
        shapes.read_zip(members)
    assert refused.value.problem is Problem.NOT_JSON


def test_strange_files_are_left_out_with_a_warning():
    result = read(backup() | {"marta-lamp/notes.json": b'{"a": 1}', "broken.json": b"{"})
    assert "marta-lamp/notes.json was left out: it isn't a part" in result.warnings[-2]
    assert "broken.json was left out: This is not valid JSON" in result.warnings[-1]


def test_files_of_something_else_are_nothing():
    assert shapes.read_zip({"a.json": b"[1]", "b.json": b"{"}) is None
    assert shapes.read_zip({}) is None


def test_a_backup_whose_config_has_no_prompts_still_brings_memories():
    members = backup() | {
        "marta-lamp/marta-lamp.json": documents.dumps(
            {"id": SHAPE, "name": "Marta", "username": "marta-lamp", "search_tags_v2": ["sea"]}
        )
    }
    result = read(members)
    assert len(result.memories) == 4
    assert any("no prompts" in warning for warning in result.warnings)
    assert result.details["preview_only"] is True
