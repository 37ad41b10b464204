import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { createLog } from '#src/adapters/pino-log.ts';
import { SmtpMailer } from '#src/adapters/smtp.ts';
import { readConfig } from '#src/config/load-config.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { useApp } from './support/app.ts';
import { makeCertificates } from './support/certificates.ts';
import { gatehouse } from './support/command.ts';
import { Person } from './support/flow.ts';

const certificates = makeCertificates();
afterAll(() => certificates.remove());

/** A mail server that knows one user, and remembers every password that it was sent. */
async function startServer(options: SMTPServerOptions = {}, port = 0, host = '127.0.0.1') {
  const passwords: unknown[] = [];
  const mails: string[] = [];
  const { cert, key } = certificates.ip;
  const server = new SMTPServer({
    ...{ cert, key, authOptional: true, allowInsecureAuth: true, closeTimeout: 100, logger: false },
    onAuth({ password }, _session, done) {
      passwords.push(password);
      if (password === 'right') done(null, { user: 'ada' });
      else done(new Error('no'));
    },
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(port, host);
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  const address = `${host}:${(server.server.address() as AddressInfo).port}`;
  return { address, passwords, mails };
}

async function send(url: string, from = { name: '', address: 'gate@example.com' }) {
  const log = createLog('silent', 'mail');
  const mailer = new SmtpMailer(url, { from, log, ca: certificates.ca.cert });
  onTestFinished(() => mailer.close());
  const mail = {
    messageId: '<1@example.com>',
    to: { name: '', address: 'ada@example.com' },
    subject: 'Test',
    text: 'Test',
    html: '<p>Test</p>',
  };
  try {
    await mailer.send(mail, AbortSignal.timeout(8000));
    return 'sent';
  } catch (error) {
    return diagnosisOf(error)?.line ?? String(error);
  }
}

describe('with credentials in SMTP_URL', () => {
  it('sends no password in clear where STARTTLS is not offered', async () => {
    const { address, passwords } = await startServer({ disabledCommands: ['STARTTLS'] });
    expect(await send(`smtp://ada:right@${address}`)).toMatch(/the server does not offer TLS here/);
    expect(passwords).toEqual([]);
  });

  it('signs in over STARTTLS', async () => {
    const { address, passwords } = await startServer({ allowInsecureAuth: false });
    expect(await send(`smtp://ada:right@${address}`)).toBe('sent');
    expect(passwords).toEqual(['right']);
  });

  it('sends the password in clear with tls=off only', async () => {
    const { address, passwords } = await startServer({ disabledCommands: ['STARTTLS'] });
    expect(await send(`smtp://ada:right@${address}?tls=off`)).toBe('sent');
    expect(passwords).toEqual(['right']);
  });

  it('names the user that is rejected', async () => {
    const { address } = await startServer();
    expect(await send(`smtp://ada:wrong@${address}`)).toBe(
      `SMTP_URL: cannot use ${address} (wrong user or password). Correct the user "ada" or its password; some providers require a token.`,
    );
  });
});

it('rejects a mail server without STARTTLS with tls=required, also without credentials', async () => {
  const { address } = await startServer({ disabledCommands: ['STARTTLS'] });
  expect(await send(`smtp://${address}?tls=required`)).toMatch(/does not offer TLS here/);
  expect(await send(`smtp://${address}`)).toBe('sent');
});

it.skipIf(process.getuid?.() !== 0)('speaks TLS from the first byte on port 465', async () => {
  const { address } = await startServer({ secure: true }, 465, '127.0.0.46');
  // The certificate is for 127.0.0.1: a handshake has taken place.
  expect(await send(`smtp://${address}`)).toMatch(/the certificate is for another host/);
});

it('marks its mails as automatic, and quotes the sender name correctly', async () => {
  const { address, mails } = await startServer();
  const { mailFrom } = readConfig({ MAIL_FROM: '"Acme, Inc." <gate@example.com>' }, 'production', [
    'mailFrom',
  ]);
  expect(await send(`smtp://${address}`, mailFrom)).toBe('sent');
  expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(mails[0]).toMatch(/^From: "Acme, Inc\." <gate@example\.com>\r$/m);
});

describe('gatehouse mail test', () => {
  const test = (url: string) => {
    const mail = { MAIL_FROM: 'gate@example.com', SMTP_CA: certificates.ca.certFile };
    return gatehouse(['mail', 'test', 'ada@example.com'], {
      variables: { ...mail, SMTP_URL: url },
    });
  };

  it('sends a mail and shows each step', async () => {
    const { address, mails } = await startServer();
    const { code, output } = await test(`smtp://ada:right@${address}`);
    expect([code, output.match(/^ok /gm)?.length, mails.length]).toEqual([0, 3, 1]);
  });

  it.each([
    [
      'an unknown host',
      'smtp://nowhere.invalid',
      /^failed {2}connect to .+\nSMTP_URL: .+host name not found\)/m,
    ],
    [
      'a closed port',
      'smtp://127.0.0.1:1',
      /^failed {2}connect to .+\nSMTP_URL: .+\(connection refused\)/m,
    ],
    [
      'a wrong password',
      'smtp://ada:guessed@',
      /^failed {2}negotiate .+\nSMTP_URL: .+wrong user or password\)/m,
    ],
  ])('names the step and the cure with %s', async (_what, url, says) => {
    const { address } = await startServer();
    const { code, output } = await test(url.endsWith('@') ? url + address : url);
    expect([code, output]).toEqual([1, expect.stringMatching(says)]);
    expect(output).not.toMatch(/guessed|right| {4}at /);
  });

  it.each([
    ['sender', { onMailFrom: (_a, _s, done) => done(new Error('no')) }],
    ['recipient', { onRcptTo: (_a, _s, done) => done(new Error('no')) }],
  ] as [string, SMTPServerOptions][])('names a rejected %s', async (what, options) => {
    const { address } = await startServer(options);
    const { code, output } = await test(`smtp://${address}`);
    const says = new RegExp(
      `^failed  send .+\\nSMTP_URL: .+\\(the server rejected the ${what} address\\)`,
      'm',
    );
    expect([code, output]).toEqual([1, expect.stringMatching(says)]);
  });
});

describe('with the mail server unavailable from the start', async () => {
  const port = await freePort();
  const app = useApp({ SMTP_URL: `smtp://ada:right@127.0.0.1:${port}?tls=off` });
  const readiness = async () => {
    const { status, text } = await app.fetch('/readyz');
    return { status, ...JSON.parse(text) };
  };

  it('warns once, stays ready, and shows the mail server as unavailable', async () => {
    const { parts, ...rest } = await app.eventually(async () => {
      const found = await readiness();
      return found.parts.mail.status === 'unavailable' && found;
    });
    expect(rest).toEqual({ status: 'ok' });
    expect(parts.mail).toEqual({
      status: 'unavailable',
      since: expect.any(String),
      reason: 'connection refused',
    });
    const said = app.logLines.filter((line) => line.includes('SMTP_URL: cannot connect'));
    expect(said).toEqual([expect.stringContaining(`127.0.0.1:${port} (connection refused)`)]);
    expect(app.logLines.join('')).not.toContain('right@');
  });

  it('shows the mail server as working again after the first mail', async () => {
    await startServer({}, port);
    await new Person(app).requestOtp();
    const mail = async () => (await readiness()).parts.mail;
    await expect.poll(mail, { timeout: 5000 }).toEqual({ status: 'ok' });
  });
});
