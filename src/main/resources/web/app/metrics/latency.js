import { BitRate, Sample } from './statistics.js';

/**
 * Where the wait for an answer went. All moments are on this page's clock; the service contributes only durations.
 *
 * @typedef {'speech' | 'release' | 'text'} Origin what t0 is: the end of speech as detected here, the release of push to
 *   talk, or a sent text
 *
 * @typedef {object} TurnTiming
 * @property {number} turn
 * @property {Origin} origin
 * @property {number} t0
 * @property {number | null} arrivedAt first sound of the answer reached the page
 * @property {number | null} heardAt it left the loudspeaker
 * @property {number | null} rtt round-trip time at that moment
 * @property {number | null} service time spent in the service, both ways; null when it did not say
 *
 * @typedef {{turn: number, origin: Origin, total: number, network: number, service: number | null, model: number,
 *   buffer: number}} TurnBar milliseconds
 *
 * @typedef {{turn: number, onset: number | null, message: number, silent: number | null}} Interruption
 */

const KEPT_TURNS = 50;

export class Latency {
  /** @type {{origin: Origin, t0: number} | null} */
  #pending = null;
  /** @type {TurnTiming[]} */
  #turns = [];
  /** @type {Interruption[]} */
  #interruptions = [];
  firstAudio = new Sample();
  interruption = new Sample();
  roundTrip = new Sample();
  chunkGap = new Sample(1000);
  captureToSocket = new Sample(1000);
  upRate = new BitRate();
  downRate = new BitRate();
  buffer = { depthMs: 0, targetMs: 0, underruns: 0 };
  skippedFrames = 0;
  malformedFrames = 0;
  droppedChunks = 0;
  #lastChunkAt = 0;
  #lastChunkTurn = -1;

  /**
   * The user's input is complete; the wait for an answer begins. A later input replaces it.
   * @param {Origin} origin
   * @param {number} t0
   */
  asked(origin, t0) {
    this.#pending = { origin, t0 };
  }

  /** Cancels the current measurement. */
  forgo() {
    this.#pending = null;
  }

  /** Whether an input is waiting for its answer. */
  get waiting() {
    return this.#pending !== null;
  }

  /**
   * An audio chunk of the model has arrived.
   * @param {number} turn
   * @param {number} at
   * @param {number} bytes
   * @param {number | null} rtt
   */
  chunk(turn, at, bytes, rtt) {
    this.downRate.add(at, bytes);
    if (turn === this.#lastChunkTurn) this.chunkGap.add(at - this.#lastChunkAt);
    this.#lastChunkAt = at;
    this.#lastChunkTurn = turn;
    if (!this.#pending || this.#turns.some((timing) => timing.turn === turn)) return;
    const { origin, t0 } = this.#pending;
    this.#pending = null;
    this.#turns.push({ turn, origin, t0, arrivedAt: at, heardAt: null, rtt, service: null });
    if (this.#turns.length > KEPT_TURNS) this.#turns.shift();
  }

  /**
   * The first sound of a turn leaves the loudspeaker.
   * @param {number} turn
   * @param {number} at
   * @returns {number | null} time since the end of the input, milliseconds
   */
  firstAudioPlayed(turn, at) {
    const timing = this.#turns.find((candidate) => candidate.turn === turn);
    if (!timing || timing.heardAt !== null) return null;
    // The audio clock is an estimate, and a busy machine reports it late: sound is not heard before it has arrived.
    timing.heardAt = Math.max(at, timing.arrivedAt ?? at);
    const total = timing.heardAt - timing.t0;
    this.firstAudio.add(total);
    return total;
  }

  /**
   * The service's measurements of a turn; only differences of its times are used.
   * @param {number} turn
   * @param {import('../proto/messages.js').ServiceStamps} stamps
   */
  serviceTook(turn, { inputReceived, inputWritten, firstAudioReceived, firstAudioWritten }) {
    const timing = this.#turns.find((candidate) => candidate.turn === turn);
    if (!timing || firstAudioReceived === null || firstAudioWritten === null) return;
    const up = inputReceived === null || inputWritten === null ? 0 : inputWritten - inputReceived;
    timing.service = Math.max(0, up + firstAudioWritten - firstAudioReceived);
  }

  /**
   * @param {number} turn
   * @param {number | null} onset start of the user's speech, if detected
   * @param {number} message arrival of the interruption
   */
  interrupted(turn, onset, message) {
    this.#interruptions.push({ turn, onset, message, silent: null });
    if (this.#interruptions.length > KEPT_TURNS) this.#interruptions.shift();
  }

  /**
   * @param {number} turn
   * @param {number} at when its last sample left the loudspeaker
   * @returns {number | null} the wait for silence, milliseconds
   */
  silenced(turn, at) {
    const entry = this.#interruptions.findLast((candidate) => candidate.turn === turn && candidate.silent === null);
    if (!entry) return null;
    entry.silent = Math.max(at, entry.message);
    const wait = entry.silent - entry.message;
    this.interruption.add(wait);
    return wait;
  }

  /** A bar per answered turn, oldest first. @returns {TurnBar[]} */
  bars() {
    return this.#turns.flatMap((timing) => {
      const { turn, origin, t0, arrivedAt, heardAt } = timing;
      if (arrivedAt === null || heardAt === null) return [];
      const total = heardAt - t0;
      const buffer = Math.max(0, heardAt - arrivedAt);
      const network = Math.min(timing.rtt ?? 0, Math.max(0, total - buffer));
      const service = timing.service === null ? null : Math.min(timing.service, Math.max(0, total - buffer - network));
      const model = Math.max(0, total - buffer - network - (service ?? 0));
      return [{ turn, origin, total, network, service, model, buffer }];
    });
  }

  /** @param {number} now */
  summary(now) {
    const figures = (/** @type {Sample} */ sample) => ({
      last: sample.last,
      p50: sample.percentile(50),
      p95: sample.percentile(95),
      count: sample.count,
    });
    return {
      firstAudio: figures(this.firstAudio),
      interruption: figures(this.interruption),
      roundTrip: figures(this.roundTrip),
      captureToSocket: figures(this.captureToSocket),
      chunkGapP95: this.chunkGap.percentile(95),
      buffer: { ...this.buffer },
      upBitsPerSecond: this.upRate.value(now),
      downBitsPerSecond: this.downRate.value(now),
      skippedFrames: this.skippedFrames,
      droppedChunks: this.droppedChunks,
      malformedFrames: this.malformedFrames,
      interruptions: this.#interruptions.map((entry) => ({ ...entry })),
      turns: this.bars(),
    };
  }
}

/**
 * The bars as comma-separated values, one line per turn.
 * @param {TurnBar[]} bars
 */
export function barsToCsv(bars) {
  const rows = bars.map((bar) =>
    [bar.turn, bar.origin, bar.total, bar.network, bar.service ?? '', bar.model, bar.buffer]
      .map((value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value))
      .join(','),
  );
  return ['turn,origin,total_ms,network_ms,service_ms,model_ms,buffer_ms', ...rows].join('\n');
}
