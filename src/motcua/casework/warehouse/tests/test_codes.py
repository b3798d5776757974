from motcua.casework.warehouse.codes import new_code, read_code


def test_a_code_survives_being_read_aloud():
    code = new_code()
    assert read_code(code.lower().replace("-", " ")) == code


def test_look_alikes_are_forgiven():
    assert read_code("ol4m 2qxd 9r") == "014M-2QXD-9R"


def test_something_else_is_no_code():
    assert read_code("hello") == ""
