/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "fragment Account on User {\n  id\n  email\n  emailVerified\n  hasPassword\n  firstName\n  lastName\n  role\n  createdAt\n  lastLoginAt\n}\n\nmutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    ...Account\n  }\n}\n\nquery Me {\n  me {\n    ...Account\n  }\n}": typeof types.AccountFragmentDoc,
    "query AuditLogs($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditLogFilter, $withTotalCount: Boolean! = false) {\n  auditLogs(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n    filter: $filter\n  ) {\n    edges {\n      cursor\n      node {\n        id\n        event\n        email\n        ipAddress\n        userAgent\n        metadata\n        createdAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    totalCount @include(if: $withTotalCount)\n    totalCountCapped @include(if: $withTotalCount)\n  }\n}": typeof types.AuditLogsDocument,
    "mutation ForgotPassword($input: ForgotPasswordInput!) {\n  forgotPassword(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    detail\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    detail\n  }\n}": typeof types.ForgotPasswordDocument,
    "fragment Challenge on OtpChallenge {\n  detail\n  expiresIn\n  challengeId\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  refreshToken\n  tokenType\n  expiresIn\n  user {\n    ...Account\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation RequestOtp($input: RequestOtpInput!) {\n  requestOtp(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation RefreshTokens($input: RefreshTokensInput!) {\n  refreshTokens(input: $input) {\n    ...SignedIn\n  }\n}\n\nquery Sessions {\n  sessions {\n    id\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    current\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    detail\n    ids\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    detail\n    ids\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    detail\n  }\n}": typeof types.ChallengeFragmentDoc,
};
const documents: Documents = {
    "fragment Account on User {\n  id\n  email\n  emailVerified\n  hasPassword\n  firstName\n  lastName\n  role\n  createdAt\n  lastLoginAt\n}\n\nmutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    ...Account\n  }\n}\n\nquery Me {\n  me {\n    ...Account\n  }\n}": types.AccountFragmentDoc,
    "query AuditLogs($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditLogFilter, $withTotalCount: Boolean! = false) {\n  auditLogs(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n    filter: $filter\n  ) {\n    edges {\n      cursor\n      node {\n        id\n        event\n        email\n        ipAddress\n        userAgent\n        metadata\n        createdAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    totalCount @include(if: $withTotalCount)\n    totalCountCapped @include(if: $withTotalCount)\n  }\n}": types.AuditLogsDocument,
    "mutation ForgotPassword($input: ForgotPasswordInput!) {\n  forgotPassword(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    detail\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    detail\n  }\n}": types.ForgotPasswordDocument,
    "fragment Challenge on OtpChallenge {\n  detail\n  expiresIn\n  challengeId\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  refreshToken\n  tokenType\n  expiresIn\n  user {\n    ...Account\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation RequestOtp($input: RequestOtpInput!) {\n  requestOtp(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation RefreshTokens($input: RefreshTokensInput!) {\n  refreshTokens(input: $input) {\n    ...SignedIn\n  }\n}\n\nquery Sessions {\n  sessions {\n    id\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    current\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    detail\n    ids\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    detail\n    ids\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    detail\n  }\n}": types.ChallengeFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Account on User {\n  id\n  email\n  emailVerified\n  hasPassword\n  firstName\n  lastName\n  role\n  createdAt\n  lastLoginAt\n}\n\nmutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    ...Account\n  }\n}\n\nquery Me {\n  me {\n    ...Account\n  }\n}"): typeof import('./graphql.ts').AccountFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query AuditLogs($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditLogFilter, $withTotalCount: Boolean! = false) {\n  auditLogs(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    offset: $offset\n    filter: $filter\n  ) {\n    edges {\n      cursor\n      node {\n        id\n        event\n        email\n        ipAddress\n        userAgent\n        metadata\n        createdAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      hasPreviousPage\n      startCursor\n      endCursor\n    }\n    totalCount @include(if: $withTotalCount)\n    totalCountCapped @include(if: $withTotalCount)\n  }\n}"): typeof import('./graphql.ts').AuditLogsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ForgotPassword($input: ForgotPasswordInput!) {\n  forgotPassword(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    detail\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    detail\n  }\n}"): typeof import('./graphql.ts').ForgotPasswordDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment Challenge on OtpChallenge {\n  detail\n  expiresIn\n  challengeId\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  refreshToken\n  tokenType\n  expiresIn\n  user {\n    ...Account\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation RequestOtp($input: RequestOtpInput!) {\n  requestOtp(input: $input) {\n    ...Challenge\n  }\n}\n\nmutation VerifyOtp($input: VerifyOtpInput!) {\n  verifyOtp(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation RefreshTokens($input: RefreshTokensInput!) {\n  refreshTokens(input: $input) {\n    ...SignedIn\n  }\n}\n\nquery Sessions {\n  sessions {\n    id\n    createdAt\n    lastUsedAt\n    expiresAt\n    ipAddress\n    userAgent\n    current\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    detail\n    ids\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    detail\n    ids\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    detail\n  }\n}"): typeof import('./graphql.ts').ChallengeFragmentDoc;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
