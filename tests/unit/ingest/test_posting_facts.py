"""Employers, places, pay and contacts as ads write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.employers import employer_id
from pipelines.ingest.geography import parse_place
from pipelines.ingest.pay import parse_pay
from pipelines.ingest.personal_data import mask_personal_data


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ferrous & Son, Inc.", "ferrous and son"),
        ("FERROUS AND SON", "ferrous and son"),
        ("The Alder Works Company", "alder works"),
        ("Acme Holdings LLC dba Bright Cafe", "bright cafe"),
        ("Foo D/B/A Bar Co.", "bar"),
        ("Company", "company"),
        ("  ", None),
        (None, None),
    ],
)
def test_one_form_of_an_employer(name: str | None, expected: str | None) -> None:
    assert employer_id(name) == expected


@given(st.text())
def test_the_form_of_an_employer_is_its_own_form(name: str) -> None:
    once = employer_id(name)
    assert once is None or once == once.strip()


@pytest.mark.parametrize(
    ("location", "country", "expected"),
    [
        ("Los Angeles, CA", None, ("US", "CA")),
        ("Austin, Texas", None, ("US", "TX")),
        ("Springfield IL 62701", None, ("US", "IL")),
        ("Atlanta, Georgia", None, ("US", "GA")),
        ("Tbilisi", "Georgia", ("GE", None)),
        ("Berlin", "DE", ("DE", None)),
        ("Toronto, Canada", None, ("CA", None)),
        ("Leeds, England", None, ("GB", None)),
        ("London", None, (None, None)),
        (None, None, (None, None)),
    ],
)
def test_country_and_state(location, country, expected) -> None:
    assert parse_place(location, country) == expected


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("$18.50 - 22/hr", None, (38_480, 45_760)),
        ("USD 90k", None, (90_000, 90_000)),
        ("120000 - 150000", "US", (120_000, 150_000)),
        ("£30,000 per annum", None, (38_314.18, 38_314.18)),
        ("€3.500 per month", None, (45_454.55, 45_454.55)),
        ("$45", "CA", (68_321.17, 68_321.17)),
        ("1,500", "US", None),
        ("competitive", "US", None),
        ("30,000 a year", None, None),
        (None, None, None),
    ],
)
def test_pay_in_dollars_a_year(written, country, expected) -> None:
    assert parse_pay(written, country) == expected


@given(st.text(), st.sampled_from([None, "US", "GB"]))
def test_any_pay_is_nothing_or_a_plausible_range(written: str, country: str | None) -> None:
    pay = parse_pay(written, country)
    assert pay is None or 5_000 <= pay.low_usd_year <= pay.high_usd_year <= 2_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail j.smith@example.org today", "mail [e-mail] today"),
        ("call (213) 555-0160 or +44 20 7946 0958.", "call [phone] or [phone]."),
        ("Please contact Jane Smith, Ward Manager", "Please contact [name], Ward Manager"),
        ("Contact: Dr Anne O'Neil\n", "Contact: [name]\n"),
        ("Name: Bob Stone Job title: Nurse", "Name: [name] Job title: Nurse"),
        ("2019-2020, ISO 9001:2015, 120,000 units", "2019-2020, ISO 9001:2015, 120,000 units"),
        ("Contact Centre experience is needed", "Contact Centre experience is needed"),
        ("Registered Nurse in Mental Health", "Registered Nurse in Mental Health"),
    ],
)
def test_contacts_are_masked(text: str, expected: str) -> None:
    assert mask_personal_data(text) == expected
