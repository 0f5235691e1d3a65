// Builds the style and the script of the page into coverage_service/web/static/: `make assets`.
import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";
import { writer } from "./built.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "coverage_service", "web", "static");
const { devDependencies } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));

const write = writer({
  folders: [HERE],
  shown: "frontend/",
  target: STATIC,
  holds: `govuk-frontend ${devDependencies["govuk-frontend"]}, MIT, see govuk-frontend.LICENSE.txt`,
});

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
