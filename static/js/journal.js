// Today's forms: the clock goes on while the page lies open, the category follows it, and the focus follows the work.

const loadedAt = new WeakMap(); // a form with a clock → when it came and the time it came with

// The date and time of a form as 2026-03-01T14:30; the person may write the time as 1430 or 2:30 pm.
function read(form) {
  const [day, time] = form.querySelectorAll(".moment-inputs input");
  const found = /^(\d{1,2})[:.]?(\d{2})\s*([ap])?/i.exec(time.value.trim());
  if (!found) return "";
  const hour = found[3] ? (found[1] % 12) + (found[3].toLowerCase() === "p" ? 12 : 0) : Number(found[1]);
  return `${day.value}T${String(hour).padStart(2, "0")}:${found[2]}`;
}

function write(form, moment) {
  const [day, time] = form.querySelectorAll(".moment-inputs input");
  const [hour, minute] = [Number(moment.slice(11, 13)), moment.slice(14, 16)];
  day.value = moment.slice(0, 10);
  time.value = /m/i.test(time.value) ? `${hour % 12 || 12}:${minute} ${hour < 12 ? "am" : "pm"}` : moment.slice(11, 16);
}

function meet(root) {
  const forms = [...root.querySelectorAll("form[data-clock]")];
  if (root instanceof Element && root.matches("form[data-clock]")) forms.push(root);
  for (const form of forms) {
    const shown = read(form);
    loadedAt.set(form, { at: Date.now(), was: shown, shown });
  }
}

// The page was opened at breakfast and is used at lunch: a time that nobody touched means now.
function goOn(form) {
  const clock = loadedAt.get(form);
  if (!clock || !clock.was || read(form) !== clock.shown) return;
  const now = new Date(`${clock.was}Z`); // the person's own clock, which needs no zone to go on
  now.setTime(now.getTime() + Date.now() - clock.at);
  clock.shown = now.toISOString().slice(0, 16);
  if (read(form) === clock.shown) return;
  write(form, clock.shown);
  guess(form);
}

function guess(form) {
  const select = form.querySelector("[data-usual-hours]");
  if (!select || select.dataset.chosen) return;
  const shown = read(form);
  if (!shown) return; // half typed
  const hour = Number(shown.slice(11, 13));
  const usual = Object.entries(JSON.parse(select.dataset.usualHours));
  select.value = usual.find(([, [start, end]]) => start <= hour && hour < end)?.[0] ?? "SNACK";
}

for (const type of ["focusin", "submit"]) {
  document.addEventListener(type, (event) => {
    const form = event.target instanceof Element && event.target.closest("form[data-clock]");
    if (form) goOn(form);
    if (form && type === "submit") loadedAt.delete(form); // sent again, it is the same meal: the server knows it by that
  }, { capture: true });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelectorAll("form[data-clock]").forEach(goOn);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-usual-hours]")) event.target.dataset.chosen = "yes";
});

document.addEventListener("input", (event) => {
  if (event.target.matches("#log-meal .moment-inputs input")) guess(event.target.form);
});

// A second tap on a chosen step takes it back.
let chosen = null;
document.addEventListener("pointerdown", (event) => {
  const radio = event.target instanceof Element && event.target.closest(".scale label")?.querySelector("input");
  chosen = radio && radio.checked ? radio : null;
});
document.addEventListener("click", (event) => {
  if (chosen && event.target === chosen) chosen.checked = false;
});

// After saving, the next thing can be typed; after a refusal, the first thing to mend.
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target;
  if (form.id !== "log-meal" && form.id !== "check-in") return;
  const refused = form.querySelector(".errorlist");
  const mend = form.querySelector("[aria-invalid=true]:not([type=hidden])");
  const start = form.querySelector(".combo-input") ?? form.querySelector("summary");
  if (refused) (mend && mend.checkVisibility() ? mend : start).focus();
  else start.focus();
});

meet(document);
document.addEventListener("htmx:load", (event) => meet(event.target));
