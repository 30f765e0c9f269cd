import { INPUT_RATE } from '../audio/pcm.js';
import { SpeechDetector } from '../metrics/speech.js';
import { problem } from '../net/errors.js';

/**
 * Sends the user's speech to the service: open microphone, mute, or push to talk.
 *
 * @typedef {import('../audio/chunker.js').Chunk} Chunk
 * @typedef {import('../media/microphone.js').Microphone} Microphone
 * @typedef {import('../media/microphone.js').Listener} MicrophoneListener
 * @typedef {import('../state/state-store.js').Untimed} Untimed
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {(listener: MicrophoneListener) => Microphone} newMicrophone
 * @property {() => import('../state/machine.js').State} state
 * @property {(event: Untimed) => void} dispatch
 * @property {(trouble: import('../net/errors.js').Problem | null) => void} onTrouble
 * @property {() => void} onDevices the list of devices changed
 * @property {() => void} onChunk a microphone chunk arrived, also on a hidden page
 */

/** A shorter utterance does not count as a question. */
const UTTERANCE_MS = 250;
/** Time after a mute at which the pause of the audio stream is announced. */
const MUTE_MS = 1000;
/** Silence between the release of push to talk and the end of the activity. */
const RELEASE_SILENCE_MS = 500;
/** Maximum wait for the last chunk after the button is released. */
const RELEASE_TIMEOUT_MS = 300;

export class SpokenInput {
  #parts;
  /** @type {Microphone | null} */
  #microphone = null;
  #held = false;
  #releasing = false;
  #muted = false;
  #level = 0;
  /** @type {(() => void) | null} */
  #cancelMute = null;
  /** @type {(() => void) | null} */
  #cancelRelease = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.detector = new SpeechDetector();
  }

  /** Loudness, 0 to 1. */
  get level() {
    return this.#muted ? 0 : this.#level;
  }

  get effects() {
    return this.#microphone?.effects ?? null;
  }

  /**
   * Asks for the microphone.
   * @param {AudioContext | null} context created inside the gesture; null on an insecure page
   * @param {import('../state/setup.js').Settings} settings
   * @throws {import('../net/errors.js').Problem} for the user
   */
  async open(context, settings) {
    if (!context) throw problem('insecure', 'microphone', { retry: 'never' });
    const { newMicrophone, dispatch, onTrouble, onDevices } = this.#parts;
    const microphone = newMicrophone({
      onChunk: (chunk, ageMs) => this.#chunk(chunk, ageMs),
      onCapturing: (value) => dispatch({ type: 'flag', name: 'capturing', value }),
      onDeaf: (deaf, device) => this.#deaf(deaf, device),
      onBlocked: (value) => dispatch({ type: 'flag', name: 'microphoneBlocked', value }),
      onProblem: onTrouble,
      onDevices,
    });
    this.#microphone = microphone;
    await microphone.open(context, {
      deviceId: settings.microphone,
      processing: settings.processing,
      open: settings.turns === 'auto',
    });
    microphone.mute(this.#muted);
    onDevices();
  }

  /**
   * @param {import('../state/setup.js').Settings} settings
   * @param {import('../state/setup.js').Settings} previous
   */
  apply(settings, previous) {
    if (settings.microphone === previous.microphone && settings.processing === previous.processing) return;
    void this.#microphone?.choose({ deviceId: settings.microphone, processing: settings.processing });
  }

  /** Resumes the capture context after the browser has suspended it. Call inside a gesture. */
  resume() {
    this.#microphone?.resume();
  }

  /** Fewer, longer chunks while the network is slow. @param {boolean} slow */
  slow(slow) {
    this.#microphone?.chunkMs(slow ? 40 : 20);
  }

  /**
   * @param {Chunk} chunk
   * @param {number} ageMs
   */
  #chunk(chunk, ageMs) {
    const { clock, latency, state, connection, onChunk } = this.#parts;
    onChunk();
    const now = clock.now();
    const durationMs = chunk.pcm.length > 0 ? (chunk.pcm.length * 1000) / INPUT_RATE : 20;
    this.#level = chunk.level;
    if (this.#releasing && !chunk.open) this.#endActivity();
    if (this.#muted) return;
    if (!state().flags.ptt) this.#speech(this.detector.push(chunk.level, durationMs, now));
    const open = connection();
    if (!chunk.open || chunk.pcm.length === 0 || !open) return;
    open.audio(chunk.pcm);
    latency.captureToSocket.add(ageMs + clock.now() - now);
  }

  /** @param {boolean} muted */
  mute(muted) {
    const { clock, connection, state } = this.#parts;
    this.#muted = muted;
    this.#microphone?.mute(muted);
    this.#cancelMute?.();
    this.#cancelMute = null;
    if (!muted || state().flags.ptt) return;
    this.#speech(this.detector.reset());
    this.#cancelMute = clock.after(MUTE_MS, () => connection()?.send({ realtimeInput: { audioStreamEnd: true } }));
  }

  /**
   * Push to talk.
   * @param {boolean} held
   * @returns {boolean} whether something changed
   */
  hold(held) {
    const { clock, latency, connection, dispatch } = this.#parts;
    if (held === this.#held) return false;
    this.#held = held;
    if (held) {
      if (this.#releasing) this.#endActivity();
      connection()?.send({ realtimeInput: { activityStart: {} } });
      this.#microphone?.gate(true);
      dispatch({ type: 'speechStart' });
      return true;
    }
    latency.asked('release', clock.now());
    this.#releasing = true;
    this.#microphone?.gate(false);
    this.#cancelRelease = clock.after(RELEASE_TIMEOUT_MS, () => this.#endActivity());
    dispatch({ type: 'inputComplete', typed: false });
    return true;
  }

  /** The connection is closed; ends push to talk. */
  disconnected() {
    this.#held = false;
    this.#releasing = false;
    this.#cancelRelease?.();
  }

  /** Releases the microphone at the end of a conversation. The mute setting is kept. */
  release() {
    this.disconnected();
    this.#cancelMute?.();
    this.#microphone?.close();
    this.#microphone = null;
    this.detector.reset();
    this.#level = 0;
  }

  /**
   * @param {boolean} deaf
   * @param {string} device
   */
  #deaf(deaf, device) {
    const { dispatch, onTrouble, state } = this.#parts;
    dispatch({ type: 'flag', name: 'deafMic', value: deaf });
    if (deaf) onTrouble(problem('microphone.deaf', 'microphone', { params: { device } }));
    else if (state().problem?.id === 'microphone.deaf') onTrouble(null);
  }

  /** @param {ReturnType<SpeechDetector['push']>} event */
  #speech(event) {
    if (!event) return;
    const { latency, state, dispatch } = this.#parts;
    if (event.type === 'start') {
      dispatch({ type: 'speechStart' });
      return;
    }
    // While the model is audible this may be its echo; a real interruption would have silenced the model already.
    const { audible, content } = state().facts;
    dispatch({ type: 'speechEnd' });
    if (event.voicedMs < UTTERANCE_MS || audible || content) return;
    latency.asked('speech', event.at);
    dispatch({ type: 'inputComplete', typed: false });
  }

  #endActivity() {
    this.#releasing = false;
    this.#cancelRelease?.();
    this.#cancelRelease = null;
    const connection = this.#parts.connection();
    connection?.audio(new Int16Array((INPUT_RATE * RELEASE_SILENCE_MS) / 1000));
    connection?.send({ realtimeInput: { activityEnd: {} } });
  }
}
