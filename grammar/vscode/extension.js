'use strict';
// Starts `duet lsp` where the library that speaks to language servers is there: `npm install` in this folder gets it.
const vscode = require('vscode');

let client;

function library() {
  try {
    return require('vscode-languageclient/node');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

function activate(context) {
  const command = vscode.workspace.getConfiguration('duet').get('command', 'duet');
  if (!command) return undefined;
  const speaking = library();
  if (!speaking) {
    vscode.window.showInformationMessage(
      'duet: highlighting only. For findings, hover and completion run `npm install` in ' + context.extensionPath);
    return undefined;
  }
  client = new speaking.LanguageClient('duet', 'duet', { command, args: ['lsp'] },
    { documentSelector: ['file', 'untitled'].map((scheme) => ({ scheme, language: 'duet' })) });
  return client.start();
}

function deactivate() {
  return client && client.stop();
}

module.exports = { activate, deactivate };
