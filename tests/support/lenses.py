"""A random model's output head with a cache of its residual stream, in numpy; and a slow reference for the logit lens of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from circuitsvis._wire.props.logit_lens import LogitLensProps
from circuitsvis.figure import Figure

from tests.support import reference

Float64 = npt.NDArray[np.float64]

EPSILON = 1e-5
HEADS: dict[str, dict[str, Any]] = {
    "layer norm": dict(norm="LN", gain=True, bias=True, b_u=True),
    "folded layer norm": dict(norm="LN", b_u=True),
    "RMS norm": dict(norm="RMS", gain=True),
    "folded RMS norm": dict(norm="RMS"),
    "no norm": dict(norm=None, b_u=True),
    "soft cap": dict(norm="RMS", gain=True, cap=2.0),
    "factor": dict(norm="LN", gain=True, bias=True, b_u=True, factor=0.25),
}
"""Output heads by name."""


@dataclass(frozen=True)
class Run:
    """A cache of streams, its model, and the parameters of the output head in float64.

    Attributes:
        streams: by name of the stage, [batch, position, d_model], as cached.
    """

    cache: dict[str, Any]
    model: Any
    streams: dict[str, Float64]
    w_u: Float64
    b_u: Float64
    gain: Float64
    bias: Float64
    centre: bool
    has_norm: bool
    cap: float | None
    factor: float

    def log_probs(self, stage: str, sequence: int, position: int) -> list[float]:
        """The log probability of each token, by loops."""
        x = [float(number) for number in self.streams[stage][sequence, position]]
        if self.has_norm:
            mean = sum(x) / len(x) if self.centre else 0.0
            centred = [number - mean for number in x]
            scale = math.sqrt(sum(number**2 for number in centred) / len(x) + EPSILON)
            x = [w * number / scale + b for number, w, b in zip(centred, self.gain, self.bias, strict=True)]
        logits = []
        for token in range(self.w_u.shape[1]):
            logit = sum(x[i] * self.w_u[i, token] for i in range(len(x))) + self.b_u[token]
            logit *= self.factor
            logits.append(logit if self.cap is None else self.cap * math.tanh(logit / self.cap))
        highest = max(logits)
        log_sum = highest + math.log(sum(math.exp(logit - highest) for logit in logits))
        return [logit - log_sum for logit in logits]


def run(
    head: str = "layer norm", n_layers: int = 3, batch: int = 1, n: int = 5, d_vocab: int = 11, seed: int = 0
) -> Run:
    """A random head and random streams, all stages different, with mid stages."""
    options = HEADS[head]
    rng = np.random.default_rng(seed)
    d_model = 8
    gain = 1 + 0.3 * rng.normal(size=d_model) if options.get("gain") else np.ones(d_model)
    bias = rng.normal(size=d_model) if options.get("bias") else np.zeros(d_model)
    w_u = rng.normal(size=(d_model, d_vocab)).astype(np.float32)
    b_u = rng.normal(size=d_vocab) if options.get("b_u") else np.zeros(d_vocab)
    model = SimpleNamespace(cfg=SimpleNamespace(n_layers=n_layers), W_U=w_u, b_U=b_u, tokenizer=None)
    if options["norm"] is not None:
        model.ln_final = SimpleNamespace(uses_rms_norm=options["norm"] == "RMS", eps=EPSILON)
        if options.get("gain"):
            model.ln_final.w = gain
        if options.get("bias"):
            model.ln_final.b = bias
    if "cap" in options:
        model.cfg.output_logits_soft_cap = options["cap"]
    if "factor" in options:
        model.original_model = SimpleNamespace(logit_scale=options["factor"])
    cache: dict[str, Any] = {}
    streams: dict[str, Float64] = {}
    for layer in range(n_layers):
        for kind in ("pre", "mid", "post"):
            stream = (rng.normal(size=(batch, n, d_model)) * (1 + layer)).astype(np.float32)
            if kind == "pre" and layer:
                stream = cache[f"blocks.{layer - 1}.hook_resid_post"]
            cache[f"blocks.{layer}.hook_resid_{kind}"] = stream
            name = "final_post" if kind == "post" and layer == n_layers - 1 else f"{layer}_{kind}"
            if kind != "post" or name == "final_post":
                streams[name] = stream.astype(np.float64)
    return Run(
        cache,
        model,
        streams,
        w_u.astype(np.float64),
        b_u,
        gain,
        bias,
        options["norm"] == "LN",
        options["norm"] is not None,
        options.get("cap"),
        options.get("factor", 1.0),
    )


@dataclass(frozen=True)
class Shown:
    """What a figure holds of one sequence, decoded: arrays are [stage, position] or [stage, position, k]."""

    props: LogitLensProps
    tokens: tuple[str, ...]
    positions: tuple[int, ...]
    targets: list[int | None]
    top: npt.NDArray[np.int64]
    top_log_probs: Float64
    target_log_probs: Float64
    ranks: Float64
    entropies: Float64
    divergences: Float64
    bound: float


def props(figure: Figure) -> LogitLensProps:
    assert isinstance(figure._props, LogitLensProps)
    return figure._props


def shown(figure: Figure, sequence: int = 0) -> Shown:
    """Ids in place of indices into the vocabulary."""
    of = props(figure)
    one = of.sequences[sequence]
    n, stages = len(one.tokens), len(of.stages)

    def grid(tensor: Any, width: int = 1) -> Float64:
        blocks = reference.decode(tensor)
        joined = np.concatenate([block.reshape(stages, -1, width) for block in blocks], axis=1)[:, :n]
        return joined if width > 1 else joined[..., 0]

    ids = np.array(of.ids)
    top = grid(one.top, of.k).reshape(stages, n, of.k).astype(np.int64)
    tensors = (one.top_log_probs, one.target_log_probs, one.entropies, one.divergences)
    return Shown(
        of,
        one.tokens,
        one.positions,
        [None if i < 0 else of.ids[i] for i in one.targets],
        ids[top],
        grid(one.top_log_probs, of.k).reshape(stages, n, of.k),
        grid(one.target_log_probs),
        grid(one.target_ranks),
        grid(one.entropies),
        grid(one.divergences),
        max(tensor.error_bound for tensor in tensors),
    )


def assert_shows(
    figure: Figure, of: Run, sequence: int = 0, index: int = 0, tolerance: float = 2e-6, lens: Any = None
) -> Shown:
    """Every number of one sequence is what loops over the vocabulary find.

    Args:
        figure: the figure.
        of: the run.
        sequence: index in the figure.
        index: index in the batch.
        tolerance: allowed beside the page's own bound.
        lens: log probabilities (stage, sequence, position) instead of those of the run, for all stages but the last.
    """
    found = shown(figure, sequence)
    near = dict(rel=5e-7, abs=found.bound + tolerance)  # float32 has 6e-8 per rounding
    for row, stage in enumerate(found.props.stages):
        for column, position in enumerate(found.positions):
            final = of.log_probs("final_post", index, position)
            of_stage = lens if lens and stage != "final_post" else of.log_probs
            want = of_stage(stage, index, position)
            order = sorted(range(len(want)), key=lambda token: (-want[token], token))[: found.props.k]
            assert found.top[row, column].tolist() == order, (stage, position)
            for got, token in zip(found.top_log_probs[row, column], order, strict=True):
                assert_near(got, want[token], near)
            target = found.targets[column]
            if target is None:
                assert math.isnan(found.target_log_probs[row, column]) and found.ranks[row, column] == 0
            else:
                assert_near(found.target_log_probs[row, column], want[target], near)
                assert found.ranks[row, column] == 1 + sum(other > want[target] for other in want)
            assert_near(found.entropies[row, column], -sum(math.exp(p) * p for p in want), near)
            divergence = sum(math.exp(p) * (p - q) for p, q in zip(final, want, strict=True))
            assert_near(found.divergences[row, column], divergence, near)
    return found


def assert_near(got: float, want: float, near: dict[str, float]) -> None:
    assert abs(got - want) <= near["abs"] + near["rel"] * abs(want), (got, want)
