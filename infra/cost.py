"""What a year costs: `cost.py` prints the estimate, `cost.py --check` holds docs/assurance/cost.md to it.

The counts, the assumptions and the prices stand in infra/cost.toml, each with where it comes from;
how many alarms, keys and rules there are is read from the template. Free tiers are not taken off.
"""

import re
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/assurance/cost.md"
BEGIN, END = "<!-- infra/cost.py -->", "<!-- end -->"
DAYS, MONTHS, HOURS = 365, 12, 8760
GB = 1024**3
THOUSAND, MILLION = 1e3, 1e6


def table(name, whole=tomllib.loads((ROOT / "infra/cost.toml").read_text())):
    return SimpleNamespace(**whole[name])


def of_template():
    """How many there are of what is charged by the piece."""
    text = (ROOT / "infra/template.yaml").read_text()
    how_many = lambda kind: len(re.findall(rf"^    Type: {kind}$", text, re.M))
    firewall = text[text.index("\n  ApiFirewall:"):text.index("\n  ApiFirewallAssociation:")]
    return SimpleNamespace(
        alarms=how_many("AWS::CloudWatch::Alarm"),
        dashboards=how_many("AWS::CloudWatch::Dashboard"),
        keys=how_many("AWS::KMS::Key"),
        secrets=how_many("AWS::SecretsManager::Secret"),
        firewall_rules=len(re.findall(r"^          Priority:", firewall, re.M)),
    )


def lines(year, kept):
    """(service, what, how much in a year, price of one), with so many reviews begun in it and kept."""
    c, d, a, p, t = table("counted"), table("derived"), table("assumed"), table("prices"), of_template()
    looks = year * c.acts * a.looks_for_an_act
    documents = year * a.documents_for_a_review
    requests = looks + year * c.acts + documents * (d.requests_for_a_document + a.readings_of_a_document)
    mails = year * c.mails
    receipts = mails * d.receipts_for_a_mail
    sweeps, anchors, nights = (DAYS * it for it in (d.sweeps_a_day, d.anchors_a_day, d.nightly_runs_a_day))
    invocations = requests + year * (c.doorbells + 1) + receipts + documents + sweeps + anchors + nights
    cases, events = kept * c.cases_table_bytes, kept * c.events_table_bytes
    # The hourly anchor and both nightly runs scan the cases; the verification scans the events too.
    scanned = (anchors + nights) * cases / 4096 + DAYS * events / 4096
    nightly = DAYS * kept * (d.verify_read_units + d.reconcile_read_units)
    by_people = year * c.read_units + looks * a.read_units_for_a_look
    stored = (cases + events) / GB
    gb_seconds = 0.125 / THOUSAND * ((requests + receipts + documents + year * c.doorbells) * a.ms_request + sweeps * a.ms_sweep) \
        + 0.5 / THOUSAND * (anchors * a.ms_anchor + nights * a.ms_nightly)
    logged = invocations * a.log_bytes_for_an_invocation / GB
    files = kept * a.documents_for_a_review * a.megabytes_for_a_document / 1024
    metrics = MONTHS * (d.metrics_all_day + d.metrics_at_night / 24 + a.gateway_metrics * a.hours_of_work / HOURS)
    return [
        ("DynamoDB", "write units of reviews", year * (c.write_units + c.index_write_units), p.dynamodb_million_write_units / MILLION),
        ("DynamoDB", "read units of reviews and of people who look", by_people, p.dynamodb_million_read_units / MILLION),
        ("DynamoDB", "read units of the sweeps", sweeps / 2 * c.sweep_queries / 2, p.dynamodb_million_read_units / MILLION),
        ("DynamoDB", "read units of anchors and nightly runs", scanned + nightly, p.dynamodb_million_read_units / MILLION),
        ("DynamoDB", "GB-months stored", stored * MONTHS, p.dynamodb_gb_month),
        ("DynamoDB", "GB-months restorable (PITR)", stored * MONTHS, p.dynamodb_pitr_gb_month),
        ("Lambda", "invocations", invocations, p.lambda_million_requests / MILLION),
        ("Lambda", "GB-seconds", gb_seconds, p.lambda_gb_second),
        ("API Gateway", "requests", requests, p.gateway_million_requests / MILLION),
        ("WAF", "months of the web ACL", MONTHS, p.waf_acl_month),
        ("WAF", "rule-months", MONTHS * t.firewall_rules, p.waf_rule_month),
        ("WAF", "requests", requests, p.waf_million_requests / MILLION),
        ("CloudWatch", "alarm-months", MONTHS * t.alarms, p.cloudwatch_alarm_month),
        ("CloudWatch", "metric-months", metrics, p.cloudwatch_metric_month),
        ("CloudWatch", "dashboard-months", MONTHS * t.dashboards, p.cloudwatch_dashboard_month),
        ("CloudWatch", "GB of logs taken in", logged, p.logs_gb),
        ("CloudWatch", "GB-months of logs", logged * MONTHS, p.logs_gb_month),
        ("X-Ray", "traces", invocations, p.xray_million_traces / MILLION),
        ("KMS", "key-months", MONTHS * t.keys, p.kms_key_month),
        ("KMS", "requests", a.kms_requests_a_year, p.kms_million_requests / MILLION),
        ("Secrets Manager", "secret-months", MONTHS * t.secrets, p.secret_month),
        ("S3", "GB-months of documents", files * MONTHS, p.s3_gb_month),
        ("S3", "puts and lists", documents * d.s3_puts_for_a_document + 2 * anchors, p.s3_thousand_puts / THOUSAND),
        ("S3", "gets", documents * a.readings_of_a_document + anchors * d.anchors_read, p.s3_thousand_gets / THOUSAND),
        ("GuardDuty", "GB scanned", documents * a.megabytes_for_a_document / 1024, p.guardduty_gb),
        ("GuardDuty", "objects scanned", documents, p.guardduty_thousand_objects / THOUSAND),
        ("SES", "mails", mails, p.ses_thousand_mails / THOUSAND),
        ("SNS", "receipts", receipts, p.sns_million_publishes / MILLION),
        ("SQS", "requests, most of them Lambda's polls", d.queue_polls_a_year + 3 * receipts, p.sqs_million_requests / MILLION),
        ("EventBridge Scheduler", "invocations", sweeps + anchors + nights, p.scheduler_million / MILLION),
        ("Cognito", "person-months", MONTHS * a.people, p.cognito_person_month),
    ]


def money(*year_and_kept):
    return [much * price for _, _, much, price in lines(*year_and_kept)]


def estimate():
    year = table("assumed").reviews_a_year
    first, tenth, idle = money(year, year), money(year, 10 * year), sum(money(0, 0))
    out = ["| Service | What, in a year | How much | USD, first year | USD, tenth year |", "| --- | --- | ---: | ---: | ---: |"]
    for (service, what, much, _), now, then in zip(lines(year, year), first, tenth):
        digits = 0 if much >= 1000 else 1
        out.append(f"| {service} | {what} | {much:,.{digits}f} | {now:,.2f} | {then:,.2f} |")
    out.append(f"| **In all** | for {year} reviews a year | | **{sum(first):,.0f}** | **{sum(tenth):,.0f}** |")
    out.append(f"| | for one review | | {sum(first) / year:,.2f} | {sum(tenth) / year:,.2f} |")
    out.append(f"| | with no review at all | | {idle:,.0f} | {idle:,.0f} |")
    return "\n".join(out)


def main(asked):
    said = estimate()
    if asked != ["--check"]:
        print(said)
        return
    page = PAGE.read_text()
    shown = page.partition(BEGIN)[2].partition(END)[0].strip()
    if shown != said:
        sys.exit(f"error: {PAGE.relative_to(ROOT)} does not show what infra/cost.py says; put that between {BEGIN} and {END}")
    print("the cost page shows what infra/cost.py says")


if __name__ == "__main__":
    main(sys.argv[1:])
