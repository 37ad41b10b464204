import { cookies, headers } from 'next/headers';
import { createRequestClient } from '../session';
import { logOut } from './actions';
import { SignIn } from './sign-in';

export default async function Page() {
  const gatehouse = createRequestClient(await cookies(), await headers());
  const { data: user, error } = await gatehouse.me();
  if (error?.code === 'UNAUTHENTICATED') return <SignIn />;
  if (error) throw new Error(error.message);
  return (
    <main>
      <p>Signed in as {user.email}</p>
      <form action={logOut}>
        <button type="submit">Log out</button>
      </form>
    </main>
  );
}
