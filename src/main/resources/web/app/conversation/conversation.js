import { asProblem, problem } from '../net/errors.js';
import { PageWatch } from '../platform/page-watch.js';
import { TranscriptStore } from '../platform/transcript-store.js';
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
 * @property {(url: string, begins: boolean) => Promise<Problem | null>} whyRefused why the service has refused an upgrade
 * @property {(inMs: number) => Promise<string>} credential fetches a new credential of the same caller before the old one expires
 * @property {() => Settings} settings
 * @property {() => readonly unknown[]} [tools] function declarations of the host page
 *
 * @typedef {object} Listener
 * @property {(state: import('../state/machine.js').State, previous: import('../state/machine.js').State) => void} onState
 * @property {() => void} onTranscript
 * @property {() => void} onSpoken more of the answer was heard, or it is silent
 * @property {(turn: number, totalMs: number) => void} onLatency
 * @property {(calls: import('../proto/messages.js').FunctionCall[]) => boolean} onToolCall returns whether the host page answers
 * @property {(problem: Problem) => void} onProblem
 * @property {(source: import('../media/pictures.js').Source) => void} onPicture a picture was sent
 * @property {() => void} onDevices
 */

/** The transcript is stored at most this often. */
const SAVE_MS = 1000;

export class Conversation {
  #options;
  #listener;
  #parts;
  #watch;
  /** Incremented by every start and end; an awaited result of an older generation is ignored. */
  #generation = 0;
  #opensMicrophone = false;
  /** @type {(() => void) | null} */
  #cancelDevice = null;
  #store;
  /** @type {(() => void) | null} */
  #cancelSave = null;

  /**
   * @param {Options} options
   * @param {Listener} listener
   */
  constructor(options, listener) {
    this.#options = options;
    this.#listener = {
      ...listener,
      onTranscript: () => {
        this.#saveSoon();
        listener.onTranscript();
      },
    };
    this.#watch = new PageWatch(options.environment);
    this.#store = new TranscriptStore(options.environment.tabStorage, options.name);
    this.#parts = new ConversationParts(options, this.#listener, {
      onRefused: (cause) => this.#fail(cause),
      onChunk: () => this.#watchPictures(),
    });
    this.transcript = this.#parts.transcript;
    this.latency = this.#parts.latency;
    this.pictures = this.#parts.pictures;
    this.serviceClock = this.#parts.serviceClock;
    if (options.settings().keepTranscript) this.transcript.load(this.#store.load());
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

  /** The newest messages of the connection. */
  get events() {
    return this.#parts.events.events;
  }

  /** Token counts of the conversations of this page, oldest first. */
  get usage() {
    return this.#parts.usage;
  }

  get log() {
    return this.#parts.store.log;
  }

  /**
   * How much of an answer's voice was heard.
   * @param {number} turn
   * @returns {number | null} 0 to 1; null for an answer that is not spoken, or no longer
   */
  heardShare(turn) {
    const { phase, flags, problem: trouble } = this.state;
    // Without a sound the words do not wait for it.
    const audible = isRunning(phase) && !flags.soundBlocked && trouble?.source !== 'sound';
    return audible ? this.#parts.turns.heardShare(turn) : null;
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
   * @param {{textOnly?: boolean, goOn?: boolean}} [how] `goOn` continues the conversation above: with its token, or as a
   *   new session that is told the transcript. Otherwise a new conversation begins below a divider.
   */
  async start({ textOnly = false, goOn = false } = {}) {
    if (isRunning(this.state.phase)) return;
    this.#release();
    if (!goOn) this.#beginAnew();
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
    await this.start({ textOnly: this.#parts.token.textOnly, goOn: true });
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

  /** Answers appear as text only, or are heard again. @param {boolean} silent */
  silence(silent) {
    this.#parts.flag('silent', silent);
    this.#parts.output.silence(silent);
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
    this.#startTyped();
    this.#parts.turns.startUserTurn();
    this.transcript.typed(this.#parts.turns.current, words);
    this.#listener.onTranscript();
    this.#parts.typed.send(words);
  }

  /**
   * A picture from a file; starts a conversation as {@link send} does.
   * @param {ArrayBuffer} jpeg
   * @param {string} url of the picture, for this page
   */
  sendPicture(jpeg, url) {
    this.#startTyped();
    this.#parts.still(url);
    this.#parts.typed.picture(jpeg);
  }

  /** Shows a problem that does not end the conversation. @param {Problem} trouble */
  report(trouble) {
    this.#parts.trouble(trouble);
  }

  #startTyped() {
    if (isRunning(this.state.phase)) return;
    void this.start({ textOnly: true, goOn: this.state.phase !== 'idle' || this.transcript.current.length > 0 });
  }

  /** Text of the question without an answer, typed or spoken; empty if there is none. */
  get question() {
    return openQuestion(this.transcript.current);
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
    if (settings.keepTranscript !== previous.keepTranscript) this.#save();
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
    await this.start({ textOnly, goOn: true });
  }

  /** Opens the microphone in a conversation that began without one. Call inside a gesture. */
  async openMicrophone() {
    if (!isRunning(this.state.phase) || !this.state.flags.textOnly || this.#opensMicrophone) return;
    const { environment } = this.#options;
    const generation = this.#generation;
    const capture = environment.mediaDevices ? environment.captureContext() : null;
    this.#opensMicrophone = true;
    try {
      await this.#parts.input.open(capture, this.#options.settings());
      if (generation !== this.#generation) return;
      this.#parts.token.textOnly = false;
      this.#parts.flag('textOnly', false);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#parts.input.release();
      this.#parts.trouble(asProblem(error));
    } finally {
      this.#opensMicrophone = false;
    }
  }

  /**
   * Removes the transcript from the screen and from the tab's storage; not while a conversation runs.
   * @returns {readonly import('../state/transcript.js').Item[]} the removed items, for {@link restore}
   */
  clear() {
    const { items } = this.transcript;
    if (isRunning(this.state.phase)) return [];
    this.#parts.token.forget();
    this.transcript.clear();
    this.#listener.onTranscript();
    this.#save();
    return items;
  }

  /** Undoes {@link clear}. @param {readonly import('../state/transcript.js').Item[]} items */
  restore(items) {
    this.transcript.load([...items, ...this.transcript.items]);
    this.#listener.onTranscript();
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
    if (cause.id === 'microphone.none') this.#awaitDevice();
  }

  /** Says when a microphone has been connected after there was none. */
  #awaitDevice() {
    const { mediaDevices } = this.#options.environment;
    const look = async () => {
      const devices = (await mediaDevices?.enumerateDevices()) ?? [];
      if (this.state.problem?.id !== 'microphone.none' || !devices.some(({ kind }) => kind === 'audioinput')) return;
      this.#cancelDevice?.();
      this.#parts.dispatch({ type: 'failed', problem: problem('microphone.found', 'microphone') });
    };
    mediaDevices?.addEventListener('devicechange', look);
    this.#cancelDevice = () => mediaDevices?.removeEventListener('devicechange', look);
  }

  /** @param {boolean} forGood */
  #end(forGood) {
    this.#parts.dispatch({ type: 'end' });
    this.#release(forGood);
    this.transcript.closeAll();
    this.#listener.onTranscript();
    this.#save();
  }

  /** Leaves the previous conversation: its text stays above a divider, its token and unsent texts go. */
  #beginAnew() {
    this.#parts.token.forget();
    this.#parts.typed.clear();
    this.transcript.divide(this.#parts.turns.current);
    this.#listener.onTranscript();
  }

  #saveSoon() {
    this.#cancelSave ??= this.#options.environment.clock.after(SAVE_MS, () => this.#save());
  }

  #save() {
    this.#cancelSave?.();
    this.#cancelSave = null;
    this.#store.save(this.#options.settings().keepTranscript ? this.transcript.items : []);
  }

  #release(forGood = true) {
    this.#generation++;
    this.#cancelDevice?.();
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
