"""Holds each role to what its function was seen to ask of AWS: `permissions.py CALLS`.

CALLS is what the tests of whole reviews write where DHR_TEST_CALLS names a file. Nothing that was
seen may be missing from a role, and nothing may be granted that was not seen, but for what
infra/proof/permissions.toml names with its reason.
"""

import fnmatch
import json
import sys
import tomllib
from pathlib import Path

from expanded import Expanded, fail
from rules import statements

STACK = "one"
# What the tests call it, and what the template does.
RESOURCES = {
    "cases": "${CasesTable.Arn}",
    "cases/index/due": "${CasesTable.Arn}/index/due",
    "cases/index/outbox": "${CasesTable.Arn}/index/outbox",
    "events": "${EventsTable.Arn}",
    "documents": "${DocumentsBucket.Arn}",
    "documents/*": "${DocumentsBucket.Arn}/*",
    "anchors": "${AnchorsBucket.Arn}",
    "anchors/*": "${AnchorsBucket.Arn}/*",
    "identity": "arn:aws:ses:eu-west-2:111122223333:identity/dhr.example",
    "configuration-set": f"arn:aws:ses:eu-west-2:111122223333:configuration-set/{STACK}-mail",
}


def granted(template):
    """(function, action, resource, key pattern, only in a transaction) of every role."""
    for it in template.of("AWS::Lambda::Function").values():
        function = it["FunctionName"].removeprefix(f"{STACK}-")
        for _, action, resource, condition in statements(template, it["Role"]):
            keys = condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [None])
            enclosed = "ForAnyValue:StringEquals" in condition
            for key in keys:
                yield function, action, resource, key, enclosed


def covers(grant, call):
    function, action, resource, key, enclosed = grant
    needs = call["needs"]
    return (
        function == call["function"]
        and action == needs["action"]
        and resource == RESOURCES.get(needs["resource"], needs["resource"])
        and (key is None or fnmatch.fnmatchcase(needs.get("key", ""), key))
        and (needs["enclosed"] or not enclosed)
    )


def excuses(reason, grant):
    """Whether a reason is about a grant; what it does not name, it is about all of."""
    function, action, resource, key, _ = grant
    return (
        function in reason.get("functions", [function])
        and action in reason["actions"]
        and resource == reason.get("resource", resource)
        and key == reason.get("key", key)
    )


def main(calls):
    calls = [json.loads(line) for line in Path(calls).read_text().splitlines()]
    reasons = tomllib.loads(Path(__file__).with_name("permissions.toml").read_text())
    grants = list(granted(Expanded(STACK)))
    problems = []
    functions = {grant[0] for grant in grants}
    for function in functions - {call["function"] for call in calls}:
        problems.append(f"no test has called {function}")
    missing = {json.dumps(call) for call in calls if not any(covers(it, call) for it in grants)}
    problems += [f"not granted: {call}" for call in sorted(missing)]
    used = set()
    for grant in grants:
        function, action, resource, key, _ = grant
        told = f"{function}: {action} on {resource}" + (f" ({key})" if key else "")
        named = {i for i, it in enumerate(reasons["unseen"]) if excuses(it, grant)}
        used |= named
        if not named and not any(covers(grant, call) for call in calls):
            problems.append(f"granted and never used: {told}")
        if "*" in action or "*" in resource:
            if not any(resource == it["resource"] for it in reasons["wildcard"]):
                problems.append(f"a wildcard without a reason: {told}")
    for i, reason in enumerate(reasons["unseen"]):
        if i not in used:
            problems.append(f"a reason for nothing that is granted: {reason}")
    for reason in reasons["wildcard"]:
        if not any(resource == reason["resource"] for _, _, resource, _, _ in grants):
            problems.append(f"a reason for nothing that is granted: {reason}")
    fail(problems)
    print(f"{len(grants)} grants to {len(functions)} functions: nothing missing, nothing unused")


if __name__ == "__main__":
    main(*sys.argv[1:])
