import { expect, it } from 'vitest';
import { describeSelection } from '#src/graphql/describe-selection.ts';
import { describeApi } from '#src/rest/openapi/openapi-document.ts';
import { newClient, useApp } from '../support/app.ts';
import { failEveryStatement } from '../support/failing-statements.ts';
import { Person } from '../support/flow.ts';
import { basic, introspectionClients, postForm } from '../support/oauth.ts';
import type { Answer } from '../support/request.ts';
import { DocumentedApi } from './documented-api.ts';

const app = useApp({ INTROSPECTION_CLIENTS: introspectionClients, LIMIT_REQUESTS: '20/60' });
const api = new DocumentedApi(describeApi(describeSelection));

const misfits = (path: string, answer: Answer) => {
  const operation = api.operations.find((each) => each.path === path);
  if (!operation) throw new Error(`no word about ${path}`);
  return api.misfits(operation, answer);
};

it('describes the metadata', async () => {
  for (const path of ['oauth-authorization-server', 'openid-configuration']) {
    const place = `/.well-known/${path}`;
    expect(misfits(place, await app.fetch(place))).toEqual([]);
  }
});

it('describes each response of the endpoints that has a body', async () => {
  const { accessToken, refreshToken } = await new Person(app).signIn();
  const from = newClient();
  const json = { headers: { ...basic(), 'content-type': 'application/json' }, from };
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const answers: [string, Answer, number][] = [
    ['token', await postForm(app, 'token', grant, { from }), 200],
    ['token', await postForm(app, 'token', {}, { from }), 400],
    ['token', await postForm(app, 'token', 'x'.repeat(100_001), { from }), 413],
    ['introspect', await postForm(app, 'introspect', {}, { from }), 401],
    ['introspect', await postForm(app, 'introspect', '', json), 415],
  ];
  for (const token of [accessToken, refreshToken, 'a.b.c']) {
    const asService = { headers: basic(), from };
    answers.push(['introspect', await postForm(app, 'introspect', { token }, asService), 200]);
  }
  answers.push(['verify', await app.fetch('/oauth/verify', { from }), 401]);
  await failEveryStatement(app, Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  const bearer = { authorization: `Bearer ${accessToken}` };
  answers.push(['verify', await app.fetch('/oauth/verify', { headers: bearer, from }), 503]);
  answers.push(['revoke', await postForm(app, 'revoke', { token: accessToken }, { from }), 503]);
  for (const _ of Array(20)) await app.fetch('/', { from });
  answers.push(['revoke', await postForm(app, 'revoke', '', { from }), 429]);
  for (const [path, answer, status] of answers) {
    expect([path, answer.status, misfits(`/oauth/${path}`, answer)]).toEqual([path, status, []]);
  }
});
