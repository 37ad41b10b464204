import {
  ApiKeysDocument,
  AuditLogsDocument,
  ChangeEmailDocument,
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  ConfirmTotpDocument,
  CreateApiKeyDocument,
  CreateUserDocument,
  CreateWebhookDocument,
  DeleteMyAccountDocument,
  DeleteUserDocument,
  DeleteWebhookDocument,
  DisableUserDocument,
  EnableUserDocument,
  EnrollTotpDocument,
  EventCountsDocument,
  ExportMyDataDocument,
  FactorsDocument,
  ForgotPasswordDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  OutboxDocument,
  PasskeyFactorOptionsDocument,
  PasskeyRegistrationOptionsDocument,
  PasskeySignInOptionsDocument,
  PasskeyStepUpOptionsDocument,
  PasskeysDocument,
  RedeliverDocument,
  RefreshTokensDocument,
  RegisterDocument,
  RegisterPasskeyDocument,
  RemovePasskeyDocument,
  RemoveTotpDocument,
  RenamePasskeyDocument,
  RenewRecoveryCodesDocument,
  RequestOtpDocument,
  RequestStepUpDocument,
  ResetPasswordDocument,
  ResetUserFactorsDocument,
  RevokeApiKeyDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  RevokeUserSessionsDocument,
  RotateWebhookSecretDocument,
  SessionsDocument,
  SetUserMetadataDocument,
  SetUserRoleDocument,
  SignInWithPasskeyDocument,
  SigningKeysDocument,
  StepUpDocument,
  UndoEmailChangeDocument,
  UndoFactorChangeDocument,
  UnlockUserDocument,
  UpdateProfileDocument,
  UpdateWebhookDocument,
  UserDocument,
  UsersDocument,
  VerifyFactorDocument,
  VerifyOtpDocument,
  WebhookDeliveriesDocument,
  WebhooksDocument,
} from '../../client/generated/graphql.ts';

/** One behaviour behind two transports: a GraphQL field and its REST route. */
export interface Pair {
  /** The GraphQL document that frontends send. */
  readonly document: { toString(): string };
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with fields of the input as `{name}`; all are one route. */
  readonly paths: readonly [string, ...string[]];
  readonly status: number;
  /** The fields of the GraphQL answer that REST shows, each under its `restName`. */
  readonly shown: readonly string[];
  /** Answer of REST for an operation without a result in GraphQL. */
  readonly detail?: string;
  /** The answer is a list, and `shown` names the fields of each item. */
  readonly each?: string;
}

const challenge = ['detail', 'expiresIn', 'challengeId'];
const tokens = ['accessToken', 'refreshToken', 'tokenType', 'expiresIn'];
const user = [
  ...['id', 'email', 'emailVerified', 'hasPassword'],
  ...['firstName', 'lastName', 'role', 'createdAt', 'lastLoginAt', 'locale'],
];
const session = [
  ...['id', 'createdAt', 'lastUsedAt', 'expiresAt', 'ipAddress', 'userAgent', 'current'],
];

const passkey = ['id', 'credentialId', 'name', 'createdAt', 'lastUsedAt', 'backedUp'];

const managed = [...user, 'hasFactor', 'status', 'disabledAt', 'metadata'];

const apiKey = [
  ...['id', 'name', 'scope', 'start', 'createdAt', 'createdBy', 'expiresAt', 'lastUsedAt'],
];

const webhook = [
  ...['id', 'url', 'description', 'events', 'createdAt', 'failingSince', 'disabledAt'],
];

const delivery = [
  ...['id', 'webhookId', 'messageId', 'type', 'status', 'attempts'],
  ...['createdAt', 'attemptedAt', 'dueAt', 'endedAt', 'lastError'],
];

/** Every operation that has two transports, by its GraphQL field. */
export const pairs = {
  register: {
    document: RegisterDocument,
    method: 'POST',
    paths: ['/auth/register'],
    status: 201,
    shown: challenge,
  },
  login: {
    document: LoginDocument,
    method: 'POST',
    paths: ['/auth/login'],
    status: 202,
    shown: challenge,
  },
  requestOtp: {
    document: RequestOtpDocument,
    method: 'POST',
    paths: ['/auth/otp/request'],
    status: 202,
    shown: challenge,
  },
  verifyOtp: {
    document: VerifyOtpDocument,
    method: 'POST',
    paths: ['/auth/otp/verify', '/auth/login/otp-verify'],
    status: 200,
    shown: tokens,
    detail: 'OTP verified successfully',
  },
  forgotPassword: {
    document: ForgotPasswordDocument,
    method: 'POST',
    paths: ['/auth/forgot-password'],
    status: 202,
    shown: challenge,
  },
  resetPassword: {
    document: ResetPasswordDocument,
    method: 'POST',
    paths: ['/auth/password-reset'],
    status: 200,
    shown: ['detail'],
  },
  refreshTokens: {
    document: RefreshTokensDocument,
    method: 'POST',
    paths: ['/auth/token/refresh'],
    status: 200,
    shown: tokens,
  },
  logout: {
    document: LogoutDocument,
    method: 'POST',
    paths: ['/auth/logout'],
    status: 200,
    shown: ['detail'],
  },
  changePassword: {
    document: ChangePasswordDocument,
    method: 'POST',
    paths: ['/auth/password-change'],
    status: 200,
    shown: ['detail'],
  },
  requestStepUp: {
    document: RequestStepUpDocument,
    method: 'POST',
    paths: ['/auth/step-up/request'],
    status: 202,
    shown: challenge,
  },
  stepUp: {
    document: StepUpDocument,
    method: 'POST',
    paths: ['/auth/step-up'],
    status: 200,
    shown: ['detail', 'expiresIn'],
  },
  verifyFactor: {
    document: VerifyFactorDocument,
    method: 'POST',
    paths: ['/auth/factors/verify'],
    status: 200,
    shown: tokens,
    detail: 'OTP verified successfully',
  },
  factors: {
    document: FactorsDocument,
    method: 'GET',
    paths: ['/auth/factors'],
    status: 200,
    shown: ['kinds', 'recoveryCodesLeft'],
  },
  enrollTotp: {
    document: EnrollTotpDocument,
    method: 'POST',
    paths: ['/auth/factors/totp'],
    status: 200,
    shown: ['secret', 'uri', 'qrCode', 'expiresIn'],
  },
  confirmTotp: {
    document: ConfirmTotpDocument,
    method: 'POST',
    paths: ['/auth/factors/totp/confirm'],
    status: 200,
    shown: ['detail', 'recoveryCodes'],
  },
  removeTotp: {
    document: RemoveTotpDocument,
    method: 'DELETE',
    paths: ['/auth/factors/totp'],
    status: 200,
    shown: ['detail'],
  },
  renewRecoveryCodes: {
    document: RenewRecoveryCodesDocument,
    method: 'POST',
    paths: ['/auth/factors/recovery-codes'],
    status: 200,
    shown: ['detail', 'recoveryCodes'],
  },
  undoFactorChange: {
    document: UndoFactorChangeDocument,
    method: 'POST',
    paths: ['/auth/factors/undo'],
    status: 200,
    shown: ['detail'],
  },
  changeEmail: {
    document: ChangeEmailDocument,
    method: 'POST',
    paths: ['/auth/email-change'],
    status: 202,
    shown: challenge,
  },
  confirmEmailChange: {
    document: ConfirmEmailChangeDocument,
    method: 'POST',
    paths: ['/auth/email-change/confirm'],
    status: 200,
    shown: ['detail'],
  },
  undoEmailChange: {
    document: UndoEmailChangeDocument,
    method: 'POST',
    paths: ['/auth/email-change/undo'],
    status: 200,
    shown: ['detail'],
  },
  exportMyData: {
    document: ExportMyDataDocument,
    method: 'GET',
    paths: ['/auth/export'],
    status: 200,
    shown: [
      ...[
        'exported_at',
        'complete',
        'account',
        'sessions',
        'known_clients',
        'api_keys',
        'passkeys',
        'email_changes',
        'factors',
        'audit_events',
      ],
    ],
  },
  deleteMyAccount: {
    document: DeleteMyAccountDocument,
    method: 'POST',
    paths: ['/auth/account/delete'],
    status: 200,
    shown: ['detail'],
  },
  me: { document: MeDocument, method: 'GET', paths: ['/auth/me'], status: 200, shown: user },
  updateProfile: {
    document: UpdateProfileDocument,
    method: 'PUT',
    paths: ['/auth/profile'],
    status: 200,
    shown: user,
  },
  sessions: {
    document: SessionsDocument,
    method: 'GET',
    paths: ['/auth/sessions'],
    status: 200,
    shown: session,
    each: 'a list, each with',
  },
  revokeSession: {
    document: RevokeSessionDocument,
    method: 'DELETE',
    paths: ['/auth/sessions/{id}'],
    status: 200,
    shown: ['detail', 'ids'],
  },
  revokeOtherSessions: {
    document: RevokeOtherSessionsDocument,
    method: 'POST',
    paths: ['/auth/sessions/revoke-others'],
    status: 200,
    shown: ['detail', 'ids'],
  },
  passkeySignInOptions: {
    document: PasskeySignInOptionsDocument,
    method: 'POST',
    paths: ['/auth/passkeys/sign-in/options'],
    status: 200,
    shown: ['options', 'expiresIn'],
  },
  signInWithPasskey: {
    document: SignInWithPasskeyDocument,
    method: 'POST',
    paths: ['/auth/passkeys/sign-in/verify'],
    status: 200,
    shown: tokens,
    detail: 'Passkey verified successfully',
  },
  passkeyFactorOptions: {
    document: PasskeyFactorOptionsDocument,
    method: 'POST',
    paths: ['/auth/passkeys/factor/options'],
    status: 200,
    shown: ['options', 'expiresIn'],
  },
  passkeyStepUpOptions: {
    document: PasskeyStepUpOptionsDocument,
    method: 'POST',
    paths: ['/auth/passkeys/step-up/options'],
    status: 200,
    shown: ['options', 'expiresIn'],
  },
  passkeyRegistrationOptions: {
    document: PasskeyRegistrationOptionsDocument,
    method: 'POST',
    paths: ['/auth/passkeys/registration/options'],
    status: 200,
    shown: ['options', 'expiresIn'],
  },
  registerPasskey: {
    document: RegisterPasskeyDocument,
    method: 'POST',
    paths: ['/auth/passkeys'],
    status: 201,
    shown: [...passkey, 'recoveryCodes'],
  },
  passkeys: {
    document: PasskeysDocument,
    method: 'GET',
    paths: ['/auth/passkeys'],
    status: 200,
    shown: ['rpId', 'userId', 'passkeys'],
  },
  renamePasskey: {
    document: RenamePasskeyDocument,
    method: 'PUT',
    paths: ['/auth/passkeys/{id}'],
    status: 200,
    shown: passkey,
  },
  removePasskey: {
    document: RemovePasskeyDocument,
    method: 'DELETE',
    paths: ['/auth/passkeys/{id}'],
    status: 200,
    shown: ['rpId', 'userId', 'passkeys'],
  },
  auditLogs: {
    document: AuditLogsDocument,
    method: 'GET',
    paths: ['/audit/logs'],
    status: 200,
    shown: ['id', 'event', 'email', 'ipAddress', 'userAgent', 'metadata', 'createdAt'],
    each: 'in `results`',
  },
  users: {
    document: UsersDocument,
    method: 'GET',
    paths: ['/admin/users'],
    status: 200,
    shown: managed,
    each: 'in `results`',
  },
  user: {
    document: UserDocument,
    method: 'GET',
    paths: ['/admin/users/{id}'],
    status: 200,
    shown: [...managed, 'sessions', 'locks', 'counts'],
  },
  disableUser: {
    document: DisableUserDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/disable'],
    status: 200,
    shown: managed,
  },
  enableUser: {
    document: EnableUserDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/enable'],
    status: 200,
    shown: managed,
  },
  createUser: {
    document: CreateUserDocument,
    method: 'POST',
    paths: ['/admin/users'],
    status: 201,
    shown: managed,
  },
  setUserRole: {
    document: SetUserRoleDocument,
    method: 'PUT',
    paths: ['/admin/users/{id}/role'],
    status: 200,
    shown: managed,
  },
  setUserMetadata: {
    document: SetUserMetadataDocument,
    method: 'PUT',
    paths: ['/admin/users/{id}/metadata'],
    status: 200,
    shown: managed,
  },
  unlockUser: {
    document: UnlockUserDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/unlock'],
    status: 200,
    shown: managed,
  },
  resetUserFactors: {
    document: ResetUserFactorsDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/reset-factors'],
    status: 200,
    shown: ['detail', 'dueAt'],
  },
  revokeUserSessions: {
    document: RevokeUserSessionsDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/revoke-sessions'],
    status: 200,
    shown: ['detail', 'ids'],
  },
  deleteUser: {
    document: DeleteUserDocument,
    method: 'POST',
    paths: ['/admin/users/{id}/delete'],
    status: 200,
    shown: ['detail'],
  },
  apiKeys: {
    document: ApiKeysDocument,
    method: 'GET',
    paths: ['/admin/api-keys'],
    status: 200,
    shown: apiKey,
    each: 'a list, each with',
  },
  createApiKey: {
    document: CreateApiKeyDocument,
    method: 'POST',
    paths: ['/admin/api-keys'],
    status: 201,
    shown: [...apiKey, 'key'],
  },
  revokeApiKey: {
    document: RevokeApiKeyDocument,
    method: 'DELETE',
    paths: ['/admin/api-keys/{id}'],
    status: 200,
    shown: ['detail'],
  },
  eventCounts: {
    document: EventCountsDocument,
    method: 'GET',
    paths: ['/admin/event-counts'],
    status: 200,
    shown: ['hours', 'days'],
  },
  outbox: {
    document: OutboxDocument,
    method: 'GET',
    paths: ['/admin/outbox'],
    status: 200,
    shown: ['waiting', 'failed'],
  },
  signingKeys: {
    document: SigningKeysDocument,
    method: 'GET',
    paths: ['/admin/signing-keys'],
    status: 200,
    shown: ['kid', 'alg', 'state', 'createdAt', 'signsFrom', 'verifiesUntil'],
    each: 'a list, each with',
  },
  webhooks: {
    document: WebhooksDocument,
    method: 'GET',
    paths: ['/admin/webhooks'],
    status: 200,
    shown: webhook,
    each: 'a list, each with',
  },
  createWebhook: {
    document: CreateWebhookDocument,
    method: 'POST',
    paths: ['/admin/webhooks'],
    status: 201,
    shown: [...webhook, 'secret'],
  },
  updateWebhook: {
    document: UpdateWebhookDocument,
    method: 'PUT',
    paths: ['/admin/webhooks/{id}'],
    status: 200,
    shown: webhook,
  },
  deleteWebhook: {
    document: DeleteWebhookDocument,
    method: 'DELETE',
    paths: ['/admin/webhooks/{id}'],
    status: 200,
    shown: ['detail'],
  },
  rotateWebhookSecret: {
    document: RotateWebhookSecretDocument,
    method: 'POST',
    paths: ['/admin/webhooks/{id}/rotate-secret'],
    status: 200,
    shown: [...webhook, 'secret'],
  },
  webhookDeliveries: {
    document: WebhookDeliveriesDocument,
    method: 'GET',
    paths: ['/admin/webhooks/{id}/deliveries'],
    status: 200,
    shown: delivery,
    each: 'in `results`',
  },
  redeliver: {
    document: RedeliverDocument,
    method: 'POST',
    paths: ['/admin/webhooks/deliveries/{id}/redeliver'],
    status: 200,
    shown: delivery,
  },
} as const satisfies Record<string, Pair>;

export type Operation = keyof typeof pairs;

/** The REST status of each `extensions.code`. */
export const statuses: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  STEP_UP_REQUIRED: 401,
  FORBIDDEN: 403,
  INVALID_CREDENTIALS: 401,
  INVALID_OTP: 400,
  INVALID_TOKEN: 401,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  LOCKED: 423,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** REST names of fields that differ from the snake_case form of their GraphQL name. */
const otherNames: Readonly<Record<string, string>> = {
  accessToken: 'access',
  refreshToken: 'refresh',
  from: 'from_date',
  to: 'to_date',
};

/** The REST name of a GraphQL field: `firstName` is `first_name`. */
export const restName = (name: string): string =>
  otherNames[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
