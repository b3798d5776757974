"""Checks of a procedure's decision tables against its form: fields, gaps, overlaps, rows never reached. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from motcua.casework.dossiers.rules.cases import BadCase, case_table
from motcua.casework.forms.rules.definition import CHOICES, Computed, Field, FormDefinition
from motcua.foundation.kernel.table_checks import Choices, Domain, Fault, Numbers, check_table
from motcua.foundation.kernel.tables import DAYS_SINCE, FIELD, BadTable, Input, Row, Table, parse_table

from . import findings
from .findings import At, did_you_mean, fault
from .texts import missing_languages

PROCEDURE, PROCESS = "procedure.yaml", "process.yaml"
Found = Iterator[findings.Fault]
CHANNELS = ("online", "counter", "post")
_FEE_KEYS = {"name", "amount_vnd", "set_by", "text", "source", "exempt", "applies"}
_NUMERIC = {"sum", "difference", "product", "count", "age_on"}


def lint_tables(procedure: Mapping[str, Any], process: Any, form: FormDefinition) -> Found:
    """Everything that is wrong with the tables of a procedure: fees, those of its cases, the case, gateways."""
    yield from lint_fee_tables(procedure, form)
    yield from lint_case_table(procedure, form)
    yield from lint_gateway_tables(process, procedure, form)


def lint_fee_tables(procedure: Mapping[str, Any], form: FormDefinition) -> Found:
    places: list[tuple[At, Any]] = [(("fees",), procedure.get("fees", ()))]
    places += [
        (("cases", at, "fees"), case["fees"])
        for at, case in enumerate(procedure.get("cases", ()))
        if "fees" in case
    ]
    for place, fees in places:
        for at, fee in enumerate(fees):
            if "table" in fee:
                yield from _fee_table((*place, at, "table"), fee["table"], procedure, form)


def _fee_table(place: At, data: Any, procedure: Mapping[str, Any], form: FormDefinition) -> Found:
    try:
        table = parse_table(data)
    except BadTable as error:
        yield fault(PROCEDURE, place, "table", why=str(error))
        return
    for at, row in enumerate(table.rows):
        for why in _fee_row(row):
            yield fault(PROCEDURE, (*place, "rows", at), "table", why=why)
    channels = tuple(procedure.get("channels", CHANNELS))
    yield from _against(PROCEDURE, place, table, form, {"channel": Choices(channels)})


def _fee_row(row: Row) -> Iterator[str]:
    if unknown := sorted(set(row.then) - _FEE_KEYS):
        yield f"then: nobody reads {', '.join(unknown)} here"
    amount, free = row.then.get("amount_vnd"), row.then.get("applies") is False or "exempt" in row.then
    if "amount_vnd" in row.then and (not isinstance(amount, int) or isinstance(amount, bool) or amount < 0):
        yield "then.amount_vnd must be whole đồng, 0 or more"
    if not free and amount is None and "text" not in row.then:
        yield "then needs amount_vnd, text, exempt or applies: false"
    texts = {"because": row.because} | {
        f"then.{key}": row.then[key] for key in ("name", "text", "exempt") if key in row.then
    }
    for name, text in texts.items():
        if missing := missing_languages(text):
            yield f"{name} has no {', '.join(missing)}"


def lint_case_table(procedure: Mapping[str, Any], form: FormDefinition) -> Found:
    """One that cannot be read `lint_cases` tells."""
    try:
        table = case_table(procedure)
    except BadCase:
        return
    if table:
        yield from _against(PROCEDURE, ("case_table",), table, form, {})


def lint_gateway_tables(process: Any, procedure: Mapping[str, Any], form: FormDefinition) -> Found:
    """Overlaps and rows never reached; what no row decides goes `otherwise`. Unreadable ones `parse_process` tells."""
    codes = ("", *(case["code"] for case in procedure.get("cases", ())))
    for at, step in enumerate(process.get("steps", ()) if isinstance(process, Mapping) else ()):
        if "table" not in step:
            continue
        with suppress(BadTable):
            table = parse_table(step["table"])
            found = _against(PROCESS, ("steps", at, "table"), table, form, {"case": Choices(codes)})
            yield from (it for it in found if it.rule != "table-gap")


def _against(file: str, place: At, table: Table, form: FormDefinition, given: Mapping[str, Domain]) -> Found:
    domains: dict[str, Domain] = {}
    for source in table.inputs:
        known = given.get(source.of) if source.kind != DAYS_SINCE else None
        domain = known or _domain(source, form)
        if isinstance(domain, str):
            yield fault(file, (*place, "inputs", source.name), "table", why=domain)
        else:
            domains[source.name] = domain
    if len(domains) == len(table.inputs):
        for found in check_table(table, domains):
            yield _fault(file, place, found)


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
    if computed:
        return _of_computed(computed)
    names = sorted({*form.fields, *form.computed_names})
    return f"the form does not have {source.of}; {did_you_mean(source.of, names)}"


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


def _fault(file: str, place: At, found: Fault) -> findings.Fault:
    example = ", ".join(
        f"{name} {'not answered' if value is None else value}" for name, value in found.example.items()
    )
    at: At = (*place, "rows", found.rows[-1]) if found.rows else place
    rows = [str(row + 1) for row in found.rows]
    match found.kind:
        case "gap":
            return fault(file, at, "table-gap", example=example)
        case "overlap":
            return fault(file, at, "table-overlap", rows=" and ".join(rows), example=example)
        case "unreachable":
            return fault(file, at, "table-idle-row", row=rows[0])
    return fault(file, at, "table", why="has too many combinations to be checked; take it apart")
