// What the page gains from JavaScript. Everything on it works without; nothing is stored or fetched.
//
// The file is loaded in the head without `defer`: the class below is then on the page before its first
// paint, so that an answer's own field does not show and vanish. The style blocks that paint anyway.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { copyButton } from "./copy.js";
import { fromFragment } from "./fragment.js";
import { Radios } from "./radios.js";

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

function start() {
  document.body.classList.add(SUPPORTED);
  for (const Part of [Button, ErrorSummary, ExitThisPage, Radios, SkipLink]) {
    each(`[data-module="${Part.moduleName}"]`, (element) => new Part(element));
  }
  each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
  each("[data-copy]", copyButton);
  each("form[data-from-fragment]", fromFragment);
}

if ("noModule" in HTMLScriptElement.prototype) {
  root.classList.add(SUPPORTED);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
}
