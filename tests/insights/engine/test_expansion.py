from apps.insights.engine.expansion import expand


def test_an_edible_without_ingredients_expands_to_itself() -> None:
    assert expand("milk", {}) == {"milk"}


def test_an_edible_expands_to_everything_inside_it_at_any_depth() -> None:
    assert expand("lasagne", {"lasagne": ("sauce", "pasta"), "sauce": ("cream",)}) == {
        "lasagne",
        "sauce",
        "pasta",
        "cream",
    }


def test_very_deep_recipes_expand() -> None:
    depth = 20_000
    recipes = {f"e{level}": (f"e{level + 1}",) for level in range(depth)}
    assert len(expand("e0", recipes)) == depth + 1


def test_a_cycle_in_bad_data_ends() -> None:
    assert expand("a", {"a": ("b",), "b": ("a", "b", "c")}) == {"a", "b", "c"}
