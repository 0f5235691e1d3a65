// <button type="button" data-copy="private-link" data-copied="Copied." data-not-copied="...">
// copies the field of that id and says so, in its own words, where a screen reader hears it.

async function copy(field) {
  field.select();
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(field.value);
  } else if (!document.execCommand("copy")) {
    // Without TLS a browser has no clipboard; the link then stays selected, to be copied by hand.
    throw new Error("not copied");
  }
}

export function copyButton(button) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "copied";
  button.after(status);

  button.addEventListener("click", async () => {
    // Emptied first: the same words a second time would not be read out.
    status.textContent = "";
    try {
      await copy(field);
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.notCopied || "";
    }
  });
}
