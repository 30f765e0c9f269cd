import { Microphone } from '../media/microphone.js';
import { Pictures } from '../media/pictures.js';
import { ServiceClock } from '../metrics/clock.js';
import { Latency } from '../metrics/latency.js';
import { asProblem } from '../net/errors.js';
import { ReconnectingConnection } from '../net/reconnecting-connection.js';
import { ResumeToken } from '../platform/resume-token.js';
import { EventLog } from '../state/event-log.js';
import { buildSetup, capabilitiesOf } from '../state/setup.js';
import { StateStore } from '../state/state-store.js';
import { Transcript } from '../state/transcript.js';
import { Continuity } from './continuity.js';
import { FunctionCalls } from './function-calls.js';
import { SpokenInput } from './spoken-input.js';
import { SpokenOutput } from './spoken-output.js';
import { Turns } from './turns.js';
import { TypedInput } from './typed-input.js';

/**
 * Creates the parts of a conversation and connects them. A part knows others only through its constructor's arguments.
 *
 * @typedef {import('../net/errors.js').Problem} Problem
 *
 * @typedef {object} Hooks
 * @property {(cause: Problem) => void} onRefused the connection failed and is not retried
 * @property {() => void} onChunk a microphone chunk arrived
 */

export class ConversationParts {
  #listener;
  #clock;
  #renew;

  /**
   * @param {import('./conversation.js').Options} options
   * @param {import('./conversation.js').Listener} listener
   * @param {Hooks} hooks
   */
  constructor(options, listener, hooks) {
    const { environment } = options;
    const { clock } = environment;
    this.#listener = listener;
    this.#clock = clock;
    this.#renew = options.credential;
    this.store = new StateStore((state, previous) => listener.onState(state, previous));
    this.transcript = new Transcript(clock.wall, () => options.settings().language);
    this.latency = new Latency();
    this.events = new EventLog();
    /** @type {import('../metrics/cost.js').Usage[]} */
    this.usage = [];
    this.serviceClock = new ServiceClock();
    this.pictures = new Pictures(environment, {
      send: (kind, jpeg) => this.service.connection?.picture(kind, jpeg) ?? false,
      onChange: (source, on) => this.flag(source, on),
      onProblem: (trouble) => this.trouble(trouble),
      onSent: (source) => listener.onPicture(source),
      onStill: (blob) => this.still(URL.createObjectURL(blob)),
      onSkipped: () => {
        this.latency.skippedFrames++;
      },
    });
    this.token = new ResumeToken(clock.wall, environment.tabStorage, options.name);
    this.service = new ReconnectingConnection(
      {
        environment,
        target: options.target,
        whyRefused: options.whyRefused,
        events: this.events,
        setup: () => {
          const settings = options.settings();
          return buildSetup(settings, capabilitiesOf(options.configuration, settings.model), options.tools?.());
        },
        token: this.token,
        latency: this.latency,
        serviceClock: this.serviceClock,
      },
      {
        onReady: (message) => this.#ready(message),
        onMessage: (message) => this.#message(message),
        onAudio: (frame) => this.turns.audio(frame),
        onMigrating: () => this.dispatch({ type: 'migrating' }),
        onResumeRefused: () => this.continuity.resumeRefused(),
        onClosed: () => this.#closed(),
        onLost: (retry) => {
          this.continuity.connectionLost();
          this.dispatch({ type: 'lost', ...retry });
        },
        onRetrying: () => this.dispatch({ type: 'retrying' }),
        onRefused: (cause) => hooks.onRefused(cause),
        onTrouble: (trouble) => this.trouble(trouble),
        onSlow: (slow) => this.#slow(slow),
      },
    );
    this.input = new SpokenInput({
      clock: clock,
      latency: this.latency,
      connection: () => this.service.connection,
      newMicrophone: (ear) => new Microphone(environment, options.captureUrl, ear),
      state: () => this.store.state,
      dispatch: (event) => {
        if (event.type === 'speechStart') this.turns.onSpeechStart();
        this.dispatch(event);
      },
      onTrouble: (trouble) => {
        // Clears only a problem of the microphone; another problem stays on screen.
        if (trouble || this.store.state.problem?.source === 'microphone') this.trouble(trouble);
      },
      onDevices: () => listener.onDevices(),
      onChunk: () => hooks.onChunk(),
    });
    this.typed = new TypedInput({
      clock: clock,
      latency: this.latency,
      connection: () => this.service.connection,
      sent: () => this.dispatch({ type: 'inputComplete', typed: true }),
    });
    this.output = new SpokenOutput({
      environment,
      playbackUrl: options.playbackUrl,
      latency: this.latency,
      turns: () => this.turns,
      onTrouble: (trouble) => this.trouble(trouble),
      onBlocked: (blocked) => this.flag('soundBlocked', blocked),
    });
    this.continuity = new Continuity({
      clock: clock,
      configuration: options.configuration,
      transcript: this.transcript,
      connection: () => this.service.connection,
      turn: () => this.turns.current,
      waiting: () => this.typed.waiting,
      changed: () => listener.onTranscript(),
      dispatch: (event) => this.dispatch(event),
    });
    this.functions = new FunctionCalls({
      transcript: this.transcript,
      connection: () => this.service.connection,
      offer: (calls) => listener.onToolCall(calls),
      changed: () => listener.onTranscript(),
    });
    this.turns = new Turns({
      store: this.store,
      transcript: this.transcript,
      latency: this.latency,
      detector: this.input.detector,
      clock: clock,
      speaker: () => this.output.speaker,
      rtt: () => this.serviceClock.rtt,
      changed: () => listener.onTranscript(),
      onSpoken: () => listener.onSpoken(),
      onToolCall: (_turn, calls) => this.functions.onCalls(calls),
      onFirstAudio: (turn, totalMs) => listener.onLatency(turn, totalMs),
      report: (message) => this.service.connection?.send(message),
    });
  }

  /**
   * Adds the time to an event and passes it to the state machine.
   * @param {import('../state/state-store.js').Untimed} event
   */
  dispatch(event) {
    this.store.dispatch(/** @type {import('../state/machine.js').StateEvent} */ ({ ...event, at: this.#clock.now() }));
  }

  /**
   * @param {keyof import('../state/machine.js').Flags} name
   * @param {boolean} value
   */
  flag(name, value) {
    this.dispatch({ type: 'flag', name, value });
  }

  /** A problem that does not end the conversation. @param {Problem | null} trouble null clears it */
  trouble(trouble) {
    this.dispatch({ type: 'trouble', problem: trouble });
    if (trouble) this.#listener.onProblem(trouble);
  }

  /** A single picture that the model was shown. @param {string} url of the picture, for this page */
  still(url) {
    this.transcript.picture(this.turns.current, url);
    this.#listener.onTranscript();
  }

  /** @param {Extract<import('../proto/messages.js').ServiceMessage, {type: 'ready'}>} message */
  #ready(message) {
    const { session: id, backend, model, notices } = message;
    this.turns.connected(message.answering);
    this.dispatch({ type: 'ready', session: { id, backend, model, notices } });
    if (this.input.detector.speaking) this.dispatch({ type: 'speechStart' });
    this.continuity.ready(message);
    this.functions.ready(message.resumed);
    this.typed.ready();
    // Fetched again when it is needed, if that fails now.
    this.pictures.prepare().catch((error) => console.warn('The camera is not available yet', error));
  }

  /** @param {import('../proto/messages.js').ServiceMessage} message */
  #message(message) {
    if (message.type === 'upstream') this.continuity.upstream(message);
    else if (message.type === 'warning') void this.#warning(message);
    else if (message.type === 'usage') this.usage.push(message);
    else this.turns.message(message);
  }

  /**
   * Renews a credential that is about to expire; the warning is shown only if that fails.
   * @param {Extract<import('../proto/messages.js').ServiceMessage, {type: 'warning'}>} message
   */
  async #warning(message) {
    const { connection } = this.service;
    if (message.code === 'auth_expiring') {
      try {
        const token = await this.#renew(message.inMs);
        if (connection === this.service.connection) connection?.send({ auth: { token } });
        return;
      } catch (error) {
        // The warning below is shown; it has the remedy.
        asProblem(error);
      }
    }
    if (connection === this.service.connection) this.continuity.warning(message);
  }

  #closed() {
    this.input.disconnected();
    this.turns.disconnected();
    this.#listener.onTranscript();
  }

  /** @param {boolean} slow */
  #slow(slow) {
    this.flag('slowNetwork', slow);
    this.input.slow(slow);
  }
}
