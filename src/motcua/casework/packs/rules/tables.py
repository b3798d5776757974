"""Checks of a procedure's decision tables against its form: fields, gaps, overlaps, rows never reached. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motcua.casework.dossiers.rules.cases import BadCase, case_table
from motcua.casework.forms.rules.definition import CHOICES, Computed, Field, FormDefinition
from motcua.foundation.kernel.table_checks import Choices, Domain, Fault, Numbers, check_table
from motcua.foundation.kernel.tables import DAYS_SINCE, FIELD, BadTable, Input, Row, Table, parse_table

from .texts import missing_languages

# (path into the file, one sentence), as `rules.linked` has them.
Finding = tuple[tuple[str | int, ...], str]
CHANNELS = ("online", "counter", "post")
_FEE_KEYS = {"amount_vnd", "set_by", "text", "source", "exempt", "applies"}
_NUMERIC = {"sum", "difference", "product", "count", "age_on"}


def lint_fee_tables(procedure: Mapping[str, Any], form: FormDefinition | None) -> Iterator[Finding]:
    """What is wrong with the tables of a procedure's fees, those of its cases too."""
    places: list[tuple[tuple[str | int, ...], Any]] = [(("fees",), procedure.get("fees", ()))]
    places += [
        (("cases", at, "fees"), case["fees"])
        for at, case in enumerate(procedure.get("cases", ()))
        if isinstance(case, Mapping) and "fees" in case
    ]
    for place, fees in places:
        for at, fee in enumerate(fees):
            if isinstance(fee, Mapping) and "table" in fee:
                yield from _fee_table((*place, at, "table"), fee["table"], procedure, form)


def _fee_table(
    place: tuple[str | int, ...], data: Any, procedure: Mapping[str, Any], form: FormDefinition | None
) -> Iterator[Finding]:
    try:
        table = parse_table(data)
    except BadTable as error:
        yield place, str(error)
        return
    for at, row in enumerate(table.rows):
        yield from (((*place, "rows", at), it) for it in _fee_row(row))
    if form:
        channels = tuple(procedure.get("channels", CHANNELS))
        yield from _against(place, table, form, {"channel": Choices(channels)})


def _fee_row(row: Row) -> Iterator[str]:
    if unknown := sorted(set(row.then) - _FEE_KEYS):
        yield f"then: nobody reads {', '.join(unknown)} here"
    amount, free = row.then.get("amount_vnd"), row.then.get("applies") is False or "exempt" in row.then
    if "amount_vnd" in row.then and (not isinstance(amount, int) or isinstance(amount, bool) or amount < 0):
        yield "then.amount_vnd must be whole đồng, 0 or more"
    if not free and amount is None and "text" not in row.then:
        yield "then needs amount_vnd, text, exempt or applies: false"
    texts = {"because": row.because} | {
        f"then.{key}": row.then[key] for key in ("text", "exempt") if key in row.then
    }
    for name, text in texts.items():
        if missing := missing_languages(text):
            yield f"{name} has no {', '.join(missing)}"


def lint_case_table(procedure: Mapping[str, Any], form: FormDefinition | None) -> Iterator[Finding]:
    """What is wrong with the table that decides the case; one that cannot be read `lint_cases` tells."""
    try:
        table = case_table(procedure)
    except BadCase:
        return
    if table and form:
        yield from _against(("case_table",), table, form, {})


def lint_gateway_tables(
    process: Any, procedure: Mapping[str, Any], form: FormDefinition | None
) -> Iterator[Finding]:
    """Overlaps and rows never reached in a process's gateways; gaps go `otherwise`."""
    steps = process.get("steps") if isinstance(process, Mapping) else None
    codes = (
        "",
        *(it["code"] for it in procedure.get("cases", ()) if isinstance(it, Mapping) and "code" in it),
    )
    for at, step in enumerate(steps if isinstance(steps, list) else ()):
        if not (form and isinstance(step, Mapping) and "table" in step):
            continue
        try:
            table = parse_table(step["table"])
        except BadTable:
            continue  # `parse_process` tells
        found = _against(("steps", at, "table"), table, form, {"case": Choices(codes)})
        yield from (it for it in found if "no row decides" not in it[1])


def _against(
    place: tuple[str | int, ...], table: Table, form: FormDefinition, given: Mapping[str, Domain]
) -> Iterator[Finding]:
    domains: dict[str, Domain] = {}
    for source in table.inputs:
        domain = given.get(source.of) if source.kind != DAYS_SINCE else None
        domain = domain or _domain(source, form)
        if isinstance(domain, str):
            yield (*place, "inputs", source.name), domain
        else:
            domains[source.name] = domain
    if len(domains) == len(table.inputs):
        for fault in check_table(table, domains):
            yield (*place, *(("rows", fault.rows[-1]) if fault.rows else ())), _words(fault)


def _domain(source: Input, form: FormDefinition) -> Domain | str:
    """What an input may be, or what is wrong with it."""
    field = form.fields.get(source.of)
    if source.kind == DAYS_SINCE:
        if field is None or field.kind not in {"date", "birth_date"}:
            return f"{source.of} is no date that the form asks for"
        return Numbers(0 if field.kind == "birth_date" else None, may_lack=_may_lack(field))
    if source.kind != FIELD:
        return f"{source.of} is not given here"
    if field is not None:
        return _of_field(field)
    computed = next((it for it in form.computed if it.name == source.of), None)
    return _of_computed(computed) if computed else f"the form does not have {source.of}"


def _of_field(field: Field) -> Domain:
    if field.kind in CHOICES:
        return Choices(tuple(it.value for it in field.options), may_lack=_may_lack(field))
    if field.kind == "checkbox":
        return Choices((True,), may_lack=True)
    if field.kind in {"number", "money"}:
        return Numbers(field.minimum, field.maximum, whole=not field.fractions, may_lack=_may_lack(field))
    return Choices((), is_open=True, may_lack=_may_lack(field))


def _of_computed(computed: Computed) -> Domain:
    if computed.rule in _NUMERIC:
        low = 0 if computed.rule in {"count", "age_on"} else None
        return Numbers(low, whole=computed.rule in {"count", "age_on"}, may_lack=computed.rule != "count")
    if computed.rule == "lookup" and computed.table:
        rows = computed.table
        values: Sequence[Any] = list(rows.values()) if isinstance(rows, Mapping) else [it[1] for it in rows]
        return Choices(tuple(dict.fromkeys(values)), may_lack=True)
    return Choices((), is_open=True, may_lack=True)


def _may_lack(field: Field) -> bool:
    """Whether it may be unanswered: optional, or asked only sometimes."""
    return field.required is None or bool(field.show_if)


def _words(fault: Fault) -> str:
    example = ", ".join(
        f"{name} {'not answered' if value is None else value}" for name, value in fault.example.items()
    )
    rows = [str(at + 1) for at in fault.rows]
    return {
        "gap": f"no row decides {example}",
        "overlap": f"rows {' and '.join(rows)} both decide {example}",
        "unreachable": f"row {''.join(rows)} never counts: the rows before it decide everything, or it cannot hold",
        "too_large": "has too many combinations to be checked; take it apart",
    }[fault.kind]
