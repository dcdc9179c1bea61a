"""Compare the rules with a linear model on character n-grams, on labels that neither was made from.

    python -m bench.learning tests/labels/fit.jsonl tests/labels/held.jsonl

A logistic regression (n-grams of one to three characters, AdaGrad, L2) learns from the first file and classifies the second:
is a notice about large models, which project type, which sector (from the buyer's name). The model is written out here in a
few lines, so that a mere comparison needs no further library.
"""

from __future__ import annotations

import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.classify.project_type import project_type_of
from pipelines.classify.sector import sector_of
from pipelines.labelled_notices import LabelledNotice, read_labels
from pipelines.text.characters import fold_for_matching
from tenders.jobs.label_facts import classes_of

Features = list[str]
EPOCHS, RATE, SHRINK = 15, 0.5, 1e-5


class Linear:
    """A linear model with one weight per feature."""

    def __init__(self, examples: Sequence[tuple[Features, bool]], seed: int = 7) -> None:
        self.weights: dict[str, float] = defaultdict(float)
        squares: dict[str, float] = defaultdict(lambda: 1e-8)
        positive = sum(yes for _, yes in examples) or 1
        # Notices about large models are rare. Both classes get the same total weight.
        class_weight = {
            True: len(examples) / (2 * positive),
            False: len(examples) / (2 * max(1, len(examples) - positive)),
        }
        order = list(examples)
        shuffle = random.Random(seed).shuffle
        for _ in range(EPOCHS):
            shuffle(order)
            for features, yes in order:
                size = 1 / math.sqrt(len(features) or 1)
                error = (self.score(features) - yes) * class_weight[yes] * size
                for feature in features:
                    slope = error + SHRINK * self.weights[feature]
                    squares[feature] += slope * slope
                    self.weights[feature] -= RATE * slope / math.sqrt(squares[feature])

    def score(self, features: Features) -> float:
        """Return the probability of yes, 0 to 1."""
        size = 1 / math.sqrt(len(features) or 1)
        total = size * sum(self.weights[f] for f in features if f in self.weights)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def character_ngrams(text: str | None) -> Features:
    """Return the distinct runs of one to three characters of a text, and a constant feature."""
    folded = f"^{fold_for_matching(text or '')}$"
    return ["", *dict.fromkeys(folded[i : i + n] for n in (1, 2, 3) for i in range(len(folded) - n + 1))]


def _buyer(label: LabelledNotice) -> str | None:
    return label.buyer


def text_of(label: LabelledNotice) -> str:
    """Return the text of a notice that both sides may use: its title and its lots."""
    return " ".join(filter(None, (label.title, *(lot.name for lot in label.lots))))


def predict_classes(
    fit: Iterable[LabelledNotice],
    held: Iterable[LabelledNotice],
    truth: Callable[[LabelledNotice], str | None],
    text: Callable[[LabelledNotice], str | None],
) -> list[str]:
    """Return for each held label the class that one-against-the-rest models find most likely."""
    examples = [(character_ngrams(text(label)), truth(label)) for label in fit if truth(label)]
    models = {name: Linear([(g, c == name) for g, c in examples]) for name in sorted({str(c) for _, c in examples})}
    return [max(models, key=lambda name: models[name].score(character_ngrams(text(label)))) for label in held]


def relevance_rows(fit: list[LabelledNotice], held: list[LabelledNotice]) -> list[tuple[str, str, str, str]]:
    """Return rows of the table: groups of held labels, and how many of each the rules and the model accept."""
    model = Linear([(character_ngrams(text_of(label)), bool(label.is_large_model)) for label in fit])
    scores = [model.score(character_ngrams(text_of(label))) for label in held]
    rules = [bool(classes_of(label)["is_large_model"]) for label in held]
    negatives = sorted((s for s, label in zip(scores, held, strict=True) if not label.is_large_model), reverse=True)
    taken = sum(r for r, label in zip(rules, held, strict=True) if not label.is_large_model)
    strict = max(0.5, negatives[taken] + 1e-9) if taken < len(negatives) else 0.5
    rows = []
    for title, yes, confidences in (
        ("large model, sure", True, ("high",)),
        ("large model, borderline", True, ("medium", "low")),
        ("others, doubtful or AI-flavoured", False, ("medium", "low")),
        ("others, plain", False, ("high",)),
    ):
        group = [n for n, label in enumerate(held) if label.is_large_model == yes and label.confidence in confidences]
        counts = [
            sum(rules[n] for n in group),
            sum(scores[n] >= 0.5 for n in group),
            sum(scores[n] >= strict for n in group),
        ]
        rows.append((f"{title}, of {len(group)}", *map(str, counts)))
    return rows


def type_by_rules(label: LabelledNotice) -> str | None:
    """Return the project type by the rules, whether or not they find the notice to be about large models."""
    match = project_type_of([(text_of(label), 1.0)], tuple(filter(None, [label.buyer])))
    return match.first if match else "application"


def sector_by_rules(label: LabelledNotice) -> str | None:
    """Return the sector by the rules, from the buyer's name alone."""
    match = sector_of(label.buyer)
    return match.sector if match else None


class _Task(NamedTuple):
    """One question that rules and model answer: its labels, the true answer, the text to learn from, and the rule."""

    title: str
    labels: list[LabelledNotice]
    truth: Callable[[LabelledNotice], str | None]
    text: Callable[[LabelledNotice], str | None]
    rule: Callable[[LabelledNotice], str | None]


def accuracy_rows(fit: list[LabelledNotice], held: list[LabelledNotice]) -> list[tuple[str, str, str, str]]:
    """Return rows of the table: project type of large-model notices, and sector of a named buyer."""
    rows = []
    large = [label for label in held if label.is_large_model and label.project_type]
    named = [label for label in held if label.sector and label.buyer]
    tasks = (
        _Task("project type", large, lambda label: next(iter(label.project_type), None), text_of, type_by_rules),
        _Task(
            "sector of the buyer",
            named,
            lambda label: label.sector if label.buyer else None,
            _buyer,
            sector_by_rules,
        ),
    )
    for task in tasks:
        predicted = predict_classes(fit, task.labels, task.truth, task.text)
        by_model = sum(task.truth(label) == name for label, name in zip(task.labels, predicted, strict=True))
        by_rules = sum(task.truth(label) == task.rule(label) for label in task.labels)
        rows.append((f"{task.title} right, of {len(task.labels)}", str(by_rules), str(by_model), ""))
    return rows


def main(fit_path: str, held_path: str) -> None:
    """Print the comparison as a table."""
    fit, held = ([x for x in read_labels(Path(p)) if isinstance(x, LabelledNotice)] for p in (fit_path, held_path))
    print(f"{len(fit)} labels to learn from, {len(held)} to compare on")
    print(f"{'':44}{'rules':>8}{'linear':>8}{'linear at the rules’ false share':>34}")
    for row in relevance_rows(fit, held) + accuracy_rows(fit, held):
        print(f"{row[0]:44}{row[1]:>8}{row[2]:>8}{row[3]:>34}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
