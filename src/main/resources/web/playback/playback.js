import { OUTPUT_RATE } from '../app/audio/pcm.js';
import { PlayoutBuffer } from '../app/audio/playout-buffer.js';
import { Resampler } from '../app/audio/resampler.js';

const STAT_SECONDS = 0.085;
const QUANTUM = 128;

/**
 * The loudspeaker's end of the realtime thread.
 *
 * In: `{type: 'push', turn, pcm}`, `{type: 'complete', turn}`, `{type: 'flush', turn}`, `{type: 'pin', ms}`,
 * `{type: 'stop'}`. Out: the buffer's events with `frame`, the context's sample at which they happened, and
 * `{type: 'stat', queued, played, turn, prebufferMs, underruns, rendered}` while sound plays.
 */
class PlaybackProcessor extends AudioWorkletProcessor {
  #running = true;
  #sinceStat = 0;
  #wasQuiet = true;
  #buffer = new PlayoutBuffer((event) => this.port.postMessage({ ...event, frame: currentFrame }));
  /** Only where the context could not be had at the model's rate. */
  #upsampler = sampleRate === OUTPUT_RATE ? null : new Resampler(OUTPUT_RATE, sampleRate);
  #source = new Float32Array(QUANTUM * 4);

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.type === 'push') this.#buffer.push(data.turn, data.pcm);
      else if (data.type === 'complete') this.#buffer.complete(data.turn);
      else if (data.type === 'flush') this.#buffer.flush(data.turn);
      else if (data.type === 'pin') this.#buffer.pin(data.ms);
      else if (data.type === 'stop') this.#running = false;
    };
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   */
  process(_inputs, outputs) {
    const [left, ...others] = outputs[0];
    if (!left) return this.#running;
    if (this.#upsampler) {
      const needed = this.#upsampler.needed(left.length);
      this.#buffer.render(this.#source, needed);
      this.#upsampler.process(this.#source, left, needed);
    } else {
      this.#buffer.render(left);
    }
    for (const channel of others) channel.set(left);
    this.#report(left.length);
    return this.#running;
  }

  /** @param {number} frames */
  #report(frames) {
    this.#sinceStat += frames;
    if (this.#sinceStat < STAT_SECONDS * sampleRate) return;
    this.#sinceStat = 0;
    const { queued, played, turn, prebufferMs, underruns } = this.#buffer;
    const quiet = queued === 0;
    if (quiet && this.#wasQuiet) return;
    this.#wasQuiet = quiet;
    this.port.postMessage({ type: 'stat', queued, played, turn, prebufferMs, underruns, frame: currentFrame });
  }
}

registerProcessor('livebridge-playback', PlaybackProcessor);
