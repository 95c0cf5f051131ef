// Live updates, keys and sound. Every page works without this file; nothing is kept and nothing leaves this machine.
"use strict";
(() => {
  const SETTLE_MS = 700; // a key pressed just as the question changes is meant for the old one
  let changedAt = 0;
  let busy = false;
  let again = false;
  let sentAt = -Infinity; // a form is on its way: its answer is the next page, and no reload may overtake it
  const SENDING_MS = 15000;
  let audio = null;
  const settling = () => changedAt > 0 && performance.now() - changedAt < SETTLE_MS;
  window.scanflowSettling = () => busy || settling(); // for those who wait until keys count again

  function beep(tone) {
    if (tone !== "stop" && tone !== "alarm") return;
    try {
      audio = audio || new AudioContext();
      const times = tone === "alarm" ? 6 : 2;
      for (let at = 0; at < times; at += 1) {
        const sound = audio.createOscillator();
        const volume = audio.createGain();
        sound.type = "square";
        sound.frequency.value = tone === "alarm" && at % 2 ? 660 : 880;
        volume.gain.value = 0.15;
        sound.connect(volume).connect(audio.destination);
        sound.start(audio.currentTime + at * 0.3);
        sound.stop(audio.currentTime + at * 0.3 + 0.2);
      }
    } catch (error) {
      document.body.dataset.mute = "1";
    }
  }

  function isTouched(part) {
    if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
    return [...part.querySelectorAll("input:not([type=hidden])")].some(
      (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  }

  // A part is replaced when its key changed, or when it says something new and nobody is writing in it.
  function take(fresh) {
    const still = Boolean(document.body.dataset.still); // a page of its own: only the state of the room moves on it
    for (const part of document.querySelectorAll(still ? "#state" : "[data-live]")) {
      const name = part.dataset.live;
      const other = fresh.querySelector(`[data-live="${name}"]`);
      if (!other || part.outerHTML === other.outerHTML) continue;
      const moved = part.dataset.key !== other.dataset.key;
      if (!moved && isTouched(part)) continue;
      if (name === "state" && moved) {
        beep(other.dataset.tone);
        changedAt = performance.now();
      }
      if (name === "ask" && moved) changedAt = performance.now();
      part.replaceWith(document.importNode(other, true));
    }
    const missing = [...fresh.querySelectorAll("[data-live]")].some(
      (part) => !document.querySelector(`[data-live="${part.dataset.live}"]`));
    const surplus = [...document.querySelectorAll("[data-live]")].some(
      (part) => !fresh.querySelector(`[data-live="${part.dataset.live}"]`));
    if (!still && (missing || surplus)) location.reload();
    document.title = fresh.title;
    document.body.dataset.version = fresh.body.dataset.version;
  }

  async function update() {
    const sending = sentAt + SENDING_MS - performance.now();
    if (sending > 0) { setTimeout(update, sending); return; }
    if (busy) { again = true; return; }
    busy = true;
    try {
      const path = document.body.dataset.path;
      const where = location.pathname === path ? location.href : path;
      const answer = await fetch(where, { headers: { "X-Live": "1" }, redirect: "error" });
      const text = await answer.text();
      if (performance.now() - sentAt < SENDING_MS) { again = true; return; }
      const fresh = new DOMParser().parseFromString(text, "text/html");
      if (Boolean(document.body.dataset.idle) !== Boolean(fresh.body.dataset.idle)) location.reload();
      else if (answer.ok) take(fresh);
      document.body.classList.remove("lost");
    } catch (error) {
      document.body.classList.add("lost");
    } finally {
      busy = false;
      if (again) { again = false; update(); }
    }
  }

  document.addEventListener("keydown", (press) => {
    const writing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)
      && !/^(radio|checkbox)$/.test(document.activeElement.type || "");
    if (writing || press.ctrlKey || press.altKey || press.metaKey || !/^[1-9]$/.test(press.key)) return;
    if (settling()) return;
    const button = document.querySelector(`[data-hot="${press.key}"]`);
    if (button) { press.preventDefault(); button.click(); }
  });
  document.addEventListener("click", (press) => {
    if (press.target.closest("[data-print]")) window.print();
    else if (press.target.closest("button") && settling()) press.preventDefault();
  });

  document.addEventListener("submit", () => { sentAt = performance.now(); });

  const stream = new EventSource("/events");
  stream.addEventListener("message", (event) => {
    if (event.data !== document.body.dataset.version) update();
  });
  stream.addEventListener("error", () => document.body.classList.add("lost"));
  stream.addEventListener("open", () => document.body.classList.remove("lost"));
  const idle = Number(document.body.dataset.idle || 0);
  if (idle) setTimeout(() => location.reload(), (idle + 2) * 1000);
  const state = document.querySelector("#state");
  if (state) beep(state.dataset.tone);
})();
