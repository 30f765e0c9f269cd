import { css } from 'lit';

/** Little height: phone in landscape, large zoom. The text keeps the room; everything else is one slim line. */
export const low = css`
  @media (max-height: 32rem) {
    :host {
      min-block-size: 0;
    }

    header {
      padding-block: 0;
      gap: 0.625rem;
    }

    .notices {
      max-block-size: 30dvh;
      overflow-y: auto;
    }

    .notice,
    .alert {
      padding-block: 0.25rem;
    }

    main {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }

    .stage {
      grid-template-columns: minmax(0, 1fr) auto;
      justify-items: start;
      gap: 0.5rem;
      padding: 0 1rem 0.25rem;
    }

    .presence {
      display: flex;
      align-items: center;
      gap: 0.75rem;
      min-inline-size: 0;
    }

    .orb,
    [data-empty] .orb,
    .stage:has(.intro) .orb {
      inline-size: 2rem;
    }

    .caption .live {
      display: none;
    }

    .halo {
      inset: -15%;
    }

    .stage:has(.intro) {
      overflow-y: auto;
    }

    .intro {
      justify-items: start;
      gap: 0.25rem;
      max-inline-size: none;
    }

    .intro h2 {
      font-size: 1.125rem;
    }

    .intro :is(.suggestions, .command) {
      justify-content: start;
      padding: 0;
    }

    [data-empty] main {
      grid-template-rows: minmax(0, 1fr);
    }

    [data-empty] .conversation {
      display: none;
    }

    [data-empty] .stage {
      grid-template-columns: minmax(0, 1fr);
      align-items: start;
    }

    [data-empty] .presence {
      display: flex;
      align-items: flex-start;
      justify-self: start;
      gap: 0.75rem;
    }

    [data-empty] .caption {
      justify-items: start;
      text-align: start;
    }

    .caption {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-items: start;
      gap: 0 0.75rem;
      max-inline-size: none;
      text-align: start;
    }

    .caption p {
      font-size: 0.9375rem;
      min-block-size: 0;
    }




    .conversation {
      border: 0;
      grid-template-rows: minmax(0, 1fr);
    }

    .conversation > .head {
      position: absolute;
      z-index: 2;
      inset-block-start: 0;
      inset-inline-end: 0.5rem;
      min-block-size: 0;
      padding: 0;
    }

    .conversation > .head h2 {
      position: absolute;
      inset-inline-end: 0;
      clip-path: inset(50%);
    }

    .head-tools {
      border-end-start-radius: 0.75rem;
      border-end-end-radius: 0.75rem;
      background: var(--surface);
      box-shadow: var(--shadow);
    }

    .head-tools > .all,
    .export summary span {
      display: none;
    }

    .items {
      gap: 0.75rem;
    }

    footer {
      grid-template-columns: auto minmax(0, 1fr);
      padding-block-end: max(0.125rem, env(safe-area-inset-bottom));
    }

    .composer {
      order: 0;
      padding-block: 0.125rem;
    }

    .composer form {
      padding: 0.125rem;
    }

    .composer textarea {
      padding-block: 0.5rem;
      max-block-size: 4rem;
    }

    .controls {
      justify-content: start;
      gap: 0;
      padding-block: 0.125rem;
    }

    .control {
      flex: none;
      min-inline-size: 2.75rem;
      padding: 0.25rem;
    }

    .control span {
      display: none;
    }

    .control.start {
      flex: none;
      min-block-size: 2.75rem;
      margin-block: 0;
      padding-inline: 1rem;
      font-size: 1rem;
    }

    .control:is(.start, .cancel, .talk) span {
      display: inline;
    }
  }

  /* Only the words and the controls. */
  @media (max-height: 20rem) {
    .orb,
    .tools .help {
      display: none;
    }
  }

  /* Narrow as well: the controls and the field are two lines. */
  @media (max-height: 32rem) {
    @container live (max-width: 36rem) {
      footer {
        grid-template-columns: minmax(0, 1fr);
      }

      .controls {
        justify-content: space-around;
      }
    }
  }
`;
