"""Attachments from the upload on: whose they are, how long they stay, what the model gets."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable
from uuid import uuid4

import pytest

from tests.fakes.provider import Gate, Refusal, Reply, Request, words
from tests.personality.test_pictures import file_of, halves
from tests.session.models import answering, speaker
from tests.session.stage import Person, Stage, Told, ref
from tzurot.session.attachments.attachments import Attachments
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, FileHeader, Venue
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    Attachment,
    ChatRequest,
    MessageRef,
    Regeneration,
    UploadAttachmentRequest,
    Utterance,
)

PICTURE = file_of(halves(), "WEBP")
NAMED = '[picture "bees.webp"]'
UNSEEN = '[picture "bees.webp", which you can\'t see]'


async def parts(content: bytes, name: str) -> AsyncIterator[UploadAttachmentRequest]:
    header = FileHeader(
        name=name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    yield UploadAttachmentRequest(header=header)
    for start in range(0, len(content), 65_536):
        yield UploadAttachmentRequest(chunk=content[start : start + 65_536])


async def brought(who: Person, content: bytes = PICTURE, name: str = "bees.webp") -> Attachment:
    """Something that somebody has uploaded."""
    response = await who.client.message.upload_attachment(parts(content, name))
    assert response.attachment
    return response.attachment


def showing(who: Person, to: Personality, *pieces: Attachment, text: str = "Look!") -> ChatRequest:
    request = who.saying(text, to)
    request.utterance = Utterance(
        text=text, speaker_name=who.name, attachment_ids=[it.id for it in pieces]
    )
    return request


async def shows(who: Person, to: Personality, *pieces: Attachment, text: str = "Look!") -> Told:
    (told,) = await who.sends(showing(who, to, *pieces, text=text))
    return told


def words_in(request: Request) -> str:
    """What the last message says."""
    return words(request.messages[-1])


async def reason_of(work: Awaitable[object]) -> str:
    with pytest.raises(TzurotError) as error:
        await work
    return error.value.reason.name or ""


class TestUpload:
    async def test_a_picture_is_kept_for_a_day(self, stage: Stage, ada: Person) -> None:
        found = await brought(ada, name="my\nbees.webp")
        assert (found.name, found.media_type) == ("my bees.webp", "image/jpeg")
        assert found.expire_time
        rows = await stage.rows(
            """SELECT expire_time - create_time = interval '1 day', length(content), turn_id
            FROM attachments WHERE id = :id""",
            id=found.id,
        )
        assert rows == [(True, found.size_bytes, None)]

    async def test_a_text_is_kept_as_text(self, ada: Person) -> None:
        found = await brought(ada, "Grüße".encode("utf-16"), "notes")
        assert (found.media_type, found.size_bytes) == ("text/plain", 7)

    async def test_what_is_neither_is_refused_with_what_to_do(self, ada: Person) -> None:
        with pytest.raises(TzurotError, match="Attach a picture") as error:
            await brought(ada, b"PK\x03\x04" + b"\0" * 99)
        assert error.value.reason is ErrorReason.FILE_UNREADABLE

    async def test_too_large_a_file_is_refused_by_its_header(self, ada: Person) -> None:
        async def huge() -> AsyncIterator[UploadAttachmentRequest]:
            yield UploadAttachmentRequest(header=FileHeader(name="a", size_bytes=26 * 1024 * 1024))

        with pytest.raises(TzurotError, match="more than 25 MB"):
            await ada.client.message.upload_attachment(huge())

    async def test_what_waits_to_be_said_has_a_limit(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        first = await brought(ada)
        await stage.execute(
            "UPDATE attachments SET content = convert_to(repeat('x', 49999999), 'UTF8') "
            "WHERE id = :id",
            id=first.id,
        )
        assert await reason_of(brought(ada)) == "LIMIT_REACHED"
        assert await brought(stage.person("Bob"))
        await shows(ada, lilith, first)  # what is said waits no more
        assert await brought(ada)

    async def test_what_nobody_says_goes_after_its_day(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        late, said, fresh = await brought(ada), await brought(ada), await brought(ada)
        await shows(ada, lilith, said)
        await stage.execute(
            "UPDATE attachments SET expire_time = now() - interval '1 minute' WHERE id = :id",
            id=late.id,
        )
        assert await reason_of(shows(ada, lilith, late)) == "ATTACHMENT_NOT_FOUND"
        await Attachments(stage.server.parts.database).sweep()
        left = await stage.rows(
            "SELECT id::text FROM attachments WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id",
            ids=[late.id, said.id, fresh.id],
        )
        assert left == [(said.id,), (fresh.id,)]


class TestWhose:
    async def test_only_ones_own_can_be_said(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        theirs = await brought(stage.person("Bob"))
        assert await reason_of(shows(ada, lilith, theirs)) == "ATTACHMENT_NOT_FOUND"
        nothing = Attachment(id=str(uuid4()))
        assert await reason_of(shows(ada, lilith, nothing)) == "ATTACHMENT_NOT_FOUND"
        assert stage.asked == []

    async def test_each_can_be_said_once(self, ada: Person, lilith: Personality) -> None:
        piece = await brought(ada)
        await shows(ada, lilith, piece)
        assert await reason_of(shows(ada, lilith, piece)) == "ATTACHMENT_NOT_FOUND"

    async def test_a_repeated_request_is_answered_again(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        request = showing(ada, lilith, await brought(ada))
        request.request_id = str(uuid4())
        (first,) = await ada.sends(request)
        (again,) = await ada.sends(request)
        assert (again.text, again.turn_id) == (first.text, first.turn_id)
        assert len(stage.asked) == 1

    async def test_they_stay_with_their_turn_and_go_with_it(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        one, other = await brought(ada), await brought(ada, b"Honey", "notes.txt")
        told = await shows(ada, lilith, other, one)
        rows = "SELECT id::text, expire_time FROM attachments WHERE turn_id = :id ORDER BY position"
        assert await stage.rows(rows, id=told.turn_id) == [(other.id, None), (one.id, None)]
        await stage.execute("DELETE FROM turns WHERE id = :id", id=told.turn_id)
        assert await stage.rows("SELECT 1 FROM attachments WHERE id = :id", id=one.id) == []


class TestSeeing:
    async def test_a_model_that_sees_is_shown_the_picture(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        piece, text = await brought(ada), await brought(ada, b"Honey\nand wax", "notes.txt")
        async with answering(stage, speaker(stage, supports_vision=True)) as seeing:
            told = await shows(stage.elsewhere(seeing.client, ada), lilith, piece, text)
        (asked,) = stage.asked
        (shown,) = asked.pictures
        (stored,) = await stage.rows("SELECT content FROM attachments WHERE id = :id", id=piece.id)
        assert shown == stored[0]
        assert words_in(asked) == (f'{NAMED}\n\n[file "notes.txt"]\n| Honey\n| and wax\n\nLook!')
        sections = [
            it for it in (await ada.trace(told.turn_id)).sections if it.name == "attachment"
        ]
        assert [(it.text.splitlines()[0], it.cut) for it in sections] == [
            (NAMED, False),
            ('[file "notes.txt"]', False),
        ]
        assert sections[0].token_count > 1_000

    async def test_every_character_that_answers_gets_it(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        other = await stage.character("Tom")
        request = showing(ada, lilith, await brought(ada))
        request.addressees.append(ref(other))
        async with answering(stage, speaker(stage, supports_vision=True)) as seeing:
            told = await stage.elsewhere(seeing.client, ada).sends(request)
        assert len(told) == 2
        assert [len(it.pictures) for it in stage.asked] == [1, 1]

    async def test_another_reply_is_asked_for_with_the_same_picture(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        piece = await brought(ada)
        async with answering(stage, speaker(stage, supports_vision=True)) as seeing:
            again = stage.elsewhere(seeing.client, ada)
            told = await shows(again, lilith, piece)
            assert told.finished.message
            message = MessageRef(id=told.finished.message.id)
            request = ChatRequest(place=ada.direct, regeneration=Regeneration(message=message))
            await again.sends(request)
        assert [len(it.pictures) for it in stage.asked] == [1, 1]

    async def test_another_reply_to_a_picture_alone_answers_the_picture(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await shows(ada, lilith, await brought(ada), text="")
        assert told.finished.message
        message = MessageRef(id=told.finished.message.id)
        request = ChatRequest(place=ada.direct, regeneration=Regeneration(message=message))
        await ada.sends(request)
        assert [words_in(it) for it in stage.asked] == [f"{UNSEEN}\n\n(no words with it)"] * 2

    async def test_who_goes_on_speaking_is_answered_to_the_picture_too(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        gate = Gate()
        first = showing(ada, lilith, await brought(ada))
        async with answering(stage, speaker(stage, supports_vision=True)) as seeing:
            again = stage.elsewhere(seeing.client, ada)
            stage.model.script(Reply("Oh.", gate=gate))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(again.sends(first))
                await stage.model.until(lambda it: it.open_streams == 1)
                told = await again.asks("What is it?", lilith)
                gate.open()
        assert told.how == "STOP"
        assert [len(it.pictures) for it in stage.asked] == [1, 1]
        assert words_in(stage.asked[-1]) == f"{NAMED}\n\nWhat is it?"

    async def test_of_an_earlier_picture_only_its_name_is_told(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        piece = await brought(ada)
        async with answering(stage, speaker(stage, supports_vision=True)) as seeing:
            again = stage.elsewhere(seeing.client, ada)
            await shows(again, lilith, piece)
            await again.asks("And now?", lilith)
        last = stage.asked[-1]
        assert last.pictures == []
        assert [it["content"] for it in last.messages if it["role"] == "user"] == [
            f"Look!\n{NAMED}",
            "And now?",
        ]

    async def test_without_words_it_is_a_message_too_of_which_nothing_is_remembered(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await shows(ada, lilith, await brought(ada), text="")
        assert told.how == "STOP"
        assert words_in(stage.asked[0]) == f"{UNSEEN}\n\n(no words with it)"
        assert await stage.memories(told.turn_id) == []

    async def test_what_is_remembered_is_what_was_said(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await shows(ada, lilith, await brought(ada, b"SECRET", "a.txt"), text="I keep bees.")
        (memory,) = await stage.memories(told.turn_id)
        assert memory.person_text == "I keep bees."


class TestDescribing:
    """Another model, which the person may ask, sees for the one that answers."""

    async def test_what_is_on_it_is_told_and_kept_for_the_next_time(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        blind = speaker(stage, supports_vision=False)
        eyes = speaker(stage, model="eyes", supports_vision=True)
        first, twin = await brought(ada), await brought(ada, name="same.webp")
        async with answering(stage, blind, eyes) as both:
            again = stage.elsewhere(both.client, ada)
            stage.model.script("A SENTINEL hive.", "Lovely!", "Again!")
            told = await shows(again, lilith, first)
            await shows(again, lilith, twin, text="And this?")
        described, answered, answered_again = stage.asked
        assert described.body["model"] == "eyes"
        assert len(described.pictures) == 1
        assert words_in(answered) == '[picture "bees.webp": "A SENTINEL hive."]\n\nLook!'
        assert answered.pictures == []
        assert '[picture "same.webp": "A SENTINEL hive."]' in words_in(answered_again)
        earlier = [it["content"] for it in answered_again.messages]
        assert 'Look!\n[picture "bees.webp": "A SENTINEL hive."]' in earlier
        trace = await ada.trace(told.turn_id)
        assert [(it.model, it.outcome) for it in trace.attempts] == [
            ("eyes", "answered"),
            ("scripted", "answered"),
        ]
        assert any("SENTINEL" in it.text and not it.cut for it in trace.sections)
        known = await brought(ada, name="third.webp")
        assert known.description == "A SENTINEL hive."
        assert (await brought(stage.person("Bob"))).description == ""

    async def test_what_it_took_is_counted(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        blind = speaker(stage, supports_vision=False)
        eyes = speaker(stage, model="eyes", supports_vision=True)
        async with answering(stage, blind, eyes) as both:
            stage.model.script("one two three four", "five six")
            told = await shows(stage.elsewhere(both.client, ada), lilith, await brought(ada))
        turn = await ada.turn(told.turn_id)
        assert turn.usage
        assert turn.usage.completion_token_count == 6

    async def test_a_failure_is_told_and_the_turn_goes_on(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        blind = speaker(stage, supports_vision=False)
        eyes = speaker(stage, model="eyes", supports_vision=True)
        async with answering(stage, blind, eyes) as both:
            stage.model.script(Refusal(401), "I can't see it.")
            told = await shows(stage.elsewhere(both.client, ada), lilith, await brought(ada))
        assert (told.notices, told.text) == (["API_KEY_REJECTED"], "I can't see it.")
        assert words_in(stage.asked[-1]) == f"{UNSEEN}\n\nLook!"

    async def test_without_anybody_who_sees_the_character_can_say_so(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        told = await shows(ada, lilith, await brought(ada))
        assert (told.notices, len(stage.asked)) == ([], 1)
        assert words_in(stage.asked[0]) == f"{UNSEEN}\n\nLook!"

    async def test_nothing_is_paid_for_words_that_have_no_room(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        blind = speaker(stage, supports_vision=False, context_tokens=700)
        eyes = speaker(stage, model="eyes", supports_vision=True)
        async with answering(stage, blind, eyes) as both:
            stage.model.script(Reply("Hm."))
            told = await shows(stage.elsewhere(both.client, ada), lilith, await brought(ada))
        assert told.text == "Hm."
        assert [it.body["model"] for it in stage.asked] == ["scripted"]

    async def test_whose_money_is_not_theirs_has_nobody_asked(
        self, stage: Stage, lilith: Personality
    ) -> None:
        bob = stage.person("Bob", platform="discord")
        blind = speaker(stage, supports_vision=False)
        eyes = speaker(stage, model="eyes", supports_vision=True, uses_operator_key=True)
        async with answering(stage, blind, eyes) as both:
            await shows(stage.elsewhere(both.client, bob), lilith, await brought(bob))
        assert [it.body["model"] for it in stage.asked] == ["scripted"]


async def test_in_a_channel_others_learn_only_what_was_shown(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    place = stage.channel(Venue.PUBLIC_CHANNEL)
    request = showing(ada, lilith, await brought(ada))
    request.place = place
    await ada.sends(request)
    await stage.person("Bob").asks("What was that?", lilith, place=place)
    told = [str(it["content"]) for it in stage.asked[-1].timeless]
    assert f"Ada: Look!\n{NAMED}" in told
