"""The pages of `duet form` in a browser: each list offers what is legal with what stands above, and what becomes illegal is cleared."""
import json
import os
import shutil
import sys
import tempfile

from jsonschema import Draft202012Validator
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import systems

CHANCES = 6
MOST = 60  # combinations tried on one page; of more, as many spread evenly

# What the page shows, in one question: for each field its choices, the one chosen, whether it is required and what is hinted.
READ = """
return {
  fields: Array.from(document.querySelectorAll('#form .field'), (div) => {
    const control = div.querySelector('select, textarea, input');
    return {
      options: control.options ? Array.from(control.options, (o) => o.text).slice(1) : null,
      chosen: control.options ? control.selectedOptions[0].text : control.value,
      required: control.required && !div.querySelector('.mark').hidden,
      disabled: control.disabled,
      label: document.querySelector('label[for=' + control.id + ']').firstChild.textContent,
      hint: document.getElementById(control.getAttribute('aria-describedby')).textContent,
    };
  }),
  result: JSON.parse(document.getElementById('result').textContent),
  status: document.getElementById('status').textContent,
  title: document.title,
};
"""
CHOOSE = """
const select = document.querySelectorAll('#form .field')[arguments[0]].querySelector('select');
const option = Array.from(select.options).find((o) => o.text === arguments[1]);
if (!option) return false;
select.value = option.value;
select.dispatchEvent(new Event('input', { bubbles: true }));
return true;
"""
NONE = "\u2014"


def browser():
    options = Options()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def fail(case, choice, text):
    sys.exit(f"{case.name}: after {choice}: {text}\n{case.text or ''}")


class Page:
    """A case's page, open in the browser."""

    def __init__(self, driver, case, folder):
        self.driver, self.case = driver, case
        path = os.path.join(folder, case.name + ".html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(case.form("--format", "html"))
        driver.get("file://" + path)
        self.validator = Draft202012Validator(json.loads(case.form()))
        self.names = [name for name, _ in case.fields]
        self.values = [values for _, values in case.fields]
        self.legal = [tuple(c[name] for name in self.names) for c in case.combinations() if case.takes(c)]

    def read(self):
        return self.driver.execute_script(READ)

    def choose(self, index, value):
        return self.driver.execute_script(CHOOSE, index, NONE if value is None else value)

    def expect(self, chosen):
        """The page shows these choices, a list of what is legal with them, and the result that the schema judges alike."""
        shown = self.read()
        for i, name in enumerate(self.names):
            left = {c[i] for c in self.legal if c[:i] == tuple(chosen[:i])}
            field = shown["fields"][i]
            self.same(chosen, name + " shows", field["chosen"], chosen[i] or NONE)
            if not left:  # something above is still needed
                continue
            self.same(chosen, name + " offers", field["options"],
                      [v for v in self.values[i] if v is not None and v in left])
            self.same(chosen, name + " is required", field["required"], None not in left)
        self.same(chosen, "result", shown["result"], systems.instance(dict(zip(self.names, chosen))))
        self.same(chosen, "complete", shown["status"] == "Complete", tuple(chosen) in self.legal)
        self.same(chosen, "valid", self.validator.is_valid(shown["result"]), tuple(chosen) in self.legal)

    def same(self, chosen, what, found, expected):
        if found != expected:
            fail(self.case, chosen, f"{what}: {found}, expected {expected}")

    def follow(self, chosen, index, value):
        """What the page should show once `value` is chosen: what stands behind and is illegal then is gone."""
        chosen = list(chosen)
        chosen[index] = value
        for i in range(index + 1, len(chosen)):
            if not any(c[:i + 1] == tuple(chosen[:i + 1]) for c in self.legal):
                chosen[i] = None
        return chosen

    def walk(self):
        """From one legal combination to the next, one list after the other, the first first."""
        chosen = [None] * len(self.names)
        self.expect(chosen)
        step = max(1, len(self.legal) // MOST)
        for goal in self.legal[::step]:
            for i, value in enumerate(goal):
                if not self.choose(i, value):
                    fail(self.case, chosen, f"{self.names[i]} doesn't offer {value}")
                chosen = self.follow(chosen, i, value)
                self.expect(chosen)


def shipped_says_what_was_cleared(page):
    for index, value in enumerate(["Closed", "FalsePositive", "InaccurateData"]):
        page.choose(index, value)
    page.choose(1, "TruePositive")
    reason = page.read()["fields"][2]
    if not reason["hint"].startswith("InaccurateData was cleared") or reason["chosen"] != NONE:
        fail(page.case, "FalsePositive, then TruePositive", f"the reason shows {reason}")
    if page.read()["status"] != "Still needed: Reason":
        fail(page.case, "TruePositive", "it doesn't say that the reason is needed")


def shipped_goes_by_keyboard(page):
    page.driver.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    page.driver.find_element(By.CSS_SELECTOR, "label").click()
    for letters in ("Cl", "Fa", "Inac", "seen"):
        page.driver.switch_to.active_element.send_keys(letters)
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
    result = page.read()["result"]
    if result != {**dict(zip(page.names, ("Closed", "FalsePositive", "InaccurateData"))),
                  "form.comment": "seen"}:
        fail(page.case, "typing", f"the result is {result}")


def is_quiet(driver, case):
    for entry in driver.get_log("browser"):
        fail(case, "all", f"the browser says {entry['message']}")
    foreign = driver.execute_script("return performance.getEntriesByType('resource').map((e) => e.name);")
    if foreign:
        fail(case, "all", f"the page asks for {foreign}")


if not shutil.which("chromium") or not shutil.which("chromedriver"):
    print("skipped: no chromium with its driver")
    sys.exit(77)
driver = browser()
try:
    with tempfile.TemporaryDirectory() as folder:
        for case in systems.all_cases(CHANCES):
            case.write(folder)
            page = Page(driver, case, folder)
            page.walk()
            if case.name == "shipped-soar":
                shipped_says_what_was_cleared(page)
                shipped_goes_by_keyboard(page)
            is_quiet(driver, case)
            print(f"{case.name}: {len(page.legal)} legal combinations")
finally:
    driver.quit()
