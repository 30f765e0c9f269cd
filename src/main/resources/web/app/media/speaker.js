import { loadWorkletPatiently } from './worklet.js';

/**
 * Playback: one audio context, one worklet, the volume, and the level for the orb.
 *
 * @typedef {object} Listener
 * @property {(turn: number, at: number) => void} onStart first sample of a turn is played, on the page's clock
 * @property {(turn: number, played: number) => void} onDrained
 * @property {(turn: number, dropped: number, played: number, at: number) => void} onFlushed `at`: time of silence, on the page's clock
 * @property {(count: number) => void} onUnderrun
 * @property {(stat: {queuedMs: number, prebufferMs: number, underruns: number, turn: number, played: number}) => void} onStat
 * @property {(blocked: boolean) => void} onBlocked
 */

const RAMP_SECONDS = 0.015;
const RESUME_MS = 1500;
const LATENCY_MS = 1000;
const FADE_MS = 5;
const MODEL_RATE = 24_000;

export class Speaker {
  #environment;
  #listener;
  #context;
  #gain;
  #analyser;
  #wave;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** @type {{message: Record<string, unknown>, transfer: Transferable[]}[]} */
  #waiting = [];
  #volume = 1;
  #muted = false;
  #latency = 0;
  #closed = false;
  /** @type {(() => void) | null} */
  #cancelResume = null;
  /** @type {(() => void)[]} */
  #cancels = [];

  /**
   * @param {AudioContext} context made inside the gesture
   * @param {import('../platform/environment.js').PageEnvironment} environment
   * @param {Listener} listener
   */
  constructor(context, environment, listener) {
    this.#context = context;
    this.#environment = environment;
    this.#listener = listener;
    this.#gain = context.createGain();
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#wave = new Float32Array(this.#analyser.fftSize);
    this.#gain.connect(this.#analyser).connect(context.destination);
    context.onstatechange = () => this.#stateChanged();
    this.#cancels.push(environment.clock.every(LATENCY_MS, () => this.#readLatency()));
  }

  /** @param {string} moduleUrl of the playback worklet */
  async open(moduleUrl) {
    this.resume();
    await loadWorkletPatiently(this.#context, moduleUrl, this.#environment, () => !this.#closed);
    if (this.#closed) return;
    const node = new AudioWorkletNode(this.#context, 'livebridge-playback', {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    node.port.onmessage = ({ data }) => this.#event(data);
    node.connect(this.#gain);
    this.#node = node;
    for (const { message, transfer } of this.#waiting) node.port.postMessage(message, transfer);
    this.#waiting = [];
  }

  /** @returns {AudioContextState} */
  get state() {
    return this.#context.state;
  }

  /**
   * @param {number} turn
   * @param {Int16Array} pcm handed over
   */
  push(turn, pcm) {
    this.#post({ type: 'push', turn, pcm }, [pcm.buffer]);
  }

  /** @param {number} turn */
  complete(turn) {
    this.#post({ type: 'complete', turn });
  }

  /** @param {number} turn */
  flush(turn) {
    this.#post({ type: 'flush', turn });
  }

  /** @param {number | null} milliseconds null adapts */
  pin(milliseconds) {
    this.#post({ type: 'pin', ms: milliseconds });
  }

  /** @param {number} volume 0 to 1 */
  set volume(volume) {
    this.#volume = volume;
    this.#ramp();
  }

  /** @param {boolean} muted */
  set muted(muted) {
    this.#muted = muted;
    this.#ramp();
  }

  /** Loudness of what is heard now, 0 to 1. */
  level() {
    this.#analyser.getFloatTimeDomainData(this.#wave);
    let sum = 0;
    for (const value of this.#wave) sum += value * value;
    return Math.sqrt(sum / this.#wave.length);
  }

  /** Output latency of the context, milliseconds. */
  get outputLatencyMs() {
    return this.#latency * 1000;
  }

  /** Resumes playback, whatever the context's state. Call inside a gesture; the listener learns the result. */
  resume() {
    if (this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
    this.#cancelResume?.();
    // The promise may never settle.
    this.#cancelResume = this.#environment.clock.after(RESUME_MS, () => {
      if (!this.#closed) this.#listener.onBlocked(this.#context.state !== 'running');
    });
  }

  /** @param {string} deviceId empty for the default */
  async setOutput(deviceId) {
    const context = /** @type {AudioContext & {setSinkId?: (id: string) => Promise<void>}} */ (this.#context);
    await context.setSinkId?.(deviceId);
  }

  static get canChooseOutput() {
    return typeof AudioContext !== 'undefined' && 'setSinkId' in AudioContext.prototype;
  }

  close() {
    this.#closed = true;
    this.#cancelResume?.();
    for (const cancel of this.#cancels) cancel();
    this.#node?.port.postMessage({ type: 'stop' });
    this.#node?.disconnect();
    this.#context.onstatechange = null;
    if (this.#context.state !== 'closed') this.#context.close().catch(() => undefined);
  }

  /**
   * @param {Record<string, unknown>} message
   * @param {Transferable[]} [transfer]
   */
  #post(message, transfer = []) {
    if (this.#node) this.#node.port.postMessage(message, transfer);
    else if (!this.#closed) this.#waiting.push({ message, transfer });
  }

  /** @param {import('../audio/playout-buffer.js').PlayoutEvent & {frame: number} | {type: 'stat', queued: number, played: number, turn: number, prebufferMs: number, underruns: number, frame: number}} event */
  #event(event) {
    switch (event.type) {
      case 'start':
        this.#listener.onStart(event.turn, this.#timeOf(event.frame));
        return;
      case 'drained':
        this.#listener.onDrained(event.turn, event.played);
        return;
      case 'flushed':
        this.#listener.onFlushed(event.turn, event.dropped, event.played, this.#timeOf(event.frame) + FADE_MS);
        return;
      case 'underrun':
        this.#listener.onUnderrun(event.count);
        return;
      case 'stat':
        this.#listener.onStat({
          queuedMs: (event.queued * 1000) / MODEL_RATE,
          prebufferMs: event.prebufferMs,
          underruns: event.underruns,
          turn: event.turn,
          played: Math.max(0, event.played - this.#latency * MODEL_RATE),
        });
    }
  }

  /**
   * The time at which a sample of the context is audible, on the page's clock.
   * @param {number} frame
   */
  #timeOf(frame) {
    const { contextTime, performanceTime } = this.#context.getOutputTimestamp();
    const time = frame / this.#context.sampleRate;
    if (contextTime && performanceTime) return performanceTime + (time - contextTime) * 1000;
    return this.#environment.clock.now() + this.#latency * 1000;
  }

  #readLatency() {
    // outputLatency is 0 just after start and missing in some browsers.
    const reading = this.#context.outputLatency || this.#context.baseLatency || 0;
    this.#latency = this.#latency === 0 ? reading : this.#latency + (reading - this.#latency) * 0.3;
  }

  #ramp() {
    const target = this.#muted ? 0 : this.#volume;
    this.#gain.gain.setTargetAtTime(target, this.#context.currentTime, RAMP_SECONDS / 3);
  }

  #stateChanged() {
    if (this.#closed) return;
    if (this.#context.state === 'running') this.#listener.onBlocked(false);
    else if (this.#context.state === 'suspended') this.resume();
    // Interrupted, for example by a phone call; resuming must wait for the user or the next state change.
    else this.#listener.onBlocked(true);
  }
}
