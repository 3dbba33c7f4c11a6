"""Characters are made, deleted and looked through by flows."""

import asyncio
from uuid import uuid4

import grpc.aio
import pytest

from tests.calling import Client, request_for
from tests.contract.residents import greeting_of
from tests.flow.dialogue import CLOSED, DONE, OPEN, Dialogue, change, create, delete, get, starting
from tests.personality.asking import share
from tzurot.personality.v1.personality_pb2 import VISIBILITY_PRIVATE, VISIBILITY_PUBLIC


class TestCreating:
    async def test_a_character_is_made_of_what_was_entered(self, mira: Client) -> None:
        new = await Dialogue.start(mira, "character create", name="  Lilith   the Old ")
        assert new.view.title == "Lilith the Old"
        await new.answer("conversation", greeting="Come in.")
        await new.answer("identity", slug=(slug := f"old-{uuid4().hex[:12]}"), tags="calm, old")
        await new.answer("visibility", visibility="public")
        await new.answer("note", depth_prompt="Stay calm.", depth_prompt_depth="0")
        await new.answer("greetings", alternate_greetings="Sit.\n---\nGo.")
        await new.answer("create")
        assert new.flow.state == DONE
        assert f"`{slug}`" in new.view.body
        (made,) = await _mine(mira)
        assert (made.name, made.slug, made.greeting) == ("Lilith the Old", slug, "Come in.")
        assert (list(made.tags), made.visibility) == (["calm", "old"], VISIBILITY_PUBLIC)
        assert (made.depth_prompt, made.depth_prompt_depth) == ("Stay calm.", 0)
        assert list(made.alternate_greetings) == ["Sit.", "Go."]
        assert not made.definition_visible

    async def test_it_can_be_made_when_it_has_a_name(self, mira: Client) -> None:
        new = await Dialogue.start(mira, "character create")
        assert "create" not in new.actions
        assert (await new.refused("create")).reason == "FLOW_ACTION_UNKNOWN"
        await new.answer("identity", name="Lilith")
        await new.answer("create")
        (made,) = await _mine(mira)
        assert (made.name, made.visibility) == ("Lilith", VISIBILITY_PRIVATE)
        assert made.slug.startswith("lilith")

    async def test_it_is_made_once_however_often_it_is_asked_for(self, mira: Client) -> None:
        new = await Dialogue.start(mira, "character create", name="Lilith")
        request = new.submission("create")
        answers = await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3
        assert len(await _mine(mira)) == 1

    async def test_a_slug_that_is_taken_is_told_and_nothing_is_lost(self, mira: Client) -> None:
        taken = await create(mira)
        new = await Dialogue.start(mira, "character create", name="Lilith")
        await new.answer("biography", description="Keeps an archive.")
        await new.answer("identity", slug=taken.slug)
        await new.answer("create")
        assert taken.slug in new.view.notice
        assert new.flow.state == OPEN
        await new.answer("identity", slug="")
        assert new.field("slug").error == ""
        await new.answer("create")
        made = (await _mine(mira))[0]
        assert (made.description, made.slug != taken.slug) == ("Keeps an archive.", True)

    async def test_a_wrong_value_is_told_at_once(self, mira: Client) -> None:
        new = await Dialogue.start(mira, "character create", name="Lilith")
        await new.answer("identity", birthday="yesterday", nickname="Lil")
        assert new.field("birthday").error.startswith("MM-DD")
        assert list(new.field("nickname").values) == ["Lil"]


class TestDeleting:
    async def test_a_character_is_deleted_after_its_phrase(self, mira: Client) -> None:
        name = f"Lilith {uuid4().hex[:8]}"  # nobody else's on the shared server
        lilith = await create(mira, name=name)
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        assert (gone.view.title, gone.actions) == (f"Delete {name}?", ["close", "delete"])
        assert f"`DELETE {name.upper()}`" in gone.view.body
        assert gone.field("phrase").description == f"Type: DELETE {name.upper()}"
        await gone.answer("delete", phrase=f" delete  {name} ")
        assert (gone.flow.state, gone.view.title) == (DONE, f"{name} is gone")
        assert await _mine(mira) == []

    @pytest.mark.parametrize(
        "phrase", ["", "DELETE", "Lilith", "DELETE LILITHS", "DELETE  LIL ITH"]
    )
    async def test_a_wrong_phrase_deletes_nothing(self, phrase: str, mira: Client) -> None:
        lilith = await create(mira, name="Lilith")
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        await gone.answer("delete", phrase=phrase)
        assert gone.field("phrase").error
        assert gone.flow.state == OPEN
        assert await get(mira, lilith.id) == lilith

    async def test_what_goes_with_it_is_counted(self, mira: Client, kael: Client) -> None:
        lilith = await create(mira, visibility=VISIBILITY_PUBLIC, greeting="Hi.")
        for client, count in ((mira, 2), (kael, 1)):
            await client.call("Chat", greeting_of(lilith.id))
            for number in range(count):
                words = request_for(
                    "CreateMemory", personality_id=lilith.id, text=f"I keep {number} bees."
                )
                await client.call("CreateMemory", words)
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        assert gone.item("2 conversations").text
        assert gone.item("3 memories").text == "of 2 personas"

    async def test_a_double_click_deletes_once(self, mira: Client) -> None:
        lilith = await create(mira, name="Lilith")
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        request = gone.submission("delete", phrase="DELETE LILITH")
        answers = await asyncio.gather(
            *(mira.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        taken = [it for it in answers if not isinstance(it, grpc.aio.AioRpcError)]
        assert [answer.flow.state for answer in taken] == [DONE]

    async def test_cancelling_deletes_nothing(self, mira: Client) -> None:
        lilith = await create(mira)
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        await gone.answer("close")
        assert gone.flow.state == CLOSED
        assert await get(mira, lilith.id) == lilith

    async def test_a_character_of_another_name_by_now_asks_for_its_new_phrase(
        self, mira: Client
    ) -> None:
        lilith = await create(mira, name="Lilith")
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        await change(mira, lilith.id, name="Kael")
        await gone.answer("delete", phrase="DELETE LILITH")
        assert gone.view.notice.startswith("This was changed elsewhere")
        await gone.answer("delete", phrase="DELETE LILITH")
        assert gone.field("phrase").error == "This is not `DELETE KAEL`."
        await gone.answer("delete", phrase="DELETE KAEL")
        assert await _mine(mira) == []

    async def test_nobody_deletes_what_is_not_theirs(self, mira: Client, kael: Client) -> None:
        public = await create(kael, visibility=VISIBILITY_PUBLIC)
        refusal = await mira.refused(
            "StartFlow", starting("character delete", character=public.slug)
        )
        assert refusal.reason == "NOT_OWNER"

    async def test_a_character_that_is_gone_already_ends_the_flow(self, mira: Client) -> None:
        lilith = await create(mira, name="Lilith")
        gone = await Dialogue.start(mira, "character delete", character=lilith.slug)
        await delete(mira, lilith.id)
        await gone.answer("delete", phrase="DELETE LILITH")
        assert gone.flow.state == DONE
        assert lilith.id in gone.view.body

    @pytest.mark.parametrize(
        "name", ["Straße", "ŉ" * 255, "\u202eLilith", "a\nb", "👩‍🚀 Ada", "`x` **y**", "İ"]
    )
    async def test_any_name_has_a_phrase_that_fits_and_can_be_typed(
        self, name: str, mira: Client
    ) -> None:
        odd = await create(mira, name=name)
        gone = await Dialogue.start(mira, "character delete", character=odd.slug)
        phrase = gone.field("phrase").description.removeprefix("Type: ")
        assert len(phrase) <= 39
        await gone.answer("delete", phrase=phrase)
        assert gone.flow.state == DONE


class TestBrowsing:
    async def test_the_person_turns_pages_and_comes_back(self, mira: Client) -> None:
        made = [await create(mira, name=f"Number {number}") for number in range(12)]
        browse = await Dialogue.start(mira, "character browse", whose="mine")
        assert list(browse.items) == [f"Number {number}" for number in range(11, 1, -1)]
        assert browse.actions == ["next", "refresh", "all", "search", "close"]
        await create(mira, name="Newer")  # does not move what is shown
        await browse.answer("next")
        assert list(browse.items) == ["Number 1", "Number 0"]
        assert browse.actions == ["previous", "refresh", "all", "search", "close"]
        await browse.choose("Number 0")
        assert browse.item("Slug").text == made[0].slug
        await browse.answer("back")
        assert list(browse.items) == ["Number 1", "Number 0"]
        await browse.answer("previous")
        assert next(iter(browse.items)) == "Number 11"
        await browse.answer("refresh")
        assert next(iter(browse.items)) == "Newer"

    async def test_others_public_characters_are_shown_without_a_definition_that_is_hidden(
        self, mira: Client, kael: Client
    ) -> None:
        public = await create(
            kael, name="Open", visibility=VISIBILITY_PUBLIC, creator="A", system_prompt="Secret"
        )
        hidden = await create(kael, name="Hidden")
        browse = await Dialogue.start(mira, "character browse")
        assert public.id in browse.items.values()
        assert hidden.id not in browse.items.values()
        await browse.choose("Open")
        assert "Secret" not in str(browse.view)
        assert browse.item("Creator").text == "A"
        assert browse.actions == ["back", "close"]
        await browse.answer("back")
        await browse.answer("mine")
        assert browse.items == {}

    async def test_words_and_tags_narrow_the_list(self, mira: Client) -> None:
        mark = uuid4().hex
        for name, tags in (("Owl", ["calm", "old"]), ("Night Owl", ["calm"]), ("Fox", ["old"])):
            await create(mira, name=f"{name} {mark}", tags=tags)
        browse = await Dialogue.start(mira, "character browse")
        await browse.answer("search", query=f"OWL {mark}")
        assert list(browse.items) == [f"Night Owl {mark}", f"Owl {mark}"]
        assert browse.view.body == f"Those with the words “OWL {mark}”."
        await browse.answer("search", tag="old, Calm")
        assert list(browse.items) == [f"Owl {mark}"]
        assert browse.view.body.endswith("and tagged old, Calm.")
        await browse.choose("Owl")
        await browse.answer("back")
        await browse.answer("mine")
        assert list(browse.items) == [f"Owl {mark}"]
        await browse.answer("search", query="badger")
        assert browse.view.body.startswith("There is no character with the words “badger” and")
        await browse.answer("search", query="", tag="")
        assert (len(browse.items), browse.view.body) == (3, "")

    async def test_whose_it_is_and_what_one_is_to_it_is_told(
        self, mira: Client, kael: Client
    ) -> None:
        name = f"Lilith {uuid4().hex}"
        lilith = await create(kael, name=name, visibility=VISIBILITY_PUBLIC)
        for role, told in (("", ""), ("user", ", you: user"), ("editor", ", you: editor")):
            if role:
                await share(kael, lilith, mira, role)
            browse = await Dialogue.start(mira, "character browse")
            await browse.answer("search", query=name)
            assert browse.item(name).text == f"{lilith.slug} · by {kael.subject}{told}"
            await browse.choose(name)
            assert browse.item("Whose").text == f"by {kael.subject}{told}"
        browse = await Dialogue.start(kael, "character browse", whose="mine")
        assert browse.item(name).text == f"{lilith.slug} · yours, public"

    async def test_a_character_that_is_hidden_meanwhile_is_not_shown(
        self, mira: Client, kael: Client
    ) -> None:
        public = await create(kael, name="Open", visibility=VISIBILITY_PUBLIC)
        browse = await Dialogue.start(mira, "character browse")
        choice = browse.submission("show", item=public.id)
        await change(kael, public.id, visibility=VISIBILITY_PRIVATE)
        shown = (await mira.call("SubmitFlow", choice)).flow
        assert shown.view.notice == "That is not in the list any more."
        assert public.id not in {item.key for item in shown.view.items}

    async def test_a_character_that_is_hidden_while_it_is_shown_ends_the_flow(
        self, mira: Client, kael: Client
    ) -> None:
        public = await create(kael, name="Open", visibility=VISIBILITY_PUBLIC)
        browse = await Dialogue.start(mira, "character browse")
        await browse.choose("Open")
        await change(kael, public.id, visibility=VISIBILITY_PRIVATE)
        await browse.look()
        assert (browse.flow.state, browse.actions) == (DONE, [])


async def _mine(client: Client) -> list[object]:
    listed = await client.call("ListPersonalities", request_for("ListPersonalities", mine=True))
    return list(listed.personalities)
