import { css } from 'lit';

/** The words. */
export const conversation = css`
  .conversation {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
  }

  .conversation > .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 3rem;
    padding-block: 0;
    padding-inline: 1.5rem 0.75rem;
  }

  .conversation > .head h2 {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .head-tools {
    display: flex;
    flex: none;
    white-space: nowrap;
  }

  .conversation > .head .button {
    padding-inline: 0.75rem;
    font-size: 0.875rem;
  }

  h2 {
    font-size: 0.875rem;
    font-weight: 600;
    color: var(--muted);
  }

  .export {
    position: relative;
  }

  .export summary {
    list-style: none;
  }

  .export summary::-webkit-details-marker {
    display: none;
  }

  .export .menu {
    position: absolute;
    z-index: 5;
    inset-inline-end: 0;
    inset-block-start: 100%;
    display: grid;
    min-inline-size: 13rem;
    padding: 0.375rem;
    border: 1px solid var(--hairline);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .export .menu .button {
    justify-content: start;
    border-radius: 0.75rem;
  }

  .scroll {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0.25rem 1.5rem 1.5rem;
    scroll-padding-block-end: 1.5rem;
  }

  .scroll:focus-visible {
    outline-offset: -3px;
  }

  .empty {
    display: grid;
    place-content: center;
    block-size: 100%;
    text-align: center;
    color: var(--muted);
    text-wrap: balance;
    padding-inline: 1rem;
  }

  .items {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.25rem;
  }

  article {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
    min-inline-size: 0;
  }

  article h3 {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--muted);
  }

  /* One name for several messages in a row. */
  article.user + article.user h3 {
    position: absolute;
    clip-path: inset(50%);
  }

  article h3 time,
  article h3 .ms {
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  article h3 .ms {
    margin-inline-start: auto;
  }

  article .body {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  article.user {
    justify-items: end;
  }

  article.user .body {
    padding: 0.5rem 0.875rem;
    border-radius: 1.125rem;
    border-end-end-radius: 0.25rem;
    background: var(--raised);
    max-inline-size: 100%;
  }

  article .interim {
    color: var(--muted);
    font-style: italic;
  }

  article .unheard {
    color: var(--muted);
  }

  article .copy {
    align-self: center;
    min-block-size: 1.75rem;
    margin-block: -0.25rem;
    padding: 0 0.625rem;
    font-size: 0.8125rem;
    color: var(--muted);
  }

  @media (hover: hover) {
    article .copy {
      opacity: 0;
    }

    article:is(:hover, :focus-within) .copy {
      opacity: 1;
    }
  }

  .pending {
    display: flex;
    gap: 0.375rem;
    padding: 0.75rem 0;
  }

  .pending.user {
    justify-self: end;
    padding-inline: 0.875rem;
    border-radius: 1.125rem;
    border-end-end-radius: 0.25rem;
    background: var(--raised);
  }

  .pending i {
    inline-size: 0.4375rem;
    block-size: 0.4375rem;
    border-radius: 50%;
    background: var(--muted);
    animation: pulse 1.2s ease-in-out infinite;
  }

  .pending i:nth-child(2) {
    animation-delay: 150ms;
  }

  .pending i:nth-child(3) {
    animation-delay: 300ms;
  }

  @keyframes pulse {
    50% {
      opacity: 0.25;
    }
  }

  .code {
    overflow: hidden;
    border-radius: 0.75rem;
    background: var(--raised);
  }

  .code .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 0;
    padding-inline: 0.75rem 0.25rem;
    border-block-end: 1px solid var(--hairline);
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .code .bar .button {
    min-block-size: 2.25rem;
    padding-inline: 0.75rem;
  }

  .wide {
    overflow-x: auto;
  }

  .tag {
    display: inline-block;
    margin-inline-start: 0.375rem;
    padding: 0 0.5rem;
    border: 1px solid var(--border);
    border-radius: 999px;
    font-size: 0.75rem;
    line-height: 1.5;
    color: var(--muted);
    white-space: nowrap;
  }

  article.tool .body {
    font: 0.8125rem / 1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    color: var(--muted);
  }

  article.notice-item {
    font-size: 0.8125rem;
    color: var(--muted);
    text-align: center;
  }

  article details {
    font-size: 0.875rem;
    color: var(--muted);
  }

  article summary {
    cursor: pointer;
    padding-block: 0.25rem;
  }

  .sources {
    min-inline-size: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    padding-block-start: 0.25rem;
  }

  .suggestions {
    display: grid;
    gap: 0.25rem;
    padding-block-start: 0.25rem;
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .suggestions .sources {
    padding: 0;
  }

  .sources li {
    max-inline-size: 100%;
    min-inline-size: 0;
  }

  .source {
    display: inline-block;
    vertical-align: bottom;
    max-inline-size: 100%;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--hairline);
    border-radius: 999px;
    font-size: 0.8125rem;
    color: var(--text);
    text-decoration: none;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  a.source {
    color: var(--accent);
  }

  .source .kind {
    color: var(--muted);
  }

  @media (hover: hover) {
    a.source:hover {
      text-decoration: underline;
    }
  }

  .rich {
    white-space: normal !important;
  }

  .rich > * + * {
    margin-block-start: 0.625rem;
  }

  .rich ul,
  .rich ol {
    padding-inline-start: 1.25rem;
    list-style: revert;
    margin-block-end: 0;
  }

  .rich pre,
  .rich table {
    font-size: 0.875rem;
  }

  .rich pre {
    overflow-x: auto;
  }

  /* A table scrolls; its words stay whole. */
  .rich :is(th, td) {
    padding: 0.25rem 0.625rem;
    border-block-end: 1px solid var(--hairline);
    text-align: start;
    vertical-align: top;
    overflow-wrap: normal;
  }

  .rich table {
    border-collapse: collapse;
  }

  .rich th {
    font-weight: 600;
  }

  .rich pre {
    padding: 0.75rem;
    margin: 0;
  }

  .rich a {
    color: var(--accent);
  }

  .rich :is(h1, h2, h3, h4, h5, h6) {
    font-size: 1rem;
    font-weight: 650;
    color: var(--text);
  }

  .jump {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline: 0;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }

  .jump .button {
    pointer-events: auto;
    box-shadow: var(--shadow);
  }

  @container live (max-width: 52rem) {
    .conversation > .head {
      min-block-size: 2.75rem;
      padding-block: 0;
      padding-inline: 1rem 0.25rem;
    }

    .scroll {
      padding-inline: 1rem;
    }
  }
`;
