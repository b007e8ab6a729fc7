// Keys for the moderators' desk. Every key presses something that is on the page; without this file it is all there.
"use strict";

(() => {
  const measures = { c: "clear", t: "take_down" };
  const help = document.getElementById("keys");
  for (const hint of document.querySelectorAll(".keys-hint")) hint.hidden = false;

  const isTyping = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])");

  const choose = (value) => {
    const radio = document.querySelector(`#decide input[name=measure][value=${value}]`);
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    return true;
  };

  const press = (key) => {
    const button = document.querySelector(`button[data-key="${key}"]`);
    if (!button) return false;
    button.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isTyping(event.target) || (help && help.open)) return;
    let done = false;
    if (event.key === "?" && help) {
      help.showModal();
      done = true;
    } else if (Object.hasOwn(measures, event.key)) {
      done = choose(measures[event.key]);
    } else if (event.key === "s" || event.key === "n") {
      done = press(event.key);
    }
    if (done) event.preventDefault();
  });
})();
