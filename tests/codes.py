"""Act as an authenticator app: take a secret and show codes."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30


def code_of(secret, ahead=0):
    """The six digits that an app shows now, or some periods ahead."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + ahead))


def set_up_app(client):
    """Scan the picture and enter the first code, as a person does; the secret, for later codes."""
    page = client.get("/your-sign-in/app/").content.decode()
    secret = re.search(r'portal-secret">([A-Z2-7]+)<', page)[1]
    answer = client.post("/your-sign-in/app/", {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/your-sign-in/recovery-codes/")
    return secret
