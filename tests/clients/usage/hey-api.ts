import { login as post, sessions } from '../.generated/rest/hey-api/sdk.gen.ts';

/** Narrows each refusal by its code to the members that it has. */
export async function login(email: string, password: string): Promise<string> {
  const { data, error } = await post({ body: { email, password } });
  if (data) return data.challenge_id;
  if (error?.code === 'BAD_USER_INPUT') {
    const messages: string[] | undefined = error.errors.email;
    return messages?.join() ?? error.detail;
  }
  if (error?.code === 'RATE_LIMITED') return `wait ${error.retry_after satisfies number} s`;
  return error?.detail ?? '';
}

export async function sessionIds(access: string): Promise<string[]> {
  const { data } = await sessions({ headers: { authorization: `Bearer ${access}` } });
  return data?.map(({ id }) => id) ?? [];
}
