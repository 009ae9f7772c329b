// Starts `nixvirt lsp` for Nix files, and shows the XML of a spec in a document of its own.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const SCHEME = "nixvirt-xml";

let client;

async function activate(context) {
  const command = vscode.workspace.getConfiguration("nixvirt").get("path");
  client = new LanguageClient("nixvirt", "NixVirt", { command, args: ["lsp"] }, { documentSelector: [{ language: "nix" }] });
  await client.start();

  // The XML is what the last request returned.
  let xml = "";
  const provider = { provideTextDocumentContent: () => xml };
  const show = async () => {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const parameters = {
      textDocument: { uri: editor.document.uri.toString() },
      position: client.code2ProtocolConverter.asPosition(editor.selection.active),
    };
    const answer = await client.sendRequest("nixvirt/xml", parameters);
    if (answer === null) {
      vscode.window.showInformationMessage("There is no libvirt spec at the cursor.");
      return;
    }
    xml = answer;
    const uri = vscode.Uri.parse(`${SCHEME}:spec-${Date.now()}.xml`);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  };
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider),
    vscode.commands.registerCommand("nixvirt.showXml", show),
  );
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
