"""Counts what the functions ask of AWS, as AWS would charge for it: `count.py PORT EMULATOR-PORT`.

It stands between the local system and an emulator of DynamoDB and S3, and lets every request pass:

    . infra/proof/tools
    SERVICES=dynamodb,dynamodbstreams,s3 GATEWAY_PORT=4566 ministack &
    python3 infra/proof/count.py 4567 4566 >counted.json &
    cargo run -- demo --aws-endpoint http://127.0.0.1:4567
    kill %2

Counting begins with the first referral, so that what setting up a laptop takes stays out of it.
What is counted: write units by the size of each item before and after, twice in a transaction, and
of the indexes that it moves in; read units by the bytes that come back and the consistency asked
for (a scan is counted as one request only: what it reads is all that there is); S3's requests by
kind; the bytes that are left. The emulator of the mail is inside the local system, which counts
the mails itself. infra/cost.py turns the figures into money.
"""

import http.client
import http.server
import json
import math
import signal
import socketserver
import sys
import threading
from collections import Counter

INDEXES = (("due_shard", "next_due"), ("outbox_shard", "not_before"))
# What only a laptop asks: the scanner looks for objects, the stream's poller for records.
LAPTOP = {"GetRecords", "GetShardIterator", "DescribeStream", "DescribeTable", "CreateTable"}
# A key that the emulator takes; it checks no signature.
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0"

counted, lock = Counter(), threading.Lock()
# The bytes of each item as it was last written, by table.
held = {"cases": {}, "events": {}}
connections = threading.local()
begun = threading.Event()


def value_bytes(value):
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return len(held) // 2 + 2
        case "M":
            return 3 + sum(1 + len(name.encode()) + value_bytes(it) for name, it in held.items())
        case "L":
            return 3 + sum(1 + value_bytes(it) for it in held)
    return 1


def item_bytes(item):
    return sum(len(name.encode()) + value_bytes(value) for name, value in (item or {}).items())


def units(size, each):
    return max(1, math.ceil(size / each))


def ask(method, path, headers, body):
    """Passes a request on, and tries once more where the emulator has closed the line."""
    for attempt in (0, 1):
        line = getattr(connections, "line", None)
        line = connections.line = line or http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]))
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                line.putheader(name, value)
            line.endheaders(body)
            answer = line.getresponse()
            return answer, answer.read()
        except (http.client.HTTPException, OSError):
            connections.line = None
            if attempt:
                raise


def stored(part):
    body = json.dumps({"TableName": part["TableName"], "Key": key(part), "ConsistentRead": True}).encode()
    headers = [("host", "127.0.0.1"), ("content-type", "application/x-amz-json-1.0"),
               ("x-amz-target", "DynamoDB_20120810.GetItem"), ("authorization", SIGNED),
               ("content-length", str(len(body)))]
    return json.loads(ask("POST", "/", headers, body)[1]).get("Item")


def key(part):
    return part["Key"] if "Key" in part else {name: part["Item"][name] for name in ("pk", "sk")}


def written(operation, asked):
    """The items that a request writes, or requires to be so."""
    if operation == "TransactWriteItems":
        return [part for entry in asked["TransactItems"] for part in entry.values()]
    return [asked] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []


def count_writes(operation, parts, before, after):
    times = 2 if operation == "TransactWriteItems" else 1
    counted["transactions" if times == 2 else "single_writes"] += 1
    mails = [old is None and key(part)["sk"]["S"].startswith("OUTBOX#") for part, old in zip(parts, before)]
    counted["doorbells"] += any(mails)
    for part, old, new in zip(parts, before, after):
        for table, items in held.items():
            if part["TableName"].startswith(table):
                items[json.dumps(key(part), sort_keys=True)] = item_bytes(new)
        counted["write_units"] += times * units(max(item_bytes(old), item_bytes(new)), 1024)
        for names in INDEXES:
            was, became = ([(it or {}).get(name) for name in names] for it in (old, new))
            if was != became:
                counted["index_write_units"] += (was[0] is not None) + (became[0] is not None)


def count_read(operation, asked, answer):
    counted[operation] += 1
    if operation != "Scan":
        found = [answer["Item"]] if "Item" in answer else answer.get("Items", [])
        whole = units(sum(map(item_bytes, found)), 4096)
        # The sweeps' questions are counted by the clock and not by the review.
        kind = "sweep_read_units" if "IndexName" in asked else "read_units"
        counted[kind] += whole if asked.get("ConsistentRead") else whole / 2


def count_object(method, path, query):
    bucket = "anchors" if path.lstrip("/").startswith("anchors") else "documents"
    names = {part.split("=")[0] for part in query.split("&")}
    if "list-type" in names and bucket == "documents":
        return
    puts = method in ("PUT", "POST") or "list-type" in names or "uploadId" in names
    counted[f"{bucket}_{'puts' if puts else 'gets'}"] += 1


class Pass(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def pass_on(self):
        if self.headers.get("expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        dropped = ("content-length", "expect", "connection", "transfer-encoding")
        headers = [it for it in self.headers.items() if it[0].lower() not in dropped]
        headers.append(("content-length", str(len(body))))
        target = self.headers.get("x-amz-target", "")
        operation = target.rsplit(".")[-1]
        asked = json.loads(body) if target else {}
        parts = written(operation, asked) if operation not in LAPTOP else []
        if any(part.get("Item", {}).get("sk", {}).get("S", "").startswith("DHR-") for part in parts):
            begun.set()
        before = [stored(part) for part in parts] if begun.is_set() else []
        answer, data = ask(self.command, self.path, headers, body)
        if begun.is_set() and operation not in LAPTOP:
            after = [stored(part) for part in parts]
            with lock:
                if parts:
                    count_writes(operation, parts, before, after)
                elif target:
                    count_read(operation, asked, json.loads(data))
                else:
                    path, _, query = self.path.partition("?")
                    count_object(self.command, path, query)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in dropped:
                self.send_header(name, value)
        # The answer to HEAD has the length of what it does not have.
        length = answer.getheader("content-length") if self.command == "HEAD" else len(data)
        self.send_header("content-length", str(length or 0))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        Server(("127.0.0.1", int(sys.argv[1])), Pass).serve_forever()
    except KeyboardInterrupt:
        bytes_held = {f"{table}_table_bytes": sum(items.values()) for table, items in held.items()}
        print(json.dumps(dict(sorted({**counted, **bytes_held}.items())), indent=2))


if __name__ == "__main__":
    main()
