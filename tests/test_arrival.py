"""Where a request ends: told from its bytes alone, however they are cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrival import LARGEST_BODY, LARGEST_HEAD, Arrival, Standing

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /phone/a/b HTTP/1.1\r\nHost: x\r\n"
FORM = POST + b"Content-Length: 9\r\n\r\nname=john"
CHUNKS = POST + b"Transfer-Encoding: chunked\r\n\r\n4\r\nname\r\n5;x=y\r\n=john\r\n0\r\n\r\n"


def standing(received: bytes) -> Standing:
    return Arrival(received).standing()


@pytest.mark.parametrize("request_", [GET, FORM, CHUNKS, b"\r\n\r\n" + GET], ids=["get", "form", "chunks", "blank"])
@given(st.data())
def test_a_request_is_whole_with_its_last_byte_however_it_is_cut(request_: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(request_) - 1), max_size=6)))
    arrival = Arrival()
    for begin, end in zip([0, *cuts], [*cuts, len(request_)], strict=True):
        assert arrival.standing() is Standing.PARTIAL
        arrival.add(request_[begin:end])
    assert arrival.standing() is Standing.WHOLE
    assert bytes(arrival.received) == request_.removeprefix(b"\r\n\r\n")


def test_what_follows_a_request_is_kept_for_the_next() -> None:
    arrival = Arrival(FORM + GET[:9])
    assert arrival.standing() is Standing.WHOLE
    assert bytes(arrival.received) == FORM + GET[:9]


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 5\r\nContent-Length: 5",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: identity",
        b"Content-Length: -1",
        b"Content-Length: +5",
        b"Content-Length: 5, 5",
        b"Content-Length: 0x5",
        b"Content-Length: 9999999999999",
        b"Content-Length:",
        b"Content-Length : 5",
        b" Content-Length: 5",
        b"Transfer-Encoding\t: chunked",
        b"Expect: coffee",
    ],
)
def test_a_head_that_could_be_read_in_two_ways_is_not_handed_on(fields: bytes) -> None:
    assert standing(POST + fields + b"\r\n\r\n") is Standing.UNREADABLE


@pytest.mark.parametrize(
    "body", [b"x\r\n", b"-1\r\n", b"4\r\nnameXY", b"4\r\nname\n0\r\n", b"\r\n", b"0\r\nX: y\r\n\r\n", b"0" * 99]
)
def test_chunks_that_are_none_are_refused(body: bytes) -> None:
    assert standing(POST + b"Transfer-Encoding: chunked\r\n\r\n" + body) is Standing.UNREADABLE


def test_a_head_without_end_is_refused() -> None:
    assert standing(b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD) is Standing.LONG_HEAD
    assert standing(b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD + b"\r\n\r\n") is Standing.LONG_HEAD


def test_a_body_that_is_too_long_is_known_by_its_head() -> None:
    assert standing(POST + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1)) is Standing.LONG_BODY
    assert standing(POST + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY) is Standing.PARTIAL


def test_chunks_without_end_are_refused_as_soon_as_they_are_too_many() -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    assert standing(head + b"FFFFFFF\r\n") is Standing.LONG_CHUNKS
    assert standing(head + b"1\r\nx\r\n" * (LARGEST_BODY // 6 + 2)) is Standing.LONG_CHUNKS


def test_a_client_that_waits_to_be_invited_is_invited_by_us_alone() -> None:
    arrival = Arrival(POST + b"expect: 100-Continue\r\nContent-Length: 9\r\n\r\n")
    assert arrival.standing() is Standing.PARTIAL
    assert arrival.invites
    arrival.add(b"name=john")
    assert arrival.standing() is Standing.WHOLE
    assert bytes(arrival.received) == FORM


@given(st.binary(max_size=200))
def test_whatever_comes_in_it_is_told_what_it_is(received: bytes) -> None:
    assert isinstance(standing(POST + received), Standing)
    assert isinstance(standing(received), Standing)
