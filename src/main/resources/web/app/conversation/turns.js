import { Beacons } from '../metrics/beacons.js';
import { unwrap16 } from '../proto/frames.js';
import { isBlank } from '../state/segments.js';
import { silenceNotice } from '../state/silence.js';
import { Suppression } from './suppression.js';

/**
 * Handles the messages of the service: audio goes to the loudspeaker, text to the transcript, times to the latency
 * measurement, events to the state machine.
 *
 * Turns are numbered across connections: the service counts from 1 on each connection, this class continues the count. If
 * an interrupted turn gets no `turnComplete`, the service uses its number for the next answer; here that answer is a turn
 * of its own.
 *
 * @typedef {object} Parts
 * @property {import('../state/state-store.js').StateStore} store
 * @property {import('../state/transcript.js').Transcript} transcript
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {import('../metrics/speech.js').SpeechDetector} detector
 * @property {import('../platform/environment.js').Clock} clock
 * @property {() => import('../media/speaker.js').Speaker | null} speaker
 * @property {() => number | null} rtt
 * @property {() => void} changed the transcript has changed
 * @property {() => void} onSpoken more of the answer was heard
 * @property {(turn: number, calls: import('../proto/messages.js').FunctionCall[]) => void} onToolCall
 * @property {(turn: number, totalMs: number) => void} onFirstAudio
 * @property {(message: {beacon: {turn: number} & import('../metrics/beacons.js').Beacon}) => void} report to the service
 */

/** The heard part of an answer is reported at most this often. */
const SPOKEN_MS = 200;

/** A turn without `turnComplete` ends this long after its last audio. */
const OVERDUE_MS = 2000;

export class Turns {
  #parts;
  /** Offset that is added to the current connection's turn numbers. */
  #base = 0;
  #last = 0;
  /** @type {Map<number, number>} number of a turn on the current connection */
  #wire = new Map();
  #suppression = new Suppression();
  /** @type {string[]} model text with the number of the newest dead turn, which may belong to the next answer */
  #undecided = [];
  #beacons = new Beacons();
  #audible = 0;
  /** Whether the turn that was last silenced was incomplete, in the buffer or in generation. */
  #unfinished = false;
  /** Time of the first content of `#contentTurn`. */
  #contentAt = 0;
  #contentTurn = 0;
  /** @type {Map<number, number>} samples received per turn */
  #received = new Map();
  /** @type {Map<number, number>} share of the received audio that was heard, 0 to 1, of turns that are not silent yet */
  #heard = new Map();
  #spokenAt = 0;
  /** @type {Set<number>} turns without further audio, generated or silenced */
  #generated = new Set();
  /** @type {Set<number>} turns with `generationComplete` or `turnComplete` */
  #ended = new Set();
  /** @type {Set<number>} turns with `turnComplete`, or ended here without one */
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
   * @param {boolean} answering whether its first turn continues the answer during which the previous connection was lost
   */
  connected(answering) {
    const begun = this.#last > this.#base && this.#last === this.#contentTurn && !this.#complete.has(this.#last);
    this.#base = answering && begun ? this.#last - 1 : this.#last;
    this.#wire.clear();
  }

  /** The connection is closed; queued audio is still played. */
  disconnected() {
    this.#cancelOverdue?.();
    this.#decide(this.#last);
    for (let turn = Math.max(1, this.#last - 2); turn <= this.#last; turn++) this.#parts.speaker()?.complete(turn);
    this.#parts.transcript.closeAll();
    // A text answer was in progress and will not continue.
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
    if (speaker() && !this.#heard.has(turn)) this.#heard.set(turn, 0);
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
        if (message.code) transcript.code(place, message.code);
        if (message.outcome) transcript.codeOutcome(place, message.outcome);
        break;
      }
      case 'generationComplete': {
        // An interrupted generation sends no generationComplete: this one and the undecided text belong to the next answer.
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
        this.#noteSilence(turn, message.reason);
        if (this.#audible !== turn) this.#over(turn);
        break;
      case 'toolCall': {
        // The model waits for the results even if its answer was interrupted.
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

  /** Silences the model at once and ignores the rest of its answer. An answer that has not begun is discarded. */
  interrupt() {
    const { store, latency, transcript, clock } = this.#parts;
    const awaited = store.state.phase === 'thinking';
    this.#silenceCurrent();
    if (!awaited) return;
    const begun = this.#contentTurn > 0 && this.#contentTurn === this.#last && !this.#complete.has(this.#last);
    if (!begun) {
      // The transcription of the question may already have the answer's number.
      const asked = this.#last > this.#contentTurn && !this.#complete.has(this.#last);
      const unwanted = asked ? this.#last : this.#last + 1;
      this.#suppression.forgo(unwanted);
      transcript.interrupted(unwanted, 0, 0);
    }
    latency.forgo();
    store.dispatch({ type: 'turnOver', begunAt: clock.now(), at: clock.now() });
  }

  /** New user input: silences the current answer and accepts the next one. */
  startUserTurn() {
    this.#silenceCurrent();
    this.#suppression.spokenOver(this.#contentTurn);
  }

  /** The user starts to speak: the next answer is accepted. */
  onSpeechStart() {
    this.#suppression.forgo(0);
  }

  /** The playback buffer ran empty within a turn. */
  onUnderrun() {
    this.#beacons.onUnderrun(this.#audible);
  }

  /**
   * The first sample of a turn is played.
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

  /**
   * @param {number} turn that is played
   * @param {number} played samples that were heard
   */
  progressed(turn, played) {
    const received = this.#received.get(turn) ?? 0;
    const now = this.#parts.clock.now();
    if (received === 0 || !this.#heard.has(turn)) return;
    this.#heard.set(turn, Math.min(1, played / received));
    if (now - this.#spokenAt < SPOKEN_MS) return;
    this.#spokenAt = now;
    this.#parts.onSpoken();
  }

  /**
   * How much of an answer's voice was heard.
   * @param {number} turn
   * @returns {number | null} 0 to 1; null for an answer that is not spoken, or no longer
   */
  heardShare(turn) {
    return this.#heard.get(turn) ?? null;
  }

  /** Turns up to this one are silent. @param {number} turn */
  #silent(turn) {
    this.#audible = 0;
    for (const known of this.#heard.keys()) if (known <= turn) this.#heard.delete(known);
    this.#parts.onSpoken();
  }

  /** @param {number} turn */
  drained(turn) {
    this.#silent(turn);
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
    this.#silent(turn);
    const received = this.#received.get(sounded) ?? 0;
    // The buffer may be empty although the turn was incomplete.
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
    // First, so that unwanted speech stops without delay.
    speaker()?.flush(turn);
    const now = clock.now();
    // A turn without content needs no suppression.
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
   * The turn to which content belongs.
   * @param {number} turn number of the content
   * @returns {number | null} null if the content is suppressed
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
   * Starts a new turn, because the service uses the number of an interrupted turn for the next answer.
   * @param {number} turn that was interrupted
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
   * Adds the undecided text to a turn.
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
   * Text of an interrupted turn may arrive late and belongs to that turn.
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
      // The answer may arrive before the speech detector has reported the end of the question.
      if (detector.speaking && !latency.waiting) latency.asked('speech', detector.lastVoicedAt);
      transcript.answered(turn);
    }
    store.dispatch({ type: 'content', at: now });
  }

  /** Whether the user began to speak after this turn's first content. @param {number} turn */
  #userSpokeSince(turn) {
    return this.#contentTurn === turn && this.#parts.detector.onsetAt > this.#contentAt;
  }

  /**
   * A turn without a word leaves the question unanswered: says so, if a question is awaited and nothing of the turn came.
   * An answer that was blocked on its way has an end that is said, too.
   * @param {number} turn
   * @param {string | null} reason of the service; null for a normal end
   */
  #noteSilence(turn, reason) {
    const { store, transcript } = this.#parts;
    const { awaiting, heardUser } = store.state.facts;
    const answered = turn < this.#contentTurn || this.#received.has(turn) || transcript.hasAnswer(turn);
    if (!answered && !(awaiting && heardUser)) return;
    const notice = silenceNotice(reason, answered);
    if (notice) transcript.notice(turn, notice);
  }

  /** @param {number} turn */
  #over(turn) {
    this.#cancelOverdue?.();
    this.#cancelOverdue = null;
    this.#report(turn);
    if (turn < this.#contentTurn) return;
    const now = this.#parts.clock.now();
    // Input that is newer than the turn still waits for its answer.
    const begunAt = turn === this.#contentTurn ? this.#contentAt : now;
    this.#parts.store.dispatch({ type: 'silent', at: now });
    this.#parts.store.dispatch({ type: 'turnOver', begunAt, at: now });
  }

  /** Reports the measurements of a turn, once. @param {number} turn */
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
