"""Copies, faces and overrides of characters, and their later fields, with a real server."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.clients.cli.people import Person
from tests.conftest import Served
from tzurot.personality.v1 import personality_pb2

PUBLIC = personality_pb2.VISIBILITY_PUBLIC


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


@pytest.fixture
def bea(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("bea")[0], tmp_path)


class TestFields:
    async def test_all_that_is_given_is_stored_and_shown(self, ada: Person) -> None:
        made = await ada.document(
            *("personality", "create", "--name", "Lilith", "--visibility", "unlisted"),
            *("--greeting", "Come in.", "--alternate-greeting", "Sit."),
            *("--alternate-greeting", "Go.", "--definition-visible"),
            *("--depth-prompt", "Stay calm.", "--depth-prompt-depth", "2"),
            *("--depth-prompt-role", "user"),
        )
        slug = made["personality"]["slug"]
        stored = await ada.look_at(slug)
        assert stored.visibility == personality_pb2.VISIBILITY_UNLISTED
        assert list(stored.alternate_greetings) == ["Sit.", "Go."]
        assert (stored.depth_prompt, stored.depth_prompt_depth) == ("Stay calm.", 2)
        assert stored.depth_prompt_role == personality_pb2.PROMPT_ROLE_USER
        assert stored.definition_visible
        shown = (await ada.run("personality", "show", slug)).out
        for line in (
            "visibility           unlisted",
            "definition           for all who see it",
            f"owner                {ada.client.subject}",
            "role                 owner",
            "alternate greetings  \n  Sit.\n  ---\n  Go.",
            "note                 Stay calm.",
            "note's place         2 before the end, said by the user",
        ):
            assert line in shown

    async def test_what_is_given_again_is_changed_and_nothing_else(self, ada: Person) -> None:
        fields = {"alternate_greetings": ["Sit."], "depth_prompt": "Calm.", "greeting": "Hm."}
        slug = await ada.character("Lilith", **fields)
        await ada.document("personality", "edit", slug, "--depth-prompt-depth", "0")
        changed = await ada.look_at(slug)
        assert (changed.depth_prompt, changed.depth_prompt_depth) == ("Calm.", 0)
        command = ("--alternate-greeting", "", "--visibility", "public", "--definition-visible")
        await ada.document("personality", "edit", slug, *command)
        await ada.document("personality", "edit", slug, "--definition-hidden")
        changed = await ada.look_at(slug)
        assert (changed.visibility, changed.definition_visible) == (PUBLIC, False)
        assert (list(changed.alternate_greetings), changed.greeting) == ([], "Hm.")
        ended = await ada.run("personality", "edit", slug, "--visibility", "secret")
        assert (ended.code, "'secret' is not one of" in ended.err) == (2, True)

    async def test_custom_fields_are_given_changed_and_taken_away(self, ada: Person) -> None:
        made = await ada.document(
            *("personality", "create", "--name", "Lilith", "--age-restricted"),
            *("--custom-field", "The  lamp=brass=old", "--silent-field", "Keywords=lamp"),
        )
        slug = made["personality"]["slug"]
        await ada.document(
            *("personality", "edit", slug, "--custom-field", "keywords=a, b"),
            *("--custom-field", "Sea=grey", "--custom-field", "THE LAMP="),
        )
        stored = await ada.look_at(slug)
        assert [(it.name, it.text, it.silent) for it in stored.custom_fields] == [
            ("keywords", "a, b", False),
            ("Sea", "grey", False),
        ]
        assert stored.age_restricted
        await ada.document("personality", "edit", slug, "--silent-field", "Sea=grey")
        await ada.document("personality", "edit", slug, "--no-age-restricted")
        stored = await ada.look_at(slug)
        assert [it.silent for it in stored.custom_fields] == [False, True]
        assert not stored.age_restricted
        for wrong in ("lamp", " =brass"):
            ended = await ada.run("personality", "edit", slug, "--custom-field", wrong)
            assert (ended.code, "a custom field is NAME=TEXT" in ended.err) == (2, True)
        command = ("personality", "create", "--name", "Eve", "--custom-field", "a=1")
        ended = await ada.run(*command, "--silent-field", "A=2")
        assert (ended.code, "no two may have the same name" in ended.err) == (2, True)

    async def test_what_a_card_brings_is_shown_by_name(self, ada: Person) -> None:
        script = personality_pb2.RegexScript
        slug = await ada.character(
            "Lilith",
            group_greetings=["All of you."],
            custom_fields=[
                personality_pb2.CustomField(name="Lamp", text="brass"),
                personality_pb2.CustomField(name="Keywords", text="lamp", silent=True),
            ],
            regex_scripts=[script(name="Quiet", find="!"), script(find="/a/")],
            age_restricted=True,
        )
        shown = (await ada.run("personality", "show", slug)).out
        for line in (
            "for adults           yes",
            "group greetings      All of you.",
            "custom fields        \n  Lamp: brass\n  Keywords (silent): lamp",
            "regex scripts        Quiet, /a/",
        ):
            assert line in shown

    async def test_who_may_not_read_the_definition_is_told_so(
        self, ada: Person, bea: Person
    ) -> None:
        slug = await ada.character("Lilith", description="Old.", greeting="Hm.", visibility=PUBLIC)
        shown = (await bea.run("personality", "show", slug)).out
        assert "definition  hidden\n" in shown
        assert "greeting    Hm.\n" in shown
        assert f"owner       {ada.client.subject}\n" in shown
        assert "description" not in shown


class TestCopies:
    async def test_a_character_is_copied_with_another_name(self, ada: Person) -> None:
        slug = await ada.character("Lilith", greeting="Come in.")
        ended = await ada.run("personality", "clone", slug, "--name", "Naamah")
        assert ended.code == 0
        assert "name                 Naamah\n" in ended.out
        assert "greeting             Come in.\n" in ended.out
        copy = await ada.document("personality", "clone", slug, "--slug", f"{slug}-b")
        assert copy["personality"]["slug"] == f"{slug}-b"
        ended = await ada.run("personality", "clone", slug, "--slug", slug)
        assert (ended.code, ended.err.endswith("choose another one with --slug.\n")) == (2, True)

    async def test_what_is_hidden_is_not_copied(self, ada: Person, bea: Person) -> None:
        slug = await ada.character("Lilith", visibility=PUBLIC)
        ended = await bea.run("personality", "clone", slug)
        assert (ended.code, ended.out) == (2, "")
        assert "its owner can make you a viewer" in ended.err


class TestFaces:
    async def test_a_face_is_given_saved_and_taken_away(self, ada: Person, tmp_path: Path) -> None:
        slug = await ada.character("Lilith")
        (tmp_path / "face.jpg").write_bytes(_picture("JPEG"))
        ended = await ada.run("personality", "avatar", "set", slug, str(tmp_path / "face.jpg"))
        assert (ended.code, ended.out) == (0, f"{slug} has a new face.\n")
        target = tmp_path / "saved.png"
        ended = await ada.run("personality", "avatar", "save", slug, "-o", str(target))
        assert (ended.code, ended.out) == (0, f"{target} is written.\n")
        with Image.open(target) as saved:
            assert (saved.format, saved.size) == ("PNG", (40, 30))
        ended = await ada.run("personality", "avatar", "remove", slug)
        assert (ended.code, ended.out) == (0, f"{slug} has no face now.\n")
        ended = await ada.run("personality", "avatar", "save", slug, "-o", str(target))
        assert (ended.code, ended.err) == (2, f"The character `{slug}` has no avatar.\n")

    async def test_each_command_has_its_json(self, ada: Person, tmp_path: Path) -> None:
        slug = await ada.character("Lilith")
        (tmp_path / "face.png").write_bytes(_picture("PNG"))
        command = ("personality", "avatar")
        set_ = await ada.document(*command, "set", slug, str(tmp_path / "face.png"))
        assert set_["personality"]["avatar_sha256"]
        target = str(tmp_path / "saved.png")
        assert await ada.document(*command, "save", slug, "-o", target) == {"files": [target]}
        removed = await ada.document(*command, "remove", slug)
        assert removed["personality"]["avatar_sha256"] == ""

    async def test_what_is_no_picture_is_told_with_what_to_do(
        self, ada: Person, tmp_path: Path
    ) -> None:
        slug, file = await ada.character("Lilith"), tmp_path / "face.png"
        command = ("personality", "avatar", "set", slug, str(file))
        ended = await ada.run(*command)
        assert (ended.code, ended.err) == (2, f"{file} can't be read: no such file or directory.\n")
        file.write_bytes(b"no picture")
        ended = await ada.run(*command)
        assert (ended.code, ended.out) == (2, "")
        assert "Save it anew as a PNG" in ended.err
        file.write_bytes(bytes(10 * 1024 * 1024 + 1))
        ended = await ada.run(*command)
        assert ended.err == "face.png has more than 10 MiB: save it smaller and send that.\n"


class TestOverrides:
    async def test_a_character_is_had_otherwise_and_as_its_card_says_again(
        self, ada: Person
    ) -> None:
        slug = await ada.character("Lilith", greeting="Come in.")
        command = ("personality", "override")
        ended = await ada.run(*command, "set", slug, "--nickname", "Lil", "--scenario", "A dream.")
        assert (ended.code, ended.err) == (0, "")
        shown = (await ada.run(*command, "show", slug)).out
        assert shown == ended.out
        assert "nickname      Lil\n" in shown
        assert "greeting      -\n" in shown
        await ada.run(*command, "set", slug, "--nickname", "")
        override = (await ada.document(*command, "show", slug))["override"]
        assert (override["nickname"], override["scenario"]) == ("", "A dream.")
        cleared = (await ada.document(*command, "clear", slug))["override"]
        assert (cleared["scenario"], cleared["etag"]) == ("", "0")
        assert (await ada.look_at(slug)).greeting == "Come in."

    async def test_long_ones_come_from_a_file_which_can_be_what_was_shown(
        self, ada: Person, tmp_path: Path
    ) -> None:
        first, second = await ada.character("Lilith"), await ada.character("Naamah")
        command, file = ("personality", "override"), tmp_path / "mine.json"
        file.write_text(json.dumps({"addition": "Line one.\nLine two.", "other": 1}))
        with_file = ("--from-file", str(file))
        await ada.document(*command, "set", first, *with_file, "--nickname", "Lil")
        shown = await ada.document(*command, "show", first)
        assert shown["override"]["addition"] == "Line one.\nLine two."
        file.write_text(json.dumps(shown))
        again = (await ada.document(*command, "set", second, *with_file))["override"]
        assert (again["nickname"], again["addition"]) == ("Lil", "Line one.\nLine two.")

    @pytest.mark.parametrize("content", ["{", "[]", '"text"', "{}"])
    async def test_a_file_without_fields_is_told(
        self, content: str, ada: Person, tmp_path: Path
    ) -> None:
        slug, file = await ada.character("Lilith"), tmp_path / "mine.json"
        file.write_text(content)
        ended = await ada.run("personality", "override", "set", slug, "--from-file", str(file))
        assert (ended.code, ended.out) == (2, "")
        assert len(ended.err.splitlines()) == 1

    async def test_nothing_given_is_nothing_to_change(self, ada: Person) -> None:
        slug = await ada.character("Lilith")
        ended = await ada.run("personality", "override", "set", slug)
        assert (ended.code, ended.err.startswith("Nothing to change")) == (2, True)


def _picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), (200, 40, 90)).save(file, kind)
    return file.getvalue()
