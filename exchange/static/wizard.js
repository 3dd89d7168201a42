// A proposal that saves by itself. Each field is compared with what the server is known to hold; what
// differs is kept on this device at once, and sent when the writer rests. Words come from the page.
const form = document.querySelector("form[data-autosave]");
const words = JSON.parse(form.dataset.words);
const slot = `px:${form.dataset.draft}|${form.dataset.step}`;
const line = document.getElementById("saved");
const REST = 1500, MINUTE = 60_000, LONGEST_LAST_WORD = 60_000, LONGEST_WAIT = 8000;
const names = [...new Set([...form.elements].filter((e) => e.name && !/hidden|submit|button|fieldset/.test(e.type)).map((e) => e.name))];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const parts = (name) => [...form.elements].filter((e) => e.name === name && e.type !== "hidden");
const torn = new Set();
let seen = {}, waits = null, busy = false, leaving = false, again = false, failures = 0, spoken = 0;

// What a field holds; with ``fresh`` what the server wrote into it, whatever the browser put back.
function value(name, fresh = false) {
  const all = parts(name), one = all[0];
  if (one.type === "checkbox") return all.filter((e) => fresh ? e.defaultChecked : e.checked).map((e) => e.value);
  if (!fresh) return one.value;
  return one.options ? ([...one.options].find((o) => o.defaultSelected) ?? one.options[0]).value : one.defaultValue;
}

function put(name, wanted) {
  for (const e of parts(name)) {
    if (e.type === "checkbox") e.checked = wanted.includes(e.value);
    else e.value = wanted;
  }
}

const changed = () => names.filter((name) => !same(value(name), seen[name]));

function keep() {
  const open = changed();
  try {
    if (!open.length) return localStorage.removeItem(slot);
    const pick = (from) => Object.fromEntries(open.map((name) => [name, from(name)]));
    localStorage.setItem(slot, JSON.stringify({ at: Date.now(), values: pick(value), seen: pick((name) => seen[name]) }));
  } catch { /* no room on this device: the page itself still holds the text */ }
}

function tell(text, wrong = false) {
  line.textContent = text;
  line.classList.toggle("error", wrong);
  if (Date.now() - spoken < MINUTE) return;
  spoken = Date.now();
  document.dispatchEvent(new CustomEvent("say", { detail: text }));
}

// Both texts, and a button for each.
function choose(name, { said, text, value: theirs }) {
  if (torn.has(name)) return;
  torn.add(name);
  const box = Object.assign(document.createElement("div"), { className: "banner warn", tabIndex: -1 });
  const quote = Object.assign(document.createElement("blockquote"), { textContent: text, lang: form.dataset.language });
  const buttons = Object.assign(document.createElement("p"), { className: "actions" });
  box.append(Object.assign(document.createElement("p"), { textContent: `${said} ${words.torn}` }), quote, buttons);
  for (const [label, take] of [[words.mine, false], [words.theirs, true]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "second", textContent: label });
    button.addEventListener("click", () => {
      if (take) put(name, theirs);
      seen[name] = theirs;
      torn.delete(name);
      box.remove();
      parts(name)[0].focus();
      keep();
      save();
    });
    buttons.append(button);
  }
  (document.getElementById(name) ?? parts(name)[0]).closest(".field").append(box);
  spoken = 0;
  tell(words.torn, true);
}

async function send(open, last) {
  const pick = (from) => Object.fromEntries(open.map((name) => [name, from(name)]));
  const values = pick(value);
  const body = JSON.stringify({ step: form.dataset.step, values, before: pick((name) => seen[name]) });
  const answer = await fetch(form.dataset.autosave, {
    method: "POST",
    body,
    keepalive: last && body.length < LONGEST_LAST_WORD,
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
  });
  return { answer, values };
}

// Whoever has signed in anew has a new token: the page, asked again, holds it.
async function newToken() {
  const answer = await fetch(location.pathname, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("form[data-autosave] [name=csrf_token]")?.value;
  if (!token || token === form.elements.csrf_token.value) return false;
  form.elements.csrf_token.value = token;
  return true;
}

function signedOut() {
  tell(words.signed_out, true);
  const link = Object.assign(document.createElement("a"), { textContent: words.sign_in, target: "_blank" });
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  line.append(" ", link);
}

// When the form itself is sent, the server compares field by field what this page has seen. Only what
// was saved here is news to it: what others write meanwhile in other fields it has not seen.
function remember(saved, shown) {
  const fresh = new Map(shown.split(" ").map((part) => part.split(":")));
  form.elements.shown.value = form.elements.shown.value.split(" ").map((part) => {
    const name = part.split(":")[0];
    return saved.includes(name) ? `${name}:${fresh.get(name)}` : part;
  }).join(" ");
}

async function heard({ answer, values }) {
  if (answer.status === 401) return signedOut();
  if (answer.status === 400 && await newToken()) { again = true; return; }
  if (answer.status === 400) return signedOut();
  if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status);
  const told = await answer.json();
  if (!told.saved) throw new Error(answer.status);
  failures = 0;
  for (const name of told.saved) seen[name] = values[name];
  remember(told.saved, told.shown);
  tell(told.words, answer.status !== 200);
  for (const [name, theirs] of Object.entries(told.torn ?? {})) choose(name, theirs);
}

async function save(last = false) {
  clearTimeout(waits);
  if (leaving && !last) return;
  const open = changed().filter((name) => !torn.has(name));
  if (!open.length) return;
  if (busy && !last) { again = true; return; }
  busy = true;
  try {
    await heard(await send(open, last));
  } catch {
    failures += 1;
    tell(words.offline, true);
    waits = setTimeout(save, Math.min(60, 3 * 2 ** failures) * 1000);
  }
  busy = false;
  keep();
  document.dispatchEvent(new CustomEvent("rested"));
  if (again) { again = false; save(); }
}

// What the server does not have yet comes back first.
for (const name of names) seen[name] = value(name, true);
const kept = (() => { try { return JSON.parse(localStorage.getItem(slot)); } catch { return null; } })();
const shownAgain = document.getElementById("problems");
let restored = false;
for (const [name, text] of Object.entries(kept?.values ?? {})) {
  if (!names.includes(name)) continue;
  if (same(value(name), text) && !shownAgain) continue;
  restored ||= !same(value(name), text);
  put(name, text);
  seen[name] = kept.seen[name];
}
if (restored) { tell(words.restored); for (const opener of form.querySelectorAll("details")) opener.open = true; }
keep();
if (changed().length) save();

form.addEventListener("input", () => { keep(); clearTimeout(waits); waits = setTimeout(save, REST); });
form.addEventListener("focusout", () => { save(); });
// The form waits for the answer to what is under way: sent beside it, it would meet its own text as
// somebody else's. On a dead line it goes after a few seconds all the same.
form.addEventListener("submit", (event) => {
  if (!busy || leaving) return;
  event.preventDefault();
  leaving = true;
  const go = () => { clearTimeout(late); document.removeEventListener("rested", go); form.requestSubmit(event.submitter); };
  const late = setTimeout(go, LONGEST_WAIT);
  document.addEventListener("rested", go);
});
addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
addEventListener("pagehide", () => { save(true); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
addEventListener("online", () => { save(); });
