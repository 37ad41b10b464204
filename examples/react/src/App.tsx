import { GatehouseProvider, useAuthState } from '@gatehouse/client/react';
import { gatehouse } from './gatehouse';
import { SignIn } from './SignIn';

export default function App() {
  return (
    <GatehouseProvider client={gatehouse}>
      <Page />
    </GatehouseProvider>
  );
}

function Page() {
  const { status, user } = useAuthState();
  if (status === 'loading') return null;
  if (status === 'signed-out') return <SignIn />;
  return (
    <main>
      <p>Signed in as {user.email}</p>
      <button type="button" onClick={() => gatehouse.logout()}>
        Log out
      </button>
    </main>
  );
}
