// The browser's own Back. Without JavaScript every step is a form that is sent, and Back asks whether to send
// it once more. With it the steps are fetched, and each page that was left is kept as it was, so that Back
// and Forward put it in place again.
//
// The answers stay in the memory of this document. An entry of the history holds the number of its step and
// nothing else: a browser may write the entry to a disk, with its address and its state, to restore a session.
// The price is that a reload begins anew.

const kept = new Map();
let here = 0;
let asked = 0;
let prepare;

const form = (body) => body.querySelector("form[method=post]");

function put(body, page) {
  body.replaceWith(page.body);
  document.title = page.title;
  document.documentElement.lang = page.lang;
}

function keep() {
  kept.set(here, { body: document.body, title: document.title, lang: document.documentElement.lang });
}

// What was answered since goes along to a question that is asked again; what it asks stays as it was answered.
function carry(from, to) {
  if (!from || !to || !("asks" in to.dataset)) {
    return;
  }
  const own = new Set(["page", "then", "go"]);
  for (const input of to.querySelectorAll("input[type=hidden]")) {
    if (!own.has(input.name)) {
      input.remove();
    }
  }
  for (const input of to.elements) {
    own.add(input.name);
  }
  for (const [name, value] of new FormData(from)) {
    if (!own.has(name)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      to.append(input);
    }
  }
}

function show(page, address, replace) {
  if (replace) {
    history.replaceState({ step: here }, "", address);
  } else {
    keep();
    here += 1;
    [...kept.keys()].filter((step) => step >= here).forEach((step) => kept.delete(step));
    history.pushState({ step: here }, "", address);
  }
  put(document.body, { body: page.body, title: page.title, lang: page.documentElement.lang });
  window.scrollTo(0, 0);
  prepare();
  settle();
}

// A reader of the screen goes on at the top of what is new, unless a summary of mistakes has taken the focus.
function settle() {
  const heading = document.querySelector("main h1") || document.querySelector("main");
  if (heading && document.activeElement === document.body) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

async function step(address, body, { replace = false, otherwise }) {
  const turn = ++asked;
  try {
    const reply = await fetch(address, body ? { method: "POST", body } : {});
    const type = reply.headers.get("Content-Type") || "";
    if (turn !== asked) {
      return;
    }
    if (!type.startsWith("text/html")) {
      throw new TypeError(type);
    }
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (turn === asked) {
      show(page, reply.url, replace);
    }
  } catch {
    // No line, or no page: the browser itself does what it would have done.
    if (turn === asked) {
      otherwise();
    }
  }
}

function send(event) {
  const { target, submitter } = event;
  if (target.method !== "post" || submitter?.value === "to:save") {
    return;
  }
  event.preventDefault();
  const body = new FormData(target);
  if (submitter?.name) {
    body.append(submitter.name, submitter.value);
  }
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : target.action;
  const replace = "fromFragment" in target.dataset && !submitter;
  step(address, new URLSearchParams(body), { replace, otherwise: () => failed(target) });
}

// The answers are worth more than the browser's own page about a lost line.
function failed(target) {
  let told = target.querySelector("[role=alert]");
  told?.remove();
  told = document.createElement("p");
  told.setAttribute("role", "alert");
  told.className = "govuk-error-message";
  target.querySelector(".actions")?.before(told);
  told.textContent = target.dataset.failed || "";
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) {
    return;
  }
  const { origin, pathname, hash, href } = link;
  if (origin !== location.origin || (hash && pathname === location.pathname)) {
    return;
  }
  event.preventDefault();
  step(href, null, { otherwise: () => location.assign(href) });
}

function travel({ state }) {
  if (!state) {
    // A link within the page: another place of the same step.
    history.replaceState({ step: here }, "");
  } else if (state.step !== here) {
    turnTo(state.step);
  }
}

function turnTo(step) {
  asked += 1;
  keep();
  const back = step < here;
  const before = form(document.body);
  here = step;
  const page = kept.get(here);
  if (!page) {
    // An entry from before a reload: nothing is known of it any more.
    location.reload();
    return;
  }
  put(document.body, page);
  if (back) {
    carry(before, form(page.body));
  }
  settle();
}

// Nothing is left for a browser that keeps the whole page to bring it back at once.
export function forget() {
  kept.clear();
  document.querySelector("main")?.remove();
}

// Elsewhere the forms are sent as without JavaScript: nobody could tell which of their buttons was pressed.
export const able = "SubmitEvent" in window && "submitter" in SubmitEvent.prototype;

export function steps(start) {
  prepare = start;
  here = history.state?.step || 0;
  history.replaceState({ step: here }, "");
  document.addEventListener("submit", send);
  document.addEventListener("click", follow);
  window.addEventListener("popstate", travel);
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
