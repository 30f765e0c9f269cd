import { asProblem } from '../net/errors.js';
import { PageWatch } from '../platform/page-watch.js';
import { isLive, isRunning } from '../state/machine.js';
import { openQuestion } from '../state/question.js';
import { isBlank } from '../state/segments.js';
import { ConversationParts } from './conversation-parts.js';

/**
 * A conversation with its devices and connections. It has no access to the screen and reports changes to a listener.
 *
 * @typedef {import('../net/errors.js').Problem} Problem
 * @typedef {import('../state/setup.js').Settings} Settings
 *
 * @typedef {object} Options
 * @property {string} name identifies the conversation on a page with several
 * @property {import('../platform/environment.js').PageEnvironment} environment
 * @property {string} captureUrl worklet
 * @property {string} playbackUrl worklet
 * @property {import('../state/setup.js').PageConfiguration} configuration
 * @property {(begins: boolean) => Promise<import('../net/connection.js').Target>} target address and subprotocols; called for
 *   each attempt with whether it begins a conversation
 * @property {(inMs: number) => Promise<string>} credential fetches a new credential of the same caller before the old one expires
 * @property {() => Settings} settings
 *
 * @typedef {object} Listener
 * @property {(state: import('../state/machine.js').State, previous: import('../state/machine.js').State) => void} onState
 * @property {() => void} onTranscript
 * @property {(turn: number, totalMs: number) => void} onLatency
 * @property {(calls: import('../proto/messages.js').FunctionCall[]) => boolean} onToolCall returns whether the host page answers
 * @property {(problem: Problem) => void} onProblem
 * @property {(source: import('../media/pictures.js').Source) => void} onPicture a picture was sent
 * @property {() => void} onDevices
 */

export class Conversation {
  #options;
  #listener;
  #parts;
  #watch;
  /** Incremented by every start and end; an awaited result of an older generation is ignored. */
  #generation = 0;

  /**
   * @param {Options} options
   * @param {Listener} listener
   */
  constructor(options, listener) {
    this.#options = options;
    this.#listener = listener;
    this.#watch = new PageWatch(options.environment);
    this.#parts = new ConversationParts(options, listener, {
      onRefused: (cause) => this.#fail(cause),
      onChunk: () => this.#watchPictures(),
    });
    this.transcript = this.#parts.transcript;
    this.latency = this.#parts.latency;
    this.pictures = this.#parts.pictures;
    this.serviceClock = this.#parts.serviceClock;
  }

  get state() {
    return this.#parts.store.state;
  }

  /** Whether the conversation is connected and running. */
  get live() {
    return isLive(this.state.phase);
  }

  /** Whether this tab has a resume token of a conversation that is not running. */
  get resumable() {
    return !isRunning(this.state.phase) && this.#parts.token.value !== null;
  }

  get log() {
    return this.#parts.store.log;
  }

  /** Loudness of the microphone, 0 to 1. */
  get inputLevel() {
    return this.#parts.input.level;
  }

  /** Loudness of the model, 0 to 1. */
  get outputLevel() {
    return this.#parts.output.level;
  }

  get microphoneEffects() {
    return this.#parts.input.effects;
  }

  /**
   * Starts. Must be called inside a gesture: both audio contexts are created before the first `await`.
   * @param {{textOnly?: boolean, keep?: boolean}} [how] `keep` keeps transcript and token
   */
  async start({ textOnly = false, keep = false } = {}) {
    if (isRunning(this.state.phase)) return;
    this.#release();
    if (!keep) this.#forget();
    this.#parts.token.textOnly = textOnly;
    const { environment } = this.#options;
    const settings = this.#options.settings();
    const generation = ++this.#generation;
    this.#parts.continuity.begin();
    this.#parts.dispatch({ type: 'start', textOnly });
    this.#parts.flag('ptt', settings.turns === 'ptt');
    this.#parts.output.open(settings);
    const capture = textOnly || !environment.mediaDevices ? null : environment.captureContext();
    this.#watch.start({
      onBeat: () => {
        this.#parts.dispatch({ type: 'tick' });
        this.#watchPictures();
      },
      onHidden: (hidden) => {
        this.#parts.flag('hidden', hidden);
        if (hidden) this.hold(false);
      },
    });
    if (!textOnly) {
      try {
        await this.#parts.input.open(capture, settings);
      } catch (error) {
        if (generation === this.#generation) this.#fail(asProblem(error));
        return;
      }
      if (generation !== this.#generation) return;
      this.#parts.dispatch({ type: 'microphoneReady' });
    }
    await this.#parts.service.connect();
  }

  /** Resumes the conversation of this tab if it is {@link resumable}. Call inside a gesture. */
  async resume() {
    await this.start({ textOnly: this.#parts.token.textOnly, keep: true });
  }

  /** Ends the conversation and releases everything; used by the End button and by the element's removal. */
  stop() {
    this.#end(true);
    this.#parts.token.forget();
  }

  /** The page is unloaded and may return: releases everything; the service keeps the conversation for a while. */
  leave() {
    this.#end(false);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#parts.flag('muted', muted);
    this.#parts.input.mute(muted);
  }

  /** Stops the model's playback at once. */
  interrupt() {
    if (isRunning(this.state.phase)) this.#parts.turns.interrupt();
  }

  /**
   * A typed turn; starts a conversation without microphone when none runs. Call inside a gesture.
   * @param {string} text
   */
  send(text) {
    const words = text.trim();
    if (isBlank(words)) return;
    const { phase } = this.state;
    if (!isRunning(phase)) void this.start({ textOnly: true, keep: phase === 'failed' });
    this.#parts.turns.startUserTurn();
    this.transcript.typed(this.#parts.turns.current, words);
    this.#listener.onTranscript();
    this.#parts.typed.send(words);
  }

  /** Text of the question without an answer, typed or spoken; empty if there is none. */
  get question() {
    return openQuestion(this.transcript.items);
  }

  /** Sends the unanswered question again. */
  askAgain() {
    if (this.question !== '') this.#parts.typed.again(this.question);
  }

  /** Prevents the idle timeout, after its warning. */
  stay() {
    if (this.state.warning?.code !== 'idle_timeout') return;
    // Has no effect on the model, but counts as activity. Not for push to talk (gemini-live-api.md section 5).
    if (this.#parts.service.connection?.send({ realtimeInput: { audioStreamEnd: true } })) {
      this.#parts.dispatch({ type: 'stayed' });
    }
  }

  /**
   * Push to talk.
   * @param {boolean} held
   */
  hold(held) {
    if (!this.state.flags.ptt || !isLive(this.state.phase)) return;
    if (this.#parts.input.hold(held) && held) this.#parts.turns.startUserTurn();
  }

  retryNow() {
    if (this.state.phase === 'reconnecting') this.#parts.service.retryNow();
  }

  /** Resumes both audio contexts after the browser has suspended them. Call inside a gesture. */
  enableSound() {
    this.#parts.output.resume();
    this.#parts.input.resume();
  }

  /**
   * Answers a function call of the model.
   * @param {{id?: string, name: string, response: Record<string, unknown>}[]} functionResponses
   */
  respond(functionResponses) {
    this.#parts.functions.respond(functionResponses);
  }

  /**
   * Settings that take effect at once.
   * @param {Settings} settings
   * @param {Settings} previous
   */
  apply(settings, previous) {
    this.#parts.output.apply(settings, previous);
    this.#parts.input.apply(settings, previous);
    this.pictures.framesPerSecond = Math.min(
      settings.framesPerSecond,
      this.#options.configuration.limits.framesPerSecond,
    );
  }

  /** Starts a new session with the current settings; sends the transcript if the model accepts a history. */
  async renew() {
    if (!isRunning(this.state.phase)) return;
    const textOnly = this.state.flags.textOnly;
    this.#parts.dispatch({ type: 'end' });
    // A token holds the former settings.
    this.#parts.token.forget();
    await this.start({ textOnly, keep: true });
  }

  /** Hides the current problem. */
  dismiss() {
    this.#parts.dispatch({ type: 'trouble', problem: null });
  }

  /** @param {Problem} cause */
  #fail(cause) {
    this.#parts.dispatch({ type: 'failed', problem: cause });
    this.#release();
    this.#listener.onProblem(cause);
  }

  /** @param {boolean} forGood */
  #end(forGood) {
    this.#parts.dispatch({ type: 'end' });
    this.#release(forGood);
    this.transcript.closeAll();
    this.#listener.onTranscript();
  }

  /** Clears token, transcript and unsent texts of the previous conversation. */
  #forget() {
    this.#parts.token.forget();
    this.transcript.clear();
    this.#parts.typed.clear();
  }

  #release(forGood = true) {
    this.#generation++;
    this.#parts.input.release();
    this.#parts.service.close({ forGood });
    this.#parts.output.close();
    this.pictures.closeAll();
    this.#watch.stop();
  }

  /** Browsers throttle the timers of a hidden page; the microphone's chunks then trigger the pictures. */
  #watchPictures() {
    if (this.state.flags.hidden) this.pictures.tick();
  }
}
