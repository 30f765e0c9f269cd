import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chunker } from '../../main/resources/web/app/audio/chunker.js';
import { rms, toInt16 } from '../../main/resources/web/app/audio/pcm.js';

/** @typedef {import('../../main/resources/web/app/audio/chunker.js').Chunk} Chunk */

/** @param {number} [chunkMs] */
function chunker(chunkMs) {
  /** @type {Chunk[]} */
  const chunks = [];
  return { chunks, chunker: new Chunker(48_000, (chunk) => chunks.push(chunk), chunkMs) };
}

/**
 * @param {Chunker} target
 * @param {number} milliseconds
 * @param {number} amplitude
 */
function feed(target, milliseconds, amplitude) {
  const blocks = Math.round((milliseconds * 48) / 128);
  for (let block = 0; block < blocks; block++) {
    target.push(
      Float32Array.from(
        { length: 128 },
        (_, i) => amplitude * Math.sin((2 * Math.PI * 1000 * (block * 128 + i)) / 48_000),
      ),
    );
  }
}

test('chunks of 20 ms with a running count of samples', () => {
  const { chunks, chunker: target } = chunker();
  feed(target, 1000, 0.5);
  assert.ok(chunks.length >= 49 && chunks.length <= 50, `${chunks.length} chunks`);
  assert.ok(chunks.every((chunk, index) => chunk.pcm.length === 320 && chunk.sample === index * 320 && chunk.open));
});

test('a tone keeps its loudness', () => {
  const { chunks, chunker: target } = chunker();
  feed(target, 500, 0.5012);
  const loudness = rms(chunks[10].pcm) * 32_768;
  assert.ok(Math.abs(loudness - 11_612) < 60, `${loudness}`);
  assert.equal(chunks[10].level, rms(chunks[10].pcm));
});

test('too loud is clamped, not folded', () => {
  assert.equal(toInt16(1.01), 32_767);
  assert.equal(toInt16(-1.5), -32_768);
  assert.equal(toInt16(0), 0);
});

test('the length changes between chunks, never within one', () => {
  const { chunks, chunker: target } = chunker();
  feed(target, 50, 0.1);
  target.setChunkMs(40);
  feed(target, 200, 0.1);
  const lengths = chunks.map((chunk) => chunk.pcm.length);
  assert.deepEqual([...new Set(lengths)], [320, 640]);
  assert.ok(
    chunks.every((chunk, index) => index === 0 || chunk.sample === chunks[index - 1].sample + lengths[index - 1]),
  );
});

test('a shut gate keeps 300 ms and gives them first', () => {
  const { chunks, chunker: target } = chunker();
  target.gate(false);
  feed(target, 1000, 0.2);
  assert.ok(chunks.length > 40);
  assert.ok(chunks.every((chunk) => !chunk.open && chunk.pcm.length === 0));
  const shut = chunks.length;
  target.gate(true);
  const lookBack = chunks.slice(shut);
  assert.equal(lookBack.length, 15);
  assert.ok(lookBack.every((chunk) => chunk.open && chunk.pcm.length === 320));
  feed(target, 100, 0.2);
  const samples = chunks.slice(shut).map((chunk) => chunk.sample);
  assert.ok(
    samples.every((sample, index) => index === 0 || sample === samples[index - 1] + 320),
    'no gap, nothing twice',
  );
});

test('digital zero is distinguished from silence', () => {
  const { chunks, chunker: target } = chunker();
  feed(target, 100, 0);
  assert.ok(chunks.every((chunk) => chunk.silent));
  feed(target, 100, 0.001);
  assert.equal(chunks.at(-1)?.silent, false);
});
