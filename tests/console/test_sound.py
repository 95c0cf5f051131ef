"""The sound of a stop, as far as a machine without ears can tell: it is played, it is not muted, and it is a tone.

No ear heard it: there is no loudspeaker here. What is measured is the signal that the page hands to the browser's output.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from tests.console.kit import PATIENCE_S, Served, serve
from tests.console.screens import KIOSK, chromium
from tests.station.conftest import OPERATOR, Room, listed, row

from scanflow.station.demo import demo_passphrase

RATE = 48_000
TAP = """
window.heard = {peak: 0, loudest: 0, state: () => window.heard.context ? window.heard.context.state : "none"};
const join = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...more) {
  if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
    const ear = this.context.createAnalyser();
    ear.fftSize = 4096;
    join.call(this, ear);
    window.heard.context = this.context;
    const wave = new Float32Array(ear.fftSize), bins = new Float32Array(ear.frequencyBinCount);
    const listen = () => {
      ear.getFloatTimeDomainData(wave);
      const peak = Math.max(...wave.map(Math.abs));
      if (peak > window.heard.peak) {
        ear.getFloatFrequencyData(bins);
        window.heard.peak = peak;
        window.heard.loudest = bins.indexOf(Math.max(...bins)) * this.context.sampleRate / ear.fftSize;
      }
      setTimeout(listen, 20);
    };
    listen();
  }
  return join.call(this, to, ...more);
};
"""
"""An ear at the last node before the output: it hears only what is really rendered, not what was merely scheduled."""


def stopped(console: Served) -> None:
    """Something is refused: the screen goes yellow and rings."""
    client = console.client(OPERATOR)
    assert client.post("/rescan", list="danh-muc.xlsx", **{"again-1": "yes"}).status == 303
    console.ended()


def heard(page: Page) -> float:
    """The loudest pitch (Hz), once something sounded."""
    page.wait_for_function("() => window.heard.peak > 0.05", timeout=PATIENCE_S * 1000)
    assert page.evaluate("window.heard.state()") == "running"
    return float(page.evaluate("window.heard.loudest"))


def test_a_stop_is_played_by_the_kiosk_before_anybody_touched_the_page(room: Room) -> None:
    with serve(room, [], listed(row(1))) as console, chromium(KIOSK) as browser:
        page = browser.new_page()
        page.add_init_script(TAP)
        page.goto(console.url)
        expect(page.locator("#state")).to_contain_text("CHỜ ĐỢT MỚI")
        assert page.evaluate("window.heard.peak") == 0, "a state that needs nobody is silent"
        stopped(console)
        expect(page.locator("#state")).to_contain_text("ĐÃ DỪNG")
        assert heard(page) == pytest.approx(880, abs=20)
        expect(page.locator(".mute-note")).to_be_hidden()


def test_a_mute_browser_is_said_on_the_screen_and_rings_at_the_first_key(room: Room) -> None:
    with serve(room, [], listed(row(1))) as console:
        stopped(console)
        with chromium("--autoplay-policy=document-user-activation-required") as browser:
            page = browser.new_page()
            page.add_init_script(TAP)
            page.goto(console.url)
            expect(page.locator(".mute-note")).to_be_visible()
            assert page.evaluate("window.heard.state()") == "suspended"
            assert page.evaluate("window.heard.peak") == 0
            page.keyboard.press("Shift")
            page.keyboard.press("a")
            assert heard(page) == pytest.approx(880, abs=20), "what was due is played then"
            expect(page.locator(".mute-note")).to_be_hidden()


def test_after_signing_in_by_keys_it_can_be_tried_and_sounds_without_the_kiosks_flag(room: Room) -> None:
    with (
        serve(room, [], listed(row(1))) as console,
        chromium("--autoplay-policy=document-user-activation-required") as browser,
    ):
        page = browser.new_page()
        page.add_init_script(TAP)
        page.goto(f"{console.url}sign-in")
        page.keyboard.type(OPERATOR)
        page.keyboard.press("Tab")
        page.keyboard.type(demo_passphrase(OPERATOR))
        page.keyboard.press("Enter")
        expect(page.locator(".who b")).to_be_visible(timeout=PATIENCE_S * 1000)
        page.get_by_role("button", name="Thử âm báo").click()
        assert min(abs(heard(page) - pitch) for pitch in (880, 660)) < 20, "the operator tries the sound"
        page.wait_for_function("() => { const was = window.heard.peak; window.heard.peak = 0; return was === 0; }")
        stopped(console)
        assert heard(page) == pytest.approx(880, abs=20)


@pytest.mark.parametrize(("tone", "pitches"), [("stop", [880, 880]), ("alarm", [880, 660, 880, 660, 880, 660])])
def test_the_wave_is_notes_of_these_pitches_and_this_level(room: Room, tone: str, pitches: list[int]) -> None:
    with serve(room, []) as console, chromium() as browser:
        page = browser.new_page()
        page.goto(console.url)
        rendered = page.evaluate(
            """async ([tone, rate]) => {
                const offline = new OfflineAudioContext(1, 3 * rate, rate);
                scanflowRing(offline, tone);
                return [...(await offline.startRendering()).getChannelData(0)];
            }""",
            [tone, RATE],
        )
        wave: NDArray[np.float64] = np.asarray(rendered)
        for at, pitch in enumerate(pitches):
            note = wave[int((0.3 * at + 0.01) * RATE) : int((0.3 * at + 0.19) * RATE)]
            assert loudest(note) == pytest.approx(pitch, abs=8)
            level = 20 * np.log10(np.sqrt(np.mean(note**2)))
            assert -14 < level < -6, "a square wave of 0.3: about -10 dB below full scale"
            rest = wave[int((0.3 * at + 0.21) * RATE) : int((0.3 * at + 0.29) * RATE)]
            assert np.max(np.abs(rest)) < 1e-3, "the notes are apart"
        assert np.max(np.abs(wave)) < 1, "nothing is clipped"
        assert np.max(np.abs(wave[int((0.3 * len(pitches)) * RATE) :])) < 1e-3, "and then it is silent"


def test_other_states_ring_nothing(room: Room) -> None:
    with serve(room, []) as console, chromium() as browser:
        page = browser.new_page()
        page.goto(console.url)
        for tone in ("info", "good", "progress", ""):
            peak = page.evaluate(
                """async (tone) => {
                    const offline = new OfflineAudioContext(1, 48000, 48000);
                    try { scanflowRing(offline, tone); } catch (error) { return 9; }
                    return Math.max(...(await offline.startRendering()).getChannelData(0).map(Math.abs));
                }""",
                tone,
            )
            assert peak == 0, tone


def loudest(note: NDArray[np.float64]) -> float:
    """The strongest frequency (Hz)."""
    spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note))))
    return float(np.argmax(spectrum) * RATE / len(note))
