// Live updates, keys and sound. Every page works without this file; nothing is kept and nothing leaves this machine.
"use strict";
(() => {
  const SETTLE_MS = 700; // a key pressed just as the question changes is meant for the old one
  let changedAt = 0;
  let busy = false;
  let again = false;
  let kept = false; // a part was left as it is because somebody writes in it
  let sentAt = -Infinity; // a form is on its way: its answer is the next page, and no reload may overtake it
  const SENDING_MS = 15000;
  let audio = null;
  const settling = () => changedAt > 0 && performance.now() - changedAt < SETTLE_MS;
  window.scanflowSettling = () => busy || settling(); // for those who wait until keys count again

  // Two even notes for a stop, six that alternate for an alarm; each 0.2 s, one every 0.3 s, loud enough for a room.
  const NOTES = { stop: [880, 880], alarm: [880, 660, 880, 660, 880, 660] };
  const EVERY_S = 0.3;
  const LONG_S = 0.2;
  const LOUD = 0.3;

  function ring(context, tone) {
    (NOTES[tone] || []).forEach((pitch, at) => {
      const sound = context.createOscillator();
      const volume = context.createGain();
      sound.type = "square";
      sound.frequency.value = pitch;
      volume.gain.value = LOUD;
      sound.connect(volume).connect(context.destination);
      sound.start(context.currentTime + at * EVERY_S);
      sound.stop(context.currentTime + at * EVERY_S + LONG_S);
    });
  }
  window.scanflowRing = ring; // for those who measure it

  // A browser may keep a page mute until somebody presses a key: the page says so, and rings then.
  function listenForMute() {
    if (!window.AudioContext) { document.body.classList.add("mute"); return; }
    audio = new AudioContext();
    const told = () => document.body.classList.toggle("mute", audio.state !== "running");
    audio.addEventListener("statechange", told);
    setTimeout(told, 1000);
    for (const press of ["keydown", "pointerdown"]) document.addEventListener(press, () => { audio.resume(); });
  }

  function beep(tone) {
    if (!audio || !NOTES[tone]) return;
    audio.resume();
    ring(audio, tone);
  }

  function isTouched(part) {
    if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
    return [...part.querySelectorAll("input:not([type=hidden]), select")].some(isFilled);
  }

  function isFilled(field) {
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  }

  // A part is replaced when its key changed, or when it says something new and nobody is writing in it; else once
  // they leave it.
  function take(fresh) {
    kept = false;
    const still = Boolean(document.body.dataset.still); // a page of its own: only the state of the room moves on it
    for (const part of document.querySelectorAll(still ? "#state" : "[data-live]")) {
      const name = part.dataset.live;
      const other = fresh.querySelector(`[data-live="${name}"]`);
      if (!other || part.outerHTML === other.outerHTML) continue;
      const moved = part.dataset.key !== other.dataset.key;
      if (!moved && isTouched(part)) { kept = true; continue; }
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
      if (!fresh.querySelector("#state")) throw new Error("no page of the console"); // the next event tries again
      if (Boolean(document.body.dataset.idle) !== Boolean(fresh.body.dataset.idle)) location.reload();
      else take(fresh);
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
    else if (press.target.closest("[data-ring]")) beep("alarm");
    else if (press.target.closest("button") && settling()) press.preventDefault();
  });

  document.addEventListener("submit", (sent) => {
    if (sent.target.target !== "_blank") sentAt = performance.now(); // a form for a new tab leaves this page standing
  });

  document.addEventListener("focusout", () => { if (kept) update(); });

  const stream = new EventSource("/events");
  stream.addEventListener("message", (event) => {
    const lost = document.body.classList.contains("lost"); // it may be another console that counts anew
    if (lost || event.data !== document.body.dataset.version) update();
  });
  stream.addEventListener("error", () => document.body.classList.add("lost"));
  const idle = Number(document.body.dataset.idle || 0);
  if (idle) setTimeout(() => location.reload(), (idle + 2) * 1000);
  listenForMute();
  const state = document.querySelector("#state");
  if (state) beep(state.dataset.tone);
})();
