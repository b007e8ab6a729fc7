// Keys for the moderators' desk. Every key presses, chooses or focuses something that is on the page; without this file it is all there.
"use strict";

(() => {
  // As in `moderation/admin/keys.py`, which explains them.
  const measures = { a: "clear", l: "label", e: "escalate", t: "take_down" };
  const outcomes = { g: "granted", d: "rejected" };
  const pressed = ["s", "n", "c", "u"];
  const help = document.getElementById("keys");
  for (const hint of document.querySelectorAll(".keys-hint")) hint.hidden = false;

  // The rule that a case names stands in the middle of its list; the page itself stays where it is.
  for (const list of document.querySelectorAll(".rules")) {
    const chosen = list.querySelector("input:checked");
    if (chosen) {
      const above = chosen.getBoundingClientRect().top - list.getBoundingClientRect().top;
      list.scrollTop += above - list.clientHeight / 2;
    }
  }

  const isTyping = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])");

  const focus = (element) => {
    if (!element) return false;
    element.focus();
    element.scrollIntoView({ block: "nearest" });
    return true;
  };

  const choose = (name, value) => {
    const radio = document.querySelector(`#decide input[name=${name}][value=${value}]`);
    if (radio) radio.checked = true;
    return focus(radio);
  };

  const press = (key) => {
    const button = document.querySelector(`button[data-key="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  };

  const rows = () => [...document.querySelectorAll("[data-row]")];

  // From nowhere, "next" is the first row and "previous" the last.
  const move = (step) => {
    const all = rows();
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[here < 0 && step < 0 ? all.length - 1 : here + step];
    return focus(next && next.querySelector("a, input"));
  };

  const tick = () => {
    const row = rows().find((each) => each.contains(document.activeElement));
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  };

  const rule = () => {
    const rules = [...document.querySelectorAll("#decide input[name=violation]")];
    return focus(rules.find((radio) => radio.checked) || rules[0]);
  };

  const acts = {
    "?": () => {
      if (help) help.showModal();
      return Boolean(help);
    },
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    r: rule,
    w: () => focus(document.querySelector("#decide textarea:is([name=reason], [name=reasons])")),
  };
  for (const key of Object.keys(measures)) acts[key] = () => choose("measure", measures[key]);
  for (const key of Object.keys(outcomes)) acts[key] = () => choose("outcome", outcomes[key]);
  for (const key of pressed) acts[key] = () => press(key);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (Object.hasOwn(acts, event.key) && acts[event.key]()) event.preventDefault();
  });
})();
