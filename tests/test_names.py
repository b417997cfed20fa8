"""The message about an unknown name helps."""

from __future__ import annotations

import pytest

from optidemo import DEMOS, load_dataset
from optidemo.names import unknown_name


def test_nearest_name_and_the_list() -> None:
    message = unknown_name("solver", "Newtn", ["gradient-descent", "newton"])
    assert message == (
        "unknown solver 'Newtn'. Did you mean 'newton'? There are: gradient-descent, newton."
    )


def test_a_far_name_gets_no_suggestion() -> None:
    assert unknown_name("step", "qqq", ["fixed"]) == "unknown step 'qqq'. There are: fixed."
    assert unknown_name("step", "x", []) == "unknown step 'x'. There are: none."


def test_a_long_list_is_cut() -> None:
    message = unknown_name("figure", "zzz", [f"name-{i}" for i in range(87)])
    assert message.endswith("name-29, … (87 in all).")


def test_registries_name_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"unknown demo 'pac'\. Did you mean 'pca'"):
        DEMOS["pac"]
    assert DEMOS.get("pac") is None
    with pytest.raises(KeyError, match=r"unknown demo 3\. There are: linear"):
        DEMOS[3]  # type: ignore[index]
    for name in (3, ["iris"]):
        with pytest.raises(ValueError, match=r"unknown data set .*There are: longley"):
            load_dataset(name)  # type: ignore[arg-type]
