/** A tab that GraphiQL opens with. What is to be edited stands in the operation itself. */
export interface Tab {
  readonly query: string;
  readonly headers?: string;
}

const bearer = { Authorization: 'Bearer <the accessToken of the second tab>' };

/** The sign-in, in the order in which a person walks it. */
export const signInTabs: Tab[] = [
  {
    query: `# 1. Creates an account and mails a code.
# While \`npm start\` runs, /inbox shows it.
mutation Register {
  register(input: {
    email: "ada@example.com"
    password: "wool-lantern-73"
  }) {
    expiresIn
    challengeId
  }
}`,
  },
  {
    query: `# 2. Redeems the code.
# Without the challengeId, the password of a registration is dropped.
mutation VerifyOtp {
  verifyOtp(input: {
    email: "ada@example.com"
    otp: "000000"
    challengeId: "<the challengeId of the first tab>"
  }) {
    accessToken
    refreshToken
    expiresIn
    user {
      id
      email
    }
  }
}`,
  },
  {
    query: `# 3. Shows the signed-in account and its events.
# Put the accessToken into the headers below.
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
}`,
    headers: JSON.stringify(bearer, null, 2),
  },
  {
    query: `# Next time: checks the password and mails a code for the second tab.
mutation Login {
  login(input: {
    email: "ada@example.com"
    password: "wool-lantern-73"
  }) {
    expiresIn
    challengeId
  }
}`,
  },
  {
    query: `# Without a password: mails a code to a known or a new address,
# for the second tab.
mutation RequestOtp {
  requestOtp(input: { email: "grace@example.com" }) {
    expiresIn
    challengeId
  }
}`,
  },
];
