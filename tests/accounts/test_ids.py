import pytest

from accounts.ids import LARGEST_ID, read_id


@pytest.mark.parametrize("number", [0, 7, LARGEST_ID])
def test_an_id_is_read(number):
    assert read_id(str(number)) == number


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "1" * 20, str(LARGEST_ID + 1), "١", "9" * 5000])
def test_what_cannot_be_an_id_is_none(text):
    assert read_id(text) is None
