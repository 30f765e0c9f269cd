import { Chunker } from '../app/audio/chunker.js';

/**
 * The microphone's end of the realtime thread: device-rate blocks in, 16 kHz chunks out by message.
 *
 * In: `{type: 'gate', open}`, `{type: 'chunkMs', value}`, `{type: 'stop'}`. Out: one {@link Chunk} per message.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  #running = true;
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
    const channel = inputs[0]?.[0];
    if (channel) this.#chunker.push(channel);
    return this.#running;
  }
}

registerProcessor('livebridge-capture', CaptureProcessor);
