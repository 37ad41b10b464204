/** A tab that GraphiQL opens with: an operation, and variables to edit. */
export interface Tab {
  readonly query: string;
  readonly variables: string;
  readonly headers?: string;
}

const tab = (query: string, variables: object = {}): Tab => ({
  query,
  variables: JSON.stringify(variables, null, 2),
});

const email = 'ada@example.com';
const password = 'wool-lantern-73';
const bearer = { Authorization: 'Bearer <the accessToken of verifyOtp>' };

/** The sign-in, in the order in which a person walks it. */
export const signInTabs: Tab[] = [
  tab(
    `# 1. Makes an account.
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    detail
  }
}`,
    { input: { email, password } },
  ),
  tab(
    `# 2. Checks the password and mails a code. While \`npm start\` runs, /inbox shows it.
mutation Login($input: LoginInput!) {
  login(input: $input) {
    expiresIn
    challengeId
  }
}`,
    { input: { email, password } },
  ),
  tab(
    `# 3. Redeems the code: put it, and the challengeId, into the variables.
mutation VerifyOtp($input: VerifyOtpInput!) {
  verifyOtp(input: $input) {
    accessToken
    refreshToken
    expiresIn
    user {
      id
      email
    }
  }
}`,
    { input: { email, otp: '000000', challengeId: null } },
  ),
  {
    ...tab(`# 4. Who is signed in: put the accessToken into the headers.
query Me {
  me {
    email
    emailVerified
    hasPassword
    role
  }
  auditLogs(first: 5) {
    edges {
      node {
        event
        createdAt
        ipAddress
      }
    }
  }
}`),
    headers: JSON.stringify(bearer, null, 2),
  },
  tab(
    `# Without a password: mails a code to a known or a new address.
mutation RequestOtp($input: RequestOtpInput!) {
  requestOtp(input: $input) {
    expiresIn
    challengeId
  }
}`,
    { input: { email } },
  ),
];
