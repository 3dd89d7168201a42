// Ctrl+K: search and the pages of the menu from the keyboard. Without a script the search in the head does it.
const words = document.getElementById("palette").dataset;
const make = (tag, attributes, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};
const input = make("input", { id: "palette-words", type: "search", role: "combobox", autocomplete: "off", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list" });
const list = make("div", { id: "palette-list", role: "listbox", "aria-label": words.title });
const close = make("button", { type: "button", class: "close second" }, document.body.dataset.close);
const dialog = make("dialog", { class: "palette", "aria-labelledby": "palette-title" }, close,
  make("label", { id: "palette-title", for: "palette-words" }, words.title), input, make("p", { class: "help" }, words.hint), list);
document.body.append(dialog);
close.addEventListener("click", () => dialog.close());
let chosen = -1, asked, waiting;

const options = () => [...list.querySelectorAll("[role=option]")];
function choose(at) {
  const all = options();
  chosen = all.length ? (at + all.length) % all.length : -1;
  all.forEach((one, n) => one.setAttribute("aria-selected", n === chosen));
  input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
  all[chosen]?.scrollIntoView({ block: "nearest" });
}
function group(label, entries) {
  if (!entries.length) return;
  const id = `palette-${list.children.length}`;
  list.append(make("div", { role: "group", "aria-labelledby": id }, make("p", { id, role: "presentation" }, label),
    ...entries.map((one, n) => make("a", { role: "option", id: `${id}-${n}`, href: one.address, tabindex: "-1", "aria-selected": "false" },
      make("span", { lang: one.language }, one.title ?? one.label)))));
}
async function look() {
  asked?.abort();
  asked = new AbortController();
  try {
    const address = `${words.search}?${new URLSearchParams({ q: input.value.trim() })}`;
    const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    list.replaceChildren();
    group(words.pages, found.pages);
    for (const one of found.groups) group(`${one.label} (${one.total})`, one.hits);
    choose(0);
    if (input.value) document.dispatchEvent(new CustomEvent("say", { detail: found.told }));
  } catch { /* a later question was faster, or the line is cut: what is shown stays */ }
}
input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 200); });
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter") options()[chosen]?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (!dialog.open) { dialog.showModal(); input.select(); look(); }
});
