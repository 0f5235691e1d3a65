// What the workbench gains from JavaScript: the editor, with its mistakes at the line.  Every page works without.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { editor } from "./editor.js";

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

document.documentElement.classList.add("govuk-frontend-supported");
document.body.classList.add("govuk-frontend-supported");
for (const Part of [Button, ErrorSummary, SkipLink]) {
  each(`[data-module="${Part.moduleName}"]`, (element) => new Part(element));
}
each("textarea[data-editor]", editor);
