"""Real data: fourteen small historical sets with their sources, and the user's own files."""

from __future__ import annotations

from optidemo.datasets.dataset import Dataset, list_datasets, load_dataset
from optidemo.datasets.design import Design, design, read_design
from optidemo.datasets.manageable import manageable
from optidemo.datasets.table import DataError, Table
from optidemo.datasets.user_file import read_table

__all__ = [
    "DataError",
    "Dataset",
    "Design",
    "Table",
    "design",
    "list_datasets",
    "load_dataset",
    "manageable",
    "read_design",
    "read_table",
]
