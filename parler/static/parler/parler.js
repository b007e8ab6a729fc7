// What pages gain from JavaScript beyond htmx: keys, a character counter, questions before destructive forms.
"use strict";

// People count graphemes, so the counter does too.
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const lengthOf = (text) => (segmenter ? [...segmenter.segment(text)].length : [...text].length);

// <textarea data-counter="id-of-output" data-limit="1000">: the output shows how many characters are left.
function showCount(input) {
  const output = document.getElementById(input.dataset.counter);
  if (!output) return;
  const left = Number(input.dataset.limit) - lengthOf(input.value);
  output.textContent = String(left);
  output.hidden = false;
  output.classList.toggle("is-over", left < 0);
}

function showCounts(root) {
  for (const input of root.querySelectorAll("[data-counter]")) showCount(input);
}

// <form data-confirm="Question?">: asks in a dialog before the form is sent.
function askFirst(event) {
  const form = event.target;
  const dialog = document.getElementById("confirmation");
  if (!form.dataset.confirm || form.dataset.confirmed || !dialog) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.querySelector("#confirmation-question").textContent = form.dataset.confirm;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  }, { once: true });
  dialog.showModal();
}

const FIRST_INPUT = "main [data-shortcut-focus], main input[type=search], main textarea, main input:not([type=hidden])";
const KEYS = {
  n: () => document.querySelector("[data-key=n]")?.click(),
  "/": () => document.querySelector(FIRST_INPUT)?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};

function onKey(event) {
  const isTyping = event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
}

document.addEventListener("input", (event) => event.target.matches("[data-counter]") && showCount(event.target));
document.addEventListener("submit", askFirst, true);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
});
document.addEventListener("htmx:load", (event) => showCounts(event.target));
for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
showCounts(document);
