// The edible picker (templates/meals/portions.html): a combobox over the suggestions that htmx brings, and chips.
// The WAI-ARIA pattern "list autocomplete with manual selection": what is typed counts unless an option is chosen.
// Listeners sit on the document, so that forms which htmx swaps in need no wiring.

const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
const listboxOf = (input) => input.parentElement.querySelector("[role=listbox]");
const optionsOf = (input) => [...listboxOf(input).querySelectorAll("[role=option]")];

function dress(root) {
  for (const input of root.querySelectorAll(".combo-input")) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", listboxOf(input).id);
    input.setAttribute("aria-expanded", "false");
  }
}

function open(input) {
  const some = optionsOf(input).length > 0;
  listboxOf(input).hidden = !some;
  input.setAttribute("aria-expanded", String(some));
  input.removeAttribute("aria-activedescendant");
}

function close(input) {
  listboxOf(input).hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function activate(input, option) {
  for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function move(input, step) {
  const options = optionsOf(input);
  const now = options.findIndex((option) => option.id === input.getAttribute("aria-activedescendant"));
  const next = now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length;
  if (options.length) activate(input, options[next]);
}

function say(picker, kind, name) {
  const status = picker.querySelector(":scope > [role=status]");
  status.textContent = status.dataset[kind].replace("{name}", name);
}

function add(input, name) {
  const picker = input.closest(".picker");
  const row = picker.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("[name=edible]").value = name;
  row.querySelector(".portion-name").textContent = name;
  for (const of of row.querySelectorAll(".portion-of")) of.textContent = name;
  picker.querySelector(".portions").append(row);
  input.value = "";
  listboxOf(input).replaceChildren();
  close(input);
  input.focus();
  say(picker, "added", name);
}

document.addEventListener("keydown", (event) => {
  const input = closest(event, ".combo-input");
  if (!input || event.isComposing) return;
  const isOpen = input.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) move(input, event.key === "ArrowDown" ? 1 : -1);
    else htmx.trigger(input, "suggest");
  } else if (event.key === "Enter") {
    const active = isOpen && document.getElementById(input.getAttribute("aria-activedescendant"));
    const name = active ? active.dataset.name : input.value.trim();
    if (!name) return; // an empty field: Enter saves the meal
    event.preventDefault();
    add(input, name);
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close(input);
  }
});

document.addEventListener("mousedown", (event) => {
  if (closest(event, ".suggestions")) event.preventDefault(); // the field keeps the focus
});

document.addEventListener("click", (event) => {
  const option = closest(event, ".suggestions [role=option]");
  const input = closest(event, ".combo-input");
  const remove = closest(event, ".portion-remove");
  if (option) {
    add(option.closest(".combo").querySelector(".combo-input"), option.dataset.name);
  } else if (input && input.getAttribute("aria-expanded") === "false") {
    htmx.trigger(input, "suggest"); // before anything is typed: the usual things
  } else if (remove) {
    const picker = remove.closest(".picker");
    const row = remove.closest(".portion");
    say(picker, "removed", row.querySelector("[name=edible]").value);
    row.remove();
    picker.querySelector(".combo-input").focus();
  }
});

document.addEventListener("focusout", (event) => {
  const input = closest(event, ".combo-input");
  if (input) close(input);
});

// A chip tells its amount while its inputs are folded away.
document.addEventListener("input", (event) => {
  const inputs = closest(event, ".portion-inputs");
  if (!inputs) return;
  const size = inputs.closest(".portion").querySelector(".portion-size");
  const typed = [...inputs.querySelectorAll("input")].map((input) => input.value.trim());
  size.textContent = typed.filter(Boolean).join(" ") || size.dataset.empty;
});

document.addEventListener("htmx:configRequest", (event) => {
  const input = closest(event, ".combo-input");
  if (input) event.detail.parameters = { q: input.value };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.matches(".suggestions")) return;
  const input = event.target.parentElement.querySelector(".combo-input");
  if (document.activeElement === input) open(input);
});

dress(document);
document.addEventListener("htmx:load", (event) => dress(event.target));
