/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Permissions of an API key. */
export type ApiKeyScope =
  /** Run the queries of administrators. */
  | 'READ'
  /** Run the queries and mutations of administrators. */
  | 'WRITE';

/** Every value of `event` in an audit event. */
export type AuditEventName =
  /** An administrator or operator created an API key. */
  | 'API_KEY_CREATED'
  /** An administrator or operator revoked an API key, or its creator undid a change of the address. */
  | 'API_KEY_REVOKED'
  /** A browser was trusted with a second factor, and needs none until it expires. */
  | 'DEVICE_TRUSTED'
  /** The owner removed a trusted device. */
  | 'DEVICE_TRUST_ENDED'
  /** The address of the account changed. */
  | 'EMAIL_CHANGED'
  /** A change of the address was requested: the new one got a code, the old one a notice. */
  | 'EMAIL_CHANGE_REQUESTED'
  /** A change of the address was undone; all sessions ended, and the password, API keys and recent second factors were removed. */
  | 'EMAIL_CHANGE_UNDONE'
  /** All factors were removed, as an administrator or operator had requested. */
  | 'FACTORS_RESET'
  /** The owner enrolled a second factor. With the first one, all other sessions ended. */
  | 'FACTOR_ENROLLED'
  /** The enrolment of the first factor was undone; all factors and the password were removed, and all sessions ended. */
  | 'FACTOR_ENROLMENT_UNDONE'
  /** The proof of a second factor was wrong, or already used. */
  | 'FACTOR_FAILED'
  /** The owner removed a second factor, or undid a change of the address. */
  | 'FACTOR_REMOVED'
  /** The owner cancelled the requested removal of all factors. */
  | 'FACTOR_RESET_CANCELLED'
  /** An administrator or operator requested the removal of all factors. */
  | 'FACTOR_RESET_REQUESTED'
  /** The proof of a second factor opened a session, or confirmed the identity. */
  | 'FACTOR_VERIFIED'
  /** The owner ended a session. */
  | 'LOGGED_OUT'
  /** The password was wrong, or the account has none. */
  | 'LOGIN_FAILED'
  /** Too many wrong passwords; the client is locked out temporarily. Recorded once per window. */
  | 'LOGIN_LOCKED'
  /** The password was right: a sign-in code was mailed, or `stepUp` confirmed the identity. */
  | 'LOGIN_SUCCEEDED'
  /** A code was wrong, expired or already used. */
  | 'OTP_FAILED'
  /** Too many wrong codes; the client is locked out temporarily. Recorded once per window. */
  | 'OTP_LOCKED'
  /** A code was requested: for a sign-in, `stepUp` or a new address. */
  | 'OTP_REQUESTED'
  /** A sign-in code opened a session, or was right and a second factor is required, or a code of `requestStepUp` confirmed the identity. */
  | 'OTP_VERIFIED'
  /** The owner added a passkey. */
  | 'PASSKEY_ADDED'
  /** A passkey was refused. The reason `COUNTER` means that its signature counter went back: it was copied. */
  | 'PASSKEY_FAILED'
  /** The owner removed a passkey, or undid a change of the address. */
  | 'PASSKEY_REMOVED'
  /** The owner renamed a passkey. */
  | 'PASSKEY_RENAMED'
  /** A passkey opened a session. */
  | 'PASSKEY_VERIFIED'
  /** The owner set a new password; all other sessions ended. */
  | 'PASSWORD_CHANGED'
  /** The password was reset with a code; all sessions were ended. */
  | 'PASSWORD_RESET'
  /** A reset code was requested. */
  | 'PASSWORD_RESET_REQUESTED'
  /** The names or the role of the account changed. */
  | 'PROFILE_UPDATED'
  /** A rate limit was exceeded. Recorded once per window. */
  | 'RATE_LIMITED'
  /** The owner replaced the recovery codes. */
  | 'RECOVERY_CODES_RENEWED'
  /** The address was registered. */
  | 'REGISTERED'
  /** An administrator changed the role of the user. */
  | 'ROLE_CHANGED'
  /** A session was ended by the owner from another session, by an administrator or operator, or because a limit was exceeded. */
  | 'SESSION_REVOKED'
  /** A refresh token was exchanged. */
  | 'TOKEN_REFRESHED'
  /** A used refresh token was presented again; its session was ended. */
  | 'TOKEN_REUSED'
  /** An administrator created the user. */
  | 'USER_CREATED'
  /** The user deleted the account, or an administrator did. */
  | 'USER_DELETED'
  /** An administrator disabled the user; all sessions were ended. */
  | 'USER_DISABLED'
  /** An administrator enabled the user. */
  | 'USER_ENABLED'
  /** An administrator cleared the failed attempts of the address. */
  | 'USER_UNLOCKED'
  /** An administrator or operator created a webhook. */
  | 'WEBHOOK_CREATED'
  /** An administrator or operator deleted a webhook. */
  | 'WEBHOOK_DELETED'
  /** An administrator or operator sent a message to a webhook again. */
  | 'WEBHOOK_REDELIVERED'
  /** An administrator or operator gave a webhook a new secret. */
  | 'WEBHOOK_SECRET_ROTATED'
  /** A worker switched off a webhook that had failed for three days. */
  | 'WEBHOOK_SWITCHED_OFF'
  /** An administrator or operator changed a webhook, or switched it on or off. */
  | 'WEBHOOK_UPDATED';

/** Filter for the audit log. Events must match all given conditions. */
export type AuditLogFilter = {
  /** Only events of this address. Case-insensitive. */
  email?: string | null | undefined;
  /** Only events with this name. Case-insensitive; an unknown name matches nothing. */
  event?: string | null | undefined;
  /** Any of these events. An empty list matches nothing. */
  events?: Array<AuditEventName> | null | undefined;
  /** Events at or after this time. */
  from?: string | null | undefined;
  /** Events at or before this time. */
  to?: string | null | undefined;
};

/** The new e-mail address of the account. */
export type ChangeEmailInput = {
  /** The new e-mail address. Surrounding spaces and letter case are ignored. */
  newEmail: string;
};

/** The current password and the new one. */
export type ChangePasswordInput = {
  /** The current password, exactly as typed. */
  currentPassword: string;
  /** The new password, exactly as typed: 8 to 256 characters. Common passwords and the e-mail address are not allowed. */
  newPassword: string;
};

/** The code that confirms the new address. */
export type ConfirmEmailChangeInput = {
  /** The `challengeId` from the response of `changeEmail`. */
  challengeId: string;
  /** The 6-digit code that `changeEmail` mailed to the new address. */
  otp: string;
};

/** The first code of a new authenticator app. */
export type ConfirmTotpInput = {
  /** The 6-digit code that the authenticator app shows. */
  totp: string;
};

/** The API key to create. */
export type CreateApiKeyInput = {
  /** Days until the key expires: at most 366, 90 by default. */
  expiresInDays?: number | null | undefined;
  /** Purpose of the key: 1 to 100 characters. */
  name: string;
  /** Permissions of the key. */
  scope: ApiKeyScope;
};

/** The user to create. */
export type CreateUserInput = {
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** First name, at most 150 characters. */
  firstName?: string | null | undefined;
  /** Last name, at most 150 characters. */
  lastName?: string | null | undefined;
  /** A JSON object of at most 4,096 bytes, which only administrators write. */
  metadata?: unknown;
  /** The role of the user. `USER` by default. */
  role?: Role | null | undefined;
};

/** The webhook to create. */
export type CreateWebhookInput = {
  /** Purpose of the webhook. */
  description?: string | null | undefined;
  /** Types of messages: `user.created`, `audit.LOGIN_SUCCEEDED` and others. */
  events: Array<string>;
  /** Target of the messages: an `https` URL with a public address, without user, password and fragment. */
  url: string;
};

/** The user to delete. */
export type DeleteUserInput = {
  /** The address of the user, as a confirmation. */
  email: string;
  /** The `id` of the user. */
  id: string;
};

/** The webhook to delete. */
export type DeleteWebhookInput = {
  /** The `id` of the webhook. */
  id: string;
};

/** The user to disable. */
export type DisableUserInput = {
  /** The `id` of the user. */
  id: string;
};

/** The user to enable. */
export type EnableUserInput = {
  /** The `id` of the user. */
  id: string;
};

/** Kinds of second factors. */
export type FactorName =
  /** A passkey (WebAuthn). */
  | 'PASSKEY'
  /** A recovery code, which stands in for a lost factor once. */
  | 'RECOVERY_CODE'
  /** A code of an authenticator app (RFC 6238). */
  | 'TOTP';

/** The address that receives the reset code. */
export type ForgotPasswordInput = {
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
};

/** E-mail address and password. */
export type LoginInput = {
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** The current password, exactly as typed. */
  password: string;
};

/** The session to end. */
export type LogoutInput = {
  /** A refresh token of the session to end. If it is missing, the session of the cookie ends in cookie mode, or else that of the access token. */
  refreshToken?: string | null | undefined;
};

/** The sign-in that waits for a factor. */
export type PasskeyFactorOptionsInput = {
  /** The `challengeId` of the error `MFA_REQUIRED`. */
  challengeId: string;
};

/** The delivery to repeat. */
export type RedeliverInput = {
  /** The `id` of the delivery. */
  id: string;
};

/** The refresh token to exchange. */
export type RefreshTokensInput = {
  /** The newest refresh token. Required, except in cookie mode. If you did not receive the response, send the same token again. */
  refreshToken?: string | null | undefined;
};

/** The account to create. */
export type RegisterInput = {
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** First name, at most 150 characters. */
  firstName?: string | null | undefined;
  /** Last name, at most 150 characters. */
  lastName?: string | null | undefined;
  /** The new password, exactly as typed: 8 to 256 characters. Common passwords and the e-mail address are not allowed. */
  password: string;
};

/** The new passkey. */
export type RegisterPasskeyInput = {
  /** The credential of `navigator.credentials.create()`, as its `toJSON()` returns it (`RegistrationResponseJSON`). */
  credential: unknown;
  /** Name of the passkey: 1 to 100 characters. Default: the name of the authenticator, if it is well known. */
  name?: string | null | undefined;
};

/** The passkey to remove. */
export type RemovePasskeyInput = {
  /** The `id` of the passkey. */
  id: string;
};

/** The trusted device to remove. */
export type RemoveTrustedDeviceInput = {
  /** The `id` of one of your trusted devices. */
  id: string;
};

/** The passkey and its new name. */
export type RenamePasskeyInput = {
  /** The `id` of the passkey. */
  id: string;
  /** The new name: 1 to 100 characters. */
  name: string;
};

/** The address that receives the sign-in code. */
export type RequestOtpInput = {
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
};

/** The reset code and the new password. */
export type ResetPasswordInput = {
  /** The `challengeId` from the response to your request for the code. If it is missing, the code is compared with the newest challenges of the address. */
  challengeId?: string | null | undefined;
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** The 6-digit code. Spaces, dashes and invisible characters are ignored. */
  otp: string;
  /** The new password, exactly as typed: 8 to 256 characters. Common passwords and the e-mail address are not allowed. */
  password: string;
};

/** The user who has lost the second factors. */
export type ResetUserFactorsInput = {
  /** The `id` of the user. */
  id: string;
};

/** The API key to revoke. */
export type RevokeApiKeyInput = {
  /** The `id` of the API key. */
  id: string;
};

/** The session to end. */
export type RevokeSessionInput = {
  /** The `id` of one of your sessions. */
  id: string;
};

/** The user whose sessions end. */
export type RevokeUserSessionsInput = {
  /** The `id` of the user. */
  id: string;
};

/** Permissions of an account. */
export type Role =
  /** Can also manage all users and read their audit log. */
  | 'ADMIN'
  /** Can read and change its own account and sessions. */
  | 'USER';

/** The webhook that gets a new secret. */
export type RotateWebhookSecretInput = {
  /** The `id` of the webhook. */
  id: string;
};

/** The user and the new metadata. */
export type SetUserMetadataInput = {
  /** The `id` of the user. */
  id: string;
  /** A JSON object of at most 4,096 bytes, which only administrators write. Replaces the current one. */
  metadata: unknown;
};

/** The user and the new role. */
export type SetUserRoleInput = {
  /** The `id` of the user. */
  id: string;
  /** The role of the user. */
  role: Role;
};

/** The response of an authenticator. */
export type SignInWithPasskeyInput = {
  /** The credential of `navigator.credentials.get()`, as its `toJSON()` returns it (`AuthenticationResponseJSON`). */
  credential: unknown;
};

/** A proof of identity: the password or a code; for an account with a second factor, a factor. */
export type StepUpInput = {
  /** The `challengeId` from the response to your request for the code. If it is missing, the code is compared with the newest challenges of the address. */
  challengeId?: string | null | undefined;
  /** The 6-digit code that `requestStepUp` mailed to this session. */
  otp?: string | null | undefined;
  /** The credential of `navigator.credentials.get()`, as its `toJSON()` returns it (`AuthenticationResponseJSON`). */
  passkey?: unknown;
  /** The password, exactly as typed. Send this or another proof. */
  password?: string | null | undefined;
  /** One of the recovery codes. Letter case, spaces and dashes are ignored. */
  recoveryCode?: string | null | undefined;
  /** The 6-digit code that the authenticator app shows. */
  totp?: string | null | undefined;
};

/** The undo secret of a change. */
export type UndoEmailChangeInput = {
  /** The secret from the mail to the old address. */
  secret: string;
};

/** The undo secret of a change of the factors. */
export type UndoFactorChangeInput = {
  /** The secret from the mail about the factors. */
  secret: string;
};

/** The user to unlock. */
export type UnlockUserInput = {
  /** The `id` of the user. */
  id: string;
};

/** The fields to change. Omitted fields stay unchanged; `null` removes a value. */
export type UpdateProfileInput = {
  /** First name, at most 150 characters. */
  firstName?: string | null | undefined;
  /** Last name, at most 150 characters. */
  lastName?: string | null | undefined;
  /** Language of mails, if no language of the request is available. `null` lets the next sign-in set it. */
  locale?: string | null | undefined;
};

/** The webhook and its changes. Absent fields stay as they are. */
export type UpdateWebhookInput = {
  /** Purpose of the webhook. */
  description?: string | null | undefined;
  /** Switches the webhook on or off. Messages that wait are sent when it is on. */
  enabled?: boolean | null | undefined;
  /** Types of messages: `user.created`, `audit.LOGIN_SUCCEEDED` and others. */
  events?: Array<string> | null | undefined;
  /** The `id` of the webhook. */
  id: string;
  /** Target of the messages: an `https` URL with a public address, without user, password and fragment. */
  url?: string | null | undefined;
};

/** Filter for the list of users. Users must match all given conditions. */
export type UserFilter = {
  /** Only users created at or after this time. */
  createdFrom?: string | null | undefined;
  /** Only users created at or before this time. */
  createdTo?: string | null | undefined;
  /** Only addresses that begin with this text. Case-insensitive. */
  email?: string | null | undefined;
  /** Only users with this role. */
  role?: Role | null | undefined;
  /** Only users with this status. */
  status?: UserStatus | null | undefined;
};

/** Whether a user can sign in. */
export type UserStatus =
  /** Can sign in. */
  | 'ACTIVE'
  /** Cannot sign in. An administrator disabled the user. */
  | 'DISABLED'
  /** The first redeemed code will verify the address. */
  | 'UNVERIFIED';

/** The challenge of a sign-in, and the proof of one factor. */
export type VerifyFactorInput = {
  /** The `challengeId` of the error `MFA_REQUIRED`. */
  challengeId: string;
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** The credential of `navigator.credentials.get()`, as its `toJSON()` returns it (`AuthenticationResponseJSON`). */
  passkey?: unknown;
  /** One of the recovery codes. Letter case, spaces and dashes are ignored. */
  recoveryCode?: string | null | undefined;
  /** The 6-digit code that the authenticator app shows. */
  totp?: string | null | undefined;
  /** Whether later sign-ins of the account in this browser need no second factor, for `TRUSTED_DEVICE_DAYS`. Works in cookie mode only: a second cookie keeps the trust. The owner gets a notice. */
  trustDevice?: boolean | null | undefined;
};

/** The sign-in code to redeem. */
export type VerifyOtpInput = {
  /** The `challengeId` from the response to your request for the code. If it is missing, the code is compared with the newest challenges of the address. */
  challengeId?: string | null | undefined;
  /** An e-mail address. Surrounding spaces and letter case are ignored. */
  email: string;
  /** The 6-digit code. Spaces, dashes and invisible characters are ignored. */
  otp: string;
};

/** State of a delivery. */
export type WebhookDeliveryStatus =
  /** The receiver accepted it. */
  | 'DELIVERED'
  /** It was retried for three days, and is sent again only by `redeliver`. */
  | 'FAILED'
  /** Waits for its first or next attempt. */
  | 'PENDING';

export type AccountFragment = { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register: { detail: string, expiresIn: number, challengeId: string } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } | null };

export type KeyFragment = { id: string, name: string, scope: ApiKeyScope, start: string, createdAt: string, createdBy: string, expiresAt: string, lastUsedAt: string | null };

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { apiKeys: Array<{ id: string, name: string, scope: ApiKeyScope, start: string, createdAt: string, createdBy: string, expiresAt: string, lastUsedAt: string | null }> | null };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { id: string, name: string, scope: ApiKeyScope, start: string, createdAt: string, createdBy: string, expiresAt: string, lastUsedAt: string | null, key: string } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { detail: string } };

export type AuditLogsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
  filter?: AuditLogFilter | null | undefined;
  withTotalCount?: boolean;
}>;


export type AuditLogsQuery = { auditLogs: { totalCount?: number, totalCountCapped?: boolean, edges: Array<{ cursor: string, node: { id: string, event: string, email: string, ipAddress: string, userAgent: string, metadata: unknown, createdAt: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type EnrolledFragment = { detail: string, recoveryCodes: Array<string> };

export type VerifyFactorMutationVariables = Exact<{
  input: VerifyFactorInput;
}>;


export type VerifyFactorMutation = { verifyFactor: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } } };

export type FactorsQueryVariables = Exact<{ [key: string]: never; }>;


export type FactorsQuery = { factors: { kinds: Array<FactorName>, recoveryCodesLeft: number } | null };

export type EnrollTotpMutationVariables = Exact<{ [key: string]: never; }>;


export type EnrollTotpMutation = { enrollTotp: { secret: string, uri: string, qrCode: string, expiresIn: number } };

export type ConfirmTotpMutationVariables = Exact<{
  input: ConfirmTotpInput;
}>;


export type ConfirmTotpMutation = { confirmTotp: { detail: string, recoveryCodes: Array<string> } };

export type RemoveTotpMutationVariables = Exact<{ [key: string]: never; }>;


export type RemoveTotpMutation = { removeTotp: { detail: string } };

export type RenewRecoveryCodesMutationVariables = Exact<{ [key: string]: never; }>;


export type RenewRecoveryCodesMutation = { renewRecoveryCodes: { detail: string, recoveryCodes: Array<string> } };

export type UndoFactorChangeMutationVariables = Exact<{
  input: UndoFactorChangeInput;
}>;


export type UndoFactorChangeMutation = { undoFactorChange: { detail: string } };

export type TrustedDevicesQueryVariables = Exact<{ [key: string]: never; }>;


export type TrustedDevicesQuery = { trustedDevices: Array<{ id: string, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string, userAgent: string, current: boolean }> | null };

export type RemoveTrustedDeviceMutationVariables = Exact<{
  input: RemoveTrustedDeviceInput;
}>;


export type RemoveTrustedDeviceMutation = { removeTrustedDevice: { detail: string } };

export type EventCountsQueryVariables = Exact<{
  hours?: boolean;
  days?: boolean;
}>;


export type EventCountsQuery = { eventCounts: { hours?: Array<{ event: AuditEventName, since: string, count: number }>, days?: Array<{ event: AuditEventName, since: string, count: number }> } | null };

export type OutboxQueryVariables = Exact<{ [key: string]: never; }>;


export type OutboxQuery = { outbox: { waiting: Array<{ kind: string, count: number, oldest: number }>, failed: Array<{ id: string, kind: string, outcome: string, attempts: number, createdAt: string, lastError: string | null }> } | null };

export type SigningKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type SigningKeysQuery = { signingKeys: Array<{ kid: string, alg: string, state: string, createdAt: string, signsFrom: string, verifiesUntil: string | null }> | null };

export type RequestStepUpMutationVariables = Exact<{ [key: string]: never; }>;


export type RequestStepUpMutation = { requestStepUp: { detail: string, expiresIn: number, challengeId: string } };

export type StepUpMutationVariables = Exact<{
  input: StepUpInput;
}>;


export type StepUpMutation = { stepUp: { detail: string, expiresIn: number } };

export type ExportMyDataMutationVariables = Exact<{ [key: string]: never; }>;


export type ExportMyDataMutation = { exportMyData: unknown };

export type DeleteMyAccountMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteMyAccountMutation = { deleteMyAccount: { detail: string } };

export type ChangeEmailMutationVariables = Exact<{
  input: ChangeEmailInput;
}>;


export type ChangeEmailMutation = { changeEmail: { detail: string, expiresIn: number, challengeId: string } };

export type ConfirmEmailChangeMutationVariables = Exact<{
  input: ConfirmEmailChangeInput;
}>;


export type ConfirmEmailChangeMutation = { confirmEmailChange: { detail: string } };

export type UndoEmailChangeMutationVariables = Exact<{
  input: UndoEmailChangeInput;
}>;


export type UndoEmailChangeMutation = { undoEmailChange: { detail: string } };

export type PasskeyFieldsFragment = { id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean };

export type PasskeyListFieldsFragment = { rpId: string, userId: string | null, passkeys: Array<{ id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean }> };

export type PasskeysQueryVariables = Exact<{ [key: string]: never; }>;


export type PasskeysQuery = { passkeys: { rpId: string, userId: string | null, passkeys: Array<{ id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean }> } | null };

export type PasskeySignInOptionsMutationVariables = Exact<{ [key: string]: never; }>;


export type PasskeySignInOptionsMutation = { passkeySignInOptions: { options: unknown, expiresIn: number } };

export type SignInWithPasskeyMutationVariables = Exact<{
  input: SignInWithPasskeyInput;
}>;


export type SignInWithPasskeyMutation = { signInWithPasskey: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } } };

export type PasskeyFactorOptionsMutationVariables = Exact<{
  input: PasskeyFactorOptionsInput;
}>;


export type PasskeyFactorOptionsMutation = { passkeyFactorOptions: { options: unknown, expiresIn: number } };

export type PasskeyStepUpOptionsMutationVariables = Exact<{ [key: string]: never; }>;


export type PasskeyStepUpOptionsMutation = { passkeyStepUpOptions: { options: unknown, expiresIn: number } };

export type PasskeyRegistrationOptionsMutationVariables = Exact<{ [key: string]: never; }>;


export type PasskeyRegistrationOptionsMutation = { passkeyRegistrationOptions: { options: unknown, expiresIn: number } };

export type RegisterPasskeyMutationVariables = Exact<{
  input: RegisterPasskeyInput;
}>;


export type RegisterPasskeyMutation = { registerPasskey: { id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean, recoveryCodes: Array<string> } };

export type RenamePasskeyMutationVariables = Exact<{
  input: RenamePasskeyInput;
}>;


export type RenamePasskeyMutation = { renamePasskey: { id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean } };

export type RemovePasskeyMutationVariables = Exact<{
  input: RemovePasskeyInput;
}>;


export type RemovePasskeyMutation = { removePasskey: { rpId: string, userId: string | null, passkeys: Array<{ id: string, credentialId: string, name: string, createdAt: string, lastUsedAt: string | null, backedUp: boolean }> } };

export type ForgotPasswordMutationVariables = Exact<{
  input: ForgotPasswordInput;
}>;


export type ForgotPasswordMutation = { forgotPassword: { detail: string, expiresIn: number, challengeId: string } };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword: { detail: string } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { detail: string } };

export type ChallengeFragment = { detail: string, expiresIn: number, challengeId: string };

export type SignedInFragment = { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login: { detail: string, expiresIn: number, challengeId: string } };

export type RequestOtpMutationVariables = Exact<{
  input: RequestOtpInput;
}>;


export type RequestOtpMutation = { requestOtp: { detail: string, expiresIn: number, challengeId: string } };

export type VerifyOtpMutationVariables = Exact<{
  input: VerifyOtpInput;
}>;


export type VerifyOtpMutation = { verifyOtp: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } } };

export type RefreshTokensMutationVariables = Exact<{
  input: RefreshTokensInput;
}>;


export type RefreshTokensMutation = { refreshTokens: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null } } };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { sessions: Array<{ id: string, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string, userAgent: string, current: boolean }> | null };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { revokeSession: { detail: string, ids: Array<string> } };

export type RevokeOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeOtherSessionsMutation = { revokeOtherSessions: { detail: string, ids: Array<string> } };

export type LogoutMutationVariables = Exact<{
  input?: LogoutInput | null | undefined;
}>;


export type LogoutMutation = { logout: { detail: string } };

export type ManagedFragment = { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown };

export type UsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: UserFilter | null | undefined;
}>;


export type UsersQuery = { users: { edges: Array<{ cursor: string, node: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type UserQueryVariables = Exact<{
  id?: string | null | undefined;
  email?: string | null | undefined;
}>;


export type UserQuery = { user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown, sessions: Array<{ id: string, createdAt: string, lastUsedAt: string, expiresAt: string, ipAddress: string, userAgent: string, current: boolean }>, locks: Array<{ limit: string, subject: string, unlockIn: number }> | null, counts: { sessions: number, auditEvents: number } } | null };

export type DisableUserMutationVariables = Exact<{
  input: DisableUserInput;
}>;


export type DisableUserMutation = { disableUser: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type EnableUserMutationVariables = Exact<{
  input: EnableUserInput;
}>;


export type EnableUserMutation = { enableUser: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type SetUserRoleMutationVariables = Exact<{
  input: SetUserRoleInput;
}>;


export type SetUserRoleMutation = { setUserRole: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type SetUserMetadataMutationVariables = Exact<{
  input: SetUserMetadataInput;
}>;


export type SetUserMetadataMutation = { setUserMetadata: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type UnlockUserMutationVariables = Exact<{
  input: UnlockUserInput;
}>;


export type UnlockUserMutation = { unlockUser: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, hasFactor: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null, locale: string | null, status: UserStatus, disabledAt: string | null, metadata: unknown } };

export type RevokeUserSessionsMutationVariables = Exact<{
  input: RevokeUserSessionsInput;
}>;


export type RevokeUserSessionsMutation = { revokeUserSessions: { detail: string, ids: Array<string> } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type DeleteUserMutation = { deleteUser: { detail: string } };

export type ResetUserFactorsMutationVariables = Exact<{
  input: ResetUserFactorsInput;
}>;


export type ResetUserFactorsMutation = { resetUserFactors: { detail: string, dueAt: string } };

export type WebhookFieldsFragment = { id: string, url: string, description: string, events: Array<string>, createdAt: string, failingSince: string | null, disabledAt: string | null };

export type WebhookDeliveryFieldsFragment = { id: string, webhookId: string, messageId: string, type: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, attemptedAt: string | null, dueAt: string | null, endedAt: string | null, lastError: string | null };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: Array<{ id: string, url: string, description: string, events: Array<string>, createdAt: string, failingSince: string | null, disabledAt: string | null }> | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  webhookId: string;
  status?: WebhookDeliveryStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { webhookDeliveries: { edges: Array<{ cursor: string, node: { id: string, webhookId: string, messageId: string, type: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, attemptedAt: string | null, dueAt: string | null, endedAt: string | null, lastError: string | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { id: string, url: string, description: string, events: Array<string>, createdAt: string, failingSince: string | null, disabledAt: string | null, secret: string } };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { id: string, url: string, description: string, events: Array<string>, createdAt: string, failingSince: string | null, disabledAt: string | null } };

export type DeleteWebhookMutationVariables = Exact<{
  input: DeleteWebhookInput;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { detail: string } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { id: string, url: string, description: string, events: Array<string>, createdAt: string, failingSince: string | null, disabledAt: string | null, secret: string } };

export type RedeliverMutationVariables = Exact<{
  input: RedeliverInput;
}>;


export type RedeliverMutation = { redeliver: { id: string, webhookId: string, messageId: string, type: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, attemptedAt: string | null, dueAt: string | null, endedAt: string | null, lastError: string | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const KeyFragmentDoc = new TypedDocumentString(`
    fragment Key on ApiKey {
  id
  name
  scope
  start
  createdAt
  createdBy
  expiresAt
  lastUsedAt
}
    `, {"fragmentName":"Key"}) as unknown as TypedDocumentString<KeyFragment, unknown>;
export const EnrolledFragmentDoc = new TypedDocumentString(`
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}
    `, {"fragmentName":"Enrolled"}) as unknown as TypedDocumentString<EnrolledFragment, unknown>;
export const PasskeyFieldsFragmentDoc = new TypedDocumentString(`
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
    `, {"fragmentName":"PasskeyFields"}) as unknown as TypedDocumentString<PasskeyFieldsFragment, unknown>;
export const PasskeyListFieldsFragmentDoc = new TypedDocumentString(`
    fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}`, {"fragmentName":"PasskeyListFields"}) as unknown as TypedDocumentString<PasskeyListFieldsFragment, unknown>;
export const ChallengeFragmentDoc = new TypedDocumentString(`
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}
    `, {"fragmentName":"Challenge"}) as unknown as TypedDocumentString<ChallengeFragment, unknown>;
export const AccountFragmentDoc = new TypedDocumentString(`
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
    `, {"fragmentName":"Account"}) as unknown as TypedDocumentString<AccountFragment, unknown>;
export const SignedInFragmentDoc = new TypedDocumentString(`
    fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`, {"fragmentName":"SignedIn"}) as unknown as TypedDocumentString<SignedInFragment, unknown>;
export const ManagedFragmentDoc = new TypedDocumentString(`
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}
    `, {"fragmentName":"Managed"}) as unknown as TypedDocumentString<ManagedFragment, unknown>;
export const WebhookFieldsFragmentDoc = new TypedDocumentString(`
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}
    `, {"fragmentName":"WebhookFields"}) as unknown as TypedDocumentString<WebhookFieldsFragment, unknown>;
export const WebhookDeliveryFieldsFragmentDoc = new TypedDocumentString(`
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}
    `, {"fragmentName":"WebhookDeliveryFields"}) as unknown as TypedDocumentString<WebhookDeliveryFieldsFragment, unknown>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...Account
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys {
  apiKeys {
    ...Key
  }
}
    fragment Key on ApiKey {
  id
  name
  scope
  start
  createdAt
  createdBy
  expiresAt
  lastUsedAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    id
    name
    scope
    start
    createdAt
    createdBy
    expiresAt
    lastUsedAt
    key
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const AuditLogsDocument = new TypedDocumentString(`
    query AuditLogs($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditLogFilter, $withTotalCount: Boolean! = false) {
  auditLogs(
    first: $first
    after: $after
    last: $last
    before: $before
    offset: $offset
    filter: $filter
  ) {
    edges {
      cursor
      node {
        id
        event
        email
        ipAddress
        userAgent
        metadata
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    totalCount @include(if: $withTotalCount)
    totalCountCapped @include(if: $withTotalCount)
  }
}
    `) as unknown as TypedDocumentString<AuditLogsQuery, AuditLogsQueryVariables>;
export const VerifyFactorDocument = new TypedDocumentString(`
    mutation VerifyFactor($input: VerifyFactorInput!) {
  verifyFactor(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`) as unknown as TypedDocumentString<VerifyFactorMutation, VerifyFactorMutationVariables>;
export const FactorsDocument = new TypedDocumentString(`
    query Factors {
  factors {
    kinds
    recoveryCodesLeft
  }
}
    `) as unknown as TypedDocumentString<FactorsQuery, FactorsQueryVariables>;
export const EnrollTotpDocument = new TypedDocumentString(`
    mutation EnrollTotp {
  enrollTotp {
    secret
    uri
    qrCode
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<EnrollTotpMutation, EnrollTotpMutationVariables>;
export const ConfirmTotpDocument = new TypedDocumentString(`
    mutation ConfirmTotp($input: ConfirmTotpInput!) {
  confirmTotp(input: $input) {
    ...Enrolled
  }
}
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}`) as unknown as TypedDocumentString<ConfirmTotpMutation, ConfirmTotpMutationVariables>;
export const RemoveTotpDocument = new TypedDocumentString(`
    mutation RemoveTotp {
  removeTotp {
    detail
  }
}
    `) as unknown as TypedDocumentString<RemoveTotpMutation, RemoveTotpMutationVariables>;
export const RenewRecoveryCodesDocument = new TypedDocumentString(`
    mutation RenewRecoveryCodes {
  renewRecoveryCodes {
    ...Enrolled
  }
}
    fragment Enrolled on EnrolledFactor {
  detail
  recoveryCodes
}`) as unknown as TypedDocumentString<RenewRecoveryCodesMutation, RenewRecoveryCodesMutationVariables>;
export const UndoFactorChangeDocument = new TypedDocumentString(`
    mutation UndoFactorChange($input: UndoFactorChangeInput!) {
  undoFactorChange(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<UndoFactorChangeMutation, UndoFactorChangeMutationVariables>;
export const TrustedDevicesDocument = new TypedDocumentString(`
    query TrustedDevices {
  trustedDevices {
    id
    createdAt
    lastUsedAt
    expiresAt
    ipAddress
    userAgent
    current
  }
}
    `) as unknown as TypedDocumentString<TrustedDevicesQuery, TrustedDevicesQueryVariables>;
export const RemoveTrustedDeviceDocument = new TypedDocumentString(`
    mutation RemoveTrustedDevice($input: RemoveTrustedDeviceInput!) {
  removeTrustedDevice(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<RemoveTrustedDeviceMutation, RemoveTrustedDeviceMutationVariables>;
export const EventCountsDocument = new TypedDocumentString(`
    query EventCounts($hours: Boolean! = true, $days: Boolean! = true) {
  eventCounts {
    hours @include(if: $hours) {
      event
      since
      count
    }
    days @include(if: $days) {
      event
      since
      count
    }
  }
}
    `) as unknown as TypedDocumentString<EventCountsQuery, EventCountsQueryVariables>;
export const OutboxDocument = new TypedDocumentString(`
    query Outbox {
  outbox {
    waiting {
      kind
      count
      oldest
    }
    failed {
      id
      kind
      outcome
      attempts
      createdAt
      lastError
    }
  }
}
    `) as unknown as TypedDocumentString<OutboxQuery, OutboxQueryVariables>;
export const SigningKeysDocument = new TypedDocumentString(`
    query SigningKeys {
  signingKeys {
    kid
    alg
    state
    createdAt
    signsFrom
    verifiesUntil
  }
}
    `) as unknown as TypedDocumentString<SigningKeysQuery, SigningKeysQueryVariables>;
export const RequestStepUpDocument = new TypedDocumentString(`
    mutation RequestStepUp {
  requestStepUp {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<RequestStepUpMutation, RequestStepUpMutationVariables>;
export const StepUpDocument = new TypedDocumentString(`
    mutation StepUp($input: StepUpInput!) {
  stepUp(input: $input) {
    detail
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<StepUpMutation, StepUpMutationVariables>;
export const ExportMyDataDocument = new TypedDocumentString(`
    mutation ExportMyData {
  exportMyData
}
    `) as unknown as TypedDocumentString<ExportMyDataMutation, ExportMyDataMutationVariables>;
export const DeleteMyAccountDocument = new TypedDocumentString(`
    mutation DeleteMyAccount {
  deleteMyAccount {
    detail
  }
}
    `) as unknown as TypedDocumentString<DeleteMyAccountMutation, DeleteMyAccountMutationVariables>;
export const ChangeEmailDocument = new TypedDocumentString(`
    mutation ChangeEmail($input: ChangeEmailInput!) {
  changeEmail(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<ChangeEmailMutation, ChangeEmailMutationVariables>;
export const ConfirmEmailChangeDocument = new TypedDocumentString(`
    mutation ConfirmEmailChange($input: ConfirmEmailChangeInput!) {
  confirmEmailChange(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<ConfirmEmailChangeMutation, ConfirmEmailChangeMutationVariables>;
export const UndoEmailChangeDocument = new TypedDocumentString(`
    mutation UndoEmailChange($input: UndoEmailChangeInput!) {
  undoEmailChange(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<UndoEmailChangeMutation, UndoEmailChangeMutationVariables>;
export const PasskeysDocument = new TypedDocumentString(`
    query Passkeys {
  passkeys {
    ...PasskeyListFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}`) as unknown as TypedDocumentString<PasskeysQuery, PasskeysQueryVariables>;
export const PasskeySignInOptionsDocument = new TypedDocumentString(`
    mutation PasskeySignInOptions {
  passkeySignInOptions {
    options
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<PasskeySignInOptionsMutation, PasskeySignInOptionsMutationVariables>;
export const SignInWithPasskeyDocument = new TypedDocumentString(`
    mutation SignInWithPasskey($input: SignInWithPasskeyInput!) {
  signInWithPasskey(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`) as unknown as TypedDocumentString<SignInWithPasskeyMutation, SignInWithPasskeyMutationVariables>;
export const PasskeyFactorOptionsDocument = new TypedDocumentString(`
    mutation PasskeyFactorOptions($input: PasskeyFactorOptionsInput!) {
  passkeyFactorOptions(input: $input) {
    options
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<PasskeyFactorOptionsMutation, PasskeyFactorOptionsMutationVariables>;
export const PasskeyStepUpOptionsDocument = new TypedDocumentString(`
    mutation PasskeyStepUpOptions {
  passkeyStepUpOptions {
    options
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<PasskeyStepUpOptionsMutation, PasskeyStepUpOptionsMutationVariables>;
export const PasskeyRegistrationOptionsDocument = new TypedDocumentString(`
    mutation PasskeyRegistrationOptions {
  passkeyRegistrationOptions {
    options
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<PasskeyRegistrationOptionsMutation, PasskeyRegistrationOptionsMutationVariables>;
export const RegisterPasskeyDocument = new TypedDocumentString(`
    mutation RegisterPasskey($input: RegisterPasskeyInput!) {
  registerPasskey(input: $input) {
    id
    credentialId
    name
    createdAt
    lastUsedAt
    backedUp
    recoveryCodes
  }
}
    `) as unknown as TypedDocumentString<RegisterPasskeyMutation, RegisterPasskeyMutationVariables>;
export const RenamePasskeyDocument = new TypedDocumentString(`
    mutation RenamePasskey($input: RenamePasskeyInput!) {
  renamePasskey(input: $input) {
    ...PasskeyFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}`) as unknown as TypedDocumentString<RenamePasskeyMutation, RenamePasskeyMutationVariables>;
export const RemovePasskeyDocument = new TypedDocumentString(`
    mutation RemovePasskey($input: RemovePasskeyInput!) {
  removePasskey(input: $input) {
    ...PasskeyListFields
  }
}
    fragment PasskeyFields on Passkey {
  id
  credentialId
  name
  createdAt
  lastUsedAt
  backedUp
}
fragment PasskeyListFields on PasskeyList {
  rpId
  userId
  passkeys {
    ...PasskeyFields
  }
}`) as unknown as TypedDocumentString<RemovePasskeyMutation, RemovePasskeyMutationVariables>;
export const ForgotPasswordDocument = new TypedDocumentString(`
    mutation ForgotPassword($input: ForgotPasswordInput!) {
  forgotPassword(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<ForgotPasswordMutation, ForgotPasswordMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const RequestOtpDocument = new TypedDocumentString(`
    mutation RequestOtp($input: RequestOtpInput!) {
  requestOtp(input: $input) {
    ...Challenge
  }
}
    fragment Challenge on OtpChallenge {
  detail
  expiresIn
  challengeId
}`) as unknown as TypedDocumentString<RequestOtpMutation, RequestOtpMutationVariables>;
export const VerifyOtpDocument = new TypedDocumentString(`
    mutation VerifyOtp($input: VerifyOtpInput!) {
  verifyOtp(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`) as unknown as TypedDocumentString<VerifyOtpMutation, VerifyOtpMutationVariables>;
export const RefreshTokensDocument = new TypedDocumentString(`
    mutation RefreshTokens($input: RefreshTokensInput!) {
  refreshTokens(input: $input) {
    ...SignedIn
  }
}
    fragment Account on User {
  id
  email
  emailVerified
  hasPassword
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
}
fragment SignedIn on AuthPayload {
  accessToken
  refreshToken
  tokenType
  expiresIn
  user {
    ...Account
  }
}`) as unknown as TypedDocumentString<RefreshTokensMutation, RefreshTokensMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  sessions {
    id
    createdAt
    lastUsedAt
    expiresAt
    ipAddress
    userAgent
    current
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    detail
    ids
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions {
  revokeOtherSessions {
    detail
    ids
  }
}
    `) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout($input: LogoutInput) {
  logout(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int, $after: String, $filter: UserFilter) {
  users(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        ...Managed
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const UserDocument = new TypedDocumentString(`
    query User($id: ID, $email: String) {
  user(id: $id, email: $email) {
    ...Managed
    sessions {
      id
      createdAt
      lastUsedAt
      expiresAt
      ipAddress
      userAgent
      current
    }
    locks {
      limit
      subject
      unlockIn
    }
    counts {
      sessions
      auditEvents
    }
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<UserQuery, UserQueryVariables>;
export const DisableUserDocument = new TypedDocumentString(`
    mutation DisableUser($input: DisableUserInput!) {
  disableUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<DisableUserMutation, DisableUserMutationVariables>;
export const EnableUserDocument = new TypedDocumentString(`
    mutation EnableUser($input: EnableUserInput!) {
  enableUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<EnableUserMutation, EnableUserMutationVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const SetUserRoleDocument = new TypedDocumentString(`
    mutation SetUserRole($input: SetUserRoleInput!) {
  setUserRole(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<SetUserRoleMutation, SetUserRoleMutationVariables>;
export const SetUserMetadataDocument = new TypedDocumentString(`
    mutation SetUserMetadata($input: SetUserMetadataInput!) {
  setUserMetadata(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<SetUserMetadataMutation, SetUserMetadataMutationVariables>;
export const UnlockUserDocument = new TypedDocumentString(`
    mutation UnlockUser($input: UnlockUserInput!) {
  unlockUser(input: $input) {
    ...Managed
  }
}
    fragment Managed on ManagedUser {
  id
  email
  emailVerified
  hasPassword
  hasFactor
  firstName
  lastName
  role
  createdAt
  lastLoginAt
  locale
  status
  disabledAt
  metadata
}`) as unknown as TypedDocumentString<UnlockUserMutation, UnlockUserMutationVariables>;
export const RevokeUserSessionsDocument = new TypedDocumentString(`
    mutation RevokeUserSessions($input: RevokeUserSessionsInput!) {
  revokeUserSessions(input: $input) {
    detail
    ids
  }
}
    `) as unknown as TypedDocumentString<RevokeUserSessionsMutation, RevokeUserSessionsMutationVariables>;
export const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($input: DeleteUserInput!) {
  deleteUser(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const ResetUserFactorsDocument = new TypedDocumentString(`
    mutation ResetUserFactors($input: ResetUserFactorsInput!) {
  resetUserFactors(input: $input) {
    detail
    dueAt
  }
}
    `) as unknown as TypedDocumentString<ResetUserFactorsMutation, ResetUserFactorsMutationVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks {
  webhooks {
    ...WebhookFields
  }
}
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($webhookId: ID!, $status: WebhookDeliveryStatus, $first: Int, $after: String) {
  webhookDeliveries(
    webhookId: $webhookId
    status: $status
    first: $first
    after: $after
  ) {
    edges {
      cursor
      node {
        ...WebhookDeliveryFields
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}`) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    id
    url
    description
    events
    createdAt
    failingSince
    disabledAt
    secret
  }
}
    `) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    ...WebhookFields
  }
}
    fragment WebhookFields on Webhook {
  id
  url
  description
  events
  createdAt
  failingSince
  disabledAt
}`) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    detail
  }
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    id
    url
    description
    events
    createdAt
    failingSince
    disabledAt
    secret
  }
}
    `) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const RedeliverDocument = new TypedDocumentString(`
    mutation Redeliver($input: RedeliverInput!) {
  redeliver(input: $input) {
    ...WebhookDeliveryFields
  }
}
    fragment WebhookDeliveryFields on WebhookDelivery {
  id
  webhookId
  messageId
  type
  status
  attempts
  createdAt
  attemptedAt
  dueAt
  endedAt
  lastError
}`) as unknown as TypedDocumentString<RedeliverMutation, RedeliverMutationVariables>;