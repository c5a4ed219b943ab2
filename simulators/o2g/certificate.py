"""The simulator's own certificate, signed by itself as the one that an O2G ships with."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: the server's chain, its key, and what a client trusts."""

    cert: Path
    key: Path
    trust: Path


def make_certificate(host: str) -> Certificate:
    """Make a certificate for this machine and `host`, in a folder of its owner that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="o2g-simulator-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    authority = trustme.CA(organization_name="O2G simulator")
    names = dict.fromkeys((host, "localhost", "127.0.0.1", "::1"))
    leaf = authority.issue_cert(*names, key_type=trustme.KeyType.ECDSA)
    made = Certificate(folder / "o2g.pem", folder / "o2g.key", folder / "ca.pem")
    made.cert.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    made.key.touch(mode=0o600)
    leaf.private_key_pem.write_to_path(made.key)
    authority.cert_pem.write_to_path(made.trust)
    return made
