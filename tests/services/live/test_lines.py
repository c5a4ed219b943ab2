"""Lines of the event channel, in whatever pieces they come."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from services.live.lines import Lines

WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=30), max_size=8)


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[begin:end] for begin, end in itertools.pairwise(places)]


@given(words=WORDS, cuts=st.lists(st.integers(0, 400), max_size=12))
def test_a_character_split_over_two_pieces_is_whole_again(words: list[str], cuts: list[int]) -> None:
    stream = "".join(f"{word}\n" for word in words).encode()
    lines = Lines()
    found = [line.decode() for piece in pieces(stream, cuts) for line in lines.of(piece)]
    assert found == [word for word in words if word.encode().strip()]


@given(cuts=st.lists(st.integers(0, 400), max_size=12), length=st.integers(11, 200))
def test_a_line_that_is_too_long_is_left_out_and_no_other(cuts: list[int], length: int) -> None:
    lines = Lines(longest=10)
    stream = b"before\n" + b"x" * length + b"\nafter\n"
    assert [line for piece in pieces(stream, cuts) for line in lines.of(piece)] == [b"before", b"after"]
    assert lines.too_long == 1


def test_a_line_without_end_takes_no_memory() -> None:
    lines = Lines(longest=1000)
    for _ in range(100):
        assert list(lines.of(b"x" * 999)) == []
    assert len(lines._rest) <= 1000
    assert lines.too_long == 1
    assert list(lines.of(b"\nnext\n")) == [b"next"]
