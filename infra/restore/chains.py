"""Histories and what was anchored of them, by the recipes of docs/audit.md and without the code
that wrote them."""

import hashlib
import json
from dataclasses import dataclass

from tables import text


def varying(value):
    data = value.encode()
    return len(data).to_bytes(8, "big") + data


def digest_of(pk):
    """By what an anchor names a case."""
    return hashlib.sha256(pk.encode()).hexdigest()


def name(pk):
    return pk.removeprefix("CASE#").replace("#", " ")


@dataclass
class Case:
    """A case as the tables have it."""

    pk: str
    version: int
    head: str
    due: str
    hashes: list
    documents: dict


def cases(cases_items):
    """The cases by partition key, without their histories."""
    found = {}
    for (pk, sk), item in cases_items.items():
        if pk.startswith("CASE#") and sk == "CASE":
            documents = json.loads(text(item, "body"))["file"].get("documents", {})
            version, due = int(text(item, "version")), text(item, "next_due")
            found[pk] = Case(pk, version, text(item, "head"), due, [], documents)
    return found


def verify(cases_items, events_items):
    """The cases, and a sentence for each whose history is not whole."""
    found, problems = cases(cases_items), []
    rows = {}
    for (pk, _), item in events_items.items():
        if pk.startswith("CASE#"):
            rows.setdefault(pk, []).append(item)
    for pk in sorted(found.keys() | rows.keys()):
        history = sorted(rows.get(pk, []), key=lambda item: text(item, "sk"))
        case = found.get(pk)
        if case is None:
            problems.append(f"{name(pk)}: there are {len(history)} events and no case")
            continue
        fault = walk(case, history, cases_items)
        if fault:
            problems.append(f"{name(pk)}: {fault}")
    return found, problems


def walk(case, history, cases_items):
    """The first thing that is wrong with a history, if anything is."""
    csp, reference = case.pk.removeprefix("CASE#").split("#")
    disposed = json.loads(text(cases_items[case.pk, "CASE"], "body"))["state"] == "DISPOSED"
    head = bytes(32)
    for seq, event in enumerate(history, 1):
        if text(event, "sk") != f"EVENT#{seq:06}":
            return f"event {seq} is missing"
        envelope, commit = text(event, "envelope"), text(event, "commit")
        if bytes.fromhex(text(event, "prev")) != head:
            return f"event {seq} does not follow the one before"
        place = varying(csp) + varying(reference) + seq.to_bytes(8, "big")
        sealed = b"dhr-event-v1" + head + place + varying(envelope) + bytes.fromhex(commit)
        head = hashlib.sha256(sealed).digest()
        if head.hex() != text(event, "hash"):
            return f"the hash of event {seq} is not that of the event"
        record = cases_items.get((case.pk, f"PAYLOAD#{seq:06}"))
        if record is None and not disposed:
            return f"the record of event {seq} is gone"
        if record is not None:
            bound = bytes.fromhex(text(record, "salt")) + text(record, "body").encode()
            if hashlib.sha256(bound).hexdigest() != commit:
                return f"the record of event {seq} is not the one committed to"
        case.hashes.append(head.hex())
    if case.version != len(history):
        return f"the case has version {case.version}, and {len(history)} events"
    if case.head != head.hex():
        return "the case's head is not the hash of its last event"
    return None


@dataclass
class Lost:
    """Of one case, what was anchored and is not in the restored history."""

    case: str
    first: int
    last: int

    def __str__(self):
        return f"{self.case}: events {self.first} to {self.last}"


def anchors(s3, bucket):
    """Of each case's digest, the events that were anchored: {digest: {seq: hash}}."""
    said, previous, number = {}, "0" * 64, 0
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="anchors/")
    for listed in sorted(it["Key"] for page in pages for it in page.get("Contents", [])):
        number += 1
        anchor = json.loads(s3.get_object(Bucket=bucket, Key=listed)["Body"].read())
        if (anchor["number"], anchor["previous"]) != (number, previous):
            raise SystemExit(f"anchor {number} of {bucket} is missing or does not follow the one before")
        previous = anchor["hash"]
        for case in anchor["cases"]:
            said.setdefault(case["case"], {})[case["seq"]] = case["head"]
    return said


def ahead(found, said, known=()):
    """What the anchors name and the restored histories lack; and what contradicts them. `known` are
    keys of cases that may be gone: an anchor shows no reference."""
    keys = {digest_of(pk): pk for pk in [*known, *found]}
    lost, contradicted = [], []
    for digest, heads in said.items():
        pk = keys.get(digest)
        hashes = found[pk].hashes if pk in found else []
        called = name(pk) if pk else f"a case anchored as {digest}"
        for seq, head in heads.items():
            if seq <= len(hashes) and hashes[seq - 1] != head:
                contradicted.append(f"{called}: event {seq} is not the one that was anchored")
        if max(heads) > len(hashes):
            lost.append(Lost(called, len(hashes) + 1, max(heads)))
    return sorted(lost, key=lambda it: it.case), sorted(contradicted)


def documents(s3, bucket, found):
    """How many finished documents the cases name, which of them the bucket has not, and which
    objects no case names: they were uploaded after the point of the restore, or never finished."""
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    versions = {(it["Key"], it["VersionId"]): it["Size"] for page in pages for it in page.get("Versions", [])}
    named, missing, unnamed = 0, [], {stored for stored, _ in versions}
    for case in found.values():
        for document, it in case.documents.items():
            unnamed.discard(it["key"])
            for content in contents(it["standing"]):
                named += 1
                # A bucket without versions calls every object's version null.
                version = content.get("version_id") or "null"
                if versions.get((it["key"], version)) != it["size"]:
                    missing.append(f"{name(case.pk)}: document {document}")
    return named, sorted(missing), sorted(unnamed)


def contents(standing):
    """The content that a document's standing names: none before the upload is complete."""
    if isinstance(standing, dict):
        for inner in standing.values():
            if isinstance(inner, dict) and "hash" in inner:
                yield inner
            else:
                yield from contents(inner)
