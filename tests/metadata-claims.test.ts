import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { CreateUserDocument, SetUserMetadataDocument } from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { introspect, introspectionClients } from './support/oauth.ts';
import { rest } from './support/rest.ts';

const keys = ['plan', 'sub', 'role', 'exp', 'teams'].map((key) => `metadata.${key}`);
const app = useApp({
  TOKEN_CLAIMS: ['email', ...keys].join(),
  INTROSPECTION_CLIENTS: introspectionClients,
});

async function managed() {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  const tokens = await ada.signUp();
  return { admin, ada, tokens, id: await idOf(app, ada) };
}

it('adds the listed keys of the metadata from the next refresh on, and nothing else', async () => {
  const { admin, ada, tokens, id } = await managed();
  const before = decodeJwt(tokens.accessToken);
  expect(before.email).toBe(ada.email);
  expect(before).not.toHaveProperty('metadata');
  const listed = { plan: 'team', teams: [{ id: 1 }, null] };
  const metadata = { ...listed, notes: 'private' };
  await admin.change(SetUserMetadataDocument, { id, metadata });
  const { data } = await ada.refresh(tokens.refreshToken);
  const refreshed = data?.refreshTokens.accessToken ?? '';
  expect(decodeJwt(refreshed).metadata).toEqual(listed);
  expect((await introspect(app, refreshed)).metadata).toEqual(listed);
  expect(decodeJwt((await ada.signIn()).accessToken).metadata).toEqual(listed);
  expect((await ada.me(refreshed)).data?.me.email).toBe(ada.email);
});

it('never replaces a claim that verifiers rely on, whatever keys are listed', async () => {
  const { admin, ada, id } = await managed();
  const metadata = JSON.parse('{"sub":"eve","role":"ADMIN","exp":9999999999}');
  await admin.change(SetUserMetadataDocument, { id, metadata });
  const claims = decodeJwt((await ada.signIn()).accessToken);
  expect(claims).toMatchObject({ sub: id, role: 'USER', exp: Number(claims.iat) + 900 });
  expect(JSON.stringify(claims.metadata)).toBe(JSON.stringify(metadata));
});

it('rejects listed keys of more than 700 bytes together, over both transports', async () => {
  const { admin, ada, id } = await managed();
  const metadata = { plan: 'x'.repeat(400), teams: 'ü'.repeat(150), notes: 'x'.repeat(2000) };
  const message = expect.stringMatching(/^The keys that TOKEN_CLAIMS adds .+ 700 bytes/);
  const fields = { metadata: [message] };
  const { errors } = await admin.change(SetUserMetadataDocument, { id, metadata });
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields });
  const path = `/admin/users/${id}/metadata`;
  expect(await rest(app, 'PUT', path, { metadata }, admin)).toMatchObject({
    status: 400,
    body: { errors: fields },
  });
  const created = await admin.change(CreateUserDocument, { email: `new-${ada.email}`, metadata });
  expect(created.code).toBe('BAD_USER_INPUT');
  const short = { ...metadata, teams: 'x'.repeat(250) };
  expect((await admin.change(SetUserMetadataDocument, { id, metadata: short })).errors).toEqual([]);
  const { accessToken } = await ada.signIn();
  const [, body = ''] = accessToken.split('.');
  const { email, metadata: claim } = JSON.parse(Buffer.from(body, 'base64url').toString());
  expect(JSON.stringify({ email, metadata: claim }).length).toBeLessThan(1000);
});

it('omits the whole claim if stored metadata is longer, and warns', async () => {
  const { ada, id } = await managed();
  const metadata = { plan: 'x'.repeat(700), teams: [] };
  await app.sql('update accounts set metadata = ? where id = ?', [JSON.stringify(metadata), id]);
  const claims = decodeJwt((await ada.signIn()).accessToken);
  expect(claims).toMatchObject({ sub: id, email: ada.email });
  expect(claims).not.toHaveProperty('metadata');
  const lines = app.logLines.filter((line) => line.includes('TOKEN_CLAIMS'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, accountId: id }]);
  expect(lines.join()).not.toMatch(/xxx|@/);
});
