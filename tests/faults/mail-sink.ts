import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { addressesIn, undoSecretIn } from '#tests/support/code-in-mail.ts';
import { formerSubjects } from './actions.ts';

/** State of a mail server. */
export type MailServerMode =
  | 'healthy'
  | 'down'
  | 'silent'
  | 'slow'
  | 'refuses all'
  | 'refuses some'
  | 'cuts';

/** One mail that came to the end of DATA. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly code: string | undefined;
  readonly undoSecret: string | undefined;
  /** Addresses in headers and text. */
  readonly addresses: readonly string[];
  /** Digest of the visible text. `Date` and the boundary may differ. */
  readonly digest: string;
  /** Which worker brought it, counted from 0. */
  readonly worker: number;
  /** When the worker began with it (MAIL FROM), and when it had arrived; epoch in ms. */
  readonly began: number;
  readonly at: number;
  /** Whether the worker was told that it is taken. */
  answered: boolean;
}

/** Milliseconds before each reply of a slow mail server. */
const SLOW = 1500;

/** A mail server that can fail, and keeps all mails. Each worker uses its own port. */
export class MailSink {
  mode: MailServerMode = 'healthy';
  readonly received: ReceivedMail[] = [];
  /** Whom it has refused for good, and when. */
  readonly refused: { readonly to: string; readonly at: number }[] = [];
  readonly #newest = new Map<string, ReceivedMail[]>();
  readonly #listeners: Listener[] = [];

  async open(workers: number): Promise<void> {
    for (let worker = 0; worker < workers; worker += 1) {
      this.#listeners.push(await openListener(this, worker));
    }
  }

  urlFor(worker: number): string {
    return `smtp://127.0.0.1:${this.#listeners[worker]?.port}`;
  }

  async setMode(mode: MailServerMode): Promise<void> {
    const was = this.mode;
    this.mode = mode;
    if (mode === 'down') for (const listener of this.#listeners) listener.shut();
    else if (was === 'down') await Promise.all(this.#listeners.map((listener) => listener.open()));
    // Ends connections that the former mode keeps waiting.
    if (was !== 'healthy') for (const listener of this.#listeners) listener.cut();
  }

  /** Returns the mails to an address, oldest first. */
  mailsTo(address: string): readonly ReceivedMail[] {
    return this.#newest.get(address) ?? [];
  }

  keep(mail: ReceivedMail): void {
    this.received.push(mail);
    const { to } = mail;
    this.#newest.set(to, [...this.mailsTo(to), mail]);
  }

  /** Drops the mails that it keeps. */
  forget(): void {
    this.received.length = 0;
    this.refused.length = 0;
    this.#newest.clear();
  }

  close(): void {
    for (const listener of this.#listeners) listener.shut();
  }
}

interface Listener {
  readonly port: number;
  open(): Promise<void>;
  shut(): void;
  cut(): void;
}

async function openListener(mailSink: MailSink, worker: number): Promise<Listener> {
  const sockets = new Map<number, Socket>();
  const began = new Map<string, number>();
  /** Waits as the mode demands; false where there is to be no reply at all. */
  const replies = async () => {
    if (mailSink.mode === 'slow') await pause(SLOW);
    return mailSink.mode !== 'silent';
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect: (_session, done) => void replies().then((yes) => yes && done()),
    onMailFrom(_from, session, done) {
      began.set(session.id, Date.now());
      void replies().then((yes) => yes && done());
    },
    onRcptTo({ address }, _session, done) {
      void replies().then((yes) => yes && done(refusal(mailSink, address)));
    },
    onData(stream, session, done) {
      const take = async () => {
        const raw = await text(stream);
        const mail = read(raw, session, worker, began.get(session.id) ?? Date.now());
        mailSink.keep(mail);
        const socket = sockets.get(session.remotePort);
        if (mailSink.mode === 'cuts') socket?.destroy();
        else if (await replies()) {
          mail.answered = socket?.writable ?? false;
          done();
        }
      };
      // A client that disconnects in the middle of DATA has sent nothing.
      take().catch(() => undefined);
    },
  });
  server.on('error', () => undefined);
  const listener = server.server as unknown as Server;
  listener.on('connection', (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets.values()) socket.destroy();
  };
  return {
    port,
    cut,
    shut() {
      listener.close();
      cut();
    },
    async open() {
      if (listener.listening) return;
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    },
  };
}

function refusal(mailSink: MailSink, address: string): Error | undefined {
  if (mailSink.mode === 'refuses all') return reply(451, 'later');
  if (mailSink.mode !== 'refuses some' || !isUnlucky(address)) return undefined;
  mailSink.refused.push({ to: address, at: Date.now() });
  return reply(550, 'no such mailbox');
}

const reply = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** One address in four. */
const isUnlucky = (address: string) => digestOf(address).charCodeAt(0) % 4 === 0;

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

function read(
  raw: string,
  session: SMTPServerSession,
  worker: number,
  began: number,
): ReceivedMail {
  const header = (name: string) => new RegExp(`^${name}: (.+)\r?$`, 'im').exec(raw)?.[1] ?? '';
  const subject = header('Subject').replace(/: \d{6}$/, '');
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '\0';
  const seen = raw.replaceAll(boundary, '').replace(/^Date: .*$/im, '');
  return {
    messageId: header('Message-ID'),
    to: session.envelope.rcptTo[0]?.address ?? '',
    subject: formerSubjects[subject] ?? subject,
    // The code stands alone on its line.
    code: /^ {4}(\d{6})\r?$/m.exec(raw)?.[1],
    undoSecret: undoSecretIn(raw),
    addresses: addressesIn(raw),
    digest: digestOf(seen),
    worker,
    began,
    at: Date.now(),
    answered: false,
  };
}
