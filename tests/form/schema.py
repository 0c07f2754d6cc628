"""The schemas of `duet form`: each combination of choices is accepted if the systems' own lists take it, and refused if not."""
import json
import random
import sys
import tempfile

from jsonschema import Draft202012Validator

import systems

CHANCES = 60
MOST = 3000  # combinations of one case that are refused: of more, as many by chance


def check(case):
    schema = json.loads(case.form())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    counts = [0, 0]
    judged = [(choice, case.takes(choice)) for choice in case.combinations()]
    refused = [choice for choice, takes in judged if not takes]
    if len(refused) > MOST:
        refused = random.Random(1).sample(refused, MOST)
        judged = [pair for pair in judged if pair[1]] + [(choice, False) for choice in refused]
    for choice, expected in judged:
        counts[expected] += 1
        if validator.is_valid(systems.instance(choice)) != expected:
            sys.exit(f"{case.name}: {choice} should be {'accepted' if expected else 'refused'}\n"
                     f"{case.text or ''}")
    example = systems.instance(next(c for c in case.combinations() if case.takes(c)))
    for wrong in ({"more": 1}, {"status": "Elsewhere"}, {"status": None}, {"status": 0}):
        if validator.is_valid({**example, **wrong}):
            sys.exit(f"{case.name}: {wrong} should be refused")
    return counts


total = [0, 0]
with tempfile.TemporaryDirectory() as folder:
    for case in systems.all_cases(CHANCES):
        case.write(folder)
        refused, accepted = check(case)
        if not refused or not accepted:
            sys.exit(f"{case.name}: {accepted} accepted and {refused} refused says nothing")
        total = [total[0] + refused, total[1] + accepted]
print(f"{total[1]} combinations accepted, {total[0]} refused, all as expected")
