import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly raw: string;
}

type Reply = { code: number; text: string } | undefined;

/** A real SMTP server that keeps what it gets, and can be told to misbehave. */
export interface MailServer {
  readonly url: string;
  readonly received: ReceivedMail[];
  /** The most mails that were under way at once. */
  mostAtOnce: number;
  /** Decides over each recipient; undefined takes the mail. */
  refuse: (address: string) => Reply;
  /** Decides over each sender; undefined takes the mail. */
  refuseSender: () => Reply;
  /** Returns the promise that the answer about a recipient waits for. */
  delay: (address: string) => Promise<unknown> | undefined;
  /** Whether it keeps the mail, but hangs up before it says so. */
  cut: (address: string) => boolean;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let underWay = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // A test writes the status code of RFC 3463 itself.
    hideENHANCEDSTATUSCODES: true,
    logger: false,
    onMailFrom(_address, _session, done) {
      done(errorOf(mailServer.refuseSender()));
    },
    onRcptTo({ address }, _session, done) {
      underWay += 1;
      mailServer.mostAtOnce = Math.max(mailServer.mostAtOnce, underWay);
      const answer = () => {
        underWay -= 1;
        done(errorOf(mailServer.refuse(address)));
      };
      const delay = mailServer.delay(address);
      if (delay) void delay.then(answer);
      else answer();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const addresses = session.envelope.rcptTo.map(({ address }) => address);
        received.push(...addresses.map((to) => ({ to, raw })));
        if (addresses.some((address) => mailServer.cut(address))) hangUp(server, session);
        else done();
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    mostAtOnce: 0,
    refuse: () => undefined,
    refuseSender: () => undefined,
    delay: () => undefined,
    cut: () => false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return mailServer;
}

const errorOf = (reply: Reply) =>
  reply && Object.assign(new Error(reply.text), { responseCode: reply.code });

interface Connection {
  readonly id: string;
  readonly _socket: { destroy(): void };
}

/** The types of the package do not say that a server knows its connections. */
function hangUp(server: SMTPServer, { id }: SMTPServerSession): void {
  const { connections } = server as unknown as { readonly connections: Set<Connection> };
  for (const connection of connections) if (connection.id === id) connection._socket.destroy();
}
