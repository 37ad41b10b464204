'use client';
import { useAuthState, useGatehouse } from '@gatehouse/client/react';
import { useEffect, useState } from 'react';
import { SignIn } from './sign-in';

export function Account() {
  const { status, user } = useAuthState();
  const gatehouse = useGatehouse();
  if (status === 'loading') return null;
  if (status === 'signed-out') return <SignIn />;
  return (
    <>
      <p>Signed in as {user.email}</p>
      <Orders key={user.id} />
      <button type="button" onClick={() => gatehouse.logout()}>
        Log out
      </button>
    </>
  );
}

function Orders() {
  const gatehouse = useGatehouse();
  const [text, setText] = useState('');
  useEffect(() => {
    const load = async () => {
      const token = await gatehouse.getAccessToken();
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch('/api/orders', { headers });
      if (!response.ok) throw new Error(`Orders: status ${response.status}`);
      const { account, orders } = await response.json();
      return `Account ${account} has ${orders.length} orders.`;
    };
    load().then(setText, () => setText('The orders cannot be loaded.'));
  }, [gatehouse]);
  return <p>{text}</p>;
}
