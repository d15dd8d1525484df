"""What checkov finds in the template, but for what is waived with a reason."""

import json
import subprocess
import tomllib
from pathlib import Path

from expanded import ROOT, TEMPLATE, fail


def main():
    command = ["checkov", "--file", TEMPLATE, "--framework", "cloudformation", "--skip-download"]
    ran = subprocess.run([*command, "--output", "json"], cwd=ROOT, capture_output=True, text=True)
    report = json.loads(ran.stdout)
    assert report["summary"]["parsing_errors"] == 0, ran.stderr
    waivers = tomllib.loads(Path(__file__).with_name("waivers.toml").read_text())["waiver"]
    found = {
        (it["check_id"], it["resource"].split(".")[-1], it["check_name"])
        for it in report["results"]["failed_checks"]
    }
    used, problems = set(), []
    for check, resource, name in sorted(found):
        waived = {
            i
            for i, it in enumerate(waivers)
            if it["check"] == check and resource in it.get("resources", [resource])
        }
        used |= waived
        if not waived:
            problems.append(f"{check} {resource}: {name}")
    problems += [f"waived for nothing: {it}" for i, it in enumerate(waivers) if i not in used]
    fail(problems)
    print(f"{report['summary']['passed']} checks passed, {len(found)} waived for {len(used)} reasons")


if __name__ == "__main__":
    main()
