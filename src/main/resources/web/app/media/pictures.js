import { mediaProblem, screenProblem } from '../net/errors.js';
import { Kind } from '../proto/frames.js';

/**
 * Camera and screen, apart or together, within one budget of pictures per second.
 *
 * @typedef {'camera' | 'screen'} Source
 *
 * @typedef {object} Listener
 * @property {(kind: number, jpeg: ArrayBuffer) => boolean} send whether it left
 * @property {(source: Source, on: boolean) => void} onChange
 * @property {(problem: import('../net/errors.js').Problem) => void} onProblem
 * @property {(source: Source) => void} onSent
 * @property {(blob: Blob) => void} onStill a still picture was sent
 * @property {() => void} onSkipped
 */

export class Pictures {
  #environment;
  #listener;
  #framesPerSecond = 1;
  /** @type {Promise<typeof import('./video.js')> | null} */
  #loading = null;
  /** @type {typeof import('./video.js') | null} */
  #video = null;
  /** @type {Map<Source, import('./video.js').VideoSource>} */
  #open = new Map();
  /** @type {Set<Source>} */
  #opening = new Set();
  /** @type {Map<Source, {width: number, height: number, sent: number}>} */
  #sent = new Map();
  cameraId = '';
  /** Number of cameras, known once one is open. */
  cameras = 0;

  /**
   * @param {import('../platform/environment.js').PageEnvironment} environment
   * @param {Listener} listener
   */
  constructor(environment, listener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  /** Fetches what a source needs, so that the browser still counts the gesture of {@link toggle} when it asks. */
  async prepare() {
    this.#loading ??= import('./video.js');
    try {
      this.#video = await this.#loading;
      return this.#video;
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  get canShareScreen() {
    return Boolean(this.#environment.mediaDevices && 'getDisplayMedia' in this.#environment.mediaDevices);
  }

  /** @param {number} value for both sources together */
  set framesPerSecond(value) {
    this.#framesPerSecond = value;
    this.#share();
  }

  /** Pictures per second of one source. */
  get rate() {
    return this.#framesPerSecond / Math.max(1, this.#open.size);
  }

  /** @param {Source} source */
  stream(source) {
    return this.#open.get(source)?.stream ?? null;
  }

  /**
   * What was sent last, and how many so far.
   * @param {Source} source
   */
  sent(source) {
    return this.#sent.get(source) ?? null;
  }

  /**
   * Turns a source on or off. Call inside a gesture.
   * @param {Source} source
   */
  async toggle(source) {
    if (this.#open.has(source)) {
      this.close(source);
      return;
    }
    const { mediaDevices, secure, clock, permission } = this.#environment;
    if (!mediaDevices) {
      this.#listener.onProblem(mediaProblem('camera', null, { secure: false, permission: null }));
      return;
    }
    if (this.#opening.has(source)) return;
    this.#opening.add(source);
    try {
      const { openCamera, openScreen, VideoSource } = this.#video ?? (await this.prepare());
      const stream = await (source === 'camera'
        ? openCamera(mediaDevices, this.cameraId)
        : openScreen(mediaDevices, clock));
      if (!this.#opening.has(source)) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#begin(source, stream, VideoSource);
      const devices = await mediaDevices.enumerateDevices();
      this.cameras = devices.filter(({ kind }) => kind === 'videoinput').length;
      if (source === 'camera') this.#listener.onChange(source, this.#open.has(source));
    } catch (error) {
      const trouble =
        source === 'screen'
          ? screenProblem(error)
          : mediaProblem('camera', error, { secure, permission: await permission('camera') });
      if (trouble) this.#listener.onProblem(trouble);
    } finally {
      this.#opening.delete(source);
    }
  }

  /** Whether the camera looks at what the person looks at. */
  get facesAway() {
    return this.stream('camera')?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
  }

  /** Sends the next picture of a source in its full size. @param {Source} source */
  still(source) {
    this.#open.get(source)?.still();
  }

  /** Goes on with the next camera. */
  async flip() {
    const { mediaDevices } = this.#environment;
    const settings = this.stream('camera')?.getVideoTracks()[0]?.getSettings();
    if (!mediaDevices || !settings) return;
    const cameras = (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
    const next = cameras[(cameras.findIndex(({ deviceId }) => deviceId === settings.deviceId) + 1) % cameras.length];
    // A phone opens one camera at a time.
    this.close('camera');
    if (next) this.cameraId = next.deviceId;
    await this.toggle('camera');
  }

  /** @param {Source} source */
  close(source) {
    const open = this.#open.get(source);
    if (!open) return;
    this.#open.delete(source);
    open.close();
    this.#share();
    this.#listener.onChange(source, false);
  }

  closeAll() {
    this.#opening.clear();
    for (const source of [...this.#open.keys()]) this.close(source);
  }

  /** For a hidden page, on which video callbacks do not run. */
  tick() {
    for (const source of this.#open.values()) source.tick();
  }

  /**
   * @param {Source} source
   * @param {MediaStream} stream
   * @param {typeof import('./video.js').VideoSource} VideoSource
   */
  #begin(source, stream, VideoSource) {
    this.#sent.delete(source);
    this.#open.set(
      source,
      new VideoSource(
        source,
        stream,
        1000,
        {
          onPicture: ({ jpeg, width, height, still }) => {
            const left = this.#listener.send(source === 'camera' ? Kind.CAMERA : Kind.SCREEN, jpeg);
            if (!left) {
              this.#listener.onSkipped();
              return false;
            }
            this.#sent.set(source, { width, height, sent: (this.#sent.get(source)?.sent ?? 0) + 1 });
            this.#listener.onSent(source);
            if (still) this.#listener.onStill(still);
            return true;
          },
          onEnded: () => this.close(source),
        },
        this.#environment.clock,
      ),
    );
    this.#share();
    this.#listener.onChange(source, true);
  }

  #share() {
    for (const open of this.#open.values()) open.intervalMs = 1000 / this.rate;
  }
}
