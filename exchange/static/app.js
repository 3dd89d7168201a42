// What every page has more with a script than without. Nothing here is needed to do anything.
// Words come from the page: <body data-saving="…" data-close="…">.
const words = document.body.dataset;
const main = document.getElementById("main");
const changed = new Set();
let sent = null;

// Anybody may have something spoken: document.dispatchEvent(new CustomEvent("say", { detail: text }))
const speaker = document.getElementById("speaker");
const say = (text) => { speaker.textContent = ""; setTimeout(() => { speaker.textContent = text; }, 50); };
document.addEventListener("say", (event) => say(event.detail));

document.getElementById("problems")?.focus();

// A form that is on its way is not sent twice; one that comes back from the browser's memory may be.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent) { event.preventDefault(); return; }
  const button = event.submitter;
  sent = { button, was: button?.innerHTML };
  changed.clear();
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  button.textContent = words.saving;
  say(words.saving);
});
addEventListener("pageshow", () => {
  if (sent?.button) { sent.button.innerHTML = sent.was; sent.button.removeAttribute("aria-disabled"); }
  sent = null;
});

// Typed text is not lost by a wrong click, unless the form saves by itself.
document.addEventListener("input", ({ target }) => {
  if (target.form?.method === "post" && !target.form.matches("[data-autosave], [data-keep], [data-capture]")) changed.add(target.form);
});
addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

async function page(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error("another page");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// A filter shows what it finds at once: what follows the form is replaced, the form keeps the focus.
let asked, waiting;
function filter(form) {
  asked?.abort();
  asked = new AbortController();
  const query = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = `${form.action.split("?")[0]}?${new URLSearchParams(query)}`;
  main.ariaBusy = "true";
  page(address, asked.signal).then((fresh) => {
    const found = fresh.querySelector("form[data-live]");
    [...form.children].forEach((part, n) => {
      if (!part.contains(document.activeElement)) part.replaceWith(found.children[n]?.cloneNode(true) ?? "");
    });
    while (form.nextSibling) form.nextSibling.remove();
    while (found.nextSibling) form.parentNode.append(found.nextSibling);
    history.replaceState(null, "", address);
    main.ariaBusy = null;
    const told = form.parentNode.querySelector(".pager p, .empty");
    if (told) say(told.textContent.trim());
  }).catch((problem) => { if (problem.name !== "AbortError") form.submit(); });
}
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const form = target.form;
    if (!form?.matches("form[data-live]") || (kind === "input") !== (target.type === "search")) return;
    clearTimeout(waiting);
    waiting = setTimeout(filter, kind === "input" ? 400 : 150, form);
  });
}

// A link may open its page over this one. Without a script it is a page like any other.
async function over(link) {
  const fresh = (await page(link.href)).getElementById("main");
  const dialog = document.createElement("dialog");
  const close = Object.assign(document.createElement("button"), { type: "button", className: "second close", textContent: words.close });
  close.addEventListener("click", () => dialog.close());
  const title = fresh.querySelector("h1");
  if (title) { title.id = "over"; dialog.setAttribute("aria-labelledby", "over"); }
  for (const form of fresh.querySelectorAll("form")) if (!form.getAttribute("action")) form.action = link.href;
  dialog.append(close, ...fresh.childNodes);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.prepend(dialog); // first, so that its labels find its own fields
  dialog.showModal();
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu details[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-print]")) print();
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  over(link).catch(() => { location.href = link.href; });
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu details[open]");
  if (menu) { menu.open = false; menu.firstElementChild.focus(); }
});
