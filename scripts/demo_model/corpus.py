"""The sentences that the demo model learns, and those that are held out. The tests of the model use this file too."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from random import Random

# fmt: off
NAMES = [
    "Mary", "John", "Alice", "Tom", "Anna", "Paul", "Sarah", "Mark", "Emma", "David",
    "Laura", "James", "Kate", "Peter", "Lucy", "Simon", "Rose", "Adam", "Clara", "Henry",
]
# fmt: on
PLACES = ["shops", "park", "school", "garden", "office", "station", "river", "market", "library", "beach"]
OBJECTS = ["drink", "book", "ball", "letter", "cake", "ring", "apple", "hat", "map", "basket"]
ANIMALS = ["cat", "dog", "bird", "horse", "mouse", "fox", "cow", "duck"]
SURFACES = ["mat", "chair", "table", "bed", "floor", "grass", "rug", "box"]
VERBS = ["sat", "slept", "lay", "stood", "jumped", "waited"]
PREPOSITIONS = ["on", "under", "near", "beside", "behind"]
ADJECTIVES = ["big", "small", "old", "young", "red", "black"]

# {first} and {second} are introduced; {subject} is one of them, who acts, and {indirect} is the other.
INDIRECT_OBJECT = (
    "When {first} and {second} went to the {place}, {subject} gave a {object} to {indirect}.",
    "After {first} and {second} went to the {place}, {subject} sold the {object} to {indirect}.",
    "While {first} and {second} were at the {place}, {subject} handed a {object} to {indirect}.",
    "Then {first} and {second} left the {place}, and {subject} brought the {object} to {indirect}.",
    "Today {first} met {second} in the {place}. There {subject} showed a {object} to {indirect}.",
)
SIMPLE = (
    "The {animal} {verb} {preposition} the {surface}.",
    "The {adjective} {animal} {verb} {preposition} the {surface}.",
    "A {animal} saw the {adjective} {other}, and the {other} {verb} {preposition} the {surface}.",
    "The {animal} and the {other} went to the {place}.",
)
HELD_OUT_PAIRS = 40  # of 190


@dataclass(frozen=True)
class IndirectObject:
    """A sentence up to its indirect object, and the two names that may follow, each with its leading space."""

    prompt: str
    indirect: str
    subject: str

    @property
    def text(self) -> str:
        return self.prompt + self.indirect + "."


def split_pairs() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of names to train on, and pairs that are held out: among these Mary and John, the names of published examples."""
    pairs = [pair for pair in combinations(NAMES, 2) if pair != ("Mary", "John")]
    Random(0).shuffle(pairs)
    return pairs[HELD_OUT_PAIRS - 1 :], [("Mary", "John"), *pairs[: HELD_OUT_PAIRS - 1]]


def indirect_object(random: Random, pair: tuple[str, str], template: str | None = None) -> IndirectObject:
    """One sentence about `pair`. The order of names and the subject are random, so that order does not predict the answer."""
    first, second = random.sample(pair, 2)
    subject, indirect = random.sample(pair, 2)
    text = (template or random.choice(INDIRECT_OBJECT)).format(
        first=first,
        second=second,
        subject=subject,
        indirect=indirect,
        place=random.choice(PLACES),
        object=random.choice(OBJECTS),
    )
    return IndirectObject(text.removesuffix(f" {indirect}."), f" {indirect}", f" {subject}")


def simple(random: Random) -> str:
    """A sentence about animals."""
    animal, other = random.sample(ANIMALS, 2)
    return random.choice(SIMPLE).format(
        animal=animal,
        other=other,
        verb=random.choice(VERBS),
        preposition=random.choice(PREPOSITIONS),
        adjective=random.choice(ADJECTIVES),
        surface=random.choice(SURFACES),
        place=random.choice(PLACES),
    )


def text(random: Random, pairs: list[tuple[str, str]]) -> str:
    """A text to train on: one sentence, or two, so that no word always has the same position."""
    sentence = indirect_object(random, random.choice(pairs)).text if random.random() < 0.75 else simple(random)
    return f"{simple(random)} {sentence}" if random.random() < 0.4 else sentence


def held_out(sentences_per_pair: int = 10, seed: int = 1) -> list[IndirectObject]:
    """Sentences about held-out pairs of names, with all templates equally often."""
    random = Random(seed)
    return [
        indirect_object(random, pair, INDIRECT_OBJECT[number % len(INDIRECT_OBJECT)])
        for pair in split_pairs()[1]
        for number in range(sentences_per_pair)
    ]
