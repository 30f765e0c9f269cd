import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resampler } from '../../main/resources/web/app/audio/resampler.js';

/**
 * One second of a tone.
 * @param {number} rate
 * @param {number} frequency
 */
const tone = (rate, frequency) =>
  Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));

/**
 * @param {Resampler} resampler
 * @param {Float32Array} input
 * @param {number} [block]
 */
function convert(resampler, input, block = input.length) {
  const pieces = [];
  for (let at = 0; at < input.length; at += block) {
    const part = input.subarray(at, at + block);
    const output = new Float32Array(resampler.capacityFor(part.length));
    pieces.push(...output.subarray(0, resampler.process(part, output)));
  }
  return pieces;
}

/** @param {number[]} samples level of a sine in decibels; 0 at amplitude 1. The edges are left out. */
function level(samples) {
  const middle = samples.slice(2000, -2000);
  const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
  return 10 * Math.log10(2 * power);
}

for (const rate of [44_100, 48_000, 96_000]) {
  const at = (/** @type {number} */ frequency) => level(convert(new Resampler(rate, 16_000), tone(rate, frequency)));

  test(`${rate} Hz: speech passes unchanged`, () => {
    for (const frequency of [100, 1000, 3000, 6000]) {
      assert.ok(Math.abs(at(frequency)) < 1, `${frequency} Hz: ${at(frequency)} dB`);
    }
  });

  test(`${rate} Hz: nothing folds back`, () => {
    assert.ok(at(9000) < -50, `9 kHz: ${at(9000)} dB`);
    for (const frequency of [10_000, 12_500, 15_000, 20_000]) {
      assert.ok(at(frequency) < -70, `${frequency} Hz: ${at(frequency)} dB`);
    }
  });

  test(`${rate} Hz: the cut into blocks leaves no trace`, () => {
    const input = tone(rate, 997);
    const whole = convert(new Resampler(rate, 16_000), input);
    for (const block of [1, 127, 128, 1024]) {
      assert.deepEqual(convert(new Resampler(rate, 16_000), input, block), whole, `blocks of ${block}`);
    }
  });
}

test('the pitch stays', () => {
  const output = convert(new Resampler(44_100, 16_000), tone(44_100, 1000));
  let crossings = 0;
  for (let i = 1001; i < 15_001; i++) if (output[i - 1] < 0 && output[i] >= 0) crossings++;
  assert.ok(Math.abs(crossings / (14_000 / 16_000) - 1000) < 2, `${crossings} crossings`);
});

test('an hour does not drift', () => {
  const resampler = new Resampler(44_100, 16_000);
  const block = new Float32Array(44_100);
  const output = new Float32Array(resampler.capacityFor(block.length));
  let total = 0;
  for (let second = 0; second < 60; second++) total += resampler.process(block, output);
  assert.ok(Math.abs(total - 60 * 16_000) <= resampler.taps, `${total} samples`);
});

test('upwards, exactly the wanted number comes out', () => {
  for (const rate of [44_100, 48_000, 96_000]) {
    const resampler = new Resampler(24_000, rate);
    const output = new Float32Array(128);
    let consumed = 0;
    for (let quantum = 0; quantum < 1000; quantum++) {
      const needed = resampler.needed(128);
      consumed += needed;
      assert.equal(resampler.process(new Float32Array(needed), output, needed), 128);
    }
    const expected = (128_000 * 24_000) / rate;
    assert.ok(Math.abs(consumed - expected) <= resampler.taps, `${rate}: ${consumed} for ${expected}`);
  }
});

test('an unusable rate is refused', () => {
  assert.throws(() => new Resampler(0, 16_000), RangeError);
  assert.throws(() => new Resampler(Number.NaN, 16_000), RangeError);
});
