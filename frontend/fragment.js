// A private link carries the answers behind its #, which a browser sends to no server. The page it opens
// takes them from there, clears the address, and posts them.

export function fromFragment(form) {
  const saved = window.location.hash.slice(1);
  if (!saved) {
    return;
  }
  form.elements.namedItem("saved").value = saved;
  history.replaceState(history.state, "", window.location.pathname + window.location.search);
  form.requestSubmit ? form.requestSubmit() : form.submit();
}
