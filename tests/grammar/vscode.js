'use strict';
// The folder for VS Code without VS Code: its manifest names what is there, and extension.js starts what it should, in a VS Code of cardboard.
// node vscode.js ROOT
const assert = require('assert');
const fs = require('fs');
const Module = require('module');
const path = require('path');

const folder = path.join(process.argv[2], 'grammar/vscode');
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const manifest = read('package.json');
const language = manifest.contributes.languages[0];
const grammar = manifest.contributes.grammars[0];

// What a shipped extension has: all that the manifest names, and nothing forgotten.
const named = [manifest.main, language.configuration, grammar.path].map((file) => path.normalize(file)).sort();
assert.deepStrictEqual(manifest.files.filter((file) => file !== 'node_modules/**').sort(), named);
named.forEach((file) => assert(fs.existsSync(path.join(folder, file)), file));
assert.deepStrictEqual(fs.readdirSync(folder).filter((file) => !/^(node_modules|LICENSE|package.*\.json)$/.test(file)).sort(), named);
assert.strictEqual(grammar.language, language.id);
assert.deepStrictEqual(manifest.activationEvents, ['onLanguage:' + language.id]);
assert.strictEqual(read('duet.tmLanguage.json').scopeName, grammar.scopeName);
const configuration = read('language-configuration.json');
[configuration.wordPattern, ...Object.values(configuration.indentationRules)].forEach((pattern) => new RegExp(pattern));
// The program is the person's choice, never a folder's.
assert.strictEqual(manifest.contributes.configuration.properties['duet.command'].scope, 'machine');

// What `activate` does with a setting, with the library or without.
function activated(command, hasLibrary) {
  const seen = { messages: [], clients: [], stopped: 0 };
  class LanguageClient {
    constructor(id, name, server, client) { seen.clients.push({ server, client }); }
    start() { return Promise.resolve(); }
    stop() { seen.stopped += 1; return Promise.resolve(); }
  }
  const vscode = {
    workspace: { getConfiguration: (section) => ({ get: (key) => (section + '.' + key === 'duet.command' ? command : undefined) }) },
    window: { showInformationMessage: (text) => seen.messages.push(text) },
  };
  const load = Module._load;
  Module._load = function (name, ...rest) {
    if (name === 'vscode') return vscode;
    if (name !== 'vscode-languageclient/node') return load.call(this, name, ...rest);
    if (hasLibrary) return { LanguageClient };
    throw Object.assign(new Error(name), { code: 'MODULE_NOT_FOUND' });
  };
  const file = path.join(folder, manifest.main);
  delete require.cache[require.resolve(file)];
  const extension = require(file);
  extension.activate({ extensionPath: folder });
  extension.deactivate();
  Module._load = load;
  return seen;
}

const started = activated('/opt/duet', true);
assert.deepStrictEqual(started.clients.map((one) => one.server), [{ command: '/opt/duet', args: ['lsp'] }]);
// Not the other side of a comparison, which has a scheme of its own.
assert.deepStrictEqual(started.clients[0].client.documentSelector.map((one) => one.scheme + ' ' + one.language), ['file duet', 'untitled duet']);
assert.strictEqual(started.stopped, 1);
assert.deepStrictEqual(activated('', true), { messages: [], clients: [], stopped: 0 });
const without = activated('duet', false);
assert.deepStrictEqual([without.clients.length, without.messages.length], [0, 1]);
assert(without.messages[0].includes('npm install'));
