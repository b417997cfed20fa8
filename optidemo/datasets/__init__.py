"""Real data: fourteen small historical sets with their sources."""

from __future__ import annotations

from optidemo.datasets.dataset import Dataset, list_datasets, load_dataset

__all__ = ["Dataset", "list_datasets", "load_dataset"]
