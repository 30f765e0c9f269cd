import { Beacons } from './metrics/beacons.js';
import { unwrap16 } from './proto/frames.js';

/**
 * What the service says, put where it belongs: sound to the loudspeaker, words to the transcript, moments to the
 * stopwatch, facts to the state.
 *
 * Turns are numbered across connections: each new one counts from 1, here the count goes on.
 *
 * @typedef {object} Parts
 * @property {import('./state/state-store.js').StateStore} store
 * @property {import('./state/transcript.js').Transcript} transcript
 * @property {import('./metrics/latency.js').Latency} latency
 * @property {import('./metrics/speech.js').SpeechDetector} detector
 * @property {import('./platform/environment.js').Clock} clock
 * @property {() => import('./media/speaker.js').Speaker | null} speaker
 * @property {() => number | null} rtt
 * @property {() => void} changed the transcript has
 * @property {(turn: number, calls: import('./proto/messages.js').FunctionCall[]) => void} onToolCall
 * @property {(turn: number, totalMs: number) => void} onFirstAudio
 * @property {(message: {beacon: {turn: number} & import('./metrics/beacons.js').Beacon}) => void} report to the service
 */

/** A turn whose `turnComplete` does not come is over this long after its last sound. */
const OVERDUE_MS = 2000;

export class Turns {
  #parts;
  /** What the current connection's turn numbers are added to. */
  #base = 0;
  #last = 0;
  /** Sound of turns up to this one is not wanted any more. */
  #deadUpTo = 0;
  /** A turn that is not wanted although nothing of it has come yet; 0 for none. */
  #unwanted = 0;
  #beacons = new Beacons();
  #audible = 0;
  /** Whether the turn that was last told to be silent had more to say, in the buffer or still to come. */
  #unfinished = false;
  /** Turn that first brought content while the user's current utterance had already begun. */
  #contentAt = 0;
  #contentTurn = 0;
  /** @type {Map<number, number>} samples received per turn */
  #received = new Map();
  /** @type {Set<number>} turns of which nothing more will come */
  #generated = new Set();
  /** @type {Set<number>} turns that the service called complete */
  #complete = new Set();
  /** @type {(() => void) | null} */
  #cancelOverdue = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Newest turn seen. */
  get current() {
    return this.#last;
  }

  /**
   * A new connection counts from 1 again.
   * @param {boolean} answering whether its first turn is the rest of the reply that the former one was lost in
   */
  connected(answering) {
    const begun = this.#last > this.#base && this.#last === this.#contentTurn && !this.#complete.has(this.#last);
    this.#base = answering && begun ? this.#last - 1 : this.#last;
  }

  /** The connection is gone; queued sound plays on, nothing more comes. */
  disconnected() {
    this.#cancelOverdue?.();
    for (let turn = Math.max(1, this.#last - 2); turn <= this.#last; turn++) this.#parts.speaker()?.complete(turn);
    this.#parts.transcript.closeAll();
    // Text was being written, and will not be.
    if (this.#audible === 0) this.#parts.store.dispatch({ type: 'silent', at: this.#parts.clock.now() });
  }

  /** @param {Extract<import('./proto/frames.js').AudioFrame, {ok: true}>} frame */
  audio(frame) {
    const { latency, clock, speaker, rtt } = this.#parts;
    const turn = this.#base + unwrap16(frame.turn, this.#last - this.#base);
    const now = clock.now();
    this.#seen(turn);
    if (this.#isDead(turn)) {
      latency.droppedChunks++;
      return;
    }
    this.#content(turn);
    const samples = frame.pcm.length;
    this.#received.set(turn, (this.#received.get(turn) ?? 0) + samples);
    latency.chunk(turn, now, samples * 2, rtt());
    speaker()?.push(turn, frame.pcm);
    if (frame.last) speaker()?.complete(turn);
  }

  /** @param {import('./proto/messages.js').ServiceMessage} message */
  message(message) {
    const { transcript, latency, store, speaker, clock } = this.#parts;
    const turn = 'turn' in message ? this.#base + message.turn : this.#last;
    if ('turn' in message) this.#seen(turn);
    switch (message.type) {
      case 'interrupted':
        this.#silence(turn, true);
        return;
      case 'transcript':
        if (message.role === 'user') {
          transcript.user(turn, message.text, {
            interim: message.interim,
            finished: message.finished,
            fresh: this.#userSpokeSince(turn),
          });
          store.dispatch({ type: 'userTranscript', at: clock.now() });
        } else {
          if (!this.#isDead(turn)) this.#content(turn);
          transcript.model(turn, message.text);
        }
        break;
      case 'text':
        if (this.#isDead(turn)) return;
        this.#content(turn);
        transcript.model(turn, message.text, { thought: message.thought });
        if (!message.thought && !this.#received.has(turn)) store.dispatch({ type: 'audible', at: clock.now() });
        break;
      case 'part':
        this.#content(turn);
        break;
      case 'generationComplete':
        this.#generated.add(turn);
        speaker()?.complete(turn);
        this.#watchOverdue(turn);
        break;
      case 'turnComplete':
        this.#generated.add(turn);
        this.#complete.add(turn);
        speaker()?.complete(turn);
        transcript.turnOver(turn);
        if (this.#audible !== turn) this.#over(turn);
        break;
      case 'toolCall':
        this.#content(turn);
        for (const call of message.calls) transcript.toolCall(turn, call);
        this.#parts.onToolCall(turn, message.calls);
        break;
      case 'toolCallCancellation':
        for (const id of message.ids) transcript.toolOutcome(id, { cancelled: true });
        break;
      case 'grounding':
        transcript.sources(turn, message.sources);
        break;
      case 'timing':
        latency.serviceTook(turn, message.stamps);
        this.#beacons.timed(turn);
        return;
      default:
        return;
    }
    this.#parts.changed();
  }

  /** The person wants silence; the service may keep talking, nobody listens. An answer still awaited is given up. */
  interrupt() {
    const { store, latency, transcript, clock } = this.#parts;
    const awaited = store.state.phase === 'thinking';
    this.makeRoom();
    if (!awaited) return;
    const begun = this.#contentTurn > 0 && this.#contentTurn === this.#last && !this.#complete.has(this.#last);
    if (!begun) {
      // Words of the question may bear the answer's number already.
      const asked = this.#last > this.#contentTurn && !this.#complete.has(this.#last);
      this.#unwanted = asked ? this.#last : this.#last + 1;
      transcript.interrupted(this.#unwanted, 0, 0);
    }
    latency.forgo();
    store.dispatch({ type: 'turnOver', at: clock.now() });
  }

  /** The person says something new: what the model was saying falls silent, what it will say is wanted again. */
  makeRoom() {
    this.#silence(this.#contentTurn, false);
    this.#unwanted = 0;
  }

  /** The person speaks: the next answer is wanted, whatever was said of the one before. */
  spokenTo() {
    this.#unwanted = 0;
  }

  /** Playback ran dry in the middle of a turn. */
  underran() {
    this.#beacons.underran(this.#audible);
  }

  /**
   * First sample of a turn is heard.
   * @param {number} turn
   * @param {number} at
   */
  started(turn, at) {
    this.#audible = turn;
    this.#parts.store.dispatch({ type: 'audible', at: this.#parts.clock.now() });
    const total = this.#parts.latency.heard(turn, at);
    if (total === null) return;
    this.#beacons.heard(turn, total);
    this.#parts.transcript.latency(turn, total);
    this.#parts.onFirstAudio(turn, total);
    this.#parts.changed();
  }

  /** @param {number} turn */
  drained(turn) {
    this.#audible = 0;
    const now = this.#parts.clock.now();
    this.#parts.store.dispatch({ type: 'silent', at: now });
    if (this.#complete.has(turn)) this.#over(turn);
    else this.#watchOverdue(turn);
  }

  /**
   * @param {number} turn
   * @param {number} dropped
   * @param {number} played
   * @param {number} at when it was silent
   */
  flushed(turn, dropped, played, at) {
    const { transcript, latency, store, clock, changed } = this.#parts;
    const sounded = this.#audible !== 0 && this.#audible <= turn ? this.#audible : turn;
    this.#audible = 0;
    const received = this.#received.get(sounded) ?? 0;
    // The buffer may be dry just then, and the turn cut short all the same.
    if (dropped > 0 || this.#unfinished) {
      transcript.interrupted(sounded, played, received);
      const silenceMs = latency.silenced(turn, at);
      if (silenceMs !== null) this.#beacons.silenced(sounded, silenceMs);
    }
    this.#unfinished = false;
    store.dispatch({ type: 'flushed', at: clock.now() });
    if (this.#complete.has(turn)) this.#over(turn);
    changed();
  }

  /**
   * @param {number} turn
   * @param {boolean} byService
   */
  #silence(turn, byService) {
    const { speaker, latency, detector, store, clock } = this.#parts;
    // Before anything else: every millisecond here is a millisecond of unwanted speech.
    speaker()?.flush(turn);
    this.#deadUpTo = Math.max(this.#deadUpTo, turn);
    const now = clock.now();
    if (this.#audible === 0) return;
    this.#unfinished = !this.#generated.has(this.#audible);
    latency.interrupted(turn, detector.speaking ? detector.onsetAt : null, now);
    store.dispatch({ type: 'interrupted', at: now });
    if (!byService) this.#generated.add(turn);
  }

  /** Whether nobody wants to hear it. @param {number} turn */
  #isDead(turn) {
    if (turn === this.#unwanted) this.#deadUpTo = Math.max(this.#deadUpTo, turn);
    return turn <= this.#deadUpTo;
  }

  /** @param {number} turn */
  #seen(turn) {
    if (turn <= this.#last) return;
    this.#last = turn;
    for (const old of this.#received.keys()) if (old < turn - 8) this.#received.delete(old);
    for (const old of this.#complete) if (old < turn - 8) this.#complete.delete(old);
    for (const old of this.#generated) if (old < turn - 8) this.#generated.delete(old);
  }

  /** @param {number} turn */
  #content(turn) {
    const { transcript, store, clock, detector, latency } = this.#parts;
    const now = clock.now();
    if (this.#contentTurn !== turn) {
      this.#contentTurn = turn;
      this.#contentAt = now;
      // The answer can be quicker than our certainty that the question is over.
      if (detector.speaking && !latency.waiting) latency.asked('speech', detector.lastVoicedAt);
      transcript.answered(turn);
    }
    store.dispatch({ type: 'content', at: now });
  }

  /** Whether the user began to speak after this turn's first content. @param {number} turn */
  #userSpokeSince(turn) {
    return this.#contentTurn === turn && this.#parts.detector.onsetAt > this.#contentAt;
  }

  /** @param {number} turn */
  #over(turn) {
    this.#cancelOverdue?.();
    this.#cancelOverdue = null;
    const beacon = turn > this.#base ? this.#beacons.over(turn) : null;
    if (beacon) this.#parts.report({ beacon: { turn: turn - this.#base, ...beacon } });
    if (turn < this.#contentTurn) return;
    this.#parts.store.dispatch({ type: 'silent', at: this.#parts.clock.now() });
    this.#parts.store.dispatch({ type: 'turnOver', at: this.#parts.clock.now() });
  }

  /** @param {number} turn */
  #watchOverdue(turn) {
    this.#cancelOverdue?.();
    this.#cancelOverdue = this.#parts.clock.after(OVERDUE_MS, () => {
      if (this.#generated.has(turn) && this.#audible === 0 && !this.#complete.has(turn)) {
        this.#complete.add(turn);
        this.#parts.transcript.turnOver(turn);
        this.#over(turn);
        this.#parts.changed();
      }
    });
  }
}
