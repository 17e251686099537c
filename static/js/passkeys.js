// allauth does the asking; a person who stopped it, or whose key failed, is told so on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_problem").hidden = false;
});
