import { html, nothing } from 'lit';
import { Conversation } from '../conversation/conversation.js';
import { isRunning } from '../state/machine.js';

/**
 * A sentence in the chosen voice: a conversation of its own with the model, of one answer. It counts among the
 * conversations of its caller, so it is offered only while none runs.
 */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */

const LONGEST_MS = 20_000;

/** What is heard now, and what went wrong last. */
const sample = {
  /** @type {Conversation | null} */
  conversation: null,
  trouble: '',
};

/** @param {Host} host */
export function voiceSample(host) {
  const { words, conversation } = host;
  if (isRunning(conversation.state.phase)) return nothing;
  const plays = sample.conversation !== null;
  return html`<div class="row">
    <button type="button" class="button" aria-pressed=${plays ? 'true' : 'false'} @click=${() => (plays ? stop(host) : play(host))}>
      ${plays ? '■' : '▶'} ${words.text('voice.hear')}
    </button>
    <span class="hint" role="status">${sample.trouble}</span>
  </div>`;
}

/** @param {Host} host */
function stop(host) {
  const { conversation } = sample;
  sample.conversation = null;
  conversation?.stop();
  host.requestUpdate();
}

/** Call inside a gesture. @param {Host} host */
function play(host) {
  const options = host.conversationOptions();
  const { words, environment } = host;
  const nothingToDo = () => undefined;
  sample.trouble = '';
  const conversation = new Conversation(
    {
      ...options,
      // It leaves nothing in this tab.
      environment: { ...environment, tabStorage: null },
      tools: () => [],
      settings: () => ({ ...options.settings(), instruction: '', search: false, keepTranscript: false }),
    },
    {
      onState: (state, previous) => {
        if (sample.conversation !== conversation) return;
        const spoken = previous.phase === 'speaking' && state.phase === 'listening';
        if (state.problem) sample.trouble = words.text('voice.trouble');
        if (spoken || state.phase === 'failed' || state.phase === 'reconnecting') stop(host);
      },
      onTranscript: nothingToDo,
      onSpoken: nothingToDo,
      onLatency: nothingToDo,
      onToolCall: () => false,
      onProblem: nothingToDo,
      onPicture: nothingToDo,
      onDevices: nothingToDo,
    },
  );
  sample.conversation = conversation;
  conversation.send(words.text('voice.sample'));
  environment.clock.after(LONGEST_MS, () => {
    if (sample.conversation === conversation) stop(host);
  });
  host.requestUpdate();
}
