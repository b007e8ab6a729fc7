// The heartbeat of a claimed case: whoever works at the page keeps the case. A page that nobody touches lets the claim run out.
"use strict";

(() => {
  const BEAT = 120_000;
  const button = document.getElementById("renew");
  const notice = document.getElementById("claim-lost");
  const token = document.querySelector("#decide input[name=csrfmiddlewaretoken]");
  if (!button || !notice || !token) return;
  let isAtWork = false;
  for (const name of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    document.addEventListener(name, () => { isAtWork = true; }, { passive: true });
  }

  const say = async (response) => {
    notice.textContent = (await response.json()).detail;
    notice.hidden = false;
    clearInterval(beating);
  };

  const beat = async () => {
    if (!isAtWork) return;
    isAtWork = false;
    try {
      const response = await fetch(button.formAction, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token.value },
      });
      if (response.status === 409) await say(response);
    } catch {
      // The network is away; the next beat tries again, and submitting says what became of the claim.
      isAtWork = true;
    }
  };

  const beating = setInterval(beat, BEAT);
})();
