import { Microphone } from './media/microphone.js';
import { Pictures } from './media/pictures.js';
import { Speaker } from './media/speaker.js';
import { ServiceClock } from './metrics/clock.js';
import { Latency } from './metrics/latency.js';
import { problem } from './net/errors.js';
import { Line } from './net/line.js';
import { WakeLock } from './platform/wake-lock.js';
import { SpokenInput } from './spoken-input.js';
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

const TICK_MS = 500;

export class Conversation {
  #options;
  #listener;
  #clock;
  #store;
  #turns;
  #serviceClock = new ServiceClock();
  #input;
  #wakeLock = new WakeLock();
  #line;
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {Speaker | null} */
  #speaker = null;
  /** Bumped by every start and end, so that what was awaited meanwhile knows it is late. */
  #generation = 0;
  /** @type {string[]} typed before the conversation was ready */
  #unsent = [];
  #lastTyped = '';
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
      send: (kind, jpeg) => this.#line.connection?.picture(kind, jpeg) ?? false,
      onChange: (source, on) => this.#flag(source, on),
      onProblem: (trouble) => this.#trouble(trouble),
      onSent: (source) => listener.onPicture(source),
      onSkipped: () => {
        this.latency.skippedFrames++;
      },
    });
    this.#line = new Line(
      {
        environment,
        target: options.target,
        setup: () => this.#setup(),
        latency: this.latency,
        serviceClock: this.#serviceClock,
      },
      {
        onReady: (message) => this.#ready(message),
        onMessage: (message) => this.#turns.message(message),
        onAudio: (frame) => this.#turns.audio(frame),
        onGone: () => this.#gone(),
        onLost: (retry) => this.#dispatch({ type: 'lost', ...retry }),
        onRetrying: () => this.#dispatch({ type: 'retrying' }),
        onRefused: (cause) => this.#fail(cause),
        onTrouble: (trouble) => this.#trouble(trouble),
        onSlow: (slow) => this.#slow(slow),
      },
    );
    this.#input = new SpokenInput({
      clock: this.#clock,
      latency: this.latency,
      connection: () => this.#line.connection,
      microphone: () => this.#microphone,
      state: () => this.state,
      tell: (event) => this.#dispatch(event),
    });
    this.#turns = new Turns({
      store: this.#store,
      transcript: this.transcript,
      latency: this.latency,
      detector: this.#input.detector,
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
    return this.#input.level;
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
    this.#flag('ptt', settings.turns === 'ptt');
    this.#dispatch({ type: 'start', textOnly });
    this.#cancels.push(this.#clock.every(TICK_MS, () => this.#tick()));
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
    await this.#line.connect();
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
    this.#input.mute(muted);
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
    const { phase } = this.state;
    if (!isRunning(phase)) void this.start({ textOnly: true, keep: phase === 'failed' });
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
    if (!this.state.flags.ptt || !isLive(this.state.phase)) return;
    if (this.#input.hold(held) && held) this.#turns.interruptLocally();
  }

  retryNow() {
    if (this.state.phase === 'reconnecting') this.#line.retryNow();
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
    this.#line.connection?.send({ toolResponse: { functionResponses } });
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

  #setup() {
    const settings = this.#options.settings();
    return buildSetup(settings, capabilitiesOf(this.#options.configuration, settings.model));
  }

  /** @param {Extract<import('./proto/messages.js').ServiceMessage, {type: 'ready'}>} message */
  #ready(message) {
    const { session: id, backend, model, notices } = message;
    const again = this.transcript.items.some((item) => item.role === 'model');
    this.#turns.connected();
    this.#dispatch({ type: 'ready', session: { id, backend, model, notices } });
    if (this.#input.detector.speaking) this.#dispatch({ type: 'speechStart' });
    if (again && capabilitiesOf(this.#options.configuration, model)?.history) {
      const turns = historyTurns(this.transcript.items);
      this.#line.connection?.send({ clientContent: { turns, turnComplete: false } });
    }
    for (const text of this.#unsent.splice(0)) this.#sendText(text);
  }

  #gone() {
    this.#input.disconnected();
    this.#turns.disconnected();
    this.#listener.onTranscript();
  }

  /** @param {Problem} cause */
  #fail(cause) {
    this.#dispatch({ type: 'failed', problem: cause });
    this.#release();
    this.#listener.onProblem(cause);
  }

  #release() {
    this.#generation++;
    this.#input.release();
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#line.close();
    this.#microphone?.close();
    this.#microphone = null;
    this.#speaker?.close();
    this.#speaker = null;
    this.pictures.closeAll();
    this.#wakeLock.release();
  }

  /**
   * @param {import('./audio/chunker.js').Chunk} chunk
   * @param {number} ageMs
   */
  #chunk(chunk, ageMs) {
    if (this.state.flags.hidden) this.pictures.tick();
    this.#input.chunk(chunk, ageMs);
  }

  /** @param {string} text */
  #sendText(text) {
    if (!this.#line.connection?.send({ text })) return;
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

  #tick() {
    this.#dispatch({ type: 'tick' });
    // With a microphone its chunks are the better clock: timers of a hidden page are slowed down.
    if (this.state.flags.hidden) this.pictures.tick();
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
