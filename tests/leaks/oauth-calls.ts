import { Person } from '#tests/support/flow.ts';
import { basic, postForm, service } from '#tests/support/oauth.ts';
import type { Secrets } from './secrets.ts';
import type { WatchedApp } from './watched-app.ts';

/** Calls each OAuth endpoint with tokens and secrets, at their places and at others. */
export async function callOAuth(app: WatchedApp, secrets: Secrets): Promise<void> {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const from = { from: ada.from };
  secrets.add('password', service.secret);
  const wrong = basic({ ...service, secret: secrets.password() });
  for (const token of [accessToken, refreshToken, secrets.word()]) {
    const form = { token };
    for (const headers of [basic(), wrong]) {
      await postForm(app, 'introspect', form, { headers, ...from });
      await postForm(app, 'token', form, { headers, ...from });
    }
    const authorization = `Bearer ${token}`;
    for (const path of ['/oauth/verify', '/oauth/verify/envoy/a', `/oauth/verify?token=${token}`]) {
      await app.fetch(path, { headers: { authorization }, ...from });
    }
    await postForm(app, 'token', `grant_type=refresh_token&refresh_token=${token}`, from);
    await postForm(app, 'token', `refresh_token=${token}&refresh_token=${token}`, from);
    await postForm(app, 'token', JSON.stringify(form), from);
    const json = { headers: { ...basic(), 'content-type': 'application/json' }, ...from };
    await postForm(app, 'introspect', JSON.stringify(form), json);
  }
  const given = { grant_type: secrets.password(), refresh_token: refreshToken };
  await postForm(app, 'token', given, from);
  await postForm(app, 'token', { client_id: secrets.password(), ...given }, from);
  await postForm(app, 'token', { client_secret: secrets.password(), ...given }, from);
  for (const token of [secrets.word(), accessToken, refreshToken]) {
    await postForm(app, 'revoke', { token }, from);
  }
}
