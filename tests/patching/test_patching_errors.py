"""`heads.patching` refuses wrong arguments before it runs the model, and a metric without a scale before it patches."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import models

pytestmark = pytest.mark.usefixtures("quiet_libraries")
CLEAN, CORRUPTED = [2, 3, 4, 5], [2, 9, 4, 5]


@pytest.fixture(scope="module")
def model() -> Any:
    return models.bridge("gpt2", padding_side="right")


@pytest.mark.parametrize(
    ("clean", "corrupted", "options", "text"),
    [
        ("cat sat", "the cat sat", {}, "both prompts must have the same number of tokens, .* got 3 and 4: .* exchange words"),
        ("cat", "cat", {}, "the prompts are the same tokens, so that patching changes nothing"),
        ([CLEAN, CLEAN], [CORRUPTED], {}, "got 2 clean and 1 corrupted"),
        (["cat sat", "the"], ["dog sat", "a"], {}, "all prompts of one call must have the same number of tokens"),
        ([CLEAN, [2, 3, 0, 0]], [CORRUPTED, [3, 2, 0, 0]], {}, "prompt 1 has 2 tokens of padding .*for the pairs of each length"),
        ([CLEAN, CLEAN[:3]], [CORRUPTED, CORRUPTED[:3]], {}, "all prompts of one call must have the same number of tokens"),
        ([], [], {}, "clean: must be a text, a list of texts, or token ids .*, got an empty list"),
        (3, CORRUPTED, {}, "clean: must be a text, a list of texts, or token ids .*, got int"),
        (CLEAN, [2, 99, 4, 5], {}, "corrupted: token id 99 is out of range for a vocabulary of"),
        (CLEAN, [2, 0.5, 4, 5], {}, "corrupted: must be an integer, got float"),
        (CLEAN, CORRUPTED, {"answer_tokens": None}, "answer_tokens and metric: give one of them, got none"),
        (CLEAN, CORRUPTED, {"metric": len}, "answer_tokens and metric: give one of them, got both"),
        (CLEAN, CORRUPTED, {"answer_tokens": "cat"}, r"answer_tokens: must be a tuple of two tokens, \(correct, wrong\)"),
        (CLEAN, CORRUPTED, {"answer_tokens": (3, 3)}, "answer_tokens: must be two different tokens"),
        (CLEAN, CORRUPTED, {"answer_tokens": (3, 99)}, "answer_tokens: id 99 is out of range"),
        (CLEAN, CORRUPTED, {"answer_tokens": ("cat sat", "dog")}, "answer_tokens: must be one token, but 'cat sat' is 2"),
        (CLEAN, CORRUPTED, {"answer_tokens": [(3, 4), (4, 5)]}, "needs 1, got 2"),
        (CLEAN, CORRUPTED, {"answer_tokens": None, "metric": 3}, "metric: must be a function of the logits"),
        (CLEAN, CORRUPTED, {"direction": "forward"}, "direction: must be one of 'denoise', 'noise'"),
        (CLEAN, CORRUPTED, {"what": "resid"}, "what: must be among 'resid_pre', 'attn_out', 'mlp_out', 'z', got 'resid'"),
        (CLEAN, CORRUPTED, {"what": []}, "what: needs at least one of"),
        (CLEAN, CORRUPTED, {"what": 3}, "what: must be a name or a list of names"),
        (CLEAN, CORRUPTED, {"layers": 7}, "layers: layer 7 is out of range for a model with 2 layers"),
        (CLEAN, CORRUPTED, {"seq_pos": 4}, "seq_pos: position 4 is out of range"),
        (CLEAN, CORRUPTED, {"progress": 1}, "progress: must be True or False"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused_before_the_model_runs(
    model: Any, clean: Any, corrupted: Any, options: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(model), "run_with_hooks", lambda *args, **kwargs: pytest.fail("the model ran"))
    with pytest.raises((TypeError, ValueError), match=text):
        cv.heads.patching(model, clean, corrupted, **{"answer_tokens": (3, 4), **options})


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        (
            lambda logits: logits[:, 0, 3],
            r"metric: its mean .* for clean and .* for corrupted prompts, which are the same up to rounding",
        ),
        (lambda logits: torch.ones(len(logits)), "choose prompts whose answers differ, or a metric in which they do"),
        (lambda logits: logits[:, -1], "metric: must return a number for each of the 2 pairs, got"),
        (lambda logits: logits.mean(), "for each of the 2 pairs, got 1; leave out the mean over pairs"),
        (lambda logits: logits[:, -1, 3] * float("nan"), "metric: must return finite numbers, got nan"),
        (lambda logits: "x", "metric: must return a number for each pair; got str"),
    ],
)
def test_a_metric_without_a_number_for_each_pair_or_without_a_scale_is_refused(
    model: Any, metric: Any, text: str
) -> None:
    pairs = ([CLEAN, CLEAN[::-1]], [CORRUPTED, [5, 4, 3, 9]])
    with pytest.raises((TypeError, ValueError), match=text):
        cv.heads.patching(model, *map(torch.tensor, pairs), metric=metric)


def test_what_is_no_model_of_one_stack_is_refused_with_the_function_that_takes_arrays() -> None:
    with pytest.raises(
        TypeError, match=r"model: must be a model of TransformerLens .* got dict; heads\.patching_map shows results"
    ):
        cv.heads.patching({"z": [[1.0]]}, CLEAN, CORRUPTED, (3, 4))
    with pytest.raises(ValueError, match="patching needs one stack of blocks"):
        cv.heads.patching(models.bridge("t5"), CLEAN, CORRUPTED, (3, 4))
    with pytest.raises(ValueError, match="where an encoder predicts no next token; pass metric="):
        cv.heads.patching(models.bridge("bert"), CLEAN, CORRUPTED, (3, 4))
    found = cv.heads.patching(models.bridge("bert"), CLEAN, CORRUPTED, metric=lambda logits: logits[:, 1, 3], what="z")
    assert found.metric == "the function that was passed as metric"


def test_the_metric_is_named_by_its_answers_or_its_function(model: Any) -> None:
    def probability(logits: Any) -> Any:
        """Probability of the answer.

        Of the first one.
        """
        return logits[:, -1].softmax(-1)[:, 3]

    found = cv.heads.patching(model, "the cat sat", "the dog sat", ("on", "a"), what="z", progress=False)
    assert found.metric == "logit of 'on' minus logit of 'a' at the last position"
    assert found.clean_tokens == (("<|endoftext|>", "the", "cat", "sat"),)
    named = cv.heads.patching(model, CLEAN, CORRUPTED, metric=probability, what="z")
    assert named.metric == "probability (Probability of the answer)"
    two = ([CLEAN, CLEAN[::-1]], [CORRUPTED, [5, 4, 3, 9]])
    assert cv.heads.patching(model, *two, [(3, 4), (4, 5)], what="z").metric.startswith(
        "logit of the correct answer minus"
    )
    assert cv.heads.patching(model, *two, (3, 4), what="z", metric_name="mine").metric == "mine"


def test_a_progress_bar_appears_for_what_takes_longer_than_its_delay(
    model: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cv.heads.patching(model, CLEAN, CORRUPTED, (3, 4))
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("circuitsvis._patching.progress._DELAY", 0)
    cv.heads.patching(model, CLEAN, CORRUPTED, (3, 4), what=["resid_pre", "z"])
    shown = capsys.readouterr()
    assert "patching:" in shown.err and "/16" in shown.err and shown.out == ""
    cv.heads.patching(model, CLEAN, CORRUPTED, (3, 4), progress=False)
    assert capsys.readouterr() == ("", "")
