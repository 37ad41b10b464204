import * as inputs from '../passkeys/passkey-inputs.ts';
import { enrolling, get, post, type Route, select, signedIn } from './route.ts';

const passkey = select('id credentialId name createdAt lastUsedAt backedUp');
const registered = `${passkey} ${select('recoveryCodes')}`;
const list = `${select('rpId userId')} passkeys { ${passkey} }`;
const options = select('options expiresIn');
const tokens = `access: accessToken ${select('refreshToken tokenType expiresIn')}`;

/** Routes of passkeys. */
export const passkeyRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/auth/passkeys/registration/options',
    field: 'passkeyRegistrationOptions',
    operation: `mutation { passkeyRegistrationOptions { ${options} } }`,
    ...enrolling,
    errorCodes: ['STEP_UP_REQUIRED', 'RATE_LIMITED'],
  },
  {
    ...post('passkeys', 'registerPasskey', inputs.registerPasskeyInput, registered),
    status: 201,
    ...enrolling,
    errorCodes: ['RATE_LIMITED'],
  },
  { ...get('/auth/passkeys', 'passkeys', list), ...enrolling },
  {
    method: 'POST',
    path: '/auth/passkeys/sign-in/options',
    field: 'passkeySignInOptions',
    operation: `mutation { passkeySignInOptions { ${options} } }`,
    errorCodes: ['RATE_LIMITED'],
  },
  {
    ...post('passkeys/sign-in/verify', 'signInWithPasskey', inputs.signInWithPasskeyInput, tokens),
    detail: 'Passkey verified successfully',
    errorCodes: ['INVALID_CREDENTIALS', 'NOT_FOUND', 'LOCKED', 'RATE_LIMITED', 'FORBIDDEN'],
  },
  {
    ...post(
      'passkeys/factor/options',
      'passkeyFactorOptions',
      inputs.passkeyFactorOptionsInput,
      options,
    ),
    errorCodes: ['RATE_LIMITED'],
  },
  {
    method: 'POST',
    path: '/auth/passkeys/step-up/options',
    field: 'passkeyStepUpOptions',
    operation: `mutation { passkeyStepUpOptions { ${options} } }`,
    ...signedIn,
    errorCodes: ['RATE_LIMITED'],
  },
  {
    ...post('passkeys/{id}', 'renamePasskey', inputs.renamePasskeyInput, passkey),
    method: 'PUT',
    ...signedIn,
    errorCodes: ['NOT_FOUND', 'RATE_LIMITED'],
  },
  {
    method: 'DELETE',
    path: '/auth/passkeys/{id}',
    field: 'removePasskey',
    operation: `mutation ($id: ID!) { removePasskey(input: { id: $id }) { ${list} } }`,
    ...signedIn,
    errorCodes: ['STEP_UP_REQUIRED', 'NOT_FOUND', 'RATE_LIMITED'],
  },
];
