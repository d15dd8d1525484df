"""What this project asks of its template beyond what AWS's linter asks."""

import re

import runbooks
from expanded import ROOT, Expanded, fail

# Of a type, the property that names the thing in AWS, where other stacks of the account have
# things of the same kind.
NAMES = {
    "AWS::ApiGateway::RestApi": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::WAFv2::WebACL": "Name",
}
# AWS makes up a name of the stack's, which is as good.
MAY_BE_NAMELESS = {"AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::SecretsManager::Secret"}
# The account has one of each; a parameter says which stack brings it (section 1).
ONE_OF_AN_ACCOUNT = {"AWS::SES::EmailIdentity"}

KEPT = {"Retain", "RetainExceptOnCreate"}


def constant(file, name):
    """A number of the code that the template depends on."""
    found = re.search(rf"const {name}: \w+ = \w+::(\w+)\((\d+)\)", (ROOT / file).read_text())
    return int(found[2]) * {"seconds": 1, "minutes": 60}[found[1]]


def check(template):
    yield from functions(template)
    yield from tables(template)
    yield from buckets(template)
    yield from documents(template)
    yield from anchors(template)
    yield from signing_in(template)
    yield from api(template)
    yield from queues_and_topics(template)
    yield from receipts(template)
    yield from asynchronous(template)
    yield from logs(template)
    yield from alarms(template)
    yield from runbooks.check(template)
    yield from permissions(template)


def functions(template):
    folders = {path.name for path in (ROOT / "functions").iterdir() if path.is_dir()}
    stack = template.parameters["AWS::StackName"]
    found = template.of("AWS::Lambda::Function")
    named = {it["FunctionName"].removeprefix(f"{stack}-"): name for name, it in found.items()}
    for folder in folders ^ set(named):
        yield f"{folder} is a folder of functions/ or a function of the template, but not both"
    roles = [it["Role"] for it in found.values()]
    lease = constant("shared/cloud/src/mail/mod.rs", "LEASE")
    doubt = constant("shared/cloud/src/mail/mod.rs", "DOUBT_WINDOW")
    served = {it["FunctionName"] for it in template.of("AWS::Lambda::Permission").values()
              if it["Principal"] == "apigateway.amazonaws.com"}
    for folder, name in named.items():
        it = found[name]
        if template.code[name] != f"../target/lambda/{folder}/":
            yield f"{name} is not what was built of functions/{folder}"
        if roles.count(it["Role"]) != 1:
            yield f"{name} shares its role"
        if it.get("TracingConfig") != {"Mode": "Active"}:
            yield f"{name} is not traced"
        if any(variable.startswith("AWS_") for variable in it["Environment"]["Variables"]):
            yield f"{name} would look for AWS elsewhere"
        if not 128 <= it["MemorySize"] <= 512:
            yield f"{name} has {it['MemorySize']} MB"
        mails = any("ses:" in action for _, action, *_ in statements(template, it["Role"]))
        most = 29 if f"${{{name}}}" in served else lease - 1 if mails else 900
        if not 0 < it["Timeout"] <= most < doubt:
            yield f"{name} may run {it['Timeout']} s, of at most {most}"
    for name, it in template.of("AWS::ApiGateway::Stage").items():
        if not it.get("TracingEnabled"):
            yield f"{name} is not traced"


def tables(template):
    for name, it in template.of("AWS::DynamoDB::Table").items():
        if not it["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]:
            yield f"{name} cannot be restored"
        if not it.get("DeletionProtectionEnabled"):
            yield f"{name} can be deleted"
        if it["SSESpecification"] != {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "${Key.Arn}"}:
            yield f"{name} is not encrypted with the key"
        yield from kept(template, name)
    policy = template.of("AWS::DynamoDB::Table")["EventsTable"]["ResourcePolicy"]["PolicyDocument"]
    denied = {action for it in policy["Statement"] for action in listed(it["Action"])
              if it["Effect"] == "Deny" and it["Principal"] == "*" and "Condition" not in it}
    for action in ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"):
        if f"dynamodb:{action}" not in denied:
            yield f"EventsTable does not deny {action}"
    alone = {"ForAllValues:StringNotEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}
    if not any((it["Effect"], it["Principal"], it["Action"]) == ("Deny", "*", "dynamodb:PutItem")
               and it.get("Condition") == alone for it in policy["Statement"]):
        yield "EventsTable does not deny a PutItem outside a transaction"


def buckets(template):
    for name, it in template.of("AWS::S3::Bucket").items():
        if set(it.get("PublicAccessBlockConfiguration", {}).values()) != {True}:
            yield f"{name} may be public"
        rule = it["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
        if rule != {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "${Key.Arn}"}:
            yield f"{name} is not encrypted with the key"
        if it["VersioningConfiguration"] != {"Status": "Enabled"}:
            yield f"{name} has no versions"
        yield from kept(template, name)
        yield from tls_only(template, name, "AWS::S3::BucketPolicy", "Bucket")
    for name, it in template.of("AWS::KMS::Key").items():
        if not it.get("EnableKeyRotation"):
            yield f"{name} is not rotated"
        yield from kept(template, name)


def denies(template, policy, sid, *actions, **condition):
    """Whether a bucket's policy denies these to everybody who is not excepted by the condition."""
    for it in template.of("AWS::S3::BucketPolicy")[policy]["PolicyDocument"]["Statement"]:
        if it["Sid"] == sid:
            whole = it["Resource"] == "${" + policy.removesuffix("Policy") + ".Arn}/*"
            return whole and (it["Effect"], it["Principal"]) == ("Deny", "*") \
                and set(actions) <= set(listed(it["Action"])) and it["Condition"] == condition
    return False


def documents(template):
    """What a role allows with documents, the bucket's policy takes back in these cases."""
    unclean = {"s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"}
    link = {"s3:authType": "REST-QUERY-STRING"}
    scanner = {"aws:PrincipalArn": "${MalwareScanRole.Arn}"}
    inside = {"aws:PrincipalArn": ["${DocumentsRole.Arn}", "${MalwareScanRole.Arn}"]}
    reading = ("s3:GetObject", "s3:GetObjectVersion")
    tagging = ("s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")
    policy = "DocumentsBucketPolicy"
    if not denies(template, policy, "NoReadingUnlessFoundClean", *reading, StringNotEquals=unclean, ArnNotEquals=inside):
        yield "an object that was not found clean can be read"
    if not denies(template, policy, "NoLinkUnlessFoundClean", *reading, StringNotEquals=unclean, StringEquals=link):
        yield "a link opens an object that was not found clean"
    if not denies(template, policy, "NoLinkOlderThanTwoMinutes", *reading, NumericGreaterThan={"s3:signatureAge": "120000"}, StringEquals=link):
        yield "a link to read may last"
    if not denies(template, policy, "OnlyTheScannerTags", *tagging, ArnNotEquals=scanner):
        yield "others than the scanner can say that an object is clean"
    new = {"s3:ObjectCreationOperation": "true"}
    if not denies(template, policy, "NoOverwriting", "s3:PutObject", Null={"s3:if-none-match": "true"}, Bool=new, ArnNotEquals=scanner):
        yield "an object can be put in the place of another"


def anchors(template):
    """Who writes histories cannot write anchors, and nobody can take one back."""
    it = template.of("AWS::S3::Bucket")["AnchorsBucket"]
    kept = it.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention", {})
    if not it.get("ObjectLockEnabled") or kept.get("Mode") != "COMPLIANCE" or int(kept.get("Days", 0)) < 1:
        yield "an anchor can be deleted"
    audit = {"aws:PrincipalArn": "${AuditRole.Arn}"}
    if not denies(template, "AnchorsBucketPolicy", "OnlyTheAuditWrites", "s3:PutObject", ArnNotEquals=audit):
        yield "others than the audit can write anchors"
    if not denies(template, "AnchorsBucketPolicy", "NoOverwriting", "s3:PutObject", Null={"s3:if-none-match": "true"}):
        yield "an anchor can be overwritten"


def signing_in(template):
    pool = template.of("AWS::Cognito::UserPool")["UserPool"]
    if not pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
        yield "people can add themselves to the user pool"
    if pool["MfaConfiguration"] != "ON" or pool["EnabledMfas"] != ["SOFTWARE_TOKEN_MFA"]:
        yield "a second factor is not asked of everyone, or goes by mail or telephone"
    if [it["Name"] for it in pool["AccountRecoverySetting"]["RecoveryMechanisms"]] != ["admin_only"]:
        yield "whoever has somebody's mailbox can become them"
    client = template.of("AWS::Cognito::UserPoolClient")["UserPoolClient"]
    if client["AllowedOAuthFlows"] != ["code"] or client["ExplicitAuthFlows"] != ["ALLOW_REFRESH_TOKEN_AUTH"]:
        yield "tokens are given otherwise than for a code"
    if (client["AccessTokenValidity"], client["TokenValidityUnits"]["AccessToken"]) != (15, "minutes"):
        yield "an access token is not good for fifteen minutes"


# These hold nothing of anyone's.
OPEN = {"/health", "/openapi.json"}


def api(template):
    for name, it in template.of("AWS::ApiGateway::RestApi").items():
        for path, methods in it["Body"]["paths"].items():
            for method, said in methods.items():
                if (path in OPEN) == bool(said.get("security")):
                    yield f"{name}: {method.upper()} {path} is open, or should be"
    for name, it in template.of("AWS::ApiGateway::Stage").items():
        for settings in it["MethodSettings"]:
            if settings["LoggingLevel"] != "OFF" or settings["DataTraceEnabled"]:
                yield f"{name} logs bodies and tokens"
            if not 0 < settings["ThrottlingRateLimit"] <= 50:
                yield f"{name} is not throttled"
        logged = it["AccessLogSetting"]["Format"]
        for personal in ("identity", "authorizer", "context.path", "requestOverride"):
            if personal in logged:
                yield f"{name} logs {personal}"
        if not any(f"${{{name}}}" in str(it) for it in template.of("AWS::WAFv2::WebACLAssociation").values()):
            yield f"{name} has no firewall before it"


def queues_and_topics(template):
    queues = template.of("AWS::SQS::Queue")
    dead = {name for name in queues if name.endswith("DeadLetters")}
    for name, it in queues.items():
        if not it.get("SqsManagedSseEnabled") and not it.get("KmsMasterKeyId"):
            yield f"{name} is not encrypted"
        if name not in dead and "RedrivePolicy" not in it:
            yield f"{name} has no dead-letter queue"
        if name in dead and it["MessageRetentionPeriod"] != 1209600:
            yield f"{name} does not keep what it holds for fourteen days"
        yield from tls_only(template, name, "AWS::SQS::QueuePolicy", "Queues")
    watched = {str(it.get("Dimensions")) for it in template.of("AWS::CloudWatch::Alarm").values()
               if it.get("MetricName") == "ApproximateNumberOfMessagesVisible"}
    for name in dead:
        if not any(f"${{{name}.QueueName}}" in dimensions for dimensions in watched):
            yield f"{name} has no alarm"
    for name, it in template.of("AWS::SNS::Topic").items():
        if it.get("KmsMasterKeyId") != "${Key.Arn}":
            yield f"{name} is not encrypted with the key"
        yield from tls_only(template, name, "AWS::SNS::TopicPolicy", "Topics")


def receipts(template):
    """Nobody but SES, by our configuration set, says what became of a mail."""
    set_of_ours = f"configuration-set/{template.parameters['AWS::StackName']}-mail"
    for kind, policy, action, source in [
        ("AWS::SNS::TopicPolicy", "ReceiptsTopicPolicy", "sns:Publish", set_of_ours),
        ("AWS::SQS::QueuePolicy", "ReceiptsQueuePolicy", "sqs:SendMessage", "${ReceiptsTopic}"),
    ]:
        allowed = [it for it in template.of(kind)[policy]["PolicyDocument"]["Statement"] if it["Effect"] == "Allow"]
        sources = [value.get("aws:SourceArn", "") for it in allowed for value in it.get("Condition", {}).values()]
        if [it["Action"] for it in allowed] != [action] or not any(it.endswith(source) for it in sources):
            yield f"{policy} lets others say what became of a mail"


def asynchronous(template):
    """Nothing is given up without a trace."""
    caught = {it["FunctionName"] for it in template.of("AWS::Lambda::EventInvokeConfig").values()
              if it.get("DestinationConfig", {}).get("OnFailure")}
    called = set()
    for name, it in template.of("AWS::Scheduler::Schedule").items():
        called.add(it["Target"]["Arn"])
        if "DeadLetterConfig" not in it["Target"]:
            yield f"{name} has no dead-letter queue"
    for name, it in template.of("AWS::Events::Rule").items():
        for target in it["Targets"]:
            called.add(target["Arn"])
            if "DeadLetterConfig" not in target:
                yield f"{name} has no dead-letter queue"
    for arn in called:
        if arn.replace(".Arn", "") not in caught:
            yield f"{arn} is called by events and has no destination for what fails"
    queues = template.of("AWS::SQS::Queue")
    timeouts = {f"${{{name}}}": it["Timeout"] for name, it in template.of("AWS::Lambda::Function").items()}
    for name, it in template.of("AWS::Lambda::EventSourceMapping").items():
        if it.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} takes a batch as a whole"
        queue = queues.get(it["EventSourceArn"].removeprefix("${").removesuffix(".Arn}"))
        if queue and queue["VisibilityTimeout"] < 6 * timeouts[it["FunctionName"]]:
            yield f"{name} would bring a message again while it is handled"
        if not queue and not (it.get("DestinationConfig") and it.get("BisectBatchOnFunctionError") and 0 < it.get("MaximumRetryAttempts", -1) and it.get("FilterCriteria")):
            yield f"{name} lets one bad record block the rest"
    for name, it in template.of("AWS::SNS::Subscription").items():
        if it["Protocol"] != "email" and "RedrivePolicy" not in it:
            yield f"{name} has no dead-letter queue"


def logs(template):
    groups = template.of("AWS::Logs::LogGroup")
    for name, it in groups.items():
        if not it.get("RetentionInDays") or it.get("KmsKeyId") != "${Key.Arn}":
            yield f"{name} is kept for ever, or is not encrypted with the key"
    for name, it in template.of("AWS::Lambda::Function").items():
        group = it["LoggingConfig"]["LogGroup"].strip("${}")
        if groups.get(group, {}).get("LogGroupName") != f"/aws/lambda/{it['FunctionName']}":
            yield f"{name} does not write to a log group of its own"


def alarms(template):
    metrics = set(re.findall(r"^    (\w+) in \"", (ROOT / "shared/cloud/src/telemetry/metric.rs").read_text(), re.M))
    stack = template.parameters["AWS::StackName"]
    watched = set()
    for name, it in template.of("AWS::CloudWatch::Alarm").items():
        if not it.get("AlarmActions") or not it.get("AlarmDescription"):
            yield f"{name} tells nobody, or does not say what it means"
        if it["Namespace"] == stack:
            watched.add(it["MetricName"])
            if it["MetricName"].endswith("Completed") and it["TreatMissingData"] != "breaching":
                yield f"{name} is silent where it should not be"
    for metric in watched - metrics:
        yield f"{metric} has an alarm and is never reported"
    for metric in metrics:
        if metric.endswith("Completed") and metric not in watched:
            yield f"{metric} may stay away unnoticed"


def permissions(template):
    stack = template.parameters["AWS::StackName"]
    for name, it in template.of("AWS::Lambda::Function").items():
        function = it["FunctionName"].removeprefix(f"{stack}-")
        for sid, action, resource, condition in statements(template, it["Role"]):
            where = f"{function} ({sid})"
            if action.startswith("ses:") and function != "notices":
                yield f"{where}: only notices may send mail"
            reads = action in ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem")
            if function == "referrals" and (reads or action.startswith("s3:")):
                yield f"{where}: referrals may read nothing"
            writes = action.split(":")[1] in ("PutItem", "DeleteItem")
            enclosed = {"dynamodb:EnclosingOperation": "TransactWriteItems"}
            if writes and condition.get("ForAnyValue:StringEquals") != enclosed:
                yield f"{where}: {action} is not bound to a transaction"
            if resource == "${EventsTable.Arn}" and action in ("dynamodb:UpdateItem", "dynamodb:DeleteItem"):
                yield f"{where}: nobody may change an event"
            keys = condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
            gives = writes or action == "dynamodb:UpdateItem"
            if gives and not keys:
                yield f"{where}: {action} is not bound to keys"
            if gives and function != "directory" and any(key[:4] in ("ACTO", "CSP#") for key in keys):
                yield f"{where}: only the directory may give rights"


def statements(template, role):
    """(Sid, action, resource, condition) of everything that a role allows."""
    role = template.of("AWS::IAM::Role")[role.removeprefix("${").removesuffix(".Arn}")]
    attached = [template.of("AWS::IAM::ManagedPolicy")[it.strip("${}")]["PolicyDocument"] for it in role["ManagedPolicyArns"]]
    own = [it["PolicyDocument"] for it in role.get("Policies", [])]
    for document in attached + own:
        for it in document["Statement"]:
            assert it["Effect"] == "Allow", it
            for action in listed(it["Action"]):
                for resource in listed(it["Resource"]):
                    yield it.get("Sid", "-"), action, resource, it.get("Condition", {})


def listed(one_or_more):
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def kept(template, name):
    resource = template.resources[name]
    if not {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")} <= KEPT:
        yield f"{name} goes with the stack"


def tls_only(template, name, kind, property):
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    for it in template.of(kind).values():
        if any(f"${{{name}}}" == owner for owner in listed(it[property])):
            for statement in it["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Deny" and statement.get("Condition") == plain:
                    return
    yield f"{name} can be reached without TLS"


def named(template):
    """The name in AWS of everything that has one."""
    for name, resource in template.resources.items():
        kind = resource["Type"]
        if kind in NAMES:
            yield kind, name, template.value(resource.get("Properties", {})).get(NAMES[kind])


def held(mail, everything):
    """What stands still during a restore, and that nothing does otherwise."""
    for template, stopped in ((Expanded("one"), ()), (mail, ("NoticesFunction",)), (everything, None)):
        said = template.parameters["Hold"]
        starters = {name: (it["Target"]["Arn"], it["State"] == "ENABLED")
                    for name, it in template.of("AWS::Scheduler::Schedule").items()}
        starters |= {name: (it["FunctionName"], it["Enabled"])
                     for name, it in template.of("AWS::Lambda::EventSourceMapping").items()}
        for name, (function, enabled) in starters.items():
            function = function.removeprefix("${").removesuffix("}").removesuffix(".Arn")
            if enabled != (stopped is not None and function not in stopped):
                yield f"with Hold {said} {name} is {'not ' if not enabled else ''}enabled"
        reserved = template.of("AWS::Lambda::Function")["NoticesFunction"].get("ReservedConcurrentExecutions")
        if (reserved == 0) != (said != "none"):
            yield f"with Hold {said} NoticesFunction may run {reserved} times at once"


def restored(first, second):
    """A later generation has tables and anchors of its own, and the rest is the same."""
    before, after = ({name: called for _, name, called in named(it)} for it in (first, second))
    renewed = {name for name in before if before[name] != after[name]}
    if renewed != {"CasesTable", "EventsTable", "AnchorsBucket"}:
        yield f"another generation renames {', '.join(sorted(renewed))}"
    table = second.of("AWS::DynamoDB::Table")["EventsTable"]
    for statement in table["ResourcePolicy"]["PolicyDocument"]["Statement"]:
        if not statement["Resource"].endswith(f":table/{table['TableName']}"):
            yield f"the policy of {table['TableName']} is one of {statement['Resource']}"


def collisions(first, second):
    """What two stacks of one account would both want."""
    names = {(kind, name): called for kind, name, called in named(first)}
    for kind, name, called in named(second):
        if called is None and kind in MAY_BE_NAMELESS or kind in ONE_OF_AN_ACCOUNT:
            continue
        if called is None or called == names[kind, name]:
            yield f"{name} is called {called} in every stack"
    kinds = {resource["Type"] for resource in first.resources.values()}
    for kind in sorted(kinds - set(NAMES) - NAMELESS):
        yield f"{kind}: say in infra/proof/rules.py whether it has a name"


# Known by what they belong to.
NAMELESS = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Stage",
    "AWS::Cognito::UserPoolIdentityProvider",
    "AWS::Cognito::UserPoolResourceServer",
    "AWS::GuardDuty::MalwareProtectionPlan",
    "AWS::KMS::Key",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::WAFv2::WebACLAssociation",
}


def main():
    template = Expanded("one", AlarmEmail="alarms@dhr.example", Federation="saml")
    problems = [*check(template), *collisions(template, Expanded("two", AlarmEmail="alarms@dhr.example", Federation="saml"))]
    problems += held(Expanded("one", Hold="mail"), Expanded("one", Hold="everything"))
    problems += restored(Expanded("one"), Expanded("one", Generation="2"))
    fail(problems)
    print(f"{len(template.resources)} resources, and each as it should be")


if __name__ == "__main__":
    main()
