import { Turns } from '../../main/resources/web/app/conversation/turns.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { SpeechDetector } from '../../main/resources/web/app/metrics/speech.js';
import { decodeMessage } from '../../main/resources/web/app/proto/messages.js';
import { StateStore } from '../../main/resources/web/app/state/state-store.js';
import { Transcript } from '../../main/resources/web/app/state/transcript.js';
import { constant, FakeClock } from './support.js';

/** A live conversation whose loudspeaker records its calls. */
export function conversation() {
  const clock = new FakeClock();
  /** @type {string[]} */
  const played = [];
  const speaker = /** @type {import('../../main/resources/web/app/media/speaker.js').Speaker} */ (
    /** @type {unknown} */ ({
      push: (/** @type {number} */ turn) => played.push(`push ${turn}`),
      complete: (/** @type {number} */ turn) => played.push(`complete ${turn}`),
      flush: (/** @type {number} */ turn) => played.push(`flush ${turn}`),
    })
  );
  const store = new StateStore(() => undefined);
  const transcript = new Transcript(clock.wall);
  const latency = new Latency();
  const detector = new SpeechDetector();
  /** @type {import('../../main/resources/web/app/proto/messages.js').FunctionCall[]} */
  const calls = [];
  /** @type {object[]} */
  const beacons = [];
  const turns = new Turns({
    store,
    transcript,
    latency,
    detector,
    clock,
    speaker: () => speaker,
    rtt: () => 20,
    changed: () => undefined,
    onSpoken: () => undefined,
    onToolCall: (_turn, wanted) => calls.push(...wanted),
    onFirstAudio: () => undefined,
    report: (message) => beacons.push(message.beacon),
  });
  store.dispatch({ type: 'start', textOnly: true, at: 0 });
  store.dispatch({ type: 'ready', session: { id: 's', backend: 'simulator', model: 'm', notices: [] }, at: 0 });
  turns.connected(false);
  return {
    clock,
    played,
    store,
    transcript,
    latency,
    detector,
    calls,
    beacons,
    turns,
    phase: () => store.state.phase,
    /** @param {Record<string, unknown>} message */
    say: (message) => turns.message(decodeMessage(JSON.stringify(message))),
    /** @param {number} turn @param {number} [samples] */
    sound: (turn, samples = 4800) =>
      turns.audio({ ok: true, turn, first: false, last: false, at: 0, pcm: constant(samples, 1000) }),
  };
}
