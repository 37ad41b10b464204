import { describe, expect, it } from 'vitest';
import { newClient, type TestApp, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { openConnection } from './support/raw-connection.ts';

/** Returns the client address that the audit log has for a request. */
async function seenAs(app: TestApp, from: string, headers: Record<string, string>) {
  const ada = new Person(app);
  const query = `mutation { requestOtp(input: { email: "${ada.email}" }) { detail } }`;
  await app.graphql(query, {}, { from, headers });
  const [event] = await app.eventually(async () => {
    const events = await ada.events();
    return events.length > 0 && events;
  });
  return event;
}

describe('without TRUST_PROXY', () => {
  const app = useApp();

  it('uses the socket address, ignores forwarded headers, and warns once', async () => {
    const from = newClient();
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip']) {
      const event = await seenAs(app, from, { [header]: '198.51.100.77' });
      expect(event?.ip_address).toBe(from);
    }
    await seenAs(app, from, { 'x-forwarded-for': '198.51.100.78' });
    expect(app.logLines.filter((line) => line.includes('X-Forwarded-For'))).toHaveLength(1);
  });

  it('stores a user agent unchanged, cut to 512 characters, and keeps it out of mails', async () => {
    const ada = new Person(app);
    const agent = `Firefox/150.0 (Linux) <b>Call https://evil.example</b> ${'x'.repeat(600)}`;
    const query = `mutation { requestOtp(input: { email: "${ada.email}" }) { detail } }`;
    await app.graphql(query, {}, { headers: { 'user-agent': agent } });
    await ada.code();

    const [event] = await app.eventually(async () => {
      const events = await ada.events();
      return events.length > 0 && events;
    });
    expect(event?.user_agent).toBe(agent.slice(0, 512));
    expect(ada.mails()[0]).toContain('Device: Firefox on Linux');
    expect(ada.mails()[0]).not.toMatch(/evil|Call/);
  });
});

describe('with TRUST_PROXY', () => {
  const app = useApp({
    // Most of these requests come from one client.
    LIMIT_CODE_REQUESTS: '100/60',
    TRUST_PROXY:
      '127.0.0.1, 10.0.0.0/8 ::ffff:172.16.0.0/108 ::ffff:192.0.2.1,2001:db8:ffff::/48, fe80::/10',
  });

  it.each([
    ['the nearest address that is no trusted proxy', '198.51.100.7', '198.51.100.7'],
    ['not what stands before it', '203.0.113.9, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
    ['IPv4 in IPv6 as IPv4', '::ffff:198.51.100.7', '198.51.100.7'],
    ['the proxy itself where the header is no address', 'evil', '127.0.0.1'],
    ['an address with a port', '198.51.100.7:5678', '198.51.100.7'],
    ['an IPv6 address in brackets, with a port', '[2001:db8::1]:80', '2001:db8::1'],
    ['an IPv6 address in brackets', '[2001:db8::1]', '2001:db8::1'],
    ['an IPv6 address without its zone', '2001:db8::1%eth0', '2001:db8::1'],
    ['a zone in brackets, with a port', '[2001:db8::1%25eth0]:80', '2001:db8::1'],
    ['the client behind a chain of two proxies', '198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['who asks from inside, where all are trusted', '10.1.2.3, 10.0.0.2', '10.1.2.3'],
    ['not who claims to be a proxy', '203.0.113.9, 127.0.0.1, 198.51.100.7', '198.51.100.7'],
    ['the last proxy before what is no address', '198.51.100.7, unknown, 10.1.2.3', '10.1.2.3'],
    ['the proxy itself where nothing stands last', '198.51.100.7,', '127.0.0.1'],
    ['the proxy itself where the header is empty', '', '127.0.0.1'],
    ['no octal numbers', '0198.51.100.7', '127.0.0.1'],
    ['no address that is one only in part', '198.51.100.7 evil', '127.0.0.1'],
    ['a proxy of a network in IPv6 notation', '198.51.100.7, 172.31.255.1', '198.51.100.7'],
    ['none beside that network', '198.51.100.7, 172.32.0.1', '172.32.0.1'],
    ['a proxy in IPv6 notation', '198.51.100.7, 192.0.2.1', '198.51.100.7'],
    ['a proxy of an IPv6 network', '198.51.100.7, 2001:db8:ffff:1::1', '198.51.100.7'],
    ['a proxy on the link, whatever its zone', '198.51.100.7, fe80::1%eth0', '198.51.100.7'],
    ['a header of a thousand proxies', `198.51.100.7${', 10.0.0.1'.repeat(1000)}`, '198.51.100.7'],
  ])('takes %s', async (_what, header, expected) => {
    const event = await seenAs(app, '127.0.0.1', { 'x-forwarded-for': header });
    expect(event?.ip_address).toBe(expected);
  });

  it('reads several lines of the header as one, in their order', async () => {
    const ada = new Person(app);
    const query = `mutation { requestOtp(input: { email: "${ada.email}" }) { detail } }`;
    const body = JSON.stringify({ query });
    const connection = await openConnection(app.url);
    connection.write(
      ...['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'],
      ...['X-Forwarded-For: 203.0.113.9', 'x-forwarded-for: 198.51.100.7, 10.0.0.2'],
      ...['X-FORWARDED-FOR: 10.0.0.3', `Content-Length: ${body.length}`, '', body],
    );
    const [event] = await app.eventually(async () => {
      const events = await ada.events();
      return events.length > 0 && events;
    });
    expect(event?.ip_address).toBe('198.51.100.7');
  });

  it('trusts no proxy that is not listed', async () => {
    const event = await seenAs(app, '127.9.9.9', { 'x-forwarded-for': '198.51.100.7' });
    expect(event?.ip_address).toBe('127.9.9.9');
  });

  it('counts an IPv6 client by its /64', async () => {
    const header = { 'x-forwarded-for': '2001:db8:1:2:aaaa:bbbb:cccc:dddd' };
    const ada = new Person(app);
    const query = `mutation { requestOtp(input: { email: "${ada.email}" }) { detail } }`;
    await app.graphql(query, {}, { headers: header });
    const verify = `mutation { verifyOtp(input: { email: "${ada.email}", otp: "${await ada.code()}" }) { tokenType } }`;
    await app.graphql(verify, {}, { headers: header });

    const [session] = await app.sql<{ client: string; ip_address: string }>(
      'select client, ip_address from sessions where account_id = (select id from accounts where email = ?)',
      [ada.email],
    );
    expect(session).toMatchObject({
      client: '2001:db8:1:2::/64',
      ip_address: '2001:db8:1:2:aaaa:bbbb:cccc:dddd',
    });
  });
});
