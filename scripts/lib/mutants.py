"""The mutants of a Python file: small changes, each of which some test ought to notice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
LOGS = {"log", "logging", "warnings"}
"""What is said to a log is nobody's promise."""
FORMAL = {"strict", "repr", "compare", "init", "exc_info", "daemon", "name"}
"""Keywords that state what holds anyway, or that only people read."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``line`` and ``column`` (from 1, and from 0 in bytes) up to their ends are replaced by ``text``."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    def apply(self, source: str) -> str:
        lines = [line.encode() for line in source.splitlines(keepends=True)]
        head, tail = lines[self.line - 1][: self.column], lines[self.end_line - 1][self.end_column :]
        lines[self.line - 1 : self.end_line] = [head + self.text.encode() + tail]
        return b"".join(lines).decode()

    def shown(self, source: str) -> str:
        """The change, as a line of a report."""
        lines = source.splitlines()[self.line - 1 : self.end_line]
        before = " ".join(line.strip() for line in lines)
        after = self.apply(source).splitlines()[self.line - 1].strip()
        return f"{before}  ->  {after}"


def mutants(source: str) -> list[Mutant]:
    """All of them, in the order of the file."""
    found = _found(ast.parse(source))
    return sorted(set(found), key=lambda mutant: (mutant.line, mutant.column, mutant.text))


def _found(node: ast.AST) -> Iterator[Mutant]:
    match node:
        case ast.JoinedStr() | ast.Assert():
            return  # sentences for people; what holds anyway
        case ast.Expr(ast.Constant()) | ast.Import() | ast.ImportFrom():
            return
        case ast.Expr(value) if _logs(value):
            return
        case ast.If(ast.Name("TYPE_CHECKING")):
            return
        case ast.keyword(arg) if arg in FORMAL:
            return
        case ast.Expr(ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
            yield _replaced(node, "pass")
        case ast.Assign([ast.Attribute()]):
            yield _replaced(node, "pass")
        case ast.Continue():
            yield from (_replaced(node, word) for word in ("break", "pass"))
        case ast.Break():
            yield _replaced(node, "continue")
        case ast.Return(ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield _replaced(node, "return None")
        case ast.Compare(left, [operator], [right]):
            yield _replaced(node, ast.Compare(left, [FLIPS[type(operator)]()], [right]))
        case ast.BinOp(left, operator, right) if type(operator) in SWAPS:
            yield _replaced(node, ast.BinOp(left, SWAPS[type(operator)](), right))
        case ast.BoolOp(operator, values):
            yield _replaced(
                node, ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            )
        case ast.UnaryOp(ast.Not(), operand):
            yield _replaced(node, operand)
        case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
            yield _replaced(node, operand)
        case ast.Call(ast.Name(name)) if name in TWINS:
            yield _replaced(node.func, TWINS[name])
        case ast.Constant(value):
            yield from (_replaced(node, repr(other)) for other in _others(value))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)) and not isinstance(
        node.test, (ast.Compare, ast.Constant)
    ):
        yield _replaced(node.test, f"(not ({ast.unparse(node.test)}))")
    for child in _children(node):
        yield from _found(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is run of it: no annotations, decorators or patterns."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (default for default in node.args.kw_defaults if default is not None)
            yield from (*node.args.defaults, *node.body)
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign():
            yield from [node.value] if node.value is not None else []
        case ast.match_case():
            yield from [node.guard] if node.guard is not None else []
            yield from node.body
        case _:
            yield from ast.iter_child_nodes(node)


def _logs(node: ast.expr) -> bool:
    match node:
        case ast.Call(ast.Attribute(ast.Name(name))):
            return name in LOGS
    return False


def _others(value: object) -> tuple[object, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1)
        case float():
            return (value * 2, value / 2) if value else (1.0,)
    return ()


def _replaced(node: ast.AST, by: ast.expr | str) -> Mutant:
    assert isinstance(node, (ast.expr, ast.stmt))
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    text = by if isinstance(by, str) else ast.unparse(by)
    return Mutant(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text)
