import pytest

from motcua.config.mail import mail_settings


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example.vn", 25, False, False),
        ("smtp://me:p%40ss@mail.example.vn", 587, False, True),
        ("smtp://me:p%40ss@mail.example.vn:2525?starttls=0", 2525, False, False),
        ("smtps://me:p%40ss@mail.example.vn", 465, True, False),
    ],
)
def test_the_relays_address_says_how_to_speak_to_it(url, port, tls, starttls):
    mail = mail_settings(url, "https://motcua.example.vn")
    assert (mail.host, mail.port, mail.tls, mail.starttls) == ("mail.example.vn", port, tls, starttls)
    assert mail.sender == "no-reply@motcua.example.vn"
    if mail.user:
        assert (mail.user, mail.password) == ("me", "p@ss")


def test_the_relays_address_may_name_the_sender():
    url = "smtp://mail.example.vn?from=M%E1%BB%99t%20c%E1%BB%ADa%20%3Cmot@example.vn%3E"
    assert mail_settings(url, "https://x.vn").sender == "Một cửa <mot@example.vn>"


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.vn",
        "mail.example.vn:25",
        "smtp://",
        "smtp://m.vn?from=nobody",
        "smtp://m.vn?from=a@b.vn%0aBcc:c@d.vn",
    ],
)
def test_another_address_stops_the_start(url):
    with pytest.raises(ValueError, match="MOTCUA_SMTP_URL"):
        mail_settings(url, "https://x.vn")
