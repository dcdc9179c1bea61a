"""The rules against a linear model on character n-grams, both judged on labels that neither was made from.

    python -m bench.learning tests/labels/fit.jsonl tests/labels/held.jsonl

A logistic regression (n-grams of one to three characters, AdaGrad, L2) learns from the first file and is asked about the
second: is it about large models, which type, which sector (from the buyer's name). Written out here in a few lines, so that a
comparison which ships nothing brings no library into the lock file.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pipelines.classify.lexicon import fold
from pipelines.classify.project_type import project_type_of
from pipelines.classify.sector import sector_of
from tenders.jobs.label_facts import classes_of

Label = dict[str, Any]
Features = list[str]
EPOCHS, RATE, SHRINK = 15, 0.5, 1e-5


class Linear:
    """One weight a feature; ``score`` is the probability of yes."""

    def __init__(self, examples: Sequence[tuple[Features, bool]], seed: int = 7) -> None:
        self.weights: dict[str, float] = defaultdict(float)
        squares: dict[str, float] = defaultdict(lambda: 1e-8)
        positive = sum(yes for _, yes in examples) or 1
        # Large models are rare in the labels as in life: each class pulls with the same weight.
        pull = {True: len(examples) / (2 * positive), False: len(examples) / (2 * max(1, len(examples) - positive))}
        order = list(examples)
        shuffle = random.Random(seed).shuffle
        for _ in range(EPOCHS):
            shuffle(order)
            for features, yes in order:
                size = 1 / math.sqrt(len(features) or 1)
                error = (self.score(features) - yes) * pull[yes] * size
                for feature in features:
                    slope = error + SHRINK * self.weights[feature]
                    squares[feature] += slope * slope
                    self.weights[feature] -= RATE * slope / math.sqrt(squares[feature])

    def score(self, features: Features) -> float:
        """The probability of yes, 0..1."""
        size = 1 / math.sqrt(len(features) or 1)
        total = size * sum(self.weights[f] for f in features if f in self.weights)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def grams(text: str | None) -> Features:
    """The distinct runs of one to three characters of a text, and a constant."""
    folded = f"^{fold(text or '')}$"
    return ["", *dict.fromkeys(folded[i : i + n] for n in (1, 2, 3) for i in range(len(folded) - n + 1))]


def described(label: Label) -> str:
    """The words of a notice that both sides may see: its title and its lots."""
    return " ".join(filter(None, (label.get("title"), *(lot.get("name") for lot in label.get("lots") or []))))


def chosen(
    fit: Iterable[Label], held: Iterable[Label], of: Callable[[Label], str | None], text: Callable[[Label], str | None]
) -> list[str]:
    """For each held label the class that one-against-the-rest models make likeliest."""
    known = [(grams(text(label)), of(label)) for label in fit if of(label)]
    models = {name: Linear([(g, c == name) for g, c in known]) for name in sorted({str(c) for _, c in known})}
    return [max(models, key=lambda name: models[name].score(grams(text(label)))) for label in held]


def relevance(fit: list[Label], held: list[Label]) -> list[tuple[str, str, str, str]]:
    """Rows of the table: groups of held labels, and how many of each the rules and the model take."""
    model = Linear([(grams(described(label)), bool(label["is_large_model"])) for label in fit])
    scores = [model.score(grams(described(label))) for label in held]
    rules = [bool(classes_of(label)["is_large_model"]) for label in held]
    negatives = sorted((s for s, label in zip(scores, held, strict=True) if not label["is_large_model"]), reverse=True)
    taken = sum(r for r, label in zip(rules, held, strict=True) if not label["is_large_model"])
    strict = max(0.5, negatives[taken] + 1e-9) if taken < len(negatives) else 0.5
    rows = []
    for title, yes, confidences in (
        ("large model, sure", True, ("high",)),
        ("large model, borderline", True, ("medium", "low")),
        ("others, doubtful or AI-flavoured", False, ("medium", "low")),
        ("others, plain", False, ("high",)),
    ):
        group = [
            n for n, label in enumerate(held) if label["is_large_model"] == yes and label["confidence"] in confidences
        ]
        counts = [
            sum(rules[n] for n in group),
            sum(scores[n] >= 0.5 for n in group),
            sum(scores[n] >= strict for n in group),
        ]
        rows.append((f"{title}, of {len(group)}", *map(str, counts)))
    return rows


def ruled_type(label: Label) -> str | None:
    """The type by the rules, whether or not they find the notice to be about large models."""
    found = project_type_of([(described(label), 1.0)], tuple(filter(None, [label["buyer"]])))
    return found.first if found else "application"


def ruled_sector(label: Label) -> str | None:
    """The sector by the rules, from the buyer's name alone."""
    found = sector_of(label["buyer"])
    return found.sector if found else None


def accuracy(fit: list[Label], held: list[Label]) -> list[tuple[str, str, str, str]]:
    """Rows of the table: project type of large-model notices, and sector of a named buyer."""
    rows = []
    large = [label for label in held if label["is_large_model"] and label["project_type"]]
    named = [label for label in held if label["sector"] and label["buyer"]]
    tasks: list[
        tuple[
            str,
            list[Label],
            Callable[[Label], str | None],
            Callable[[Label], str | None],
            Callable[[Label], str | None],
        ]
    ] = [
        ("project type", large, lambda x: next(iter(x["project_type"] or []), None), described, ruled_type),
        (
            "sector of the buyer",
            named,
            lambda x: x["sector"] if x["buyer"] else None,
            lambda x: x["buyer"],
            ruled_sector,
        ),
    ]
    for title, asked, of, text, rule in tasks:
        learned = chosen(fit, asked, of, text)
        right = sum(of(label) == found for label, found in zip(asked, learned, strict=True))
        rows.append(
            (f"{title} right, of {len(asked)}", str(sum(of(label) == rule(label) for label in asked)), str(right), "")
        )
    return rows


def main(fit_path: str, held_path: str) -> None:
    """Print the table."""
    fit, held = ([json.loads(line) for line in Path(p).read_text("utf-8").splitlines()] for p in (fit_path, held_path))
    print(f"{len(fit)} labels to learn from, {len(held)} to be judged on")
    print(f"{'':44}{'rules':>8}{'linear':>8}{'linear at the rules’ false share':>34}")
    for row in relevance(fit, held) + accuracy(fit, held):
        print(f"{row[0]:44}{row[1]:>8}{row[2]:>8}{row[3]:>34}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
