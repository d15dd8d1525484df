"""Whether everything that the assurance pages name still exists: `assurance.py`.

A page proves a sentence by naming what proves it, in one of these forms, each between backticks:

    test: journeys::sight::an_agency_sees_nothing_of_anothers   of tests/, as cargo prints it
    test: cloud/contract contract::tampering::every_flipped_byte_is_found
                                   of another package: its folder and its test program, or `lib`
    rule: tables                   a check of infra/proof/rules.py
    template: DocumentsBucketPolicy NoOverwriting   a resource, and a statement or rule of it
    ci: lint                       a stage of .ci/run
    shared/review/src/sight.rs     a path of the repository

No test, rule, resource, stage or path may be named that is not there. A test is there if cargo
would run it: its function stands in the file of its module with a test attribute, or is named to
a macro that makes such functions, and is not ignored.
"""

import re
import subprocess
from pathlib import Path

from expanded import ROOT, TEMPLATE, fail

PAGES = ["docs/assurance/*.md", "docs/audit.md", "docs/reliability.md"]
# The test program of tests/, which needs no naming.
USUAL = "tests/dhr"
PLACES = ("docs", "functions", "infra", "shared", "tests", ".ci")

TEST = re.compile(r"#\[(?:\w+::)*test\b[^\]]*\]((?:\s*#\[[^\]]*\])*)\s*(?:pub(?:\([^)]*\))? )?(?:async )?fn (\w+)\b")
MADE = re.compile(r"macro_rules! (\w+)")


class Missing(Exception):
    """What is named and is not there."""


def pages():
    for pattern in PAGES:
        yield from sorted(ROOT.glob(pattern))


def named(text):
    """What a page puts between backticks, outside of blocks of code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", text)]


def check(name):
    """Says whether this is a name to be looked for; fails if what it names is not there."""
    kind, _, rest = name.partition(": ")
    match kind:
        case "test":
            test(rest)
        case "rule":
            rule(rest)
        case "template":
            resource(*rest.split())
        case "ci":
            if f'"{rest} ' not in (ROOT / ".ci/run").read_text():
                raise Missing(f"no stage {rest} in .ci/run")
        case _ if is_path(name):
            path(name)
        case _ if name.startswith("cargo "):
            command(name)
        case _:
            return False
    return True


def is_path(name):
    return re.fullmatch(r"[\w./-]+", name) and "/" in name and name.split("/")[0] in PLACES


def path(name):
    if not (ROOT / name).exists():
        raise Missing(f"no file {name}")


def command(name):
    """The test program of a command, where it names one."""
    program = re.search(r"-p (\S+) --test (\S+)", name)
    if program:
        entry(f"{program[1]}/{program[2]}")


def package(name):
    for manifest in [*ROOT.glob("*/*/Cargo.toml"), ROOT / "tests/Cargo.toml"]:
        if re.search(rf'^name = "{re.escape(name)}"$', manifest.read_text(), re.M):
            return manifest.parent
    raise Missing(f"no package {name}")


def entry(program):
    """The file that a test program begins with."""
    folder, _, called = program.partition("/")
    folder = package(folder)
    if called == "lib":
        return folder / "src/lib.rs"
    at = re.search(rf'name = "{called}"\s*path = "([^"]+)"', (folder / "Cargo.toml").read_text())
    candidates = [folder / at[1]] if at else [folder / f"tests/{called}.rs", folder / f"tests/{called}/main.rs"]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise Missing(f"no test program {program}")


def test(rest):
    words = rest.split()
    program, name = (USUAL, words[0]) if len(words) == 1 else words
    start = entry(program)
    *modules, function = name.split("::")
    file, depth = start, 0
    for module in modules:
        found = submodule(file, module, start if depth == 0 else None)
        if found is None:
            break
        file, depth = found, depth + 1
    text = file.read_text()
    # What remains are modules within the file.
    for module in modules[depth:]:
        if not re.search(rf"\bmod {module} \{{|^ *{module}:", text, re.M):
            raise Missing(f"no module {module} in {file.relative_to(ROOT)}: {rest}")
    for attributes, found in TEST.findall(text):
        if found == function:
            if "ignore" in attributes:
                raise Missing(f"the test is ignored: {rest}")
            return
    if not made(file, modules[depth:], text, function):
        raise Missing(f"no test {function} in {file.relative_to(ROOT)}: {rest}")


def submodule(file, module, start):
    """The file of a module, if it has one of its own."""
    text = file.read_text()
    declared = re.search(rf'(?:#\[path = "([^"]+)"\]\s*)?^ *(?:pub )?mod {module};', text, re.M)
    if not declared:
        return None
    owns = file.name in ("main.rs", "lib.rs", "mod.rs") or file == start
    folder = file.parent if owns else file.with_suffix("")
    choices = [file.parent / declared[1]] if declared[1] else [folder / f"{module}.rs", folder / f"{module}/mod.rs"]
    return next((choice for choice in choices if choice.exists()), None)


def made(file, modules, text, function):
    """Whether a macro of this file makes the test: it is named where the macro is called."""
    for macro in MADE.findall(text):
        body = text[text.index(f"macro_rules! {macro}"):]
        if not re.search(r"#\[(?:\w+::)*test\b[^\]]*\]\s*(?:async )?fn \$", body):
            continue
        for call in re.findall(rf"^ *{macro}! \{{(.*?)^ *\}}", text, re.S | re.M):
            group = call
            if modules and (inner := re.search(rf"^ *{modules[-1]}:(.*?);", call, re.S | re.M)):
                group = inner[1]
            listed = re.search(rf"(?:\b(\w+)::)?\b{function}\b", group)
            if not listed:
                continue
            # What it calls must exist as well, where it calls a function of that name.
            elsewhere = listed[1] or (modules[-1] if modules and group is not call else None)
            source = submodule(file, elsewhere, None) if elsewhere else None
            return source is None or bool(re.search(rf"\bfn {function}\b", source.read_text()))
    return False


def rule(name):
    text = (ROOT / "infra/proof/rules.py").read_text()
    if not re.search(rf"^def {name}\(", text, re.M) or not re.search(rf"yield from {name}\(|\*{name}\(", text):
        raise Missing(f"no rule {name} that is asked in infra/proof/rules.py")


def resource(name, part=None):
    text = TEMPLATE.read_text()
    found = re.search(rf"^  {name}:\n(.*?)(?=^  \S|\Z)", text[text.index("\nResources:"):], re.S | re.M)
    if not found:
        raise Missing(f"no resource {name} in the template")
    if part and not re.search(rf"(?:Sid|Id|Name): {part}\b", found[1]):
        raise Missing(f"no {part} in {name} of the template")


# What must be missed, lest this program find everything.
MADE_UP = [
    "test: journeys::sight::an_agency_sees_everything",
    "test: journeys::a_review_that_nobody_plays",
    "test: cloud/contract contract::tampering::an_event_is_never_overwritten",
    "test: nobody/here something",
    "rule: wishes",
    "template: EventsTable EverybodyChangesAnEvent",
    "template: NoSuchTable",
    "ci: prayer",
    "shared/review/src/clairvoyance.rs",
]


def main():
    for name in MADE_UP:
        try:
            check(name)
        except Missing:
            continue
        fail([f"this program does not miss what is made up: {name}"])
    problems, found = [], {}
    for page in pages():
        for name in named(page.read_text()):
            try:
                if check(name):
                    kind = name.partition(": ")[0] if ": " in name else "path"
                    found.setdefault(kind, set()).add(name)
            except Missing as missing:
                problems.append(f"{page.relative_to(ROOT)}: {missing}")
    problems += tracked()
    fail(problems)
    told = ", ".join(f"{len(names)} {kind}" for kind, names in sorted(found.items()))
    print(f"everything that the assurance pages name exists: {told}")


def tracked():
    """A page or a file that is not in the repository proves nothing to anyone else."""
    listed = subprocess.run(["git", "ls-files", "--others", "--exclude-standard", "docs/assurance", "infra/proof"],
                            cwd=ROOT, capture_output=True, text=True)
    return [f"not in the repository: {name}" for name in listed.stdout.split()]


if __name__ == "__main__":
    main()
