// What the page gains from JavaScript. Everything on it works without; nothing is stored.
//
// The file is loaded in the head without `defer`: the class below is then on the page before its first
// paint, so that an answer's own field does not show and vanish. The style blocks that paint anyway.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { copyButton } from "./copy.js";
import { fromFragment } from "./fragment.js";
import { ExitThisPage } from "./leave.js";
import { Radios } from "./radios.js";
import { able, steps } from "./steps.js";

const SUPPORTED = "govuk-frontend-supported";
const root = document.documentElement;

function each(selector, start) {
  for (const element of document.querySelectorAll(selector)) {
    try {
      start(element);
    } catch (error) {
      // A part that fails leaves the plain page, which works.
      console.error(error);
    }
  }
}

// Whoever reads a source comes back to the answers, which Back from another site would not bring.
function apart(link) {
  if (link.origin !== location.origin) {
    link.target = "_blank";
    const told = document.createElement("span");
    told.className = "govuk-visually-hidden";
    told.lang = root.lang;
    told.textContent = ` ${link.closest("main").dataset.newTab}`;
    link.append(told);
  }
}

function prepare() {
  document.body.classList.add(SUPPORTED);
  for (const Part of [Button, ErrorSummary, ExitThisPage, Radios, SkipLink]) {
    each(`[data-module="${Part.moduleName}"]`, (element) => new Part(element));
  }
  each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
  each("[data-copy]", copyButton);
  each("main a[rel]", apart);
  each("form[data-from-fragment]", fromFragment);
}

function start() {
  if (able) {
    steps(prepare);
  }
  prepare();
}

if ("noModule" in HTMLScriptElement.prototype) {
  root.classList.add(SUPPORTED);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
}
