import { html, nothing } from 'lit';
import { isSimulated } from '../state/look.js';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */

/** Questions to begin with; each is a text of its own. The simulator has an answer to each. */
const SUGGESTIONS = ['suggestion.story', 'suggestion.table', 'suggestion.time', 'suggestion.who'];
const KEY_PAGE = 'https://aistudio.google.com/apikey';
const COMMAND = 'GEMINI_API_KEY=… java -jar target/quarkus-app/quarkus-run.jar';

/** The first screen: what this is, and questions to try with one click. @param {Host} host */
export function introView(host) {
  const { words, conversation, configuration, access } = host;
  const { phase } = conversation.state;
  const first = phase === 'idle' && conversation.transcript.items.length === 0 && !access.loginUrl;
  if (!first) return nothing;
  const kind = isSimulated(conversation.state, configuration) ? 'simulator' : 'model';
  return html`<div class="intro">
    <h2>${words.text(`intro.${kind}.title`)}</h2>
    <p class="small">${words.text(`intro.${kind}.text`)}</p>
    ${kind === 'simulator' ? simulatorHelp(host) : nothing}
    <ul class="suggestions" aria-label=${words.text('intro.suggestions')}>
      ${SUGGESTIONS.map(
        (id) => html`<li>
          <button type="button" class="button suggestion" @click=${() => host.send(words.text(id))}>${words.text(id)}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}

/** How to have Gemini answer instead. @param {Host} host */
function simulatorHelp(host) {
  const { words } = host;
  return html`<details>
    <summary>${words.text('intro.useGemini')}</summary>
    <p>${words.text('intro.useGeminiHow')}</p>
    <p class="command">
      <code dir="ltr">${COMMAND}</code>
      <button type="button" class="button quiet" @click=${() => host.copy(COMMAND, 'command')}>
        ${words.text(host.copied === 'command' ? 'action.copied' : 'action.copy')}
      </button>
    </p>
    <p><a href=${KEY_PAGE} target="_blank" rel="noopener noreferrer">${words.text('intro.getKey')}</a></p>
  </details>`;
}
