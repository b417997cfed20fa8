"""Formulas are laid out once, and drawn as Agg draws them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from optidemo import plots
from optidemo.plots import canvas
from optidemo.plots.canvas import Canvas


def pixels(kind: type[FigureCanvasAgg], dpi: int) -> np.ndarray:
    figure = Figure((4, 2), dpi=dpi)
    drawn = kind(figure)
    for size, text in ((10, "$x^2$"), (20, "$x^2$"), (20, r"$\mathbf{x}^2$"), (20, "x²")):
        figure.text(0.02 * size, 0.5, text, fontsize=size)
    drawn.draw()  # type: ignore[no-untyped-call]
    return np.array(drawn.buffer_rgba())  # type: ignore[no-untyped-call]


def test_it_draws_what_agg_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Canvas, "memory", None)
    with plots.style():
        for dpi in (50, 100, 100):  # the third is drawn from memory
            np.testing.assert_array_equal(pixels(Canvas, dpi), pixels(FigureCanvasAgg, dpi))
        assert Canvas.memory is not None
        assert len(Canvas.memory.seen) == 6
        sharp = pixels(Canvas, 100)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(mpl.rcParams, "text.antialiased", False)
            assert (pixels(Canvas, 100) != sharp).any()


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Canvas, "memory", None)
    monkeypatch.setattr(canvas, "MOST", 2)
    with plots.style():
        np.testing.assert_array_equal(pixels(Canvas, 50), pixels(FigureCanvasAgg, 50))
    assert Canvas.memory is not None
    assert len(Canvas.memory.seen) <= 2
