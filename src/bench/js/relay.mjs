// A minimal relay in Node, for comparison: the translation between the tutorial's format and Gemini's, and nothing else.
// Argument: the port of the upstream. Prints `listening PORT` and runs until its input ends.
import { WebSocket, WebSocketServer } from 'ws';

const upstreamPort = Number(process.argv[2]);
const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const options = { perMessageDeflate: false, maxPayload: 16 * 1024 * 1024 };

const server = new WebSocketServer({ ...options, host: '127.0.0.1', port: 0 });

/** @param {any} message of the tutorial's client */
function toGemini(message) {
  if (message.setup) {
    const { generation_config: config } = message.setup;
    return {
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: { responseModalities: config.response_modalities },
      },
    };
  }
  const [chunk] = message.realtime_input.media_chunks;
  return { realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: chunk.data } } };
}

server.on('connection', (client) => {
  const upstream = new WebSocket(`ws://127.0.0.1:${upstreamPort}${path}`, options);
  /** @type {string[]} */
  const waiting = [];
  client.on('message', (data) => {
    const text = JSON.stringify(toGemini(JSON.parse(data.toString())));
    if (upstream.readyState === WebSocket.OPEN) {
      upstream.send(text);
    } else {
      waiting.push(text);
    }
  });
  upstream.on('open', () => {
    for (const text of waiting.splice(0)) {
      upstream.send(text);
    }
  });
  upstream.on('message', (data) => {
    const content = JSON.parse(data.toString()).serverContent;
    for (const part of content?.modelTurn?.parts ?? []) {
      client.send(JSON.stringify({ audio: part.inlineData.data }));
    }
  });
  client.on('close', () => upstream.close());
  upstream.on('close', () => client.close());
  client.on('error', () => upstream.terminate());
  upstream.on('error', () => client.terminate());
});

server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') {
    console.log(`listening ${address.port}`);
  }
});
process.stdin.on('end', () => process.exit(0)).resume();
