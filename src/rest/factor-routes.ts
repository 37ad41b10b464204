import { confirmTotpInput, undoFactorChangeInput } from '../enrolment/enrolment-inputs.ts';
import { verifyFactorInput } from '../factors/factor-inputs.ts';
import {
  enrolling,
  get,
  opensSession,
  post,
  type Route,
  select,
  signedIn,
  steppedUp,
  tokens,
} from './route.ts';

const enrolled = select('detail recoveryCodes');

/** REST routes of second factors, in the order of the OpenAPI document. */
export const factorRoutes: readonly Route[] = [
  { ...post('factors/verify', 'verifyFactor', verifyFactorInput, tokens), ...opensSession },
  { ...get('/auth/factors', 'factors', select('kinds recoveryCodesLeft')), ...enrolling },
  {
    method: 'POST',
    path: '/auth/factors/totp',
    field: 'enrollTotp',
    operation: `mutation { enrollTotp { ${select('secret uri qrCode expiresIn')} } }`,
    ...enrolling,
    ...steppedUp,
  },
  {
    method: 'DELETE',
    path: '/auth/factors/totp',
    field: 'removeTotp',
    operation: 'mutation { removeTotp { detail } }',
    ...signedIn,
    errorCodes: [...steppedUp.errorCodes, 'NOT_FOUND'],
  },
  {
    ...post('factors/totp/confirm', 'confirmTotp', confirmTotpInput, enrolled),
    ...enrolling,
    ...steppedUp,
  },
  {
    method: 'POST',
    path: '/auth/factors/recovery-codes',
    field: 'renewRecoveryCodes',
    operation: `mutation { renewRecoveryCodes { ${enrolled} } }`,
    ...signedIn,
    errorCodes: [...steppedUp.errorCodes, 'NOT_FOUND'],
  },
  {
    ...post('factors/undo', 'undoFactorChange', undoFactorChangeInput, 'detail'),
    errorCodes: ['INVALID_OTP', 'RATE_LIMITED'],
  },
];
