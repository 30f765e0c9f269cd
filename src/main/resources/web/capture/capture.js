import { Chunker } from '../app/audio/chunker.js';
import { mixDown } from '../app/audio/pcm.js';

/**
 * The microphone's end of the realtime thread: device-rate blocks in, 16 kHz chunks out by message.
 *
 * In: `{type: 'gate', open}`, `{type: 'chunkMs', value}`, `{type: 'stop'}`. Out: one {@link Chunk} per message.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  #running = true;
  #mixed = new Float32Array(0);
  #chunker = new Chunker(sampleRate, (chunk) =>
    this.port.postMessage({ ...chunk, at: currentTime }, [chunk.pcm.buffer]),
  );

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.type === 'gate') this.#chunker.gate(data.open);
      else if (data.type === 'chunkMs') this.#chunker.setChunkMs(data.value);
      else if (data.type === 'stop') this.#running = false;
    };
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const channels = inputs[0];
    if (channels?.length > 0) {
      if (this.#mixed.length < channels[0].length) this.#mixed = new Float32Array(channels[0].length);
      this.#chunker.push(mixDown(channels, this.#mixed));
    }
    return this.#running;
  }
}

registerProcessor('livebridge-capture', CaptureProcessor);
