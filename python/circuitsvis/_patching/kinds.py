"""What activation patching replaces: hooks of a model, and what the columns of their grids are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from circuitsvis._cache import model_attributes
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import ATTN_OUT, HEAD_OUTPUTS, MLP_OUT, RESID_PRE, Hook
from circuitsvis._wire.props.patching import GridColumns

COLUMNS: tuple[GridColumns, ...] = get_args(GridColumns)

_BY_POSITION = frozenset({"resid_pre", "resid_mid", "resid_post", "attn_out", "mlp_out"})
_BY_HEAD = frozenset({"z", "q", "k", "v", "pattern", "out", "attn_head_out"})
"""Names of TransformerLens, by which grids that users pass are known."""


@dataclass(frozen=True)
class Kind:
    """One kind of activation that is patched.

    Attributes:
        name: as TransformerLens's `get_act_name` abbreviates it.
        hook: where it is.
        columns: of the grid. By "head", all positions of a head are patched at once.
        title: a noun phrase.
    """

    name: str
    hook: Hook
    columns: GridColumns
    title: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("resid_pre", RESID_PRE, "position", "residual stream before the layer"),
        Kind("attn_out", ATTN_OUT, "position", "output of the attention"),
        Kind("mlp_out", MLP_OUT, "position", "output of the MLP"),
        Kind("z", HEAD_OUTPUTS, "head", "output of a head, at all positions"),
    )
}
"""All kinds by name, in the order in which they are computed and shown."""


def columns_of(name: str) -> GridColumns | None:
    """What the columns of a grid of that name are, as TransformerLens calls activations; None for other names."""
    return "position" if name in _BY_POSITION else "head" if name in _BY_HEAD else None


def title_of(name: str) -> str:
    """A noun phrase for a kind; "" for other names."""
    return KINDS[name].title if name in KINDS else ""


def read(what: object, model: Any) -> tuple[list[Kind], dict[str, str]]:
    """The kinds to patch, and why others are missing, by name.

    Args:
        what: a name or a list of names. None: all that the model has a hook for.
        model: a TransformerLens model.

    Raises:
        TypeError, ValueError: not a list of kinds, or one that the model has no hook for.
    """
    names = [what] if isinstance(what, str) else what
    if names is not None and (not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names)):
        raise TypeError(f"what: must be a name or a list of names among {_listed(KINDS)}, got {what!r}")
    chosen = list(KINDS) if names is None else list(dict.fromkeys(names))
    if not chosen:
        raise ValueError(f"what: needs at least one of {_listed(KINDS)}, got an empty list (use None for all)")
    if unknown := [name for name in chosen if name not in KINDS]:
        raise ValueError(f"what: must be among {_listed(KINDS)}, got {unknown[0]!r}")
    hooks = HookCache({}, model).hooks
    n_layers = int(model.cfg.n_layers)
    found = [name for name in chosen if any(KINDS[name].hook.at(layer) in hooks for layer in range(n_layers))]
    missing = {
        name: f"{model_attributes.name(model)} has no hook {KINDS[name].hook.at(0)}"
        for name in chosen
        if name not in found
    }
    if missing and (names is not None or not found):
        reason = next(iter(missing.values()))
        raise ValueError(f"what: {reason}; leave {', '.join(map(repr, missing))} out")
    return [KINDS[name] for name in found], missing


def _listed(names: Sequence[str] | dict[str, Kind]) -> str:
    return ", ".join(map(repr, names))
