/* What scripts add to the pages: a sign that work goes on, keys for reviewers, and news of what others decided.
   Every page works without this file. */
"use strict";

const NEWS_EVERY_MS = 4000;
const cards = () => [...document.querySelectorAll("[data-queue] > .card")];

rememberZone();
showWork();
sendOnEnter();
announceAndFocus();
if (document.querySelector("[data-keys]")) { listenForKeys(); }
if (document.querySelector("[data-action]")) { window.setInterval(lookForNews, NEWS_EVERY_MS); }

/* Times are shown in the reader's own zone from the next page on. */
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) { document.cookie = `viewer_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`; }
}

function showWork() {
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      const sign = document.createElement("p");
      sign.className = "working";
      sign.textContent = `${form.dataset.busy} …`;
      form.append(sign);
      announce(sign.textContent);
    });
  }
  window.addEventListener("pageshow", () => { /* also after going back to a kept page */
    document.querySelectorAll(".working").forEach((sign) => sign.remove());
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}

function sendOnEnter() {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !(field instanceof HTMLTextAreaElement)) { return; }
    if (("enterSends" in field.dataset && !event.shiftKey) || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector("button"));
    }
  });
}

function announce(words) { document.getElementById("announcer").textContent = words; }

function announceAndFocus() {
  const wrong = document.querySelector("[data-focus]");
  const done = document.querySelector("[data-announce]");
  if (done) { window.setTimeout(() => announce(done.textContent), 300); }
  if (wrong) { wrong.focus(); return; }
  if (done) { (document.querySelector(".card:target") || cards()[0])?.focus(); }
  if (window.location.hash === "#latest") { /* with a fragment browsers ignore autofocus */
    (document.querySelector("#latest .card[tabindex]") || document.getElementById("message")).focus();
  }
}

function listenForKeys() {
  const bar = document.querySelector("[data-keys]");
  const on = document.getElementById("keys-on");
  bar.hidden = false;
  on.checked = window.localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => window.localStorage.setItem("keys", on.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && typing) { event.target.closest(".card")?.focus(); return; }
    if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "j" || event.key === "k") { move(event.key === "j" ? 1 : -1); event.preventDefault(); return; }
    const card = event.target.closest(".card");
    const answer = card && !card.classList.contains("over") && card.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (answer) { event.preventDefault(); give(answer); }
  });
}

function move(by) {
  const all = cards();
  const at = all.indexOf(document.activeElement?.closest(".card"));
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus();
}

function give(answer) {
  if (answer instanceof HTMLButtonElement) { answer.form.requestSubmit(answer); return; }
  answer.open = true;
  answer.querySelector("textarea, input:not([type=hidden]), select")?.focus();
}

/* A draft that left the queue was decided elsewhere: its card says by whom. New ones are offered, not pushed
   in: a reviewer may be typing. */
async function lookForNews() {
  if (document.hidden) { return; }
  try {
    const answer = await fetch(`/review/waiting${document.querySelector("[data-queue]") ? window.location.search : ""}`);
    if (!answer.ok) { return; }
    const waiting = new Set((await answer.json()).ids);
    const open = [...document.querySelectorAll("[data-action]:not(.over)")];
    for (const card of open) {
      if (!waiting.has(card.dataset.action)) { await tellOver(card); }
      waiting.delete(card.dataset.action);
    }
    offer(waiting.size - Number(document.querySelector("[data-queue]")?.dataset.queue || 0));
  } catch (error) {
    if (!(error instanceof TypeError)) { throw error; } /* no connection: the next look may have one */
  }
}

async function tellOver(card) {
  const answer = await fetch(`/actions/${encodeURIComponent(card.dataset.action)}/state`);
  if (!answer.ok) { return; }
  const { words } = await answer.json();
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = words;
  card.classList.add("over");
  card.querySelectorAll(".answers button, .answers textarea, .answers input, .answers select")
    .forEach((field) => { field.disabled = true; });
  card.querySelector(".answers").before(notice);
  announce(words);
}

function offer(count) {
  const bar = document.getElementById("new");
  if (!bar) { return; }
  bar.hidden = count < 1;
  bar.querySelector("span").textContent = count === 1 ? "One more draft waits." : `${count} more drafts wait.`;
}
