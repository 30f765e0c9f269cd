import { Speaker } from '../media/speaker.js';
import { problem } from '../net/errors.js';

/**
 * The loudspeaker of a conversation: opens and closes with it and applies the settings.
 *
 * @typedef {import('../state/setup.js').Settings} Settings
 * @typedef {import('../net/errors.js').Problem} Problem
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').PageEnvironment} environment
 * @property {string} playbackUrl worklet
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {() => import('./turns.js').Turns} turns
 * @property {(trouble: Problem) => void} onTrouble
 * @property {(blocked: boolean) => void} onBlocked the browser blocks playback
 */

export class SpokenOutput {
  #parts;
  /** @type {Speaker | null} */
  #speaker = null;
  #silent = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {Speaker | null} */
  get speaker() {
    return this.#speaker;
  }

  /** Loudness of the model, 0 to 1. */
  get level() {
    return this.#speaker?.level() ?? 0;
  }

  /**
   * Call inside a gesture, before the first `await`. Without playback, answers still appear as text.
   * @param {Settings} settings
   */
  open(settings) {
    const { environment, playbackUrl, latency, turns, onTrouble, onBlocked } = this.#parts;
    /** @type {AudioContext} */
    let context;
    try {
      context = environment.playbackContext();
    } catch (error) {
      onTrouble(problem('sound.module', 'sound', { detail: String(error) }));
      return;
    }
    if (!context.audioWorklet) {
      void context.close();
      return;
    }
    const speaker = new Speaker(context, environment, {
      onStart: (turn, at) => turns().started(turn, at),
      onDrained: (turn) => turns().drained(turn),
      onFlushed: (turn, dropped, played, at) => turns().flushed(turn, dropped, played, at),
      onUnderrun: (count) => {
        latency.buffer.underruns = count;
        turns().onUnderrun();
      },
      onStat: (stat) => {
        latency.buffer = { depthMs: stat.queuedMs, targetMs: stat.prebufferMs, underruns: stat.underruns };
        turns().progressed(stat.turn, stat.played);
      },
      onBlocked,
    });
    speaker.volume = settings.volume;
    speaker.muted = this.#silent;
    if (settings.prebufferMs) speaker.pin(settings.prebufferMs);
    this.#speaker = speaker;
    if (settings.speaker) this.#choose(settings.speaker);
    speaker.open(playbackUrl).catch((error) => {
      if (speaker !== this.#speaker) return;
      onTrouble(problem('sound.module', 'sound', { detail: String(error) }));
    });
  }

  /**
   * @param {Settings} settings
   * @param {Settings} previous
   */
  apply(settings, previous) {
    if (!this.#speaker) return;
    this.#speaker.volume = settings.volume;
    this.#speaker.pin(settings.prebufferMs || null);
    if (settings.speaker !== previous.speaker) this.#choose(settings.speaker);
  }

  /** Whether answers are played without a sound; kept across conversations. @param {boolean} silent */
  silence(silent) {
    this.#silent = silent;
    if (this.#speaker) this.#speaker.muted = silent;
  }

  /** Resumes playback after the browser has suspended it. Call inside a gesture. */
  resume() {
    this.#speaker?.resume();
  }

  close() {
    this.#speaker?.close();
    this.#speaker = null;
  }

  /** @param {string} deviceId */
  #choose(deviceId) {
    this.#speaker?.setOutput(deviceId).catch((error) => {
      this.#parts.onTrouble(problem('sound.output', 'sound', { detail: String(error) }));
    });
  }
}
