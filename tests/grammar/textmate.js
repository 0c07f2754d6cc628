'use strict';
// The TextMate grammar by VS Code's own tokenizer: what a sample's words are, and that all .duet files of the project are told apart whole.
// node textmate.js ROOT MODULES
const fs = require('fs');
const path = require('path');

const [root, modules] = process.argv.slice(2);
const load = (name) => require(path.join(modules, name));
const textmate = load('vscode-textmate');
const oniguruma = load('vscode-oniguruma');

let failures = 0;
function fail(text) {
  console.log(text);
  failures += 1;
}

// [line, [word, scope]...]: each word, in order, has a scope that begins so.
const SAMPLE = [
  ['edition 2026;', ['edition', 'keyword'], ['2026', 'constant.numeric'], [';', 'punctuation']],
  ['system desk "Desk # no comment" {', ['system', 'keyword'], ['desk', 'entity.name.type'], ['# no', 'string']],
  ['  text : text at body max 30000;   # text is a name, then a type', ['text', 'variable'], ['text', 'storage.type'],
    ['at', 'keyword'], ['# text', 'comment']],
  ['  count : integer as text at comment_count;', ['count', 'variable'], ['integer', 'storage'], ['text', 'storage']],
  ['mapping m between desk.ticket as l and b.thing as r {', ['m ', 'entity.name'], ['desk', 'variable.other.object'],
    ['ticket', 'variable.other.member'], ['as', 'keyword'], ['l ', 'variable.language'], ['and', 'keyword.operator']],
  ['  field status l.status <-> r.status conflict newest else r {', ['status', 'entity.name.function'],
    ['l', 'variable.other.object'], ['status', 'variable.other.member'], ['<->', 'keyword.operator.arrow'],
    ['r', 'variable'], ['conflict', 'keyword'], ['else', 'keyword']],
  ['    New <-> Open; High <- Critical; test -> "a \\"b\\"";', ['New', 'constant'], ['Open', 'constant'],
    ['High', 'constant'], ['Critical', 'constant'], ['test', 'constant'], ['\\"', 'constant.character.escape']],
  ['  on r change send owner when r.status != Open;', ['on', 'keyword'], ['r', 'variable.language'],
    ['change', 'keyword'], ['send', 'keyword'], ['owner', 'variable'], ['when', 'keyword.control'],
    ['!=', 'keyword.operator']],
  ['  quota write ticket 75 per 5min by token;', ['5min', 'constant.numeric.duration'], ['token', 'variable']],
  ['  read ticket GET "/tickets/{key}?x={{y}}";', ['GET', 'support.function'], ['{key}', 'constant.other.placeholder'],
    ['{{', 'constant.character.escape']],
  ['  query { since: since, "$top": -1.5 }', ['since', 'variable.other.property'], ['since', 'variable.other.duet'],
    ['"$top"', 'punctuation.definition.string'], ['-1.5', 'constant.numeric']],
  ['  given l { status = Active; owner = none; }', ['status', 'variable.other.property'], ['Active', 'variable'],
    ['owner', 'variable.other.property'], ['none', 'constant.language']],
  ['a "unfinished', ['"', 'punctuation.definition.string']],
  ['b ? $', ['b', 'variable'], ['?', 'invalid'], ['$', 'invalid']],
];

function tokensOf(grammar, text) {
  let stack = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return { line, tokens };
  });
}

function scopesAt(tokens, at) {
  return tokens.find((token) => token.startIndex <= at && at < token.endIndex).scopes;
}

function checkSample(grammar) {
  const lines = tokensOf(grammar, SAMPLE.map(([line]) => line).join('\n'));
  SAMPLE.forEach(([line, ...expected], i) => {
    let from = 0;
    for (const [word, scope] of expected) {
      const at = line.indexOf(word, from);
      const scopes = scopesAt(lines[i].tokens, at);
      if (!scopes.some((s) => s.startsWith(scope))) fail(`${line}: '${word}' is ${scopes.join(' ')}, expected ${scope}`);
      from = at + word.length;
    }
  });
}

function checkKeywords(grammar) {
  const rules = fs.readFileSync(path.join(root, 'grammar/duet.l'), 'utf8');
  const words = Array.from(rules.matchAll(/^"(\w+)" +\{ return duet_scan_word/gm), (found) => found[1]);
  if (words.length < 100) fail(`grammar/duet.l: only ${words.length} words were found`);
  for (const word of words) {
    const scopes = scopesAt(tokensOf(grammar, ` ${word} `)[0].tokens, 1);
    if (!scopes.some((s) => /^(keyword|storage|support)\./.test(s))) fail(`'${word}' is ${scopes.join(' ')}, no keyword`);
  }
}

// Comments and texts as the language has them; a file that is right has no illegal or nameless character.
function checkFile(grammar, file) {
  for (const [number, { line, tokens }] of tokensOf(grammar, fs.readFileSync(file, 'utf8')).entries()) {
    const code = line.replace(/"(?:[^"\\]|\\.)*"?/g, (text) => 'S'.repeat(text.length));
    const comment = code.indexOf('#') < 0 ? line.length : code.indexOf('#');
    for (const token of tokens) {
      const scopes = token.scopes.join(' ');
      const text = line.slice(token.startIndex, token.endIndex);
      const what = token.startIndex >= comment ? 'comment' : code[token.startIndex] === 'S' && line[token.startIndex] !== 'S'
        ? 'string' : '';
      if (text.trim() === '') continue;
      const place = `${path.relative(root, file)}:${number + 1}: '${text}' is ${scopes}`;
      if (token.scopes.length < 2 || scopes.includes('invalid')) fail(place);
      else if (what && !scopes.includes(what)) fail(`${place}, expected ${what}`);
      else if (what && /keyword|storage/.test(scopes)) fail(`${place}, within a ${what}`);
    }
  }
}

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return ['build', '.git', 'node_modules', 'corpus'].includes(entry.name) ? [] : filesBelow(full);
    return entry.name.endsWith('.duet') ? [full] : [];
  });
}

async function main() {
  const wasm = fs.readFileSync(path.join(modules, 'vscode-oniguruma/release/onig.wasm')).buffer;
  await oniguruma.loadWASM(wasm);
  const file = path.join(root, 'grammar/duet.tmLanguage.json');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, 'utf8'), file),
  });
  const grammar = await registry.loadGrammar('source.duet');
  checkSample(grammar);
  checkKeywords(grammar);
  const files = filesBelow(root);
  if (files.length < 5) fail(`only ${files.length} .duet files were found`);
  files.forEach((duet) => checkFile(grammar, duet));
  console.log(`${files.length} files`);
  process.exit(failures ? 1 : 0);
}

main();
