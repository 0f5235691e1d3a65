// Builds the editor, the style and the script of the workbench into coverage_service/workbench/static/:
// `make assets`.  Each built file opens with the hash of this folder's sources and of what follows.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "..", "coverage_service", "workbench", "static");
const MODULES = join(HERE, "node_modules");

function sources(ending) {
  const names = readdirSync(HERE).filter((name) => name.endsWith(ending) || name === "package.json");
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    hash.update(`${name}\0`).update(readFileSync(join(HERE, name))).update("\0");
  }
  return hash.digest("hex");
}

function write(name, ending, body) {
  const text = `${body.replace(/^\uFEFF/, "").trim()}\n`;
  const output = createHash("sha256").update(text).digest("hex");
  const header = [
    "/*! Built by `make assets` from frontend/workbench/; change it there.",
    ` * sources ${sources(ending)}`,
    ` * output ${output}`,
    " * Holds parts of CodeMirror and govuk-frontend, MIT, see third-party.LICENSE.txt */",
  ].join("\n");
  writeFileSync(join(STATIC, name), `${header}\n${text}`);
  console.log(`workbench/${name}: ${(gzipSync(`${header}\n${text}`).length / 1024).toFixed(1)} KiB gzipped`);
}

// The licence of every package that a built file takes something from.
function licences(inputs) {
  const found = new Set(
    Object.keys(inputs)
      .map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
      .filter(Boolean),
  );
  const texts = [...found].sort().map((name) => {
    const folder = join(MODULES, name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? readFileSync(join(folder, file), "utf8") : readFileSync(join(HERE, "..", `${name}.LICENSE.txt`), "utf8");
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

mkdirSync(STATIC, { recursive: true });
const style = compile(join(HERE, "main.scss"), {
  style: "compressed",
  loadPaths: [join(MODULES, "govuk-frontend", "dist"), join(HERE, "..")],
});
const { outputFiles: [css] } = await build({
  stdin: { contents: style.css, loader: "css" }, minify: true, write: false, target: "es2018",
});
write("workbench.css", ".scss", css.text);

const { outputFiles: [js], metafile } = await build({
  entryPoints: [join(HERE, "main.js")], absWorkingDir: HERE,
  bundle: true, minify: true, write: false, format: "iife", target: "es2020", legalComments: "none", metafile: true,
});
write("workbench.js", ".js", js.text);
writeFileSync(join(STATIC, "third-party.LICENSE.txt"), licences(metafile.inputs));
copyFileSync(join(HERE, "..", "favicon.svg"), join(STATIC, "favicon.svg"));
