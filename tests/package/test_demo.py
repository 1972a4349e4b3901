"""The model in the package does its task, with heads that can be found by score; its page and its command line work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import __main__ as command_line
from circuitsvis import demo

from scripts.demo_model import corpus
from tests.support import models

CLASSES = [
    pytest.param("TransformerBridge", marks=models.needs_bridge),
    pytest.param("HookedTransformer", marks=models.needs_hooked_transformer),
]


pytestmark = pytest.mark.usefixtures("quiet_libraries")


def answers(model: Any, prompts: list[str]) -> list[str]:
    """The most probable next token of each prompt, of the whole vocabulary."""
    return [model.to_string(model(prompt)[0, -1].argmax()) for prompt in prompts]


@pytest.mark.slow
@pytest.mark.parametrize("model_class", CLASSES)
def test_it_names_the_indirect_object_of_sentences_it_never_saw(model_class: Any) -> None:
    model, sentences = demo.load(model_class), corpus.held_out(sentences_per_pair=5)
    right = [
        answer == sentence.indirect
        for answer, sentence in zip(answers(model, [s.prompt for s in sentences]), sentences, strict=True)
    ]
    assert len(right) == 200
    assert sum(right) / len(right) >= 0.95


def test_held_out_pairs_never_meet_in_training() -> None:
    seen, unseen = corpus.split_pairs()
    assert ("Mary", "John") in unseen
    assert not {frozenset(pair) for pair in seen} & {frozenset(pair) for pair in unseen}
    assert len(seen) + len(unseen) == 190


def test_a_head_attends_to_the_previous_token() -> None:
    """The share of tokens that attend most to the previous token (BOS excluded), on held-out sentences."""
    model, scores = demo.load(), torch.zeros(4, 4)
    texts = [sentence.text for sentence in corpus.held_out(sentences_per_pair=1)]
    for text in texts:
        _, cache = model.run_with_cache(text)
        for layer in range(4):
            most = cache["pattern", layer][0, :, 2:, 1:].argmax(-1)  # [head, destination from 2 on]: source - 1
            previous = torch.arange(most.shape[-1])
            scores[layer] += (most == previous).float().mean(-1)
    scores /= len(texts)
    assert scores.max() > 0.5
    assert scores.median() < 0.25  # the others do not


@pytest.mark.slow
def test_a_head_moves_the_name() -> None:
    """In each sentence a head attends from the last token to the indirect object, and ablating it changes the answer."""
    model = demo.load()
    for sentence in corpus.held_out(sentences_per_pair=1):
        _, cache = model.run_with_cache(sentence.prompt)
        name = model.to_str_tokens(sentence.prompt).index(sentence.indirect)
        attention = torch.stack([cache["pattern", layer][0, :, -1, name] for layer in range(4)])
        assert attention.max() > 0.9, sentence.prompt

        def left(hooks: list[Any], sentence: corpus.IndirectObject = sentence) -> float:
            logits = model.run_with_hooks(sentence.prompt, fwd_hooks=hooks)[0, -1]
            right, wrong = model.to_single_token(sentence.indirect), model.to_single_token(sentence.subject)
            return float(logits[right] - logits[wrong])

        without = [
            left([(f"blocks.{layer}.attn.hook_z", zeroed(head))])
            for layer, head in (attention > 0.9).nonzero().tolist()
        ]
        assert left([]) > 0 > min(without), sentence.prompt


def zeroed(head: int) -> Any:
    """A hook that sets the output of a head to zero."""

    def hook(z: Any, hook: Any) -> Any:
        return z.index_fill(2, torch.tensor([head]), 0)

    return hook


def test_tokens_look_as_those_of_gpt2_do() -> None:
    tokens = demo.load().to_str_tokens(demo.SENTENCES[0])
    assert tokens == [
        "<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the", " shops", ",", " John", " gave",
        " a", " drink", " to", " Mary", ".",
    ]  # fmt: skip


@models.needs_bridge
@models.needs_hooked_transformer
def test_both_classes_give_the_same_probabilities() -> None:
    first, second = (
        demo.load(name)(demo.SENTENCES).log_softmax(-1) for name in ("TransformerBridge", "HookedTransformer")
    )
    assert torch.allclose(first, second, atol=1e-4)


def test_a_class_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"model_class: must be one of 'auto', .*got 'GPT2'"):
        demo.load("GPT2")  # type: ignore[arg-type]


@pytest.mark.skipif(models.HAS_HOOKED_TRANSFORMER, reason="HookedTransformer exists here")
def test_a_class_that_transformer_lens_no_longer_has_is_refused_with_a_way_out() -> None:
    with pytest.raises(ValueError, match=r'exists in TransformerLens before 4.*use "TransformerBridge" or "auto"'):
        demo.load("HookedTransformer")


def test_the_command_writes_a_page_and_prints_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["demo", "--out", str(tmp_path / "demo.html")]) == 0
    out = capsys.readouterr().out
    assert str(tmp_path / "demo.html") in out
    page = (tmp_path / "demo.html").read_text(encoding="utf-8")
    assert page.count("<!--json:") == page.count("<pre>cv.") >= 6
    assert all(
        words in page
        for words in ("ScoreMap", "AttentionPatterns", "AttentionHeads", "LinesView", "AttributionView", "batch_labels")
    )


def test_a_folder_that_does_not_exist_is_an_error_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["demo", "--out", str(tmp_path / "no" / "demo.html")]) == 1
    assert "--out: cannot write" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
