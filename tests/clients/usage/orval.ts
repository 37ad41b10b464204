import { login as post, sessions } from '../.generated/rest/orval/api.ts';

/** Narrows each refusal by its status and code to the members that it has. */
export async function login(email: string, password: string): Promise<string> {
  const answer = await post({ email, password });
  if (answer.status === 202) return answer.data.challenge_id;
  if (answer.status === 400 && answer.data.code === 'BAD_USER_INPUT') {
    const messages: string[] | undefined = answer.data.errors.email;
    return messages?.join() ?? answer.data.detail;
  }
  if (answer.status === 429) return `wait ${answer.data.retry_after satisfies number} s`;
  return answer.data.detail;
}

export async function sessionIds(access: string): Promise<string[]> {
  const answer = await sessions({ headers: { authorization: `Bearer ${access}` } });
  return answer.status === 200 ? answer.data.map(({ id }) => id) : [];
}
