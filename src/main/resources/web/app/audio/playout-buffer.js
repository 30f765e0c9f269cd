import { OUTPUT_RATE } from './pcm.js';

/**
 * Events of the buffer, in order.
 * @typedef {{type: 'start', turn: number, queued: number}
 *   | {type: 'underrun', turn: number, count: number}
 *   | {type: 'drained', turn: number, played: number}
 *   | {type: 'flushed', turn: number, dropped: number, played: number}} PlayoutEvent
 */

/** @typedef {{turn: number, end: number, received: number, played: number, complete: boolean}} Segment */

const START_SECONDS = 30;
/** Doubling stops here; a longer reply grows the store by this much at a time. It is never cut. */
const DOUBLE_UP_TO_SECONDS = 600;
const FIRST_PREBUFFER_MS = 80;
const MIN_PREBUFFER_MS = 60;
const MAX_PREBUFFER_MS = 400;
const UNDERRUN_STEP_MS = 60;
const CLEAN_STEP_MS = 20;
const CLEAN_SPEECH_SECONDS = 10;
const FADE_MS = 5;
const UNDERRUN_DECAY = 0.9;

/**
 * Buffers the model's audio between the connection and the loudspeaker.
 *
 * The model delivers several times faster than real time, so the buffer grows and never refuses audio. Positions count
 * samples since the buffer's creation and map to a ring. The caller numbers the turns in ascending order.
 */
export class PlayoutBuffer {
  #rate;
  #store;
  #read = 0;
  #write = 0;
  /** @type {Segment[]} turns that still have sound to play or may get more */
  #segments = [];
  /** Media of turns up to this one is dead. */
  #deadUpTo = -1;
  #playing = false;
  #prebuffer;
  #pinned = false;
  #cleanSamples = 0;
  #underruns = 0;
  #last = 0;
  #tail;
  #tailLength = 0;
  #tailRead = 0;
  #turn = 0;
  /** @type {(event: PlayoutEvent) => void} */
  #emit;

  /**
   * @param {(event: PlayoutEvent) => void} emit
   * @param {number} [rate] samples per second
   */
  constructor(emit, rate = OUTPUT_RATE) {
    this.#emit = emit;
    this.#rate = rate;
    this.#store = new Int16Array(rate * START_SECONDS);
    this.#prebuffer = this.#samples(FIRST_PREBUFFER_MS);
    this.#tail = new Float32Array(this.#samples(FADE_MS));
  }

  /** Samples waiting. */
  get queued() {
    return this.#write - this.#read;
  }

  /** Milliseconds that must be there before a turn starts to sound. */
  get prebufferMs() {
    return (this.#prebuffer * 1000) / this.#rate;
  }

  /** Samples the store can hold now. */
  get capacity() {
    return this.#store.length;
  }

  get underruns() {
    return this.#underruns;
  }

  /** Turn that sounds, or sounded last. */
  get turn() {
    return this.#turn;
  }

  /** Samples of that turn that were rendered. */
  get played() {
    return this.#segments[0]?.turn === this.#turn ? this.#segments[0].played : 0;
  }

  /**
   * Fixes the prebuffer, or lets it adapt again.
   * @param {number | null} milliseconds
   */
  pin(milliseconds) {
    this.#pinned = milliseconds !== null;
    this.#prebuffer = this.#samples(milliseconds ?? FIRST_PREBUFFER_MS);
  }

  /**
   * Adds sound of a turn. Sound of a flushed turn is ignored.
   * @param {number} turn
   * @param {Int16Array} samples
   * @returns {boolean} whether it was taken
   */
  push(turn, samples) {
    if (turn <= this.#deadUpTo) return false;
    this.#reserve(samples.length);
    const capacity = this.#store.length;
    const at = this.#write % capacity;
    const first = Math.min(samples.length, capacity - at);
    this.#store.set(first === samples.length ? samples : samples.subarray(0, first), at);
    if (first < samples.length) this.#store.set(samples.subarray(first), 0);
    this.#write += samples.length;
    const segment = this.#segmentOf(turn);
    segment.received += samples.length;
    segment.end = this.#write;
    return true;
  }

  /**
   * No more sound of this turn will come.
   * @param {number} turn
   */
  complete(turn) {
    const segment = this.#segments.find((candidate) => candidate.turn === turn);
    if (segment) segment.complete = true;
    this.#retire();
  }

  /**
   * Silences everything up to and including a turn within {@link FADE_MS}; later chunks of it are ignored.
   * @param {number} turn
   */
  flush(turn) {
    this.#deadUpTo = Math.max(this.#deadUpTo, turn);
    const heard = this.#segments[0]?.turn <= turn ? this.#segments[0] : undefined;
    const lastDead = this.#segments.findLast((segment) => segment.turn <= turn);
    const end = lastDead ? lastDead.end : this.#read;
    const dropped = Math.max(0, end - this.#read);
    if (this.#playing && dropped > 0) {
      const length = Math.min(this.#tail.length, dropped);
      for (let i = 0; i < length; i++) {
        this.#tail[i] = (this.#at(this.#read + i) / 32768) * (1 - (i + 1) / this.#tail.length);
      }
      this.#tailLength = length;
      this.#tailRead = 0;
      this.#last = 0;
    }
    this.#read = Math.max(this.#read, end);
    this.#segments = this.#segments.filter((segment) => segment.turn > turn);
    this.#playing = false;
    this.#emit({ type: 'flushed', turn, dropped, played: heard ? heard.played : 0 });
  }

  /**
   * Fills a block; called by the audio thread, allocates nothing.
   * @param {Float32Array} output
   * @param {number} [length]
   */
  render(output, length = output.length) {
    let i = 0;
    while (i < length && this.#tailRead < this.#tailLength) output[i++] = this.#tail[this.#tailRead++];
    if (!this.#playing && i < length) this.#maybeStart();
    while (i < length && this.#playing) {
      const segment = this.#segments[0];
      const ready = Math.min(segment.end - this.#read, length - i);
      for (let n = 0; n < ready; n++) output[i + n] = this.#at(this.#read + n) / 32768;
      i += ready;
      this.#read += ready;
      segment.played += ready;
      if (ready > 0) this.#last = output[i - 1];
      this.#countClean(ready);
      if (i < length) this.#ranDry(segment);
    }
    for (; i < length; i++) {
      this.#last *= UNDERRUN_DECAY;
      if (Math.abs(this.#last) < 1e-5) this.#last = 0;
      output[i] = this.#last;
    }
  }

  /** @param {number} milliseconds */
  #samples(milliseconds) {
    return Math.round((this.#rate * milliseconds) / 1000);
  }

  /** @param {number} position */
  #at(position) {
    return this.#store[position % this.#store.length];
  }

  /** @param {number} turn */
  #segmentOf(turn) {
    const last = this.#segments.at(-1);
    if (last?.turn === turn) return last;
    // Audio of a new turn implies that the previous turn is complete.
    if (last) last.complete = true;
    const segment = { turn, end: this.#write, received: 0, played: 0, complete: false };
    this.#segments.push(segment);
    return segment;
  }

  #maybeStart() {
    this.#retire();
    const segment = this.#segments[0];
    if (!segment) return;
    const waiting = segment.end - this.#read;
    if (waiting === 0 || (waiting < this.#prebuffer && !segment.complete)) return;
    this.#playing = true;
    const resumed = segment.played > 0;
    this.#turn = segment.turn;
    if (!resumed) this.#emit({ type: 'start', turn: segment.turn, queued: this.queued });
  }

  /** Drops finished turns from the front, saying so. */
  #retire() {
    while (this.#segments.length > 0) {
      const segment = this.#segments[0];
      if (!segment.complete || segment.end > this.#read) return;
      this.#segments.shift();
      if (segment.played > 0) this.#emit({ type: 'drained', turn: segment.turn, played: segment.played });
      this.#playing = false;
    }
  }

  /** @param {Segment} segment the one that has nothing left */
  #ranDry(segment) {
    this.#playing = false;
    if (segment.complete) {
      this.#retire();
      this.#maybeStart();
      return;
    }
    this.#underruns++;
    this.#cleanSamples = 0;
    if (!this.#pinned) {
      this.#prebuffer = Math.min(this.#samples(MAX_PREBUFFER_MS), this.#prebuffer + this.#samples(UNDERRUN_STEP_MS));
    }
    this.#emit({ type: 'underrun', turn: segment.turn, count: this.#underruns });
  }

  /** @param {number} samples */
  #countClean(samples) {
    this.#cleanSamples += samples;
    if (this.#cleanSamples < CLEAN_SPEECH_SECONDS * this.#rate) return;
    this.#cleanSamples = 0;
    if (!this.#pinned) {
      this.#prebuffer = Math.max(this.#samples(MIN_PREBUFFER_MS), this.#prebuffer - this.#samples(CLEAN_STEP_MS));
    }
  }

  /** @param {number} more samples to come */
  #reserve(more) {
    const wanted = this.queued + more;
    if (wanted <= this.#store.length) return;
    const step = this.#rate * DOUBLE_UP_TO_SECONDS;
    let size = this.#store.length;
    while (size < wanted) size = size < step ? Math.min(size * 2, step) : size + step;
    const larger = new Int16Array(size);
    for (let position = this.#read; position < this.#write; position++) larger[position % size] = this.#at(position);
    this.#store = larger;
  }
}
