// Tries the extension in a real VS Code: code-server, driven in Chromium. It opens a file with a mistake, and expects the
// problem, a completion, a description, a fix, and the XML. `CODE_SERVER`, `CHROMIUM` and `NIXVIRT` name other commands
// than `code-server`, `chromium` and `nixvirt`. A picture of the window is left in `try.png`.
const { chromium } = require("playwright-core");
const { execFileSync, spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

const ADDRESS = "127.0.0.1:8473";

const SPEC = `# nixvirt: network
{
  name = "lan";
  forward.mode = "natt";
  ip = { address = "192.168.74.1"; prefix = 24; };
}
`;

const codeServer = process.env.CODE_SERVER ?? "code-server";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nixvirt-"));
const common = ["--user-data-dir", path.join(folder, "user"), "--extensions-dir", path.join(folder, "extensions")];

function settings(all) {
  fs.mkdirSync(path.join(folder, "user/User"), { recursive: true });
  fs.writeFileSync(path.join(folder, "user/User/settings.json"), JSON.stringify(all));
}

async function inEditor(page) {
  await page.goto(`http://${ADDRESS}/?folder=${folder}/work`);
  await page.getByText("lan.nix").first().dblclick();
  const editor = page.locator(".editor-instance").first();
  const problem = page.locator(".squiggly-error").first();

  const goTo = async (line, column) => {
    await page.keyboard.press("Control+g");
    await page.keyboard.type(`:${line}:${column}`);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(500);
  };
  const command = async (name) => {
    await page.keyboard.press("F1");
    await page.keyboard.type(name);
    await page.locator(".quick-input-list").getByText(name).first().waitFor();
    await page.keyboard.press("Enter");
  };

  await problem.waitFor();
  await editor.click();
  await goTo(4, 20);
  await command("Problems: Focus on Problems View");
  await page.getByText('invalid network forward mode "natt"').first().waitFor();
  console.log("The problem is shown.");

  await editor.click();
  await goTo(4, 11);
  await command("Show or Focus Hover");
  await page.locator(".monaco-hover").getByText("Forwarding mode of the network.").first().waitFor();
  console.log("The description is shown.");
  await page.keyboard.press("Escape");

  await goTo(4, 19);
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-widget").getByText("passthrough").first().waitFor();
  console.log("The words are offered.");
  await page.screenshot({ path: "try.png" });
  await page.keyboard.press("Escape");

  await goTo(4, 20);
  await page.keyboard.press("Control+.");
  const fix = page.getByText('Change to `"nat"`').first();
  await fix.waitFor();
  await page.keyboard.press("Enter");
  await problem.waitFor({ state: "detached" });
  console.log("The fix mends the problem.");

  await command("NixVirt: Show the XML of the spec");
  const xml = page.locator('.editor-instance[data-uri^="nixvirt-xml"], .editor-instance').last();
  await xml.getByText("<forward").first().waitFor();
  console.log("The XML is shown.");
  await editor.click();
  await goTo(3, 14);
  await page.keyboard.type("x");
  await xml.getByText("lanx").first().waitFor();
  console.log("The XML follows the spec.");
  await page.screenshot({ path: "try.png" });
}

async function main() {
  fs.mkdirSync(path.join(folder, "work"));
  fs.writeFileSync(path.join(folder, "work/lan.nix"), SPEC);
  settings({ "nixvirt.path": process.env.NIXVIRT ?? "nixvirt", "security.workspace.trust.enabled": false });
  execFileSync(codeServer, [...common, "--install-extension", "nixvirt.vsix"]);
  const server = spawn(codeServer, [...common, "--auth", "none", "--bind-addr", ADDRESS], { stdio: "ignore" });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(60000);
    try {
      await inEditor(page);
    } catch (error) {
      await page.screenshot({ path: "try.png" });
      throw error;
    }
  } finally {
    await browser.close();
    server.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
