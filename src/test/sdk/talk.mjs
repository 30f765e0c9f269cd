// Holds a conversation through Google's own SDK and prints what came of it as one line of JSON: typed text, speech, a
// function, and a second connection that resumes the first. Arguments: the service's address, the name of the SDK's package,
// the API key ('any').
// The version of the API is the SDK's default. Ends by itself after 60 seconds.
const [baseUrl, sdk, apiKey = 'any'] = process.argv.slice(2);
const { GoogleGenAI, Modality } = await import(sdk);

const TURN_MS = 15_000;
const CONNECTS = 20;
const deadline = setTimeout(() => finish('nothing happened for 60 seconds'), 60_000);
const result = { ready: 0, mimeType: '', audioBytes: 0, calls: [], answers: [], heard: '', closed: 0 };

function finish(error) {
  clearTimeout(deadline);
  console.log(JSON.stringify({ ...result, error: error ?? null }));
  process.exit(error ? 1 : 0);
}

const ai = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });

/** One connection: its session, what it was told, and a way to wait for more. */
async function connect(sessionResumption) {
  const told = [];
  const waiting = new Set();
  const line = { told, handle: '', closed: null };
  const wake = () => {
    for (const look of waiting) look();
  };
  line.until = (condition, what) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), TURN_MS);
      const look = () => {
        if (!condition() && !line.closed) return;
        clearTimeout(timer);
        waiting.delete(look);
        if (condition()) resolve();
        else reject(new Error(`closed while waiting for ${what}: ${line.closed.code} ${line.closed.reason}`));
      };
      waiting.add(look);
      look();
    });
  // Some versions never settle when the service closes before it is ready.
  line.session = await new Promise((resolve, reject) => {
    ai.live
      .connect({
        model: 'gemini-3.8-live',
        config: {
          responseModalities: [Modality.AUDIO],
          inputAudioTranscription: {},
          outputAudioTranscription: {},
          sessionResumption,
          tools: [
            {
              functionDeclarations: [
                { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
              ],
            },
          ],
        },
        callbacks: {
          onmessage(message) {
            told.push(message);
            if (message.setupComplete) result.ready += 1;
            // A handle holds the turns before it: one that arrives during a turn does not know that turn.
            if (message.serverContent?.turnComplete) line.handle = '';
            if (message.sessionResumptionUpdate?.newHandle) line.handle = message.sessionResumptionUpdate.newHandle;
            for (const part of message.serverContent?.modelTurn?.parts ?? []) {
              result.mimeType = part.inlineData.mimeType;
              result.audioBytes += Buffer.from(part.inlineData.data, 'base64').length;
            }
            result.heard += message.serverContent?.inputTranscription?.text ?? '';
            wake();
          },
          onerror: (event) => reject(new Error(event.message)),
          onclose(event) {
            line.closed = event;
            reject(new Error(`closed: ${event.code} ${event.reason}`));
            wake();
          },
        },
      })
      .then(resolve, reject);
  });
  return line;
}

/** Does something and returns the words of the turns that follow it. */
async function answer(line, turns, act) {
  const before = line.told.length;
  const since = () => line.told.slice(before);
  act();
  await line.until(
    () => since().filter((message) => message.serverContent?.turnComplete).length >= turns,
    `${turns} turns`,
  );
  result.answers.push(
    since()
      .map((message) => message.serverContent?.outputTranscription?.text ?? '')
      .join(''),
  );
}

const type = (line, text) =>
  line.session.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true });

try {
  const first = await connect({});
  await answer(first, 1, () => type(first, 'thanks'));
  await answer(first, 1, () => {
    const tone = new Int16Array(8_000).map((_, i) => 12_000 * Math.sin((2 * Math.PI * 300 * i) / 16_000));
    first.session.sendRealtimeInput({
      audio: { data: Buffer.from(tone.buffer).toString('base64'), mimeType: 'audio/pcm;rate=16000' },
    });
    first.session.sendRealtimeInput({ audioStreamEnd: true });
  });
  await answer(first, 2, () => {
    type(first, 'get weather Paris');
    first
      .until(() => first.told.some((message) => message.toolCall), 'a function call')
      .then(() => {
        const [call] = first.told.find((message) => message.toolCall).toolCall.functionCalls;
        result.calls.push({ name: call.name, args: call.args });
        first.session.sendToolResponse({
          functionResponses: [{ id: call.id, name: call.name, response: { output: 'sunny' } }],
        });
      }, finish);
  });
  await answer(first, 1, () => type(first, 'my name is Ada'));
  await first.until(() => first.handle, 'a handle');
  first.session.close();
  await first.until(() => first.closed, 'the close');

  // The service refuses a handle while the connection that it came from is still open.
  let second;
  for (let i = 0; !second; i++) {
    try {
      second = await connect({ handle: first.handle });
    } catch (refused) {
      if (i === CONNECTS) throw refused;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await answer(second, 1, () => type(second, 'what is my name'));
  second.session.close();
  await second.until(() => second.closed, 'the close');
  result.closed = second.closed.code;
  finish();
} catch (failed) {
  finish(String(failed?.message ?? failed));
}
