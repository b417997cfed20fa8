"""The likelihoods on real samples: light, coal, horses, births, serial numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from optidemo.checks.check import Check
from optidemo.checks.reference import against_vector, to_printed_digits
from optidemo.datasets import DataError, Dataset, Design, load_dataset, npy_file
from optidemo.demos.case import Case, Demo, Planned, part_of
from optidemo.demos.families import BERNOULLI, EXPONENTIAL, GAUSSIAN, POISSON, UNIFORM, Family
from optidemo.linalg.moments import exact_sum
from optidemo.objectives.likelihood import shown
from optidemo.solvers.steps import Armijo
from optidemo.status import Status
from optidemo.storage.columns import FileColumns

if TYPE_CHECKING:
    from collections.abc import Callable

    from optidemo.arrays import Vector
    from optidemo.objective import Objective

__all__ = ["LIKELIHOODS"]


def _case(
    family: Family, x: Vector, data: str, source: str, findings: Callable[[Vector], list[str]],
    published: Callable[[Vector], list[Check]], unit: str | None = None,
) -> Case:  # fmt: skip
    f: Objective = family.make(x)
    known = f.optimum()
    assert known is not None  # noqa: S101  (every likelihood knows)
    corner = known.status is Status.NO_STATIONARY_POINT
    exists = known.attained or corner

    def references(theta: Vector) -> list[Check]:
        total = exact_sum(np.asarray(family.log_density(x, theta)))
        size = max(abs(total), 1.0)
        checks = [
            Check("f = Σ log-density (scipy.stats)", abs(f.value(theta) - total) / size, 1e-10)
        ]
        if family.fit is not None and exists:
            checks.append(
                against_vector(f"= {family.fit_name}", theta, np.asarray(family.fit(x)), 1e-9)
            )
        return [*checks, *published(theta)]

    ends = known.status
    runs: tuple[Planned, ...]
    if corner:
        runs = (Planned("closed-form"), Planned("projected-gradient", {"maxiter": 500}),
                Planned("gradient-descent", {"maxiter": 50}, ends))  # fmt: skip
    elif exists:
        runs = (Planned("closed-form"), Planned("newton", error=1e-8),
                Planned("gradient-descent", error=1e-6),
                Planned("gradient-descent", {"step": Armijo(initial=None)}, error=1e-6))  # fmt: skip
        if f.lipschitz() is None:
            runs = runs[:3]
    else:
        runs = (Planned("gradient-descent", {"maxiter": 100}, ends),)
    best = f.closed_form() if exists else None
    units = () if unit is None else (unit,) * f.d
    notes = tuple(family.notes(f, f" {unit}" if unit else ""))
    return Case(
        f, data, source, runs, best, references, family.lecture, findings, notes=notes, units=units
    )


def _sample(design: Design, name: str, family: Family) -> Vector:
    """Return the user's one column, which the distribution must be able to produce."""
    if design.X.shape[1] != 1:
        raise DataError(
            f"{name} takes one column, but the data have {design.X.shape[1]}: "
            f"{', '.join(design.features)}. Choose one with --columns NAME."
        )
    X = design.X.read() if isinstance(design.X, FileColumns) else design.X
    x = np.ascontiguousarray(X[:, 0])
    impossible = family.likelihood.impossible(x)
    if impossible.any():
        i = int(np.argmax(impossible))
        found = shown(x[i]) + (", standardised" if design.standardized else "")
        raise DataError(
            f"{design.file}, row {i + 1}, column {design.features[0]!r} is {found}, but {name} takes "
            f"{family.likelihood.rule}."
        )
    return x


def _constant(x: Vector) -> tuple[str, ...]:
    """Say so where a sample does not vary: an odd one, but its maximum is well-defined."""
    return (f"All {x.size} observations are {shown(x[0])}.",) if x.min() == x.max() else ()


def _demo(
    name: str, number: str, title: str, family: Family, dataset: str, *,
    sample: Callable[[Dataset], Vector], what: str, say: Callable[[Vector], str],
    published: Callable[[Vector], list[Check]], measured: str = "",
) -> Demo:  # fmt: skip
    """Register a likelihood; if its parameters are what a column measures, `measured` names it."""

    def build(seed: int, design: Design | None) -> Case:
        if design is not None:
            x = _sample(design, name, family)
            data = f"{x.size} observations"
            try:
                case = _case(family, x, data, "the file given", _plainly, lambda _t: [])
            except ValueError as error:
                raise DataError(f"{design.file}, column {design.features[0]!r}: {error}") from error
            return replace(
                case,
                notes=(*_constant(x), *case.notes),
                part=build(seed, part_of(design, npy_file.LARGE)) if design.large else None,
            )
        d = load_dataset(dataset)
        x = sample(d)
        return _case(
            family, x, f"{x.size} {what}: {d.title}", d.source, lambda t: [say(t)], published,
            d.units.get(measured),
        )  # fmt: skip

    return Demo(
        name, number, title, family.likelihood.formula, "likelihood", build, takes_data=True
    )


def _plainly(theta: Vector) -> list[str]:
    return [f"The maximum is at [{', '.join(f'{v:.15g}' for v in theta)}]."]


def _column(name: str) -> Callable[[Dataset], Vector]:
    return lambda d: np.asarray(d.column(name), dtype=float)


def _births(d: Dataset) -> Vector:
    """Return one 1 a boy and one 0 a girl: 938 223 christenings."""
    boys, girls = int(d.matrix("males").sum()), int(d.matrix("females").sum())
    return np.repeat([1.0, 0.0], [boys, girls])


def _alpha(d: Dataset) -> Vector:
    counts, intervals = d.matrix("alpha_particles", "intervals").T
    return np.repeat(counts, intervals.astype(int))


def _fisher(d: Dataset) -> Vector:
    """Return the 200 corps-years that Fisher and the textbooks use."""
    deaths, chosen = d.matrix("deaths", "in_200_subset").T
    return np.ascontiguousarray(deaths[chosen == 1])


def _is(*printed: tuple[str, str]) -> Callable[[Vector], list[Check]]:
    return lambda t: [
        to_printed_digits(n, float(v), p) for (n, p), v in zip(printed, t, strict=True)
    ]


LIKELIHOODS = (
    _demo(
        "gaussian-mle", "14", "Michelson's speed of light, 1879", GAUSSIAN, "michelson1879",
        sample=_column("speed_km_per_s"), measured="speed_km_per_s", what="measurements",
        say=lambda t: f"The mean is {t[0]:.1f} km/s in air; the modern value on this scale is 299734.5.",
        published=_is(("NIST mean in km/s", "299852.400000000")),
    ),
    _demo(
        "exponential-mle", "15", "Days between coal-mine disasters", EXPONENTIAL, "coal_intervals",
        sample=_column("days"), what="intervals",
        say=lambda t: f"λ = {t[0]:.7g} a day: one disaster every {1 / t[0]:.1f} days.",
        published=_is(("published rate 190/40549", "0.0046856889")),
    ),
    _demo(
        "exponential-mle-aircon", "15a", "Hours between failures of air-conditioning", EXPONENTIAL,
        "air_conditioning",
        sample=_column("hours"), what="intervals",
        say=lambda t: f"λ = {t[0]:.6g} an hour: one failure every {1 / t[0]:.3f} hours.",
        published=lambda t: [to_printed_digits("published mean 108.083 hours", 1 / float(t[0]), "108.083")],
    ),
    _demo(
        "poisson-mle", "15′", "Deaths by horse kick in the Prussian army", POISSON, "horse_kicks",
        sample=_fisher, what="corps-years",
        say=lambda t: f"λ = {t[0]:.4g} deaths a corps and year.",
        published=_is(("published 122/200", "0.61")),
    ),
    _demo(
        "poisson-mle-alpha", "15′a", "Alpha particles of Rutherford and Geiger", POISSON,
        "rutherford_geiger",
        sample=_alpha, what="intervals of 1/8 minute",
        say=lambda t: f"λ = {t[0]:.5g} particles an interval.",
        published=_is(("published mean", "3.87")),
    ),
    _demo(
        "bernoulli-mle", "16", "Boys and girls christened in London, 1629 to 1710", BERNOULLI, "arbuthnot",
        sample=_births, what="christenings",
        say=lambda t: f"p = {t[0]:.6f}: more boys than girls, in every one of the 82 years.",
        published=_is(("484382 of 938223", "0.516275981")),
    ),
    _demo(
        "uniform-mle", "17", "Serial numbers seen in one afternoon", UNIFORM, "goodman_serials",
        sample=_column("serial_number"), measured="serial_number", what="serial numbers",
        say=lambda t: f"(a, b) = ({t[0]:g}, {t[1]:g}).",
        published=_is(("smallest", "83"), ("largest", "2787")),
    ),
    _demo(
        "uniform-mle-lottery", "17a", "The Maryland lottery", UNIFORM, "maryland_lottery",
        sample=_column("number"), measured="number", what="draws",
        say=lambda t: f"(a, b) = ({t[0]:g}, {t[1]:g}); the truth is 0 to 999.",
        published=_is(("smallest", "4"), ("largest", "999")),
    ),
)  # fmt: skip
