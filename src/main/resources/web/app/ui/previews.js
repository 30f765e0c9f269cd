import { css, html, nothing, svg } from 'lit';
import { ref } from 'lit/directives/ref.js';
import texts from '../i18n/en-panels.js';
import { addEnglish } from '../i18n/index.js';

/** What the camera and the screen show. Fetched when the first of them is switched on. */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {import('../media/pictures.js').Source} Source */

addEnglish(texts);

/** @param {ReturnType<typeof svg>} shape */
const icon = (
  shape,
) => svg`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
  stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shape}</svg>`;
const FLIP = icon(
  svg`<path d="M4.500 9.500a8 8 0 0 1 14-2M19.500 14.500a8 8 0 0 1-14 2M18.500 3.500v4h-4M5.500 20.500v-4h4"/>`,
);
const STILL = icon(
  svg`<circle cx="12" cy="12" r="8.500"/><circle cx="12" cy="12" r="5" fill="currentColor" stroke="none"/>`,
);

/** @param {Host} host */
export function previewsView(host) {
  return html`<div class="previews">${previewView(host, 'screen')} ${previewView(host, 'camera')}</div>`;
}

/**
 * @param {Host} host
 * @param {Source} source
 */
function previewView(host, source) {
  const { words, conversation } = host;
  const { pictures } = conversation;
  const stream = pictures.stream(source);
  if (!stream) return nothing;
  const sent = pictures.sent(source);
  const camera = source === 'camera';
  // A person looks at a camera of this side as into a mirror; the model sees it unmirrored.
  const mirrored = camera && !pictures.facesAway;
  const button = (/** @type {string} */ id, /** @type {unknown} */ shape, /** @type {() => void} */ run) => html`<button
    type="button"
    class="button round over"
    aria-label=${words.text(id)}
    title=${words.text(id)}
    @click=${run}
  >
    ${shape}
  </button>`;
  return html`<figure class="preview" data-kind=${source}>
    <span class="frame" data-source=${source}>
      <video
        autoplay
        playsinline
        class=${mirrored ? 'mirrored' : ''}
        .muted=${true}
        ${ref((video) => show(video, stream))}
        aria-label=${words.text(`preview.${source}`)}
      ></video>
      <span class="tools-over">
        ${camera && pictures.cameras > 1 ? button('action.flip', FLIP, () => void pictures.flip()) : nothing}
        ${button('action.still', STILL, () => pictures.still(source))}
      </span>
    </span>
    <figcaption>
      ${words.text(`preview.${source}`)}<span class="more">
        · ${words.text('preview.rate', { rate: words.number(pictures.rate) })}
        ${sent ? html`· ${words.text('preview.size', { size: `${sent.width} × ${sent.height}` })}` : nothing}</span
      >
    </figcaption>
  </figure>`;
}

/**
 * Not as a property: each rendering would set it, and a video restarts when it is set.
 * @param {Element | undefined} video
 * @param {MediaStream} stream
 */
function show(video, stream) {
  if (video instanceof HTMLVideoElement && video.srcObject !== stream) video.srcObject = stream;
}

export const styles = css`
  /* The picture is the stage; the orb and its caption are a line below it. */
  .stage:has(.preview) {
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: minmax(0, auto) auto;
    align-content: center;
    gap: 0.75rem;
  }

  .stage:has(.preview) .presence {
    display: flex;
    align-items: center;
    gap: 1rem;
    justify-self: center;
  }

  .stage:has(.preview) .orb {
    inline-size: 4rem;
  }

  .stage:has(.preview) .caption {
    justify-items: start;
    gap: 0.375rem;
    text-align: start;
  }

  .stage:has(.preview) .caption .live {
    justify-content: start;
  }

  .previews {
    position: relative;
    display: grid;
    justify-items: center;
    inline-size: 100%;
  }

  .preview {
    margin: 0;
    inline-size: min(100%, 60dvh * 16 / 9);
  }

  .preview .frame {
    display: block;
    position: relative;
    border-radius: 0.875rem;
    overflow: hidden;
    background: #14161c;
    aspect-ratio: 16 / 9;
    box-shadow: var(--shadow);
  }

  .preview video {
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
    display: block;
  }

  .preview video.mirrored {
    scale: -1 1;
  }

  .preview .frame::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: inherit;
    box-shadow: inset 0 0 0 3px var(--accent);
    opacity: 0;
    pointer-events: none;
  }

  .preview .frame.blink::after {
    animation: blink 500ms ease-out;
  }

  @keyframes blink {
    from {
      opacity: 1;
    }
  }

  .tools-over {
    position: absolute;
    inset-block-end: 0.5rem;
    inset-inline-end: 0.5rem;
    display: flex;
    gap: 0.5rem;
  }

  .button.over {
    background: rgb(13 15 20 / 70%);
    color: #fff;
  }

  .button.over:hover {
    background: rgb(13 15 20 / 90%);
  }

  .preview figcaption {
    margin-block-start: 0.375rem;
    font-size: 0.75rem;
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }

  /* Beside the screen the camera is a picture in the picture. */
  .preview[data-kind='camera']:not(:only-child) {
    position: absolute;
    inset-block-start: 0.5rem;
    inset-inline-end: 0.5rem;
    inline-size: 28%;
  }

  .preview[data-kind='camera']:not(:only-child) :is(figcaption, .tools-over) {
    display: none;
  }

  .still {
    display: block;
    justify-self: end;
    max-inline-size: min(14rem, 100%);
    max-block-size: 14rem;
    border-radius: 0.875rem;
  }

  @container live (max-width: 52rem) {
    .stage:has(.preview) {
      padding-inline: 0;
      padding-block-start: 0;
    }

    .stage:has(.preview) .presence {
      padding-inline: 1rem;
      justify-self: start;
    }

    .stage:has(.preview) .orb {
      inline-size: 2.5rem;
    }

    .preview {
      inline-size: min(100%, 34dvh * 16 / 9);
    }

    .preview .frame {
      border-radius: 0;
    }

    .preview figcaption {
      display: none;
    }
  }

  /* Little height: the text keeps the room. */
  @media (max-height: 32rem) {
    .stage:has(.preview) {
      grid-template-columns: minmax(0, 1fr) auto;
      grid-template-rows: auto;
      padding-inline: 1rem;
    }

    .stage:has(.preview) .presence {
      justify-self: start;
      padding: 0;
    }

    .stage:has(.preview) .orb {
      inline-size: 2rem;
    }

    .previews {
      order: 1;
      display: flex;
      inline-size: auto;
    }

    .preview,
    .preview[data-kind='camera']:not(:only-child) {
      position: static;
      inline-size: 4.5rem;
    }

    .preview :is(figcaption, .tools-over) {
      display: none;
    }
  }
`;
