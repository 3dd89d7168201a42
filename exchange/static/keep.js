// What people type into <form data-keep="key"> stays on this device until the server has taken it.
// An entry is named px:key#tab, so that two tabs do not write over each other; what a proposal keeps
// (wizard.js) is named px:key|step. The server says by a cookie what it has taken.
const OURS = "px:", DAYS = 30 * 864e5;
const tab = sessionStorage.getItem(OURS) ?? Math.random().toString(36).slice(2, 8);
const names = () => Object.keys(localStorage).filter((name) => name.startsWith(OURS));
const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const typed = (form) => [...form.elements].filter((e) => e.name && !/hidden|password|file|submit|button|fieldset/.test(e.type));

try { sessionStorage.setItem(OURS, tab); } catch { /* without storage the server still keeps what was sent */ }

// What was taken need not be kept: the entry of this tab, and copies of it.
const taken = document.cookie.match(/(?:^|; )sent=([^;]+)/)?.[1];
if (taken) {
  const mine = read(`${OURS}${taken}#${tab}`)?.values;
  for (const name of names()) {
    const copy = name.startsWith(`${OURS}${taken}#`) && (name.endsWith(`#${tab}`) || same(read(name)?.values, mine));
    if (copy || name === OURS + taken || name.startsWith(`${OURS}${taken}|`)) localStorage.removeItem(name);
  }
  document.cookie = "sent=; path=/; max-age=0; samesite=lax";
}
for (const name of names()) if (!(read(name)?.at > Date.now() - DAYS)) localStorage.removeItem(name);

// Whoever signs out leaves nothing behind.
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action")?.endsWith("/sign-out")) names().forEach((name) => localStorage.removeItem(name));
}, true);

// What a form holds; with ``fresh`` what the server wrote into it, whatever the browser put back.
const first = (e) => e.options ? ([...e.options].find((o) => o.defaultSelected) ?? e.options[0])?.value ?? "" : e.defaultValue;
function values(form, fresh) {
  const found = {};
  for (const e of typed(form)) {
    found[e.name] ??= [];
    if (/checkbox|radio/.test(e.type) ? (fresh ? e.defaultChecked : e.checked) : true) found[e.name].push(fresh && !/checkbox|radio/.test(e.type) ? first(e) : e.value);
  }
  return found;
}

function fill(form, kept) {
  const left = structuredClone(kept);
  for (const e of typed(form)) {
    if (!(e.name in left)) continue;
    if (/checkbox|radio/.test(e.type)) e.checked = left[e.name].includes(e.value);
    else e.value = left[e.name].shift() ?? "";
  }
  // What was ticked in a list that this page does not show is ticked all the same, under its code.
  for (const set of form.querySelectorAll("fieldset[id]")) {
    const has = (value) => [...set.querySelectorAll("input")].some((e) => e.value === value);
    for (const value of left[set.id] ?? []) {
      if (has(value)) continue;
      const box = document.createElement("label");
      box.append(Object.assign(document.createElement("input"), { type: "checkbox", name: set.id, value, checked: true }), ` ${value}`);
      set.querySelector("button")?.before(box);
    }
  }
}

function note(form, text, label, press) {
  form.previousElementSibling?.matches(".kept") && form.previousElementSibling.remove();
  const box = Object.assign(document.createElement("div"), { className: "banner info kept" });
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "second", textContent: label });
    button.addEventListener("click", () => press(box));
    box.append(button);
  }
  form.before(box);
  document.dispatchEvent(new CustomEvent("say", { detail: text }));
  return box;
}

function keep(form) {
  const key = OURS + form.dataset.keep, own = `${key}#${tab}`, words = JSON.parse(form.dataset.words);
  const hidden = ["version_id", "shown", "once"].filter((name) => form.elements[name]);
  const served = values(form, true);
  let waits = null, queued = null;

  const write = () => {
    clearTimeout(waits);
    const now = values(form);
    if (same(now, served) && !read(own)) return;
    const entry = { at: Date.now(), values: now };
    for (const name of hidden) entry[name] = form.elements[name].value;
    try { localStorage.setItem(own, JSON.stringify(entry)); } catch { /* full: the page itself still holds it */ }
  };

  const others = names().filter((name) => name.startsWith(`${key}#`)).sort((a, b) => read(b).at - read(a).at);
  const kept = read(own) ?? read(others[0]);
  if (kept && !same(kept.values, served)) {
    fill(form, kept.values);
    // With the words come back what they were written upon, so that nobody is written over, and the
    // token of their sending, so that a lost answer does nothing twice.
    for (const name of hidden) if (kept[name]) form.elements[name].value = kept[name];
    note(form, words.restored, words.forget, (box) => {
      for (const name of [own, ...others]) localStorage.removeItem(name);
      box.remove();
      location.reload();
    });
    for (const opener of form.querySelectorAll("details")) if (typed(form).some((e) => opener.contains(e) && (e.type === "textarea" ? e.value : e.checked))) opener.open = true;
  }

  write();
  form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(write, 200); });
  addEventListener("pagehide", () => { if (waits) write(); });
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    write();
    if (navigator.onLine) return;
    event.preventDefault();
    const sender = event.submitter;
    note(form, words.offline, words.queue, (box) => {
      queued = () => form.requestSubmit(sender);
      box.querySelector("button").remove();
      box.firstElementChild.textContent = words.queued;
    });
  }, true);
  addEventListener("online", () => { queued?.(); queued = null; });
}

document.querySelectorAll("form[data-keep][data-words]").forEach(keep);
