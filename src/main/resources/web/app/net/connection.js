import { decodeFrame, encodeFrame, Kind } from '../proto/frames.js';
import { decodeMessage } from '../proto/messages.js';

/**
 * One WebSocket connection to the service. It never reconnects; {@link ReconnectingConnection} does.
 *
 * @typedef {object} Listener
 * @property {(message: import('../proto/messages.js').ServiceMessage) => void} onMessage
 * @property {(frame: Extract<import('../proto/frames.js').AudioFrame, {ok: true}>) => void} onAudio
 * @property {(close: {code: number, reason: string, opened: boolean}) => void} onClose
 * @property {(slow: boolean) => void} onSlow
 * @property {(bytes: number) => void} onSent
 * @property {(chunks: number) => void} onDropped audio chunks were dropped because the network is too slow
 *
 * @typedef {{url: string, protocols: string[]}} Target
 *
 * @typedef {object} Environment
 * @property {import('../state/event-log.js').EventLog} [events]
 * @property {import('../platform/environment.js').Clock} clock
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 */

const SKIP_VIDEO_ABOVE = 64 * 1024;
const HOLD_AUDIO_ABOVE = 256 * 1024;
const RECOVERED_BELOW = 16 * 1024;
/** Samples of speech kept before `ready` or while the network is congested: 2 s. */
const KEEP_SAMPLES = 32_000;
const PING_MS = 5000;
/** Close code of a page that may resume, for example after a reload; 1000 ends the conversation. */
const LEFT = 3001;
/** Time for the socket to open and the service to say `ready`. */
const READY_MS = 25_000;

export class Connection {
  #environment;
  #listener;
  #socket;
  #opened = false;
  #ready = false;
  #closed = false;
  #slow = false;
  #sequence = 0;
  #startedAt = 0;
  /** @type {Int16Array[]} */
  #waiting = [];
  #waitingSamples = 0;
  /** @type {(() => void)[]} */
  #cancels = [];

  /**
   * @param {Target} target
   * @param {Record<string, unknown>} opening the first message: `setup` or `resume`
   * @param {Listener} listener
   * @param {Environment} environment
   */
  constructor(target, opening, listener, environment) {
    this.url = target.url;
    this.#listener = listener;
    this.#environment = environment;
    this.#startedAt = environment.clock.now();
    const socket = environment.openSocket(target.url, target.protocols);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#opened = true;
      this.#json(opening);
      this.#ping();
      this.#cancels.push(environment.clock.every(PING_MS, () => this.#ping()));
    };
    socket.onmessage = ({ data }) => (typeof data === 'string' ? this.#text(data) : this.#binary(data));
    socket.onclose = ({ code, reason }) => this.#ended({ code, reason, opened: this.#opened });
    this.#cancels.push(
      environment.clock.after(READY_MS, () => {
        if (this.#ready) return;
        this.#ended({ code: 1006, reason: 'no answer', opened: this.#opened });
        socket.close();
      }),
    );
  }

  get ready() {
    return this.#ready;
  }

  /** Bytes in the browser's send buffer. */
  get backlog() {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends a microphone chunk. Before `ready`, and while the network is congested, the newest two seconds are kept.
   * @param {Int16Array} pcm
   */
  audio(pcm) {
    if (this.#closed) return;
    this.#watchBacklog();
    this.#waiting.push(pcm);
    this.#waitingSamples += pcm.length;
    let dropped = 0;
    while (this.#waitingSamples > KEEP_SAMPLES) {
      this.#waitingSamples -= this.#waiting[0].length;
      this.#waiting.shift();
      dropped++;
    }
    if (dropped > 0) this.#listener.onDropped(dropped);
    this.#drain();
  }

  /**
   * Sends a picture.
   * @param {number} kind {@link Kind}
   * @param {ArrayBuffer} jpeg
   * @returns {boolean} whether it was sent; audio has priority
   */
  picture(kind, jpeg) {
    if (!this.#ready || this.#closed || this.#socket.bufferedAmount > SKIP_VIDEO_ABOVE) return false;
    this.#frame(kind, new Uint8Array(jpeg));
    return true;
  }

  /**
   * Sends a control message; returns false before `ready`.
   * @param {Record<string, unknown>} message
   */
  send(message) {
    if (!this.#ready || this.#closed) return false;
    this.#drain();
    this.#json(message);
    return true;
  }

  /**
   * Closes the connection; the listener gets no further events.
   * @param {{forGood?: boolean}} [how] if not for good, the page may resume
   */
  close({ forGood = true } = {}) {
    if (this.#closed) return;
    this.#release();
    this.#socket.close(forGood ? 1000 : LEFT);
  }

  #ping() {
    if (this.#opened && !this.#closed) this.#json({ ping: { t: this.#environment.clock.now() } });
  }

  /** @param {string} data */
  #text(data) {
    if (this.#closed) return;
    this.#environment.events?.message(this.#environment.clock.now(), false, data);
    const message = decodeMessage(data);
    if (message.type === 'ready') this.#ready = true;
    this.#listener.onMessage(message);
    if (message.type === 'ready') this.#drain();
  }

  /** @param {ArrayBuffer} data */
  #binary(data) {
    if (this.#closed) return;
    const frame = decodeFrame(data);
    this.#environment.events?.media(this.#environment.clock.now(), false, Kind.MODEL_AUDIO, data.byteLength);
    if (frame.ok) this.#listener.onAudio(frame);
    else this.#listener.onMessage({ type: 'malformed', problem: frame.problem });
  }

  /** @param {{code: number, reason: string, opened: boolean}} close */
  #ended(close) {
    if (this.#closed) return;
    this.#release();
    this.#listener.onClose(close);
  }

  #release() {
    this.#closed = true;
    this.#waiting = [];
    for (const cancel of this.#cancels) cancel();
  }

  #watchBacklog() {
    const backlog = this.#socket.bufferedAmount;
    const slow = this.#slow ? backlog > RECOVERED_BELOW : backlog > SKIP_VIDEO_ABOVE;
    if (slow === this.#slow) return;
    this.#slow = slow;
    this.#listener.onSlow(slow);
  }

  #drain() {
    while (this.#ready && this.#waiting.length > 0 && this.#socket.bufferedAmount <= HOLD_AUDIO_ABOVE) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#waitingSamples -= next.length;
      this.#frame(Kind.MICROPHONE, next);
    }
  }

  /**
   * @param {number} kind
   * @param {ArrayBufferView} payload
   */
  #frame(kind, payload) {
    const at = this.#environment.clock.now() - this.#startedAt;
    const buffer = encodeFrame({ kind, id: this.#sequence++, at }, payload);
    this.#environment.events?.media(this.#environment.clock.now(), true, kind, buffer.byteLength);
    this.#socket.send(buffer);
    this.#listener.onSent(buffer.byteLength);
  }

  /** @param {Record<string, unknown>} message */
  #json(message) {
    const text = JSON.stringify(message);
    this.#environment.events?.message(this.#environment.clock.now(), true, text);
    this.#socket.send(text);
    this.#listener.onSent(text.length);
  }
}
