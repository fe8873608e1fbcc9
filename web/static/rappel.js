// Pages first, script second (docs/adr/0013): every page works without this file. It saves what is
// typed, sends again where the network is bad, brings the sheet forward after a call, follows one
// that is on, and searches the causes. Nothing is stored on the device: phones are shared, and the
// server keeps it all.
"use strict";

const TYPING = 800; // ms of rest after which typed words are saved
const PATIENCE = 30_000; // ms until a request counts as lost
const LONGEST_PAUSE = 30_000;
const LOOK = 3000; // ms between two looks at a call
const PASSING = new Set([429, 502, 503, 504]);

/* ---- The network: one request is tried until the server has answered it. ---- */

// What the server says, or null when nobody knows whether it heard.
async function post(address, body, options = {}) {
  const signal = AbortSignal.timeout?.(PATIENCE);
  try {
    const answer = await fetch(address, { method: "POST", body, signal, ...options });
    return { status: answer.status, url: answer.url, html: await answer.text() };
  } catch {
    return null;
  }
}

const isFinal = (answer) => answer !== null && !PASSING.has(answer.status);

// The idempotency key travels in the body, so that sending twice counts once.
async function insist(address, body) {
  for (let pause = 1000; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const answer = await post(address, body, { headers: { Accept: "text/html" } });
    if (isFinal(answer)) return answer;
    say(answer?.html.includes('class="voice"') ? "kept" : "offline");
    await rest(pause);
  }
}

// Ends early when the network comes back.
function rest(pause) {
  return new Promise((wake) => {
    const timer = setTimeout(wake, pause);
    addEventListener("online", () => (clearTimeout(timer), wake()), { once: true });
  });
}

const voice = () => document.querySelector(".voice");

// The sentences stand on the page, in the reader's language.
function say(name, words = voice()?.dataset[name]) {
  if (voice()) voice().textContent = words ?? "";
}

/* ---- Forms: sent by fetch, so that a page on a bad network never goes away. ---- */

let sending = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-send]") || !voice()) return;
  event.preventDefault();
  if (sending === null) send(form, event.submitter); // else a double tap, which is one act
});

async function send(form, button) {
  sending = form;
  const body = fields(form);
  if (button?.name) body.append(button.name, button.value);
  mark(form, true);
  document.querySelector("dialog[open]")?.close(); // it would hide what the page says
  say("sending");
  forget(form);
  await Promise.all([saving.get(form), ...[...typing.keys()].map(save)]); // the next page shows all
  const answer = await insist(form.action, body);
  sending = null;
  mark(form, false);
  show(answer);
}

function fields(form) {
  return new URLSearchParams(new FormData(form));
}

function mark(form, busy) {
  form.setAttribute("aria-busy", busy);
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", busy);
  }
}

// Whoever leaves before the answer is asked whether he means it.
addEventListener("beforeunload", (event) => sending && event.preventDefault());

function show(answer) {
  const page = readPage(answer.html);
  const done = answer.status < 400;
  if (done && new URL(answer.url).pathname !== location.pathname) {
    return location.assign(answer.url);
  }
  // A page without forms has no place for what was typed: the sign-in has ended, for instance.
  if (!page.querySelector(".voice")) return say("", (page.querySelector("main") ?? page.body).innerText);
  history.replaceState(null, "", done ? answer.url : location.href);
  document.title = page.title;
  renew(page);
  scrollTo(0, 0);
  focusOn(document.querySelector("main .alert, main .recorded, main h1"));
}

const readPage = (html) => new DOMParser().parseFromString(html, "text/html");

function renew(page) {
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
  improve();
}

function focusOn(element) {
  element?.setAttribute("tabindex", "-1");
  element?.focus({ preventScroll: true });
}

/* ---- Drafts: what is typed is on the server before anybody presses a button. ---- */

const typing = new Map(); // form → the timer after which it is saved
const saving = new Map(); // form → the request that is under way

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-drafts]");
  if (form) soon(form, TYPING);
});

function soon(form, pause) {
  clearTimeout(typing.get(form));
  typing.set(form, setTimeout(save, pause, form));
}

function forget(form) {
  clearTimeout(typing.get(form));
  typing.delete(form);
}

// One at a time, or older words might arrive after newer ones.
async function save(form) {
  if (saving.has(form)) return soon(form, TYPING);
  forget(form);
  saving.set(form, post(form.dataset.drafts, fields(form)));
  const answer = await saving.get(form);
  saving.delete(form);
  if (!isFinal(answer) && form.isConnected && !typing.has(form)) soon(form, 5 * TYPING);
}

// `keepalive` lets the request outlive the page.
function leave() {
  for (const form of typing.keys()) {
    forget(form);
    post(form.dataset.drafts, fields(form), { keepalive: true });
  }
}

addEventListener("pagehide", leave);

/* ---- The sheet: whoever comes back from a call is asked what came out. ---- */

let called = null; // the link: it names the sheet, and the page where that stands

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a.call");
  if (link) called = link;
});
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : comeBack()));
addEventListener("focus", comeBack); // a desk's dialler never hides the page

function comeBack() {
  if (!called || document.hidden || document.querySelector("dialog[open]")) return;
  const { sheet, page } = called.dataset;
  const here = document.getElementById(sheet);
  called = null;
  if (here) bringForward(here);
  else if (page) location.assign(page);
}

// The form itself is moved, not copied: what was typed into it comes along.
function bringForward(sheet) {
  const dialog = document.createElement("dialog");
  const title = sheet.querySelector("h2, h3, legend");
  const away = element("button", { className: "plain", textContent: sheet.dataset.away });
  dialog.setAttribute("aria-label", title.textContent);
  sheet.replaceWith(dialog);
  dialog.append(sheet, away);
  away.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.replaceWith(sheet));
  dialog.showModal();
  focusOn(title);
}

/* ---- A call that is on: the page says where it is, and at its end what came out. ---- */

setInterval(follow, LOOK);

async function follow() {
  if (document.hidden || sending || !document.querySelector("[data-live]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = readPage(await answer.text());
  const [live, now] = [document, page].map((each) => each.querySelector("[data-live]"));
  if (now) live?.replaceWith(document.adoptNode(now));
  else if (live && page.querySelector("main") && isAtRest()) renew(page);
}

// Nobody's words or finger are in the way of a new page.
function isAtRest() {
  const busy = sending || typing.size || saving.size || document.querySelector("dialog[open]");
  return !busy && !document.activeElement?.matches("main input, main textarea, main select");
}

/* ---- The cause: a list that shrinks while one types, instead of a long select. ---- */

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function searchable(select) {
  const list = element("fieldset", { className: "causes" });
  const search = element("input", { type: "search", autocomplete: "off" });
  const nothing = element("p", { className: "hint", role: "status" });
  const label = element("label", { textContent: select.dataset.search });
  label.append(search);
  const choices = [...select.options].filter((option) => option.value).map(choice);
  const scroll = element("div", { className: "choices" });
  scroll.append(...choices);
  list.append(element("legend", { textContent: select.dataset.legend }), label, scroll, nothing);
  const shown = () => choices.filter((each) => !each.hidden);
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // what is searched for is no draft
    const wanted = plain(search.value).split(/\s+/);
    for (const each of choices) {
      each.hidden = !wanted.every((word) => plain(each.textContent).includes(word));
    }
    nothing.textContent = shown().length ? "" : select.dataset.nothing;
  });
  list.addEventListener("keydown", (event) => {
    const first = shown()[0]?.firstChild;
    if (event.key === "Enter") event.preventDefault(); // it would send the form half-written
    if (event.target !== search || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    first?.focus();
    first?.click();
  });
  select.closest("label").replaceWith(list);
}

function choice(option) {
  const { name, required } = option.parentElement.closest("select");
  const path = [option.parentElement.label, option.text];
  const radio = element("input", { type: "radio", name, required, value: option.value });
  radio.checked = option.selected;
  const label = element("label", { className: "choice" });
  label.append(radio, [...new Set(path)].filter(Boolean).join(" › "));
  return label;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function improve() {
  document.querySelectorAll("button.keep").forEach((button) => button.remove()); // it is kept anyway
  document.querySelectorAll("select[data-search]").forEach(searchable);
}

improve();
