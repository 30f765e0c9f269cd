// Holds a short conversation through Google's own SDK and prints what came of it as one line of JSON.
// Argument: the service's address. Ends by itself after 30 seconds.
import { GoogleGenAI, Modality } from '@google/genai';

const [baseUrl] = process.argv.slice(2);
const heard = { ready: false, text: '', audioBytes: 0, mimeType: '', turns: 0, closed: 0 };
const deadline = setTimeout(() => finish('nothing happened for 30 seconds'), 30_000);

function finish(error) {
  clearTimeout(deadline);
  console.log(JSON.stringify({ ...heard, error: error ?? null }));
  process.exit(error ? 1 : 0);
}

const ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl } });
const session = await ai.live.connect({
  model: 'gemini-3.8-live',
  config: { responseModalities: [Modality.AUDIO], outputAudioTranscription: {} },
  callbacks: {
    onmessage(message) {
      heard.ready ||= message.setupComplete !== undefined;
      const content = message.serverContent;
      for (const part of content?.modelTurn?.parts ?? []) {
        heard.mimeType = part.inlineData.mimeType;
        heard.audioBytes += Buffer.from(part.inlineData.data, 'base64').length;
      }
      heard.text += content?.outputTranscription?.text ?? '';
      if (content?.turnComplete) onTurn();
    },
    onerror: (event) => finish(event.message),
    onclose: (event) => {
      heard.closed = event.code;
      finish(heard.turns === 2 ? undefined : `closed: ${event.code} ${event.reason}`);
    },
  },
});

/** First a typed turn, then half a second of a tone and the end of the stream, then the end. */
function onTurn() {
  heard.turns += 1;
  if (heard.turns === 2) {
    session.close();
    return;
  }
  const tone = new Int16Array(8_000).map((_, i) => 12_000 * Math.sin((2 * Math.PI * 300 * i) / 16_000));
  session.sendRealtimeInput({
    audio: { data: Buffer.from(tone.buffer).toString('base64'), mimeType: 'audio/pcm;rate=16000' },
  });
  session.sendRealtimeInput({ audioStreamEnd: true });
}

session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'thanks' }] }], turnComplete: true });
