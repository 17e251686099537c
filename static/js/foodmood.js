// The few lines that HTML can't say. Every page works without them.

// The browser's time zone, for the sign-up form.
for (const field of document.querySelectorAll("input[data-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

// A click elsewhere, or Escape, closes the menu.
const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// No answer came, or none of ours: what was typed stays, and may be sent again. The next try takes the notice away.
const notice = document.getElementById("notice");
for (const type of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(type, (event) => {
    const status = event.detail.xhr.status;
    if (!notice || notice.children.length || (status > 0 && status < 500)) return;
    notice.append(document.getElementById("no-answer").content.cloneNode(true));
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status !== 503 || xhr.getResponseHeader("X-Request-ID")) return;
  event.detail.shouldSwap = false; // a proxy's page, which would take the form's place
  event.detail.isError = true;
});
document.addEventListener("htmx:beforeRequest", () => notice?.replaceChildren());

// A page that the browser had kept, and shows again, holds the marks of forms that were sent: what is sent now is new.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !crypto.randomUUID) return;
  for (const field of document.querySelectorAll("input[name=submission]")) field.value = crypto.randomUUID();
});
