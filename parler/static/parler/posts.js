// Ctrl+Enter (or Cmd+Enter) in a marked text field sends its form, and menus close by themselves.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (!event.target.matches("[data-sends-form]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// One open menu at a time; a click elsewhere and Escape close it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll(".post-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest(".post-menu")));
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));
