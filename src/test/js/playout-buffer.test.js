import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlayoutBuffer } from '../../main/resources/web/app/audio/playout-buffer.js';
import { constant } from './support.js';

/** @typedef {import('../../main/resources/web/app/audio/playout-buffer.js').PlayoutEvent} PlayoutEvent */

const RATE = 24_000;
const ms = (/** @type {number} */ value) => (RATE * value) / 1000;

function playout() {
  /** @type {PlayoutEvent[]} */
  const events = [];
  const buffer = new PlayoutBuffer((event) => events.push(event));
  return {
    buffer,
    events,
    types: () => events.map((event) => event.type),
    /** @param {number} milliseconds */
    play(milliseconds) {
      const output = new Float32Array(ms(milliseconds));
      for (let at = 0; at < output.length; at += 128)
        buffer.render(output.subarray(at, Math.min(at + 128, output.length)));
      return output;
    },
  };
}

/** Counts upwards, so that every sample knows its place. @param {number} samples @param {number} from */
const ramp = (samples, from = 1) => Int16Array.from({ length: samples }, (_, i) => ((from + i - 1) % 30_000) + 1);

test('waits for the prebuffer, then starts', () => {
  const { buffer, play, types } = playout();
  buffer.push(1, constant(ms(79), 1000));
  assert.ok(play(20).every((sample) => sample === 0));
  assert.deepEqual(types(), []);
  buffer.push(1, constant(ms(1), 1000));
  assert.ok(play(10).every((sample) => sample > 0.03));
  assert.deepEqual(types(), ['start']);
});

test('a short turn that is complete starts at once and drains without an underrun', () => {
  const { buffer, events, play, types } = playout();
  buffer.push(1, constant(ms(30), 1000));
  buffer.complete(1);
  play(60);
  assert.deepEqual(types(), ['start', 'drained']);
  assert.deepEqual(events[1], { type: 'drained', turn: 1, played: ms(30) });
  assert.equal(buffer.underruns, 0);
});

test('running dry fades out, counts, and asks for more the next time', () => {
  const { buffer, events, play, types } = playout();
  buffer.push(1, constant(ms(100), 16_000));
  const output = play(110);
  const after = output.subarray(ms(100));
  assert.ok(after[0] > 0.4 && after[0] < 0.488, 'the last sample fades');
  assert.ok(
    after.every((sample, i) => i === 0 || sample <= after[i - 1]),
    'downwards only',
  );
  assert.ok(Math.abs(after.at(-1) ?? 1) < 1e-4);
  assert.deepEqual(types(), ['start', 'underrun']);
  assert.deepEqual(events[1], { type: 'underrun', turn: 1, count: 1 });
  assert.equal(buffer.prebufferMs, 140);
  buffer.push(1, constant(ms(139), 16_000));
  assert.equal(play(10)[100], 0, 'waits for the larger prebuffer');
  buffer.push(1, constant(ms(1), 16_000));
  assert.ok(play(10)[100] > 0.4);
  assert.deepEqual(types(), ['start', 'underrun'], 'a resumed turn does not start twice');
});

test('the prebuffer grows to 400 ms and shrinks to 60 ms', () => {
  const { buffer, play } = playout();
  for (let turn = 1; turn <= 8; turn++) {
    buffer.push(turn, constant(ms(500), 1000));
    play(510);
  }
  assert.equal(buffer.prebufferMs, 400);
  buffer.push(9, constant(ms(300_000), 1000));
  play(300_000);
  assert.equal(buffer.prebufferMs, 60);
});

test('a pinned prebuffer stays', () => {
  const { buffer, play } = playout();
  buffer.pin(200);
  buffer.push(1, constant(ms(250), 1000));
  play(300);
  assert.equal(buffer.underruns, 1);
  assert.equal(buffer.prebufferMs, 200);
  buffer.pin(null);
  assert.equal(buffer.prebufferMs, 80);
});

test('the ring wraps without losing or repeating a sample', () => {
  const { buffer, play } = playout();
  let sent = 0;
  let heard = 0;
  for (let round = 0; round < 80; round++) {
    buffer.push(1, ramp(RATE, sent + 1));
    sent += RATE;
    for (const sample of play(1000)) {
      if (sample === 0 && heard === 0) continue;
      if (heard < sent) assert.equal(Math.round(sample * 32_768), (heard % 30_000) + 1, `sample ${heard}`);
      heard++;
    }
  }
  assert.equal(buffer.capacity, RATE * 30, 'reading frees room');
});

test('a reply of ten minutes is kept whole', () => {
  const { buffer, play, types } = playout();
  const chunk = ramp(ms(200));
  for (let i = 0; i < 3000; i++) buffer.push(1, chunk);
  assert.equal(buffer.queued, RATE * 600);
  assert.equal(buffer.capacity, RATE * 600);
  buffer.push(1, chunk);
  assert.equal(buffer.queued, RATE * 600 + chunk.length, 'beyond ten minutes nothing is dropped either');
  buffer.complete(1);
  let samples = 0;
  for (let second = 0; second < 601; second++) samples += play(1000).filter((sample) => sample !== 0).length;
  assert.ok(samples >= RATE * 600 + chunk.length, `${samples} samples`);
  assert.deepEqual(types(), ['start', 'drained']);
});

test('flush falls silent within 5 ms and tells what was lost', () => {
  const { buffer, events, play } = playout();
  buffer.push(1, constant(ms(1000), 16_000));
  play(200);
  const queued = buffer.queued;
  buffer.flush(1);
  const output = play(20);
  assert.ok(output[0] > 0.4, 'no click');
  assert.ok(
    output.subarray(ms(5)).every((sample) => sample === 0),
    'silent after 5 ms',
  );
  assert.ok(output.subarray(0, ms(5)).every((sample, i, all) => i === 0 || sample <= all[i - 1]));
  assert.deepEqual(events.at(-1), { type: 'flushed', turn: 1, dropped: queued, played: ms(1000) - queued });
  assert.equal(buffer.queued, 0);
});

test('late chunks of the dead turn are ignored, the next turn is played', () => {
  const { buffer, play } = playout();
  buffer.push(1, constant(ms(500), 1000));
  play(100);
  buffer.flush(1);
  assert.equal(buffer.push(1, constant(ms(500), 1000)), false);
  assert.equal(buffer.queued, 0);
  assert.equal(buffer.push(2, constant(ms(100), 2000)), true);
  play(10);
  assert.ok(play(10)[0] > 0.05);
  assert.equal(buffer.turn, 2);
});

test('flush of a turn leaves the next one alone', () => {
  const { buffer, events, play } = playout();
  buffer.push(1, constant(ms(200), 1000));
  buffer.complete(1);
  buffer.push(2, constant(ms(200), 2000));
  play(50);
  buffer.flush(1);
  assert.equal(buffer.queued, ms(200));
  assert.equal(events.at(-1)?.type, 'flushed');
  play(10);
  assert.ok(Math.abs(play(1)[0] - 2000 / 32_768) < 1e-6);
});

test('flush when nothing plays is answered and harmless', () => {
  const { buffer, events, play } = playout();
  buffer.flush(3);
  assert.deepEqual(events, [{ type: 'flushed', turn: 3, dropped: 0, played: 0 }]);
  assert.ok(play(10).every((sample) => sample === 0));
});

test('two turns follow each other without a gap', () => {
  const { buffer, play, types } = playout();
  buffer.push(1, constant(ms(100), 1000));
  buffer.complete(1);
  buffer.push(2, constant(ms(100), 1000));
  buffer.complete(2);
  const output = play(200);
  assert.ok(
    output.every((sample) => sample > 0.03),
    'no gap',
  );
  play(10);
  assert.deepEqual(types(), ['start', 'drained', 'start', 'drained']);
});

test('jitter of 150 ms is ridden out after the first answer', () => {
  const { buffer, play } = playout();
  // Real-time delivery in 40 ms chunks, each up to 150 ms late: the worst case, for Gemini runs ahead.
  const late = (/** @type {number} */ i) => (i * 7919) % 150;
  const arrivals = Array.from({ length: 1500 }, (_, i) => i * 40 + late(i)).sort((a, b) => a - b);
  let next = 0;
  let underrunsAfterFirst = 0;
  for (let now = 0; now < 60_000; now += 10) {
    while (next < arrivals.length && arrivals[next] <= now) {
      buffer.push(1, constant(ms(40), 1000));
      next++;
    }
    play(10);
    if (now === 5000) underrunsAfterFirst = buffer.underruns;
  }
  assert.equal(buffer.underruns, underrunsAfterFirst, 'adapted within five seconds');
  assert.ok(buffer.underruns <= 3, `${buffer.underruns} underruns`);
});

test('faster than real time, 150 ms of jitter is not noticed at all', () => {
  const { buffer, play } = playout();
  let next = 0;
  for (let now = 0; now < 10_000; now += 10) {
    while (next < 50 && next * 55 + ((next * 7919) % 150) <= now) {
      buffer.push(1, constant(ms(200), 1000));
      next++;
    }
    play(10);
  }
  assert.equal(buffer.underruns, 0);
});

/** Numbers between 0 and 1 that are the same in each run. @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/**
 * Plays an answer that comes as the service sends it: 200 ms, then 240 ms each, 3.6 times faster than real time, each
 * chunk late by up to 150 ms, and none before its predecessor.
 * @param {PlayoutBuffer} buffer
 * @param {number} turn
 * @param {() => number} late 0 to 1
 */
function playJittered(buffer, turn, late) {
  const arrivals = [];
  let sent = 0;
  let arrived = 0;
  for (let chunk = 0; chunk < 20; chunk++) {
    const samples = ms(chunk === 0 ? 200 : 240);
    arrived = Math.max(arrived, sent + 150 * late());
    arrivals.push({ at: arrived, samples });
    sent += (samples * 1000) / RATE / 3.6;
  }
  const quantum = new Float32Array(128);
  for (let now = 0; arrivals.length > 0 || buffer.queued > 0; now += (128 * 1000) / RATE) {
    while (arrivals.length > 0 && arrivals[0].at <= now) {
      buffer.push(turn, constant(arrivals[0].samples, 1000));
      arrivals.shift();
      if (arrivals.length === 0) buffer.complete(turn);
    }
    buffer.render(quantum);
  }
}

test('150 ms of jitter are not audible', () => {
  const { buffer } = playout();
  const late = random(7);
  for (let turn = 1; turn <= 40; turn++) playJittered(buffer, turn, late);
  assert.equal(buffer.underruns, 0);
});

test('the worst that 150 ms of jitter can do is learned', () => {
  const { buffer } = playout();
  /** @type {number[]} */
  const underruns = [];
  for (let turn = 1; turn <= 10; turn++) {
    let first = true;
    // The first chunk is in time, all others are as late as can be.
    playJittered(buffer, turn, () => {
      if (!first) return 1;
      first = false;
      return 0;
    });
    underruns.push(buffer.underruns);
  }
  assert.ok(underruns[0] > 0, 'otherwise this is not the worst');
  // Not none: after clean speech less is kept in reserve, to see whether that is enough.
  assert.ok(underruns[9] - underruns[4] <= 1, `hardly any after the fifth turn: ${underruns}`);
});
