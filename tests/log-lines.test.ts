import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp({ TRUST_PROXY: '10.0.0.1' });

/** A second line of a log, and what a terminal would obey. */
const FORGED = '\r\n{"level":30,"msg":"forged"}';
const CONTROLS = '\u001b[2J\u009b31m\u0085\u2028\u0007\u007f\u0000';

/** Sends bytes as they are: an HTTP client would refuse to. @returns the answer's first line */
function send(text: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', reject).on('close', () => resolve(heard.split('\r\n', 1)[0] ?? ''));
    socket.write(text);
  });
}

function requestOf(email: string, headers: Record<string, string>): string {
  const body = JSON.stringify({ email });
  const lines = Object.entries({
    Host: 'localhost',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return ['POST /api/v1/auth/otp/request HTTP/1.1', ...lines, '', body].join('\r\n');
}

it('writes one line of JSON for each event, whatever clients send', async () => {
  const ada = new Person(app);
  const agent = `evil\u009b31m\u0085 agent\u2028`;
  expect(await send(requestOf(ada.email, { 'User-Agent': agent }))).toContain(' 202 ');
  await ada.code();

  const hostile = FORGED + CONTROLS;
  const refused = [
    requestOf(ada.email + hostile, {}),
    requestOf(ada.email, { 'User-Agent': `evil${CONTROLS}` }),
    requestOf(ada.email, { 'User-Agent': `evil${FORGED}` }),
    requestOf(ada.email, { 'X-Forwarded-For': `1.2.3.4${CONTROLS}`, 'User-Agent': '\u001b[2J' }),
    `GET /${encodeURI(hostile)} HTTP/1.1\r\nConnection: close\r\nHost: ${CONTROLS}\r\n\r\n`,
  ];
  for (const text of refused) expect(await send(text)).toMatch(/ 40\d /);
  await ada.requestOtp();
  await app.eventually(async () => (await ada.events()).length === 2);

  const [{ user_agent } = { user_agent: '' }] = await ada.events();
  expect(user_agent).toMatch(/^evil.*31m.* agent/);
  expect(user_agent).not.toMatch(/\p{Cc}/u);
  expect(app.logLines.length).toBeGreaterThan(0);
  for (const line of app.logLines) {
    expect(line).toMatch(/^\{\P{Cc}+\}\n$/u);
    expect(line).not.toContain('forged');
  }
});
