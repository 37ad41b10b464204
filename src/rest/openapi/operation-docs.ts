import { z } from 'zod';
import type { ZodOpenApiParameters } from 'zod-openapi';
import { disableUserInput, INVALID_METADATA, TOO_LONG } from '../../administration/user-inputs.ts';
import { revokeApiKeyInput } from '../../api-keys/api-key-inputs.ts';
import {
  API_KEY_NOT_FOUND,
  DELIVERY_NOT_FOUND,
  DEVICE_NOT_FOUND,
  FACTOR_NOT_FOUND,
  FACTOR_REQUIRED,
  type FieldMessages,
  INVALID_UNDO,
  LAST_ADMIN,
  NO_FACTORS,
  NO_NEW_TOTP,
  OTHER_ADDRESS,
  OWN_ADDRESS,
  PASSKEY_NOT_FOUND,
  PASSKEY_REFUSED,
  RECENT_CHANGE,
  UNKNOWN_PASSKEY,
  USER_EXISTS,
  USER_NOT_FOUND,
  WEBHOOK_NOT_FOUND,
  WRONG_PROOF,
} from '../../errors/auth-error.ts';
import type { ProblemName } from '../../errors/problem-types.ts';
import { cookieModeFaults } from '../../http/cookie-mode.ts';
import { INVALID_PASSKEY_ID, removePasskeyInput } from '../../passkeys/passkey-inputs.ts';
import { revokeSessionInput } from '../../sessions/session-inputs.ts';
import {
  INVALID_DEVICE_ID,
  removeTrustedDeviceInput,
} from '../../trusted-devices/trusted-device-inputs.ts';
import { redeliverInput } from '../../webhooks/delivery-inputs.ts';
import { deleteWebhookInput, UNKNOWN_TYPE } from '../../webhooks/webhook-inputs.ts';
import { auditQuery, deliveriesQuery, usersQuery } from './page-schemas.ts';

/** Documentation of an operation that its route does not contain. */
export interface OperationDocs {
  /** Component name of the response, if it is not the GraphQL type. */
  readonly component?: string;
  readonly parameters?: ZodOpenApiParameters;
  /** Members of the example of a success that differ from the usual ones. */
  readonly example?: object;
  /** Example of `detail` in a success. */
  readonly detail?: string;
  /** Examples of `detail` in errors, if they differ from the usual ones. */
  readonly errorTexts?: Partial<Record<ProblemName, readonly string[]>>;
  /** Example of invalid input. Default: a missing field. */
  readonly errors?: FieldMessages;
}

const mailed: OperationDocs['errorTexts'] = {
  'rate-limited': ['Too many requests from this IP', 'Too many requests for this email'],
};

const ofUser: OperationDocs = {
  parameters: { path: disableUserInput },
  errorTexts: { 'not-found': [USER_NOT_FOUND] },
};

const ofWebhook: OperationDocs = {
  parameters: { path: deleteWebhookInput },
  errorTexts: { 'not-found': [WEBHOOK_NOT_FOUND] },
  errors: { id: [TOO_LONG] },
};

const ofPasskey: OperationDocs = {
  parameters: { path: removePasskeyInput },
  errorTexts: { 'not-found': [PASSKEY_NOT_FOUND] },
  errors: { id: [INVALID_PASSKEY_ID] },
};

const ALLOWED = 'Must be one of the allowed values.';
const invited = {
  email_verified: false,
  has_password: false,
  last_login_at: null,
  locale: null,
  status: 'UNVERIFIED',
};

const cookieMode: OperationDocs = {
  parameters: {
    header: z.object({
      'Gatehouse-Session': z.literal('cookie').optional().meta({
        description:
          'Keeps the refresh token in the cookie `__Host-gatehouse` (HttpOnly), and the secret of a trusted device in `__Host-gatehouse-device`. Requires an `Origin` that may use the cookie.',
      }),
    }),
  },
  errorTexts: { forbidden: [cookieModeFaults.origin] },
};

/** Documentation by GraphQL field. */
export const operationDocs: Readonly<Record<string, OperationDocs>> = {
  register: { detail: 'User registered successfully', errorTexts: mailed },
  login: { detail: 'OTP sent to email', errorTexts: mailed },
  verifyOtp: { ...cookieMode, component: 'SignedIn' },
  verifyFactor: {
    ...cookieMode,
    component: 'SignedIn',
    errorTexts: { ...cookieMode.errorTexts, 'invalid-otp': [WRONG_PROOF] },
  },
  factors: { example: { kinds: ['TOTP', 'RECOVERY_CODE'] } },
  confirmTotp: {
    detail: 'Authenticator app enrolled',
    errors: { totp: [NO_NEW_TOTP] },
  },
  removeTotp: {
    detail: 'Authenticator app removed',
    errorTexts: { 'not-found': [FACTOR_NOT_FOUND] },
  },
  renewRecoveryCodes: {
    detail: 'Recovery codes renewed',
    errorTexts: { 'not-found': [FACTOR_NOT_FOUND] },
  },
  undoFactorChange: {
    detail: 'The factors were removed',
    errorTexts: { 'invalid-otp': [INVALID_UNDO] },
  },
  requestOtp: { detail: 'OTP sent', errorTexts: mailed },
  forgotPassword: { detail: 'OTP sent to email', errorTexts: mailed },
  resetPassword: {
    detail: 'Password reset successful',
    errorTexts: { 'invalid-otp': ['Invalid or expired OTP'] },
  },
  refreshTokens: {
    ...cookieMode,
    component: 'TokenPair',
    errors: { refresh: ['This field is required.'] },
  },
  logout: { ...cookieMode, detail: 'Logged out' },
  changePassword: {
    detail: 'Password changed',
    errors: { current_password: ['The current password is wrong.'] },
  },
  requestStepUp: {
    detail: 'OTP sent to email',
    errorTexts: { ...mailed, 'step-up-required': [FACTOR_REQUIRED] },
  },
  stepUp: {
    detail: 'Identity confirmed',
    errorTexts: { 'step-up-required': [FACTOR_REQUIRED] },
    errors: { password: ['The password is wrong.'] },
  },
  changeEmail: {
    detail: 'OTP sent to email',
    errorTexts: mailed,
    errors: { new_email: [OWN_ADDRESS] },
  },
  confirmEmailChange: { detail: 'E-mail address changed' },
  undoEmailChange: {
    detail: 'E-mail address restored',
    errorTexts: { 'invalid-otp': [INVALID_UNDO] },
  },
  deleteMyAccount: {
    detail: 'Account deleted',
    errorTexts: { forbidden: [LAST_ADMIN, RECENT_CHANGE] },
  },
  signInWithPasskey: {
    ...cookieMode,
    component: 'SignedIn',
    errorTexts: {
      ...cookieMode.errorTexts,
      'invalid-credentials': [PASSKEY_REFUSED],
      'not-found': [UNKNOWN_PASSKEY],
    },
  },
  renamePasskey: ofPasskey,
  removePasskey: ofPasskey,
  removeTrustedDevice: {
    detail: 'Trusted device removed',
    parameters: { path: removeTrustedDeviceInput },
    errorTexts: { 'not-found': [DEVICE_NOT_FOUND] },
    errors: { id: [INVALID_DEVICE_ID] },
  },
  revokeSession: {
    detail: 'Session ended',
    parameters: { path: revokeSessionInput },
    errors: { id: ['Not a valid session ID.'] },
  },
  revokeOtherSessions: { detail: 'Other sessions ended' },
  auditLogs: {
    parameters: { query: auditQuery },
    errorTexts: { 'not-found': ['Invalid page.'] },
    errors: { from_date: ['Enter a valid date/time.'] },
  },
  users: {
    parameters: { query: usersQuery },
    errors: { first: ['Must be from 1 to 100.'] },
  },
  user: { ...ofUser, component: 'UserDetails', errors: { id: [TOO_LONG] } },
  createUser: { example: invited, errors: { email: [USER_EXISTS] } },
  setUserRole: { ...ofUser, errors: { role: [ALLOWED] } },
  setUserMetadata: {
    ...ofUser,
    errors: { metadata: [INVALID_METADATA] },
  },
  unlockUser: { ...ofUser, errors: { id: [TOO_LONG] } },
  resetUserFactors: {
    ...ofUser,
    detail: 'The factors will be removed',
    errors: { id: [NO_FACTORS] },
  },
  revokeUserSessions: { ...ofUser, detail: 'Sessions ended', errors: { id: [TOO_LONG] } },
  deleteUser: { ...ofUser, detail: 'User deleted', errors: { email: [OTHER_ADDRESS] } },
  disableUser: {
    ...ofUser,
    example: { status: 'DISABLED', disabled_at: '2026-11-22T10:38:44.710Z' },
    errors: { id: [LAST_ADMIN] },
  },
  enableUser: { ...ofUser, errors: { id: [TOO_LONG] } },
  revokeApiKey: {
    detail: 'API key revoked',
    parameters: { path: revokeApiKeyInput },
    errorTexts: { 'not-found': [API_KEY_NOT_FOUND] },
    errors: { id: [TOO_LONG] },
  },
  createWebhook: { errors: { events: [UNKNOWN_TYPE] } },
  updateWebhook: { ...ofWebhook, errors: { events: [UNKNOWN_TYPE] } },
  deleteWebhook: { ...ofWebhook, detail: 'Webhook deleted' },
  rotateWebhookSecret: ofWebhook,
  webhookDeliveries: {
    ...ofWebhook,
    parameters: { path: deleteWebhookInput, query: deliveriesQuery },
    errors: { first: ['Must be from 1 to 100.'] },
  },
  redeliver: {
    parameters: { path: redeliverInput },
    errorTexts: { 'not-found': [DELIVERY_NOT_FOUND] },
    errors: { id: [TOO_LONG] },
  },
};
