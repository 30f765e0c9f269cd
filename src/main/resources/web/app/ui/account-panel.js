import { html, nothing } from 'lit';

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../net/access.js').UsageLine} UsageLine */

/** The kind of the caller, its usage and limits, and the logout. @param {Host} host */
export function accountView(host) {
  const { words, access } = host;
  const kind = `account.kind.${access.session?.kind ?? ''}`;
  return html`
    <p class="hint">${words.text(words.has(kind) ? kind : 'account.kind.other')}</p>
    ${access.usage.length === 0 ? html`<p class="hint">${words.text('account.unlimited')}</p>` : usageView(host)}
    ${
      access.session?.logoutUrl
        ? html`<div class="row"><a class="button" href=${access.session.logoutUrl}>${words.text('action.logOut')}</a></div>`
        : nothing
    }
  `;
}

/** @param {Host} host */
function usageView({ words, access }) {
  const name = (/** @type {UsageLine} */ { scope, kind }) => {
    const [whose, what] = [`account.scope.${scope}`, `account.limit.${kind}`];
    return [words.has(what) ? words.text(what) : kind, words.has(whose) ? words.text(whose) : scope].join(' ');
  };
  return html`<table class="measures">
    <thead>
      <tr>
        <th scope="col">${words.text('account.counted')}</th>
        <th scope="col">${words.text('account.used')}</th>
        <th scope="col">${words.text('account.left')}</th>
      </tr>
    </thead>
    <tbody>
      ${access.usage.map(
        (line) => html`<tr>
          <th scope="row">${name(line)}</th>
          <td>${words.number(line.used)}</td>
          <td>
            ${line.limit === null ? words.text('account.noLimit') : words.number(Math.max(0, line.limit - line.used))}
          </td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
