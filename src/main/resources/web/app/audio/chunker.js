import { INPUT_RATE, rms, toInt16 } from './pcm.js';
import { Resampler } from './resampler.js';

/**
 * One chunk of microphone audio.
 * @typedef {object} Chunk
 * @property {Int16Array<ArrayBuffer>} pcm 16 kHz mono
 * @property {number} level root mean square, 0 to 1
 * @property {number} sample index of the first sample since the chunker was made
 * @property {boolean} open whether the gate was open, so that the chunk is meant to be sent
 * @property {number} [at] context time of the block that completed it, seconds; added by the worklet
 * @property {boolean} silent whether every sample is exactly zero
 */

/** Sound kept from before push-to-talk was pressed, milliseconds. */
const LOOK_BACK_MS = 300;

/** Turns blocks at the device's rate into 16 kHz chunks, with a gate that remembers what it just kept out. */
export class Chunker {
  #resampler;
  #emit;
  #converted = new Float32Array(0);
  #length;
  #chunk;
  #filled = 0;
  #sample = 0;
  #open = true;
  /** @type {Chunk[]} */
  #lookBack = [];

  /**
   * @param {number} inputRate the device's samples per second
   * @param {(chunk: Chunk) => void} emit
   * @param {number} [chunkMs]
   */
  constructor(inputRate, emit, chunkMs = 20) {
    this.#resampler = new Resampler(inputRate, INPUT_RATE);
    this.#emit = emit;
    this.#length = (INPUT_RATE * chunkMs) / 1000;
    this.#chunk = new Int16Array(this.#length);
  }

  /**
   * Sets the length of the chunks to come; a running chunk is finished at its old length.
   * @param {number} milliseconds
   */
  setChunkMs(milliseconds) {
    this.#length = (INPUT_RATE * milliseconds) / 1000;
    if (this.#filled === 0) this.#chunk = new Int16Array(this.#length);
  }

  /**
   * Opens or shuts the gate. Opening it first emits the look-back.
   * @param {boolean} open
   */
  gate(open) {
    if (open && !this.#open) {
      for (const chunk of this.#lookBack) this.#emit({ ...chunk, open: true });
    }
    this.#lookBack = [];
    this.#open = open;
  }

  /** @param {Float32Array} block one channel */
  push(block) {
    const room = this.#resampler.capacityFor(block.length);
    if (this.#converted.length < room) this.#converted = new Float32Array(room);
    const count = this.#resampler.process(block, this.#converted);
    for (let i = 0; i < count; i++) {
      this.#chunk[this.#filled++] = toInt16(this.#converted[i]);
      if (this.#filled === this.#chunk.length) this.#finish();
    }
  }

  #finish() {
    const pcm = this.#chunk;
    const level = rms(pcm);
    const chunk = { pcm, level, sample: this.#sample, open: this.#open, silent: level === 0 };
    this.#sample += pcm.length;
    this.#filled = 0;
    this.#chunk = new Int16Array(this.#length);
    if (this.#open) {
      this.#emit(chunk);
      return;
    }
    this.#lookBack.push(chunk);
    const limit = (INPUT_RATE * LOOK_BACK_MS) / 1000;
    while (this.#lookBack.length * pcm.length > limit) this.#lookBack.shift();
    // Level meter and watchdog need every chunk; its samples are not passed on.
    this.#emit({ ...chunk, pcm: new Int16Array(0) });
  }
}
