"""Which source a URL stands for."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from alprviewer.core.errors import UsageError
from alprviewer.language import tr
from alprviewer.sources.live.beanstalk import Consumer
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.observe import Observer
from alprviewer.sources.live.protocol import Source
from alprviewer.sources.live.streams import StandardInput, StreamClient, StreamListener
from alprviewer.sources.live.webhook import Webhook
from alprviewer.sources.live.websocket import WebSocketClient


@dataclass(frozen=True)
class Tls:
    """Files for encrypted connections, in PEM.

    Attributes:
        certificate, key: shown to those who connect to us; the key may stand in the certificate's file.
        authority: certificates that a server is trusted for, besides those of the system.
    """

    certificate: str = ""
    key: str = ""
    authority: str = ""

    def server(self) -> ssl.SSLContext:
        """For a listener.

        Raises:
            UsageError: there is no certificate, or it cannot be used.
        """
        if not self.certificate:
            raise UsageError(tr("https-listen:// needs a certificate; name its file with --tls-cert."))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key or None)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(_unusable(self.certificate, error)) from error
        return context

    def client(self) -> ssl.SSLContext:
        """For a connection to a server.

        Raises:
            UsageError: the authority's file cannot be used.
        """
        context = ssl.create_default_context()
        if self.authority:
            try:
                context.load_verify_locations(self.authority)
            except (OSError, ssl.SSLError) as error:
                raise UsageError(_unusable(self.authority, error)) from error
        return context


def _unusable(certificate: str, error: Exception) -> str:
    return tr("The certificate {file} cannot be used: {reason}.", file=certificate, reason=error)


def make_source(endpoint: Endpoint, tls: Tls) -> Source:
    """The source of a URL."""
    match endpoint.scheme:
        case "-":
            return StandardInput()
        case "tcp" | "unix":
            return StreamClient(endpoint)
        case "tcp-listen" | "unix-listen":
            return StreamListener(endpoint)
        case "ws":
            return WebSocketClient(endpoint)
        case "wss":
            return WebSocketClient(endpoint, tls.client())
        case "http-listen":
            return Webhook(endpoint)
        case "https-listen":
            return Webhook(endpoint, tls.server())
        case "beanstalkd":
            return Consumer(endpoint) if endpoint.mode == "consume" else Observer(endpoint)
    raise UsageError(tr("{address} is nothing to receive from.", address=endpoint))
