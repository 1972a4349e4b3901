"""Results of activation patching as users pass them: arrays, dicts of arrays, and results of TransformerLens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike, Float64, to_float64
from circuitsvis._heads.score_map_patching import is_result
from circuitsvis._heads.score_map_shapes import chosen_layers
from circuitsvis._input import token_lists
from circuitsvis._patching import effects
from circuitsvis._patching.grids import Grid, Grids
from circuitsvis._patching.kinds import COLUMNS, columns_of, title_of
from circuitsvis._patching.result import Direction
from circuitsvis._wire.props.patching import GridColumns, PatchingSequence

DEFAULT_NAME = "patching"
"""The name of a single array, unless the user names it."""

_FORMS = "the result of heads.patching, a dict of names and arrays [layer, position] or [layer, head], one such array, or a PatchingResult"


@dataclass(frozen=True)
class About:
    """What the user says of arrays: arguments of `heads.patching_map`, unchecked. None where they were not passed."""

    tokens: ArrayLike | None
    corrupted_tokens: ArrayLike | None
    model: object | None
    columns: Any
    layers: Any
    clean: Any
    corrupted: Any
    direction: Direction | None
    metric: str | None

    def refuse(self) -> None:
        """Raises ValueError if any was passed: a result of `heads.patching` has all of them."""
        for name, value in vars(self).items():
            if value is not None:
                raise ValueError(
                    f"{name}: belongs to arrays; the result of heads.patching has its own, so leave it out"
                )


def read(results: object, about: About, name: str | None) -> Grids:
    """The grids.

    Args:
        results: not a `Patching`.
        about: what is said of it.
        name: of a single array; None for `DEFAULT_NAME`.

    Raises:
        TypeError, ValueError: no results; shapes that do not fit each other or the tokens; infinite values, or no value at all.
    """
    scale = _scale(about)
    layers = chosen_layers(about.layers, None)
    clean_tokens = _tokens(about.tokens, "tokens", about.model)
    corrupted_tokens = _tokens(about.corrupted_tokens, "corrupted_tokens", about.model)
    if clean_tokens and corrupted_tokens and len(clean_tokens) != len(corrupted_tokens):
        raise ValueError(
            f"corrupted_tokens: must be as many as tokens, {len(clean_tokens)}, got {len(corrupted_tokens)}"
        )
    n_tokens = len(clean_tokens or corrupted_tokens)
    found = [_grid(*item, about.columns, n_tokens) for item in _named(results, name)]
    rows = found[0].values[0].shape[0]
    widths = {grid.values[0].shape[1] for grid in found if grid.columns == "position"}
    for grid in found:
        height, width = grid.values[0].shape
        if height != (rows if layers is None else len(layers)):
            wanted = (
                f"{rows} rows, as {found[0].name!r} has" if layers is None else f"a row for each of layers={layers}"
            )
            raise ValueError(
                f"results: {grid.name!r} must have {wanted}, got {height}; put NaN where a layer has no value"
            )
        if grid.columns == "position" and (len(widths) > 1 or width != (n_tokens or width)):
            wanted = f"a column for each of the {n_tokens} tokens" if n_tokens else "as many positions as the others"
            raise ValueError(
                f"results: {grid.name!r} must have {wanted}, got {width}; columns= says which grids are by head"
            )
    if scale is not None:
        unpatched, other = (np.array([number]) for number in scale)
        found = [
            Grid(grid.name, grid.title, grid.columns, (effects.of_mean(grid.values[0][None], unpatched, other),))
            for grid in found
        ]
    direction = about.direction or ("denoise" if scale is not None else None)
    clean, corrupted = (None, None) if scale is None else scale if direction == "noise" else scale[::-1]
    sequence = PatchingSequence("", clean_tokens, corrupted_tokens, clean, corrupted)
    positions = tuple(range(next(iter(widths), 0)))
    rows_of = layers if layers is not None else tuple(range(rows))
    return Grids(rows_of, positions, tuple(found), (sequence,), direction, about.metric, (), scale is not None)


def _scale(about: About) -> tuple[float, float] | None:
    """The metric of the run with patches and of the other one; None if the values are effects already."""
    checks.text("metric", about.metric)
    if about.direction is not None:
        checks.one_of("direction", about.direction, ("denoise", "noise"))
    if about.clean is None and about.corrupted is None:
        return None
    if about.clean is None or about.corrupted is None:
        raise ValueError(
            "clean and corrupted: give both numbers, the metric of both unpatched runs, or none if values are effects"
        )
    numbers = []
    for name in ("clean", "corrupted"):
        value = np.asarray(to_float64([getattr(about, name)], name)).reshape(-1)
        if value.size != 1 or not np.isfinite(value[0]):
            raise ValueError(
                f"{name}: must be a finite number, the metric of the unpatched run, got {getattr(about, name)!r}"
            )
        numbers.append(float(value[0]))
    if numbers[0] == numbers[1]:
        raise ValueError(f"clean and corrupted: must differ, or effects have no scale, got {numbers[0]:g} for both")
    clean, corrupted = numbers
    return (clean, corrupted) if about.direction == "noise" else (corrupted, clean)


def _named(results: Any, name: str | None) -> Iterator[tuple[str, Any]]:
    """A name and an array for each grid."""
    if isinstance(results, Mapping):
        if not results:
            raise ValueError(f"results: must be {_FORMS}; got an empty {type(results).__name__}")
        for key, value in results.items():
            if not isinstance(key, str):
                raise TypeError(f"results: its keys must be names of grids, strings, got {type(key).__name__} {key!r}")
            yield key, value
    elif is_result(results):
        yield from _of_transformer_lens(results, name)
    elif results is None or isinstance(results, (str, bytes, int, float)) or hasattr(results, "run_with_hooks"):
        raise TypeError(
            f"results: must be {_FORMS}; got {type(results).__name__}; heads.patching(model, clean, corrupted, answers) computes one"
        )
    else:
        yield name or DEFAULT_NAME, results


def _of_transformer_lens(result: Any, name: str | None) -> Iterator[tuple[str, Any]]:
    """The grids of a `PatchingResult` of TransformerLens 4, which are by layer and position or by layer and head."""
    if len(result.metric_names) > 1:
        raise ValueError(
            f"results: must have one metric, got {', '.join(result.metric_names)}; choose one, results[{result.metric_names[0]!r}]"
        )
    values = to_float64(result.values, "results")
    values = values if result.reduced else values.mean(-1)
    values = values[0] if result.has_metric_axis else values
    if values.ndim == 3 and result.patch_type_names:
        yield from zip(result.patch_type_names, values, strict=True)
        return
    axes = list(result.axis_names)
    if axes not in (["layer", "pos"], ["layer", "head"], ["layer", "head_index"]):
        raise ValueError(
            f"results: needs the axes layer and pos, or layer and head, got {', '.join(axes) or 'those of an index_df'}; take a slice, and "
            "pass it as an array"
        )
    yield name or f"patching by {'position' if axes[1] == 'pos' else 'head'}", values


def _grid(name: str, array: Any, columns: Any, n_tokens: int) -> Grid:
    """An array, checked."""
    argument = f"results[{name!r}]"
    if array is None or isinstance(array, (str, bytes, int, float, Mapping)):
        raise TypeError(f"{argument}: must be an array [layer, position] or [layer, head], got {type(array).__name__}")
    values = to_float64(array, argument)
    if values.ndim != 2 or values.size == 0:
        fix = f"; for several grids pass a dict, e.g. dict(zip(names, {argument}))" if values.ndim == 3 else ""
        raise ValueError(f"{argument}: must be [layer, position] or [layer, head], got shape {values.shape}{fix}")
    if np.isinf(values).any():
        raise ValueError(f"{argument}: values must be finite or NaN, got infinity; put NaN where there is no value")
    if np.isnan(values).all():
        raise ValueError(f"{argument}: needs at least one value, got only NaN")
    return Grid(name, title_of(name), _columns(name, columns, values, n_tokens), (values,))


def _columns(name: str, columns: Any, values: Float64, n_tokens: int) -> GridColumns:
    """What the columns of a grid are: as the user says, by its name, or by the number of tokens."""
    said = columns.get(name) if isinstance(columns, Mapping) else columns
    for option in COLUMNS:
        if said == option:
            return option
    if said is not None:
        raise ValueError(
            f'columns: must be "position" or "head", or a dict from names of grids to these, got {columns!r}'
        )
    known = columns_of(name) or ("head" if "head" in name else "position" if "position" in name else None)
    if known is not None:
        return known
    if n_tokens:
        return "position" if values.shape[1] == n_tokens else "head"
    raise ValueError(
        f'columns: must say what the {values.shape[1]} columns of {name!r} are, "position" or "head"; or pass tokens=, one for each'
    )


def _tokens(tokens: ArrayLike | None, name: str, model: object | None) -> tuple[str, ...]:
    """The tokens of a prompt; () for None."""
    if tokens is None:
        return ()
    rows, _ = token_lists.per_sequence(tokens, name, model)
    if len(rows) != 1:
        raise ValueError(f"{name}: must be the tokens of one prompt, got {len(rows)}")
    return rows[0]
