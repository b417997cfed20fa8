"""The palette stays apart for colour-blind eyes, and colour is never the only channel."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from optidemo.plots.style import LINES, MARKERS, PALETTE, STYLES, parameters

# Machado, Oliveira and Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 2009, severity 1, linear RGB.
SEEN = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.01182, 0.04294, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color: str) -> np.ndarray:
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of a linear RGB colour."""
    t = XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colors: tuple[str, ...], eye: str) -> float:
    seen = [lab(SEEN[eye] @ linear(color)) for color in colors]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))


@pytest.mark.parametrize("eye", SEEN)
def test_colours_stay_apart(eye: str) -> None:
    assert nearest(PALETTE, eye) > 15.0  # 2.3 is just noticeable


def test_matplotlibs_own_colours_would_not_pass() -> None:
    tableau = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")
    assert nearest(tableau, "deuteranopia") < 15.0


def test_every_colour_stands_out_from_white() -> None:
    for color in PALETTE:
        luminance = float(XYZ[1] @ linear(color))
        assert 1.05 / (luminance + 0.05) >= 3.0, color  # WCAG 2.1 for graphics


def test_each_colour_has_its_own_line_and_marker() -> None:
    assert len({str(line) for line in LINES}) == len(set(MARKERS)) == len(PALETTE)


def test_slides_are_1600_by_900_pixels_with_legible_ticks() -> None:
    look = STYLES["slides"]
    assert (round(look.width * look.dpi), round(look.height * look.dpi)) == (1600, 900)
    assert parameters(look)["xtick.labelsize"] >= 14.0
