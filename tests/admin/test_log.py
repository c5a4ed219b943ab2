"""Nothing of those who administer stands in the log: after signing in, wrongly and rightly, and changing things."""

import os
from typing import IO

import pyotp

from simulators.demo.house import DemoHouse
from tests.admin.office import PASSWORD, RECOVERY, Office, Staff

LOGIN = "zoe.quartermaine"


def test_no_login_password_or_code_stands_in_the_log(house: DemoHouse, staff: Staff, log: IO[bytes]) -> None:
    office, secret = Office(house), staff.hire(LOGIN)
    office.sign_in(LOGIN, "000000")
    office.sign_in("nobody.of-this-name", "000000")
    code = pyotp.TOTP(secret).now()
    assert office.sign_in(LOGIN, code).title == "Overview"
    cookie = next(iter(office.http.cookies.jar)).value or ""
    office.send(office.open("/admin/accounts"), login="zacharias.new", role="operator", password=PASSWORD)
    office.open("/admin/file/export")
    office.close()
    written = os.pread(log.fileno(), 50_000_000, 0).decode()
    assert '"admin.signed_in"' in written
    assert '"admin.not_let_in"' in written
    told = {LOGIN, "nobody.of-this-name", "zacharias.new", PASSWORD, RECOVERY, secret, cookie}
    assert {one for one in told if one in written} == set()
