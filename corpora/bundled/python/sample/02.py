"""Calendar helpers: business days, public holidays, recurring dates, and
parsing of the loose date phrases that people type into search boxes.
"""

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
WEEKDAYS.update({name.lower(): i for i, name in enumerate(calendar.day_abbr)})
MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS.update({name.lower(): i for i, name in enumerate(calendar.month_abbr) if name})


def easter(year):
    """Western Easter Sunday, by the anonymous Gregorian computus."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year, month, weekday, n):
    """The n-th given weekday of a month; n = -1 counts from the end.

    >>> nth_weekday(2023, 11, THU, 4)
    datetime.date(2023, 11, 23)
    """
    if n == 0:
        raise ValueError("n must not be zero")
    if n > 0:
        first = date(year, month, 1)
        offset = (weekday - first.weekday()) % 7 + 7 * (n - 1)
        result = first + timedelta(days=offset)
    else:
        last = date(year, month, calendar.monthrange(year, month)[1])
        offset = (last.weekday() - weekday) % 7 + 7 * (-n - 1)
        result = last - timedelta(days=offset)
    if result.month != month:
        raise ValueError(f"{year}-{month:02} has no such day")
    return result


def add_months(day, months):
    """Same day of another month, clipped to that month's length.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=64)
def holidays(year):
    """Holidays of the fictional office: a mapping from date to name."""
    sunday = easter(year)
    days = {
        date(year, 1, 1): "New Year's Day",
        sunday - 2 * ONE_DAY: "Good Friday",
        sunday + ONE_DAY: "Easter Monday",
        nth_weekday(year, 5, MON, 1): "May holiday",
        nth_weekday(year, 8, MON, -1): "Summer holiday",
        date(year, 12, 25): "Christmas Day",
        date(year, 12, 26): "Second day of Christmas",
    }
    # A fixed holiday at the weekend moves to the next free weekday.
    for day in sorted(days):
        if day.weekday() in (SAT, SUN):
            substitute = day
            while substitute.weekday() in (SAT, SUN) or substitute in days:
                substitute += ONE_DAY
            days[substitute] = days[day] + " (observed)"
    return days


def is_business_day(day):
    return day.weekday() < SAT and day not in holidays(day.year)


def add_business_days(day, n):
    step = ONE_DAY if n >= 0 else -ONE_DAY
    remaining = abs(n)
    while remaining:
        day += step
        if is_business_day(day):
            remaining -= 1
    return day


def business_days_between(start, end):
    """Number of business days in the half-open range [start, end)."""
    if end < start:
        return -business_days_between(end, start)
    return sum(is_business_day(start + timedelta(days=i)) for i in range((end - start).days))


class DateParseError(ValueError):
    pass


_RULES = []


def rule(pattern):
    compiled = re.compile(pattern + r"$")

    def register(func):
        _RULES.append((compiled, func))
        return func

    return register


@rule(r"(\d{4})-(\d{1,2})-(\d{1,2})")
def _iso(today, year, month, day):
    return date(int(year), int(month), int(day))


@rule(r"today|now")
def _today(today):
    return today


@rule(r"(tomorrow|yesterday)")
def _neighbour(today, word):
    return today + (ONE_DAY if word == "tomorrow" else -ONE_DAY)


@rule(r"(next|last|this)? ?([a-z]+day|mon|tue|wed|thu|fri|sat|sun)")
def _weekday(today, which, name):
    if name not in WEEKDAYS:
        raise DateParseError(f"unknown weekday {name!r}")
    ahead = (WEEKDAYS[name] - today.weekday()) % 7
    if which == "last":
        return today - timedelta(days=7 - ahead if ahead else 7)
    if which == "next" and ahead == 0:
        ahead = 7
    return today + timedelta(days=ahead)


@rule(r"in (\d+|an?) (day|week|month|year)s?")
def _future(today, count, unit):
    n = 1 if count in ("a", "an") else int(count)
    if unit == "day":
        return today + timedelta(days=n)
    if unit == "week":
        return today + timedelta(weeks=n)
    return add_months(today, n if unit == "month" else 12 * n)


@rule(r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]+),? ?(\d{4})?")
def _day_month(today, day, name, year):
    if name not in MONTHS:
        raise DateParseError(f"unknown month {name!r}")
    result = date(int(year or today.year), MONTHS[name], int(day))
    if year is None and result < today:
        result = result.replace(year=result.year + 1)
    return result


def parse_date(text, today=None):
    """Parse a phrase such as 'next friday', 'in 3 weeks' or '4th of july'."""
    today = today or date.today()
    phrase = " ".join(text.lower().split())
    for pattern, func in _RULES:
        match = pattern.match(phrase)
        if match:
            try:
                return func(today, *match.groups())
            except DateParseError:
                raise
            except ValueError as exc:
                raise DateParseError(f"{text!r}: {exc}") from exc
    raise DateParseError(f"cannot understand {text!r}")
