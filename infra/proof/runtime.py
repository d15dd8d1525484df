"""Each function under AWS's own runtime interface emulator, with the recorded payloads.

The emulator is the one that `sam local` puts into its containers; here it runs on the host, with
the settings that the deployed function has.
"""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import samcli

from emulator import ROOT, WORK

EMULATOR = Path(samcli.__file__).parent / "local" / "rapid" / "aws-lambda-rie-x86_64"

# Which of infra/events each function is for, by the beginnings of their names, and the status of
# each answer to a request: nobody is who sends it, and then referrer-1 is.
REQUESTS = {
    "referrals": {"apigw-*-referral": (401, 201)},
    "casework": {"apigw-*-case": (401, 404), "apigw-*-action": (401, 404)},
    "documents": {"apigw-*-document": (401, 404)},
    "directory": {"apigw-*-people": (401, 403)},
}
EVENTS = {
    "documents": ["guardduty-*"],
    "deadlines": ["scheduler-sweep", "scheduler-reconcile", "stream-new-case"],
    "notices": ["scheduler-sweep", "stream-outbox"],
    "receipts": ["ses-*"],
    "audit": ["scheduler-anchor", "scheduler-verify"],
}


def replay(stack):
    """Gives every recorded payload to the function that it is for."""
    recorded = {path for path in (ROOT / "infra/events").glob("*.json")}
    used = set()
    assert {*REQUESTS, *EVENTS} == set(stack.functions()), "some function has no payload"
    for function, deployed in sorted(stack.functions().items()):
        with running(function, deployed, stack.emulator) as invoke:
            for pattern, statuses in REQUESTS.get(function, {}).items():
                for path in named(pattern):
                    used.add(path)
                    for token, expected in zip((None, stack.people.token("referrer-1")), statuses):
                        answer = invoke(request(path, token))
                        assert answer.get("statusCode") == expected, (path.name, answer)
            for pattern in EVENTS.get(function, []):
                for path in named(pattern):
                    used.add(path)
                    answer = invoke(path.read_text())
                    failed = isinstance(answer, dict) and (
                        "errorType" in answer or answer.get("batchItemFailures")
                    )
                    assert not failed, (path.name, answer)
        print(f"{function} answers under the runtime interface emulator", flush=True)
    assert used == recorded, f"given to no function: {recorded - used}"


def named(pattern):
    found = sorted((ROOT / "infra/events").glob(f"{pattern}.json"))
    assert found, f"there is no infra/events/{pattern}.json"
    return found


def request(path, token):
    """A recorded request, with another token in it."""
    text = path.read_text()
    assert "Bearer REPLACE-ME" in text, path
    return text.replace("REPLACE-ME", token) if token else text


@contextlib.contextmanager
def running(function, deployed, emulator):
    """The function as it is deployed, until the end of the block; gives how to invoke it."""
    settings = {
        **{name: os.environ[name] for name in ("HOME", "PATH")},
        **deployed["Environment"]["Variables"],
        **{name: value for name, value in emulator.environment.items() if name.startswith("AWS_")},
        "AWS_LAMBDA_FUNCTION_NAME": deployed["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployed["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(deployed["Timeout"]),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    }
    address, runtime = free_address(), free_address()
    bootstrap = ROOT / "target" / "lambda" / function / "bootstrap"
    command = [
        EMULATOR,
        "--runtime-interface-emulator-address",
        address,
        "--runtime-api-address",
        runtime,
        bootstrap,
    ]
    with open(WORK / f"runtime-{function}.log", "w") as log:
        process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
        try:
            await_start(process, address)
            yield lambda payload: ask(address, payload)
        finally:
            process.terminate()
            process.wait(30)


def free_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def await_start(process, address):
    host, port = address.split(":")
    for _ in range(100):
        assert process.poll() is None, "the runtime interface emulator has ended"
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the runtime interface emulator does not listen")


def ask(address, payload):
    url = f"http://{address}/2015-03-31/functions/function/invocations"
    with urllib.request.urlopen(url, payload.encode(), timeout=60) as answer:
        return json.loads(answer.read() or "null")
