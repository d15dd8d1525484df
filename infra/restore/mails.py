"""Mails that went out after the point of a restore, so that none of them goes out again.

Three things say which: the old table, where it can still be read; the log of the function
`notices`, which names each mail before it is handed to SES and again when SES has taken it; and the
log of `receipts`. The restored table knows nothing of it, and two things would repeat a mail:

- an item that was owed at that point, and was sent since. It has the same id, because the history
  up to it is the same;
- an item of an event that came after that point and is lost. When the sweep finds the same deadline
  again, or people enter the event again, the mail is owed again, under another id. What it says is
  the same, and that is what it is known by.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass

from tables import key, text

HANDED, SENT, NOT_TAKEN, NOTED = (
    "a mail is handed to SES",
    "a mail was sent",
    "a mail was not taken",
    "a receipt was noted",
)
# A receipt of an item that the table has no more.
UNKNOWN = "a receipt names an unknown outbox item; it was ignored"
# What SES's answer must say for a mail not to be taken; another one proves nothing.
REFUSED = ("NotNow", "Never")
OWED = ("PENDING", "SENDING")


@dataclass(frozen=True)
class Place:
    """An outbox item: `<csp>_<reference>_<seq>_<n>[_<actor>]`, as shared/cloud spells it."""

    csp: str
    reference: str
    seq: int
    n: int
    person: str | None

    @classmethod
    def parse(cls, spelled):
        csp, reference, seq, n, *person = spelled.split("_")
        return cls(csp, reference.upper(), int(seq), int(n), person[0] if person else None)

    @classmethod
    def of(cls, item):
        pk, sk = key(item)
        _, csp, reference = pk.split("#")
        _, seq, n, *person = sk.split("#")
        return cls(csp, reference, int(seq), int(n), person[0] if person else None)

    @property
    def pk(self):
        return f"CASE#{self.csp}#{self.reference}"

    @property
    def sk(self):
        return "#".join(["OUTBOX", f"{self.seq:06}", f"{self.n:03}", *filter(None, [self.person])])

    def __str__(self):
        parts = [self.csp, self.reference.lower(), str(self.seq), str(self.n), self.person]
        return "_".join(filter(None, parts))

    def to(self, person, n):
        return Place(self.csp, self.reference, self.seq, n, person)


@dataclass
class Known:
    """What is known of one mail: what it says, and whether it went out."""

    place: Place
    effect: str | None = None
    sent: bool = False
    #: How often the log says that it was handed to SES, and that SES would not take it.
    handed: int = 0
    refused: int = 0
    #: Whether the old table leaves it open; the log knows better, where it says anything.
    open: bool = False

    @property
    def fate(self):
        if self.sent:
            return "sent"
        return "in doubt" if self.handed > self.refused or self.open and not self.handed else None


def letter(place, effect):
    """What a mail says and to whom, however its item is called. A list that it was addressed to
    does not count once it is for one person: someone who is on two lists gets one mail."""
    said = json.loads(effect)
    to = said.pop("to")
    addressee = place.person or json.dumps(to, sort_keys=True)
    return place.pk, json.dumps(said, sort_keys=True), addressee


class Record:
    """What is known of the mails since the point of the restore, by place."""

    def __init__(self):
        self.mails = {}

    def mail(self, place):
        return self.mails.setdefault(place, Known(place))

    def read_table(self, items):
        """An old table that can still be read."""
        for item in items.values():
            if key(item)[1].startswith("OUTBOX#"):
                mail = self.mail(Place.of(item))
                mail.effect = text(item, "effect")
                tried = int(text(item, "attempt")) > 0
                mail.sent |= text(item, "status") == "SENT"
                mail.open |= tried and text(item, "status") in (*OWED, "HUMAN")

    def read_log(self, lines):
        """Lines of `notices` and `receipts`, in their order: JSON on AWS, text on a laptop."""
        for line in lines:
            said = fields(line)
            if not said or "outbox" not in said:
                continue
            try:
                mail = self.mail(Place.parse(said["outbox"]))
            except ValueError:
                continue
            message = said["message"]
            mail.sent |= message in (SENT, NOTED, UNKNOWN)
            if message == HANDED:
                mail.effect, mail.handed = said["effect"], mail.handed + 1
            mail.refused += message == NOT_TAKEN and said["answer"] in REFUSED

    def went_out(self):
        """Those that were sent, and those of which it cannot be told."""
        return [it for it in self.mails.values() if it.fate]


def fields(line):
    """The message and the fields of a log line, or nothing."""
    if line.startswith("{"):
        try:
            return json.loads(line)
        except ValueError:
            return None
    plain = re.sub(r"\x1b\[[0-9;]*m", "", line)
    for message in (HANDED, SENT, NOT_TAKEN, NOTED, UNKNOWN):
        before, found, rest = plain.partition(f": {message}")
        # On a laptop the fields follow the message.
        if found:
            said = {}
            for name, quoted, bare in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))', rest):
                said[name] = json.loads(f'"{quoted}"') if quoted else bare
            return {"message": message, **said}
    return None


@dataclass
class Settling:
    """One change of the restored table, and why."""

    place: Place
    status: str
    effect: str
    #: The first item of the event that says the same, where an item for one person is added.
    letter: str | None
    new: bool


@dataclass
class Plan:
    """What to change, what a person must look at, and what went out of events that are lost and
    are not there again: it would be repeated if they were entered after the release."""

    settlings: dict
    people: list
    waiting: Counter


def plan(restored, now, record):
    """What to do about the table `now` so that nothing that went out goes out again. `restored` is
    what the point of the restore left: it says where each history stood."""
    stood = {pk: int(text(item, "version")) for (pk, sk), item in restored.items() if sk == "CASE"}
    items = {Place.of(item): item for found, item in now.items() if found[1].startswith("OUTBOX#")}
    plan = Plan({}, [], Counter())
    lists = {}
    for place, item in items.items():
        if place.person is None:
            for n in {place.n, int(text(item, "letter") or place.n)}:
                lists.setdefault(place.to(None, n), item)
    for mail in record.went_out():
        place = mail.place
        if place.seq > stood.get(place.pk, 0):
            if mail.effect:
                plan.waiting[(*letter(place, mail.effect), mail.fate)] += 1
            else:
                plan.people.append(f"{place}: it went out, and nothing tells what it said")
            continue
        source = items.get(place) or lists.get(place.to(None, place.n))
        if source is None:
            plan.people.append(f"{place}: it went out, and the restored table has no such item")
        else:
            settle(plan, items, place, source, mail.fate)
    again = [it for it in items if it.seq > stood.get(it.pk, 0)]
    for place in sorted(again, key=lambda it: (it.pk, it.sk)):
        item = items[place]
        if text(item, "status") not in OWED:
            continue
        pk, what, addressee = letter(place, text(item, "effect"))
        for lost in [it for it in plan.waiting if it[:2] == (pk, what)]:
            if lost[2] == addressee:
                settle(plan, items, place, item, lost[3])
            elif place.person is None and not lost[2].startswith("{"):
                one = place.to(lost[2], int(text(item, "letter") or place.n))
                settle(plan, items, one, item, lost[3])
            else:
                continue
            plan.waiting[lost] -= 1
            plan.waiting += Counter()
    for settling in plan.settlings.values():
        if settling.status == "HUMAN":
            told = "it was handed to SES, and nothing tells whether SES took it"
            plan.people.append(f"{settling.place}: {told}")
    plan.people.sort()
    return plan


def settle(plan, items, place, source, fate):
    """Notes what becomes of one item, which may have to be made of the list that it comes of."""
    item = items.get(place)
    if item is None or text(item, "status") in (*OWED, "SUPPRESSED"):
        status = "SENT" if fate == "sent" else "HUMAN"
        effect, first = text(source, "effect"), text(source, "letter")
        plan.settlings[place] = Settling(place, status, effect, first, item is None)


def carry_out(dynamodb, table, settling):
    """Makes one change; gives whether it was made. The item leaves the index of what is owed, as
    the store's own steps do it; one for a person who is on a list is there before the list is
    looked at, so that nothing is sent to them."""
    place = settling.place
    if settling.new:
        item = {
            "pk": {"S": place.pk},
            "sk": {"S": place.sk},
            "id": {"S": str(place)},
            "effect": {"S": settling.effect},
            "status": {"S": settling.status},
            "attempt": {"N": "1"},
        }
        if settling.letter:
            item["letter"] = {"N": settling.letter}
        asked = {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        call = dynamodb.put_item
    else:
        asked = {
            "Key": {"pk": {"S": place.pk}, "sk": {"S": place.sk}},
            "UpdateExpression": "SET #status = :to REMOVE outbox_shard, not_before",
            "ConditionExpression": "#status IN (:pending, :sending, :suppressed)",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {
                ":to": {"S": settling.status},
                ":pending": {"S": "PENDING"},
                ":sending": {"S": "SENDING"},
                ":suppressed": {"S": "SUPPRESSED"},
            },
        }
        call = dynamodb.update_item
    try:
        call(TableName=table, **asked)
        return True
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
