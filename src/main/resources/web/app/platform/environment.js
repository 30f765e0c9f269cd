/**
 * The browser's interfaces for the other modules. Tests replace them.
 *
 * @typedef {object} Clock
 * @property {() => number} now monotonic, milliseconds
 * @property {() => number} wall wall clock, milliseconds
 * @property {(ms: number, run: () => void) => () => void} after runs once; answers how to cancel
 * @property {(ms: number, run: () => void) => () => void} every
 *
 * @typedef {object} Visibility
 * @property {() => boolean} hidden
 * @property {(changed: () => void) => () => void} watch answers how to stop watching
 *
 * @typedef {object} PageEnvironment
 * @property {Clock} clock
 * @property {Visibility} visibility
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 * @property {MediaDevices | undefined} mediaDevices undefined on an insecure page
 * @property {boolean} secure
 * @property {() => AudioContext} captureContext
 * @property {() => AudioContext} playbackContext
 * @property {(name: 'microphone' | 'camera') => Promise<string | null>} permission
 * @property {(url: string) => Promise<boolean>} reaches whether the service delivers that file
 * @property {() => number} random
 * @property {Storage | null} tabStorage of this tab; null where it is refused
 */

/** @type {Clock} */
export const pageClock = Object.freeze({
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  every(ms, run) {
    const id = setInterval(run, ms);
    return () => clearInterval(id);
  },
});

const MODEL_RATE = 24_000;

/** @returns {AudioContext} at the model's rate where the browser lets us, else at the device's */
function playbackContext() {
  try {
    return new AudioContext({ sampleRate: MODEL_RATE, latencyHint: 'interactive' });
  } catch {
    // Refused on some devices; the worklet then resamples.
    return new AudioContext({ latencyHint: 'interactive' });
  }
}

function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    // Refused by the browser's settings, or in a sandboxed frame.
    return null;
  }
}

/** @returns {PageEnvironment} */
export function pageEnvironment() {
  return {
    clock: pageClock,
    visibility: {
      hidden: () => document.visibilityState === 'hidden',
      watch(changed) {
        document.addEventListener('visibilitychange', changed);
        return () => document.removeEventListener('visibilitychange', changed);
      },
    },
    openSocket: (url, protocols) => new WebSocket(url, protocols),
    mediaDevices: navigator.mediaDevices,
    secure: window.isSecureContext,
    captureContext: () => new AudioContext({ latencyHint: 'interactive' }),
    playbackContext,
    async permission(name) {
      try {
        const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
        return status.state;
      } catch {
        // Firefox does not know these names; the caller then assumes the most common cause.
        return null;
      }
    },
    async reaches(url) {
      try {
        return (await fetch(url, { method: 'HEAD', cache: 'no-store' })).ok;
      } catch {
        // No answer: the service or the network is gone.
        return false;
      }
    },
    random: Math.random,
    tabStorage: tabStorage(),
  };
}
