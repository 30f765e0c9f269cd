import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeFrame,
  encodeFrame,
  FLAG_FIRST,
  FLAG_LAST,
  Kind,
  unwrap16,
} from '../../main/resources/web/app/proto/frames.js';

test('a frame comes back as it went', () => {
  const pcm = Int16Array.from([1, -2, 32_767, -32_768]);
  const buffer = encodeFrame(
    { kind: Kind.MODEL_AUDIO, flags: FLAG_FIRST | FLAG_LAST, id: 65_537, at: 4_000_000_000 },
    pcm,
  );
  const frame = decodeFrame(buffer);
  assert.ok(frame.ok);
  assert.deepEqual(
    { turn: frame.turn, first: frame.first, last: frame.last, at: frame.at, pcm: [...frame.pcm] },
    { turn: 1, first: true, last: true, at: 4_000_000_000, pcm: [...pcm] },
  );
});

test('the header is little-endian and eight bytes long', () => {
  const buffer = encodeFrame({ kind: Kind.MICROPHONE, id: 0x0102, at: 0x03040506 }, Uint8Array.of(9));
  assert.deepEqual([...new Uint8Array(buffer)], [1, 0, 2, 1, 6, 5, 4, 3, 9]);
});

test('a view into a larger buffer is sent alone', () => {
  const samples = Int16Array.from([1, 2, 3, 4]).subarray(1, 3);
  assert.deepEqual([...new Int16Array(encodeFrame({ kind: 1, id: 0, at: 0 }, samples), 8)], [2, 3]);
});

test('what is no model audio is named, not thrown', () => {
  for (const buffer of [
    new ArrayBuffer(0),
    new ArrayBuffer(7),
    encodeFrame({ kind: 77, id: 0, at: 0 }, new Int16Array(2)),
    encodeFrame({ kind: Kind.MODEL_AUDIO, id: 0, at: 0 }, new Uint8Array(3)),
  ]) {
    const frame = decodeFrame(buffer);
    assert.equal(frame.ok, false);
    assert.ok(!frame.ok && frame.problem.length > 0);
  }
});

test('turn ids count on beyond 16 bits', () => {
  assert.equal(unwrap16(5, 4), 5);
  assert.equal(unwrap16(0, 65_535), 65_536);
  assert.equal(unwrap16(65_535, 65_536), 65_535);
  assert.equal(unwrap16(3, 131_070), 131_075);
});
