"""The bundled embedding model: shapes, likeness across languages, long and odd texts."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from tzurot.llm.embeddings import Embedder, Reading, Vector


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    embedder = Embedder()
    yield embedder
    embedder.close()


def vector(reading: Reading) -> Vector:
    """The mean of a text's states, of length 1; shape (384,)."""
    mean = np.asarray(reading.states.mean(axis=0), np.float32)
    return mean / np.float32(np.linalg.norm(mean))


async def vectors(embedder: Embedder, *texts: str) -> Vector:
    """The vectors of passages of one line each; shape (len(texts), 384)."""
    return np.stack([vector(it) for it in await embedder.passages([[text] for text in texts])])


async def test_there_is_a_state_for_each_token(embedder: Embedder) -> None:
    question = await embedder.question("What do I keep?")
    (passage,) = await embedder.passages([["I keep bees.", "我养蜜蜂。"]])
    for reading in (question, passage):
        assert reading.states.dtype == np.float32
        assert reading.states.shape == (len(reading.pieces), embedder.dimensions)


async def test_each_line_has_its_tokens(embedder: Embedder) -> None:
    lines = ["Ada: I keep bees.", "", "Lilith: How lovely!"]
    (reading,) = await embedder.passages([lines])
    told = ["".join(piece.text for piece in reading.pieces[line]) for line in reading.lines]
    assert told == ["▁Ada:▁I▁keep▁bees.", "▁", "▁Lilith:▁How▁lovely!"]


@pytest.mark.parametrize("question", ["What do I keep?", "Welche Tiere halte ich?", "我养什么？"])
async def test_a_question_is_nearest_to_its_answer_in_any_language(
    embedder: Embedder, question: str
) -> None:
    texts = ["The train leaves at noon.", "I keep bees in my garden.", "He paints his boat blue."]
    asked = vector(await embedder.question(question))
    assert (await vectors(embedder, *texts) @ asked).argmax() == 1


async def test_no_passages_have_no_readings(embedder: Embedder) -> None:
    assert await embedder.passages([]) == []


async def test_what_stands_after_a_nul_counts(embedder: Embedder) -> None:
    with_nul, without, cut = await vectors(embedder, "bees\0honey", "bees honey", "bees")
    assert with_nul @ without > 0.999
    assert with_nul @ cut < 0.999


@pytest.mark.parametrize("text", ["", " ", "😀" * 300, "a" * 1_000, "bees " * 600])
async def test_odd_and_long_texts_have_a_vector(embedder: Embedder, text: str) -> None:
    assert np.isfinite((await embedder.question(text)).states).all()


async def test_the_end_of_a_long_text_counts(embedder: Embedder) -> None:
    start = "The weather was mild and the road was empty. " * 50
    end = "I keep bees and sell honey. " * 20
    likeness = await vectors(embedder, start, start + end)
    likeness = likeness @ vector(await embedder.question("Who keeps bees?"))
    assert likeness[1] > likeness[0]
    (long,) = await embedder.passages([[start, end]])
    assert "".join(piece.text for piece in long.pieces[long.lines[1]]).endswith("honey.▁")
    assert np.isfinite(long.states).all()


async def test_many_questions_at_once_each_get_their_own_vector(embedder: Embedder) -> None:
    texts = [f"question number {n}" for n in range(8)]
    alone = [vector(await embedder.question(text)) for text in texts]
    together = await asyncio.gather(*(embedder.question(text) for text in texts))
    np.testing.assert_array_equal(np.stack(alone), np.stack([vector(it) for it in together]))


async def test_the_loop_goes_on_while_texts_are_embedded(embedder: Embedder) -> None:
    work = asyncio.create_task(embedder.passages([["a few plain words about bees"]] * 16))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


async def test_a_question_does_not_wait_for_all_passages_of_several_jobs(
    embedder: Embedder,
) -> None:
    texts = [["I keep bees. " * 20]] * 9
    jobs = [asyncio.create_task(embedder.passages(texts)) for _ in range(3)]
    await asyncio.sleep(0)  # they have begun
    await embedder.question("What do I keep?")
    assert not any(job.done() for job in jobs)
    await asyncio.gather(*jobs)


async def test_a_question_does_not_wait_for_a_whole_long_text(embedder: Embedder) -> None:
    job = asyncio.create_task(embedder.passages([["I keep bees. " * 1_200]]))
    await asyncio.sleep(0)  # it has begun
    await embedder.question("What do I keep?")
    assert not job.done()
    (reading,) = await job
    assert len(reading.states) == len(reading.pieces) > 8 * 512  # in more than one go


async def test_a_closed_embedder_takes_no_work() -> None:
    embedder = Embedder()
    embedder.close()
    with pytest.raises(RuntimeError):
        await embedder.question("anything")
