'use strict';
// The form's rules as trees: {f: field, last: [choices]} or {f: field, cases: [{has: [choices], then: tree}]}; choice 0 is "none".
// A field's rules are those that end in it; the fields before it decide them.
const { fields, rules } = JSON.parse(document.getElementById('rules').textContent);
const controls = fields.map((_, i) => document.getElementById('f' + i));
const endings = fields.map((_, i) => rules.filter((rule) => ending(rule) === i));
const SEARCH_STEPS = 20000;

function ending(tree) {
  while (!tree.last) tree = tree.cases[0].then;
  return tree.f;
}

// What may stand in the rule's last field; null: anything.
function left(tree, values) {
  while (tree && !tree.last) {
    const found = tree.cases.find((c) => c.has.includes(values[tree.f]));
    tree = found ? found.then : null;
  }
  return tree ? tree.last : null;
}

function allowed(values, i) {
  const sets = endings[i].map((rule) => left(rule, values)).filter((set) => set);
  return fields[i].offered.filter((c) => sets.every((set) => set.includes(c)));
}

// Whether something may stand in each of the fields from `i` on. Where that takes too long to find out, it is taken to be so.
function leadsOn(values, i, steps) {
  if (i === fields.length || --steps.left < 0) return true;
  if (endings[i].length === 0) return leadsOn(values, i + 1, steps);
  return allowed(values, i).some((c) => {
    values[i] = c;
    return leadsOn(values, i + 1, steps);
  });
}

function choicesOf(values, i) {
  return allowed(values, i).filter((c) => {
    const trial = values.slice(0, i);
    trial[i] = c;
    return leadsOn(trial, i + 1, { left: SEARCH_STEPS });
  });
}

function read(i) {
  const text = controls[i].value;
  return fields[i].choices ? Number(text) : text === '' ? 0 : 1;
}

function nameOf(i, choice) {
  return fields[i].choices[choice - 1].text;
}

// Fills a list anew only where it changes, so that it stays open and focused.
function offer(i, choices) {
  const select = controls[i];
  const wanted = [0, ...choices.filter((c) => c !== 0)];
  if (wanted.join() === Array.from(select.options, (o) => o.value).join()) return;
  const chosen = Number(select.value);
  select.replaceChildren(...wanted.map((c) => new Option(c === 0 ? '\u2014' : nameOf(i, c), c)));
  select.value = wanted.includes(chosen) ? chosen : 0;
}

function clearIllegal(i, choices) {
  const chosen = read(i);
  if (chosen === 0 || choices.includes(chosen)) return '';
  const was = fields[i].choices ? nameOf(i, chosen) : 'What stood here';
  controls[i].value = fields[i].choices ? '0' : '';
  return was + ' was cleared: it can\u2019t be chosen any more. ';
}

function hint(i, choices, cleared) {
  const field = fields[i];
  let text = cleared;
  if (choices.length === 0) text += 'Nothing can be chosen here with what stands above.';
  else if (choices.length === 1 && choices[0] === 0) text += 'Nothing to choose here.';
  else if (field.max !== undefined) text += controls[i].value.length + ' of ' + field.max + ' characters';
  const place = document.getElementById('h' + i);
  if (place.textContent !== text) place.textContent = text;
}

function follow() {
  const values = [];
  const missing = [];
  fields.forEach((field, i) => {
    const choices = choicesOf(values, i);
    const cleared = clearIllegal(i, choices);
    if (field.choices) offer(i, choices);
    values[i] = read(i);
    const needed = !choices.includes(0);
    controls[i].disabled = !choices.some((c) => c !== 0);
    controls[i].required = needed;
    document.getElementById('m' + i).hidden = !needed;
    hint(i, choices, cleared);
    if (needed && values[i] === 0) missing.push(field.label);
    else if (!controls[i].validity.valid) missing.push(field.label);
  });
  show(values, missing);
}

function valueOf(i, choice) {
  const field = fields[i];
  const text = controls[i].value;
  if (field.choices) return field.choices[choice - 1].value;
  if (field.kind === 'number') return Number(text);
  if (field.kind === 'list') return text.split('\n').filter((line) => line !== '');
  return text;
}

function show(values, missing) {
  const entries = fields.flatMap((field, i) =>
    values[i] === 0 ? [] : [[field.name, valueOf(i, values[i])]]);
  document.getElementById('result').textContent = JSON.stringify(Object.fromEntries(entries), null, 2);
  const status = document.getElementById('status');
  const text = missing.length ? 'Still needed: ' + missing.join(', ') : 'Complete';
  status.className = missing.length ? 'missing' : 'complete';
  if (status.textContent !== text) status.textContent = text;
}

const form = document.getElementById('form');
form.addEventListener('input', follow);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(follow));
follow();
