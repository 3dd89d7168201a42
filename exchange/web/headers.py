"""What every answer carries: what a browser may do with it, and who may keep it.

After OWASP ASVS 5.0, chapters 3.3 to 3.5 and 14.3; docs/security.md says which item is where.
"""

from flask import Flask, Response, g, request

from exchange import edge

POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
    "frame-src 'self'; "
    "script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Pages ask a device for nothing at all; copying an address is the one thing they do.
FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # Never "no-referrer": the check of forms reads where a request over https comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in FEATURES),
    "X-Permitted-Cross-Domain-Policies": "none",
}
# A year, as browsers ask before they take it for granted.
HTTPS_ALONE = "max-age=31536000; includeSubDomains"


def register(app: Flask) -> None:
    """Put them on every answer, of pages, files and the API, of errors too."""
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.update(ALWAYS)
    if edge.settings().production:
        response.headers["Strict-Transport-Security"] = HTTPS_ALONE
    response.headers.setdefault("Cache-Control", _who_may_keep())
    response.vary.add("Accept-Language")
    response.headers.setdefault("Content-Language", edge.current_language())
    return response


def _who_may_keep() -> str:
    """Nobody keeps what one person sees, nor what a secret in the address opens; what everybody
    sees is kept by the reader's own browser, which asks each time whether it still holds."""
    one_reader = g.get("actor") is not None or "secret" in (request.view_args or {})
    return "no-store" if one_reader or request.method != "GET" else "private, no-cache"
