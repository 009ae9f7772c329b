// Starts `nixvirt lsp` for Nix files, and shows the XML of a spec in a document of its own.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

// The document that shows the XML. VS Code takes its title and its language from the path.
const XML = vscode.Uri.parse("nixvirt-xml:/spec.xml");

let client;

async function activate(context) {
  const xml = new SpecXml();
  context.subscriptions.push(
    xml.changed,
    vscode.workspace.registerTextDocumentContentProvider(XML.scheme, xml),
    vscode.commands.registerCommand("nixvirt.showXml", () => xml.show()),
    vscode.workspace.onDidChangeTextDocument((change) => xml.follow(change.document)),
    vscode.window.onDidChangeTextEditorSelection((change) => xml.follow(change.textEditor.document)),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("nixvirt.path") && start()),
  );
  await start();
}

// Starts the server that the settings name, in place of the one that runs.
async function start() {
  await deactivate();
  const settings = vscode.workspace.getConfiguration("nixvirt");
  const command = settings.get("path");
  const started = new LanguageClient("nixvirt", "NixVirt", { command, args: ["lsp"] }, {
    documentSelector: [{ language: "nix" }],
    // Otherwise the client reports a server that does not start in words of its own.
    initializationFailedHandler: () => false,
  });
  try {
    await started.start();
    client = started;
  } catch (error) {
    const set = "Set its path";
    const message = `\`${command} lsp\` does not start (${error.message}). Is nixvirt installed?`;
    vscode.window.showErrorMessage(message, set).then((chosen) => {
      if (chosen === set) vscode.commands.executeCommand("workbench.action.openSettings", "nixvirt.path");
    });
  }
}

async function deactivate() {
  const running = client;
  client = undefined;
  await running?.stop();
}

// The XML of the spec at the cursor.
class SpecXml {
  changed = new vscode.EventEmitter();
  onDidChange = this.changed.event;
  text = "";

  provideTextDocumentContent() {
    return this.text;
  }

  async show() {
    if (!(await this.read())) {
      vscode.window.showInformationMessage("There is no libvirt spec at the cursor.");
      return;
    }
    const document = await vscode.workspace.openTextDocument(XML);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  // Shows what became of the spec, once nobody has typed for a moment.
  follow(document) {
    const isShown = vscode.window.visibleTextEditors.some((editor) => editor.document.uri.scheme === XML.scheme);
    if (!isShown || document !== vscode.window.activeTextEditor?.document) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(), 200);
  }

  // Asks for the XML. Returns whether there is any; if not, the last one stays.
  async read() {
    const editor = vscode.window.activeTextEditor;
    if (!client || editor?.document.languageId !== "nix") return false;
    const xml = await client.sendRequest("nixvirt/xml", {
      textDocument: { uri: client.code2ProtocolConverter.asUri(editor.document.uri) },
      position: client.code2ProtocolConverter.asPosition(editor.selection.active),
    });
    if (xml === null) return false;
    this.text = xml;
    this.changed.fire(XML);
    return true;
  }
}

module.exports = { activate, deactivate };
