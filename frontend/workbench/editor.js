// <textarea data-editor data-check="/…/problems" data-nonce="…" data-phrases="{…}"> becomes an editor that asks
// the server what is wrong, line by line, and tells it beside the lines and in the list under the editor.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, linter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const WAIT = 500;

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#084f49" },
  { tag: [tags.comment, tags.lineComment], color: "#566563", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "#7a3e12" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "#56625f" },
]);

const LOOK = EditorView.theme({
  "&": { backgroundColor: "#fff", color: "#1d2b2a", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", lineHeight: "1.55" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "#0b6b63" },
  ".cm-gutters": { backgroundColor: "#f3f1ea", color: "#566563", borderRight: "1px solid #dcd7ca" },
  ".cm-activeLine": { backgroundColor: "#eef4f280" },
  ".cm-activeLineGutter": { backgroundColor: "#e3ece9", color: "#1d2b2a" },
  ".cm-tooltip": { borderColor: "#dcd7ca", backgroundColor: "#fff", maxWidth: "32rem" },
  ".cm-diagnostic": { padding: "0.5rem 0.75rem", whiteSpace: "pre-wrap" },
  // Drawn without the images that the editor would bring: the page loads none but its own.
  ".cm-lintRange": { backgroundImage: "none", textUnderlineOffset: "0.2em", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy #9c2f20" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy #b07d12" },
  ".cm-lint-marker": { boxSizing: "border-box", width: "0.8em", height: "0.8em", margin: "0.35em 0.2em 0" },
  ".cm-lint-marker-error": { content: "normal", borderRadius: "50%", backgroundColor: "#9c2f20" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "#b07d12" },
  ".cm-diagnostic-error": { borderLeftColor: "#9c2f20" },
  ".cm-diagnostic-warning": { borderLeftColor: "#b07d12" },
  ".cm-panels": { backgroundColor: "#f3f1ea", color: "#1d2b2a" },
  ".cm-panel.cm-search": { padding: "0.5rem 0.6rem", fontSize: "0.875rem" },
  ".cm-textfield": { fontSize: "0.875rem", padding: "0.2rem 0.4rem", border: "1px solid #1d2b2a", borderRadius: "4px" },
  ".cm-button": {
    fontSize: "0.875rem", padding: "0.2rem 0.6rem", backgroundImage: "none", backgroundColor: "#fff",
    border: "1px solid #0b6b63", borderRadius: "4px", color: "#084f49",
  },
  ".cm-searchMatch": { backgroundColor: "#ffe9a8" },
  ".cm-searchMatch-selected": { backgroundColor: "#ffd24a" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "#eef4f2" },
});

function phrases(textarea) {
  return JSON.parse(textarea.dataset.phrases || "{}");
}

// What the server found, as marks at their places; what stands in other files is left to the list.  What is
// missing behind the last line is marked at its end.
function marks(found, doc) {
  return found.problems.filter((each) => each.here && each.line >= 1).map((each) => {
    const line = doc.line(Math.min(each.line, doc.lines));
    const from = each.line > doc.lines ? line.to : Math.min(line.from + Math.max(0, each.column - 1), line.to);
    const word = /^[^\s,\]}:#]+/.exec(doc.sliceString(from, line.to));
    const to = word ? from + word[0].length : Math.max(from, line.to);
    const message = `${each.message}; ${each.remedy}`;
    return { from, to, severity: each.severity, message, renderMessage: () => inEnglish(message) };
  });
}

// What the rule check says is English in every language of the page, and is read out as such.
function inEnglish(text) {
  const node = document.createElement("span");
  node.lang = "en";
  node.textContent = text;
  return node;
}

function listed(found, target) {
  if (!target || found.html === undefined) return;
  // Made and escaped by our own template, the same as without JavaScript.
  const parsed = new DOMParser().parseFromString(found.html, "text/html");
  target.replaceChildren(...parsed.body.childNodes);
}

function asking(textarea) {
  const form = textarea.form;
  const target = document.getElementById(textarea.dataset.list);
  let wanted = 0;
  return async (view) => {
    const number = ++wanted;
    const answer = await fetch(textarea.dataset.check, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf.value },
      body: JSON.stringify({ name: form.elements.name.value, text: view.state.doc.toString() }),
    });
    if (!answer.ok) {
      if (target) target.textContent = textarea.dataset.unchecked;
      return [];
    }
    const found = await answer.json();
    if (number === wanted) listed(found, target);
    return marks(found, view.state.doc);
  };
}

function goTo(view, hash) {
  const number = /^#L(\d+)$/.exec(hash);
  if (!number) return;
  const line = view.state.doc.line(Math.min(Math.max(1, Number(number[1])), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}

export function editor(textarea) {
  const form = textarea.form;
  const label = textarea.labels[0];
  const opened = textarea.value;
  let leaving = false;
  const save = () => {
    form.requestSubmit(form.querySelector('button[value="save"]'));
    return true;
  };
  const view = new EditorView({
    state: EditorState.create({
      doc: opened,
      extensions: [
        EditorView.cspNonce.of(textarea.dataset.nonce),
        EditorState.phrases.of(phrases(textarea)),
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
        highlightActiveLine(), highlightSelectionMatches(), search({ top: true }),
        yaml(), syntaxHighlighting(COLOURS), LOOK,
        linter(asking(textarea), { delay: WAIT }), lintGutter(),
        keymap.of([{ key: "Mod-s", run: save }, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.contentAttributes.of({
          "aria-label": label.textContent.trim(),
          "aria-describedby": textarea.getAttribute("aria-describedby") || "",
          lang: "en", tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off",
        }),
      ],
    }),
  });
  textarea.hidden = true;
  label.addEventListener("click", () => view.focus());
  textarea.before(view.dom);
  form.addEventListener("submit", () => {
    textarea.value = view.state.doc.toString();
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && view.state.doc.toString() !== opened) event.preventDefault();
  });
  window.addEventListener("hashchange", () => goTo(view, location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#L"]');
    if (link) {
      event.preventDefault();
      goTo(view, link.hash);
    }
  });
  goTo(view, location.hash);
}
