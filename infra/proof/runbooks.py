"""Holds docs/runbooks to the template and the code: a page for each alarm, and nothing in a page
that has another name there."""

import re

from expanded import ROOT

FOLDER = ROOT / "docs" / "runbooks"
HEADINGS = [
    "What it means for people",
    "First look",
    "Usual causes, the likeliest first",
    "What to do",
    "Never",
    "Over when",
    "Whom to tell",
]
SEVERITIES = {"now", "next working day"}
SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
# What the pages name by one part each: $STACK-part.
NAMED = re.compile(r"\$STACK-([a-z]+(?:-[a-z]+)*)")
# A log line as a query of CloudWatch Logs Insights asks for it.
LINE = re.compile(r'message = "([^"]+)"')
LINK = re.compile(r"\]\(([^)#]+)?(?:#([^)]+))?\)")


def check(template):
    alarms = by_name(template)
    pages = {path.stem: path.read_text() for path in FOLDER.glob("*.md")}
    index = pages.pop("README")
    told = dict(re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \| ([a-z ]+) \| .+ \|$", index, re.M))
    for name in sorted(alarms.keys() - pages.keys()):
        yield f"the alarm {name} has no page docs/runbooks/{name}.md"
    for name in sorted(pages.keys() - alarms.keys()):
        yield f"docs/runbooks/{name}.md belongs to no alarm"
    for name in sorted(alarms.keys() ^ told.keys()):
        yield f"{name} is an alarm or in the index of docs/runbooks/README.md, but not both"
    for name, severity in told.items():
        if severity not in SEVERITIES:
            yield f"docs/runbooks/README.md: {name} is for {severity}, which is none of {SEVERITIES}"
    for name, it in alarms.items():
        if not it["AlarmDescription"].endswith(f" See docs/runbooks/{name}.md."):
            yield f"the description of the alarm {name} does not name its page"
    for name in alarms.keys() & pages.keys():
        for problem in page(template, name, alarms[name], pages[name]):
            yield f"docs/runbooks/{name}.md: {problem}"
    known, lines = names(template), source()
    for name, text in {**pages, "README": index}.items():
        for problem in words(text, known, lines):
            yield f"docs/runbooks/{name}.md: {problem}"


def by_name(template):
    stack = template.parameters["AWS::StackName"]
    found = template.of("AWS::CloudWatch::Alarm").values()
    return {it["AlarmName"].removeprefix(f"{stack}-"): it for it in found}


def page(template, name, alarm, text):
    """A page has the same shape as the others and says of its alarm what the template says."""
    if not text.startswith(f"# {name}\n"):
        yield "its title is not the alarm's name"
    says = alarm["AlarmDescription"].removesuffix(f" See docs/runbooks/{name}.md.")
    if says not in text.replace("\n", " "):
        yield "it does not repeat the alarm's description"
    if metric(template, alarm) not in text.splitlines():
        yield f"it does not say: {metric(template, alarm)}"
    headings = re.findall(r"^##+ (.+)$", text, re.M)
    if headings != HEADINGS:
        yield f"its headings are {headings}"
    if re.search(r"^## .+\n+(?=## |\Z)", text, re.M):
        yield "it has nothing under a heading"


def metric(template, alarm):
    """What sets an alarm off, in one line."""
    of = ", ".join(f"{it['Name']} {called(template, it['Value'])}" for it in alarm.get("Dimensions", []))
    times = alarm["EvaluationPeriods"]
    return (
        f"Metric: `{called(template, alarm['Namespace'])} {alarm['MetricName']}`"
        f"{f' ({of})' if of else ''}, {alarm['Statistic']} of {alarm['Period']} s"
        f" {SIGNS[alarm['ComparisonOperator']]} {alarm['Threshold']}"
        f"{f', {times} in a row' if times > 1 else ''}; no data is {alarm['TreatMissingData']};"
        f" its end is {'' if alarm.get('OKActions') else 'not '}mailed."
    )


def called(template, value):
    """A name as a page spells it, whatever the stack is called."""
    if found := re.fullmatch(r"\$\{(\w+)(?:\.QueueName)?\}", value):
        it = template.value(template.resources[found[1]]["Properties"])
        value = it.get("QueueName") or it["FunctionName"]
    stack = template.parameters["AWS::StackName"]
    if value == stack or value.startswith(f"{stack}-"):
        return "$STACK" + value.removeprefix(stack)
    return "$STAGE" if value == template.parameters["Stage"] else value


def names(template):
    """What of the stack is called $STACK-…, without that; a bucket's number is left out too."""
    stack = template.parameters["AWS::StackName"]
    said = set(re.findall(rf"\b{stack}-([a-z]+(?:-[a-z]+)*)", str(template.value(template.resources))))
    return {name.removesuffix("-") for name in said}


def source():
    """The program, by which a log line is known."""
    files = [*ROOT.glob("functions/*/src/**/*.rs"), *ROOT.glob("shared/*/src/**/*.rs")]
    return "\n".join(file.read_text() for file in files)


def words(text, known, lines):
    for name in sorted(set(NAMED.findall(text)) - known):
        yield f"nothing is called $STACK-{name}"
    for line in sorted(set(LINE.findall(text))):
        if f'"{line}"' not in lines:
            yield f"no function logs {line!r}"
    for file, anchor in LINK.findall(text):
        if file.startswith("https://"):
            continue
        target = (FOLDER / (file or "README.md")).resolve()
        if not target.exists():
            yield f"it links to {file}, which is not there"
        elif anchor and anchor not in anchors(target.read_text()):
            yield f"it links to {file}#{anchor}, which is no heading there"


def anchors(text):
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
