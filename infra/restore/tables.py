"""The two tables as DynamoDB gives them: read whole, compared, copied."""

from collections import Counter

from botocore.exceptions import ClientError

# DynamoDB's limit is 100 items and 4 MB in a transaction; an item has at most 400 KB.
MOST_ITEMS = 100
MOST_BYTES = 3_000_000


def text(item, name):
    """An attribute that is text or a number, as text; None if it is not there."""
    value = item.get(name, {})
    return value.get("S", value.get("N"))


def key(item):
    return text(item, "pk"), text(item, "sk")


def kind(item):
    """What an item is, by the beginning of its keys: see shared/cloud/src/store/keys.rs."""
    pk, sk = (part.split("#")[0] for part in key(item))
    return sk if pk in ("CASE", "CSP") else pk


def scan(dynamodb, table):
    """Every item by its key, as it is now."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return {key(item): item for page in pages for item in page["Items"]}


def counts(items):
    return dict(sorted(Counter(kind(item) for item in items.values()).items()))


def differences(source, target):
    """Keys that are missing, added or changed in the target."""
    missing = sorted(source.keys() - target.keys())
    added = sorted(target.keys() - source.keys())
    changed = sorted(it for it in source.keys() & target.keys() if source[it] != target[it])
    return missing, added, changed


def in_order(items):
    """What others depend on first: nobody can do anything before their membership is there, and
    nothing is done about a case before its item is."""
    last = {"CASE": 1, "ACTOR": 2}
    return sorted(items.values(), key=lambda item: (last.get(kind(item), 0), key(item)))


def copy(dynamodb, source, table):
    """Adds every item that is not there yet and changes none that is.

    In transactions, because the policy of the events' table lets nobody add an event otherwise.
    An interrupted copy is taken up by copying again. Gives how many items were there already.
    """
    there = 0
    for some in batches(in_order(source)):
        while some:
            puts = [
                {
                    "Put": {
                        "TableName": table,
                        "Item": item,
                        "ConditionExpression": "attribute_not_exists(pk)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                }
                for item in some
            ]
            try:
                dynamodb.transact_write_items(TransactItems=puts)
                break
            except ClientError as error:
                reasons = error.response.get("CancellationReasons")
                if not reasons:
                    raise
            rest = []
            for item, reason in zip(some, reasons):
                if reason.get("Code") != "ConditionalCheckFailed":
                    rest.append(item)
                elif reason.get("Item") == item:
                    there += 1
                else:
                    raise SystemExit(f"{table} has another {' '.join(key(item))}; copy into empty tables")
            if len(rest) == len(some):
                raise SystemExit(f"{table} cannot be written: {reasons}")
            some = rest
    return there


def batches(items):
    some, size = [], 0
    for item in items:
        # The JSON of an item is longer than what DynamoDB counts.
        weight = len(str(item))
        if some and (len(some) == MOST_ITEMS or size + weight > MOST_BYTES):
            yield some
            some, size = [], 0
        some.append(item)
        size += weight
    if some:
        yield some
