// Builds the editor, the style and the script of the workbench into coverage_service/workbench/static/:
// `make assets`.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";
import { writer } from "../built.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "..", "coverage_service", "workbench", "static");
const MODULES = join(HERE, "node_modules");

const write = writer({
  folders: [join(HERE, ".."), HERE],
  shown: "frontend/ and frontend/workbench/",
  target: STATIC,
  holds: "CodeMirror and govuk-frontend, MIT, see third-party.LICENSE.txt",
});

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
