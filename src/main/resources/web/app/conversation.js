import { INPUT_RATE } from './audio/pcm.js';
import { Microphone } from './media/microphone.js';
import { Pictures } from './media/pictures.js';
import { Speaker } from './media/speaker.js';
import { ServiceClock } from './metrics/clock.js';
import { Latency } from './metrics/latency.js';
import { SpeechDetector } from './metrics/speech.js';
import { retryDelay } from './net/backoff.js';
import { Connection } from './net/connection.js';
import { closeProblem, problem, serviceProblem } from './net/errors.js';
import { WakeLock } from './platform/wake-lock.js';
import { isLive, isRunning, StateStore } from './state/machine.js';
import { buildSetup, capabilitiesOf, historyTurns } from './state/setup.js';
import { Transcript } from './state/transcript.js';
import { Turns } from './turns.js';

/**
 * A conversation and everything it holds open. Knows nothing of the screen: it tells a listener what changed.
 *
 * @typedef {import('./net/errors.js').Problem} Problem
 * @typedef {import('./state/setup.js').Settings} Settings
 *
 * @typedef {object} Options
 * @property {import('./platform/environment.js').PageEnvironment} environment
 * @property {string} captureUrl worklet
 * @property {string} playbackUrl worklet
 * @property {import('./state/setup.js').PageConfiguration} configuration
 * @property {() => Promise<import('./net/connection.js').Target>} target where to connect; asked anew for each attempt
 * @property {() => Settings} settings
 *
 * @typedef {object} Listener
 * @property {(state: import('./state/machine.js').State, previous: import('./state/machine.js').State) => void} onState
 * @property {() => void} onTranscript
 * @property {(turn: number, totalMs: number) => void} onLatency
 * @property {(calls: import('./proto/messages.js').FunctionCall[]) => boolean} onToolCall whether someone will answer
 * @property {(problem: Problem) => void} onProblem
 * @property {(source: import('./media/pictures.js').Source) => void} onPicture one has left
 * @property {() => void} onDevices
 */

/** An utterance shorter than this asks for nothing. */
const UTTERANCE_MS = 250;
/** A pause in the stream longer than this is announced. */
const MUTE_MS = 1000;
/** Silence between the release of push to talk and the end of the activity. */
const RELEASE_SILENCE_MS = 500;
const RELEASE_TIMEOUT_MS = 300;
const TICK_MS = 500;

export class Conversation {
  #options;
  #listener;
  #clock;
  #store;
  #turns;
  #serviceClock = new ServiceClock();
  #detector = new SpeechDetector();
  #wakeLock = new WakeLock();
  /** @type {Connection | null} */
  #connection = null;
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {Speaker | null} */
  #speaker = null;
  #attempt = 0;
  /** Bumped by every start and end, so that what was awaited meanwhile knows it is late. */
  #generation = 0;
  /** @type {Problem | null} */
  #fatal = null;
  /** @type {string[]} typed before the conversation was ready */
  #unsent = [];
  #lastTyped = '';
  #held = false;
  #releasing = false;
  #level = 0;
  /** @type {(() => void) | null} */
  #cancelRetry = null;
  /** @type {(() => void) | null} */
  #cancelMute = null;
  /** @type {(() => void) | null} */
  #cancelRelease = null;
  /** @type {(() => void)[]} */
  #cancels = [];

  /**
   * @param {Options} options
   * @param {Listener} listener
   */
  constructor(options, listener) {
    this.#options = options;
    this.#listener = listener;
    const { environment } = options;
    this.#clock = environment.clock;
    this.#store = new StateStore((state, previous) => listener.onState(state, previous));
    this.transcript = new Transcript(environment.clock.wall);
    this.latency = new Latency();
    this.pictures = new Pictures(environment, {
      send: (kind, jpeg) => this.#connection?.picture(kind, jpeg) ?? false,
      onChange: (source, on) => this.#flag(source, on),
      onProblem: (trouble) => this.#trouble(trouble),
      onSent: (source) => listener.onPicture(source),
      onSkipped: () => {
        this.latency.skippedFrames++;
      },
    });
    this.#turns = new Turns({
      store: this.#store,
      transcript: this.transcript,
      latency: this.latency,
      detector: this.#detector,
      clock: this.#clock,
      speaker: () => this.#speaker,
      rtt: () => this.#serviceClock.rtt,
      changed: () => listener.onTranscript(),
      onToolCall: (_turn, calls) => this.#toolCall(calls),
      onFirstAudio: (turn, totalMs) => listener.onLatency(turn, totalMs),
    });
  }

  get state() {
    return this.#store.state;
  }

  /** Whether the service is there and the conversation goes on. */
  get live() {
    return isLive(this.state.phase);
  }

  get log() {
    return this.#store.log;
  }

  get serviceClock() {
    return this.#serviceClock;
  }

  /** Loudness of the microphone, 0 to 1. */
  get inputLevel() {
    return this.state.flags.muted ? 0 : this.#level;
  }

  /** Loudness of the model, 0 to 1. */
  get outputLevel() {
    return this.#speaker?.level() ?? 0;
  }

  get microphoneEffects() {
    return this.#microphone?.effects ?? null;
  }

  /**
   * Begins. Must be called inside a gesture: both audio contexts are made before the first `await`.
   * @param {{textOnly?: boolean, keep?: boolean}} [how] `keep` goes on with the words so far
   */
  async start({ textOnly = false, keep = false } = {}) {
    if (isRunning(this.state.phase)) return;
    if (!keep) this.transcript.clear();
    const { environment, captureUrl, playbackUrl } = this.#options;
    const settings = this.#options.settings();
    this.#release();
    const generation = ++this.#generation;
    const speaker = this.#openSpeaker();
    const capture = textOnly || !environment.mediaDevices ? null : environment.captureContext();
    this.#fatal = null;
    this.#attempt = 0;
    this.#flag('ptt', settings.turns === 'ptt');
    this.#dispatch({ type: 'start', textOnly });
    this.#cancels.push(this.#clock.every(TICK_MS, () => this.#dispatch({ type: 'tick' })));
    this.#cancels.push(environment.visibility.watch(() => this.#visibilityChanged()));
    void this.#wakeLock.acquire();
    speaker?.open(playbackUrl).catch((error) => {
      this.#trouble(problem('sound.module', 'sound', { detail: String(error) }));
    });
    if (!textOnly) {
      const microphone = new Microphone(environment, captureUrl, {
        onChunk: (chunk, ageMs) => this.#chunk(chunk, ageMs),
        onCapturing: (capturing) => this.#flag('capturing', capturing),
        onDeaf: (deaf, device) => this.#deaf(deaf, device),
        onProblem: (trouble) => this.#trouble(trouble),
        onDevices: () => this.#listener.onDevices(),
      });
      this.#microphone = microphone;
      const open = settings.turns === 'auto';
      try {
        if (!capture) throw problem('insecure', 'microphone', { retry: 'never' });
        await microphone.open(capture, { deviceId: settings.microphone, processing: settings.processing, open });
      } catch (error) {
        if (generation === this.#generation) this.#fail(asProblem(error));
        return;
      }
      if (generation !== this.#generation) return;
      this.#listener.onDevices();
      microphone.mute(this.state.flags.muted);
      this.#dispatch({ type: 'microphoneReady' });
    }
    await this.#connect();
  }

  /** Ends everything; the same path for the End button, a failure and the element's removal. */
  stop() {
    this.#dispatch({ type: 'end' });
    this.#release();
    this.transcript.closeAll();
    this.#listener.onTranscript();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#flag('muted', muted);
    this.#microphone?.mute(muted);
    this.#cancelMute?.();
    this.#cancelMute = null;
    if (!muted || this.state.flags.ptt) return;
    this.#speechEvent(this.#detector.reset());
    this.#cancelMute = this.#clock.after(MUTE_MS, () => {
      this.#connection?.send({ realtimeInput: { audioStreamEnd: true } });
    });
  }

  /** Silences the model here and now. */
  interrupt() {
    if (isLive(this.state.phase)) this.#turns.interruptLocally();
  }

  /**
   * A typed turn; starts a conversation without microphone when none runs. Call inside a gesture.
   * @param {string} text
   */
  send(text) {
    const words = text.trim();
    if (words === '') return;
    if (!isRunning(this.state.phase)) void this.start({ textOnly: true });
    this.#lastTyped = words;
    this.#turns.interruptLocally();
    this.transcript.typed(this.#turns.current, words);
    this.#listener.onTranscript();
    if (isLive(this.state.phase)) this.#sendText(words);
    else this.#unsent.push(words);
  }

  /** The last typed words once more, when no answer came. */
  askAgain() {
    if (isLive(this.state.phase) && this.#lastTyped) this.#sendText(this.#lastTyped);
  }

  /**
   * Push to talk.
   * @param {boolean} held
   */
  hold(held) {
    if (!this.state.flags.ptt || held === this.#held || !isLive(this.state.phase)) return;
    this.#held = held;
    if (held) {
      if (this.#releasing) this.#endActivity();
      this.#turns.interruptLocally();
      this.#connection?.send({ realtimeInput: { activityStart: {} } });
      this.#microphone?.gate(true);
      this.#dispatch({ type: 'speechStart' });
      return;
    }
    this.latency.asked('release', this.#clock.now());
    this.#releasing = true;
    this.#microphone?.gate(false);
    this.#cancelRelease = this.#clock.after(RELEASE_TIMEOUT_MS, () => this.#endActivity());
    this.#dispatch({ type: 'inputComplete', typed: false });
  }

  retryNow() {
    if (this.state.phase !== 'reconnecting' || this.#connection) return;
    this.#cancelRetry?.();
    void this.#connect();
  }

  /** Sound again, after the browser had kept it off. Call inside a gesture. */
  enableSound() {
    this.#speaker?.resume();
  }

  /**
   * Answers a function call of the model.
   * @param {{id?: string, name: string, response: Record<string, unknown>}[]} functionResponses
   */
  respond(functionResponses) {
    for (const { id, response } of functionResponses) this.transcript.toolOutcome(id ?? '', { result: response });
    this.#connection?.send({ toolResponse: { functionResponses } });
    this.#listener.onTranscript();
  }

  /**
   * Settings that take effect at once.
   * @param {Settings} settings
   * @param {Settings} previous
   */
  apply(settings, previous) {
    if (this.#speaker) {
      this.#speaker.volume = settings.volume;
      this.#speaker.pin(settings.prebufferMs || null);
      if (settings.speaker !== previous.speaker) {
        this.#speaker.setOutput(settings.speaker).catch((error) => {
          this.#trouble(problem('sound.output', 'sound', { detail: String(error) }));
        });
      }
    }
    if (settings.microphone !== previous.microphone || settings.processing !== previous.processing) {
      void this.#microphone?.choose({ deviceId: settings.microphone, processing: settings.processing });
    }
    this.pictures.framesPerSecond = Math.min(
      settings.framesPerSecond,
      this.#options.configuration.limits.framesPerSecond,
    );
  }

  /** A new connection with the present settings; the words so far go along where the model can take them. */
  async renew() {
    if (!isRunning(this.state.phase)) return;
    const textOnly = this.state.flags.textOnly;
    this.#dispatch({ type: 'end' });
    this.#release();
    await this.start({ textOnly, keep: true });
  }

  /** @param {Problem | null} trouble */
  #trouble(trouble) {
    this.#dispatch({ type: 'trouble', problem: trouble });
    if (trouble) this.#listener.onProblem(trouble);
  }

  /** The person has read it. */
  dismiss() {
    this.#dispatch({ type: 'trouble', problem: null });
  }

  #openSpeaker() {
    const { environment } = this.#options;
    const settings = this.#options.settings();
    /** @type {AudioContext} */
    let context;
    try {
      context = environment.playbackContext();
    } catch (error) {
      this.#trouble(problem('sound.module', 'sound', { detail: String(error) }));
      return null;
    }
    if (!context.audioWorklet) {
      void context.close();
      return null;
    }
    const speaker = new Speaker(context, environment, {
      onStart: (turn, at) => this.#turns.started(turn, at),
      onDrained: (turn) => this.#turns.drained(turn),
      onFlushed: (turn, dropped, played, at) => this.#turns.flushed(turn, dropped, played, at),
      onUnderrun: (count) => {
        this.latency.buffer.underruns = count;
      },
      onStat: (stat) => {
        this.latency.buffer = { depthMs: stat.queuedMs, targetMs: stat.prebufferMs, underruns: stat.underruns };
      },
      onBlocked: (blocked) => this.#flag('soundBlocked', blocked),
    });
    speaker.volume = settings.volume;
    if (settings.prebufferMs) speaker.pin(settings.prebufferMs);
    this.#speaker = speaker;
    if (settings.speaker) void speaker.setOutput(settings.speaker).catch(() => undefined);
    return speaker;
  }

  async #connect() {
    const { environment, configuration } = this.#options;
    const settings = this.#options.settings();
    const generation = this.#generation;
    /** @type {import('./net/connection.js').Target} */
    let target;
    try {
      target = await this.#options.target();
    } catch (error) {
      if (generation === this.#generation)
        this.#lost(problem('unreachable', 'network', { retry: 'auto', detail: String(error) }));
      return;
    }
    if (generation !== this.#generation || this.#connection) return;
    this.#fatal = null;
    this.#serviceClock.reset();
    this.#connection = new Connection(
      target,
      buildSetup(settings, capabilitiesOf(configuration, settings.model)),
      {
        onMessage: (message) => this.#message(message),
        onAudio: (frame) => this.#turns.audio(frame),
        onClose: (close) => this.#closed(close),
        onSlow: (slow) => this.#slow(slow),
        onSent: (bytes) => this.latency.upRate.add(this.#clock.now(), bytes),
        onDropped: (chunks) => {
          if (isLive(this.state.phase)) this.latency.droppedChunks += chunks;
        },
      },
      { clock: this.#clock, openSocket: environment.openSocket },
    );
  }

  /** @param {import('./proto/messages.js').ServiceMessage} message */
  #message(message) {
    switch (message.type) {
      case 'ready':
        this.#ready(message);
        return;
      case 'pong': {
        const rtt = this.#serviceClock.add(message.t, message.received, message.sent, this.#clock.now());
        this.latency.roundTrip.add(rtt);
        return;
      }
      case 'error': {
        const trouble = serviceProblem(message, this.state.session?.id);
        if (message.fatal) this.#fatal = trouble;
        else this.#trouble(trouble);
        return;
      }
      case 'malformed':
        this.latency.malformedFrames++;
        return;
      default:
        this.#turns.message(message);
    }
  }

  /** @param {Extract<import('./proto/messages.js').ServiceMessage, {type: 'ready'}>} message */
  #ready(message) {
    const { session: id, backend, model, notices } = message;
    const again = this.transcript.items.some((item) => item.role === 'model');
    this.#attempt = 0;
    this.#turns.connected();
    this.#dispatch({ type: 'ready', session: { id, backend, model, notices } });
    if (this.#detector.speaking) this.#dispatch({ type: 'speechStart' });
    if (again && capabilitiesOf(this.#options.configuration, model)?.history) {
      const turns = historyTurns(this.transcript.items);
      this.#connection?.send({ clientContent: { turns, turnComplete: false } });
    }
    for (const text of this.#unsent.splice(0)) this.#sendText(text);
  }

  /** @param {{code: number, reason: string, opened: boolean}} close */
  #closed(close) {
    this.#connection = null;
    this.#held = false;
    this.#turns.disconnected();
    this.#listener.onTranscript();
    this.#lost(this.#fatal ?? closeProblem(close));
  }

  /** @param {Problem} cause */
  #lost(cause) {
    if (!isRunning(this.state.phase)) return;
    if (cause.retry !== 'auto') {
      this.#fail(cause);
      return;
    }
    this.#attempt++;
    const delay = retryDelay(this.#attempt, this.#options.environment.random);
    const now = this.#clock.now();
    this.#store.dispatch({
      type: 'lost',
      at: now,
      attempt: this.#attempt,
      retryAt: now + delay,
      renewing: cause.id === 'drain',
    });
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.after(delay, () => {
      this.#dispatch({ type: 'retrying' });
      void this.#connect();
    });
  }

  /** @param {Problem} cause */
  #fail(cause) {
    this.#dispatch({ type: 'failed', problem: cause });
    this.#release();
    this.#listener.onProblem(cause);
  }

  #release() {
    this.#generation++;
    this.#cancelRetry?.();
    this.#cancelMute?.();
    this.#cancelRelease?.();
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#connection?.close();
    this.#connection = null;
    this.#microphone?.close();
    this.#microphone = null;
    this.#speaker?.close();
    this.#speaker = null;
    this.pictures.closeAll();
    this.#wakeLock.release();
    this.#detector.reset();
    this.#held = false;
    this.#releasing = false;
    this.#level = 0;
  }

  /**
   * @param {import('./audio/chunker.js').Chunk} chunk
   * @param {number} ageMs
   */
  #chunk(chunk, ageMs) {
    const now = this.#clock.now();
    const durationMs = chunk.pcm.length > 0 ? (chunk.pcm.length * 1000) / INPUT_RATE : 20;
    this.#level = chunk.level;
    if (this.state.flags.hidden) this.pictures.tick();
    if (this.#releasing && !chunk.open) this.#endActivity();
    if (this.state.flags.muted) return;
    if (!this.state.flags.ptt) this.#speechEvent(this.#detector.push(chunk.level, durationMs, now));
    if (!chunk.open || chunk.pcm.length === 0 || !this.#connection) return;
    this.#connection.audio(chunk.pcm);
    this.latency.captureToSocket.add(ageMs + this.#clock.now() - now);
  }

  /** @param {ReturnType<SpeechDetector['push']>} event */
  #speechEvent(event) {
    if (!event) return;
    if (event.type === 'start') {
      this.#dispatch({ type: 'speechStart' });
      return;
    }
    // While the model is audible this may be its own echo; a real interruption has silenced it by now.
    const asks = event.voicedMs >= UTTERANCE_MS && !this.state.facts.audible && !this.state.facts.content;
    this.#dispatch({ type: 'speechEnd' });
    if (!asks) return;
    this.latency.asked('speech', event.at);
    this.#dispatch({ type: 'inputComplete', typed: false });
  }

  #endActivity() {
    this.#releasing = false;
    this.#cancelRelease?.();
    this.#cancelRelease = null;
    this.#connection?.audio(new Int16Array((INPUT_RATE * RELEASE_SILENCE_MS) / 1000));
    this.#connection?.send({ realtimeInput: { activityEnd: {} } });
  }

  /** @param {string} text */
  #sendText(text) {
    if (!this.#connection?.send({ text })) return;
    this.latency.asked('text', this.#clock.now());
    this.#dispatch({ type: 'inputComplete', typed: true });
  }

  /** @param {import('./proto/messages.js').FunctionCall[]} calls */
  #toolCall(calls) {
    if (this.#listener.onToolCall(calls)) return;
    const response = { error: 'This page offers no functions.' };
    this.respond(calls.map(({ id, name }) => ({ ...(id && { id }), name, response })));
  }

  /** @param {boolean} slow */
  #slow(slow) {
    this.#flag('slowNetwork', slow);
    this.#microphone?.chunkMs(slow ? 40 : 20);
  }

  /**
   * @param {boolean} deaf
   * @param {string} device
   */
  #deaf(deaf, device) {
    this.#flag('deafMic', deaf);
    if (deaf) this.#trouble(problem('microphone.deaf', 'microphone', { params: { device } }));
    else if (this.state.problem?.id === 'microphone.deaf') this.#trouble(null);
  }

  #visibilityChanged() {
    const hidden = this.#options.environment.visibility.hidden();
    this.#flag('hidden', hidden);
    if (hidden) this.hold(false);
    else void this.#wakeLock.renew();
  }

  /**
   * @param {keyof import('./state/machine.js').Flags} name
   * @param {boolean} value
   */
  #flag(name, value) {
    this.#dispatch({ type: 'flag', name, value });
  }

  /** @param {import('./state/machine.js').StateEvent extends infer E ? E extends {at: number} ? Omit<E, 'at'> : never : never} event */
  #dispatch(event) {
    this.#store.dispatch(/** @type {import('./state/machine.js').StateEvent} */ ({ ...event, at: this.#clock.now() }));
  }
}

/** @param {unknown} error @returns {Problem} */
function asProblem(error) {
  const candidate = /** @type {Partial<Problem> | null} */ (error);
  if (typeof candidate?.id === 'string' && typeof candidate.source === 'string') return /** @type {Problem} */ (error);
  return problem('microphone.module', 'microphone', { detail: String(error) });
}
