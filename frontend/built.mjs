// Writes a built file of a page: `make assets`.
//
// Each opens with the hash of its sources and of what follows, so that a test can tell, without Node,
// whether somebody changed the one and forgot the other.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

function sources(folders, ending) {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = readdirSync(folder).filter((name) => name.endsWith(ending) || name === "package.json");
    for (const name of names.sort()) {
      hash.update(`${name}\0`).update(readFileSync(join(folder, name))).update("\0");
    }
  }
  return hash.digest("hex");
}

// A function that writes `name` into `target`, built from the files of `folders` that end in `ending`;
// `shown` is how they are called, `holds` whose parts are in it.
export function writer({ folders, shown, target, holds }) {
  return (name, ending, body) => {
    const text = `${body.replace(/^\uFEFF/, "").trim()}\n`;
    const output = createHash("sha256").update(text).digest("hex");
    const header = [
      `/*! Built by \`make assets\` from ${shown}; change it there.`,
      ` * sources ${sources(folders, ending)}`,
      ` * output ${output}`,
      ` * Holds parts of ${holds} */`,
    ].join("\n");
    writeFileSync(join(target, name), `${header}\n${text}`);
    console.log(`${name}: ${(gzipSync(`${header}\n${text}`).length / 1024).toFixed(1)} KiB gzipped`);
  };
}
