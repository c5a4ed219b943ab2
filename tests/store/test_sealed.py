"""Secrets that workers share: nobody who reads or writes the store learns or changes anything."""

from store.sealed import Sealed
from store.shared import InProcess

OLD, NEW = "o" * 32, "n" * 32


def test_a_secret_comes_back_and_lies_nowhere_in_clear() -> None:
    shared = InProcess()
    sealed = Sealed(shared, [NEW])
    sealed.put("a", "4711", 60)
    assert sealed.get("a") == "4711"
    assert b"4711" not in (shared.get("a") or b"")
    sealed.forget("a")
    assert sealed.get("a") is None


def test_a_secret_that_was_put_elsewhere_or_altered_is_none() -> None:
    shared = InProcess()
    sealed = Sealed(shared, [NEW])
    sealed.put("a", "4711", 60)
    lies = shared.get("a") or b""
    shared.put("b", lies, 60)
    shared.put("c", lies[:-4] + b"AAA=", 60)
    shared.put("d", b"4711", 60)
    assert [sealed.get(name) for name in "bcd"] == [None, None, None]


def test_a_secret_outlives_the_change_of_keys_while_the_old_one_is_kept() -> None:
    shared = InProcess()
    Sealed(shared, [OLD]).put("a", "4711", 60)
    assert Sealed(shared, [OLD, NEW]).get("a") == "4711"
    Sealed(shared, [OLD, NEW]).put("b", "4711", 60)
    assert Sealed(shared, [OLD]).get("b") is None
    assert Sealed(shared, [NEW]).get("a") is None
