"""What users pass to `attention.from_encoder_decoder`: where each kind of attention is, its tokens and its padding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from circuitsvis._cache import attention_modules
from circuitsvis._cache.hook_names import PATTERN
from circuitsvis._common.arrays import ArrayLike, to_float32
from circuitsvis._input import padding_checks, token_lists
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Layers

Kind: TypeAlias = Literal["encoder", "decoder", "cross"]
KINDS: tuple[Kind, ...] = ("encoder", "decoder", "cross")
_FIELDS = {kind: f"{kind}_attentions" for kind in KINDS}

_EXAMPLE = PATTERN.at(0, attn="encoder.{layer}.attn")
_EAGER = 'load the model with attn_implementation="eager" and call it with output_attentions=True'


@dataclass(frozen=True)
class EncoderDecoderInput:
    """The arguments, unchecked.

    Attributes:
        output: model output, generation or cache.
        attention: arrays of encoder, decoder and cross-attention.
        tokens, masks: of the encoder and of the decoder.
        limits: (min_value, max_value).
        batch_labels, layers, batch_idx, model: as in `from_cache`.
    """

    output: object | None
    attention: tuple[ArrayLike | None, ArrayLike | None, ArrayLike | None]
    tokens: tuple[ArrayLike | None, ArrayLike | None]
    masks: tuple[ArrayLike | None, ArrayLike | None]
    batch_labels: BatchLabels
    limits: tuple[float | None, float | None]
    layers: Layers
    batch_idx: BatchIdx
    model: object | None

    @property
    def is_cache(self) -> bool:
        """Whether `output` is a cache: a mapping that is no model output."""
        items = callable(getattr(self.output, "items", None))
        return items and not any(_has(self.output, field) for field in _FIELDS.values())

    def arrays(self) -> dict[Kind, ArrayLike]:
        """The attention of each kind that is there.

        Raises:
            TypeError: `output` is neither a model output nor a cache.
            ValueError: no attention, two sources of it, or that of a beam search.
        """
        passed = {kind: array for kind, array in zip(KINDS, self.attention, strict=True) if array is not None}
        if self.output is None:
            if not passed:
                raise ValueError(
                    "encoder_attention, decoder_attention, cross_attention: give at least one, or a model output as output"
                )
            return passed
        if passed:
            raise ValueError(
                f"output: give it or arrays, got both output and {' and '.join(f'{k}_attention' for k in passed)}"
            )
        if not any(_has(self.output, field) for field in _FIELDS.values()):
            raise TypeError(
                f"output: needs encoder_attentions, decoder_attentions or cross_attentions, got {type(self.output).__name__} without "
                f"them; {_advice(self.output)}"
            )
        if _field(self.output, "beam_indices") is not None:
            raise ValueError(
                "output: beam search reorders its beams, and its attention does not show how; generate with num_beams=1"
            )
        found = {kind: _field(self.output, field) for kind, field in _FIELDS.items()}
        present: dict[Kind, Any] = {kind: value for kind, value in found.items() if not _is_missing(value)}
        if not present:
            raise ValueError(f"output: it has no attention (all of {', '.join(_FIELDS.values())} are empty); {_EAGER}")
        return present

    def modules(self) -> dict[Kind, str]:
        """The attention module of each kind that the cache has, e.g. {"cross": "decoder.{layer}.cross_attn"}.

        Raises:
            ValueError: none, or arrays beside the cache.
        """
        if any(array is not None for array in self.attention):
            raise ValueError("output: give a cache or arrays, got both")
        cache: Any = self.output
        templates = attention_modules.templates(name for name, _ in cache.items())
        found: dict[Kind, str] = {}
        for template in templates:
            kind = _kind_of(template)
            if kind and kind not in found:
                found[kind] = template
        if not found:
            listed = ", ".join(f'"{template}"' for template in templates) or "none"
            raise ValueError(
                f"output: the cache has no pattern of an encoder or a decoder, such as {_EXAMPLE!r}; its attention modules are "
                f"{listed}: use attention.from_cache for other models, or cache all patterns"
            )
        return {kind: found[kind] for kind in KINDS if kind in found}

    def cropped(self, model: object | None) -> tuple[ArrayLike, ArrayLike, Side | None]:
        """Decoder and encoder tokens without the padding that the masks show, and the side of that padding.

        Args:
            model: the model of a cache, whose tokenizer decodes ids.

        Raises:
            ValueError: a mask with gaps, or masks of different sides.
        """
        encoder, encoder_sides = _without_padding("encoder", self.tokens[0], self.masks[0], model)
        decoder, decoder_sides = _without_padding("decoder", self.tokens[1], self.masks[1], model)
        sides = encoder_sides | decoder_sides
        if len(sides) > 1:
            raise ValueError(
                "encoder_mask and decoder_mask: cross-attention needs padding on the same side everywhere, got left and right; "
                "leave out the mask of the sequences whose padding may be shown"
            )
        return decoder, encoder, next(iter(sides), None)


def _without_padding(
    name: str, tokens: ArrayLike | None, mask: ArrayLike | None, model: object | None
) -> tuple[ArrayLike, set[Side]]:
    """The real tokens of each sequence as they were passed, and the sides on which any has padding."""
    texts, nested = token_lists.per_sequence(tokens, f"{name}_tokens", model)
    given: Any = tokens.tolist() if tokens is not None and hasattr(tokens, "tolist") else tokens
    if mask is None:
        return given, set()
    length = int(to_float32(mask, f"{name}_mask").shape[-1])
    sides: set[Side] = set()
    rows: list[Any] = []
    positions = padding_checks.from_mask(mask, len(texts), length)
    for index, (row, real) in enumerate(zip(given if nested else [given], positions, strict=True)):
        kept = np.arange(length)[real]
        if kept[-1] - kept[0] + 1 != kept.size:
            raise ValueError(f"{name}_mask: cross-attention needs padding at one end, got gaps in sequence {index}")
        if kept.size < length:
            sides.add("right" if kept[0] == 0 else "left")
        rows.append([row[i] for i in kept] if len(row) == length else list(row))
    return (rows if nested else rows[0]), sides


def _kind_of(template: str) -> Kind | None:
    if "cross" in template:
        return "cross"
    if template.startswith("encoder"):
        return "encoder"
    return "decoder" if template.startswith("decoder") else None


def _has(output: object, field: str) -> bool:
    return hasattr(output, field) or (isinstance(output, Mapping) and field in output)


def _field(output: object, field: str) -> Any:
    if isinstance(output, Mapping) and field in output:
        return output[field]
    return getattr(output, field, None)


def _advice(output: object) -> str:
    if isinstance(output, (list, tuple)) or hasattr(output, "shape"):
        return (
            "arrays are passed by name: encoder_attention=, decoder_attention=, cross_attention=; encoder_tokens and decoder_tokens "
            "come after output"
        )
    return "for a model without an encoder use attention.from_values(output.attentions, tokens)"


def _is_missing(value: Any) -> bool:
    """Whether a field holds no attention at all, in any of the ways in which Hugging Face leaves it out."""
    return value is None or (isinstance(value, (list, tuple)) and all(map(_is_missing, value)))
