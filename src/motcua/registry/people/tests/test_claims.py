import pytest

from motcua.registry.people.adapters.claims import BadClaims, parse_claims

CLAIMS = {
    "SoDinhDanh": "025195000001",
    "HoVaTen": "Nguyễn Thị  Mẫu",
    "NgayThangNamSinh": "14/08/1995",
    "GioiTinh": "Nữ",
    "loAs": "2",
    "ThuongTruXa": "04894",
}


def test_a_complete_answer_becomes_a_person():
    claims = parse_claims(CLAIMS)
    assert (claims.full_name, claims.sex, claims.birth_date.isoformat()) == (
        "Nguyễn Thị Mẫu",
        "female",
        "1995-08-14",
    )
    assert claims.assurance_level == 2


@pytest.mark.parametrize("claim", ["SoDinhDanh", "HoVaTen", "NgayThangNamSinh", "GioiTinh", "loAs"])
def test_a_missing_claim_is_named(claim):
    with pytest.raises(BadClaims, match=claim):
        parse_claims({**CLAIMS, claim: ""})


def test_a_number_of_eleven_digits_is_refused():
    with pytest.raises(BadClaims, match="SoDinhDanh"):
        parse_claims({**CLAIMS, "SoDinhDanh": "02519500000"})


@pytest.mark.parametrize("number", ["0251950000019999", "０２５１９５０００００１", "02519500000²"])
def test_a_number_that_only_begins_right_or_looks_right_is_refused(number):
    with pytest.raises(BadClaims, match="SoDinhDanh"):
        parse_claims({**CLAIMS, "SoDinhDanh": number})


def test_a_level_that_is_no_figure_is_refused():
    with pytest.raises(BadClaims, match="loAs"):
        parse_claims({**CLAIMS, "loAs": "²"})
