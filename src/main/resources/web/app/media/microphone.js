import { mediaProblem } from '../net/errors.js';
import { loadWorklet } from './worklet.js';

/**
 * The capture side: permission, device, worklet, and what happens when one of them goes away. Socket and playback never
 * notice.
 *
 * @typedef {import('../audio/chunker.js').Chunk} Chunk
 * @typedef {import('../net/errors.js').Problem} Problem
 *
 * @typedef {object} Listener
 * @property {(chunk: Chunk, ageMs: number) => void} onChunk with the time since its last sample was captured
 * @property {(capturing: boolean) => void} onCapturing whether chunks arrive
 * @property {(deaf: boolean, device: string) => void} onDeaf
 * @property {(blocked: boolean) => void} onBlocked the browser does not run the audio context
 * @property {(problem: Problem | null) => void} onProblem a device was lost; null when one works again
 * @property {() => void} onDevices the list of devices changed
 *
 * @typedef {object} Effects what the browser really applied
 * @property {boolean} echoCancellation
 * @property {boolean} noiseSuppression
 * @property {boolean} autoGainControl
 * @property {string} device
 * @property {number} rate of the context
 */

const STALLED_MS = 1000;
const DEAF_MS = 5000;
const DEBOUNCE_MS = 300;
const RETRIES = 10;
const RETRY_MS = 1000;
/** A context that does not run for this long waits for a gesture. */
const BLOCKED_MS = 1500;
/** A track that the system muted for this long is not given back by itself. */
const MUTED_MS = 1000;
/** How often a microphone that delivers nothing is asked for again, each time after twice the wait. */
const REPAIRS = 3;

export class Microphone {
  #environment;
  #moduleUrl;
  #listener;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {MediaStreamAudioSourceNode | null} */
  #source = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  #moduleLoaded = false;
  #deviceId = '';
  #processing = true;
  #muted = false;
  #gateOpen = true;
  #chunkMs = 20;
  #lastChunkAt = 0;
  #nonZeroAt = 0;
  #capturing = false;
  #deaf = false;
  #building = false;
  #closed = false;
  #retriesLeft = 0;
  /** Whether a problem of the microphone is shown. */
  #troubled = false;
  #blocked = false;
  #runningAt = 0;
  #repairs = 0;
  #repairAt = 0;
  /** @type {(() => void) | null} */
  #cancelRetry = null;
  /** @type {(() => void) | null} */
  #cancelDebounce = null;
  /** @type {(() => void)[]} */
  #cancels = [];

  /**
   * @param {import('../platform/environment.js').PageEnvironment} environment
   * @param {string} moduleUrl of the capture worklet
   * @param {Listener} listener
   */
  constructor(environment, moduleUrl, listener) {
    this.#environment = environment;
    this.#moduleUrl = moduleUrl;
    this.#listener = listener;
  }

  /**
   * Asks for the microphone and starts to listen.
   * @param {AudioContext} context made inside the gesture; closed by {@link close}
   * @param {{deviceId?: string, processing?: boolean, open?: boolean}} options `open` says whether sound flows at once;
   *   `processing` asks for echo cancellation, noise suppression and gain control
   * @throws {Problem} for the user
   */
  async open(context, { deviceId = '', processing = true, open = true } = {}) {
    this.#context = context;
    this.#deviceId = deviceId;
    this.#processing = processing;
    this.#gateOpen = open;
    const { mediaDevices, clock, visibility } = this.#environment;
    this.#runningAt = clock.now();
    await this.#build();
    const changed = () => this.#devicesChanged();
    mediaDevices?.addEventListener('devicechange', changed);
    this.#cancels.push(() => mediaDevices?.removeEventListener('devicechange', changed));
    this.#cancels.push(clock.every(STALLED_MS / 2, () => this.#watch()));
    this.#cancels.push(
      visibility.watch(() => {
        if (!visibility.hidden()) this.#oneMoreRepair();
      }),
    );
  }

  /** Resumes the capture context, whatever its state. Call inside a gesture. */
  resume() {
    if (this.#context && this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
  }

  get device() {
    return this.#stream?.getAudioTracks()[0]?.label ?? '';
  }

  /** @returns {Effects | null} */
  get effects() {
    const track = this.#stream?.getAudioTracks()[0];
    if (!track || !this.#context) return null;
    const settings = track.getSettings();
    return {
      echoCancellation: Boolean(settings.echoCancellation),
      noiseSuppression: settings.noiseSuppression === true,
      autoGainControl: settings.autoGainControl === true,
      device: track.label,
      rate: this.#context.sampleRate,
    };
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#muted = muted;
    this.#nonZeroAt = this.#environment.clock.now();
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !muted;
    if (muted) this.#setDeaf(false);
  }

  /**
   * Push to talk: a shut gate keeps a short look-back, which comes first when it opens.
   * @param {boolean} open
   */
  gate(open) {
    this.#gateOpen = open;
    this.#node?.port.postMessage({ type: 'gate', open });
  }

  /** @param {number} value milliseconds per chunk */
  chunkMs(value) {
    if (value === this.#chunkMs) return;
    this.#chunkMs = value;
    this.#node?.port.postMessage({ type: 'chunkMs', value });
  }

  /**
   * Another device or other processing, without ending the conversation.
   * @param {{deviceId?: string, processing?: boolean}} choice
   */
  async choose({ deviceId = this.#deviceId, processing = this.#processing }) {
    this.#deviceId = deviceId;
    this.#processing = processing;
    await this.#rebuild();
  }

  close() {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#cancelDebounce?.();
    for (const cancel of this.#cancels) cancel();
    this.#tearDown();
    if (this.#context && this.#context.state !== 'closed') this.#context.close().catch(() => undefined);
    this.#context = null;
  }

  async #build() {
    const { mediaDevices, secure, clock } = this.#environment;
    const context = this.#context;
    if (!mediaDevices || !context?.audioWorklet) {
      throw mediaProblem('microphone', new Error('no media devices'), { secure: false, permission: null });
    }
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await this.#capture(mediaDevices);
    } catch (error) {
      throw mediaProblem('microphone', error, { secure, permission: await this.#environment.permission('microphone') });
    }
    if (this.#closed) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    const [track] = stream.getAudioTracks();
    track.enabled = !this.#muted;
    // Fires on unplug and on revoked permission, not on our own stop().
    track.onended = () => this.#lost(track.label);
    // Muted by the system, for example a phone call, a closed lid or another program. Earlier silence does not count.
    track.onunmute = () => {
      this.#nonZeroAt = clock.now();
    };
    track.onmute = () => {
      this.#repairAt = Math.max(this.#repairAt, clock.now() + MUTED_MS);
    };
    if (!this.#moduleLoaded) {
      await loadWorklet(context, this.#moduleUrl, this.#environment.reaches);
      this.#moduleLoaded = true;
    }
    if (this.#closed) return;
    const node = new AudioWorkletNode(context, 'livebridge-capture', { numberOfInputs: 1, numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => this.#chunk(data);
    if (!this.#gateOpen) node.port.postMessage({ type: 'gate', open: false });
    if (this.#chunkMs !== 20) node.port.postMessage({ type: 'chunkMs', value: this.#chunkMs });
    const source = context.createMediaStreamSource(stream);
    source.connect(node);
    this.#source = source;
    this.#node = node;
    this.#lastChunkAt = clock.now();
    this.#nonZeroAt = clock.now();
    if (context.state === 'suspended') context.resume().catch(() => undefined);
  }

  /** @param {MediaDevices} mediaDevices */
  async #capture(mediaDevices) {
    const processing = this.#processing;
    /** @type {MediaTrackConstraints} */
    const audio = {
      echoCancellation: { ideal: processing },
      noiseSuppression: { ideal: processing },
      autoGainControl: { ideal: processing },
      channelCount: { ideal: 1 },
    };
    if (!this.#deviceId) return mediaDevices.getUserMedia({ audio });
    try {
      return await mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: this.#deviceId } } });
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== 'OverconstrainedError') throw error;
      // The chosen device is not there now; the default one is better than silence.
      return mediaDevices.getUserMedia({ audio });
    }
  }

  /** @param {Chunk} chunk */
  #chunk(chunk) {
    const now = this.#environment.clock.now();
    this.#lastChunkAt = now;
    if (!chunk.silent || this.#muted) {
      this.#nonZeroAt = now;
      if (!this.#isMutedBySystem()) this.#repairs = 0;
      this.#setDeaf(false);
    }
    this.#setCapturing(true);
    const age = this.#context && chunk.at !== undefined ? (this.#context.currentTime - chunk.at) * 1000 : 0;
    this.#listener.onChunk(chunk, Math.max(0, age));
  }

  #watch() {
    const now = this.#environment.clock.now();
    this.#watchContext(now);
    if (!this.#node || this.#building) return;
    if (now - this.#lastChunkAt > STALLED_MS) {
      this.#setCapturing(false);
      // A call on a phone suspends the context; it is resumed by statechange or a tap, not by a rebuild.
      if (this.#context?.state === 'running') {
        this.#retriesLeft = RETRIES;
        void this.#rebuild();
      }
      if (this.#context?.state === 'suspended') this.#context.resume().catch(() => undefined);
      return;
    }
    const deaf = !this.#muted && now - this.#nonZeroAt > DEAF_MS;
    if (deaf) this.#setDeaf(true);
    if (deaf || this.#isMutedBySystem()) this.#repair(now);
  }

  /** @param {number} now */
  #watchContext(now) {
    if (this.#context?.state === 'running') this.#runningAt = now;
    const blocked = now - this.#runningAt > BLOCKED_MS;
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#listener.onBlocked(blocked);
  }

  #isMutedBySystem() {
    return this.#stream?.getAudioTracks()[0]?.muted === true;
  }

  /**
   * Asks for the microphone again: what it delivers is nothing. A bounded number of times, because one that is switched
   * off by its own button delivers nothing however often it is asked for.
   * @param {number} now
   */
  #repair(now) {
    if (this.#muted || now < this.#repairAt || this.#repairs >= REPAIRS) return;
    // A hidden page gets no microphone on some systems; it is asked for when the page is seen again.
    if (this.#environment.visibility.hidden()) return;
    this.#repairs++;
    this.#repairAt = now + DEAF_MS * 2 ** this.#repairs;
    this.#retriesLeft = RETRIES;
    void this.#rebuild();
  }

  /** The page is seen again, or other devices are there: what did not help before may help now. */
  #oneMoreRepair() {
    const silent = this.#deaf || this.#isMutedBySystem() || !this.#stream;
    if (this.#closed || !silent) return;
    this.#repairs = Math.min(this.#repairs, REPAIRS - 1);
    this.#repairAt = 0;
    if (!this.#building) this.#repair(this.#environment.clock.now());
  }

  /** @param {Problem | null} problem */
  #report(problem) {
    // Clears only a problem of the microphone: another problem may be on screen.
    if (problem === null && !this.#troubled) return;
    this.#troubled = problem !== null;
    this.#listener.onProblem(problem);
  }

  /** @param {boolean} capturing */
  #setCapturing(capturing) {
    if (this.#capturing === capturing) return;
    this.#capturing = capturing;
    this.#listener.onCapturing(capturing);
  }

  /** @param {boolean} deaf */
  #setDeaf(deaf) {
    if (this.#deaf === deaf) return;
    this.#deaf = deaf;
    this.#listener.onDeaf(deaf, this.device);
  }

  /** @param {string} device */
  #lost(device) {
    if (this.#closed) return;
    this.#setCapturing(false);
    this.#tearDown();
    this.#report(
      mediaProblem(
        'microphone',
        { name: 'NotFoundError', message: `${device} ended` },
        { secure: true, permission: null },
      ),
    );
    this.#retriesLeft = RETRIES;
    void this.#rebuild();
  }

  async #rebuild() {
    if (this.#closed || this.#building) return;
    this.#building = true;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#tearDown();
    try {
      await this.#build();
      this.#retriesLeft = 0;
      this.#report(null);
    } catch (problem) {
      this.#report(/** @type {Problem} */ (problem));
      if (this.#retriesLeft-- > 0) {
        this.#cancelRetry = this.#environment.clock.after(RETRY_MS, () => void this.#rebuild());
      }
    } finally {
      this.#building = false;
    }
  }

  #devicesChanged() {
    this.#cancelDebounce?.();
    this.#cancelDebounce = this.#environment.clock.after(DEBOUNCE_MS, () => {
      this.#listener.onDevices();
      void this.#preferOriginal().then(() => this.#oneMoreRepair());
    });
  }

  /** A device that comes back, or the first one ever, is taken. */
  async #preferOriginal() {
    if (this.#closed) return;
    if (!this.#stream) {
      await this.#rebuild();
      return;
    }
    if (!this.#deviceId || this.#stream.getAudioTracks()[0]?.getSettings().deviceId === this.#deviceId) return;
    const devices = (await this.#environment.mediaDevices?.enumerateDevices()) ?? [];
    if (devices.some((device) => device.kind === 'audioinput' && device.deviceId === this.#deviceId)) {
      await this.#rebuild();
    }
  }

  #tearDown() {
    this.#node?.port.postMessage({ type: 'stop' });
    if (this.#node) this.#node.port.onmessage = null;
    this.#source?.disconnect();
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.onmute = null;
      track.onunmute = null;
      track.stop();
    }
    this.#node = null;
    this.#source = null;
    this.#stream = null;
  }
}
