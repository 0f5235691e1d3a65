// Builds the style and the script of the page into coverage_service/web/static/: `make assets`.
//
// Each built file opens with the hash of its sources and of what follows, so that a test can tell,
// without Node, whether somebody changed the one and forgot the other.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "coverage_service", "web", "static");
const { devDependencies } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));

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
    "/*! Built by `make assets` from frontend/; change it there.",
    ` * sources ${sources(ending)}`,
    ` * output ${output}`,
    ` * Holds parts of govuk-frontend ${devDependencies["govuk-frontend"]}, MIT, see govuk-frontend.LICENSE.txt */`,
  ].join("\n");
  writeFileSync(join(STATIC, name), `${header}\n${text}`);
  console.log(`${name}: ${(gzipSync(`${header}\n${text}`).length / 1024).toFixed(1)} KiB gzipped`);
}

const style = compile(join(HERE, "main.scss"), {
  style: "compressed",
  loadPaths: [join(HERE, "node_modules", "govuk-frontend", "dist")],
});
// A second pass merges what Sass leaves apart.
const { outputFiles: [css] } = await build({
  stdin: { contents: style.css, loader: "css" }, minify: true, write: false, target: "es2018",
});
write("main.css", ".scss", css.text);

const { outputFiles: [js] } = await build({
  entryPoints: [join(HERE, "main.js")],
  bundle: true, minify: true, write: false, format: "iife", target: "es2018", legalComments: "none",
});
write("main.js", ".js", js.text);

for (const name of ["favicon.svg", "govuk-frontend.LICENSE.txt"]) {
  copyFileSync(join(HERE, name), join(STATIC, name));
}
