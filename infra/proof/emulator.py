"""The AWS emulator that the stack is deployed to, and what is in it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import boto3

REGION = "eu-west-2"
ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "proof"

# What can be listed, and what each thing is called.
LISTINGS = (
    ("apigateway", "get_rest_apis", "items", "name"),
    ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("cognito-idp", "list_user_pools", "UserPools", "Name"),
    ("dynamodb", "list_tables", "TableNames", None),
    ("events", "list_rules", "Rules", "Name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("scheduler", "list_schedules", "Schedules", "Name"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"),
    ("ses", "list_configuration_sets", "ConfigurationSets", "Name"),
    ("ses", "list_identities", "Identities", None),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", None),
)


class Emulator:
    """A running emulator that enforces the roles, as AWS does."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        # What `sam` and boto3 read; "test" is who may do everything.
        self.environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }

    @contextlib.contextmanager
    def running(self):
        WORK.mkdir(parents=True, exist_ok=True)
        settings = {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": self.endpoint.rsplit(":", 1)[1],
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
        }
        with open(WORK / "emulator.log", "w") as log:
            process = subprocess.Popen(
                ["ministack"], env={**self.environment, **settings}, stdout=log, stderr=log
            )
            try:
                self.await_start(process)
                yield self
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

    def await_start(self, process):
        for _ in range(150):
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                return self.open(f"{self.endpoint}/_ministack/health")
            time.sleep(0.2)
        raise SystemExit(f"the emulator does not serve; see {WORK / 'emulator.log'}")

    def client(self, service):
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def open(self, url, data=None, headers=None, method=None):
        """Status and body, whatever the status."""
        request = urllib.request.Request(url, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()

    def subjects(self):
        """Of every mail that was sent."""
        status, body = self.open(f"{self.endpoint}/_ministack/ses/messages")
        assert status == 200, body
        accounts = json.loads(body)["messages"].values()
        return [mail["Subject"] for mails in accounts for mail in mails]

    def inventory(self):
        """Everything that there is, but for what the `sam` tool keeps for itself."""
        found = set()
        for service, operation, key, name in LISTINGS:
            limit = {"MaxResults": 60} if service == "cognito-idp" else {}
            for item in getattr(self.client(service), operation)(**limit).get(key) or []:
                called = item[name] if name else item
                if "aws-sam-cli-managed-default" not in called:
                    found.add(f"{service} {called}")
        kms = self.client("kms")
        for key in kms.list_keys()["Keys"]:
            state = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"]
            if state != "PendingDeletion":
                found.add(f"kms key {key['KeyId']}")
        return found
