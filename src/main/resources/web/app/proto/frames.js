/** Binary frames: an 8-byte little-endian header, then the payload (docs/live-protocol.md). */

export const HEADER_BYTES = 8;

/** @enum {number} */
export const Kind = Object.freeze({ MICROPHONE: 1, CAMERA: 2, SCREEN: 3, MODEL_AUDIO: 129 });

/** First chunk of a turn. */
export const FLAG_FIRST = 1;
/** Last chunk of a turn. */
export const FLAG_LAST = 2;

/**
 * @param {{kind: number, flags?: number, id: number, at: number}} header `id` is a sequence number and wraps at 16
 *   bits, `at` is in milliseconds since session start
 * @param {ArrayBufferView} payload
 * @returns {ArrayBuffer}
 */
export function encodeFrame({ kind, flags = 0, id, at }, payload) {
  const buffer = new ArrayBuffer(HEADER_BYTES + payload.byteLength);
  const view = new DataView(buffer);
  view.setUint8(0, kind);
  view.setUint8(1, flags);
  view.setUint16(2, id & 0xffff, true);
  view.setUint32(4, Math.max(0, Math.round(at)) >>> 0, true);
  new Uint8Array(buffer, HEADER_BYTES).set(new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength));
  return buffer;
}

/**
 * @typedef {{ok: true, turn: number, first: boolean, last: boolean, at: number, pcm: Int16Array}
 *   | {ok: false, problem: string}} AudioFrame
 */

/**
 * Reads a frame of model audio.
 * @param {ArrayBuffer} buffer
 * @returns {AudioFrame}
 */
export function decodeFrame(buffer) {
  if (buffer.byteLength < HEADER_BYTES) return { ok: false, problem: `frame of ${buffer.byteLength} bytes` };
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  if (kind !== Kind.MODEL_AUDIO) return { ok: false, problem: `frame of unknown kind ${kind}` };
  if (buffer.byteLength % 2 !== 0) return { ok: false, problem: 'audio frame with half a sample' };
  const flags = view.getUint8(1);
  return {
    ok: true,
    turn: view.getUint16(2, true),
    first: (flags & FLAG_FIRST) !== 0,
    last: (flags & FLAG_LAST) !== 0,
    at: view.getUint32(4, true),
    pcm: new Int16Array(buffer, HEADER_BYTES),
  };
}

/**
 * The whole number nearest to `near` whose lower 16 bits are `low`.
 * @param {number} low
 * @param {number} near
 */
export function unwrap16(low, near) {
  const base = near - (near & 0xffff) + low;
  if (base - near > 0x8000) return base - 0x10000;
  if (near - base > 0x8000) return base + 0x10000;
  return base;
}
