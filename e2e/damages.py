"""What copying, editors and disks do to saved figures, at random but repeatably: text is cut off, changed, lost, doubled, exchanged."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

Edit = tuple[int, int, str]
"""Start and end of some text, and what takes its place."""

_BLOCK = re.compile(r"<!--[0-9a-f]{8}:\d+:\d+:[^-]*-->")
_SILENT = re.compile(r"(?:<!doctype|<div><div data-circuitsvis=).*?</span>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^<>]*>")
_PARTS = re.compile(
    r"(?P<style><style>.*?</style>)|(?P<bundle><!--code:.*?-->)|(?P<script><script>.*?</script>)|(?P<json><!--json:.*?-->)"
    r"|(?P<block><!--[0-9a-f]{8}:\d+:\d+:[^-]*-->)|(?P<other>[^<]+|<)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Damage:
    """Edits of a page, in the order of their places, and what they are called."""

    name: str
    edits: tuple[Edit, ...]


class Damages:
    """Random damages of one page.

    None lies between the start of a page or an output and the end of its first sentence: without these 300 characters it cannot say
    anything.
    """

    def __init__(self, page: str, seed: int) -> None:
        self._page = page
        self._random = random.Random(seed)  # noqa: S311  # it must be repeatable, not secret
        self._silent = [match.span() for match in _SILENT.finditer(page)]
        self._blocks = [match.span() for match in _BLOCK.finditer(page)]
        self._comments = [match.span() for match in _COMMENT.finditer(page)]
        self._tags = [match.span() for match in _TAG.finditer(page) if self._can_say(*match.span())]
        self._parts: dict[str, list[tuple[int, int]]] = {}
        for match in _PARTS.finditer(page):
            if self._can_say(*match.span()):
                self._parts.setdefault(str(match.lastgroup), []).append(match.span())

    def some(self, count: int) -> list[Damage]:
        kinds: list[Callable[[], Damage]] = [
            self._cut, self._cut, self._change, self._change, self._change, self._lose, self._lose_block, self._lose_comment,
            self._lose_tag, self._lose_end, self._double_block, self._exchange_blocks, self._exchange_data, self._insert,
        ]  # fmt: skip
        made = [self._without_comments()]
        while len(made) < count:
            made.append(kinds[len(made) % len(kinds)]())
        return made

    def _can_say(self, start: int, end: int) -> bool:
        """Whether the page can still say what is wrong without this part."""
        return not any(start < silent[1] and silent[0] < end for silent in self._silent)

    def _place(self) -> int:
        """Anywhere, but as often in small parts of the page as in large ones."""
        start, end = self._random.choice(self._parts[self._random.choice(sorted(self._parts))])
        return self._random.randrange(start, end)

    def _cut(self) -> Damage:
        at = self._place()
        return Damage(f"cut at {at}", ((at, len(self._page), ""),))

    def _change(self) -> Damage:
        at = self._place()
        fresh = chr(self._random.choice([code for code in range(32, 127) if chr(code) != self._page[at]]))
        return Damage(f"{self._page[at]!r} at {at} becomes {fresh!r}", ((at, at + 1, fresh),))

    def _lose(self) -> Damage:
        at = self._place()
        length = next(
            length
            for length in self._random.sample([1, 2, 10, 1000], 4)
            if self._can_say(at, at + length) or length == 1
        )
        return Damage(f"{length} characters at {at} are lost", ((at, at + length, ""),))

    def _insert(self) -> Damage:
        at = self._place()
        text = self._random.choice([" ", "\n", "=\r\n", "A", "<br>", "&nbsp;", "-->"])
        return Damage(f"{text!r} at {at}", ((at, at, text),))

    def _without(self, name: str, spans: list[tuple[int, int]]) -> Damage:
        start, end = self._random.choice(spans)
        return Damage(f"{name} at {start} is lost: {self._page[start:end][:40]}", ((start, end, ""),))

    def _lose_block(self) -> Damage:
        return self._without("a block", self._blocks)

    def _lose_comment(self) -> Damage:
        return self._without("a comment", self._comments)

    def _lose_tag(self) -> Damage:
        return self._without("a tag", self._tags)

    def _lose_end(self) -> Damage:
        return self._without("the end of a comment", [(end - 3, end) for _, end in self._comments])

    def _without_comments(self) -> Damage:
        return Damage("no comments, as minifiers leave it", tuple((start, end, "") for start, end in self._comments))

    def _double_block(self) -> Damage:
        (start, end), (_, at) = self._random.sample(self._blocks, 2)
        return Damage(f"the block at {start} is also at {at}", ((at, at, self._page[start:end]),))

    def _exchange_blocks(self) -> Damage:
        return self._exchange(*sorted(self._random.sample(self._blocks, 2)))

    def _exchange_data(self) -> Damage:
        """Only what follows the headers."""
        spans = [(self._page.rindex(":", start, end) + 1, end - 3) for start, end in self._blocks]
        return self._exchange(*sorted(self._random.sample(spans, 2)))

    def _exchange(self, first: tuple[int, int], second: tuple[int, int]) -> Damage:
        edits = ((*first, self._page[slice(*second)]), (*second, self._page[slice(*first)]))
        return Damage(f"what is at {first[0]} and {second[0]} is exchanged", edits)
