"""The demo's own certificate authority: certificates for the servers, and one for the presentation server."""

from dataclasses import dataclass
from pathlib import Path

import trustme

PRS_NAME = "prs.demo"


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files. `ca` is the authority of all of them; a `cert` file holds the whole chain."""

    ca: Path
    server_cert: Path
    server_key: Path
    prs_cert: Path
    prs_key: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority and its certificates for this machine; their keys are readable for their owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = trustme.CA(organization_name="Touchline demo")
    server = authority.issue_cert("localhost", "127.0.0.1", "::1", key_type=trustme.KeyType.ECDSA)
    prs = authority.issue_cert(PRS_NAME, common_name=PRS_NAME, key_type=trustme.KeyType.ECDSA)
    made = Certificates(
        ca=folder / "ca.pem",
        server_cert=folder / "server.pem",
        server_key=folder / "server.key",
        prs_cert=folder / "prs.pem",
        prs_key=folder / "prs.key",
    )
    authority.cert_pem.write_to_path(made.ca)
    for leaf, cert, key in ((server, made.server_cert, made.server_key), (prs, made.prs_cert, made.prs_key)):
        cert.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        key.touch(mode=0o600)
        leaf.private_key_pem.write_to_path(key)
    return made
