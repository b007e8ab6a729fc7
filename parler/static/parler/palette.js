// Ctrl + K: search everything that can be done on the page and on the desk, and do it. It only presses and follows what is there.
"use strict";

(() => {
  const palette = document.getElementById("palette");
  const search = document.getElementById("palette-search");
  const list = document.getElementById("palette-list");
  const none = document.getElementById("palette-none");
  if (!palette || !search || !list || !none) return;
  let shown = [];
  let current = 0;

  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();

  const collect = () => {
    const found = [];
    for (const label of document.querySelectorAll("#decide .measure")) {
      const radio = label.querySelector("input");
      found.push({ text: words(label), act: () => { radio.checked = true; radio.focus(); } });
    }
    for (const button of document.querySelectorAll("#content button, .messagelist button")) {
      if (!button.closest("dialog, [hidden]") && words(button)) found.push({ text: words(button), act: () => button.click() });
    }
    const links = ".tabs a, .pager a, #user-tools a, .breadcrumbs a, .keys-foot a, .acts a";
    for (const link of document.querySelectorAll(links)) found.push({ text: words(link), act: () => link.click() });
    return found.filter((entry, place) => found.findIndex((other) => other.text === entry.text) === place);
  };

  const mark = (place) => {
    current = place;
    [...list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === current));
      if (number === current) option.scrollIntoView({ block: "nearest" });
    });
    if (shown.length) search.setAttribute("aria-activedescendant", `palette-${current}`);
    else search.removeAttribute("aria-activedescendant");
  };

  const run = (place) => {
    const entry = shown[place];
    palette.close();
    if (entry) entry.act();
  };

  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    shown = collect().filter((entry) => entry.text.toLowerCase().includes(wanted));
    list.replaceChildren(...shown.map((entry, number) => {
      const option = document.createElement("li");
      option.id = `palette-${number}`;
      option.role = "option";
      option.textContent = entry.text;
      option.addEventListener("click", () => run(number));
      return option;
    }));
    list.hidden = shown.length === 0;
    search.setAttribute("aria-expanded", String(shown.length > 0));
    none.hidden = shown.length > 0;
    mark(0);
  };

  const moves = { ArrowDown: 1, ArrowUp: -1 };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (Object.hasOwn(moves, event.key) && shown.length) mark((current + moves[event.key] + shown.length) % shown.length);
    else if (event.key === "Enter") run(current);
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (document.querySelector("dialog[open]")) return;
    search.value = "";
    show();
    palette.showModal();
    search.focus();
  });
})();
