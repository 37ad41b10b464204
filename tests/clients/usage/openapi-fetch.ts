import createClient from 'openapi-fetch';
import type { paths } from '../.generated/rest/openapi-typescript/schema.ts';

const client = createClient<paths>({ baseUrl: 'https://auth.example.com' });

/** Narrows each refusal by its code to the members that it has. */
export async function login(email: string, password: string): Promise<string> {
  const { data, error } = await client.POST('/api/v1/auth/login', { body: { email, password } });
  if (data) return data.challenge_id;
  if (error.code === 'BAD_USER_INPUT') {
    const messages: string[] | undefined = error.errors.email;
    return messages?.join() ?? error.detail;
  }
  if (error.code === 'RATE_LIMITED') return `wait ${error.retry_after satisfies number} s`;
  if (error.code === 'LOCKED') return `wait ${error.unlock_in satisfies number} s`;
  return error.detail;
}

export async function sessionIds(access: string): Promise<string[]> {
  const { data } = await client.GET('/api/v1/auth/sessions', {
    headers: { authorization: `Bearer ${access}` },
  });
  return data?.map(({ id }) => id) ?? [];
}
