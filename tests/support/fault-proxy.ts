import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { request } from './request.ts';

/** Replaces the response to a request. */
type Fault =
  /** The service handles it. The connection breaks before the response. */
  | 'lose-response'
  /** The connection breaks before the service has it. */
  | 'refuse'
  /** A gateway answers with a page. */
  | 'bad-gateway';

/** Headers of a request that reach the service. */
const forwarded = [
  ...['authorization', 'content-type', 'cookie', 'gatehouse-session', 'host', 'origin'],
  'sec-fetch-site',
];

/** A gateway in front of a service that counts the operations and injects faults. */
export class FaultProxy {
  url = '';
  /** Names of the GraphQL operations that were sent, in order. */
  readonly operations: string[] = [];
  readonly #target: () => string;
  readonly #faults: { operation: string; fault: Fault }[] = [];
  readonly #pages: Record<string, string>;
  readonly #server: Server;

  /** @param pages texts of HTML pages and scripts, by their path */
  constructor(target: () => string, pages: Record<string, string> = {}) {
    this.#target = target;
    this.#pages = pages;
    this.#server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
  }

  async start(): Promise<void> {
    this.#server.listen(Number(new URL(this.url || 'http://_:0').port), '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Injects a fault into the next requests with this operation, one for each. */
  inject(operation: string, ...faults: Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ operation, fault })));
  }

  /** Removes the faults that are left. */
  forgive(): void {
    this.#faults.length = 0;
  }

  count(operation: string): number {
    return this.operations.filter((name) => name === operation).length;
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '', method = 'GET', headers } = incoming;
    const body = await text(incoming);
    const page = this.#pages[path.replace(/\?.*/, '')];
    if (page !== undefined) {
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
      outgoing.writeHead(200, { 'content-type': `${type}; charset=UTF-8` }).end(page);
      return;
    }
    const fault = this.#faultOf(body);
    if (fault === 'refuse') return void outgoing.destroy();
    if (fault === 'bad-gateway') return void outgoing.writeHead(502).end('<h1>Bad gateway</h1>');
    const given = forwarded.map((name) => [name, headers[name]]);
    const sent = Object.fromEntries(given.filter(([, value]) => value !== undefined));
    const answer = await request(this.#target() + path, { method, headers: sent, body }).catch(
      () => undefined,
    );
    if (!answer || fault === 'lose-response') return void outgoing.destroy();
    const cookies = answer.headers['set-cookie'];
    const kept = { 'content-type': 'application/json', ...(cookies && { 'set-cookie': cookies }) };
    outgoing.writeHead(answer.status, kept).end(answer.text);
  }

  /** Notes the operation. Removes and returns its next fault. */
  #faultOf(body: string): Fault | undefined {
    const operation = /(?:query|mutation) (\w+)/.exec(body)?.[1];
    if (!operation) return undefined;
    this.operations.push(operation);
    const index = this.#faults.findIndex((each) => each.operation === operation);
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
  }
}
