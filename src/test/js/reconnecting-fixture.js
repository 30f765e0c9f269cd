import { ServiceClock } from '../../main/resources/web/app/metrics/clock.js';
import { Latency } from '../../main/resources/web/app/metrics/latency.js';
import { ReconnectingConnection } from '../../main/resources/web/app/net/reconnecting-connection.js';
import { ResumeToken } from '../../main/resources/web/app/platform/resume-token.js';
import { EventLog } from '../../main/resources/web/app/state/event-log.js';
import { FakeClock, FakeSocket, READY } from './support.js';

/**
 * A connection of the page to a service that the test plays.
 *
 * @param {(begins: boolean) => Promise<import('../../main/resources/web/app/net/connection.js').Target>} [target]
 * @param {() => void} [opening] what happens when a socket is opened
 * @param {(url: string, begins: boolean) => Promise<import('../../main/resources/web/app/net/errors.js').Problem | null>}
 *   [whyRefused]
 */
export function fixture(
  target = async () => ({ url: 'ws://x/live', protocols: [] }),
  opening = () => undefined,
  whyRefused = async () => null,
) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {string[]} */
  const addresses = [];
  /** @type {string[]} */
  const events = [];
  const environment = /** @type {import('../../main/resources/web/app/platform/environment.js').PageEnvironment} */ (
    /** @type {unknown} */ ({
      clock,
      random: () => 1,
      /** @param {string} url */
      openSocket(url) {
        opening();
        addresses.push(url);
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket.asSocket();
      },
    })
  );
  const serviceClock = new ServiceClock();
  const latency = new Latency();
  const token = new ResumeToken(clock.wall, null);
  const subject = new ReconnectingConnection(
    { environment, target, whyRefused, events: new EventLog(), setup: () => ({}), token, latency, serviceClock },
    {
      onReady: ({ session }) => events.push(`ready ${session}`),
      onMessage: ({ type }) => events.push(type),
      onAudio: () => events.push('audio'),
      onMigrating: () => events.push('moving'),
      onResumeRefused: () => events.push('forgotten'),
      onClosed: () => events.push('gone'),
      onLost: ({ attempt, retryAt, renewing }) =>
        events.push(`lost ${attempt} ${retryAt - clock.now()}${renewing ? ' renewing' : ''}`),
      onRetrying: () => events.push('retrying'),
      onRefused: ({ id }) => events.push(`refused ${id}`),
      onTrouble: ({ id }) => events.push(`trouble ${id}`),
      onSlow: () => events.push('slow'),
    },
  );
  /** Lets promises that are settled run on. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** The time goes on, and the attempt that is due is made. */
  const pass = async (/** @type {number} */ ms) => {
    clock.advance(ms);
    await settle();
  };
  /** The first connection is ready. */
  const live = async () => {
    await subject.connect();
    sockets[0].open();
    sockets[0].receive({ ...READY });
  };
  /** The newest socket gives the page a resume token. */
  const offer = (/** @type {string} */ value, expiresInMs = 60_000) =>
    sockets.at(-1)?.receive({ type: 'resumeToken', token: value, expiresInMs });
  /** The newest socket is lost, and the next one opens after the wait. */
  const reconnect = async (wait = 500) => {
    sockets.at(-1)?.lose(1006);
    await settle();
    await pass(wait);
    sockets.at(-1)?.open();
  };
  return {
    clock,
    sockets,
    addresses,
    events,
    token,
    connection: subject,
    serviceClock,
    latency,
    settle,
    pass,
    live,
    offer,
    reconnect,
  };
}
