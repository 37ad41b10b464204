/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Every name that `event` of an audit event can have. */
export type AuditEventName =
  /** A session was ended by its owner. */
  | 'LOGGED_OUT'
  /** The password was wrong, or there is none. */
  | 'LOGIN_FAILED'
  /** Too many wrong passwords: a client has to wait. Recorded once per window. */
  | 'LOGIN_LOCKED'
  /** The password was right; a sign-in code was mailed. */
  | 'LOGIN_SUCCEEDED'
  /** A code was wrong, expired or already used. */
  | 'OTP_FAILED'
  /** Too many wrong codes: a client has to wait. Recorded once per window. */
  | 'OTP_LOCKED'
  /** A sign-in code was asked for. */
  | 'OTP_REQUESTED'
  /** A sign-in code was redeemed; a session was opened. */
  | 'OTP_VERIFIED'
  /** The owner set a new password; all other sessions ended. */
  | 'PASSWORD_CHANGED'
  /** A reset code was redeemed; a new password was set, all sessions ended. */
  | 'PASSWORD_RESET'
  /** A reset code was asked for. */
  | 'PASSWORD_RESET_REQUESTED'
  /** Names or the role of the account were changed. */
  | 'PROFILE_UPDATED'
  /** Too many requests: a client has to wait. Recorded once per window. */
  | 'RATE_LIMITED'
  /** Somebody registered the address. */
  | 'REGISTERED'
  /** A session was ended from another one, or by the limit of sessions. */
  | 'SESSION_REVOKED'
  /** A refresh token was exchanged. */
  | 'TOKEN_REFRESHED'
  /** A spent refresh token came back; its session ended. */
  | 'TOKEN_REUSED';

/** Which events; each further condition narrows it. */
export type AuditLogFilter = {
  /** Of this address, in any case. */
  email?: string | null | undefined;
  /** Of this name, in any case; an unknown one matches nothing. */
  event?: string | null | undefined;
  /** Matches any of these events. An empty list matches nothing. */
  events?: Array<AuditEventName> | null | undefined;
  /** Not before this moment. */
  from?: string | null | undefined;
  /** Not after this moment. */
  to?: string | null | undefined;
};

/** The password to set, and the one that it replaces. */
export type ChangePasswordInput = {
  /** Compared exactly as sent. */
  currentPassword: string;
  /** Taken exactly as sent: 8 to 256 characters, no common password. */
  newPassword: string;
};

/** Where a reset code shall be mailed. */
export type ForgotPasswordInput = {
  /** The address of the account. */
  email: string;
};

/** An address and its password. */
export type LoginInput = {
  /** The address of the account. */
  email: string;
  /** Compared exactly as sent. */
  password: string;
};

/** Which session ends. */
export type LogoutInput = {
  /** Of the session that ends; without it, that of the access token. */
  refreshToken?: string | null | undefined;
};

/** A refresh token, to be exchanged. */
export type RefreshTokensInput = {
  /** The newest refresh token. Currently required. If the answer was lost, send it again before you use another. */
  refreshToken?: string | null | undefined;
};

/** A new account. */
export type RegisterInput = {
  /** The address that codes are mailed to. */
  email: string;
  /** At most 150 characters. */
  firstName?: string | null | undefined;
  /** At most 150 characters. */
  lastName?: string | null | undefined;
  /** Taken exactly as sent: 8 to 256 characters, no common password. */
  password: string;
};

/** Where a sign-in code shall be mailed. */
export type RequestOtpInput = {
  /** The address to sign in with. */
  email: string;
};

/** A reset code, and the password to set. */
export type ResetPasswordInput = {
  /** The request that the code answers; without it, the newest of the address. */
  challengeId?: string | null | undefined;
  /** The address that the code was mailed to. */
  email: string;
  /** The 6 digits of the code. */
  otp: string;
  /** Taken exactly as sent: 8 to 256 characters, no common password. */
  password: string;
};

/** A session to end. */
export type RevokeSessionInput = {
  /** One of `sessions`. */
  id: string;
};

/** What an account may do beyond its own things. */
export type Role =
  /** Sees the audit log of everybody. */
  | 'ADMIN'
  /** Sees and changes its own things. */
  | 'USER';

/** What changes: an absent name stays as it is, `null` clears it. */
export type UpdateProfileInput = {
  /** At most 150 characters. */
  firstName?: string | null | undefined;
  /** At most 150 characters. */
  lastName?: string | null | undefined;
};

/** A sign-in code, to be redeemed. */
export type VerifyOtpInput = {
  /** The request that the code answers; without it, the newest of the address. */
  challengeId?: string | null | undefined;
  /** The address that the code was mailed to. */
  email: string;
  /** The 6 digits of the code. */
  otp: string;
};

export type AccountFragment = { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register: { detail: string, expiresIn: number, challengeId: string } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null } | null };

export type AuditLogsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  offset?: number | null | undefined;
  filter?: AuditLogFilter | null | undefined;
  withTotalCount?: boolean;
}>;


export type AuditLogsQuery = { auditLogs: { totalCount?: number, edges: Array<{ cursor: string, node: { id: string, event: string, email: string, ipAddress: string, userAgent: string, metadata: unknown, createdAt: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

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

export type SignedInFragment = { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null } };

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


export type VerifyOtpMutation = { verifyOtp: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null } } };

export type RefreshTokensMutationVariables = Exact<{
  input: RefreshTokensInput;
}>;


export type RefreshTokensMutation = { refreshTokens: { accessToken: string, refreshToken: string | null, tokenType: string, expiresIn: number, user: { id: string, email: string, emailVerified: boolean, hasPassword: boolean, firstName: string | null, lastName: string | null, role: Role, createdAt: string, lastLoginAt: string | null } } };

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
}`, {"fragmentName":"SignedIn"}) as unknown as TypedDocumentString<SignedInFragment, unknown>;
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
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
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
  }
}
    `) as unknown as TypedDocumentString<AuditLogsQuery, AuditLogsQueryVariables>;
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