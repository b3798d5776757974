"""Processes made up by hypothesis: blocks in blocks, and some ways out of blocks that are still sound."""

from __future__ import annotations

from hypothesis import strategies as st

from motcua.casework.process.tests.processes import node, process, task, timer

FIELDS = {"work": ["new", "repair", "other"], "area": [10, 100, 1000], "paid": [True, False]}
FACTS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELDS.items()})
CONDITIONS = st.one_of(
    st.builds(lambda value: {"field": "work", "equals": value}, st.sampled_from(FIELDS["work"])),
    st.builds(lambda value: {"field": "work", "not": value}, st.sampled_from(FIELDS["work"])),
    st.builds(lambda values: {"field": "work", "in": values}, st.lists(st.sampled_from(FIELDS["work"]), min_size=1, max_size=2)),
    st.builds(lambda value: {"field": "area", "at_least": value}, st.sampled_from(FIELDS["area"])),
    st.builds(lambda value: {"field": "area", "at_most": value}, st.sampled_from(FIELDS["area"])),
    st.builds(lambda value: {"field": "paid", "equals": value}, st.booleans()),
)  # fmt: skip
LINEAR = ("task", "task", "return", "timer", "message")
BLOCKS = (
    *LINEAR,
    "row",
    "exclusive",
    "parallel",
    "inclusive",
    "outcomes",
    "late",
    "warned",
    "call",
    "crossed",
)


class Maker:
    """Draws blocks; each leads to a given node and gives the name of its first. `inner`: processes that are called."""

    def __init__(self, draw):
        self.draw, self.rows, self.inner, self.count = draw, [], {}, 0

    def name(self, letter):
        self.count += 1
        return f"{letter}{self.count}"

    def add(self, row):
        self.rows.append(row)
        return row["name"]

    def block(self, to, depth, *, may_leave=True):
        kind = self.draw(st.sampled_from(BLOCKS if depth else LINEAR))
        return getattr(self, f"make_{kind}")(to, depth, may_leave=may_leave)

    def branches(self, to, depth, *, may_leave):
        """Two or three blocks, each with exactly one way into `to`."""
        return [
            self.block(self.merge(to), depth - 1, may_leave=may_leave)
            for _ in range(self.draw(st.integers(2, 3)))
        ]

    def merge(self, to):
        return self.add(node(self.name("m"), "exclusive", to))

    def make_task(self, to, depth, *, may_leave):
        name = self.name("t")
        more = {}
        if may_leave and self.draw(st.integers(0, 5)) == 0:
            more["give_up"] = "end"
        if self.draw(st.integers(0, 9)) == 0:
            more["stop"] = self.add(node(self.name("x"), "end", terminates=True))
        if more:
            return self.add(task(name, done=to, **more))
        return self.add(task(name, to))

    def make_return(self, to, depth, *, may_leave):
        name = self.name("t")
        return self.add(task(name, done=to, again=name))

    def make_timer(self, to, depth, *, may_leave):
        return self.add(node(self.name("w"), "timer", to, after="2d"))

    def make_message(self, to, depth, *, may_leave):
        return self.add(
            node(self.name("w"), "message", to, message=self.draw(st.sampled_from(["paid", "seen"])))
        )

    def make_row(self, to, depth, *, may_leave):
        for _ in range(self.draw(st.integers(2, 3))):
            to = self.block(to, depth - 1, may_leave=may_leave)
        return to

    def make_exclusive(self, to, depth, *, may_leave):
        *ways, default = self.branches(self.merge(to), depth, may_leave=may_leave)
        return self.add(self.gateway("exclusive", ways, default))

    def gateway(self, kind, ways, default):
        choices = [{"if": self.draw(CONDITIONS), "to": way} for way in ways]
        return node(self.name("g"), kind, choices=choices, otherwise=default)

    def make_outcomes(self, to, depth, *, may_leave):
        ways = self.branches(self.merge(to), depth, may_leave=may_leave)
        return self.add(task(self.name("t"), **{f"o{at}": way for at, way in enumerate(ways)}))

    def make_parallel(self, to, depth, *, may_leave):
        join = self.add(node(self.name("j"), "parallel", to))
        ways = self.branches(join, depth, may_leave=False)
        return self.add(node(self.name("g"), "parallel", ways))

    def make_inclusive(self, to, depth, *, may_leave):
        join = self.add(node(self.name("i"), "inclusive", to))
        *ways, default = self.branches(join, depth, may_leave=may_leave)
        return self.add(self.gateway("inclusive", ways, default))

    def make_crossed(self, to, depth, *, may_leave):
        """No block: one branch may pass the first join and go on to the second.

        Its parts are single steps: looking for tokens upstream, SpiffWorkflow 3.2 follows one way into a merge only.
        """
        second = self.add(node(self.name("i"), "inclusive", to))
        between = self.block(second, 0, may_leave=may_leave)
        first = self.add(node(self.name("i"), "inclusive", between))
        passing = self.add(task(self.name("t"), done=first, skip=second))
        ways = [self.block(join, 0, may_leave=may_leave) for join in (first, second)]
        return self.add(node(self.name("g"), "parallel", [ways[0], passing, ways[1]]))

    def make_late(self, to, depth, *, may_leave):
        merged = self.merge(to)
        other = self.block(merged, depth - 1, may_leave=may_leave)
        return self.add(task(self.name("t"), merged, timers=[timer("late", other, interrupts=True)]))

    def make_warned(self, to, depth, *, may_leave):
        beside = self.add(task(self.name("t"), "end"))
        return self.add(task(self.name("t"), to, timers=[timer("soon", beside, interrupts=False)]))

    def make_call(self, to, depth, *, may_leave):
        outer, self.rows = self.rows, []
        start = self.block("end", depth - 1)
        code = f"called{len(self.inner)}"
        self.inner[code] = {"code": code, "start": start, "steps": self.rows}
        self.rows = outer
        return self.add(node(self.name("c"), "call", to, process=code))


@st.composite
def processes(draw, depth=3):
    maker = Maker(draw)
    start = maker.block("end", depth)
    data = process(*maker.rows) | {"start": start}
    return data | ({"called": maker.inner} if maker.inner else {})
