/** The custom element `gemini-live`. Importing the module defines it. docs/web-client.md describes attributes, parts and properties. */
export declare class GeminiLive extends HTMLElement {
  /** Address of the service. */
  gateway: string;
  /** Address of the socket, relative to the service. */
  endpoint: string;
  ticketUrl: string;
  model: string;
  agent: string;
  voice: string;
  lang: string;
  instruction: string;
  /** Of the speech, such as `de-DE`. */
  language: string;
  search: boolean;
  /** Push to talk. */
  ptt: boolean;
  theme: string;
  /** `bubble` for a round button that opens the element. */
  variant: string;
  /** Whether the bubble is open. */
  open: boolean;
  compact: boolean;
  noSettings: boolean;
  camera: boolean;
  screen: boolean;
  /** Gemini's declarations of the functions that the page answers: `gl-tool`. */
  tools: readonly unknown[];

  /** Begins a spoken conversation; call it inside a click. */
  start(): Promise<void>;
  /** Resumes the conversation that this tab had before a reload; call it inside a click. */
  resume(): Promise<void>;
  /** Ends the conversation and releases every device. */
  stop(): void;
  mute(on: boolean): void;
  /** Silences the model at once. */
  interrupt(): void;
  /** A typed turn; begins a conversation without microphone when none runs. */
  send(text: string): void;
  exportTranscript(format: 'markdown' | 'json' | 'vtt'): Promise<string>;
}

export interface FunctionResponse {
  id?: string;
  name: string;
  response: Record<string, unknown>;
}

declare global {
  interface HTMLElementTagNameMap {
    'gemini-live': GeminiLive;
  }
  interface HTMLElementEventMap {
    'gl-state': CustomEvent<{ state: string; previous: string }>;
    'gl-transcript': CustomEvent<{ items: readonly unknown[] }>;
    /** Call `preventDefault()` to answer; otherwise the element answers that no handler exists. */
    'gl-tool': CustomEvent<{
      calls: { id?: string; name: string; args?: unknown }[];
      respond(responses: FunctionResponse[]): void;
    }>;
    'gl-latency': CustomEvent<{ turn: number; totalMs: number }>;
    'gl-error': CustomEvent<{ problem: { id: string; detail: string } }>;
  }
}
