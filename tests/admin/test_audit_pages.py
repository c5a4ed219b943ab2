"""The audit trail in the administration: who changed what, from what to what; searched, leafed through, saved."""

import csv
import io
from datetime import UTC, datetime

from store.administrators import Role
from tests.admin.office import Office, Staff


def test_a_change_is_there_with_who_and_both_values(administrator: Office) -> None:
    page = administrator.open("/admin/applications/calls/change")
    administrator.send(page, order="61")
    shown = administrator.open("/admin/audit?subject=application:calls")
    row = shown.all("//tbody/tr")[0]
    assert "administrator" in row
    assert "changed application:calls" in row
    assert "order" in row
    assert row.endswith("61")
    administrator.send(administrator.open("/admin/applications/calls/change"), order="")


def test_it_is_searched_by_who_and_when(operator: Office, staff: Staff) -> None:
    staff.accounts.add("searched", Role.OPERATOR, "hash", by="somebody else", now=datetime(2020, 2, 29, 12, tzinfo=UTC))
    shown = operator.open("/admin/audit?by=somebody+else")
    assert [row.split(" added ")[1] for row in shown.all("//tbody/tr")] == [
        "administrator:searched role→ after: operator"
    ]
    assert operator.open("/admin/audit?since=2020-02-29&until=2020-02-29").all("//tbody/tr")
    assert "No change was found" in operator.open("/admin/audit?until=2020-02-28").done


def test_it_is_leafed_through(operator: Office, staff: Staff) -> None:
    for number in range(60):
        staff.accounts.add(f"leaf{number}", Role.OPERATOR, "hash", by="leaves", now=datetime.now(UTC))
    first = operator.open("/admin/audit?by=leaves")
    older = first.tree.xpath("//a[text()='Earlier changes']/@href")[0]
    second = operator.open(older)
    assert (len(first.all("//tbody/tr")), len(second.all("//tbody/tr"))) == (50, 10)
    assert "leaf0" in second.all("//tbody/tr")[-1]


def test_the_saved_table_calculates_nothing(operator: Office, staff: Staff) -> None:
    staff.accounts.add("formula", Role.OPERATOR, "hash", by="=HYPERLINK(1)", now=datetime.now(UTC))
    answer = operator.http.get("/admin/audit/export", params={"subject": "administrator:formula"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["who"], row["what"], row["value"], row["after"]) for row in rows] == [
        ("'=HYPERLINK(1)", "added", "role", "operator")
    ]


def test_no_password_hash_or_secret_is_in_it(operator: Office, staff: Staff) -> None:
    secret = staff.hire("discreet")
    answer = operator.http.get("/admin/audit/export")
    assert secret not in answer.text
    assert "argon2" not in answer.text
