import { Beacons } from '../metrics/beacons.js';
import { unwrap16 } from '../proto/frames.js';
import { isBlank } from '../state/segments.js';
import { Suppression } from './suppression.js';

/**
 * What the service says, put where it belongs: sound to the loudspeaker, words to the transcript, moments to the
 * stopwatch, facts to the state.
 *
 * Turns are numbered across connections: each new one counts from 1, here the count goes on. A turn that was cut and never
 * ended gives its number to the next answer; here that answer is a turn of its own.
 *
 * @typedef {object} Parts
 * @property {import('../state/state-store.js').StateStore} store
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {import('../metrics/speech.js').SpeechDetector} detector
 * @property {import('../platform/environment.js').Clock} clock
 * @property {() => import('../media/speaker.js').Speaker | null} speaker
 * @property {() => number | null} rtt
 * @property {() => void} changed the transcript has
 * @property {(turn: number, calls: import('../proto/messages.js').FunctionCall[]) => void} onToolCall
 * @property {(turn: number, totalMs: number) => void} onFirstAudio
 * @property {(message: {beacon: {turn: number} & import('../metrics/beacons.js').Beacon}) => void} report to the service
 */

/** A turn whose `turnComplete` does not come is over this long after its last sound. */
const OVERDUE_MS = 2000;

export class Turns {
  #parts;
  /** What the current connection's turn numbers are added to. */
  #base = 0;
  #last = 0;
  /** @type {Map<number, number>} what the current connection calls a turn */
  #wire = new Map();
  #suppression = new Suppression();
  /** @type {string[]} words under the number of the newest dead turn, until it is known whether they are the next answer's */
  #undecided = [];
  #beacons = new Beacons();
  #audible = 0;
  /** Whether the turn that was last told to be silent had more to say, in the buffer or still to come. */
  #unfinished = false;
  /** Turn that first brought content while the user's current utterance had already begun. */
  #contentAt = 0;
  #contentTurn = 0;
  /** @type {Map<number, number>} samples received per turn */
  #received = new Map();
  /** @type {Set<number>} turns of which nothing more will come, or be heard */
  #generated = new Set();
  /** @type {Set<number>} turns that the service called generated */
  #ended = new Set();
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
    this.#wire.clear();
  }

  /** The connection is gone; queued sound plays on, nothing more comes. */
  disconnected() {
    this.#cancelOverdue?.();
    this.#decide(this.#last);
    for (let turn = Math.max(1, this.#last - 2); turn <= this.#last; turn++) this.#parts.speaker()?.complete(turn);
    this.#parts.transcript.closeAll();
    // Text was being written, and will not be.
    if (this.#audible === 0) this.#parts.store.dispatch({ type: 'silent', at: this.#parts.clock.now() });
  }

  /** @param {Extract<import('../proto/frames.js').AudioFrame, {ok: true}>} frame */
  audio(frame) {
    const { latency, clock, speaker, rtt } = this.#parts;
    const now = clock.now();
    const turn = this.#wanted(this.#seen(unwrap16(frame.turn, this.#last - this.#base)));
    if (turn === null) {
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

  /** @param {import('../proto/messages.js').ServiceMessage} message */
  message(message) {
    const { transcript, latency, store, speaker, clock } = this.#parts;
    const turn = 'turn' in message ? this.#seen(message.turn) : this.#last;
    switch (message.type) {
      case 'interrupted':
        this.#silence(turn, true);
        return;
      case 'transcript':
        if (message.role === 'user') this.#userWords(turn, message);
        else this.#modelWords(turn, message.text);
        break;
      case 'text': {
        const place = this.#wanted(turn);
        if (place === null) return;
        this.#content(place);
        transcript.model(place, message.text, { thought: message.thought });
        if (!message.thought && !this.#received.has(place)) store.dispatch({ type: 'audible', at: clock.now() });
        break;
      }
      case 'part': {
        const place = this.#wanted(turn);
        if (place === null) return;
        this.#content(place);
        break;
      }
      case 'generationComplete': {
        // What is cut while it is generated has none: this is another generation's, and so are the words.
        const place = this.#undecided.length > 0 ? this.#goOn(turn) : turn;
        this.#suppression.generationComplete(place);
        this.#ended.add(place);
        this.#generated.add(place);
        speaker()?.complete(place);
        this.#watchOverdue(place);
        break;
      }
      case 'turnComplete':
        this.#decide(turn);
        this.#ended.add(turn);
        this.#generated.add(turn);
        this.#complete.add(turn);
        speaker()?.complete(turn);
        transcript.turnOver(turn);
        if (this.#audible !== turn) this.#over(turn);
        break;
      case 'toolCall': {
        // The model waits for the results, whoever wants to hear it.
        const place = this.#wanted(turn) ?? turn;
        this.#content(place);
        for (const call of message.calls) transcript.toolCall(place, call);
        this.#parts.onToolCall(place, message.calls);
        break;
      }
      case 'toolCallCancellation':
        for (const id of message.ids) transcript.toolOutcome(id, { cancelled: true });
        break;
      case 'grounding':
        transcript.grounding(turn, message.sources, message.suggestions);
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
    this.#silenceCurrent();
    if (!awaited) return;
    const begun = this.#contentTurn > 0 && this.#contentTurn === this.#last && !this.#complete.has(this.#last);
    if (!begun) {
      // Words of the question may bear the answer's number already.
      const asked = this.#last > this.#contentTurn && !this.#complete.has(this.#last);
      const unwanted = asked ? this.#last : this.#last + 1;
      this.#suppression.forgo(unwanted);
      transcript.interrupted(unwanted, 0, 0);
    }
    latency.forgo();
    store.dispatch({ type: 'turnOver', at: clock.now() });
  }

  /** The person says something new: what the model was saying falls silent, what it will say is wanted again. */
  startUserTurn() {
    this.#silenceCurrent();
    this.#suppression.spokenOver(this.#contentTurn);
  }

  /** The person speaks: the next answer is wanted, whatever was said of the one before. */
  onSpeechStart() {
    this.#suppression.forgo(0);
  }

  /** Playback ran dry in the middle of a turn. */
  onUnderrun() {
    this.#beacons.onUnderrun(this.#audible);
  }

  /**
   * First sample of a turn is heard.
   * @param {number} turn
   * @param {number} at
   */
  started(turn, at) {
    this.#audible = turn;
    this.#parts.store.dispatch({ type: 'audible', at: this.#parts.clock.now() });
    const total = this.#parts.latency.firstAudioPlayed(turn, at);
    if (total === null) return;
    this.#beacons.firstAudioPlayed(turn, total);
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
    const now = clock.now();
    // Of a turn that has brought nothing there is nothing to keep away.
    const generated = this.#ended.has(turn) || turn > this.#contentTurn;
    this.#suppression.cut(turn, { at: now, byService, generated });
    if (this.#audible === 0) return;
    this.#unfinished = !this.#generated.has(this.#audible);
    latency.interrupted(turn, detector.speaking ? detector.onsetAt : null, now);
    store.dispatch({ type: 'interrupted', at: now });
    if (!byService) this.#generated.add(turn);
  }

  #silenceCurrent() {
    this.#silence(this.#contentTurn, false);
    this.#suppression.forgo(0);
  }

  /**
   * Where content belongs.
   * @param {number} turn that it bears
   * @returns {number | null} null when it is not wanted
   */
  #wanted(turn) {
    switch (this.#suppression.judge(turn, this.#parts.clock.now())) {
      case 'wanted':
        return turn;
      case 'next':
        return turn === this.#last ? this.#goOn(turn) : null;
      case 'dead':
        return null;
    }
  }

  /**
   * The service uses the number of a turn that was cut for the answer after it.
   * @param {number} turn that was cut
   * @returns {number} the turn of the answer
   */
  #goOn(turn) {
    const { transcript } = this.#parts;
    const wire = turn - this.#base;
    const words = this.#undecided.splice(0);
    this.#complete.add(turn);
    transcript.turnOver(turn);
    this.#report(turn);
    this.#base++;
    const next = this.#seen(wire);
    transcript.moveOn(turn, next);
    this.#decide(next, words);
    return next;
  }

  /**
   * Where the undecided words belong.
   * @param {number} turn
   * @param {string[]} [words]
   */
  #decide(turn, words = this.#undecided.splice(0)) {
    if (words.length > 0 && turn > this.#contentTurn) this.#content(turn);
    for (const fragment of words) this.#parts.transcript.model(turn, fragment);
  }

  /**
   * @param {number} turn
   * @param {Extract<import('../proto/messages.js').ServiceMessage, {type: 'transcript'}>} message
   */
  #userWords(turn, { text, interim, finished }) {
    const { transcript, store, clock } = this.#parts;
    const fresh = this.#userSpokeSince(turn) || this.#suppression.isCutByService(turn);
    if (fresh && !isBlank(text)) this.#suppression.spokenOver(turn);
    transcript.user(turn, text, { interim, finished, fresh });
    store.dispatch({ type: 'userTranscript', at: clock.now() });
  }

  /**
   * Words of a turn that was cut may come late, and are part of it.
   * @param {number} turn
   * @param {string} text
   */
  #modelWords(turn, text) {
    if (turn === this.#last && this.#suppression.isUndecided(turn, this.#parts.clock.now())) {
      this.#undecided.push(text);
      return;
    }
    const place = this.#wanted(turn);
    if (place !== null) this.#content(place);
    this.#parts.transcript.model(place ?? turn, text);
  }

  /**
   * @param {number} wire number of a turn on the current connection
   * @returns {number} the turn
   */
  #seen(wire) {
    const turn = this.#base + wire;
    this.#wire.set(turn, wire);
    if (turn <= this.#last) return turn;
    this.#decide(this.#last);
    this.#last = turn;
    for (const known of [this.#received, this.#wire, this.#complete, this.#generated, this.#ended]) {
      for (const old of known.keys()) if (old < turn - 8) known.delete(old);
    }
    return turn;
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
    this.#report(turn);
    if (turn < this.#contentTurn) return;
    this.#parts.store.dispatch({ type: 'silent', at: this.#parts.clock.now() });
    this.#parts.store.dispatch({ type: 'turnOver', at: this.#parts.clock.now() });
  }

  /** What was measured of a turn, once. @param {number} turn */
  #report(turn) {
    const wire = this.#wire.get(turn);
    const beacon = wire === undefined ? null : this.#beacons.over(turn);
    if (beacon) this.#parts.report({ beacon: { turn: wire ?? 0, ...beacon } });
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
