import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail that the sink has accepted, at a time by `performance.now()`. */
export interface ReceivedMail {
  readonly to: string;
  readonly code: string | undefined;
  readonly at: number;
}

/** A mail server that accepts everything and keeps the newest code of each address. */
export class SmtpSink {
  readonly #newest = new Map<string, ReceivedMail>();
  readonly #waiting = new Map<string, PromiseWithResolvers<ReceivedMail>>();
  readonly #server: Server = createServer({ noDelay: true }, (socket) =>
    converse(socket, (mail) => this.#keep(mail)),
  );

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Returns the newest mail to an address, and waits if there is none. */
  mailTo(address: string): Promise<ReceivedMail> {
    const mail = this.#newest.get(address);
    if (mail) return Promise.resolve(mail);
    const waiting = this.#waiting.get(address) ?? Promise.withResolvers<ReceivedMail>();
    this.#waiting.set(address, waiting);
    return waiting.promise;
  }

  /** Like `mailTo`, and forgets the mail. */
  async takeMailTo(address: string): Promise<ReceivedMail> {
    const mail = await this.mailTo(address);
    this.#newest.delete(address);
    return mail;
  }

  #keep(mail: ReceivedMail): void {
    this.#newest.set(mail.to, mail);
    this.#waiting.get(mail.to)?.resolve(mail);
    this.#waiting.delete(mail.to);
  }
}

/** Replies of RFC 5321 by the verb of a command. All others are accepted. */
const replies: Readonly<Record<string, string>> = {
  EHLO: '250-bench\r\n250-PIPELINING\r\n250 8BITMIME',
  DATA: '354 send the mail',
  QUIT: '221 bye',
};

/** Speaks the part of SMTP that a client needs to hand over a mail. */
function converse(socket: Socket, keep: (mail: ReceivedMail) => void): void {
  let received = '';
  let to = '';
  let inData = false;
  const takeCommand = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') to = /<([^>]*)>/.exec(line)?.[1] ?? '';
    inData = verb === 'DATA';
    socket.write(`${replies[verb] ?? '250 ok'}\r\n`);
    if (verb === 'QUIT') socket.end();
  };
  const takeMail = (text: string) => {
    inData = false;
    // The code stands alone on its line.
    keep({ to, code: /^ {4}(\d{6})\r?$/m.exec(text)?.[1], at: performance.now() });
    socket.write('250 kept\r\n');
  };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (;;) {
      const mark = inData ? '\r\n.\r\n' : '\r\n';
      const end = received.indexOf(mark);
      if (end < 0) return;
      const text = received.slice(0, end);
      received = received.slice(end + mark.length);
      if (inData) takeMail(text);
      else takeCommand(text);
    }
  });
  socket.write('220 bench\r\n');
}
