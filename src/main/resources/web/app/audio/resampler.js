/**
 * Windowed-sinc sample-rate conversion for a stream.
 *
 * Positions are whole numbers, so a stream of any length neither drifts nor depends on how it is cut into blocks.
 */

/** Taps at input rates up to 48 kHz; above, the filter grows with the rate so that its slope stays equally steep. */
const BASE_TAPS = 105;
const BASE_RATE = 48000;
/** Phases kept at most. Rates whose ratio needs fewer get exactly the phases they need. */
const MAX_PHASES = 512;
/** Share of the lower Nyquist frequency that passes. */
const PASS_BAND = 0.93;
/** Kaiser window shape: stop band near -80 dB. */
const KAISER_BETA = 7.9;

/**
 * Modified Bessel function of the first kind, order zero.
 * @param {number} x
 */
function bessel0(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function gcd(a, b) {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * One row of taps per phase, each row with unit gain at 0 Hz.
 * @param {number} taps
 * @param {number} phases
 * @param {number} cutoff cycles per input sample
 */
function filterBank(taps, phases, cutoff) {
  const bank = new Float32Array(taps * phases);
  const centre = (taps - 1) / 2;
  const window0 = bessel0(KAISER_BETA);
  for (let phase = 0; phase < phases; phase++) {
    const offset = phase / phases;
    let sum = 0;
    for (let i = 0; i < taps; i++) {
      const x = i - centre - offset;
      const edge = x / (centre + 1);
      const window = bessel0(KAISER_BETA * Math.sqrt(Math.max(0, 1 - edge * edge))) / window0;
      const angle = 2 * Math.PI * cutoff * x;
      const value = (x === 0 ? 1 : Math.sin(angle) / angle) * window;
      bank[phase * taps + i] = value;
      sum += value;
    }
    for (let i = 0; i < taps; i++) bank[phase * taps + i] /= sum;
  }
  return bank;
}

export class Resampler {
  #taps;
  #phases;
  #bank;
  #step;
  #unit;
  /** Where the next output lies, in units of 1/#unit input samples after the oldest kept one. */
  #position = 0;
  #history;
  #kept;

  /**
   * @param {number} inputRate samples per second
   * @param {number} outputRate samples per second
   */
  constructor(inputRate, outputRate) {
    if (!(inputRate > 0 && outputRate > 0)) throw new RangeError(`rates ${inputRate} to ${outputRate}`);
    const from = Math.round(inputRate);
    const to = Math.round(outputRate);
    const divisor = gcd(from, to);
    this.#unit = to / divisor;
    this.#step = from / divisor;
    this.#phases = Math.min(this.#unit, MAX_PHASES);
    const wanted = Math.round((BASE_TAPS * Math.max(from, BASE_RATE)) / BASE_RATE);
    this.#taps = wanted % 2 === 0 ? wanted + 1 : wanted;
    this.#bank = filterBank(this.#taps, this.#phases, (PASS_BAND * Math.min(from, to)) / 2 / from);
    this.#history = new Float32Array(this.#taps + 4096);
    // Half a filter of silence in front: the first output is centred on the first input.
    this.#kept = (this.#taps - 1) / 2;
  }

  /** Filter length in input samples. */
  get taps() {
    return this.#taps;
  }

  /**
   * How many input samples must be fed until `outputs` more samples can come out.
   * @param {number} outputs
   */
  needed(outputs) {
    const last = Math.floor((this.#position + (outputs - 1) * this.#step) / this.#unit);
    return Math.max(0, last + this.#taps - this.#kept);
  }

  /**
   * Most samples that `inputs` more samples can bring out.
   * @param {number} inputs
   */
  capacityFor(inputs) {
    return Math.ceil(((inputs + 1) * this.#unit) / this.#step) + 1;
  }

  /**
   * @param {Float32Array} input
   * @param {Float32Array} output receives the samples; large enough, see {@link capacityFor}
   * @param {number} [length] samples of `input` to take
   * @param {number} [limit] samples to write at most; the rest stays for the next call
   * @returns {number} samples written
   */
  process(input, output, length = input.length, limit = output.length) {
    if (this.#kept + length > this.#history.length) {
      const larger = new Float32Array((this.#kept + length) * 2);
      larger.set(this.#history.subarray(0, this.#kept));
      this.#history = larger;
    }
    const history = this.#history;
    for (let i = 0; i < length; i++) history[this.#kept + i] = input[i];
    this.#kept += length;

    const taps = this.#taps;
    const bank = this.#bank;
    let written = 0;
    let start = Math.floor(this.#position / this.#unit);
    while (start + taps <= this.#kept && written < limit) {
      const fraction = this.#position - start * this.#unit;
      const row = Math.floor((fraction * this.#phases) / this.#unit) * taps;
      let sum = 0;
      for (let i = 0; i < taps; i++) sum += history[start + i] * bank[row + i];
      output[written++] = sum;
      this.#position += this.#step;
      start = Math.floor(this.#position / this.#unit);
    }
    const done = Math.min(start, this.#kept);
    history.copyWithin(0, done, this.#kept);
    this.#kept -= done;
    this.#position -= done * this.#unit;
    return written;
  }
}
