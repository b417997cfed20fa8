"""The message about an unknown name helps."""

from __future__ import annotations

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
