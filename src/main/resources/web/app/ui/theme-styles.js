import { css } from 'lit';

/** Colours, type and spacing. Everything a host page may change is a `--gl-*` property. */
export const theme = css`
  :host {
    --background: var(--gl-background, light-dark(#fbfbfd, #0d0f14));
    --surface: var(--gl-surface, light-dark(#ffffff, #161922));
    --raised: light-dark(#f1f3f8, #1e222d);
    --text: var(--gl-text, light-dark(#14161c, #f2f4f8));
    --muted: light-dark(#545b6b, #a3abbd);
    --border: light-dark(#8a91a0, #6b7385);
    --hairline: light-dark(#e2e5ec, #272c38);
    --accent: var(--gl-accent, light-dark(#1550c8, #9cc0ff));
    --on-accent: var(--gl-on-accent, light-dark(#ffffff, #08132b));
    --danger: light-dark(#b3261e, #ffb4ab);
    --on-danger: light-dark(#ffffff, #3a0906);
    --warning: light-dark(#7a4f00, #ffd18a);
    --good: light-dark(#0a7d4b, #6fdcaa);
    --radius: 1rem;
    --shadow: 0 1px 2px rgb(15 20 40 / 6%), 0 8px 24px rgb(15 20 40 / 7%);
    color-scheme: light dark;
    display: block;
    block-size: 100%;
    min-block-size: 22rem;
    background: var(--background);
    color: var(--text);
    font: 1rem / 1.5 var(--gl-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    font-optical-sizing: auto;
    text-rendering: optimizeLegibility;
    container: live / inline-size;
  }

  /* Always one column, at any width. */
  :host([compact]) {
    max-inline-size: 51.9rem;
    margin-inline: auto;
  }

  :host([hidden]) {
    display: none;
  }

  :host([theme='light']) {
    color-scheme: light;
  }

  :host([theme='dark']) {
    color-scheme: dark;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  figure,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }

  ul {
    list-style: none;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }

  /* iPhones enlarge the page around a smaller field when it gets the focus. */
  @media (any-pointer: coarse) {
    .app :is(input, select, textarea) {
      font-size: max(1rem, 16px);
    }
  }

  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    flex: none;
    inline-size: 1.375rem;
    block-size: 1.375rem;
  }

  .app[dir='rtl'] .mirrored {
    scale: -1 1;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    min-inline-size: 2.75rem;
    padding: 0.375rem 1rem;
    border: 1px solid var(--border);
    border-radius: 999px;
    background: var(--surface);
    color: var(--text);
    font-weight: 500;
    cursor: pointer;
    transition: background-color 120ms, border-color 120ms, transform 120ms;
  }

  @media (hover: hover) {
    .button:hover {
      background: var(--raised);
    }
  }

  .button:active {
    transform: scale(0.98);
  }

  .button:is([disabled], [aria-disabled='true']) {
    opacity: 0.5;
    cursor: default;
  }

  .button.quiet {
    border-color: transparent;
    background: transparent;
  }

  @media (hover: hover) {
    .button.quiet:hover {
      background: var(--raised);
    }
  }

  a.button {
    text-decoration: none;
  }

  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  @media (hover: hover) {
    .button.primary:hover {
      background: color-mix(in oklab, var(--accent) 88%, var(--text));
    }
  }

  .button.danger {
    border-color: transparent;
    background: var(--danger);
    color: var(--on-danger);
  }

  .button.round {
    padding: 0;
    inline-size: 2.75rem;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }

  @media (forced-colors: active) {
    .button {
      forced-color-adjust: none;
      background: ButtonFace;
      color: ButtonText;
      border-color: ButtonBorder;
    }

    .button.primary,
    .button.danger {
      background: ButtonFace;
      color: ButtonText;
      border-color: ButtonBorder;
    }

    .button[aria-pressed='true'] {
      background: Highlight;
      color: HighlightText;
    }
  }
`;
