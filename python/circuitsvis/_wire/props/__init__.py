"""The contract with the front end: one frozen dataclass for each thing that crosses, a file for each kind of figure.

`make contract` writes the TypeScript twins, `frontend/src/props/*.ts`, from these files: the same classes and fields, in camelCase,
with these docstrings as comments. A class is a view's props if `_wire/views.py` names it.

Types that can cross: str, int, float, bool, None, Literal, tuples, dicts with literal keys, other dataclasses of this folder, `Tensor`,
and `FigureProps` for a figure of any view.
Axis names: head, dest (query position), src (key position).
"""
