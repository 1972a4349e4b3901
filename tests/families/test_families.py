"""The sweep over families: each figure is right within the bound, or refused with a reason that is true.

`python -m tests.families.test_families` writes the results to docs/families.md.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from tests.support import (
    families,
    family_cases,
    family_checks,
    family_lens,
    family_table,
    family_verdicts,
    model_families,
    models,
)
from tests.support.case import BOUND, CHECKS, Case, Verdict
from tests.support.family_cases import DoesNotBootError

pytestmark = pytest.mark.slow

VERSION = f"TransformerLens {models.VERSION[0]}.{models.VERSION[1]}"
BRIDGE, HOOKED = f"TransformerBridge, {VERSION}", f"HookedTransformer, {VERSION}"
MAJOR = models.VERSION[0]
swept_version = pytest.mark.skipif(
    models.VERSION not in ((3, 9), (4, 3)), reason="the table is of TransformerLens 3.9 and 4.3"
)

Cells = dict[tuple[str, bool], list[str]]


@pytest.fixture(autouse=True)
def quiet(quiet_libraries: None) -> Iterator[None]:
    with _quiet():
        yield


@swept_version
@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", sorted(families.FAMILIES))
def test_every_bridge_is_right_or_refused_with_a_true_reason(name: str, folded: bool) -> None:
    error = family_verdicts.NOT_BOOTING[MAJOR].get((name, folded))
    if error is not None:
        with pytest.raises(DoesNotBootError, match=error):
            family_cases.bridged(name, folded=folded)
        assert _cells_without_bridge(name, folded=folded) == _committed(BRIDGE, name, folded=folded)
        return
    case = family_cases.bridged(name, folded=folded)
    verdicts = family_checks.every(case)
    problems = [text for check in CHECKS for text in _problems(case, name, check, verdicts[check], folded=folded)]
    problems += filter(None, [family_lens.problem(case, name)])
    assert not problems, "\n".join(problems)
    assert _compared(_cells(name, verdicts)) == _committed(BRIDGE, name, folded=folded)


@swept_version
@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", sorted(model_families.HOOKED))
def test_every_hooked_transformer_is_right(name: str, folded: bool) -> None:
    case = family_cases.hooked(name, folded=folded)
    verdicts = family_checks.every(case)
    wrong = [f"{check}: {verdict}" for check, verdict in verdicts.items() if not _right(verdict)]
    wrong += filter(None, [family_lens.problem(case, name)])
    assert not wrong, "\n".join(wrong)
    assert _compared(_cells(name, verdicts)) == _committed(HOOKED, name, folded=folded)


@swept_version
def test_the_table_has_a_row_of_every_family_and_no_other() -> None:
    both = (False, True)
    assert set(family_table.committed(BRIDGE)) == {(name, folded) for name in families.FAMILIES for folded in both}
    if models.HAS_HOOKED_TRANSFORMER:
        expected = {(name, folded) for name in model_families.HOOKED for folded in both}
        assert set(family_table.committed(HOOKED)) == expected


def _problems(case: Case, name: str, check: str, verdict: Verdict, *, folded: bool) -> list[str]:
    """Sentences on an unexpected outcome of one check."""
    other = folded in family_verdicts.OTHER_MODEL[MAJOR].get(name, ())
    reason = family_verdicts.refusal(name, check)
    if check == "model" and other:
        return [] if verdict.error is not None and verdict.error > BOUND else ["model: is that of Hugging Face"]
    if reason is not None:
        if verdict.error is not None:
            return [f"{check}: should be refused ({reason}), found {verdict}"]
        if not family_verdicts.REASONS[reason].fits(verdict.text):
            return [f"{check}: refused with another reason than {reason}: {verdict.text}"]
        return [] if family_verdicts.REASONS[reason].true_of(case) else [f"{check}: {reason} is not true"]
    return [] if _right(verdict) else [f"{check}: {verdict}"]


def _right(verdict: Verdict) -> bool:
    return verdict.error is not None and verdict.error <= BOUND


def _cells(name: str, verdicts: dict[str, Verdict]) -> list[str]:
    return [family_table.cell(check, verdicts[check], family_verdicts.refusal(name, check)) for check in CHECKS]


def _cells_without_bridge(name: str, *, folded: bool) -> list[str]:
    with pytest.raises(DoesNotBootError) as error:
        family_cases.bridged(name, folded=folded)
    text = str(error.value).replace("|", "/")
    return [
        f"does not boot: {text[:97]}..." if len(text) > 100 else f"does not boot: {text}",
        *[""] * (len(CHECKS) - 1),
    ]


def _compared(cells: list[str]) -> list[str]:
    return [family_table.without_numbers(text) for text in cells]


def _committed(title: str, name: str, *, folded: bool) -> list[str]:
    """The row in docs/families.md; `make families` rewrites it."""
    return _compared(family_table.committed(title)[name, folded])


def _quiet() -> warnings.catch_warnings[None]:
    """Silences TransformerLens and transformers, which log what is unusual about small models."""
    logging.getLogger().setLevel(logging.ERROR)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    return warnings.catch_warnings()


def _sweep() -> dict[str, Cells]:
    """All sections of the installed version."""
    sections: dict[str, Cells] = {BRIDGE: {}}
    for name in families.FAMILIES:
        for folded in (False, True):
            try:
                cells = _cells(name, family_checks.every(family_cases.bridged(name, folded=folded)))
            except DoesNotBootError:
                cells = _cells_without_bridge(name, folded=folded)
            sections[BRIDGE][name, folded] = cells
    if models.HAS_HOOKED_TRANSFORMER:
        sections[HOOKED] = {
            (name, folded): _cells(name, family_checks.every(family_cases.hooked(name, folded=folded)))
            for name in model_families.HOOKED
            for folded in (False, True)
        }
    return sections


if __name__ == "__main__":
    with _quiet(), torch.no_grad():
        warnings.simplefilter("ignore")
        family_table.write(_sweep(), len(families.FAMILIES))
