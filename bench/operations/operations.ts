import * as documents from '../../client/generated/graphql.ts';
import type { Expectation } from '../client/job.ts';
import { bearer, get } from '../client/raw-request.ts';
import type { Lab } from '../setup/lab.ts';
import {
  graphql,
  newAddresses,
  PASSWORD,
  register,
  requestCodes,
  type SignedIn,
  signIn,
} from '../setup/people.ts';
import { responses } from '../setup/responses.ts';

/** An operation of the API, ready to be sent any number of times. */
export interface Operation {
  readonly name: string;
  /** Creates what the operation needs, and returns that many requests. Each is sent once. */
  requests(count: number): Promise<readonly string[]>;
  readonly expected: Expectation;
}

const NEW_PASSWORD = 'copper-violin-28';

/** Every operation by a client that the address knows, over GraphQL if not said otherwise. */
export function operations(lab: Lab): Operation[] {
  return [...signedOut(lab), ...signedIn(lab)];
}

const { challenge, tokens, detail, account } = responses;

/** Operations without an access token. */
function signedOut({ client, server }: Lab): Operation[] {
  const { port } = server;
  const withPassword = (count: number) => register(client, port, count);
  const run = (document: object, inputs: readonly object[]) =>
    inputs.map((input) => graphql(document, { input }));
  return [
    {
      name: 'register',
      requests: async (count) =>
        run(
          documents.RegisterDocument,
          newAddresses(count).map((email) => ({ email, password: PASSWORD })),
        ),
      expected: challenge,
    },
    {
      name: 'login',
      requests: async (count) =>
        run(
          documents.LoginDocument,
          (await withPassword(count)).map(({ email }) => ({ email, password: PASSWORD })),
        ),
      expected: challenge,
    },
    {
      name: 'requestOtp',
      requests: async (count) =>
        run(
          documents.RequestOtpDocument,
          (await signIn(client, port, count)).map(({ email }) => ({ email })),
        ),
      expected: challenge,
    },
    {
      name: 'verifyOtp',
      async requests(count) {
        const emails = (await signIn(client, port, count)).map(({ email }) => email);
        const { challengeIds } = await requestCodes(client, port, emails);
        return run(documents.VerifyOtpDocument, await withCodes(emails, challengeIds));
      },
      expected: tokens,
    },
    {
      name: 'forgotPassword',
      requests: async (count) =>
        run(
          documents.ForgotPasswordDocument,
          (await withPassword(count)).map(({ email }) => ({ email })),
        ),
      expected: challenge,
    },
    {
      name: 'refreshTokens',
      requests: async (count) =>
        run(
          documents.RefreshTokensDocument,
          (await signIn(client, port, count)).map(({ refreshToken }) => ({ refreshToken })),
        ),
      expected: tokens,
    },
  ];

  async function withCodes(emails: readonly string[], challengeIds: readonly string[]) {
    const codes = await client.codes(emails);
    return emails.map((email, index) => ({
      ...{ email, otp: codes[index], challengeId: challengeIds[index] },
    }));
  }
}

/** Arguments of the list of users: the list, and a search by each filter. */
export const userLists = {
  'users, page 1': { first: 20 },
  'users by address': { first: 20, filter: { email: 'grown-1' } },
  'users by one letter': { first: 20, filter: { email: 'g', role: 'USER' } },
  'users by role': { first: 20, filter: { role: 'ADMIN' } },
  'users by status': { first: 20, filter: { status: 'DISABLED' } },
  'users by time': { first: 20, filter: { createdTo: new Date(Date.now() - 86_400_000) } },
  'users by all filters': {
    first: 20,
    filter: {
      ...{ email: 'grown', role: 'USER', status: 'DISABLED' },
      createdFrom: new Date(Date.now() - 390 * 86_400_000),
    },
  },
};

/** Operations with an access token. */
function signedIn(lab: Lab): Operation[] {
  const { client, server } = lab;
  const people = (count: number) => signIn(client, server.port, count);
  const administrators = async (count: number) => {
    const signed = await people(count);
    const emails = `{${signed.map(({ email }) => email).join()}}`;
    await lab.sql(`update accounts set role = 'ADMIN' where email = any(?::text[])`, [emails]);
    return signed;
  };
  const operation = (
    name: string,
    expected: Expectation,
    who: (count: number) => Promise<readonly SignedIn[]>,
    ask: (person: SignedIn) => string,
  ): Operation => ({ name, expected, requests: async (count) => (await who(count)).map(ask) });
  const run =
    (document: object, variables: (person: SignedIn) => object = () => ({})) =>
    (person: SignedIn) =>
      graphql(document, variables(person), bearer(person.accessToken));
  const audit = (name: string, variables: object, filter: (person: SignedIn) => object) =>
    operation(
      name,
      { status: 200, text: '"edges":[{' },
      administrators,
      run(documents.AuditLogsDocument, (person) => ({ ...variables, filter: filter(person) })),
    );
  return [
    operation('me', account, people, run(documents.MeDocument)),
    operation('me, REST', account, people, ({ accessToken }) =>
      get('/api/v1/auth/me', bearer(accessToken)),
    ),
    operation('sessions', { text: '"current":true' }, people, run(documents.SessionsDocument)),
    operation(
      'updateProfile',
      { text: '"Ada"' },
      people,
      run(documents.UpdateProfileDocument, () => ({ input: { firstName: 'Ada' } })),
    ),
    operation(
      'changePassword',
      detail,
      (count) => register(client, server.port, count),
      run(documents.ChangePasswordDocument, () => ({
        input: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      })),
    ),
    operation(
      'revokeSession',
      detail,
      people,
      run(documents.RevokeSessionDocument, ({ accessToken }) => ({
        input: { id: sessionOf(accessToken) },
      })),
    ),
    operation('revokeOtherSessions', detail, people, run(documents.RevokeOtherSessionsDocument)),
    operation('logout', detail, people, run(documents.LogoutDocument)),
    audit('auditLogs, page 1', { first: 20 }, () => ({})),
    audit('auditLogs of one address', { first: 20 }, ({ email }) => ({ email })),
    audit('auditLogs of one event', { first: 20 }, () => ({ event: 'OTP_REQUESTED' })),
    ...Object.entries(userLists).map(([name, variables]) =>
      operation(
        name,
        // The installation of the other rows has no user that these filters find.
        { status: 200, text: '"users":{"edges":[' },
        administrators,
        run(documents.UsersDocument, () => variables),
      ),
    ),
    operation(
      'user',
      { status: 200, text: '"status":"ACTIVE"' },
      administrators,
      run(documents.UserDocument, ({ email }) => ({ email })),
    ),
    operation('auditLogs, REST', { text: '"results":[{' }, administrators, ({ accessToken }) =>
      get('/api/v1/audit/logs', bearer(accessToken)),
    ),
  ];
}

/** Returns the claim `sid`. */
const sessionOf = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;
