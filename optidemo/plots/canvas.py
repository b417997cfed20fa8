"""Agg's canvas with a memory for formulas: figures share their numbers and letters, and parsing is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

__all__ = ["Canvas"]

MOST = 4096  # formulas remembered; the whole set of figures has 400


class _Memory:
    """A parser that remembers; matplotlib's own forgets with each renderer."""

    def __init__(self, parser: MathTextParser[Any]) -> None:
        self.parser = parser
        self.seen: dict[tuple[object, ...], Any] = {}

    def parse(
        self,
        s: str,
        dpi: float = 72,
        prop: FontProperties | None = None,
        *,
        antialiased: bool | None = None,
    ) -> Any:
        """Lay a formula out, as `matplotlib.mathtext.MathTextParser.parse` does."""
        smooth = mpl.rcParams["text.antialiased"] if antialiased is None else antialiased
        key = (s, dpi, hash(prop), smooth, mpl.rcParams["text.hinting"])
        if key not in self.seen:
            if len(self.seen) >= MOST:
                self.seen.clear()
            self.seen[key] = self.parser.parse(s, dpi, prop, antialiased=smooth)
        return self.seen[key]


class Canvas(FigureCanvasAgg):
    """Agg's canvas; all of them share one memory."""

    memory: ClassVar[_Memory | None] = None

    def get_renderer(self) -> RendererAgg:
        """Return the renderer, whose formulas are remembered."""
        renderer: RendererAgg = super().get_renderer()  # type: ignore[no-untyped-call]  # matplotlib types only some methods
        if Canvas.memory is None:
            Canvas.memory = _Memory(renderer.mathtext_parser)
        renderer.mathtext_parser = Canvas.memory  # type: ignore[assignment]  # it parses alike
        return renderer
