/**
 * Pictures of one source, camera or screen, on their way to the model.
 *
 * @typedef {{jpeg: ArrayBuffer, width: number, height: number, still: Blob | null}} Picture `still` if it was asked for
 *
 * @typedef {object} Listener
 * @property {(picture: Picture) => boolean} onPicture whether it could be sent
 * @property {() => void} onEnded the browser's own Stop, or an unplugged camera
 */

const LONGEST_SIDE = 768;
const QUALITY = 0.8;
const STILL_SIDE = 2048;
const STILL_QUALITY = 0.9;
const THUMBNAIL = 32;
/** Even an unchanged screen is shown to the model this often. */
const UNCHANGED_MS = 10_000;
/** Timeout of the screen picker; it counts as cancelled. */
const PICKER_MS = 120_000;

/**
 * The size in which a picture is sent: aspect kept, never enlarged.
 * @param {number} width
 * @param {number} height
 * @param {number} [longest]
 */
export function fit(width, height, longest = LONGEST_SIDE) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Asks for a camera.
 * @param {MediaDevices} mediaDevices
 * @param {string} deviceId empty for the front camera, or that of the back on phones and tablets; a camera that is gone
 *   counts as none
 */
export async function openCamera(mediaDevices, deviceId) {
  /** @type {MediaTrackConstraints} */
  const video = { width: { ideal: 1280 }, height: { ideal: 720 } };
  if (deviceId) {
    try {
      return await mediaDevices.getUserMedia({ video: { ...video, deviceId: { exact: deviceId } } });
    } catch (error) {
      if (/** @type {{name?: string}} */ (error).name !== 'OverconstrainedError') throw error;
    }
  }
  const facingMode = matchMedia('(pointer: coarse)').matches ? 'environment' : 'user';
  return await mediaDevices.getUserMedia({ video: { ...video, facingMode } });
}

/**
 * Asks for a screen, window or tab; only inside a gesture.
 * @param {MediaDevices} mediaDevices
 * @param {import('../platform/environment.js').Clock} clock
 * @returns {Promise<MediaStream>}
 */
export function openScreen(mediaDevices, clock) {
  const options = /** @type {DisplayMediaStreamOptions} */ ({
    video: { frameRate: { max: 5 } },
    audio: false,
    selfBrowserSurface: 'include',
    surfaceSwitching: 'include',
  });
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PICKER_MS, () => reject(new DOMException('no choice was made', 'AbortError')));
    mediaDevices.getDisplayMedia(options).then(resolve, reject).finally(cancel);
  });
}

export class VideoSource {
  #clock;
  #listener;
  #stream;
  #element;
  #intervalMs;
  #canvas = new OffscreenCanvas(1, 1);
  #thumbnail = new OffscreenCanvas(THUMBNAIL, THUMBNAIL);
  /** @type {Uint8ClampedArray | null} */
  #lastThumbnail = null;
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #busy = false;
  #closed = false;
  #callback = 0;
  #skipped = 0;
  #still = false;
  size = { width: 0, height: 0 };

  /**
   * @param {'camera' | 'screen'} source
   * @param {MediaStream} stream
   * @param {number} intervalMs
   * @param {Listener} listener
   * @param {import('../platform/environment.js').Clock} clock
   */
  constructor(source, stream, intervalMs, listener, clock) {
    this.source = source;
    this.#stream = stream;
    this.#intervalMs = intervalMs;
    this.#listener = listener;
    this.#clock = clock;
    const element = document.createElement('video');
    element.muted = true;
    element.playsInline = true;
    element.srcObject = stream;
    element.play().catch(() => undefined);
    this.#element = element;
    for (const track of stream.getVideoTracks()) {
      track.onended = () => {
        if (!this.#closed) listener.onEnded();
      };
    }
    this.#next();
  }

  /** For the preview. */
  get stream() {
    return this.#stream;
  }

  /** Pictures that were not sent because nothing had changed or the network was busy. */
  get skipped() {
    return this.#skipped;
  }

  get intervalMs() {
    return this.#intervalMs;
  }

  set intervalMs(milliseconds) {
    this.#intervalMs = milliseconds;
  }

  /** A chance to take a picture while the page is hidden and no video callback runs. */
  tick() {
    void this.#maybeTake();
  }

  /** The next picture is sent in full size. */
  still() {
    this.#still = true;
    this.tick();
  }

  close() {
    this.#closed = true;
    this.#element.cancelVideoFrameCallback?.(this.#callback);
    this.#element.srcObject = null;
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
  }

  #next() {
    if (this.#closed) return;
    const run = () => {
      void this.#maybeTake();
      this.#next();
    };
    if ('requestVideoFrameCallback' in this.#element) this.#callback = this.#element.requestVideoFrameCallback(run);
    else this.#clock.after(this.#intervalMs, run);
  }

  async #maybeTake() {
    const now = this.#clock.now();
    if (this.#closed || this.#busy || now - this.#lastAt < this.#intervalMs) return;
    if (this.#element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || this.#element.videoWidth === 0) return;
    // The gate is a raster, so that the rate does not sink by the length of one frame each time.
    this.#lastAt = now - this.#lastAt < 2 * this.#intervalMs ? this.#lastAt + this.#intervalMs : now;
    this.#busy = true;
    try {
      await this.#take(now);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {number} now */
  async #take(now) {
    const still = this.#still;
    this.#still = false;
    const { videoWidth, videoHeight } = this.#element;
    const { width, height } = fit(videoWidth, videoHeight, still ? STILL_SIDE : LONGEST_SIDE);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context(this.#canvas).drawImage(this.#element, 0, 0, width, height);
    this.size = { width, height };
    if (this.source === 'screen' && this.#unchanged() && !still && now - this.#lastSentAt < UNCHANGED_MS) {
      this.#skipped++;
      return;
    }
    const blob = await this.#canvas.convertToBlob({ type: 'image/jpeg', quality: still ? STILL_QUALITY : QUALITY });
    const jpeg = await blob.arrayBuffer();
    if (this.#closed) return;
    if (this.#listener.onPicture({ jpeg, width, height, still: still ? blob : null })) this.#lastSentAt = now;
    else this.#skipped++;
  }

  #unchanged() {
    const context = this.#context(this.#thumbnail);
    context.drawImage(this.#canvas, 0, 0, THUMBNAIL, THUMBNAIL);
    const pixels = context.getImageData(0, 0, THUMBNAIL, THUMBNAIL).data;
    const last = this.#lastThumbnail;
    this.#lastThumbnail = pixels;
    return last?.every((value, index) => value === pixels[index]) ?? false;
  }

  /** @param {OffscreenCanvas} canvas */
  #context(canvas) {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: canvas === this.#thumbnail });
    if (!context) throw new Error('no 2d canvas');
    return context;
  }
}
