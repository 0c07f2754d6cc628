"""Mappings for the tests of `duet form`, each with what its form takes, worked out here from the same lists and nothing else."""
import itertools
import random
import subprocess
import os

DUET = os.environ["DUET_BIN"]
ROOT = os.environ["DUET_SOURCE_DIR"]


class Case:
    """`fields`: (name, choices) of the form's enums, None for "none"; `takes`: whether a choice of each, by name, is legal."""

    def __init__(self, name, side, fields, takes, text=None, path=None):
        self.name, self.side, self.fields, self.takes = name, side, fields, takes
        self.text, self.path = text, path

    def write(self, folder):
        if self.text is not None:
            self.path = os.path.join(folder, self.name + ".duet")
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(self.text)

    def form(self, *options):
        done = subprocess.run([DUET, "form", self.path, "--side", self.side, *options],
                              capture_output=True, encoding="utf-8")
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: exit {done.returncode}: {done.stderr}\n{self.text or ''}")
        return done.stdout

    def combinations(self):
        names = [name for name, _ in self.fields]
        for choice in itertools.product(*(values for _, values in self.fields)):
            yield dict(zip(names, choice))


def instance(choice):
    """What has no value is left out."""
    return {name: value for name, value in choice.items() if value is not None}


# --- the shipped mapping, by what the vendors' documents say ------------------------------------------------

VERDICTS = {
    "Undetermined": [],
    "TruePositive": ["SuspiciousActivity"],
    "BenignPositive": ["SuspiciousButExpected"],
    "FalsePositive": ["IncorrectAlertLogic", "InaccurateData"],
}
REASONS = [reason for reasons in VERDICTS.values() for reason in reasons]


def shipped(side, prefix, statuses):
    def takes(choice):
        verdict, reason = choice[prefix + "classification"], choice[prefix + "reason"]
        if choice["status"] is None:
            return False
        if reason is not None and reason not in VERDICTS.get(verdict, []):
            return False
        if choice["status"] != "Closed":
            return True
        return verdict is not None and (reason is not None or not VERDICTS[verdict])

    fields = [("status", [None, *statuses]), (prefix + "classification", [None, *VERDICTS]),
              (prefix + "reason", [None, *REASONS])]
    return Case("shipped-" + side, side, fields, takes,
                path=os.path.join(ROOT, "mappings/sentinel-smartsoar.duet"))


# --- systems made of lists -------------------------------------------------------------------------------------

def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def words(names):
    return ", ".join(quoted(name) for name in names)


def system(name, kinds, reasons, legal, needed, extra=""):
    """`legal`: reasons by kind, None: any; `needed`: the fields that a closed record must have."""
    mark = {field: " required when closed" if field in needed else "" for field in ("kind", "reason")}
    if legal is None:
        reason = f"reason : enum ({words(reasons)}) at r{mark['reason']};"
    else:
        rows = " ".join(f"{quoted(kind)} : {words(legal[kind]) or 'none'};" for kind in kinds)
        reason = f"reason : enum by kind at r{mark['reason']} {{ {rows} }}"
    return f"""
system {name} "the {name} <b>&amp;" {{
  record thing {{
    key : text at id;
    {extra}
    status : enum (Open, Closed) at s required;
    kind : enum ({words(kinds)}) at k{mark['kind']};
    {reason}
    closed when status == Closed;
  }}
}}
"""


def arms(pairs, arrow, turned):
    return " ".join(f"{quoted(b if turned else a)} {arrow} {quoted(a if turned else b)};"
                    for a, b in pairs.items())


def made(name, own, other, kind_arms, reason_arms, turned=False):
    """The form of `own`, whose values go to `other`; turned: `own` stands on the right. Each side: (kinds, reasons, legal, needed)."""
    arrow = "<-" if turned else "->"
    sides = [system("near", *own, extra="" if not turned else "ext : text at e;"),
             system("far", *other, extra="ext : text at e;" if not turned else "")]
    left, right = ("far", "near") if turned else ("near", "far")
    near, far = ("r", "l") if turned else ("l", "r")
    text = "edition 2026;\n" + "".join(sides) + f"""
mapping m between {left}.thing as l and {right}.thing as r {{
  link l.key <-> r.ext;
  first contact {near};
  field status l.status {arrow} r.status;
  field kind l.kind {arrow} r.kind {{ {arms(kind_arms, arrow, turned)} }}
  field reason l.reason {arrow} r.reason {{ {arms(reason_arms, arrow, turned)} }}
  on {near} change send all;
}}
"""

    def side_takes(side, status, kind, reason):
        kinds, reasons, legal, needed = side
        choices = reasons if legal is None else legal.get(kind, [])
        if legal is not None and reason is not None and reason not in choices:
            return False
        if status != "Closed":
            return True
        if "kind" in needed and kind is None:
            return False
        return not ("reason" in needed and reason is None and choices)

    def takes(choice):
        status, kind, reason = choice.get("status", "Open"), choice["kind"], choice["reason"]
        return (status is not None and side_takes(own, status, kind, reason) and
                side_takes(other, status, kind_arms.get(kind), reason_arms.get(reason)))

    own_reasons = own[1] if own[2] is None else \
        list(dict.fromkeys(reason for kind in own[0] for reason in own[2][kind]))
    fields = [("kind", [None, *own[0]]), ("reason", [None, *own_reasons])]
    if own[3] or other[3]:  # else nothing asks whether it is closed
        fields.insert(0, ("status", [None, "Open", "Closed"]))
    return Case(name, near, fields, takes, text=text)


def chance(number):
    """A random mapping; the same for the same number."""
    pick = random.Random(number)

    def side():
        kinds = [f"K{i}" for i in range(pick.randint(1, 4))]
        reasons = [f"R{i}" for i in range(pick.randint(1, 5))]
        legal = None
        if pick.random() < .75:
            legal = {kind: [r for r in reasons if pick.random() < .5] for kind in kinds}
            legal[kinds[0]] = legal[kinds[0]] or reasons[:1]
            reasons = list(dict.fromkeys(r for kind in kinds for r in legal[kind]))
        needed = [field for field in ("kind", "reason") if pick.random() < .5]
        return kinds, reasons, legal, needed

    own, other = side(), side()
    if own[2] is None and other[2] is None:
        own = (own[0], own[1], {kind: own[1] for kind in own[0]}, own[3])
    kind_arms = {kind: pick.choice(other[0]) for kind in own[0]}
    reason_arms = {reason: pick.choice(other[1]) for reason in own[1]}
    return made(f"chance-{number}", own, other, kind_arms, reason_arms, turned=pick.random() < .5)


HOSTILE = ["</script><script>document.title='x'</script>", 'a "quoted" <b>', "\\u003c & &amp; 'x'",
           "Überprüft – 誤検知 🎌", "__proto__", "none", "a,b; c"]


def odd():
    kinds = HOSTILE
    legal = {kind: [HOSTILE[(i + 1) % len(HOSTILE)], HOSTILE[i]] for i, kind in enumerate(kinds)}
    legal[kinds[2]] = []
    reasons = list(dict.fromkeys(r for kind in kinds for r in legal[kind]))
    same = ({name: name for name in kinds}, {name: name for name in reasons})
    yield made("hostile", (kinds, reasons, legal, ["kind"]), (kinds, reasons, None, []), *same)

    many = [f"value {i}" for i in range(200)]
    rows = {kind: many[i:i + 2] for i, kind in enumerate(many)}
    same = ({name: name for name in many},) * 2
    yield made("many", (many, many, rows, []), (many, many, None, ["reason"]), *same)

    # One side asks for a reason, and both lists have none in common: the kind can't be closed with.
    yield made("dead-end", (["A", "B"], ["X", "Y"], {"A": ["X"], "B": ["X", "Y"]}, ["kind", "reason"]),
               (["A", "B", "C"], ["X", "Y"], {"A": ["Y"], "B": ["Y"], "C": ["X"]}, []),
               {"A": "A", "B": "B"}, {"X": "X", "Y": "Y"})


def all_cases(chances):
    yield shipped("soar", "form.", ["Open", "In Progress", "On Hold", "Closed"])
    yield shipped("siem", "", ["New", "Active", "Closed"])
    yield from odd()
    for number in range(chances):
        yield chance(number)
