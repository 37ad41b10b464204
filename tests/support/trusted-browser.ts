import { randomUUID } from 'node:crypto';
import type { AskedOperation, Outcome, Transport } from '../equivalence/either-transport.ts';
import { askOver } from '../equivalence/either-transport.ts';
import { stepUp } from './api-key.ts';
import type { TestApp } from './app.ts';
import { Authenticator } from './authenticator.ts';
import { OWN } from './cookie-client.ts';
import type { Person } from './flow.ts';
import { PasskeyFactorOwner } from './passkey-factor-owner.ts';
import { many, manyCodes } from './wide-limits.ts';

export const DEVICE = '__Host-gatehouse-device';
export const DAY = 24 * 3600;

/** Settings of an app whose users can trust browsers. */
export const trusting = {
  PUBLIC_URL: OWN,
  ALLOWED_HOSTS: 'auth.example.com,127.0.0.1',
  TRUSTED_DEVICE_DAYS: '30',
};

/** Settings as `trusting`, for many sign-ups and mailed codes of one client. */
export const trustingMany = {
  ...trusting,
  LIMIT_REGISTER: many,
  ...manyCodes,
};

/** A browser in cookie mode, and its user, over one of the transports. */
export class TrustedBrowser extends PasskeyFactorOwner {
  override authenticator = new Authenticator(OWN);
  /** Its cookies, by name. */
  readonly cookies = new Map<string, string>();
  /** Headers in place of those of a page in cookie mode; `undefined` removes one. */
  headers: Record<string, string | undefined> = {};
  /** Inputs of `verifyOtp` whose code is spent. */
  readonly spent: { readonly otp?: string }[] = [];
  /** The `Set-Cookie` headers of the newest answer. */
  setCookies: readonly string[] = [];

  /** A browser whose user has an authenticator app. */
  static override async enrolled(app: TestApp, transport: Transport = 'GraphQL') {
    const browser = new TrustedBrowser(app, transport);
    ({ accessToken: browser.token } = await browser.signUp());
    await stepUp(app, browser);
    const { code } = await browser.enroll();
    if (code !== undefined) throw new Error(`not enrolled: ${JSON.stringify(code)}`);
    app.clock.advance({ seconds: 30 });
    return browser;
  }

  /** A browser that is trusted. Its session was opened with the app. */
  static async trusted(app: TestApp, transport: Transport = 'GraphQL') {
    const browser = await TrustedBrowser.enrolled(app, transport);
    const { code } = await browser.trust();
    if (code !== undefined) throw new Error(`not trusted: ${JSON.stringify(code)}`);
    return browser;
  }

  /** Another browser of the same user, at another client, without a cookie. */
  elsewhere(): TrustedBrowser {
    const { app, transport, email, secret, recoveryCodes } = this;
    const other = new TrustedBrowser(app, transport, { email });
    return Object.assign(other, { secret, recoveryCodes });
  }

  /** The headers of a request of the page. */
  pageHeaders(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = {
      host: new URL(OWN).host,
      origin: OWN,
      'gatehouse-session': 'cookie',
      'sec-fetch-site': 'same-origin',
      cookie: cookie || undefined,
      ...this.headers,
    };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given) as Record<string, string>;
  }

  override async ask(
    operation: AskedOperation,
    input: Record<string, unknown> = {},
  ): Promise<Outcome> {
    const headers = this.pageHeaders();
    const { app, transport, from, token } = this;
    const options = { from, headers, ...(token && { token }) };
    const outcome = await askOver(transport, app, operation, input, options);
    const isRight = outcome.code === undefined || outcome.code === 'MFA_REQUIRED';
    if (operation === 'verifyOtp' && isRight) this.spent.push(input);
    this.setCookies = outcome.setCookies ?? [];
    for (const text of this.setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return outcome;
  }

  /** Signs in with a mailed code and the app, and trusts the browser. */
  async trust(): Promise<Outcome> {
    this.app.clock.advance({ seconds: 60 });
    const { challengeId } = await this.redeem();
    return this.prove(challengeId, { totp: this.totp(), trustDevice: true });
  }

  /** Signs in with a mailed code, and keeps the token if that was enough. */
  async signInByCode(by?: 'requestOtp' | 'login'): Promise<Outcome> {
    const outcome = await this.redeem(by);
    if (outcome.code === undefined) this.token = String(outcome.members.accessToken);
    return outcome;
  }

  /** Gets a new access token for the session in the cookie. */
  async renew(): Promise<void> {
    this.token = String((await this.ask('refreshTokens')).members.accessToken);
  }

  /** The trusted devices of the account, the last used first. */
  async devices(): Promise<Record<string, unknown>[]> {
    const { members } = await this.ask('trustedDevices');
    return Object.values(members) as Record<string, unknown>[];
  }

  /** Number of the account's devices in the table. */
  async stored(): Promise<number> {
    const rows = await this.app.sql(
      `select d.id from trusted_devices d join accounts a on a.id = d.account_id
       where a.email = ?`,
      [this.email],
    );
    return rows.length;
  }
}

/** Inserts a device whose cookie nobody has. @param days until it expires @returns its id */
export async function insertTrustedDevice(
  app: TestApp,
  { email }: Pick<Person, 'email'>,
  days = 1,
): Promise<string> {
  const id = randomUUID();
  const now = app.clock.now();
  const end = new Date(now.getTime() + days * DAY * 1000);
  await app.sql(
    `insert into trusted_devices (id, account_id, token_hash, session_id, created_at, last_used_at,
       expires_at, ip_address, user_agent)
     select ?, id, ?, ?, ?, ?, ?, '', '' from accounts where email = ?`,
    [id, id, id, now, now, end, email],
  );
  return id;
}
