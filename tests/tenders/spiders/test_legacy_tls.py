"""Portals with an old TLS stack get the legacy handshake, and their certificates are still checked."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from scrapy.utils.test import get_crawler

from tenders.crawling.request import CrawlRequest
from tenders.handlers import LegacyTlsContextFactory
from tenders.jobs import crawl_runner

pytestmark = pytest.mark.slow

LEGACY_SERVER_CONNECT = 0x4
DAY = date(2025, 7, 1)


@contextmanager
def _secure_server(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Start a server with a self-signed certificate; yields its origin and the requested paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(pem))
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        def log_message(self, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"https://localhost:{httpd.server_port}", asked
    finally:
        httpd.shutdown()
        httpd.server_close()


def test_the_legacy_handshake_is_allowed_and_certificates_are_still_checked() -> None:
    factory = LegacyTlsContextFactory.from_crawler(get_crawler(settings_dict={"DOWNLOAD_VERIFY_CERTIFICATES": True}))
    context = factory.creatorForNetloc(b"b2b.10086.cn", 443)._createConnection.__self__.getContext()
    assert context.set_options(0) & LEGACY_SERVER_CONNECT
    assert context.get_verify_mode() & SSL.VERIFY_PEER


def test_no_request_is_sent_to_a_server_with_a_self_signed_certificate(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"LOG_LEVEL": "WARNING", "RETRY_BACKOFF_SECONDS": 0.0}
    with _secure_server(tmp_path) as (origin, asked), caplog.at_level(logging.WARNING):
        request = CrawlRequest(portal="cmcc", since=DAY, until=DAY, origin=origin)
        [outcome] = crawl_runner.run([request], tmp_path / "data", settings=settings)
    assert (outcome.state, asked) == ("failed", [])
    assert "certificate verify failed" in str(outcome.reason)
    assert [record.getMessage() for record in caplog.records if "deprecated" in record.getMessage()] == []
