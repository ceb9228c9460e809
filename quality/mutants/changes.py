"""Small changes to a module's source, one at a time, of the kinds that mutation testing knows.

What is changed is what functions do and what the module's own names stand for. Left as they are: sentences that people
read, annotations, defaults, and the bodies of classes.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
COMPARED |= {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
WORKED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
WORKED |= {ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.And: ast.Or, ast.Or: ast.And}
NAMES = {"filter": "exclude", "exclude": "filter", "any": "all", "all": "any", "min": "max", "max": "min"}
KEPT = {"annotation", "returns", "decorator_list", "defaults", "kw_defaults", "type_params"}  # no part of what it does
AROUND = 24  # letters shown around what differs


@dataclass(frozen=True)
class Change:
    """One change: where, what it says, and the two pieces of the tree."""

    line: int
    says: str
    holder: ast.AST | list
    place: str | int
    instead: ast.AST
    within: ast.stmt  # the function, or the statement of the module, that it is in

    def put_in(self) -> None:
        """Make it, in the tree that it was found in."""
        if isinstance(self.holder, list):
            self.holder[self.place] = self.instead
        else:
            setattr(self.holder, self.place, self.instead)


def changes(tree: ast.Module) -> list[Change]:
    """Every change that could be made to the tree."""
    members = members_in(tree)
    all_changes = []
    for within in changeable(tree):
        for holder, place, node in spots(within):
            all_changes += [
                Change(line_of(node), difference(node, instead), holder, place, located(instead, node), within)
                for instead in variants(node, members)
            ]
    return all_changes


def changeable(tree: ast.AST) -> Iterator[ast.stmt]:
    """The functions and methods, and what gives the module's names their values."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from (one for one in changeable(statement) if isinstance(one, ast.FunctionDef))
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and "__all__" not in ast.unparse(statement):
            yield statement


def spots(node: ast.AST) -> Iterator[tuple[ast.AST | list, str | int, ast.AST]]:
    """Every part of a function or statement, with the place that it stands in."""
    for name, value in ast.iter_fields(node):
        if name in KEPT:
            continue
        for place, part in enumerate(value) if isinstance(value, list) else [(name, value)]:
            if isinstance(part, ast.AST):
                yield (value if isinstance(value, list) else node), place, part
                yield from spots(part)


def compared(node: ast.Compare) -> Iterator[ast.AST]:
    """The opposite question; of an order, with or without the limit itself."""
    if type(node.ops[0]) in COMPARED:
        yield with_(node, ops=[COMPARED[type(node.ops[0])](), *node.ops[1:]])


def worked(node: ast.BinOp | ast.BoolOp | ast.AugAssign) -> Iterator[ast.AST]:
    """The opposite operation."""
    if type(node.op) in WORKED:
        yield with_(node, op=WORKED[type(node.op)]())


def negated(node: ast.UnaryOp) -> Iterator[ast.AST]:
    """Without its "not"."""
    if isinstance(node.op, ast.Not):
        yield node.operand


def asked(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    """The other way round, where no part of the question will be."""
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield with_(node, test=ast.UnaryOp(ast.Not(), node.test))


def clauses(node: ast.comprehension) -> Iterator[ast.AST]:
    """Everything, not only what is asked for."""
    if node.ifs:
        yield with_(node, ifs=[])


def returned(node: ast.Return) -> Iterator[ast.AST]:
    """Nothing."""
    if node.value is not None and ast.unparse(node.value) != "None":
        yield with_(node, value=ast.Constant(None))


def done(node: ast.stmt) -> Iterator[ast.AST]:
    """Left out."""
    if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield ast.Pass()


def constants(node: ast.Constant) -> Iterator[ast.AST]:
    """Another value; of a text only where it is a key or a name."""
    if isinstance(node.value, bool):
        yield with_(node, value=not node.value)
    elif isinstance(node.value, int):
        yield with_(node, value=node.value + 1)
    elif isinstance(node.value, str) and node.value and not set(node.value) & set(" \n{}"):
        yield with_(node, value=f"XX{node.value}XX")


def calls(node: ast.Call) -> Iterator[ast.AST]:
    """Each named argument left out; the opposite function."""
    for number in range(len(node.keywords)):
        yield with_(node, keywords=without(node.keywords, number))
    match node.func:
        case ast.Attribute(attr=name) if name in NAMES:
            yield with_(node, func=with_(node.func, attr=NAMES[name]))
        case ast.Name(id=name) if name in NAMES:
            yield with_(node, func=with_(node.func, id=NAMES[name]))


def sets(node: ast.Set) -> Iterator[ast.AST]:
    """Each element left out, where there are several."""
    for number in range(len(node.elts) if len(node.elts) > 1 else 0):
        yield with_(node, elts=without(node.elts, number))


VARIANTS = {
    ast.Compare: compared,
    ast.BinOp: worked,
    ast.BoolOp: worked,
    ast.AugAssign: worked,
    ast.UnaryOp: negated,
    ast.If: asked,
    ast.IfExp: asked,
    ast.comprehension: clauses,
    ast.Return: returned,
    ast.Expr: done,
    ast.Raise: done,
    ast.Continue: done,
    ast.Break: done,
    ast.Constant: constants,
    ast.Call: calls,
    ast.Set: sets,
}


def variants(node: ast.AST, members: dict[str, set[str]]) -> Iterator[ast.AST]:
    """What may stand instead of a part."""
    if type(node) in VARIANTS:
        yield from VARIANTS[type(node)](node)
    match node:
        case ast.Set(elts=[ast.Attribute(value=ast.Name(id=owner)), *_]):
            for name in sorted(members[owner] - {part.attr for part in node.elts if isinstance(part, ast.Attribute)}):
                yield with_(node, elts=[*node.elts, ast.Attribute(ast.Name(owner, ast.Load()), name, ast.Load())])


def members_in(tree: ast.Module) -> dict[str, set[str]]:
    """Of each name, the attributes in capitals that the module asks for: each set of them may hold one more."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).update({node.attr} if node.attr.isupper() else ())
    return found


def without(parts: list, number: int) -> list:
    """A list with one of its parts left out."""
    return [*parts[:number], *parts[number + 1 :]]


def with_(node: ast.AST, **parts: object) -> ast.AST:
    """The part with some of its own parts changed."""
    other = copy.copy(node)
    for name, part in parts.items():
        setattr(other, name, part)
    return other


def located(instead: ast.AST, node: ast.AST) -> ast.AST:
    """What stands there instead, at the same place of the source: code with other lines would be another function's."""
    if hasattr(node, "lineno"):
        ast.copy_location(instead, node)
        ast.fix_missing_locations(instead)
    return instead


def line_of(node: ast.AST) -> int:
    """The line that a part begins on; the clause of a comprehension knows none of its own."""
    return node.iter.lineno if isinstance(node, ast.comprehension) else node.lineno


def difference(node: ast.AST, instead: ast.AST) -> str:
    """What stood there and what stands there instead, with a little before and after where they differ."""
    texts = [" ".join(ast.unparse(one).split()) for one in (node, instead)]
    shortest = min(map(len, texts))
    start = same(*texts)
    end = min(same(*(text[::-1] for text in texts)), shortest - start)
    before = max(start - AROUND, 0)
    after = max(end - AROUND, 0)
    return " → ".join(text[before : len(text) - after] for text in texts)


def same(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
