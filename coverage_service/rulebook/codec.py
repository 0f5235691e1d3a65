"""Facts as plain lists and back: data only, so that a cache can never run anything.

A list begins with what it holds: a class of ``CLASSES`` (then its fields in order), or one
of the four marks below.  A float is a place in the pool; everything else is a JSON scalar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any, Final

import orjson

from coverage_service.core import cost_sharing, facts, plan, request, therapist
from coverage_service.rulebook import cases, files, problems

TUPLE, MAPPING, DATE, ENUM = 0, 1, 2, 3
FIRST_CLASS: Final = 4
CLASSES: Final[tuple[type[Any], ...]] = (
    *(facts.Between, facts.OneOf, facts.Source, facts.Origin),
    *(
        cost_sharing.Phrase,
        cost_sharing.Either,
        cost_sharing.FirstVisits,
        cost_sharing.Benefit,
        plan.Members,
        plan.ShareOfIncome,
        plan.Limit,
    ),
    *(plan.AllowedAmount, plan.UpTo, plan.DiagnosisRule, plan.Exclusion, plan.Coverage, plan.VisitLimit),
    *(plan.Claims, plan.Market, plan.Supplement, plan.Plan),
    *(therapist.Clinician, therapist.NetworkEntry, therapist.Fee, therapist.Band, therapist.Sliding),
    *(therapist.Therapist, request.LimitUsed, request.Used, request.Household, request.OtherCare),
    *(cases.Session, cases.Course, cases.Expect, cases.Case, problems.Problem, files.FileFacts),
)
ENUMS: Final[tuple[type[Enum], ...]] = (
    *(
        facts.Unknown,
        facts.NoLimit,
        facts.Confidence,
        cost_sharing.Kind,
        cost_sharing.When,
        cost_sharing.NotCovered,
        plan.Method,
    ),
)
_MEMBERS: Final = tuple(tuple(kind) for kind in ENUMS)
_CLASS_NUMBER: Final = {kind: number for number, kind in enumerate(CLASSES, FIRST_CLASS)}
_ENUM_NUMBER: Final = {
    member: (ENUMS.index(kind), tuple(kind).index(member)) for kind in ENUMS for member in kind
}


def _getter(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = [field.name for field in fields(kind)]
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names)


_GETTERS: Final = {kind: _getter(kind) for kind in CLASSES}


UNIQUE: Final = (facts.Origin, plan.Plan, therapist.Therapist, cases.Case, files.FileFacts)
"""What stands at a place of its own, and so never occurs twice."""


class Encoder:
    """Turns facts into lists; what occurs again is kept once, in ``pool``.

    A float stands for a place in the pool: facts have no floats of their own.
    """

    def __init__(self) -> None:
        self.pool: list[Any] = []
        self._places: dict[bytes, float] = {}

    def encode(self, value: Any) -> Any:
        """Lists and JSON scalars; raises TypeError for what is no fact."""
        kind = type(value)
        if value is None or kind in (str, int, bool):
            return value
        return self._pooled(self._list(value, kind), kind)

    def _list(self, value: Any, kind: type[Any]) -> list[Any]:
        encode = self.encode
        number = _CLASS_NUMBER.get(kind)
        if number is not None:
            return [number, *map(encode, _GETTERS[kind](value))]
        if kind is tuple:
            return [TUPLE, *map(encode, value)]
        if isinstance(value, Enum):
            return [ENUM, *_ENUM_NUMBER[value]]
        if kind is date:
            return [DATE, value.toordinal()]
        if isinstance(value, Mapping):
            return [MAPPING, *(encode(x) for pair in value.items() for x in pair)]
        raise TypeError(f"{kind.__name__} is not kept in the cache")

    def _pooled(self, listed: list[Any], kind: type[Any]) -> Any:
        """The place of an equal value, when one may occur in several files."""
        if kind in UNIQUE or kind is dict:
            return listed
        key = orjson.dumps(listed)
        place = self._places.get(key)
        if place is None:
            if any(type(x) is list for x in listed):
                return listed
            place = self._places[key] = float(len(self.pool))
            self.pool.append(listed)
        return place


def _maker(kind: type[Any]) -> Callable[[list[Any]], Any]:
    """Builds a value of a class from its fields in order, keyword-only ones too."""
    puts = [getattr(kind, field.name).__set__ for field in fields(kind)]
    new = object.__new__

    def make(values: list[Any]) -> Any:
        fact = new(kind)
        for put, value in zip(puts, values, strict=True):
            put(fact, value)
        return fact

    return make


def _no_class(values: list[Any]) -> Any:
    raise TypeError("not a class")


_MAKERS: Final = (_no_class,) * FIRST_CLASS + tuple(_maker(kind) for kind in CLASSES)


class Decoder:
    """Facts of lists.  Values of the pool are made once and shared, as they never change."""

    def __init__(self, pool: list[Any]) -> None:
        self._pool: list[Any] = []
        for listed in pool:
            self._pool.append(self.decode(listed))

    def decode(self, value: Any) -> Any:
        """The fact; raises some exception for what no encoder wrote."""
        if type(value) is float:
            return self._pool[int(value)]
        if type(value) is not list:
            return value
        kind = value[0]
        decode, pool = self.decode, self._pool
        items: list[Any] = [
            x if type(x) is str or x is None else pool[int(x)] if type(x) is float else decode(x)
            for x in value[1:]
        ]
        if kind >= FIRST_CLASS:
            return _MAKERS[kind](items)
        if kind == TUPLE:
            return tuple(items)
        if kind == ENUM:
            return _MEMBERS[items[0]][items[1]]
        if kind == DATE:
            return date.fromordinal(items[0])
        return dict(zip(items[::2], items[1::2], strict=True))
