/*
 * Opens a sealed page in the reader's browser: no network, no library, nothing kept beyond the tab.
 *
 * The document around this script is a shell. It holds ciphertext in <template id="box">, a sentence
 * for each thing that can happen in <template id="say-...">, and its mode in data-mode. The key
 * stands behind the # of the address, which browsers never send. What is opened replaces the shell;
 * the shell's policy holds for it, too, so nothing in it can run.
 */
"use strict";

const VERSION = "sealed page 1";
const ROUNDS = 1000000;
const NONCE_BYTES = 12;
/* Where the site stands, the token, and the folder of any page but the landing page. */
const PLACE = /^(.*\/c\/([a-z2-7]{26})\/)(?:([a-z2-7]{20})\/)?(?:index\.html)?$/;
const KEY = /^#([a-z2-7]{52})(?![a-z2-7])/;
const LOCKED = "#locked";
/* What a tab remembers of a passphrase: it is stretched, and opens nothing without the link. */
const REMEMBERED = "opened";

const bytes = (text) => new TextEncoder().encode(text);

/* --- The format, as seal/keys.py and seal/envelope.py have it --- */

function normalised(words) {
  return words
    .normalize("NFKC")
    .replace(/[\t\n\v\f\r ]+/g, " ")
    .replace(/^ | $/g, "")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function saltOf(token) {
  return crypto.subtle.digest("SHA-256", bytes(`${VERSION} salt ${token}`));
}

async function stretched(words, token) {
  const typed = await crypto.subtle.importKey("raw", bytes(normalised(words)), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: await saltOf(token), iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, typed, 256));
}

/* `words` are stretched words, or an empty array where the key alone opens the page. */
async function encryptionKey(key, words, token, mode) {
  const material = new Uint8Array([...bytes(key), ...words]);
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const info = bytes(`${VERSION} ${mode} encryption`);
  const how = { name: "HKDF", hash: "SHA-256", salt: await saltOf(token), info };
  const kind = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, base, kind, false, ["decrypt"]);
}

/* Rejects if a single bit of the box, its place or the key is another. */
async function openBox(box, key, words, token, name, mode) {
  const secret = await encryptionKey(key, words, token, mode);
  const place = name ? `c/${token}/${name}/` : `c/${token}/`;
  const how = {
    name: "AES-GCM",
    iv: box.subarray(0, NONCE_BYTES),
    additionalData: bytes(`${VERSION}\n${mode}\n${place}`),
  };
  const text = await crypto.subtle.decrypt(how, secret, box.subarray(NONCE_BYTES));
  const start = 4 + new DataView(text).getUint32(0);
  const read = (from, to) => new TextDecoder().decode(text.slice(from, to));
  const head = JSON.parse(read(4, start));
  const end = start + head.page;
  return { ...head, page: read(start, end), file: text.slice(end, end + head.file) };
}

/* --- The shell --- */

function say(what) {
  const words = document.getElementById(`say-${what}`).content.cloneNode(true);
  document.getElementById("shell").replaceChildren(words);
}

function boxOfThisPage() {
  const text = atob(document.getElementById("box").content.textContent.trim());
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/* A browser may forbid to remember anything: then the words are asked for on each page. */
function remembered() {
  try {
    const text = atob(sessionStorage.getItem(REMEMBERED) || "");
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function remember(words) {
  try {
    sessionStorage.setItem(REMEMBERED, btoa(String.fromCharCode(...words)));
  } catch {
    /* Nothing is lost but a convenience. */
  }
}

function lock() {
  try {
    sessionStorage.removeItem(REMEMBERED);
  } catch {
    /* Then there was nothing. */
  }
  history.replaceState(null, "", location.pathname + LOCKED);
  location.reload();
}

/* --- The opened page --- */

async function dress(page) {
  /* What is marked so belongs to a preview, which speaks above the page. */
  const worn = document.querySelectorAll("link[rel=stylesheet]:not([data-stays])");
  const sheets = [...page.querySelectorAll("link[rel=stylesheet]")].map((sheet) => {
    const copy = document.importNode(sheet);
    copy.media = "not all"; /* until the page is there, too */
    return copy;
  });
  const arrived = sheets.map(
    (sheet) =>
      new Promise((done) => {
        sheet.onload = sheet.onerror = done;
        document.head.append(sheet);
      }),
  );
  await Promise.all(arrived);
  return () => {
    worn.forEach((sheet) => sheet.remove());
    sheets.forEach((sheet) => sheet.removeAttribute("media"));
  };
}

/* A jump inside the page must not take the place of the key behind the #. */
function jump(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
  if (!target) return;
  if (!target.matches("a[href], button, input, [tabindex]")) target.tabIndex = -1;
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

async function show(opened, root, key) {
  const page = new DOMParser().parseFromString(opened.page, "text/html");
  const change = await dress(page);
  document.documentElement.lang = page.documentElement.lang;
  document.documentElement.dir = page.documentElement.dir;
  document.title = page.title;
  const start = new URL(root, location.href).href;
  for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) {
    if (link.href.startsWith(start)) link.hash = key;
  }
  const save = page.getElementById("save");
  if (save) {
    save.href = URL.createObjectURL(new Blob([opened.file], { type: opened.kind }));
    save.download = opened.name;
  }
  change();
  page.body.prepend(...document.body.querySelectorAll("[data-stays]"));
  document.body.replaceWith(document.adoptNode(page.body));
  document.body.addEventListener("click", jump);
  document.getElementById("lock")?.addEventListener("click", lock);
}

/* --- The way through --- */

function ask(open) {
  say("words");
  const form = document.getElementById("unlock");
  const field = document.getElementById("words");
  const button = form.querySelector("button");
  field.focus();
  /* The field has two lines, so that all words can be seen; Enter opens the page all the same. */
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    document.getElementById("answer").replaceChildren();
    button.disabled = true;
    form.setAttribute("aria-busy", "true");
    document.getElementById("busy").hidden = false;
    try {
      await open(field.value);
      document.querySelector("main[tabindex]")?.focus({ preventScroll: true });
    } catch {
      form.removeAttribute("aria-busy");
      document.getElementById("busy").hidden = true;
      button.disabled = false;
      const wrong = document.getElementById("say-wrong").content.cloneNode(true);
      document.getElementById("answer").replaceChildren(wrong);
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  });
}

async function start() {
  const { mode } = document.getElementById("shell").dataset;
  const [, root, token, name] = PLACE.exec(location.pathname) || [];
  if (location.hash === LOCKED) return say("locked");
  const [, key] = KEY.exec(location.hash) || [];
  if (!key || !token) return say("incomplete");
  if (!globalThis.crypto?.subtle) return say("insecure");
  const open = async (words) => {
    await show(await openBox(boxOfThisPage(), key, words, token, name, mode), root, key);
  };
  if (mode === "sealed") return open([]).catch(() => say("damaged"));
  const typed = async (words) => {
    const known = await stretched(words, token);
    await open(known);
    remember(known);
  };
  const known = remembered();
  if (!known.length) return ask(typed);
  return open(known).catch(() => ask(typed));
}

if (typeof document === "undefined") {
  module.exports = { normalised, stretched, openBox };
} else {
  /* A key that is pasted behind the # opens the page; nothing opened comes back from a cache. */
  addEventListener("hashchange", () => location.reload());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  start();
}
