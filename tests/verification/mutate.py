"""Break the gate in every small way there is, and see that a test notices: ``make mutate``.

Each mutant is one change of the source: a comparison, a number, a condition, an operator, an argument, a statement left
out. The tests of the gate are run against it in a process of its own, without those that draw their cases: whether a
mutant is noticed must not depend on luck. Those that no test notices are listed, and end the run with 1.
"""

import argparse
import ast
import copy
import importlib.util
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUBJECT = "tandem.signals.safety.gate"
SOURCE = ROOT / "src/tandem/signals/safety/gate.py"
TESTS = "tests.signals.safety.test_gate"
PYTEST = ["-x", "-q", "--noconftest", "-o", "addopts=", "-p", "no:cacheprovider", "-k", "not drawn"]
CPU_LIMIT_S = 30
DATA_LIMIT_BYTES = 2 * 1024**3
FORK = get_context("fork")

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitXor: (ast.BitOr,),
}
CALLS = {"max": "min", "min": "max", "all": "any", "any": "all", "sorted": "list"}
NAMES = {"RED": "YELLOW", "RED_YELLOW": "GREEN", "GREEN": "RED_YELLOW", "YELLOW": "RED"}
SOURCES = {"CONTROLLER": "PLAN", "PLAN": "RECALL", "RECALL": "CONTROLLER"}
SYMMETRIC = {"max", "min", "conflict"}  # the order of their arguments says nothing
SKIPPED = {"annotation", "returns", "decorator_list"}  # they change nothing that a signal shows
# Changes that change nothing, by function and text, each with its reason.
EQUIVALENT = {
    "_head: 0  ->  -1": "where no intergreen is listed: no time since an end is less than 0",
}


@dataclass(frozen=True)
class Mutant:
    """One change of the source: what stands instead of a node."""

    key: str
    node: ast.expr | ast.stmt
    variant: ast.AST

    def happen(self) -> None:
        """Change the tree that holds the node; only where nobody else needs it."""
        variant = copy.copy(self.variant)
        self.node.__class__ = variant.__class__  # in place: what holds the node need not be known
        self.node.__dict__ = ast.copy_location(variant, self.node).__dict__


# --- the changes ----------------------------------------------------------------------------------
def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Yield every mutant, in the order of the source."""
    for function, node in places(tree):
        for variant in variants(node):
            yield Mutant(f"{function}: {first_line(node)}  ->  {first_line(variant)}", node, variant)


def places(node: ast.AST, function: str = "module") -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Yield every expression and statement that may be changed, with the function or class that it is in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = node.name
    if isinstance(node, ast.expr | ast.stmt):
        yield function, node
    for name, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            is_text = isinstance(node, ast.Expr | ast.JoinedStr) and isinstance(part, ast.Constant)
            if isinstance(part, ast.AST) and name not in SKIPPED and not is_text:
                yield from places(part, function)


def first_line(node: ast.AST) -> str:
    """Return the source of a node; of a compound statement, its first line."""
    return ast.unparse(node).splitlines()[0]


def variants(node: ast.expr | ast.stmt) -> Iterator[ast.AST]:
    """Yield what may stand instead of a node."""
    match node:
        case ast.Compare():
            yield from compared(node)
        case ast.BoolOp():
            yield from with_operator(node)
            for place in range(len(node.values)):
                rest = node.values[:place] + node.values[place + 1 :]
                yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]
        case ast.BinOp() | ast.AugAssign():
            yield from with_operator(node)
            if isinstance(node, ast.AugAssign):
                yield ast.Pass()
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
        case ast.Constant(value=str()):
            yield ast.Constant(node.value + "?")
        case ast.JoinedStr():
            yield ast.Constant("?")
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Attribute(attr=name) if name in SOURCES:
            yield ast.Attribute(node.value, SOURCES[name], ast.Load())
        case ast.Tuple(elts=[first, second], ctx=ast.Load()) if not is_names(first, second):
            yield ast.Tuple([second, first], ast.Load())
        case ast.Call():
            yield from called(node)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            yield from unfiltered(node)
        case ast.If() | ast.IfExp() | ast.While():
            yield from (replaced(node, test=ast.Constant(value)) for value in (True, False))
        case ast.Return(value=ast.expr()) if ast.unparse(node.value) not in {"False", "None"}:
            yield ast.Return(ast.Constant(None))
        case ast.Assign() | ast.Raise() | ast.Expr(value=ast.Call()):
            yield ast.Pass()


def compared(node: ast.Compare) -> Iterator[ast.AST]:
    """Yield a comparison with each of its operators moved by one value, or reversed."""
    for place, operator in enumerate(node.ops):
        for other in OPERATORS[type(operator)]:
            yield replaced(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])


def with_operator(node: ast.BoolOp | ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    """Yield an expression or statement with another operator."""
    for other in OPERATORS.get(type(node.op), ()):
        yield replaced(node, op=other())


def called(node: ast.Call) -> Iterator[ast.AST]:
    """Yield a call of another function, with its first arguments exchanged, with an argument by name left out."""
    name = ast.unparse(node.func).rpartition(".")[2]
    if name in CALLS:
        yield replaced(node, func=ast.Name(CALLS[name], ast.Load()))
    if len(node.args) > 1 and name not in SYMMETRIC:
        yield replaced(node, args=[node.args[1], node.args[0], *node.args[2:]])
    for place in range(len(node.keywords)):
        yield replaced(node, keywords=node.keywords[:place] + node.keywords[place + 1 :])


def unfiltered(node: ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp) -> Iterator[ast.AST]:
    """Yield a comprehension with each of its conditions left out."""
    for place, part in enumerate(node.generators):
        for condition in part.ifs:
            rest = replaced(part, ifs=[each for each in part.ifs if each is not condition])
            yield replaced(node, generators=[*node.generators[:place], rest, *node.generators[place + 1 :]])


def replaced(node: ast.AST, **fields: object) -> ast.AST:
    """Return a node with other fields."""
    found = copy.copy(node)
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def is_names(*nodes: ast.expr) -> bool:
    """Return whether these are aspects, whose order says nothing."""
    return all(isinstance(node, ast.Name) and node.id in NAMES for node in nodes)


# --- the runs -------------------------------------------------------------------------------------
def run_tests(tree: ast.Module, mutant: Mutant | None) -> None:
    """Run the tests against a source that is changed first, in a process of its own; end it with 0 if all pass."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))  # some mutants never end
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT_BYTES, DATA_LIMIT_BYTES))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    spec = importlib.util.find_spec(SUBJECT)
    assert spec is not None
    sys.modules[SUBJECT] = module = importlib.util.module_from_spec(spec)
    if mutant:
        mutant.happen()
    exec(compile(ast.fix_missing_locations(tree), SOURCE, "exec"), module.__dict__)
    os._exit(pytest.main([*PYTEST, TESTS.replace(".", "/") + ".py"]))


def start(tree: ast.Module, mutant: Mutant | None) -> BaseProcess:
    """Start a process that runs the tests; the fork has a tree of its own."""
    process = FORK.Process(target=run_tests, args=(tree, mutant))
    process.start()
    return process


def survivors(tree: ast.Module, wanted: Sequence[Mutant], jobs: int) -> Iterator[Mutant]:
    """Yield the mutants that no test notices; say from time to time how far it is."""
    waiting, running = iter(wanted), dict[BaseProcess, Mutant]()
    done, began_s = 0, time.monotonic()
    try:
        while True:
            running |= {start(tree, mutant): mutant for mutant in islice(waiting, jobs - len(running))}
            if not running:
                return
            connection.wait([process.sentinel for process in running])
            for process in [each for each in running if each.exitcode is not None]:
                mutant, done = running.pop(process), done + 1
                if process.exitcode == 0:
                    yield mutant
                if done % 50 == 0:
                    print(f"{done} of {len(wanted)} after {time.monotonic() - began_s:.0f} s", flush=True)
    finally:
        for process in running:
            process.kill()
            process.join()


def preload() -> None:
    """Import what the tests need, and forget what depends on the gate: each run needs little more than the tests."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.chdir(ROOT)
    importlib.import_module(TESTS)
    for name in [name for name in sys.modules if name.split(".")[0] in {"tandem", "tests"}]:
        del sys.modules[name]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all mutants; return how the command ends."""
    parser = argparse.ArgumentParser(
        description="Break the gate in every small way and see that a test notices."
    )
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="how many at a time")
    parser.add_argument("--only", default="", help="only mutants whose function and text hold this")
    chosen = parser.parse_args(arguments)
    preload()
    tree = ast.parse(SOURCE.read_text("utf-8"))
    found = list(mutants(tree))
    if unknown := EQUIVALENT.keys() - {mutant.key for mutant in found}:
        print("No mutants, and yet in EQUIVALENT:", *sorted(unknown), sep="\n  ")
        return 2
    sound = start(tree, None)
    sound.join()
    if sound.exitcode != 0:
        print("The tests fail without any mutant.")
        return 2
    wanted = [mutant for mutant in found if chosen.only in mutant.key and mutant.key not in EQUIVALENT]
    alive = 0
    for mutant in survivors(tree, wanted, chosen.jobs):
        alive += 1
        print(f"  survives: line {mutant.node.lineno}, {mutant.key}", flush=True)
    print(f"{len(wanted)} mutants, {alive} survive.")
    return 1 if alive else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("Stopped.")
        sys.exit(130)
