/** 16-bit samples and what can be read off them. */

/** Microphone samples per second on the wire. */
export const INPUT_RATE = 16000;
/** Model samples per second on the wire. */
export const OUTPUT_RATE = 24000;

/**
 * Clamps and rounds one sample.
 * @param {number} value nominally -1 to 1
 */
export function toInt16(value) {
  const scaled = Math.round(value * 32767);
  return Math.min(32767, Math.max(-32768, scaled));
}

/**
 * Mixes all channels equally: the microphone may use any of them. Browsers deliver several even if one is requested.
 * @param {readonly Float32Array[]} channels of the same length
 * @param {Float32Array} mixed receives the samples; at least as long as a channel
 * @returns {Float32Array} the samples; the channel itself where there is one only
 */
export function mixDown(channels, mixed) {
  if (channels.length === 1) return channels[0];
  const length = channels[0].length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let c = 0; c < channels.length; c++) sum += channels[c][i];
    mixed[i] = sum / channels.length;
  }
  return mixed.subarray(0, length);
}

/**
 * Root mean square of 16-bit samples, 0 to 1.
 * @param {Int16Array} samples
 */
export function rms(samples) {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i];
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length) / 32768;
}
