import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def vietnamese(client):
    client.cookies["motcua_language"] = "vi"


@pytest.mark.django_db
def test_asks_for_name_and_password_in_the_language_of_the_page(client):
    page = client.get("/desk/sign-in/").content.decode()
    with translation.override("vi"):
        assert translation.gettext("User name") in page
    assert "Username" not in page


@pytest.mark.django_db
def test_says_in_the_language_of_the_page_that_the_password_is_wrong(client):
    page = client.post("/desk/sign-in/", {"login": "nobody", "password": "wrong"}).content.decode()
    with translation.override("vi"):
        assert translation.gettext("User name and password do not belong together.") in page
