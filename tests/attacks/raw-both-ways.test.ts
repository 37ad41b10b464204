import { beforeAll, expect, it } from 'vitest';
import { useApp } from '#tests/support/app.ts';
import { useBothWays } from '#tests/support/both-ways.ts';
import { Person } from '#tests/support/flow.ts';

const app = useApp();
const ways = useBothWays(app);
const ME = JSON.stringify({ query: '{ me { email } }' });
let token = '';
beforeAll(async () => {
  token = (await new Person(app).signIn()).accessToken;
  await app.graphql('{ me { email } }');
});

interface Part {
  readonly body?: string;
  readonly target?: string;
  readonly method?: string;
  readonly version?: string;
  /** Value of `Content-Length`; `none` for no header. */
  readonly length?: string;
  readonly headers?: readonly string[];
}

/** A signed-in request for GraphQL, unless a part says otherwise. Bytes are Latin-1. */
function write({
  body = ME,
  target = '/graphql',
  method = 'POST',
  version = '1.1',
  length = String(Buffer.byteLength(body)),
  headers = [],
}: Part = {}): string {
  const lines = [
    `${method} ${target} HTTP/${version}`,
    'Host: gatehouse.test',
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    ...(length === 'none' ? [] : [`Content-Length: ${length}`]),
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Three routes that both ways handle. */
const routes: [name: string, part: Part][] = [
  ['GraphQL', {}],
  ['a REST route with a body', { target: '/api/v1/auth/profile', method: 'PUT', body: '{"a":1}' }],
  ['a REST route without one', { target: '/api/v1/auth/me', method: 'GET', body: '' }],
];
const last = { headers: ['Connection: close'] };
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

it.each(routes)('reads odd bytes for %s as Yoga and Hono do', async (_name, part) => {
  const { body = ME, target = '/graphql' } = part;
  const end = write({ ...part, ...last });
  const cases: Record<string, string[]> = {
    'HTTP/1.0': [write({ ...part, version: '1.0' })],
    'byte after byte': Array.from(end),
    'the headers first': [write({ ...part, ...last }).slice(0, -body.length || undefined), body],
    'an absolute target': [write({ ...part, ...last, target: `http://gatehouse.test${target}` })],
    'a length with zeros': [write({ ...part, ...last, length: `000${body.length}` })],
    'a length with many zeros': [
      write({ ...part, ...last, length: `${'0'.repeat(9)}${body.length}` }),
    ],
    'no body where one is announced': [write({ ...part, ...last, body: '' })],
    'a body in chunks': [
      write({
        ...part,
        body: (body && chunk(body)) + chunk(''),
        length: 'none',
        headers: ['Transfer-Encoding: Chunked', 'Connection: close'],
      }),
    ],
    'a body that waits for consent': [
      write({ ...part, headers: [...last.headers, 'Expect: 100-continue'] }),
    ],
    'a change of protocol': [
      write({ ...part, headers: ['Connection: close, Upgrade', 'Upgrade: h2c'] }),
    ],
    'a length of its hop only': [
      write({ ...part, headers: ['Connection: close, Content-Length'] }),
    ],
    'another method in a header': [
      write({ ...part, headers: [...last.headers, 'X-HTTP-Method-Override: DELETE'] }),
    ],
    'the longest body, then another': [write({ ...part, body: body.padEnd(100_000) }) + end],
    'a body that is too long': [write({ ...part, ...last, body: body.padEnd(100_001) })],
    'a deep body': [write({ ...part, ...last, body: '['.repeat(99_000) })],
    'a key twice': [
      write({ ...part, ...last, body: body.replace('{', '{"query":"{ a }","a":2,') }),
    ],
    'a key of the prototype': [
      write({ ...part, ...last, body: body.replace('{', '{"__proto__":{"query":"{ a }"},') }),
    ],
    'a token twice in one header': [
      write({ ...part, ...last }).replace(/(Bearer .+)\r/, '$1, $1\r'),
    ],
  };
  const three = await ways.compareBytes(
    write(part) + write({ ...part, target: `${target}/` }) + end,
  );
  expect(three.match(/HTTP\/1.1 200/g)).toHaveLength(3);
  for (const [name, texts] of Object.entries(cases)) {
    const lines = await ways.compareBytes(...texts);
    expect([name, lines]).toEqual([name, expect.stringMatching(/HTTP\/1.1 [24]\d\d/)]);
  }
});
