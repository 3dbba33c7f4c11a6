"""The bundled embedding model: shapes, likeness across languages, long and odd texts."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from tzurot.llm.embeddings import Embedder


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    embedder = Embedder()
    yield embedder
    embedder.close()


async def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    question = await embedder.query("What do I keep?")
    passages = await embedder.passages(["I keep bees.", "我养蜜蜂。"])
    assert question.dtype == passages.dtype == np.float32
    assert question.shape == (embedder.dimensions,)
    assert passages.shape == (2, embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(question), 1, rtol=1e-4)


@pytest.mark.parametrize("question", ["What do I keep?", "Welche Tiere halte ich?", "我养什么？"])
async def test_a_question_is_nearest_to_its_answer_in_any_language(
    embedder: Embedder, question: str
) -> None:
    texts = ["The train leaves at noon.", "I keep bees in my garden.", "He paints his boat blue."]
    likeness = await embedder.passages(texts) @ await embedder.query(question)
    assert likeness.argmax() == 1


async def test_one_passage_has_a_row_and_none_has_no_row(embedder: Embedder) -> None:
    assert (await embedder.passages(["one"])).shape == (1, embedder.dimensions)
    assert (await embedder.passages([])).shape == (0, embedder.dimensions)


async def test_what_stands_after_a_nul_counts(embedder: Embedder) -> None:
    with_nul, without, cut = await embedder.passages(["bees\0honey", "bees honey", "bees"])
    assert with_nul @ without > 0.999
    assert with_nul @ cut < 0.999


@pytest.mark.parametrize("text", ["", " ", "😀" * 300, "a" * 1_000, "bees " * 600])
async def test_odd_and_long_texts_have_a_vector(embedder: Embedder, text: str) -> None:
    assert np.isfinite(await embedder.query(text)).all()


async def test_the_end_of_a_long_text_counts(embedder: Embedder) -> None:
    start = "The weather was mild and the road was empty. " * 60
    with_bees = await embedder.passages([start, start + "I keep bees and sell honey. " * 20])
    likeness = with_bees @ await embedder.query("Who keeps bees?")
    assert likeness[1] > likeness[0]


async def test_many_questions_at_once_each_get_their_own_vector(embedder: Embedder) -> None:
    texts = [f"question number {n}" for n in range(8)]
    alone = [await embedder.query(text) for text in texts]
    together = await asyncio.gather(*(embedder.query(text) for text in texts))
    np.testing.assert_array_equal(np.stack(alone), np.stack(together))


async def test_the_loop_goes_on_while_texts_are_embedded(embedder: Embedder) -> None:
    work = asyncio.create_task(embedder.passages(["a few plain words about bees"] * 16))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


async def test_a_question_does_not_wait_for_all_passages_of_several_jobs(
    embedder: Embedder,
) -> None:
    jobs = [asyncio.create_task(embedder.passages(["I keep bees. " * 30] * 12)) for _ in range(3)]
    await asyncio.sleep(0)  # they have begun
    await embedder.query("What do I keep?")
    assert not any(job.done() for job in jobs)
    await asyncio.gather(*jobs)


async def test_a_closed_embedder_takes_no_work() -> None:
    embedder = Embedder()
    embedder.close()
    with pytest.raises(RuntimeError):
        await embedder.query("anything")
