"""What is known of the links to the OXE's nodes."""

from services.nodes import MOST_NODES, Link, NodeLinks


def test_a_node_that_nobody_spoke_of_is_unknown() -> None:
    nodes = NodeLinks()
    assert nodes.of("1") is Link.UNKNOWN
    assert nodes.of(None) is Link.UNKNOWN


def test_L102_a_switch_over_is_down_then_up_for_that_node_only() -> None:
    nodes = NodeLinks()
    nodes.up("2")
    nodes.down("1")
    assert (nodes.of("1"), nodes.of("2")) == (Link.DOWN, Link.UP)
    nodes.up("1")
    assert (nodes.of("1"), nodes.of("2")) == (Link.UP, Link.UP)


def test_after_a_gap_in_the_events_nothing_is_known() -> None:
    nodes = NodeLinks()
    nodes.down("1")
    nodes.forget()
    assert nodes.of("1") is Link.UNKNOWN


def test_names_without_end_are_not_kept() -> None:
    nodes = NodeLinks()
    for number in range(MOST_NODES + 50):
        nodes.down(str(number))
    assert nodes.of("0") is Link.DOWN
    assert nodes.of(str(MOST_NODES + 10)) is Link.UNKNOWN
